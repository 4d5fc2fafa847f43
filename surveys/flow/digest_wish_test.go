package flow_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestDigestIsChosen(t *testing.T) {
	t.Parallel()
	readers(t, func(x *reader) {
		other := storetest.Survey(x.t, x.store, storetest.Workspace(x.t, x.store).ID, surveys.NPS)
		for name, c := range map[string]struct {
			wish   flow.Wish
			fields map[string]string
		}{
			"no pace":                      {flow.Wish{On: true, Hour: 8}, map[string]string{"every": "digest_pace"}},
			"a pace that is none":          {flow.Wish{On: true, Every: "hourly", Hour: 8}, map[string]string{"every": "digest_pace"}},
			"hour 24":                      {flow.Wish{On: true, Every: surveys.DigestDaily, Hour: 24}, map[string]string{"hour": "digest_hour"}},
			"a survey of others":           {flow.Wish{On: true, Every: surveys.DigestDaily, Surveys: []string{other.ID}}, map[string]string{"surveys": "digest_survey"}},
			"a survey that is no id":       {flow.Wish{On: true, Every: surveys.DigestDaily, Surveys: []string{"\x00"}}, map[string]string{"surveys": "digest_survey"}},
			"both wrong, though it is off": {flow.Wish{Every: "x", Hour: -1}, map[string]string{"every": "digest_pace", "hour": "digest_hour"}},
		} {
			before := x.stored()
			_, err := x.digests.Choose(x.t.Context(), x.w, x.user, c.wish)
			wantFields(x.t, err, c.fields)
			if got := x.stored(); got.Every != before.Every || got.Hour != before.Hour || !got.On() {
				x.t.Errorf("%s: stored as %+v", name, got)
			}
		}
		x.answer(9, 9)
		x.choose(flow.Wish{Every: surveys.DigestDaily, Hour: 9})
		if x.stored().On() {
			x.t.Error("it is still on")
		}
		x.clock.Advance(48 * time.Hour)
		x.choose(flow.Wish{On: true, Every: surveys.DigestMonthly, Hour: 0, Surveys: []string{x.survey.ID}})
		if got := x.stored(); !got.On() || got.Told[x.survey.ID].Answers != 2 {
			x.t.Errorf("turned on again, what was there before is news: %+v", got)
		}
	})
}

func TestOnlyChosenSurveysAreTold(t *testing.T) {
	t.Parallel()
	readers(t, func(x *reader) {
		chosen := x.survey
		x.choose(flow.Wish{On: true, Every: surveys.DigestWeekly, Hour: 8, Surveys: []string{chosen.ID}})
		x.survey = storetest.Survey(x.t, x.store, x.w.ID, surveys.CSAT)
		x.answer(5)
		x.toDue(0)
		if err := x.pass(); err != nil || x.box.count() != 0 {
			x.t.Errorf("a survey that was not chosen made a mail: %d, %v", x.box.count(), err)
		}
		x.survey = chosen
		x.answer(5)
		x.toDue(0)
		if err := x.pass(); err != nil || x.box.count() != 1 || len(x.box.last().News) != 1 || len(x.box.last().Quiet) != 0 {
			x.t.Errorf("%d, %v", x.box.count(), err)
		}
	})
}

func TestWhoIsNotThereGetsNothing(t *testing.T) {
	t.Parallel()
	each(t, map[string]func(x *reader, job *flow.DigestArgs){
		"the member lost every role": func(x *reader, _ *flow.DigestArgs) {
			u := x.user
			u.Role = "none"
			storetest.Write(x.t, x.store, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateUser(ctx, u) })
		},
		"the member is gone":          func(_ *reader, job *flow.DigestArgs) { job.User = "00000000-0000-7000-8000-000000000000" },
		"a member of another company": func(x *reader, job *flow.DigestArgs) { job.Workspace = storetest.Workspace(x.t, x.store).ID },
		"it was turned off":           func(x *reader, _ *flow.DigestArgs) { x.choose(flow.Wish{Every: surveys.DigestDaily}) },
		"the job is a day old":        func(x *reader, _ *flow.DigestArgs) { x.clock.Advance(surveys.DigestLate + time.Second) },
	}, func(x *reader, change func(x *reader, job *flow.DigestArgs)) {
		x.answer(9)
		x.toDue(0)
		jobs, err := flow.ClaimDigests(x.t.Context(), x.store, x.w.ID)
		if err != nil || len(jobs) != 1 {
			x.t.Fatalf("%d jobs, %v", len(jobs), err)
		}
		change(x, &jobs[0])
		if err := flow.DeliverDigest(x.t.Context(), x.store, x.box, jobs[0]); err != nil || x.box.count() != 0 {
			x.t.Errorf("%d mails, %v", x.box.count(), err)
		}
	})
}

func TestWayOutOfTheDigest(t *testing.T) {
	t.Parallel()
	readers(t, func(x *reader) {
		x.answer(9)
		x.toDue(0)
		if err := x.pass(); err != nil {
			x.t.Fatal(err)
		}
		stop := x.box.stops[0]
		r, err := x.digests.OpenWayOut(x.t.Context(), stop)
		if err != nil || r.User.ID != x.user.ID || !r.Digest.On() {
			x.t.Fatalf("%+v, %v", r, err)
		}
		if err := x.digests.Switch(x.t.Context(), r, false); err != nil || x.stored().On() {
			x.t.Errorf("stop: %v", err)
		}
		if r, err = x.digests.OpenWayOut(x.t.Context(), stop); err != nil || r.Digest.On() {
			x.t.Errorf("opened once more: %+v, %v", r, err)
		}
		if err := x.digests.Switch(x.t.Context(), r, true); err != nil || !x.stored().On() || x.stored().Every != surveys.DigestWeekly {
			x.t.Errorf("start: %v", err)
		}
		stranger := storetest.Workspace(x.t, x.store)
		for name, token := range map[string]surveys.Token{
			"of another purpose":             storetest.Token(x.t, x.store, x.w.Workspace, surveys.PurposeUnsubscribe, x.user.ID),
			"a session":                      storetest.Token(x.t, x.store, x.w.Workspace, surveys.PurposeSession, x.user.ID),
			"of another workspace":           surveys.Token(stranger.Key) + stop[surveys.KeyLength:],
			"of another workspace, for them": storetest.Token(x.t, x.store, stranger, surveys.PurposeDigest, x.user.ID),
			"cut short":                      stop[:20], "empty": "", "not one": "'; DROP TABLE digests; --xxxxxx",
		} {
			if _, err := x.digests.OpenWayOut(x.t.Context(), token); surveys.KindOf(err) != surveys.NotFound {
				x.t.Errorf("a token %s: %v, want NotFound", name, err)
			}
		}
	})
}

func TestCommentsOnlyForThoseWhoWant(t *testing.T) {
	t.Parallel()
	readers(t, func(x *reader) {
		for i, c := range []struct {
			score   int
			comment string
		}{{2, "late"}, {10, "lovely"}, {3, "cold"}, {0, "broken"}, {1, ""}} {
			r := storetest.Response(x.t, x.store, x.survey, c.score)
			r.Comment, r.Day, r.AnsweredAt = c.comment, surveys.Day(x.store.Now(), x.w.Zone), x.store.Now().Add(time.Duration(i)*time.Second)
			storetest.Write(x.t, x.store, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, []surveys.Response{r}) })
		}
		x.clock.Advance(24 * time.Hour)
		for wants, want := range map[bool][]string{false: nil, true: {"broken", "cold"}} {
			d := x.stored()
			d.Comments = wants
			e, err := x.digests.Edition(x.t.Context(), x.w, x.user, d)
			if err != nil || len(e.News) != 1 {
				x.t.Fatalf("%d news, %v", len(e.News), err)
			}
			var got []string
			for _, c := range e.News[0].Comments {
				got = append(got, c.Comment)
			}
			if !slices.Equal(got, want) {
				x.t.Errorf("wanted %t: %v, want %v", wants, got, want)
			}
		}
	})
}

func TestPreviewLooksBackAsFarAsThePace(t *testing.T) {
	t.Parallel()
	readers(t, func(x *reader) {
		x.answer(9)
		x.clock.Advance(5 * 24 * time.Hour)
		x.answer(9, 9)
		x.clock.Advance(24 * time.Hour)
		for pace, want := range map[surveys.DigestPace]int64{surveys.DigestDaily: 2, surveys.DigestWeekly: 3, surveys.DigestMonthly: 3} {
			d := surveys.NewDigest(x.user)
			d.Every = pace
			e, err := x.digests.Preview(x.t.Context(), x.w, x.user, d)
			if err != nil || len(e.News) != 1 || e.News[0].New != want {
				x.t.Errorf("%s: %+v, %v, want %d new", pace, e.News, err, want)
			}
		}
		before := x.stored()
		if err := flow.DeliverDigestNow(x.t.Context(), x.store, x.box, flow.DigestNowArgs{Workspace: x.w.ID, User: x.user.ID}); err != nil || x.box.count() != 1 {
			x.t.Errorf("now: %d, %v", x.box.count(), err)
		}
		if got := x.stored(); fmt.Sprint(got) != fmt.Sprint(before) {
			x.t.Errorf("one now changed %+v to %+v", before, got)
		}
	})
}

// The compiler says when the queue's interface changes.
var _ river.JobArgsWithInsertOpts = flow.DigestArgs{}
