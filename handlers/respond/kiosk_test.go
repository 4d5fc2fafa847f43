package respond_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// kioskOf is the address of a survey's kiosk, by that of its link.
func kioskOf(path string) string { return strings.Replace(path, "/s/", "/k/", 1) }

// TestKioskCountsWhatWasGivenInTime: an answer that waited for the line counts though the
// survey has ended since, and one that is given later does not.
func TestKioskCountsWhatWasGivenInTime(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		b := newBundle(t, s)
		survey, path := b.survey(surveys.NPS)
		ends := s.Now().Add(time.Hour)
		b.edit(survey, func(s *surveys.Survey) { s.ClosesAt = &ends })
		visitor := b.browser()
		p := visitor.get(kioskOf(path))
		clock.Advance(2 * time.Hour)
		for ago, want := range map[string]int{"7200": http.StatusNoContent, "60": http.StatusGone} {
			if got := visitor.send(p, url.Values{"score": {"6"}, "save": {"1"}, "ago": {ago}, "form": {strings.Repeat("a", 28) + ago}}); got.status != want {
				t.Errorf("given %s seconds ago: %d, want %d", ago, got.status, want)
			}
		}
		if list := b.answers(survey); len(list) != 1 || !list[0].AnsweredAt.Before(ends) {
			t.Errorf("stored %+v", list)
		}
	})
}

// TestKioskTakesNoAddressThatHarkRefuses: nobody is there any more to mend it when it is
// sent.
func TestKioskTakesNoAddressThatHarkRefuses(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	_, path := b.asking(surveys.NPS, surveys.StyleNumbers)
	pattern, err := regexp.Compile("^(?:" + b.browser().get(kioskOf(path)).Find("input[type=email]").AttrOr("pattern", "$^") + ")$")
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{path: "email", kioskOf(path): "off"} {
		if got := b.browser().get(path).Find("input[type=email]").AttrOr("autocomplete", ""); got != want {
			t.Errorf("%s: the browser may fill in %q, want %q", path, got, want)
		}
	}
	for address, want := range map[string]bool{"ada@example.org": true, "ada.l+x@mail.example.co.uk": true, "ada@localhost": false, "ada.example.org": false, "x@y": false} {
		if pattern.MatchString(address) != want || surveys.ValidEmail(address) != want {
			t.Errorf("%s: the page takes it: %t, Hark: %t", address, pattern.MatchString(address), surveys.ValidEmail(address))
		}
	}
}

// TestKioskWithoutScript: two people after each other are two answers, the same form
// sent again is one.
func TestKioskWithoutScript(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		survey, path := b.asking(surveys.NPS, surveys.StyleNumbers)
		visitor := b.browser()
		first := visitor.get(kioskOf(path))
		first.want(t, 200, "How likely are you to recommend Northwind Coffee to a friend or colleague?")
		thanks := visitor.follow(visitor.send(first, url.Values{"score": {"9"}, "a.what": {"price"}, "comment": {"Good"}}))
		thanks.want(t, 200, "Thank you. Your answer has arrived.")
		if back := thanks.Find("main a").AttrOr("href", ""); back != kioskOf(path) {
			t.Errorf("the thank-you leads to %q", back)
		}
		more := visitor.send(visitor.get(kioskOf(path)), url.Values{"score": {"3"}, "a.what": {"delivery"}, "comment": {"Late"}})
		more.want(t, 200, "Thank you. May we ask one more thing?")
		if p := visitor.send(more, url.Values{"a.late": {"day", "week"}}); p.status != 422 || p.Find("input[name=score]").AttrOr("value", "") != "3" {
			t.Errorf("two of one: %d", p.status)
		}
		visitor.follow(visitor.send(more, url.Values{"a.late": {"week"}, "a.wish": {"Faster"}})).want(t, 200, "Thank you. Your answer has arrived.")
		visitor.send(first, url.Values{"score": {"8"}, "comment": {"Good"}})
		var got []string
		for _, r := range b.answers(survey) {
			if late := r.Answers["late"]; r.Score == 3 && (len(late.Choices) != 1 || r.Answers["wish"].Text != "Faster" || len(r.Answers["what"].Choices) != 1) {
				t.Errorf("stored %+v", r)
			}
			got = append(got, fmt.Sprintf("%s %d %q", r.Channel, r.Score, r.Comment))
		}
		if len(got) != 2 || !strings.Contains(strings.Join(got, ", "), `kiosk 8 "Good"`) || !strings.Contains(strings.Join(got, ", "), `kiosk 3 "Late"`) {
			t.Errorf("stored %v", got)
		}
		if len(visitor.cookies) > 0 {
			t.Errorf("the kiosk keeps %v", visitor.cookies)
		}
		if leads := first.Find("main a, footer a").Length(); leads > 0 {
			t.Errorf("%d links lead away from the kiosk", leads)
		}
	})
}

// TestKioskTellsWhen: what waited on the tablet counts for when it was given.
func TestKioskTellsWhen(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		for ago, want := range map[string]time.Duration{"": 0, "90": 90 * time.Second, "7200": 2 * time.Hour, "99999999": 30 * 24 * time.Hour, "-5": 0, "soon": 0, "99999999999999": 0} {
			survey, path := b.survey(surveys.CSAT)
			p := b.browser().post(kioskOf(path)+"?answer", url.Values{"form": {"k" + ago}, "score": {"4"}, "save": {"1"}, "ago": {ago}})
			if p.status != http.StatusNoContent {
				t.Errorf("%q: status %d", ago, p.status)
			}
			if got := b.answers(survey); len(got) != 1 || !got[0].AnsweredAt.Equal(s.Now().Add(-want)) {
				t.Errorf("%q is stored as %+v, want one of %s before", ago, got, want)
			}
		}
	})
}

// TestKioskCarriesFields: a tablet's address says where it stands, for everybody who
// answers there.
func TestKioskCarriesFields(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		survey, path := b.asking(surveys.NPS, surveys.StyleNumbers)
		visitor, address := b.browser(), kioskOf(path)+"?shop=12"
		for range 2 {
			asked := visitor.get(address + "&secret=no&lang=de")
			if home := asked.Find("main form").AttrOr("data-home", ""); home != address {
				t.Errorf("the kiosk begins anew at %q", home)
			}
			thanks := visitor.follow(visitor.send(asked, url.Values{"score": {"9"}}))
			if back := thanks.Find("main a").AttrOr("href", ""); back != address {
				t.Errorf("the thank-you leads to %q", back)
			}
		}
		for _, r := range b.answers(survey) {
			if !maps.Equal(r.Fields, map[string]string{"shop": "12"}) {
				t.Errorf("stored with %v", r.Fields)
			}
		}
		b.wantRollups(survey, 2)
	})
}

// TestKioskAnswersWhatWasAsked: an answer counts for the words that its page showed,
// which were changed while it waited.
func TestKioskAnswersWhatWasAsked(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		survey, path := b.asking(surveys.CSAT, surveys.StyleNumbers)
		survey.Question.Version, survey.Question.Style, survey.Question.FollowUps = 2, surveys.StyleThumbs, []surveys.FollowUp{}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
		for version, want := range map[string]struct{ status, version, said int }{
			"1": {204, 1, 1}, "2": {422, 0, 0}, "": {422, 0, 0}, "7": {422, 0, 0}, "0": {422, 0, 0}, "x": {422, 0, 0}, "99999999999": {422, 0, 0},
		} {
			before := len(b.answers(survey))
			form := url.Values{"form": {"v" + version}, "version": {version}, "score": {"3"}, "asked": {"what"}, "a.what": {"price"}, "save": {"1"}}
			if p := b.browser().post(kioskOf(path)+"?answer", form); p.status != want.status {
				t.Errorf("%q: status %d", version, p.status)
			}
			switch list := b.answers(survey); {
			case want.version == 0 && len(list) != before:
				t.Errorf("%q is stored", version)
			case want.version > 0 && (len(list) != before+1 || list[0].Version != want.version || len(list[0].Answers) != want.said):
				t.Errorf("%q is stored as %+v", version, list)
			}
		}
	})
}

// TestKioskRefuses: what cannot be an answer is refused with the right status, and a
// survey that takes none says so.
func TestKioskRefuses(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	survey, path := b.survey(surveys.CSAT)
	for name, form := range map[string]url.Values{
		"no score": {"form": {"a"}, "save": {"1"}}, "a foreign score": {"form": {"a"}, "score": {"9"}}, "two scores": {"form": {"a"}, "score": {"1", "2"}},
		"a long key": {"form": {strings.Repeat("a", 65)}, "score": {"3"}},
	} {
		if p := b.browser().post(kioskOf(path)+"?answer", form); p.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", name, p.status)
		}
	}
	b.browser().get("/k/nowhere").want(t, 404, "We cannot find this page")
	survey.Status = surveys.SurveyPaused
	storetest.Write(t, b.site.Store, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
	paused := b.browser().get(kioskOf(path))
	paused.want(t, 410, "This survey is taking a break")
	if again := paused.header.Get("Refresh"); again != "60" {
		t.Errorf("a tablet looks again after %q", again)
	}
}
