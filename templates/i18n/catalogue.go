// Package i18n holds every text that a person sees, in every language that
// Hark speaks, and writes numbers and dates the way each language does. In the
// data's way it stands between what was computed and the pages and letters
// that show it: those name a key, and the catalogue has the words.
//
// The catalogue is a folder per language and a file per area of the product,
// so that several people can add texts at once. Every key begins with the name
// of its file. Placeholders are written {name}.
package i18n

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed locales
var locales embed.FS

// Language is one that the catalogue is written in.
type Language struct {
	Tag  string // BCP 47, for example "zh-Hans"
	Name string // its own name for itself
}

// Languages lists what the catalogue is written in, the default first. The
// names are written in the languages themselves, because the people who look
// for them may read no other.
func Languages() []Language {
	return []Language{{"en", "English"}, {"zh-Hans", "简体中文"}}
}

// RespondentLanguages lists what Hark speaks to customers: [Languages], and those
// that the team need not speak. Of the latter the catalogue holds only what a
// customer reads: the public pages and the letters.
func RespondentLanguages() []Language {
	return append(Languages(),
		Language{"ar", "العربية"}, Language{"cs", "Čeština"}, Language{"da", "Dansk"}, Language{"de", "Deutsch"},
		Language{"el", "Ελληνικά"}, Language{"es", "Español"}, Language{"fa", "فارسی"}, Language{"fi", "Suomi"},
		Language{"fr", "Français"}, Language{"he", "עברית"}, Language{"hi", "हिन्दी"}, Language{"hu", "Magyar"},
		Language{"id", "Bahasa Indonesia"}, Language{"it", "Italiano"}, Language{"ja", "日本語"}, Language{"ko", "한국어"},
		Language{"nb", "Norsk bokmål"}, Language{"nl", "Nederlands"}, Language{"pl", "Polski"}, Language{"pt-BR", "Português (Brasil)"},
		Language{"pt-PT", "Português (Portugal)"}, Language{"ro", "Română"}, Language{"ru", "Русский"}, Language{"sv", "Svenska"},
		Language{"th", "ไทย"}, Language{"tr", "Türkçe"}, Language{"uk", "Українська"}, Language{"ur", "اردو"},
		Language{"vi", "Tiếng Việt"}, Language{"zh-Hant", "繁體中文"},
	)
}

// LanguageMenu is [RespondentLanguages] as people look for theirs: by its own name,
// accents aside, and what is written in Latin letters first.
func LanguageMenu() []Language {
	const order = "id cs da de en es fr it hu nl nb pl pt-BR pt-PT ro fi sv vi tr el ru uk he ur ar fa hi th ko ja zh-Hans zh-Hant"
	byTag := make(map[string]Language)
	for _, l := range RespondentLanguages() {
		byTag[l.Tag] = l
	}
	var list []Language
	for tag := range strings.SplitSeq(order, " ") {
		list = append(list, byTag[tag])
	}
	return list
}

// Catalogue holds the texts of all languages. Make one with [New]; it is safe
// for concurrent use.
type Catalogue struct {
	localizers  []*Localizer // in the order of RespondentLanguages
	offices     language.Matcher
	respondents language.Matcher
}

// New reads the embedded texts. It fails only when a file is malformed.
func New() (*Catalogue, error) {
	bundle := i18n.NewBundle(language.English)
	var tags []language.Tag
	for _, l := range RespondentLanguages() {
		if err := read(bundle, l.Tag); err != nil {
			return nil, fmt.Errorf("read the texts of %s: %w", l.Tag, err)
		}
		tags = append(tags, language.MustParse(l.Tag))
	}
	catalogue := &Catalogue{offices: language.NewMatcher(tags[:len(Languages())]), respondents: language.NewMatcher(tags)}
	for _, l := range RespondentLanguages() {
		catalogue.localizers = append(catalogue.localizers, newLocalizer(bundle, l.Tag))
	}
	return catalogue, nil
}

func read(bundle *i18n.Bundle, tag string) error {
	folder := path.Join("locales", tag)
	entries, err := fs.ReadDir(locales, folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		content, err := fs.ReadFile(locales, path.Join(folder, entry.Name()))
		if err != nil {
			return err
		}
		// The bundle takes the language from the last part of the name.
		area := entry.Name()[:len(entry.Name())-len(".json")]
		if _, err := bundle.ParseMessageFileBytes(content, area+"."+tag+".json"); err != nil {
			return fmt.Errorf("%s: %w", entry.Name(), err)
		}
	}
	return nil
}

// Match chooses the language of the back office for a reader. Preferred tags (a person's locale,
// a choice kept in a cookie, ?lang=) are asked in their order before the
// Accept-Language header; empty and malformed ones are passed over. English is
// chosen when nothing fits.
func (c *Catalogue) Match(acceptLanguage string, preferred ...string) *Localizer {
	return c.match(c.offices, acceptLanguage, "", preferred)
}

// Respondent chooses the language of a page for a customer among
// [RespondentLanguages], as [Catalogue.Match] does it for the back office. The
// fallback, the workspace's language, is taken when Hark speaks none of the others.
func (c *Catalogue) Respondent(acceptLanguage, fallback string, preferred ...string) *Localizer {
	return c.match(c.respondents, acceptLanguage, fallback, preferred)
}

// Letter is [Catalogue.Respondent] for a letter, of whose reader no browser tells
// anything: the person's locale, then the workspace's.
func (c *Catalogue) Letter(preferred ...string) *Localizer {
	return c.match(c.respondents, "", "", preferred)
}

func (c *Catalogue) match(matcher language.Matcher, acceptLanguage, fallback string, preferred []string) *Localizer {
	if l := c.first(matcher, preferred); l != nil {
		return l
	}
	for _, tag := range accepted(acceptLanguage) {
		if l := c.spoken(matcher, tag); l != nil {
			return l
		}
	}
	if l := c.first(matcher, []string{fallback}); l != nil {
		return l
	}
	return c.localizers[0]
}

// maxAccepted bounds how many parts of a header are looked at singly.
const maxAccepted = 50

// accepted are the tags of an Accept-Language header, the most wanted first. What is no
// tag is passed over, and takes nothing from the others.
func accepted(header string) []language.Tag {
	tags, _, err := language.ParseAcceptLanguage(header)
	if err == nil {
		return tags
	}
	var known []string
	for _, part := range strings.SplitN(header, ",", maxAccepted) {
		if _, _, err := language.ParseAcceptLanguage(part); err == nil {
			known = append(known, part)
		}
	}
	tags, _, _ = language.ParseAcceptLanguage(strings.Join(known, ",")) // each is a tag
	return tags
}

// Tags of languages that are read as another, by that one's.
func alsoRead(base string) []string {
	switch base {
	case "nb":
		return []string{"no", "nn"}
	case "zh":
		return []string{"yue", "cmn"}
	}
	return nil
}

// first is the language of the first tag that is spoken, in whatever script and
// region; nil when none is. A matcher alone would take English for a Greek, and
// Russian for an Azerbaijani.
func (c *Catalogue) first(matcher language.Matcher, preferred []string) *Localizer {
	for _, text := range preferred {
		tag, err := language.Parse(text)
		if text == "" || err != nil {
			continue
		}
		if l := c.spoken(matcher, tag); l != nil {
			return l
		}
	}
	return nil
}

// spoken is the language that a tag names; nil when Hark does not speak it.
func (c *Catalogue) spoken(matcher language.Matcher, tag language.Tag) *Localizer {
	wanted, _ := tag.Base()
	_, place, _ := matcher.Match(tag)
	got, _ := language.Make(c.localizers[place].tag).Base()
	if wanted == got || slices.Contains(alsoRead(got.String()), wanted.String()) {
		return c.localizers[place]
	}
	return nil
}

// Knows reports whether the pages are written in exactly this language.
func (c *Catalogue) Knows(tag string) bool {
	for _, l := range c.All() {
		if l.tag == tag {
			return true
		}
	}
	return false
}

// All gives a localizer for each of [Languages], for tests and previews.
func (c *Catalogue) All() []*Localizer { return slices.Clone(c.localizers[:len(Languages())]) }

// AllRespondents gives a localizer for each of [RespondentLanguages].
func (c *Catalogue) AllRespondents() []*Localizer { return slices.Clone(c.localizers) }

// Direction is the value of a dir attribute for text in the language: "rtl" for
// those written from right to left, "ltr" for all others and for what is not a
// language tag.
func Direction(tag string) string {
	parsed, err := language.Parse(tag)
	if err != nil {
		return "ltr"
	}
	script, _ := parsed.Script()
	switch script.String() {
	case "Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm", "Rohg":
		return "rtl"
	}
	return "ltr"
}
