package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/harkhq/hark/analysis/themes"
)

// longestWord bounds a word, in runes: of what is longer, the beginning counts,
// in comments and in queries alike.
const longestWord = 40

// token is a word, one character of a script without spaces, or an emoji: as it
// is looked for, and where it stands in the text.
type token struct {
	text     string
	from, to int  // bytes of the text
	char     bool // of a script without spaces
	glued    bool // nothing stands between it and the character before
}

// scan cuts a text into tokens. What is neither letter, digit nor emoji parts
// them, and so does what is not UTF-8.
func scan(text string) []token {
	var s scanner
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf && (i+1 == len(text) || text[i+1] < utf8.RuneSelf) { // no accent can follow
			s.take(unicode.ToLower(rune(text[i])), i, i+1)
			i++
			continue
		}
		size := max(1, norm.NFKC.NextBoundaryInString(text[i:], true))
		part := text[i : i+size]
		if utf8.ValidString(part) {
			for _, r := range fold(part) {
				s.take(r, i, i+size)
			}
		} else {
			s.part()
		}
		i += size
	}
	s.end()
	return s.tokens
}

// scanner gathers tokens.
type scanner struct {
	tokens   []token
	word     strings.Builder
	length   int // of the word, in runes
	from, to int
	chars    bool // the last thing that was read is a character
}

// take reads one folded rune that stands in a part of the text.
func (s *scanner) take(r rune, from, to int) {
	switch {
	case themes.Unspaced(r):
		glued := s.chars
		s.part()
		s.tokens = append(s.tokens, token{text: string(r), from: from, to: to, char: true, glued: glued})
		s.chars = true
	case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r) && s.length > 0 && !shapes(r):
		if s.length == 0 {
			s.from, s.chars = from, false
		}
		if s.length < longestWord {
			s.word.WriteRune(r)
		}
		s.length, s.to = s.length+1, to
	case pictures(r):
		s.part()
		s.tokens = append(s.tokens, token{text: string(r), from: from, to: to})
	case shapes(r):
	default:
		s.part()
	}
}

// part ends what is being read.
func (s *scanner) part() {
	s.end()
	s.chars = false
}

// end closes the word that is being read, if any.
func (s *scanner) end() {
	if s.length == 0 {
		return
	}
	s.tokens = append(s.tokens, token{text: s.word.String(), from: s.from, to: s.to})
	s.word.Reset()
	s.length = 0
}

// fold makes equal what people take for equal: case, width, accents, and
// traditional characters.
func fold(part string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(part) {
		switch {
		case accent(r):
		default:
			b.WriteString(alike(themes.Simplified(unicode.ToLower(r))))
		}
	}
	return norm.NFC.String(b.String())
}

// accent reports marks that change no letter into another one: accents, and the
// vowel points of Hebrew and Arabic. The marks of Kana and of Indian scripts do.
func accent(r rune) bool {
	return r >= 0x300 && r <= 0x36F || r >= 0x591 && r <= 0x5C7 || r >= 0x64B && r <= 0x65F || r == 0x670
}

// alike is how a letter is written that Unicode does not take apart.
func alike(r rune) string {
	switch r {
	case 'ß':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'ø':
		return "o"
	case 'đ', 'ð':
		return "d"
	case 'ł':
		return "l"
	case 'þ':
		return "th"
	case 'ı':
		return "i"
	case 'ς':
		return "σ"
	}
	return string(r)
}

// pictures reports emoji.
func pictures(r rune) bool {
	return r >= 0x1F000 && r <= 0x1FAFF && !tone(r) || r >= 0x2600 && r <= 0x27BF || r >= 0x2B00 && r <= 0x2BFF || r >= 0x2300 && r <= 0x23FF
}

func tone(r rune) bool { return r >= 0x1F3FB && r <= 0x1F3FF }

// shapes reports what only changes the look of what stands before it, or cannot
// be seen.
func shapes(r rune) bool {
	return r >= 0xFE00 && r <= 0xFE0F || r == 0x20E3 || tone(r) || unicode.Is(unicode.Cf, r)
}
