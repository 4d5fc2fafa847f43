package themes

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/harkhq/hark/surveys"
)

// Theme is something that people write about, known by its keywords. One list
// holds the keywords of all languages: the script of a keyword says how it is
// looked for, so that whoever edits it need not.
//
//	delivery        a word; its inflected forms count too (deliveries)
//	arrived late    a phrase: these words in a row, inflected or not
//	"package"       in this form only: not packaging, not packages
//	refund*         any word that begins so
//	-delivery note  not this: what it covers is not counted, though "delivery" is there
//	物流            Chinese, Japanese, Korean, Thai: wherever it stands
//
// Case, width (ＡＢＣ), the encoding of accents, and simplified or traditional
// characters make no difference. Inflected forms are known for English, French,
// Spanish, Russian, Swedish, Norwegian and Hungarian comments; in other languages
// a word stands for itself and refund* for the rest.
type Theme struct {
	ID       string   // stable: the name may change, what was counted stays
	Name     string   // as the team calls it
	Keywords []string // in the order that the team gave them
}

// The limits of [Theme.Check] and [CheckSet].
const (
	MaxThemes       = 100 // of one workspace
	MaxKeywords     = 100 // of one theme
	MaxNameRunes    = 60
	MaxKeywordRunes = 60
	MaxKeywordWords = 12 // a character of Chinese counts as a word
	LeastPrefix     = 3  // letters before the * of refund*
)

var themeID = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,39}$`)

// Check returns the theme with its texts trimmed and empty keywords left out, or
// what is wrong with it. The codes of the fields, beside those that every form
// has (required, too_long, utf8):
//
//	id          theme_id
//	keywords    theme_keywords_none, theme_keywords_many {max}, theme_keywords_only_not
//	keywords.3  theme_keyword_empty, theme_keyword_twice {keyword}, theme_keyword_words {max},
//	            theme_keyword_prefix {min}
//
// The number after "keywords" is the place in Keywords as given, from 0.
func (t Theme) Check() (Theme, []surveys.FieldError) {
	var wrong []surveys.FieldError
	fail := func(path, code string, args map[string]any) {
		wrong = append(wrong, surveys.FieldError{Path: path, Code: code, Args: args})
	}
	if !themeID.MatchString(t.ID) {
		fail("id", "theme_id", nil)
	}
	t.Name = strings.TrimSpace(t.Name)
	switch n := utf8.RuneCountInString(t.Name); {
	case !utf8.ValidString(t.Name) || strings.ContainsRune(t.Name, 0):
		fail("name", "utf8", nil)
	case n == 0:
		fail("name", "required", nil)
	case n > MaxNameRunes:
		fail("name", "too_long", map[string]any{"max": MaxNameRunes})
	}
	keywords, fields := checkKeywords(t.Keywords)
	t.Keywords = keywords
	return t, append(wrong, fields...)
}

func checkKeywords(given []string) (keywords []string, wrong []surveys.FieldError) {
	seen := map[string]bool{}
	positive := false
	for i, text := range given {
		text = strings.Join(strings.Fields(text), " ")
		if text == "" {
			continue
		}
		keywords = append(keywords, text)
		k, code, args := parseKeyword(text)
		key := k.key()
		if code == "" && seen[key] {
			code, args = "theme_keyword_twice", map[string]any{"keyword": text}
		}
		if code != "" {
			wrong = append(wrong, surveys.FieldError{Path: "keywords." + strconv.Itoa(i), Code: code, Args: args})
		}
		seen[key] = true
		positive = positive || !k.not
	}
	switch {
	case len(keywords) == 0:
		wrong = append(wrong, surveys.FieldError{Path: "keywords", Code: "theme_keywords_none"})
	case !positive:
		wrong = append(wrong, surveys.FieldError{Path: "keywords", Code: "theme_keywords_only_not"})
	case len(keywords) > MaxKeywords:
		wrong = append(wrong, surveys.FieldError{Path: "keywords", Code: "theme_keywords_many", Args: map[string]any{"max": MaxKeywords}})
	}
	return keywords, wrong
}

// CheckSet checks themes that stand side by side: each by itself, their number
// (themes_many {max}), and that no id or name is there twice (exists). Paths
// begin with the place of the theme: "2.name".
func CheckSet(themes []Theme) ([]Theme, []surveys.FieldError) {
	var wrong []surveys.FieldError
	if len(themes) > MaxThemes {
		return themes, []surveys.FieldError{{Code: "themes_many", Args: map[string]any{"max": MaxThemes}}}
	}
	checked := make([]Theme, len(themes))
	seen := map[string]bool{}
	for i, t := range themes {
		place := strconv.Itoa(i) + "."
		t, fields := t.Check()
		for _, f := range fields {
			f.Path = place + f.Path
			wrong = append(wrong, f)
		}
		for field, value := range map[string]string{"id": t.ID, "name": strings.ToLower(t.Name)} {
			if key := field + " " + value; seen[key] {
				wrong = append(wrong, surveys.FieldError{Path: place + field, Code: "exists"})
			} else {
				seen[key] = true
			}
		}
		checked[i] = t
	}
	return checked, wrong
}

// keyword is a parsed keyword.
type keyword struct {
	words []pattern
	not   bool // -keyword: what it covers does not count
}

// pattern is one word of a keyword.
type pattern struct {
	text   string
	char   bool
	prefix bool // text* : any word that begins so
	exact  bool // "text" : not in other forms
}

// key is the same for keywords that find the same.
func (k keyword) key() string {
	var b strings.Builder
	if k.not {
		b.WriteByte('-')
	}
	for _, p := range k.words {
		if p.exact {
			b.WriteByte('"')
		}
		b.WriteString(p.text)
		if p.prefix {
			b.WriteByte('*')
		}
		b.WriteByte(' ')
	}
	return b.String()
}

// parseKeyword reads a keyword as it was typed. A code other than "" says what is
// wrong, with the numbers that its message needs.
func parseKeyword(text string) (keyword, string, map[string]any) {
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return keyword{}, "utf8", nil
	}
	if utf8.RuneCountInString(text) > MaxKeywordRunes {
		return keyword{}, "too_long", map[string]any{"max": MaxKeywordRunes}
	}
	var k keyword
	text = strings.TrimSpace(text)
	text, k.not = strings.CutPrefix(text, "-")
	exact := strings.ContainsAny(text, `"“”`)
	for field := range strings.FieldsSeq(text) {
		stem, prefix := strings.CutSuffix(strings.TrimSuffix(field, "＊"), "*")
		prefix = prefix || strings.HasSuffix(field, "＊")
		tokens := scan(stem)
		for i, t := range tokens {
			ends := prefix && i == len(tokens)-1
			k.words = append(k.words, pattern{text: t.text, char: t.char, prefix: ends && !t.char, exact: exact && !ends && !t.char})
		}
	}
	if len(k.words) == 0 {
		return k, "theme_keyword_empty", nil
	}
	if len(k.words) > MaxKeywordWords {
		return k, "theme_keyword_words", map[string]any{"max": MaxKeywordWords}
	}
	for _, p := range k.words {
		if p.prefix && utf8.RuneCountInString(p.text) < LeastPrefix {
			return k, "theme_keyword_prefix", map[string]any{"min": LeastPrefix}
		}
	}
	return k, "", nil
}
