package respond_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

const npsQuestion = "How likely are you to recommend Northwind Coffee to a friend or colleague?"

func TestInvitationPreselectsAndStoresOnce(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		survey, _ := b.survey(surveys.NPS)
		invitation, path, _ := b.invite(survey)
		visitor := b.browser()
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodGet} { // a scanner's visits
			visitor.do(method, path+"?score=0", nil)
		}
		if list := b.answers(survey); len(list) != 0 {
			t.Fatalf("a visit stored %+v", list)
		}
		asked := visitor.get(path + "?score=9")
		asked.want(t, 200, npsQuestion)
		if asked.chosen() != "9" {
			t.Errorf("%q is preselected, want 9", asked.chosen())
		}
		thanks := visitor.follow(visitor.send(asked, url.Values{"comment": {"Good."}}))
		if !strings.Contains(thanks.Text(), "Your answer: 9 out of 10.") {
			t.Errorf("the thank-you says %s", thanks.Text())
		}
		visitor.send(asked, url.Values{"comment": {"Good."}}) // a double click
		change := visitor.get(thanks.Find("a.tap").AttrOr("href", ""))
		if change.chosen() != "9" || change.Find("textarea").Text() != "Good." {
			t.Errorf("the change begins with %q, %q", change.chosen(), change.Find("textarea").Text())
		}
		if got := change.Find(".earlier").Text(); !strings.HasPrefix(got, "You answered 9 on ") || asked.Find(".earlier").Length() != 0 {
			t.Errorf("the form that changes an answer says %q", got)
		}
		visitor.send(visitor.get(path+"?score=2"), url.Values{}) // another choice in the same mail
		list := b.answers(survey)
		if len(list) != 1 || list[0].Score != 2 || list[0].Comment != "Good." || list[0].InvitationID != invitation.ID || list[0].Channel != surveys.ChannelMail {
			t.Errorf("stored %+v", list)
		}
		b.wantRollups(survey, 1)
		stored, err := s.Invitation(context.Background(), b.workspace.ID, invitation.ID)
		if err != nil || stored.ResponseID != list[0].ID || stored.AnsweredAt == nil {
			t.Errorf("the invitation is not marked: %+v, %v", stored, err)
		}
	})
}

func TestThanksBeforeTheAnswerAsks(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	survey, _ := b.survey(surveys.NPS)
	_, path, _ := b.invite(survey)
	visitor := b.browser()
	visitor.follow(visitor.get(path+"/thanks")).want(t, 200, npsQuestion)
}

func TestInvitationSpeaksThePersonsLanguage(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	b := newBundle(t, s)
	survey, _ := b.survey(surveys.NPS)
	invitation, path, leave := b.invite(survey)
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
		person, err := tx.Person(ctx, b.workspace.ID, invitation.PersonID)
		person.Locale = "zh-CN"
		if err == nil {
			_, err = tx.SavePerson(ctx, person)
		}
		return err
	})
	b.browser().get(path).want(t, 200, "您有多大可能向朋友或同事推荐 Northwind Coffee？")
	b.browser().get(path+"?lang=en").want(t, 200, npsQuestion)
	b.browser().get(leave).want(t, 200, "不再接收这类邮件？")
}

// over is an address that does not ask, and what it says instead.
type over struct {
	name, path string
	status     int
	title      string
	dressed    bool // the workspace is known, and shown
}

// closed makes surveys and invitations that take no answers any more.
func (b *bundle) closed() []over {
	b.t.Helper()
	s := b.site.Store
	status := func(status surveys.SurveyStatus) (link, mail string) {
		survey, link := b.survey(surveys.NPS)
		_, mail, _ = b.invite(survey)
		survey.Status = status
		storetest.Write(b.t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
		return link, mail
	}
	pausedLink, pausedMail := status(surveys.SurveyPaused)
	archivedLink, archivedMail := status(surveys.SurveyArchived)
	ended, endedLink := b.survey(surveys.NPS)
	yesterday := storetest.Start().AddDate(0, 0, -1)
	ended.ClosesAt = &yesterday
	open, _ := b.survey(surveys.NPS)
	expired, expiredMail, _ := b.invite(open)
	expired.State, expired.ExpiresAt = surveys.InvitationClaimed, yesterday
	storetest.Write(b.t, s, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.UpdateSurvey(ctx, ended); err != nil {
			return err
		}
		return tx.MoveInvitation(ctx, expired, surveys.InvitationScheduled)
	})
	return []over{
		{"a paused survey", pausedLink, 410, "This survey is taking a break", true},
		{"a paused survey's mail", pausedMail, 410, "This survey is taking a break", true},
		{"an archived survey", archivedLink, 410, "This survey has ended", true},
		{"an archived survey's mail", archivedMail, 410, "This survey has ended", true},
		{"a survey past its end", endedLink, 410, "This survey has ended", true},
		{"an expired mail", expiredMail, 410, "This link has expired", true},
		{"a mail's thanks that expired", expiredMail + "/thanks", 410, "This link has expired", true},
	}
}

// strange makes addresses that never led anywhere.
func (b *bundle) strange() []over {
	b.t.Helper()
	open, link := b.survey(surveys.NPS)
	invitation, mail, leave := b.invite(open)
	other := storetest.Workspace(b.t, b.site.Store)
	var list []over
	for name, path := range map[string]string{
		"an unknown survey":                     "/s/" + b.workspace.Key + "AAAAAAAA",
		"an unknown workspace":                  "/s/AAAAAAAA" + open.Key,
		"a survey of another workspace":         "/s/" + other.Key + open.Key,
		"half a link":                           link[:12],
		"bytes that are no text":                "/s/%ff%fe%00%01%02%03%04%05%06%07%08%09%0a%0b%0c%0d",
		"an unknown token":                      "/r/" + b.workspace.Key + strings.Repeat("A", 22),
		"a token under another workspace":       "/r/" + other.Key + mail[len("/r/")+surveys.KeyLength:],
		"a token to leave that should answer":   "/r" + leave[2:],
		"a token to answer that should leave":   "/u" + mail[2:],
		"a session that should answer":          "/r/" + string(storetest.Token(b.t, b.site.Store, b.workspace, surveys.PurposeSession, invitation.ID)),
		"a token of bytes that are no text":     "/r/" + strings.Repeat("%ff", 8) + strings.Repeat("A", 22),
		"a way out of bytes that are no text":   "/u/" + strings.Repeat("%ff", 30),
		"an address with something behind it":   link + "/nowhere",
		"a thank-you of another workspace":      "/s/" + other.Key + open.Key + "/thanks",
		"a mail's thank-you of another's token": "/r/" + other.Key + mail[len("/r/")+surveys.KeyLength:] + "/thanks",
	} {
		list = append(list, over{name, path, 404, "We cannot find this page", false})
	}
	return list
}

// TestWhatIsOver: each way in which a link does not ask has its own words and
// status, in the workspace's dress as far as that is known, and stores nothing.
func TestWhatIsOver(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		for _, c := range append(b.closed(), b.strange()...) {
			p := b.browser().get(c.path)
			p.want(t, c.status, c.title)
			if dressed := strings.Contains(p.Find("header").Text(), "Northwind Coffee"); dressed != c.dressed {
				t.Errorf("%s: the workspace is shown: %v", c.name, dressed)
			}
			if p.header.Get("Cache-Control") != "no-store" || p.header.Get("X-Robots-Tag") == "" {
				t.Errorf("%s: headers %v", c.name, p.header)
			}
			if p := b.browser().post(c.path, url.Values{"score": {"9"}, "action": {"unsubscribe"}}); p.status != c.status && p.status != 405 {
				t.Errorf("%s, posted: %d, want %d", c.name, p.status, c.status)
			}
			if p := b.browser().do(http.MethodHead, c.path, nil); p.status != c.status {
				t.Errorf("%s, looked at: %d, want %d", c.name, p.status, c.status)
			}
		}
		if n, err := s.CountResponses(context.Background(), b.workspace.ID, store.ResponseFilter{}); err != nil || n != 0 {
			t.Errorf("%d answers were stored (%v)", n, err)
		}
	})
}

// TestClosedWhileTheyWrote: an answer that was given stays thanked for when
// the survey closes, but can no longer be changed.
func TestClosedWhileTheyWrote(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	s := storetest.OpenAt(t, store.SQLite, clock.Now)
	b := newBundle(t, s)
	survey, link := b.survey(surveys.NPS)
	_, mail, _ := b.invite(survey)
	one, two := b.browser(), b.browser()
	askedLink, askedMail := one.get(link), two.get(mail)
	thanksLink, thanksMail := one.send(askedLink, url.Values{"score": {"9"}}), two.send(askedMail, url.Values{"score": {"8"}})
	survey.Status = surveys.SurveyPaused
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
	clock.Advance(2 * time.Second)
	for visitor, sent := range map[*browser]page{one: thanksLink, two: thanksMail} {
		p := visitor.follow(sent)
		p.want(t, 200, "Thank you. Your answer has arrived.")
		if p.Find("a.tap").Length() > 0 {
			t.Errorf("the answer can be changed: %s", p.Text())
		}
	}
	one.send(askedLink, url.Values{"score": {"1"}}).want(t, 410, "This survey is taking a break")
	two.send(askedMail, url.Values{"score": {"1"}}).want(t, 410, "This survey is taking a break")
}

// TestErasedAnswerStaysErased: the link of a person whose answer was erased
// shows nothing of it.
func TestErasedAnswerStaysErased(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	b := newBundle(t, s)
	survey, _ := b.survey(surveys.NPS)
	_, mail, _ := b.invite(survey)
	visitor := b.browser()
	visitor.send(visitor.get(mail), url.Values{"score": {"9"}, "comment": {"Erase me."}})
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
		return tx.EraseResponses(ctx, b.workspace.ID, []string{b.answers(survey)[0].ID})
	})
	if p := visitor.get(mail); p.status != 200 || p.chosen() != "" || strings.Contains(p.Text(), "Erase me") {
		t.Errorf("%d: %s", p.status, p.Text())
	}
}

// TestStrictAsksOnceMore: what nobody has pressed or written is not counted; the page
// comes back with the answer in it, and the button counts it.
func TestStrictAsksOnceMore(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		survey, _ := b.survey(surveys.NPS)
		survey.Machines = surveys.Strict
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
		_, mail, _ := b.invite(survey)
		visitor := b.browser()
		p := visitor.get(mail + "?score=9")
		seal := p.Find("input[name=seal]").AttrOr("value", "")
		*b.reading += 5 * time.Second
		again := visitor.post(p.Find("form").AttrOr("action", ""), url.Values{"score": {"9"}, "seal": {seal}, "asked": {"comment"}})
		if again.status != 422 || again.chosen() != "9" || !strings.Contains(again.Find(".wrong").Text(), "press Send once more") {
			t.Errorf("status %d with %q chosen: %s", again.status, again.chosen(), again.Find(".wrong").Text())
		}
		if got := b.answers(survey); len(got) != 0 {
			t.Errorf("stored %+v", got)
		}
		visitor.follow(visitor.send(again, url.Values{})).want(t, 200, "Thank you. Your answer has arrived.")
		if got := b.answers(survey); len(got) != 1 || got[0].Score != 9 {
			t.Errorf("stored %+v", got)
		}
	})
}
