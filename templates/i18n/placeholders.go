package i18n

import "github.com/nicksnyder/go-i18n/v2/i18n/template"

// placeholders lets go-i18n fill {name} instead of the {{.Name}} of Go's
// templates: translators need no programming, a text can do nothing but be
// filled, and it is the same notation that survey authors use.
type placeholders struct{}

// Parse keeps the text; it is cut when it is filled.
func (placeholders) Parse(text, _, _ string) (template.ParsedTemplate, error) {
	return message(text), nil
}

// Cacheable is true because a message never changes.
func (placeholders) Cacheable() bool { return true }

type message string

// Execute fills the message with a map[string]string.
func (m message) Execute(data any) (string, error) {
	values, _ := data.(map[string]string)
	return fill(string(m), values), nil
}
