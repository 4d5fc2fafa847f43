package auth

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestLinkSignsInOnce(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newHouse(t, s)
		user := storetest.User(t, s, x.w.ID, surveys.Owner)
		token, err := x.site.Team.SignInLink(t.Context(), x.w, user.ID)
		if err != nil {
			t.Fatal(err)
		}
		path := "/sign-in/" + string(token)
		scanner := x.browser()
		for range 3 {
			p := scanner.get(path)
			scanner.want(p, http.StatusOK, "")
			if got := p.Find("main").Text(); !strings.Contains(got, user.Email) || !strings.Contains(got, x.w.Name) {
				t.Errorf("the page says %q", got)
			}
		}
		if scanner.inside() {
			t.Fatal("opening the link signed in")
		}
		b := x.browser()
		b.want(b.post(path, nil), http.StatusSeeOther, "/scores")
		if !b.inside() {
			t.Fatal("the button did not sign in")
		}
		late := x.browser()
		late.want(late.post(path, nil), http.StatusNotFound, "")
		p := late.get(path)
		late.want(p, http.StatusNotFound, "")
		if p.Find(`a[href="/sign-in"]`).Length() != 1 || !strings.Contains(p.Find("h1").Text(), "used or is too old") {
			t.Errorf("the page says %q", p.Find("main").Text())
		}
		if late.inside() {
			t.Error("a spent link signed in")
		}
	})
}

func TestLinkRefuses(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	x := newHouse(t, storetest.OpenAt(t, store.SQLite, clock.Now))
	user := storetest.User(t, x.store, x.w.ID, surveys.Owner)
	expired, err := x.site.Team.SignInLink(t.Context(), x.w, user.ID)
	if err != nil {
		t.Fatal(err)
	}
	clock.Advance(24*time.Hour + time.Second)
	session := storetest.Token(t, x.store, x.w, surveys.PurposeSession, user.ID)
	for name, token := range map[string]surveys.Token{
		"expired": expired, "of another purpose": session, "of nobody": "AAAAAAAABBBBBBBBBBBBBBBBBBBBBB", "no token": "x",
	} {
		b := x.browser()
		b.want(b.get("/sign-in/"+string(token)), http.StatusNotFound, "")
		b.want(b.post("/sign-in/"+string(token), nil), http.StatusNotFound, "")
		if b.inside() {
			t.Errorf("a link %s signed in", name)
		}
	}
}
