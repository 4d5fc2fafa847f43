package letters

import "strings"

// plain is the plain-text part of a letter while it is written. Lines end in "\n".
type plain struct{ strings.Builder }

// paragraph writes the lines that are not empty, and an empty one after them.
func (p *plain) paragraph(lines ...string) {
	wrote := false
	for _, line := range lines {
		if line != "" {
			p.WriteString(line + "\n")
			wrote = true
		}
	}
	if wrote {
		p.WriteString("\n")
	}
}

// paragraphs writes each line of a text as a paragraph of its own.
func (p *plain) paragraphs(text string) {
	for _, line := range paragraphs(text) {
		p.paragraph(line)
	}
}

// text is all that was written, without empty lines at its end.
func (p *plain) text() string { return strings.TrimRight(p.String(), "\n") + "\n" }
