package words

import (
	"strings"
	"unicode"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/i18n"
)

// KeyName is how a page calls a segment key or a trait: the catalogue's word for
// the keys that Hark counts by itself and for those that most workspaces have,
// and otherwise the key as its workspace wrote it: "shoe_size" → "Shoe size".
func KeyName(l *i18n.Localizer, key string) string {
	if known := l.T("office.key." + key); known != "office.key."+key {
		return known
	}
	name := strings.ReplaceAll(key, "_", " ")
	return strings.ToUpper(name[:1]) + name[1:]
}

// countryKey is the trait by which nearly every shop splits its customers, most
// with codes of two letters.
const countryKey = "country"

// ValueName is how a page calls a value of a segment key or of a trait.
func ValueName(l *i18n.Localizer, key, value string) string {
	switch {
	case key == surveys.SegmentChannel:
		if known := l.T("office.channel." + value); known != "office.channel."+value {
			return known
		}
	case key == surveys.SegmentVersion:
		return l.T("office.version", "version", value)
	case value == surveys.OtherValue:
		return l.T("office.other")
	case key == countryKey:
		return l.Country(value)
	}
	return value
}

// KeyWord is a segment key within a sentence.
func KeyWord(l *i18n.Localizer, key string) string { return strings.ToLower(KeyName(l, key)) }

// Tighten takes out the spaces between two Chinese characters. The catalogue
// sets a word that people chose, such as a key, apart from the characters around
// it; if it is Chinese itself, it needs no space.
func Tighten(text string) string {
	var b strings.Builder
	runes := []rune(text)
	for i, r := range runes {
		if r == ' ' && i > 0 && i+1 < len(runes) && unicode.Is(unicode.Han, runes[i-1]) && unicode.Is(unicode.Han, runes[i+1]) {
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
