package surveys

import (
	"maps"
	"net/url"
	"slices"
)

// MaxLink bounds the address that a thank-you leads to.
const MaxLink = 500

// checkThanks wants links that are safe to put into a letter: whole addresses
// that are fetched over TLS.
func (r Rule) checkThanks() []FieldError {
	var wrong []FieldError
	for _, band := range slices.Sorted(maps.Keys(r.Thanks.Links)) {
		link, path := r.Thanks.Links[band], "thanks.links."+string(band)
		at, err := url.Parse(link)
		if err != nil || at.Scheme != "https" || at.Hostname() == "" || at.User != nil {
			wrong = append(wrong, FieldError{Path: path, Code: "thanks_link"})
			continue
		}
		wrong = append(wrong, checkLength(path, link, 0, MaxLink)...)
	}
	return wrong
}
