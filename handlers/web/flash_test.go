package web_test

import (
	"net/http"
	"testing"

	"github.com/labstack/echo/v4"
)

func TestFlash(t *testing.T) {
	t.Parallel()
	site := newSite(t, nil, onPlain)
	e := newEcho(site)
	e.POST("/", func(c echo.Context) error {
		site.Flash(c, "signed_out")
		return c.NoContent(http.StatusOK)
	})
	e.GET("/", func(c echo.Context) error {
		flash := site.Page(c, "", "").Flash
		if flash == nil {
			return c.String(http.StatusOK, "")
		}
		return c.String(http.StatusOK, flash.Text)
	})
	said := cookie(send(e, http.MethodPost, "/", nil), "hark_flash")
	if said == nil || said.Value != "signed_out" {
		t.Fatalf("the cookie = %v, want the key alone", said)
	}
	cases := []struct {
		name    string
		headers []string
		want    string
		taken   bool // the cookie is taken back
	}{
		{"nothing to say", nil, "", false},
		{"what was to be said", []string{"Cookie", "hark_flash=signed_out"}, "You are signed out.", true},
		{"in the reader's language", []string{"Cookie", "hark_flash=signed_out", "Accept-Language", "zh"}, site.Catalogue.Match("zh").T("flash.signed_out"), true},
		{"a key that nobody knows", []string{"Cookie", "hark_flash=you_have_won"}, "", true},
		{"a key of another part of the catalogue", []string{"Cookie", "hark_flash=error.internal"}, "", false},
		{"words", []string{"Cookie", "hark_flash=Call+0800+now"}, "", false},
		{"markup", []string{"Cookie", "hark_flash=<script>"}, "", false},
		{"empty", []string{"Cookie", "hark_flash="}, "", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := send(e, http.MethodGet, "/", nil, c.headers...)
			if r.Code != http.StatusOK || r.Body.String() != c.want {
				t.Errorf("%d %q, want %q", r.Code, r.Body, c.want)
			}
			back := cookie(r, "hark_flash")
			if (back != nil && back.MaxAge < 0) != c.taken {
				t.Errorf("the cookie is %v, want it taken back: %t", back, c.taken)
			}
		})
	}
}
