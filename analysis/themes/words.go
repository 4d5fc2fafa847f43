package themes

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// token is the smallest thing that is counted or looked for: a word of a script
// that writes spaces, a single character of one that does not, or an emoji.
// Characters need no dictionary that knows where words end, and with pairs of
// them nothing is lost by it (see the package's quality tests).
type token struct {
	text   string // lower case, narrow, composed, simplified
	char   bool   // one character of a script without spaces
	opens  bool   // first of a clause: a phrase does not reach across
	number bool   // digits only
}

// maxWordRunes bounds a word: what is longer is a key, a hash, or a cat on the
// keyboard.
const maxWordRunes = 40

// scan cuts a text into tokens. Addresses of pages and people are left out: they
// say nothing about a theme, and a model must not keep them. Bytes that are not
// UTF-8 separate words like spaces do.
func scan(text string) []token {
	if !norm.NFC.IsNormalString(text) {
		text = norm.NFC.String(text)
	}
	s := scanner{opens: true}
	s.folded.Grow(len(text))
	for i := 0; i < len(text); {
		if s.length == 0 {
			if skip := addressLength(text[i:]); skip > 0 {
				i += skip
				continue
			}
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		i += s.take(r, text[i:])
	}
	s.end()
	return s.tokens()
}

// scanner gathers tokens as ranges of one folded copy of the text, which costs
// one allocation instead of one a word.
type scanner struct {
	folded strings.Builder
	cuts   []cut
	start  int // of the word that is being read
	length int // its runes
	digits int // of them digits
	opens  bool
}

type cut struct {
	from, to            int
	char, opens, number bool
}

// take reads one rune, and says how many bytes of the rest to pass over.
func (s *scanner) take(r rune, rest string) int {
	r = fold(r)
	switch {
	case r == utf8.RuneError || r == ' ':
		s.end()
	case 'a' <= r && r <= 'z':
		s.letter(r)
	case '0' <= r && r <= '9':
		s.digits++
		s.letter(r)
	case r == '\'':
		if s.length > 0 {
			return s.apostrophe(rest)
		}
	case isChar(r):
		s.end()
		s.alone(r, cut{char: true})
	case unicode.IsLetter(r) || unicode.IsMark(r) && s.length > 0 && !joiner(r):
		s.letter(r)
	case unicode.IsDigit(r):
		s.digits++
		s.letter(r)
	case isEmoji(r):
		s.end()
		s.alone(r, cut{})
	default:
		s.end()
		s.opens = s.opens || endsClause(r)
	}
	return 0
}

// apostrophe stands within or after a word: don't is one word (dont), company's
// is company, and l'attente is two.
func (s *scanner) apostrophe(rest string) int {
	n := 0
	for n < len(rest) && (rest[n]|0x20 >= 'a' && rest[n]|0x20 <= 'z' || rest[n] >= 0x80) {
		n++
	}
	switch strings.ToLower(rest[:min(n, 3)]) {
	case "t", "d", "m", "re", "ll", "ve":
		return 0
	case "s":
		s.end()
		return 1
	}
	s.end()
	return 0
}

func (s *scanner) letter(r rune) {
	s.folded.WriteRune(r)
	s.length++
}

// alone is a token of one rune, of the kind of the cut.
func (s *scanner) alone(r rune, c cut) {
	s.folded.WriteRune(r)
	c.from, c.to, c.opens = s.start, s.folded.Len(), s.opens
	s.cuts = append(s.cuts, c)
	s.start, s.opens = s.folded.Len(), false
}

// end closes the word that is being read, if any.
func (s *scanner) end() {
	if s.length == 0 {
		return
	}
	if s.length <= maxWordRunes {
		s.cuts = append(s.cuts, cut{from: s.start, to: s.folded.Len(), opens: s.opens, number: s.digits == s.length})
		s.opens = false
	}
	s.start, s.length, s.digits = s.folded.Len(), 0, 0
}

func (s *scanner) tokens() []token {
	folded := s.folded.String()
	tokens := make([]token, len(s.cuts))
	for i, c := range s.cuts {
		tokens[i] = token{text: folded[c.from:c.to], char: c.char, opens: c.opens, number: c.number}
	}
	return tokens
}

// fold makes equal what people take for equal: case, full-width forms, the kinds
// of apostrophe, and traditional characters.
func fold(r rune) rune {
	switch {
	case 'a' <= r && r <= 'z':
		return r
	case 'A' <= r && r <= 'Z':
		return r + 'a' - 'A'
	case r < 0x80:
		if r == '\t' {
			return ' '
		}
		return r
	case r >= 0xFF01 && r <= 0xFF5E:
		return fold(r - 0xFEE0)
	case r == 0x3000 || r == 0xA0:
		return ' '
	case r == '’' || r == '‘' || r == 'ʼ' || r == '´':
		return '\''
	case r >= 0x4E00 && r <= 0x9FFF:
		return simplified(r)
	}
	return unicode.ToLower(r)
}

// isChar reports whether a script is written without spaces between words, or,
// as Korean, with endings that stick to them: such characters are tokens.
func isChar(r rune) bool {
	switch {
	case r < 0x0E00:
		return false
	case r >= 0x4E00 && r <= 0x9FFF, r >= 0x3400 && r <= 0x4DBF, r >= 0x20000 && r <= 0x3FFFF: // Han
		return true
	case r >= 0x3040 && r <= 0x30FF && r != '・', r >= 0x31F0 && r <= 0x31FF, r >= 0xFF66 && r <= 0xFF9F: // Kana
		return true
	case r == 0x3005 || r == 0x3007, r >= 0xF900 && r <= 0xFAFF: // 々, 〇, compatibility forms
		return true
	case r >= 0xAC00 && r <= 0xD7A3, r >= 0x1100 && r <= 0x11FF, r >= 0x3130 && r <= 0x318F: // Hangul
		return true
	case r >= 0x0E01 && r <= 0x0E4E, r >= 0x0E81 && r <= 0x0ECD: // Thai, Lao
		return true
	case r >= 0x1000 && r <= 0x103F, r >= 0x1780 && r <= 0x17D3: // Burmese, Khmer
		return true
	}
	return false
}

// isEmoji reports whether a rune is a picture that may carry a feeling.
func isEmoji(r rune) bool {
	return r >= 0x1F300 && r <= 0x1FAFF && !(r >= 0x1F3FB && r <= 0x1F3FF) || // without skin tones
		r >= 0x2600 && r <= 0x27BF
}

// joiner reports whether a mark only glues emoji together.
func joiner(r rune) bool { return r >= 0xFE00 && r <= 0xFE0F || r == 0x20E3 }

// endsClause reports whether a phrase ends here.
func endsClause(r rune) bool {
	return r == '\n' || strings.ContainsRune(".,;:!?…()[]\"。，、；：！？（）【】“”「」«»¿¡؟،۔", r)
}

// addressLength is the length of a web or mail address that begins here, or 0.
// It is asked only where a word may begin.
func addressLength(text string) int {
	if c := text[0] | 0x20; (c < 'a' || c > 'z') && (text[0] < '0' || text[0] > '9') {
		return 0
	}
	end := 0
	at := false
	for end < len(text) && addressByte(text[end]) {
		at = at || text[end] == '@' && end > 0
		end++
	}
	head := strings.ToLower(text[:min(end, 8)])
	if at || strings.HasPrefix(head, "http://") || strings.HasPrefix(head, "https://") || strings.HasPrefix(head, "www.") {
		return end
	}
	return 0
}

// addressByte reports whether addresses are made of such bytes. Chinese may
// follow an address without a space, so that everything else ends it.
func addressByte(c byte) bool {
	return c > ' ' && c < 0x7F && !strings.ContainsRune("\"'<>(),;!", rune(c))
}
