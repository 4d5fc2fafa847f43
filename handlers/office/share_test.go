package office

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestShareLinksAreMadeListedAndRevoked(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		m := x.as(surveys.Manager)
		survey := storetest.Survey(t, s, x.w.ID, surveys.NPS)
		x.answers(survey, many(60, 0, "pro", 9, 10, 3)...)
		form := m.get("/surveys/"+survey.ID+"?range=30&segment=plan:pro").Find(`a[href*="/shares"]`).AttrOr("href", "")
		p := m.get(form).want(http.StatusOK)
		p.says(".share-what", "the last 30 days")
		p.says(".share-what", "pro")
		if p.Find(`[name="comments"][checked]`).Length() > 0 {
			t.Error("comments are ticked")
		}
		p = m.post(p.Find("#new form").AttrOr("action", ""), url.Values{"label": {"Board"}, "days": {"7"}}).want(http.StatusCreated)
		link := p.Find("#share-link").AttrOr("value", "")
		if !regexp.MustCompile(`^https://feedback\.example/share/[\w-]{30}$`).MatchString(link) || p.Find("#share-tv").AttrOr("value", "") != link+"/tv" {
			t.Errorf("the link is %q", link)
		}
		p = m.get(form)
		p.has("#share-link", 0)
		if strings.Contains(p.text("body"), strings.TrimPrefix(link, "https://feedback.example/share/")) {
			t.Error("the link is shown again")
		}
		p.says("tbody tr", "Board")
		p.says("tbody tr", "Grace Hopper")
		p.says("tbody tr", "Never")
		list, err := s.Shares(t.Context(), x.w.ID, survey.ID)
		if err != nil || len(list) != 1 || list[0].UserID != m.user.ID || list[0].Query != "range=30&segment=plan%3Apro" || list[0].Comments {
			t.Fatalf("stored %+v, %v", list, err)
		}
		revoke := p.Find(`a[href*="/revoke"]`).AttrOr("href", "")
		m.get(revoke).want(http.StatusOK).says("h1", "Revoke the link “Board”?")
		m.post(revoke, nil).seesOther("/surveys/" + survey.ID + "/shares")
		p = m.get(form)
		p.says("tbody tr", "Revoked on")
		p.has(`a[href*="/revoke"]`, 0)
		m.post(revoke, nil).want(http.StatusNotFound)
	})
}

func TestBadShareForms(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m := x.as(surveys.Manager)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	for _, c := range []struct {
		name  string
		form  url.Values
		field string
		says  string
	}{
		{"no label", url.Values{"days": {"7"}}, "label", "missing"},
		{"a long label", url.Values{"label": {strings.Repeat("x", 81)}, "days": {"7"}}, "label", "80"},
		{"no end", url.Values{"label": {"Board"}}, "until", "later day"},
		{"for ever", url.Values{"label": {"Board"}, "days": {"9999"}}, "until", "later day"},
		{"until yesterday", url.Values{"label": {"Board"}, "until": {x.dayAgo(1)}}, "until", "later day"},
		{"until in two years", url.Values{"label": {"Board"}, "until": {x.dayAgo(-730)}}, "until", "a year"},
		{"until no day", url.Values{"label": {"Board"}, "days": {"7"}, "until": {"2026-02-30"}}, "until", "later day"},
	} {
		p := m.post("/surveys/"+survey.ID+"/shares", c.form).want(http.StatusUnprocessableEntity)
		if got := p.text("#field-" + c.field + "-error"); !strings.Contains(got, c.says) {
			t.Errorf("%s: %q, want %q", c.name, got, c.says)
		}
		if got := p.value("label"); got != c.form.Get("label") {
			t.Errorf("%s: the label is %q", c.name, got)
		}
	}
	if list, err := x.store.Shares(t.Context(), x.w.ID, survey.ID); err != nil || len(list) != 0 {
		t.Errorf("stored %+v, %v", list, err)
	}
}

// TestRevokedLinksAreRestored: for a day, at the address that they had, by a
// manager of the same workspace.
func TestRevokedLinksAreRestored(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		x := newTeam(t, s)
		m := x.as(surveys.Manager)
		survey := storetest.Survey(t, s, x.w.ID, surveys.NPS)
		share, token := storetest.Share(t, s, x.w, survey)
		at, restore := "/surveys/"+survey.ID+"/shares", "/shares/"+share.ID+"/restore"
		links := flow.NewShares(s, x.site.Directory)
		m.post(restore, nil).want(http.StatusNotFound) // it is open
		m.post("/shares/"+share.ID+"/revoke", nil).seesOther(at)
		if _, err := links.Open(t.Context(), token); surveys.KindOf(err) != surveys.Gone {
			t.Fatalf("revoked, it opens: %v", err)
		}
		p := m.get(at).want(http.StatusOK)
		p.has(`form[action="`+restore+`"] button`, 1)
		x.as(surveys.Agent).post(restore, nil).want(http.StatusForbidden)
		newTeam(t, s).as(surveys.Manager).post(restore, nil).want(http.StatusNotFound)
		if _, err := links.Open(t.Context(), token); surveys.KindOf(err) != surveys.Gone {
			t.Fatalf("a stranger opened it again: %v", err)
		}
		clock.Advance(surveys.ShareUndo - time.Minute)
		m = x.as(surveys.Manager)
		m.post(restore, nil).seesOther(at)
		if shared, err := links.Open(t.Context(), token); err != nil || shared.Share.ID != share.ID {
			t.Errorf("restored, it does not open: %v", err)
		}
		p = m.get(at)
		p.has(`form[action="`+restore+`"]`, 0)
		p.has(`a[href="/shares/`+share.ID+`/revoke"]`, 1)
		m.post("/shares/"+share.ID+"/revoke", nil).seesOther(at)
		clock.Advance(surveys.ShareUndo)
		m = x.as(surveys.Manager)
		m.get(at).has(`form[action="`+restore+`"]`, 0)
		m.post(restore, nil).want(http.StatusNotFound)
	})
}

// TestSharesShowWhatWasAsked: what would show more than was asked for is not made,
// and the form below makes what it says.
func TestSharesShowWhatWasAsked(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m := x.as(surveys.Manager)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(survey, many(60, 0, "pro", 9, 10, 3)...)
	stored := func() []surveys.Share {
		t.Helper()
		list, err := x.store.Shares(t.Context(), x.w.ID, survey.ID)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	for name, c := range map[string]struct{ query, says string }{
		"a key that is none": {"segment=nosuch%3Ax", "nosuch"},
		"no filter at all":   {"segment=x", "x"},
		"a day that is none": {"from=2026-02-30&to=2026-03-01", "90 days"},
		"dates in disorder":  {"from=2026-03-01&to=2026-02-01", "90 days"},
		"another range":      {"range=45", "45"},
		"another comparison": {"compare=decade", "decade"},
	} {
		at := "/surveys/" + survey.ID + "/shares?" + c.query
		m.get(at).want(http.StatusOK).says(".note.warning", c.says)
		p := m.post(at, url.Values{"label": {"Board"}, "days": {"7"}}).want(http.StatusUnprocessableEntity)
		p.says(".note.failure", "No link was made")
		p.says(".note.warning", c.says)
		if p.value("label") != "Board" || len(stored()) != 0 {
			t.Errorf("%s: label %q, stored %+v", name, p.value("label"), stored())
		}
		if action := p.Find("#new form").AttrOr("action", ""); strings.Contains(action, c.query) {
			t.Errorf("%s: the form asks for it again: %s", name, action)
		}
	}
	p := m.post("/surveys/"+survey.ID+"/shares?segment=nosuch%3Ax&segment=plan%3Apro", url.Values{"label": {"Board"}, "days": {"7"}}).want(http.StatusUnprocessableEntity)
	m.post(p.Find("#new form").AttrOr("action", ""), url.Values{"label": {"Board"}, "days": {"7"}}).want(http.StatusCreated)
	if list := stored(); len(list) != 1 || list[0].Query != "segment=plan%3Apro" {
		t.Errorf("stored %+v", list)
	}
}
