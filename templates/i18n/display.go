package i18n

import (
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Country is the name of a country in the reader's language: "gb" → "United
// Kingdom" or "英国". It comes back as it is where it is no code of two letters
// (ISO 3166-1): a workspace may write its countries as it likes.
func (l *Localizer) Country(code string) string {
	if len(code) != 2 {
		return code
	}
	region, err := language.ParseRegion(code)
	if err != nil || !region.IsCountry() {
		return code
	}
	if name := display.Regions(language.Make(l.tag)).Name(region); name != "" {
		return name
	}
	return code
}

// Language is the name of a language in the reader's: "zh-Hans" → "Simplified
// Chinese" or "简体中文". It comes back as it is where it is no tag (BCP 47).
func (l *Localizer) Language(tag string) string {
	parsed, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	if name := display.Tags(language.Make(l.tag)).Name(parsed); name != "" {
		return name
	}
	return tag
}
