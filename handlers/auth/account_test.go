package auth

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// signedIn is a browser of the user.
func (x *house) signedIn(u surveys.User) *browser {
	x.t.Helper()
	b := x.browser()
	b.cookies = []*http.Cookie{{Name: "__Host-hark", Value: string(storetest.Token(x.t, x.store, x.w, surveys.PurposeSession, u.ID))}}
	return b
}

func TestAccountIsChanged(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	user := x.user(x.w)
	b := x.signedIn(user)
	p := b.get("/account")
	b.want(p, http.StatusOK, "")
	if got := p.Find(".head").Text(); !strings.Contains(got, user.Email) || !strings.Contains(got, "Manager") {
		t.Errorf("the page says %q", got)
	}
	b.want(b.post("/account", url.Values{"name": {"陈诺拉"}, "locale": {"zh-Hans"}}), http.StatusSeeOther, "/account")
	p = b.get("/account")
	if got := p.Find(".note.done").Text(); !strings.Contains(got, "账户已保存") {
		t.Errorf("the page says %q", got)
	}
	if got := p.Find(`[name="name"]`).AttrOr("value", ""); got != "陈诺拉" {
		t.Errorf("the name is %q", got)
	}
	if !x.signedIn(user).inside() {
		t.Error("another name ended the sessions")
	}
	for field, form := range map[string]url.Values{
		"name": {"name": {strings.Repeat("x", 81)}}, "locale": {"name": {"N"}, "locale": {"tlh"}},
	} {
		p := b.post("/account", form)
		b.want(p, http.StatusUnprocessableEntity, "")
		if p.Find("#field-"+field+"-error").Length() != 1 || p.Find(`[name="name"]`).AttrOr("value", "") != form.Get("name") {
			t.Errorf("%s: %s", field, p.Find("main").Text())
		}
	}
}

func TestNewPasswordEndsEverySession(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newHouse(t, s)
		user := x.user(x.w)
		here, elsewhere := x.signedIn(user), x.signedIn(user)
		form := url.Values{"current": {password}, "new": {"a whole new sentence"}}
		here.want(here.post("/account/password", form), http.StatusSeeOther, "/account")
		if !here.inside() {
			t.Error("the browser that changed it was signed out")
		}
		if elsewhere.inside() {
			t.Error("another session lives on")
		}
		b := x.browser()
		b.want(b.post("/sign-in", credentialsOf(user)), http.StatusUnprocessableEntity, "")
		b.want(b.post("/sign-in", url.Values{"email": {user.Email}, "password": {"a whole new sentence"}}), http.StatusSeeOther, "/scores")
	})
}

func TestNewPasswordIsChecked(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	user := x.user(x.w)
	b := x.signedIn(user)
	cases := []struct{ name, current, chosen, field, says string }{
		{"wrong one", "not it, not at all", "a whole new sentence", "current", "not your current password"},
		{"none", password, "", "new", "missing"},
		{"short", password, "short", "new", "at least 12"},
		{"long", password, strings.Repeat("x", 129), "new", "to 128"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := b.post("/account/password", url.Values{"current": {c.current}, "new": {c.chosen}})
			b.want(p, http.StatusUnprocessableEntity, "")
			if got := p.Find("#field-" + c.field + "-error").Text(); !strings.Contains(got, c.says) {
				t.Errorf("%s says %q", c.field, got)
			}
		})
	}
	if !b.inside() {
		t.Error("a refused password ended the session")
	}
}

func TestFirstPasswordNeedsNoOther(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	user := storetest.User(t, x.store, x.w.ID, surveys.Viewer)
	b := x.signedIn(user)
	if n := b.get("/account").Find(`[name="current"]`).Length(); n != 0 {
		t.Error("a password that is not there is asked for")
	}
	b.want(b.post("/account/password", url.Values{"new": {password}}), http.StatusSeeOther, "/account")
	b = x.browser()
	b.want(b.post("/sign-in", credentialsOf(user)), http.StatusSeeOther, "/scores")
}
