package words

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Part is a piece of a sentence, with how it is set.
type Part struct {
	Text    string
	Address string // a link; empty: none
	Strong  bool
	Code    bool
}

// Sentence is one whole sentence, cut where its setting changes. See [Set].
type Sentence []Part

// String is the sentence without its setting, for plain text.
func (s Sentence) String() string {
	var b strings.Builder
	for _, part := range s {
		b.WriteString(part.Text)
	}
	return b.String()
}

// Set cuts a text of the catalogue into the parts of a sentence: what stands
// between two asterisks is strong, {name} is replaced by the part of that name,
// and [words](name) are these words with the link of that part. So each language
// keeps its own order, its own emphasis, and chooses what of it leads on. Texts
// that people wrote come in as parts only, never within the text, so that nothing
// in them is taken for a sign.
func Set(text string, parts map[string]Part) Sentence {
	var s Sentence
	for i, run := range strings.Split(text, "*") {
		cut := fill(run, parts)
		if i%2 == 1 {
			cut = strengthen(cut)
		}
		s = append(s, cut...)
	}
	return tighten(s)
}

// tighten does where two parts meet what [Tighten] does within a text.
func tighten(s Sentence) Sentence {
	for i := 1; i < len(s); i++ {
		before, after := s[i-1].Text, s[i].Text
		end, _ := utf8.DecodeLastRuneInString(strings.TrimSuffix(before, " "))
		begin, _ := utf8.DecodeRuneInString(strings.TrimPrefix(after, " "))
		if unicode.Is(unicode.Han, end) && unicode.Is(unicode.Han, begin) {
			s[i-1].Text, s[i].Text = strings.TrimSuffix(before, " "), strings.TrimPrefix(after, " ")
		}
	}
	return s
}

// fill sets the links of a run, and what stands around them.
func fill(run string, parts map[string]Part) Sentence {
	var s Sentence
	for run != "" {
		before, rest, found := strings.Cut(run, "[")
		text, rest, closed := strings.Cut(rest, "](")
		name, rest, ended := strings.Cut(rest, ")")
		if !found || !closed || !ended {
			return append(s, replace(run, parts)...)
		}
		s = append(s, replace(before, parts)...)
		for _, part := range replace(text, parts) {
			if part.Address == "" {
				part.Address = parts[name].Address
			}
			s = append(s, part)
		}
		run = rest
	}
	return s
}

// replace puts parts in the place of the {names} of a run that are known.
func replace(run string, parts map[string]Part) Sentence {
	var s Sentence
	for run != "" {
		open := strings.IndexByte(run, '{')
		width := -1
		if open >= 0 {
			width = strings.IndexByte(run[open:], '}')
		}
		if width < 0 {
			return append(s, Part{Text: run})
		}
		part, known := parts[run[open+1:open+width]]
		if !known {
			part = Part{Text: run[open : open+width+1]}
		}
		if open > 0 {
			s = append(s, Part{Text: run[:open]})
		}
		s = append(s, part)
		run = run[open+width+1:]
	}
	return s
}

// strengthen makes every part strong.
func strengthen(s Sentence) Sentence {
	for i := range s {
		s[i].Strong = true
	}
	return s
}

// Join puts sentences of a language one after the other, with the space that
// the language leaves between them: none after a full-width stop.
func Join(lang string, sentences []Sentence) Sentence {
	gap := " "
	if strings.HasPrefix(lang, "zh") || strings.HasPrefix(lang, "ja") {
		gap = ""
	}
	var joined Sentence
	for i, sentence := range sentences {
		if i > 0 && gap != "" {
			joined = append(joined, Part{Text: gap})
		}
		joined = append(joined, sentence...)
	}
	return joined
}
