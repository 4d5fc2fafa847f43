package surveys

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// LetterKey names a letter of a rule: its invitation, one of its reminders or
// its thank-you.
type LetterKey struct {
	RuleID string
	Letter LetterKind
	Number int // the key of a reminder; else 0
}

// LetterOf is the letter that an invitation is sent as.
func LetterOf(i Invitation) LetterKey {
	return LetterKey{RuleID: i.RuleID, Letter: cmp.Or(i.Letter, LetterInvitation), Number: i.Number}
}

// Letters lists the letters that the rule sends, in the order of sending.
func (r Rule) Letters() []LetterKey {
	list := []LetterKey{{RuleID: r.ID, Letter: LetterInvitation}}
	for _, reminder := range r.Filled().Reminders {
		list = append(list, LetterKey{RuleID: r.ID, Letter: LetterReminder, Number: reminder.Key})
	}
	if r.Thanks.On {
		list = append(list, LetterKey{RuleID: r.ID, Letter: LetterThanks})
	}
	return list
}

// LetterTexts are a team's own words in one language of one letter. An empty
// one stands for the usual words. In each {{name|there}} may stand for what is
// known of the person, see [LetterText].
type LetterTexts struct {
	Subject   string `json:"subject,omitempty"`
	Preheader string `json:"preheader,omitempty"` // what a list of mails shows beside the subject
	Greeting  string `json:"greeting,omitempty"`
	Intro     string `json:"intro,omitempty"`   // above what is asked; of several lines
	Closing   string `json:"closing,omitempty"` // below it; of several lines
}

// Limits of a letter's texts, in characters.
const (
	MaxSubject   = 150
	MaxPreheader = 150
	MaxGreeting  = 200
	MaxParagraph = 1500
)

// letterField is a text of a letter with its rules.
type letterField struct {
	name  string
	text  *string
	limit int
	tidy  func(string) string
}

func (t *LetterTexts) fields() []letterField {
	return []letterField{
		{"subject", &t.Subject, MaxSubject, headline}, {"preheader", &t.Preheader, MaxPreheader, headline}, {"greeting", &t.Greeting, MaxGreeting, headline},
		{"intro", &t.Intro, MaxParagraph, lines}, {"closing", &t.Closing, MaxParagraph, lines},
	}
}

// Check returns the texts tidied, or what is wrong with them.
func (t LetterTexts) Check() (LetterTexts, error) {
	var wrong []FieldError
	for _, field := range t.fields() {
		if utf8Wrong := checkLength(field.name, *field.text, 0, field.limit); utf8Wrong != nil {
			wrong = append(wrong, utf8Wrong...)
			continue
		}
		*field.text = field.tidy(*field.text)
		if _, problem := ParseLetterText(*field.text); problem != nil {
			problem.Path = field.name
			wrong = append(wrong, *problem)
		}
	}
	return t, Wrong(wrong...)
}

// Fill puts what is known of a person into the texts. One that is not well
// formed, or of which nothing is left, is empty: the usual words stand there.
func (t LetterTexts) Fill(v LetterValues) LetterTexts {
	for _, field := range t.fields() {
		parsed, problem := ParseLetterText(*field.text)
		if problem != nil {
			*field.text = ""
			continue
		}
		*field.text = field.tidy(parsed.Fill(v))
	}
	return t
}

// headline writes a text in one line, without control characters.
func headline(text string) string {
	return strings.Join(strings.FieldsFunc(printable(text), unicode.IsSpace), " ")
}

// lines writes each line without control characters, and at most one empty line
// between two.
func lines(text string) string {
	var out []string
	for line := range strings.SplitSeq(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n") {
		line = headline(line)
		if line != "" || len(out) > 0 && out[len(out)-1] != "" {
			out = append(out, line)
		}
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// printable makes every control character and each separator of lines a space,
// and takes out the marks that turn the direction of a text around.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\ufeff':
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
}

// LetterValues are what the placeholders of a letter stand for.
type LetterValues struct {
	Name       string // what to call the person by; "" when it is not known
	FullName   string
	Company    string
	Subject    string // what the survey asks about
	Traits     map[string]any
	Properties map[string]any // of the event
}

// of is the value of a placeholder, safe to stand in a letter: in one line, and
// without anything of which a mail program would make a link.
func (v LetterValues) of(name string) string {
	switch name {
	case "name":
		return defused(v.Name)
	case "full_name":
		return defused(v.FullName)
	case "company":
		return PlainName(v.Company)
	case "subject":
		return PlainName(v.Subject)
	}
	if key, is := strings.CutPrefix(name, "person."); is {
		return defused(TraitText(v.Traits[key]))
	}
	return defused(TraitText(v.Properties[strings.TrimPrefix(name, "event.")]))
}

// What mail programs make links of besides addresses: names of hosts, also with
// the other characters that stand for a dot there (RFC 3490, 3.1) before Latin
// letters, numbers of hosts, and shares of Windows.
var (
	hostPattern      = regexp.MustCompile(`([\p{L}\p{N}-]\.)(\p{L}{2})`)
	wideHostPattern  = regexp.MustCompile(`([\p{L}\p{N}-][．。｡․])([\p{Latin}\p{N}])`)
	hostNumbers      = regexp.MustCompile(`(\d{1,3}[.．。｡․])(\d{1,3}[.．。｡․]\d{1,3}[.．。｡․]\d{1,3})`)
	severalBackslash = regexp.MustCompile(`\\{2,}`)
)

// defused is a value that a stranger may have chosen: [PlainName] leaves nothing
// of addresses, and a space parts what could be the name of a host.
func defused(value string) string {
	value = hostPattern.ReplaceAllString(PlainName(value), "$1 $2")
	value = hostNumbers.ReplaceAllString(wideHostPattern.ReplaceAllString(value, "$1 $2"), "$1 $2")
	return severalBackslash.ReplaceAllString(value, "\\")
}

// LetterText is a text in which {{name|there}} stands for a name, or for
// "there" where none is known. It knows names only: nothing can be called,
// computed or included, whoever writes it.
type LetterText struct{ pieces []letterPiece }

// letterPiece is a stretch of words, or a placeholder with what stands for it
// when nothing is known.
type letterPiece struct{ words, name, fallback string }

// LetterNames lists the placeholders with a name of their own. Besides, person.
// and event. with a trait or a property behind are known.
func LetterNames() []string { return []string{"name", "full_name", "company", "subject"} }

// ParseLetterText reads a text, or says what is wrong with it; the path is the
// caller's to fill in.
func ParseLetterText(text string) (LetterText, *FieldError) {
	var parsed LetterText
	for rest := text; rest != ""; {
		words, after, found := strings.Cut(rest, "{{")
		if brace := strings.IndexAny(words, "{}"); brace >= 0 {
			return LetterText{}, &FieldError{Code: "letter_brace"}
		}
		if words != "" {
			parsed.pieces = append(parsed.pieces, letterPiece{words: words})
		}
		if !found {
			break
		}
		inside, behind, closed := strings.Cut(after, "}}")
		if !closed {
			return LetterText{}, &FieldError{Code: "letter_open", Args: map[string]any{"text": shortened("{{" + after)}}
		}
		piece, problem := parsePlaceholder(inside)
		if problem != nil {
			return LetterText{}, problem
		}
		parsed.pieces = append(parsed.pieces, piece)
		rest = behind
	}
	return parsed, nil
}

// parsePlaceholder reads what stands between {{ and }}.
func parsePlaceholder(inside string) (letterPiece, *FieldError) {
	said := map[string]any{"text": shortened("{{" + inside + "}}")}
	if strings.ContainsAny(inside, "{}") {
		return letterPiece{}, &FieldError{Code: "letter_nested", Args: said}
	}
	name, fallback, given := strings.Cut(inside, "|")
	piece := letterPiece{name: strings.TrimSpace(name), fallback: strings.TrimSpace(fallback)}
	switch {
	case !letterName(piece.name):
		return letterPiece{}, &FieldError{Code: "letter_unknown", Args: said}
	case strings.Contains(fallback, "|"):
		return letterPiece{}, &FieldError{Code: "letter_bars", Args: said}
	case !given && piece.name != "company" && piece.name != "subject": // those two are always known
		return letterPiece{}, &FieldError{Code: "letter_fallback", Args: map[string]any{"text": said["text"], "name": piece.name}}
	}
	return piece, nil
}

// letterName reports whether a placeholder is known.
func letterName(name string) bool {
	if slices.Contains(LetterNames(), name) {
		return true
	}
	for _, of := range []string{"person.", "event."} {
		if key, is := strings.CutPrefix(name, of); is {
			return key != "" && len(key) <= 64 && strings.IndexFunc(key, func(r rune) bool {
				return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '-'
			}) < 0
		}
	}
	return false
}

// shortened is a piece of a text as a message shows it.
func shortened(text string) string {
	const most = 40
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// Fill writes the text for a person.
func (t LetterText) Fill(v LetterValues) string {
	var out strings.Builder
	for _, piece := range t.pieces {
		if piece.name == "" {
			out.WriteString(piece.words)
			continue
		}
		out.WriteString(cmp.Or(v.of(piece.name), piece.fallback))
	}
	return out.String()
}
