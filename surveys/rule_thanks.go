package surveys

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// MaxLink bounds the address that a thank-you leads to.
const MaxLink = 500

// checkThanks wants links that are safe to put into a letter: whole addresses
// that are fetched over TLS.
func (r Rule) checkThanks() []FieldError {
	var wrong []FieldError
	for _, band := range slices.Sorted(maps.Keys(r.Thanks.Links)) {
		link, path := r.Thanks.Links[band], "thanks.links."+string(band)
		wrong = append(wrong, checkLink(path, link)...)
	}
	return wrong
}

// checkLink wants an address that is whole and fetched over TLS.
func checkLink(path, link string) []FieldError {
	at, err := url.Parse(link)
	if err != nil || at.Scheme != "https" || at.Hostname() == "" || at.User != nil {
		return []FieldError{{Path: path, Code: "thanks_link"}}
	}
	return checkLength(path, link, 0, MaxLink)
}

// checkThanks returns the survey's thank-yous with their words trimmed, or what
// is wrong with them.
func (s Survey) checkThanks() (map[Band]ThankYou, []FieldError) {
	var wrong []FieldError
	var checked map[Band]ThankYou
	for _, band := range slices.Sorted(maps.Keys(s.Thanks)) {
		path, thanks := "thanks."+string(band), s.Thanks[band]
		if s.Metric.Valid() && !slices.Contains(s.Metric.Scale().Bands(), band) {
			wrong = append(wrong, FieldError{Path: path, Code: "band"})
		}
		if thanks.Link = strings.TrimSpace(thanks.Link); thanks.Link != "" {
			wrong = append(wrong, checkLink(path+".link", thanks.Link)...)
		}
		texts, fields := thanks.checkTexts(path + ".texts")
		thanks.Texts, wrong = texts, append(wrong, fields...)
		if thanks.Link == "" && len(texts) == 0 {
			continue
		}
		if checked == nil {
			checked = make(map[Band]ThankYou, len(s.Thanks))
		}
		checked[band] = thanks
	}
	return checked, wrong
}

func (t ThankYou) checkTexts(path string) (map[string]ThankYouText, []FieldError) {
	var wrong []FieldError
	var checked map[string]ThankYouText
	for _, locale := range slices.Sorted(maps.Keys(t.Texts)) {
		text := t.Texts[locale]
		if !slices.Contains(RespondentLocales(), locale) {
			wrong = append(wrong, foreign(path+"."+locale, RespondentLocales()))
			continue
		}
		text.Text, text.Link = strings.TrimSpace(text.Text), strings.TrimSpace(text.Link)
		wrong = append(wrong, checkLength(path+"."+locale+".text", text.Text, 0, 1000)...)
		wrong = append(wrong, checkLength(path+"."+locale+".link", text.Link, 0, 60)...)
		if text == (ThankYouText{}) {
			continue
		}
		if checked == nil {
			checked = make(map[string]ThankYouText, len(t.Texts))
		}
		checked[locale] = text
	}
	return checked, wrong
}
