package office

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/handlers/browsertest"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/mailer"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// withDigests lets the team's site show digests.
func (x *team) withDigests() *team {
	x.t.Helper()
	digests, err := mailer.NewDigests(mailer.DigestsOptions{URL: x.site.URL, Catalogue: x.site.Catalogue, Now: x.store.Now})
	if err != nil {
		x.t.Fatal(err)
	}
	x.site.Digests = digests
	return x
}

// digestOf is what a member chose; nil when they never did.
func (m *member) digestOf() *surveys.Digest {
	m.t.Helper()
	d, err := m.store.Digest(context.Background(), m.w.ID, m.user.ID)
	if surveys.KindOf(err) == surveys.NotFound {
		return nil
	}
	if err != nil {
		m.t.Fatal(err)
	}
	return &d
}

func TestDigestIsChosenOnItsPage(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s).withDigests()
		storetest.Survey(t, s, x.w.ID, surveys.NPS)
		second := storetest.Survey(t, s, x.w.ID, surveys.CSAT)
		m := x.as(surveys.Viewer)
		p := m.get(pathDigest).want(http.StatusOK)
		if p.value("every") != "off" || p.value("hour") != "8" {
			t.Errorf("it starts as %q at %q", p.value("every"), p.value("hour"))
		}
		p.has(`[name=survey]`, 2)
		p.has(`iframe[src="`+pathDigestLetter+`"]`, 1)
		m.post(pathDigest, url.Values{"every": {"monthly"}, "hour": {"17"}, "survey": {second.ID, second.ID}, "comments": {"on"}}).seesOther(pathDigest)
		got := m.digestOf()
		if got == nil || !got.On() || got.Every != surveys.DigestMonthly || got.Hour != 17 || len(got.Surveys) != 1 || !got.Comments {
			t.Fatalf("stored as %+v", got)
		}
		p = m.get(pathDigest)
		if p.value("every") != "monthly" || p.value("hour") != "17" || p.Find(`[name=survey][checked]`).AttrOr("value", "") != second.ID {
			t.Errorf("the page shows %q at %q", p.value("every"), p.value("hour"))
		}
		p.says(".under.faint", "The next one is due on 1 ")
		m.post(pathDigest, url.Values{"every": {"off"}, "hour": {"17"}}).seesOther(pathDigest)
		if got := m.digestOf(); got.On() || got.Every != surveys.DigestMonthly {
			t.Errorf("turned off, it is %+v", got)
		}
	})
}

func TestDigestFormIsChecked(t *testing.T) {
	t.Parallel()
	x := onSQLite(t).withDigests()
	storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	storetest.Survey(t, x.store, x.w.ID, surveys.CSAT)
	strange := storetest.Survey(t, x.store, storetest.Workspace(t, x.store).ID, surveys.NPS)
	m := x.as(surveys.Viewer)
	for name, c := range map[string]struct {
		form url.Values
		says string
	}{
		"no pace":                {url.Values{"hour": {"8"}}, "#field-every-error"},
		"hourly":                 {url.Values{"every": {"hourly"}, "hour": {"8"}}, "#field-every-error"},
		"no hour":                {url.Values{"every": {"daily"}}, "#field-hour-error"},
		"hour 99":                {url.Values{"every": {"daily"}, "hour": {"99"}}, "#field-hour-error"},
		"hour in words":          {url.Values{"every": {"daily"}, "hour": {"eight"}}, "#field-hour-error"},
		"a survey of a stranger": {url.Values{"every": {"daily"}, "hour": {"8"}, "survey": {strange.ID}}, "#field-surveys .error"},
		"a survey of no id":      {url.Values{"every": {"daily"}, "hour": {"8"}, "survey": {"' OR 1=1"}}, "#field-surveys .error"},
	} {
		p := m.post(pathDigest, c.form)
		p.want(http.StatusUnprocessableEntity)
		if p.Find(c.says).Length() != 1 || p.text(c.says) == "" {
			t.Errorf("%s: nothing at %s", name, c.says)
		}
		if m.digestOf() != nil {
			t.Errorf("%s: stored", name)
		}
	}
}

func TestOneClickToEveryMonday(t *testing.T) {
	t.Parallel()
	x := onSQLite(t).withDigests()
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(survey, many(10, 3, "", 9, 3)...)
	m := x.as(surveys.Viewer)
	p := m.get("/scores").want(http.StatusOK)
	p.has(`form.offer[action="`+pathDigestWeekly+`"]`, 1)
	if back := p.Find("form.offer [name=back]").AttrOr("value", ""); back != "/scores" {
		t.Errorf("it leads back to %q", back)
	}
	report := m.get("/surveys/" + survey.ID + "?range=30").want(http.StatusOK)
	if back := report.Find("form.offer [name=back]").AttrOr("value", ""); back != "/surveys/"+survey.ID+"?range=30" {
		t.Errorf("from the report it leads back to %q", back)
	}
	m.post(pathDigestWeekly, url.Values{"back": {"/surveys/" + survey.ID}}).seesOther("/surveys/" + survey.ID)
	got := m.digestOf()
	if got == nil || !got.On() || got.Every != surveys.DigestWeekly || got.Hour != surveys.DigestHour || got.DueAt.In(x.w.Location()).Weekday() != time.Monday {
		t.Errorf("stored as %+v", got)
	}
	m.get("/scores").has("form.offer", 0)
	m.get("/surveys/"+survey.ID).has("form.offer", 0)
	m.post(pathDigestWeekly, url.Values{"back": {"https://evil.example/"}}).seesOther("/scores")
	x.site.Mail = web.MailWaits
	x.as(surveys.Viewer).get("/scores").has("form.offer", 0)
}

func TestDigestLetterIsShown(t *testing.T) {
	t.Parallel()
	x := onSQLite(t).withDigests()
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(survey, many(60, 2, "", 9, 10, 3)...)
	m := x.as(surveys.Viewer)
	p := m.get(pathDigestLetter).want(http.StatusOK)
	p.says("h1", "Your surveys up to")
	p.says("h2", survey.Name)
	if policy := p.header.Get("Content-Security-Policy"); !strings.Contains(policy, "sandbox") || strings.Contains(policy, "script-src") {
		t.Errorf("the policy is %s", policy)
	}
	m.lang = "zh-CN"
	m.cookies = append(m.cookies, &http.Cookie{Name: "hark_language", Value: "zh-Hans"})
	for _, a := range []string{"/scores"} {
		m.get(a).want(http.StatusOK)
	}
	x.site.Digests = nil
	x.as(surveys.Viewer).get(pathDigestLetter).want(http.StatusNotFound)
}

// TestMailAndPageSayTheSame follows a mail's link to the report, and compares
// the sentences.
func TestMailAndPageSayTheSame(t *testing.T) {
	t.Parallel()
	x := onSQLite(t).withDigests()
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	var list []answer
	for week := range 50 {
		scores := []int{9, 10, 8, 9, 3}
		if week < 9 {
			scores = []int{6, 3, 9, 7, 5}
		}
		list = append(list, many(30, 2+7*week, "pro", scores...)...)
	}
	x.answers(survey, list...)
	m := x.as(surveys.Viewer)
	letter := m.get(pathDigestLetter).want(http.StatusOK)
	address, err := url.Parse(letter.Find("h2 a").AttrOr("href", ""))
	if err != nil || address.Host != x.site.URL.Host {
		t.Fatalf("the letter leads to %s, %v", address, err)
	}
	page := m.get(address.RequestURI()).want(http.StatusOK)
	headline, says := page.text(".lead h1"), page.text(".lead .verdict-text")
	if got := letter.text("h2 + p"); !strings.Contains(headline, strings.TrimSuffix(got, ".")) && got != headline {
		t.Errorf("the letter opens with %q, the page with %q", got, headline)
	}
	if got := letter.text("h2 + p + p"); got == "" || !strings.Contains(says, got) {
		t.Errorf("the letter says\n%s\nthe page\n%s", got, says)
	}
	if answers := m.get(strings.TrimPrefix(letter.Find("h2 + p a").AttrOr("href", ""), x.site.URL.String())); answers.status != http.StatusOK {
		t.Errorf("the number leads to %d", answers.status)
	}
}

func TestSendOneNow(t *testing.T) {
	t.Parallel()
	x := onSQLite(t).withDigests()
	m := x.as(surveys.Viewer)
	m.post(pathDigestNow, nil).seesOther(pathDigest)
	x.site.Mail = web.MailWaits
	m.post(pathDigestNow, nil).want(http.StatusServiceUnavailable)
	p := m.get(pathDigest).want(http.StatusOK)
	p.has(`form[action="`+pathDigestNow+`"]`, 0)
	p.says(".note.warning", "mail")
}

func TestFailedDigestIsTold(t *testing.T) {
	t.Parallel()
	x := onSQLite(t).withDigests()
	m := x.as(surveys.Viewer)
	d := storetest.Digest(t, x.store, m.user)
	d.Problem = "550 5.7.1 <b>policy</b>"
	storetest.Write(t, x.store, func(ctx context.Context, tx *store.Tx) error { return tx.SettleDigest(ctx, d) })
	m.get(pathDigest).says(".note.warning", "550 5.7.1 <b>policy</b>")
}

// stranger is a browser of nobody: a mail program, or who got a mail forwarded.
func (x *team) stranger() *member { return &member{team: x, lang: "en"} }

func TestWayOutWorksWithoutSignIn(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s).withDigests()
		m := x.as(surveys.Viewer)
		storetest.Digest(t, s, m.user)
		path := flow.PathDigestStop + "/" + string(storetest.Token(t, s, x.w, surveys.PurposeDigest, m.user.ID))
		mail := x.stranger()
		p := mail.get(path).want(http.StatusOK)
		p.says("h1", "Stop the digest of Northwind Coffee?")
		if p.header.Get("Cache-Control") != "no-store" || !strings.Contains(p.header.Get("X-Robots-Tag"), "noindex") {
			t.Errorf("headers %v", p.header)
		}
		mail.post(path, url.Values{"something": {"else"}}).want(http.StatusOK)
		if !m.digestOf().On() {
			t.Fatal("looking at it turned it off")
		}
		for name, request := range map[string]*http.Request{
			"urlencoded": oneClick(path, "application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"),
			"multipart":  oneClick(path, "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n"),
		} {
			storetest.Digest(t, s, m.user)
			if p := mail.send(request); p.status != http.StatusOK || m.digestOf().On() {
				t.Errorf("%s: status %d, on: %t", name, p.status, m.digestOf().On())
			}
		}
		mail.get(path).says("h1", "The digest is stopped")
		mail.post(path, url.Values{"action": {"start"}}).seesOther(path)
		if !m.digestOf().On() {
			t.Error("the way back does not work")
		}
		mail.post(path, url.Values{"action": {"stop"}}).seesOther(path)
		if m.digestOf().On() {
			t.Error("the button does not work")
		}
	})
}

func oneClick(path, kind, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	return r
}

func TestWayOutOfNobody(t *testing.T) {
	t.Parallel()
	x := onSQLite(t).withDigests()
	m := x.as(surveys.Viewer)
	storetest.Digest(t, x.store, m.user)
	good := string(storetest.Token(t, x.store, x.w, surveys.PurposeDigest, m.user.ID))
	other := storetest.Workspace(t, x.store)
	for name, token := range map[string]string{
		"of another purpose": string(storetest.Token(t, x.store, x.w, surveys.PurposeUnsubscribe, m.user.ID)),
		"a session":          m.cookies[0].Value,
		"of another company": string(storetest.Token(t, x.store, other, surveys.PurposeDigest, m.user.ID)),
		"with another key":   other.Key + good[surveys.KeyLength:],
		"of nobody":          string(storetest.Token(t, x.store, x.w, surveys.PurposeDigest, storetest.ID(t, x.store))),
		"too short":          "x", "made up": strings.Repeat("A", surveys.TokenLength),
	} {
		for _, p := range []*page{
			x.stranger().get(flow.PathDigestStop + "/" + token), x.stranger().send(oneClick(flow.PathDigestStop+"/"+token, "application/x-www-form-urlencoded", "List-Unsubscribe=One-Click")),
		} {
			if p.status != http.StatusNotFound {
				t.Errorf("%s: status %d", name, p.status)
			}
		}
	}
	if !m.digestOf().On() {
		t.Error("one of them turned it off")
	}
}

// TestPreviewOfTheDigestIsSeen: the frame is sandboxed, and shown all the same.
func TestPreviewOfTheDigestIsSeen(t *testing.T) {
	t.Parallel()
	x := onSQLite(t).withDigests()
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(survey, many(60, 2, "", 9, 10, 3)...)
	b := x.open("zh-Hans")
	console, err := browsertest.Hear(b.ctx)
	if err != nil {
		t.Fatal(err)
	}
	b.visit(pathDigest)
	b.eventually(`document.querySelector("iframe.mail").getBoundingClientRect().height > 300`)
	b.visit(pathDigestLetter) // what stands in the frame, by itself
	b.eventually(`document.querySelector("h1").textContent.startsWith("您的调查，截至")`)
	b.eventually(`[...document.images].length > 0 && [...document.images].every((i) => i.naturalWidth > 0)`)
	for _, complaint := range console.Said() {
		t.Error(complaint)
	}
}
