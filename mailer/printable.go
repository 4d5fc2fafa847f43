package mailer

// printable writes text as quoted-printable (RFC 2045, 6.7) while it knows
// which stretches will be filled in later.
type printable struct {
	out    []byte
	column int
}

// maxColumn is how far a line may be filled, so that a soft break fits behind.
const maxColumn = 75

// text writes a text whose lines end in "\n".
func (p *printable) text(text string) {
	for n := 0; n < len(text); n++ {
		switch c := text[n]; {
		case c == '\n':
			p.out = append(p.out, '\r', '\n')
			p.column = 0
		case c >= '!' && c <= '~' && c != '=', (c == ' ' || c == '\t') && n+1 < len(text) && text[n+1] != '\n':
			p.room(1)
			p.out = append(p.out, c)
		default:
			const digits = "0123456789ABCDEF"
			p.room(3)
			p.out = append(p.out, '=', digits[c>>4], digits[c&15])
		}
	}
}

// room begins a new line where the next characters do not fit, and counts them.
func (p *printable) room(width int) {
	if p.column+width > maxColumn {
		p.softBreak()
	}
	p.column += width
}

// softBreak begins a line that is none in the text.
func (p *printable) softBreak() {
	p.out = append(p.out, "=\r\n"...)
	p.column = 0
}

// encodedLine is a text for a line of its own, from where a soft break ended the
// one before to the soft break behind it.
func encodedLine(text string) []byte {
	var p printable
	if text != "" {
		p.text(text)
		p.softBreak()
	}
	return p.out
}
