package i18n

import (
	"fmt"
	"strings"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// Localizer speaks one language. It is safe for concurrent use.
type Localizer struct {
	tag     string
	words   *i18n.Localizer
	signs   signs
	months  [12]string // in full
	monthsS [12]string // short
}

func newLocalizer(bundle *i18n.Bundle, tag string) *Localizer {
	l := &Localizer{tag: tag, words: i18n.NewLocalizer(bundle, tag)}
	l.signs = newSigns(l)
	for i := range l.months {
		l.months[i] = l.T(fmt.Sprintf("format.month.%d", i+1))
		l.monthsS[i] = l.T(fmt.Sprintf("format.month_short.%d", i+1))
	}
	return l
}

// Lang is the language's tag, for lang attributes.
func (l *Localizer) Lang() string { return l.tag }

// Dir is the language's direction, for dir attributes: "ltr" or "rtl".
func (l *Localizer) Dir() string { return Direction(l.tag) }

// T is the text with the given key. The arguments are pairs of a placeholder's
// name and its value: T("people.found", "n", 12, "name", "Ana"). Whole numbers
// and times are written the language's way ([Localizer.Number],
// [Localizer.Date]); everything else as it is. A placeholder without a value
// stays as it is written, which is how survey texts keep their {product}. An
// unknown key gives the key itself; a test finds those.
func (l *Localizer) T(key string, args ...any) string {
	return l.say(&i18n.LocalizeConfig{MessageID: key}, args)
}

// N is the text with the given key in the plural form for n, which also fills
// the placeholder {n}. Further arguments are as for [Localizer.T].
func (l *Localizer) N(key string, n int64, args ...any) string {
	return l.say(&i18n.LocalizeConfig{MessageID: key, PluralCount: n}, append([]any{"n", n}, args...))
}

func (l *Localizer) say(config *i18n.LocalizeConfig, args []any) string {
	config.TemplateData = l.values(args)
	config.TemplateParser = placeholders{}
	text, err := l.words.Localize(config)
	if err != nil {
		return config.MessageID
	}
	return text
}

// values turns the arguments of T into what fills the placeholders.
func (l *Localizer) values(args []any) map[string]string {
	if len(args) == 0 {
		return nil
	}
	values := make(map[string]string, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		name, ok := args[i].(string)
		if !ok {
			continue
		}
		values[name] = l.write(args[i+1])
	}
	return values
}

func (l *Localizer) write(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case int:
		return l.Number(int64(v))
	case int64:
		return l.Number(v)
	case time.Time:
		return l.Date(v)
	default:
		return fmt.Sprint(v)
	}
}

// Part is a piece of a text: words, or the place of a placeholder.
type Part struct {
	Text string // the words; empty for a placeholder
	Name string // the placeholder's name; empty for words
}

// Parts is the text with the given key, cut at its placeholders, for pages
// that put markup where a value goes: the order of a sentence is the
// language's, the markup is the page's.
func (l *Localizer) Parts(key string) []Part {
	var parts []Part
	rest := l.T(key)
	for rest != "" {
		before, name, after, found := cutPlaceholder(rest)
		if before != "" {
			parts = append(parts, Part{Text: before})
		}
		if !found {
			break
		}
		parts = append(parts, Part{Name: name})
		rest = after
	}
	return parts
}

// Fill puts values into the {placeholders} of a text that is not in the
// catalogue, such as a survey's own question. The arguments are as for
// [Localizer.T].
func (l *Localizer) Fill(text string, args ...any) string {
	return fill(text, l.values(args))
}

func fill(text string, values map[string]string) string {
	if len(values) == 0 || !strings.Contains(text, "{") {
		return text
	}
	var out strings.Builder
	for rest := text; ; {
		before, name, after, found := cutPlaceholder(rest)
		out.WriteString(before)
		if !found {
			return out.String()
		}
		if value, ok := values[name]; ok {
			out.WriteString(spaced(before, value, after))
		} else {
			out.WriteString("{" + name + "}")
		}
		rest = after
	}
}

// cutPlaceholder cuts text around its first {name}; without one, before is the
// whole text.
func cutPlaceholder(text string) (before, name, after string, found bool) {
	for from := 0; ; {
		open := strings.IndexByte(text[from:], '{')
		if open < 0 {
			return text, "", "", false
		}
		open += from
		width := strings.IndexByte(text[open:], '}')
		if width < 0 {
			return text, "", "", false
		}
		name = text[open+1 : open+width]
		if isName(name) {
			return text[:open], name, text[open+width+1:], true
		}
		from = open + 1
	}
}

func isName(name string) bool {
	for _, r := range name {
		if (r < 'a' || r > 'z') && r != '_' {
			return false
		}
	}
	return name != ""
}
