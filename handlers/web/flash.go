package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/templates/layouts"
)

const (
	flashCookie    = "hark_flash"
	languageCookie = "hark_language"
)

// Flash has the next page say, once, the text with the key "flash." + key. The
// browser carries only the key, so that nobody can put words into the page.
func (s *Site) Flash(c echo.Context, key string) {
	c.SetCookie(&http.Cookie{Name: flashCookie, Value: key, Path: "/", MaxAge: 60, HttpOnly: true, Secure: s.Secure(), SameSite: http.SameSiteLaxMode})
}

func (s *Site) takeFlash(c echo.Context) *layouts.Flash {
	cookie, err := c.Cookie(flashCookie)
	if err != nil || cookie.Value == "" || strings.Trim(cookie.Value, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return nil
	}
	c.SetCookie(&http.Cookie{Name: flashCookie, Path: "/", MaxAge: -1})
	key := "flash." + cookie.Value
	text := s.Localizer(c).T(key)
	if text == key {
		return nil
	}
	return &layouts.Flash{Kind: layouts.Done, Text: text}
}

// ChooseLanguage keeps the reader's choice on this browser for a year.
func (s *Site) ChooseLanguage(c echo.Context, tag string) {
	c.SetCookie(&http.Cookie{Name: languageCookie, Value: tag, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, Secure: s.Secure(), SameSite: http.SameSiteLaxMode})
}

// LocalPath returns address when it is a path of this site, and fallback
// otherwise, so that a form cannot send people elsewhere.
func LocalPath(address, fallback string) string {
	u, err := url.Parse(address)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(address, "/") || strings.HasPrefix(u.Path, "//") ||
		strings.ContainsAny(u.Path, "\\\x00\r\n\t") {
		return fallback
	}
	return address
}
