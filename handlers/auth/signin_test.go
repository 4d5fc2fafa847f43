package auth

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestSignInAndOut(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newHouse(t, s)
		user, b := x.user(x.w), x.browser()
		b.want(b.get("/responses?q=late"), http.StatusSeeOther, "/sign-in?next=%2Fresponses%3Fq%3Dlate")
		p := b.get("/sign-in?next=%2Fresponses%3Fq%3Dlate")
		form := credentialsOf(user)
		form.Set("next", p.Find(`[name="next"]`).AttrOr("value", ""))
		form.Set("email", "  "+strings.ToUpper(user.Email))
		b.want(b.post("/sign-in", form), http.StatusSeeOther, "/responses?q=late")
		session := b.cookies[0]
		if session.Name != "__Host-hark" || !session.HttpOnly || !session.Secure || session.SameSite != http.SameSiteLaxMode || session.Path != "/" {
			t.Errorf("the session's cookie is %+v", session)
		}
		if !b.inside() {
			t.Fatal("signed in, and not inside")
		}
		b.want(b.get("/sign-in"), http.StatusSeeOther, "/scores")

		b.want(b.post("/sign-out", nil), http.StatusSeeOther, "/sign-in")
		if got := b.get("/sign-in").Find(".note").Text(); !strings.Contains(got, "signed out") {
			t.Errorf("the page says %q", got)
		}
		stolen := x.browser()
		stolen.cookies = []*http.Cookie{session}
		if b.inside() || stolen.inside() {
			t.Error("signed out, and still inside")
		}
	})
}

func TestSignInRefuses(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	user := x.user(x.w)
	linkOnly := storetest.User(t, x.store, x.w.ID, surveys.Owner)
	cases := []struct{ name, email, password string }{
		{"wrong password", user.Email, "something else entirely"},
		{"no password", user.Email, ""},
		{"a password of kilobytes", user.Email, strings.Repeat("x", 50_000)},
		{"unknown user", "nobody@team.example", password},
		{"no user", "", password},
		{"user without a password", linkOnly.Email, ""},
		{"user without a password, some password", linkOnly.Email, password},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := x.browser()
			p := b.post("/sign-in", url.Values{"email": {c.email}, "password": {c.password}, "next": {"/people"}})
			b.want(p, http.StatusUnprocessableEntity, "")
			if got := p.Find("#field-password-error").Text(); !strings.Contains(got, "do not belong together") {
				t.Errorf("the field says %q", got)
			}
			if got := p.Find(`[name="email"]`).AttrOr("value", ""); got != c.email {
				t.Errorf("the address %q is lost", got)
			}
			if p.Find(`[name="password"][value!=""]`).Length() > 0 {
				t.Error("the password is sent back")
			}
			if got := p.Find(`[name="next"]`).AttrOr("value", ""); got != "/people" {
				t.Errorf("the way on is %q", got)
			}
			if b.inside() {
				t.Error("somebody came in")
			}
		})
	}
}

func TestSignInLeadsNobodyElsewhere(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	user := x.user(x.w)
	for _, next := range []string{"https://evil.example/", "//evil.example", "/\\evil.example", "/%09/evil.example", "javascript:alert(1)", "evil"} {
		b := x.browser()
		form := credentialsOf(user)
		form.Set("next", next)
		b.want(b.post("/sign-in", form), http.StatusSeeOther, "/scores")
	}
}

func TestSignInAsksForTheWorkspaceWhenThereAreSeveral(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	b := x.browser()
	if n := b.get("/sign-in").Find(`[name="workspace"]`).Length(); n != 0 {
		t.Errorf("%d fields for one workspace", n)
	}
	other := storetest.Workspace(t, x.store)
	other.Name = "Südwind"
	if _, err := x.site.Team.ChangeWorkspace(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	user := x.user(other)
	for name, inside := range map[string]bool{" südwind ": true, other.Key: true, x.w.Name: false, "": true, "nothing": false} {
		b := x.browser()
		form := credentialsOf(user)
		form.Set("workspace", name)
		p := b.post("/sign-in", form)
		if got := b.inside(); got != inside {
			t.Errorf("%q: inside %v, want %v", name, got, inside)
		}
		if !inside && p.Find(`[name="workspace"]`).AttrOr("value", "") != strings.TrimSpace(name) {
			t.Errorf("the workspace %q is lost", name)
		}
	}
}

func TestSignInNeedsTheWorkspaceOfAnAddressWithSeveralAccounts(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	other := storetest.Workspace(t, x.store)
	user := x.user(other)
	same := user
	same.ID = ""
	if _, err := x.site.Team.AddUser(t.Context(), x.w.ID, same); err != nil {
		t.Fatal(err)
	}
	for name, inside := range map[string]bool{"": false, other.Key: true, x.w.Key: true} {
		b := x.browser()
		form := credentialsOf(user)
		form.Set("workspace", name)
		b.post("/sign-in", form)
		if got := b.inside(); got != inside {
			t.Errorf("%q: inside %v, want %v", name, got, inside)
		}
	}
}

// Another spelling of the workspace must not bring further tries.
func TestTriesCountWhateverTheWorkspaceIsCalled(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	other := storetest.Workspace(t, x.store)
	form := credentialsOf(x.user(other))
	form.Set("password", "not the password")
	var last int
	for i := range 40 {
		form.Set("workspace", strings.Repeat(" ", i%3)+other.Key+strings.Repeat("x", i))
		last = x.browser().post("/sign-in", form).status
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the last try was answered with %d", last)
	}
}

func TestSignInIsLimited(t *testing.T) {
	t.Parallel()
	t.Run("by account", func(t *testing.T) {
		t.Parallel()
		x := onSQLite(t)
		user := x.user(x.w)
		for i := range maxTries + 1 {
			b := x.browser()
			b.address = fmt.Sprintf("198.51.%d.1:99", i)
			p := b.post("/sign-in", url.Values{"email": {user.Email}, "password": {"wrong"}})
			if want := map[bool]int{true: http.StatusUnprocessableEntity, false: http.StatusTooManyRequests}[i < maxTries]; p.status != want {
				t.Fatalf("try %d: status %d, want %d", i, p.status, want)
			}
		}
		b := x.browser()
		p := b.post("/sign-in", credentialsOf(user))
		b.want(p, http.StatusTooManyRequests, "")
		if p.header.Get("Retry-After") != "900" || p.Find("#field-password-error").Length() != 1 {
			t.Errorf("Retry-After %q, page %s", p.header.Get("Retry-After"), p.Find("main").Text())
		}
	})
	t.Run("by address", func(t *testing.T) {
		t.Parallel()
		x := onSQLite(t)
		user := x.user(x.w)
		b := x.browser()
		for i := range maxTries {
			b.address = fmt.Sprintf("192.0.2.%d:99", i)
			b.post("/sign-in", url.Values{"email": {fmt.Sprintf("n%d@team.example", i)}, "password": {"wrong"}})
		}
		b.want(b.post("/sign-in", credentialsOf(user)), http.StatusTooManyRequests, "")
		b.address = "203.0.113.5:99"
		b.want(b.post("/sign-in", credentialsOf(user)), http.StatusSeeOther, "/scores")
	})
	t.Run("not by success", func(t *testing.T) {
		t.Parallel()
		x := onSQLite(t)
		user := x.user(x.w)
		for range maxTries + 3 {
			b := x.browser()
			b.want(b.post("/sign-in", credentialsOf(user)), http.StatusSeeOther, "/scores")
		}
	})
}

func TestOldHashesAreRenewed(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	user := x.user(x.w)
	old := parametersHash(t, 1)
	user.PasswordHash = old
	if _, err := x.site.Team.ChangeUser(t.Context(), user); err != nil {
		t.Fatal(err)
	}
	b := x.browser()
	b.want(b.post("/sign-in", credentialsOf(user)), http.StatusSeeOther, "/scores")
	stored, err := x.store.User(t.Context(), x.w.ID, user.ID)
	if err != nil || stored.PasswordHash == old || NewPasswords().Outdated(stored.PasswordHash) {
		t.Errorf("the hash is %s (%v)", stored.PasswordHash, err)
	}
	if !b.inside() {
		t.Error("renewing the hash ended the session")
	}
}

func TestLanguageIsKept(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	b := x.browser()
	b.want(b.post("/language", url.Values{"lang": {"zh-Hans"}, "back": {"/sign-in?next=%2Fpeople"}}), http.StatusSeeOther, "/sign-in?next=%2Fpeople")
	if got := b.get("/sign-in").Find("h1").Text(); got != "登录" {
		t.Errorf("the heading is %q", got)
	}
	b.want(b.post("/language", url.Values{"lang": {"tlh"}, "back": {"//evil.example"}}), http.StatusSeeOther, "/")
	if got := b.get("/sign-in").Find("h1").Text(); got != "登录" {
		t.Errorf("an unknown language changed the heading to %q", got)
	}
}
