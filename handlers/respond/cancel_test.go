package respond_test

import (
	"context"
	"database/sql"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/golang-jwt/jwt/v5"

	"github.com/harkhq/hark/handlers/respond"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// leaving makes a cancellation flow, and returns its page's path.
func (b *bundle) leaving(change func(f *surveys.CancelFlow)) (surveys.CancelFlow, string) {
	b.t.Helper()
	f := surveys.CancelFlow{Name: "Leaving", Origins: []string{"https://shop.example"}, Offers: []surveys.CancelOffer{{
		ID: "half", Name: "Half the price", Reasons: []string{"too_expensive"},
		Texts: map[string]surveys.CancelOfferText{"en": {Title: "Half the price for three months", Text: "From the next bill on.\nYou can still cancel at any time."}},
	}}}
	if change != nil {
		change(&f)
	}
	f, err := b.site.Cancelling.CreateFlow(context.Background(), b.workspace.ID, f)
	if err != nil {
		b.t.Fatal(err)
	}
	return f, "/c/" + f.PublicID(b.workspace.Key)
}

// cancellations lists what is kept of a flow, the latest first.
func (b *bundle) cancellations(f surveys.CancelFlow) []surveys.Cancellation {
	b.t.Helper()
	list, err := b.site.Store.Cancellations(context.Background(), f.WorkspaceID, store.CancellationFilter{FlowID: f.ID, To: b.site.Store.Now().Add(time.Hour)})
	if err != nil {
		b.t.Fatal(err)
	}
	return list
}

// TestCancelWithoutScript walks through a flow by its forms alone, and goes on to the
// shop's own page with what was chosen.
func TestCancelWithoutScript(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		survey := storetest.Survey(t, s, b.workspace.ID, surveys.NPS)
		f, path := b.leaving(func(f *surveys.CancelFlow) { f.ScoreSurveyID, f.Fields = survey.ID, []string{"plan"} })
		visitor := b.browser("Sec-Fetch-Dest", "document")
		first := visitor.get(path + "?plan=team&hark-return=" + url.QueryEscape("https://shop.example/cancel?step=2"))
		first.want(t, 200, "Sorry to see you go. What is the main reason?")
		var reasons []string
		first.Find("input[name=reason]").Each(func(_ int, s *goquery.Selection) { reasons = append(reasons, s.AttrOr("value", "")) })
		if len(reasons) != 8 || reasons[7] != "other" {
			t.Errorf("offers %v", reasons)
		}
		step := func(p page, deed string, more url.Values) page {
			t.Helper()
			if p.Find(`button[name=go][value=now]`).Length() != 1 {
				t.Errorf("no way out on %s", p.Find("main").Text())
			}
			if more == nil {
				more = url.Values{}
			}
			more.Set("go", deed)
			return visitor.send(p, more)
		}
		wrong := step(first, "next", nil)
		wrong.want(t, http.StatusUnprocessableEntity, "Sorry to see you go. What is the main reason?")
		if !strings.Contains(wrong.Find("[role=alert]").Text(), "Please choose a reason, or cancel now.") {
			t.Errorf("without a reason: %s", wrong.Find("main").Text())
		}
		ask := step(wrong, "next", url.Values{"reason": {"too_expensive"}})
		ask.want(t, 200, "What price would be fair to you?")
		offer := step(ask, "next", url.Values{"comment": {"Ten,\r\nnot more"}})
		offer.want(t, 200, "Half the price for three months")
		confirm := step(offer, "decline", nil)
		confirm.want(t, 200, "Do you want to cancel?")
		if confirm.Find("input[name=score]").Length() != 11 {
			t.Errorf("the score is not asked: %s", confirm.Find("main").Text())
		}
		left := step(confirm, "now", url.Values{"score": {"4"}})
		list := b.cancellations(f)
		if len(list) != 1 {
			t.Fatalf("kept %+v", list)
		}
		c := list[0]
		if c.Reason != "too_expensive" || c.Comment != "Ten,\nnot more" || c.Offer != surveys.OfferDeclined || c.Choice != surveys.CancelLeft || c.Fields["plan"] != "team" || c.Locale != "en" {
			t.Errorf("kept %+v", c)
		}
		if answers := b.answers(survey); len(answers) != 1 || answers[0].Score != 4 {
			t.Errorf("the score: %+v", answers)
		}
		if to := left.header.Get("Location"); left.status != http.StatusSeeOther || to != "https://shop.example/cancel?hark-cancellation="+c.ID+"&hark-choice=left&step=2" {
			t.Errorf("goes on to %d %s", left.status, to)
		}
		if len(visitor.cookies) > 0 {
			t.Errorf("cookies: %v", visitor.cookies)
		}
	})
}

// TestCancelNowIsAtEveryStep: each page has it, and it leads straight out; so does staying
// at the end, and accepting.
func TestCancelNowIsAtEveryStep(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	f, path := b.leaving(nil)
	steps := []url.Values{{"go": {"next"}, "reason": {"too_expensive"}}, {"go": {"next"}, "comment": {"Too much"}}, {"go": {"decline"}}}
	for n := range len(steps) + 1 {
		visitor := b.browser("Sec-Fetch-Dest", "iframe")
		p := visitor.get(path + "?hark-host=https%3A%2F%2Fshop.example&hark-return=https%3A%2F%2Fshop.example%2Fbye")
		for _, step := range steps[:n] {
			p = visitor.send(p, step)
		}
		p = visitor.send(p, url.Values{"go": {"now"}})
		p.want(t, 200, "Thank you for telling us")
		end, list := p.Find("[data-choice]"), b.cancellations(f)
		named := func(c surveys.Cancellation) bool {
			return c.ID == end.AttrOr("data-cancellation", "") && c.Choice == surveys.CancelLeft
		}
		if len(list) != n+1 || end.AttrOr("data-choice", "") != "left" || !slices.ContainsFunc(list, named) {
			t.Errorf("after %d steps: %+v, %s", n, list, p.Find("main").Text())
		}
	}
	visitor := b.browser("Sec-Fetch-Dest", "iframe")
	p := visitor.get(path + "?hark-return=https%3A%2F%2Fshop.example%2Fbye")
	p = visitor.send(visitor.send(p, steps[0]), steps[1])
	p = visitor.send(p, url.Values{"go": {"accept"}})
	p.want(t, 200, "Your choice is noted")
	if link := p.Find("a.button"); link.AttrOr("target", "") != "_top" || !strings.Contains(link.AttrOr("href", ""), "hark-choice=kept&hark-offer=half") {
		t.Errorf("goes back by %s", link.AttrOr("href", ""))
	}
}

// TestCancelGoesOnNowhereElse: the page leads to the flow's own sites alone, and is framed
// by them alone.
func TestCancelGoesOnNowhereElse(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	f, path := b.leaving(nil)
	for _, address := range []string{"https://evil.example/", "//evil.example", "javascript:alert(1)", "https://shop.example@evil.example/", "https://shop.example.evil.example", "/settings", "http://shop.example/", "https://shop.example:8443/"} {
		visitor := b.browser("Sec-Fetch-Dest", "document")
		p := visitor.send(visitor.get(path+"?hark-return="+url.QueryEscape(address)), url.Values{"go": {"now"}})
		if p.status != http.StatusOK || p.Find("a.button").Length() != 0 {
			t.Errorf("%s: %d %s", address, p.status, p.header.Get("Location"))
		}
	}
	if policy := b.browser().get(path).header.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-ancestors https://shop.example") {
		t.Errorf("the policy %s", policy)
	}
	b.browser("Sec-Fetch-Dest", "iframe").get(path + "?hark-host=https%3A%2F%2Fnew.example")
	if refused, err := b.site.Store.RefusedSites(t.Context(), b.workspace.ID, f.ID); err != nil || len(refused) != 1 || refused[0].Origin != "https://new.example" {
		t.Errorf("refused %+v, %v", refused, err)
	}
	for status, want := range map[surveys.SurveyStatus]int{surveys.SurveyPaused: http.StatusSeeOther, surveys.SurveyArchived: http.StatusSeeOther} {
		f.Status = status
		if _, err := b.site.Cancelling.UpdateFlow(t.Context(), f); err != nil {
			t.Fatal(err)
		}
		p := b.browser("Sec-Fetch-Dest", "document").get(path + "?hark-return=https%3A%2F%2Fshop.example%2Fbye")
		if p.status != want || p.header.Get("Location") != "https://shop.example/bye?hark-choice=left" {
			t.Errorf("%s: %d %s", status, p.status, p.header.Get("Location"))
		}
		if p := b.browser("Sec-Fetch-Dest", "iframe").get(path + "?hark-host=https%3A%2F%2Fshop.example"); p.status != http.StatusGone || p.Find("body").AttrOr("data-gone", "") != "closed" {
			t.Errorf("%s in a frame: %d", status, p.status)
		}
	}
	b.browser().get("/c/AAAAAAAAAAAAAAAA").want(t, http.StatusNotFound, "We cannot find this page")
}

// TestCancelKnowsWhoIsSignedIn: a token makes it the person's; a bad one keeps nobody from
// cancelling.
func TestCancelKnowsWhoIsSignedIn(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	f, path := b.leaving(nil)
	_, secret, err := b.site.Visitors.AddKey(t.Context(), b.workspace.ID, surveys.IdentityHS256, "")
	if err != nil {
		t.Fatal(err)
	}
	now := b.site.Store.Now()
	token := func(sub string) string {
		text, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
			"iss": b.workspace.Key, "aud": f.PublicID(b.workspace.Key), "sub": sub, "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(), "jti": sub,
		}).SignedString([]byte(secret))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	for _, query := range []string{"?hark-token=" + token("u1"), "?hark-token=hello", ""} {
		visitor := b.browser()
		p := visitor.send(visitor.get(path+query), url.Values{"go": {"next"}, "reason": {"unused"}})
		visitor.send(p, url.Values{"go": {"now"}})
	}
	list := b.cancellations(f)
	known := slices.DeleteFunc(slices.Clone(list), func(c surveys.Cancellation) bool { return c.PersonID == "" })
	if len(list) != 3 || len(known) != 1 || known[0].Choice != surveys.CancelLeft {
		t.Fatalf("kept %+v", list)
	}
	if person, err := b.site.Store.Person(t.Context(), b.workspace.ID, known[0].PersonID); err != nil || person.ExternalID != "u1" {
		t.Errorf("it is %+v's, %v", person, err)
	}
	// Two people at one browser, on one day.
	const visit = "&hark-visit=abcdefghijklmnopqrstuvwx"
	for _, who := range []string{"u2", "u3"} {
		visitor := b.browser()
		p := visitor.get(path + "?hark-token=" + token(who) + visit)
		if chosen := p.Find("input[checked]").Length(); chosen > 0 {
			t.Errorf("%s is shown what somebody else chose", who)
		}
		visitor.send(visitor.send(p, url.Values{"go": {"next"}, "reason": {"unused"}}), url.Values{"go": {"now"}})
	}
	people := make(map[string]bool)
	for _, c := range b.cancellations(f) {
		people[c.PersonID] = true
	}
	if len(people) != 4 {
		t.Errorf("cancelled have %v, want three and nobody", people)
	}
}

// TestCancelGoesOnWhereNothingIsStored: a database that takes nothing keeps nobody from
// cancelling, and a score that cannot be stored takes nothing else along.
func TestCancelGoesOnWhereNothingIsStored(t *testing.T) {
	t.Parallel()
	database := storetest.URL(t, store.SQLite)
	s := storetest.OpenURL(t, database, storetest.Start)
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	b := newBundle(t, s)
	survey := storetest.Survey(t, s, b.workspace.ID, surveys.NPS)
	f, path := b.leaving(func(f *surveys.CancelFlow) { f.ScoreSurveyID, f.Offers = survey.ID, nil })
	visitor := b.browser("Sec-Fetch-Dest", "document")
	confirm := visitor.get(path + "?hark-return=https%3A%2F%2Fshop.example%2Fbye")
	for _, said := range []url.Values{{"reason": {"unused"}}, {"comment": {"Too much coffee"}}} {
		confirm = visitor.send(confirm, said)
	}
	stopped := store.NewIngest(s, nil)
	stopped.Close()
	b.site.Cancelling = flow.NewCancelling(s, b.site.Directory, flow.NewAnswers(s, b.site.Directory, stopped))
	left := visitor.send(confirm, url.Values{"score": {"3"}, "go": {"now"}})
	if list := b.cancellations(f); left.status != http.StatusSeeOther || len(list) != 1 || list[0].Choice != surveys.CancelLeft {
		t.Errorf("without the score: %d, %+v", left.status, list)
	}
	other, err := sql.Open("sqlite", strings.TrimPrefix(database, "sqlite:"))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, err := other.Exec("DROP TABLE cancellations"); err != nil {
		t.Fatal(err)
	}
	left = visitor.send(visitor.get(path+"?hark-return=https%3A%2F%2Fshop.example%2Fbye"), url.Values{"go": {"now"}})
	if left.status != http.StatusSeeOther || left.header.Get("Location") != "https://shop.example/bye?hark-choice=left" {
		t.Errorf("without a table: %d %s", left.status, left.header.Get("Location"))
	}
}

// TestCancelIsRehearsed: the team goes through a flow, also through one that rests, and
// nothing of it is kept; each offer is made, however few get it otherwise.
func TestCancelIsRehearsed(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	b := newBundle(t, storetest.OpenAt(t, store.SQLite, clock.Now))
	survey := storetest.Survey(t, b.site.Store, b.workspace.ID, surveys.NPS)
	f, path := b.leaving(func(f *surveys.CancelFlow) { f.HoldOut, f.ScoreSurveyID, f.Offers[0].Share = 90, survey.ID, 1 })
	f.Status = surveys.SurveyPaused
	storetest.Write(t, b.site.Store, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateCancelFlow(ctx, f) })
	address := respond.RehearsalPath(b.workspace, f, clock.Now())
	visitor := b.browser()
	p := visitor.get(address)
	p.want(t, 200, "Sorry to see you go. What is the main reason?")
	if note := p.Find("[role=note]").Text(); !strings.Contains(note, "Nothing that you say or choose is stored") {
		t.Errorf("it says %q", note)
	}
	visitor.send(p, url.Values{"go": {"next"}}).want(t, 422, "Sorry to see you go. What is the main reason?")
	asked := visitor.send(p, url.Values{"go": {"next"}, "reason": {"too_expensive"}})
	asked.want(t, 200, "What price would be fair to you?")
	offered := visitor.send(asked, url.Values{"go": {"next"}, "comment": {"Less"}})
	offered.want(t, 200, "Half the price for three months")
	visitor.send(offered, url.Values{"go": {"accept"}}).want(t, 200, "Your choice is noted")
	last := visitor.send(offered, url.Values{"go": {"decline"}})
	last.want(t, 200, "Do you want to cancel?")
	visitor.send(last, url.Values{"go": {"now"}, "score": {"3"}}).want(t, 200, "Thank you for telling us")
	if list, answers := b.cancellations(f), b.answers(survey); len(list)+len(answers) > 0 {
		t.Errorf("kept %+v, %+v", list, answers)
	}
	other, _ := b.leaving(nil)
	for _, wrong := range []string{strings.Replace(address, path, "/c/"+other.PublicID(b.workspace.Key), 1), address + "x"} {
		if p := visitor.get(wrong); p.Find("[role=note]").Length() > 0 {
			t.Errorf("%s is a rehearsal", wrong)
		}
	}
	clock.Advance(25 * time.Hour)
	if p := visitor.get(address); p.status != http.StatusGone {
		t.Errorf("a day later: %d", p.status)
	}
}
