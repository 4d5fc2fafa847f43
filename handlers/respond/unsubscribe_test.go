package respond_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func (b *bundle) suppressed(email string) surveys.Suppression {
	b.t.Helper()
	why, err := b.site.Store.Suppression(context.Background(), b.workspace, email)
	if err != nil {
		b.t.Fatal(err)
	}
	return why
}

func TestUnsubscribeByButtonAndBack(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		survey, _ := b.survey(surveys.NPS)
		invitation, _, path := b.invite(survey)
		visitor := b.browser()
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			visitor.do(method, path, nil)
		}
		if why := b.suppressed(invitation.Email); why != "" {
			t.Fatalf("a visit unsubscribed: %s", why)
		}
		asked := visitor.get(path)
		asked.want(t, 200, "Stop these mails?")
		if text := asked.Text(); strings.Contains(text, invitation.Email) || !strings.Contains(text, invitation.Email[:1]+"•••@customers.example") {
			t.Errorf("the address is not masked: %s", text)
		}
		stopped := visitor.follow(visitor.send(asked, url.Values{"action": {"unsubscribe"}}))
		stopped.want(t, 200, "Done. We will not ask you again.")
		if why := b.suppressed(invitation.Email); why != surveys.SuppressedUnsubscribed {
			t.Errorf("the address is suppressed as %q", why)
		}
		if stored, err := s.Invitation(context.Background(), b.workspace.ID, invitation.ID); err != nil || stored.State != surveys.InvitationSuppressed {
			t.Errorf("what was scheduled still is: %+v, %v", stored, err)
		}
		visitor.get(path).want(t, 200, "Done. We will not ask you again.")
		back := visitor.follow(visitor.send(stopped, url.Values{"action": {"resubscribe"}}))
		back.want(t, 200, "Welcome back")
		if why := b.suppressed(invitation.Email); why != "" {
			t.Errorf("after the way back the address is suppressed as %q", why)
		}
	})
}

// TestStopOneSurvey stops one survey, all of them, and takes it back.
func TestStopOneSurvey(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		survey, _ := b.survey(surveys.NPS)
		invitation, _, path := b.invite(survey)
		visitor := b.browser()
		choose := func(action, want string, stopped int, why surveys.Suppression) {
			t.Helper()
			visitor.follow(visitor.post(path, url.Values{"action": {action}})).want(t, 200, want)
			visitor.get(path).want(t, 200, want)
			list, err := s.StoppedSurveys(context.Background(), b.workspace, strings.ToUpper(invitation.Email))
			if err != nil || len(list) != stopped || stopped == 1 && list[0] != survey.ID {
				t.Errorf("after %s the stopped surveys are %v, %v", action, list, err)
			}
			if got := b.suppressed(invitation.Email); got != why {
				t.Errorf("after %s the address is suppressed as %q, want %q", action, got, why)
			}
		}
		if text := visitor.get(path).Text(); !strings.Contains(text, "Only stop this survey") {
			t.Errorf("the page offers no way to stop one survey: %s", text)
		}
		choose("survey", "Done. We will not ask you this again.", 1, "")
		if stored, err := s.Invitation(context.Background(), b.workspace.ID, invitation.ID); err != nil || stored.State != surveys.InvitationSuppressed {
			t.Errorf("what was scheduled still is: %+v, %v", stored, err)
		}
		choose("unsubscribe", "Done. We will not ask you again.", 1, surveys.SuppressedUnsubscribed)
		choose("survey", "Done. We will not ask you this again.", 1, "")
		visitor.follow(visitor.post(path, url.Values{"action": {"resubscribe"}})).want(t, 200, "Welcome back")
		if list, err := s.StoppedSurveys(context.Background(), b.workspace, invitation.Email); err != nil || len(list) > 0 {
			t.Errorf("after the way back the stopped surveys are %v, %v", list, err)
		}
	})
}

// TestOneClick is RFC 8058: the mail provider posts, from no browser, in
// either encoding, and gets 200 without a redirect.
func TestOneClick(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		survey, _ := b.survey(surveys.NPS)
		for name, c := range map[string]struct{ kind, body string }{
			"a form":    {"application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"},
			"multipart": {"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n"},
		} {
			invitation, _, path := b.invite(survey)
			provider := &browser{b: b, headers: map[string]string{"Content-Type": c.kind}}
			for range 2 { // providers repeat it
				if p := provider.do(http.MethodPost, path, strings.NewReader(c.body)); p.status != 200 {
					t.Errorf("%s: %d %s", name, p.status, p.Text())
				}
			}
			if why := b.suppressed(invitation.Email); why != surveys.SuppressedUnsubscribed {
				t.Errorf("%s: the address is suppressed as %q", name, why)
			}
		}
	})
}

// TestOtherBodiesStopNothing posts what scanners that try addresses do.
func TestOtherBodiesStopNothing(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	survey, _ := b.survey(surveys.NPS)
	invitation, _, path := b.invite(survey)
	for name, c := range map[string]struct{ kind, body string }{
		"nothing":        {"", ""},
		"an empty form":  {"application/x-www-form-urlencoded", ""},
		"another field":  {"application/x-www-form-urlencoded", "x=1"},
		"another value":  {"application/x-www-form-urlencoded", "List-Unsubscribe=one-click"},
		"another action": {"application/x-www-form-urlencoded", "action=stop"},
		"another kind":   {"text/plain", "List-Unsubscribe=One-Click"},
		"JSON":           {"application/json", `{"List-Unsubscribe":"One-Click"}`},
	} {
		scanner := &browser{b: b, headers: map[string]string{"Content-Type": c.kind}}
		if p := scanner.do(http.MethodPost, path, strings.NewReader(c.body)); p.status != 400 || p.Find("form button") == nil {
			t.Errorf("%s: %d, want 400 with the page's own button", name, p.status)
		}
		if why := b.suppressed(invitation.Email); why != "" {
			t.Errorf("%s: the address is suppressed as %q", name, why)
		}
	}
}

func TestResubscribeLeavesBouncedAddresses(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	b := newBundle(t, s)
	survey, _ := b.survey(surveys.NPS)
	invitation, _, path := b.invite(survey)
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
		return tx.Suppress(ctx, b.workspace, invitation.Email, surveys.SuppressedBounced)
	})
	b.browser().post(path, url.Values{"action": {"resubscribe"}})
	if why := b.suppressed(invitation.Email); why != surveys.SuppressedBounced {
		t.Errorf("the address is suppressed as %q", why)
	}
}

func TestUnsubscribeIsNotLimitedByAddress(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	survey, link := b.survey(surveys.NPS)
	_, _, path := b.invite(survey)
	provider, script := b.browser(), b.browser()
	for range 2 * 120 {
		if p := provider.post(path, url.Values{"List-Unsubscribe": {"One-Click"}}); p.status != 200 {
			t.Fatalf("a provider is refused: %d", p.status)
		}
	}
	for range 2000 { // the limit refills by two a second, slower than any machine posts
		p := script.post(link, url.Values{})
		if p.status == 429 {
			if p.header.Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
			return
		}
	}
	t.Error("a script is never refused")
}
