package store_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// takeIn counts invitations under a plan.
func takeIn(t *testing.T, s *store.Store, w surveys.Workspace, plan string, ids ...string) {
	t.Helper()
	segments := make(map[string]map[string]string)
	for _, id := range ids {
		segments[id] = map[string]string{"plan": plan}
	}
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.CountInvitations(ctx, w, segments) })
}

// everyDay is a filter of everybody's and every plan's invitations.
func everyDay(survey surveys.Survey) store.AskedFilter {
	return store.AskedFilter{SurveyID: survey.ID, Keys: []string{"", "plan"}, To: 1 << 30}
}

func agrees(t *testing.T, s *store.Store, ws surveys.WorkspaceID) {
	t.Helper()
	same(t, "a recount of the invitations", []store.Difference(nil))(s.RecountInvitations(context.Background(), ws))
}

// TestInvitationsAreCountedOnceTakenIn: nothing moves before, everything after,
// and a second look takes nothing in again.
func TestInvitationsAreCountedOnceTakenIn(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		survey, person := storetest.Survey(t, s, w.ID, surveys.NPS), storetest.Person(t, s, w.ID)
		i := storetest.Invitation(t, s, survey, person)
		same(t, "uncounted", []surveys.Invitation{i})(s.UncountedInvitations(ctx, w.ID, "", 9))
		same(t, "none behind it", []surveys.Invitation{})(s.UncountedInvitations(ctx, w.ID, i.ID, 9))
		if sums, err := s.Asked(ctx, w.ID, everyDay(survey)); err != nil || len(sums) > 0 {
			t.Errorf("before it was taken in: %v, %v", sums, err)
		}
		for range 2 {
			takeIn(t, s, w, "pro", i.ID)
			one := map[string]surveys.Asked{"": {Invited: 1}}
			same(t, "asked", map[string]map[string]surveys.Asked{"": one, "plan": {"pro": {Invited: 1}}})(s.Asked(ctx, w.ID, everyDay(survey)))
		}
		if left, err := s.UncountedInvitations(ctx, w.ID, "", 9); err != nil || len(left) > 0 {
			t.Errorf("left: %v, %v", left, err)
		}
		day := surveys.Day(i.SendAt, w.Location())
		if first, found, err := s.FirstInvited(ctx, w.ID, survey.ID); err != nil || !found || first != day {
			t.Errorf("first day %d, %v, %v; want %d", first, found, err, day)
		}
		same(t, "by survey", map[string]surveys.Asked{survey.ID: {Invited: 1}})(s.AskedBySurvey(ctx, w.ID, []string{survey.ID}, day, day+1))
		agrees(t, s, w.ID)
	})
}

// TestInvitationsAreCountedByTheirFate walks one invitation through each fate.
func TestInvitationsAreCountedByTheirFate(t *testing.T) {
	t.Parallel()
	const (
		claimed, sending, unknown = surveys.InvitationClaimed, surveys.InvitationSending, surveys.InvitationUnknown
		sent, failed              = surveys.InvitationSent, surveys.InvitationFailed
	)
	for name, c := range map[string]struct {
		moves    []surveys.InvitationState
		answered bool
		want     surveys.Asked
	}{
		"on its way":                {[]surveys.InvitationState{claimed, sending}, false, surveys.Asked{Invited: 1}},
		"of unknown fate":           {[]surveys.InvitationState{claimed, sending, unknown}, false, surveys.Asked{Invited: 1}},
		"sent":                      {[]surveys.InvitationState{claimed, sending, sent}, false, surveys.Asked{Invited: 1, Sent: 1}},
		"answered":                  {[]surveys.InvitationState{claimed, sending, sent}, true, surveys.Asked{Invited: 1, Sent: 1, Answered: 1, Clicked: 1}},
		"bounced later":             {[]surveys.InvitationState{claimed, sending, sent, failed}, false, surveys.Asked{Invited: 1, Failed: 1}},
		"answered after all":        {[]surveys.InvitationState{claimed, sending, failed}, true, surveys.Asked{Invited: 1, Sent: 1, Answered: 1, Clicked: 1}},
		"answered of unknown fate":  {[]surveys.InvitationState{claimed, sending, unknown}, true, surveys.Asked{Invited: 1, Sent: 1, Answered: 1, Clicked: 1}},
		"cancelled":                 {[]surveys.InvitationState{surveys.InvitationCancelled}, false, surveys.Asked{Invited: 1, Cancelled: 1}},
		"suppressed":                {[]surveys.InvitationState{claimed, surveys.InvitationSuppressed}, false, surveys.Asked{Invited: 1, Suppressed: 1}},
		"expired":                   {[]surveys.InvitationState{claimed, surveys.InvitationExpired}, false, surveys.Asked{Invited: 1, Expired: 1}},
		"scheduled for another try": {[]surveys.InvitationState{claimed, sending, surveys.InvitationScheduled}, false, surveys.Asked{Invited: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Both(t, func(t *testing.T, s *store.Store) {
				w := storetest.Workspace(t, s)
				survey := storetest.Survey(t, s, w.ID, surveys.NPS)
				i := storetest.Invitation(t, s, survey, storetest.Person(t, s, w.ID))
				takeIn(t, s, w, "pro", i.ID)
				for _, to := range c.moves {
					moveTo(t, s, &i, to)
				}
				if c.answered {
					r := storetest.Response(t, s, survey, 9)
					r.InvitationID = i.ID
					storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
						_, err := tx.Take(ctx, store.Submission{Response: r})
						return err
					})
				}
				sums, err := s.Asked(context.Background(), w.ID, everyDay(survey))
				if err != nil || sums[""][""] != c.want || sums["plan"]["pro"] != c.want {
					t.Errorf("%+v, %v; want %+v", sums, err, c.want)
				}
				agrees(t, s, w.ID)
			})
		})
	}
}

// moveTo moves an invitation as a dispatcher does.
func moveTo(t *testing.T, s *store.Store, i *surveys.Invitation, to surveys.InvitationState) {
	t.Helper()
	from := i.State
	i.State = to
	if to == surveys.InvitationSent {
		now := s.Now()
		i.SentAt = &now
	}
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.MoveInvitation(ctx, *i, from) })
}

// TestInvitationsAreCountedOnTheDayOfSending: planned before midnight in Berlin,
// sent after it, and then the office moves to Auckland.
func TestInvitationsAreCountedOnTheDayOfSending(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		i := storetest.Invitation(t, s, survey, storetest.Person(t, s, w.ID))
		takeIn(t, s, w, "pro", i.ID)
		planned := surveys.Day(i.SendAt, w.Location())
		clock.Advance(50 * time.Hour)
		moveTo(t, s, &i, surveys.InvitationClaimed)
		moveTo(t, s, &i, surveys.InvitationSending)
		moveTo(t, s, &i, surveys.InvitationSent)
		on := func(what string, day int) {
			t.Helper()
			if got, found, err := s.FirstInvited(ctx, w.ID, survey.ID); err != nil || !found || got != day {
				t.Errorf("%s: on day %d, %v, %v; want %d", what, got, found, err, day)
			}
			agrees(t, s, w.ID)
		}
		on("sent", surveys.Day(*i.SentAt, w.Location()))
		if surveys.Day(*i.SentAt, w.Location()) == planned {
			t.Fatal("the test sends it on the day for which it was planned")
		}
		rebuild(t, s, w.ID, func(at time.Time) int { return surveys.Day(at, time.UTC) + 100 })
		on("after the move", surveys.Day(*i.SentAt, time.UTC)+100)
	})
}

// rebuild counts the invitations anew under other days.
func rebuild(t *testing.T, s *store.Store, ws surveys.WorkspaceID, day func(time.Time) int) {
	t.Helper()
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.MoveInvitationDays(ctx, ws, day); err != nil {
			return err
		}
		return tx.RebuildInvitations(ctx, ws)
	})
}

// TestRecountInvitationsFindsDifferences: what somebody wrote by hand is found,
// and mended.
func TestRecountInvitationsFindsDifferences(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		i := storetest.Invitation(t, s, survey, storetest.Person(t, s, w.ID))
		takeIn(t, s, w, "pro", i.ID)
		if _, err := s.Writers().Exec("UPDATE invitation_counts SET invited = 4, failed = 2 WHERE key = 'plan'"); err != nil {
			t.Fatal(err)
		}
		day := surveys.Day(i.SendAt, w.Location())
		same(t, "differences", []store.Difference{{SurveyID: survey.ID, Key: "invitations by plan", Day: day, Value: "pro", Stored: 4, Counted: 1}})(s.RecountInvitations(ctx, w.ID))
		rebuild(t, s, w.ID, func(at time.Time) int { return surveys.Day(at, w.Location()) })
		agrees(t, s, w.ID)
	})
}

// TestAnswerDelays measures from the sending, of those that were answered.
func TestAnswerDelays(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		for n := range 3 {
			i := storetest.Invitation(t, s, survey, storetest.Person(t, s, w.ID))
			moveTo(t, s, &i, surveys.InvitationClaimed)
			moveTo(t, s, &i, surveys.InvitationSending)
			moveTo(t, s, &i, surveys.InvitationSent)
			if n == 0 {
				continue
			}
			r := storetest.Response(t, s, survey, 9)
			r.InvitationID, r.AnsweredAt = i.ID, i.SentAt.Add(time.Duration(n)*time.Hour)
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Take(ctx, store.Submission{Response: r})
				return err
			})
		}
		delays, err := s.AnswerDelays(context.Background(), w.ID, survey.ID, s.Now().Add(time.Minute), 10)
		slices.Sort(delays)
		if want := []time.Duration{time.Hour, 2 * time.Hour}; err != nil || !slices.Equal(delays, want) {
			t.Errorf("%v, %v; want %v", delays, err, want)
		}
		same(t, "before they were due", []time.Duration(nil))(s.AnswerDelays(context.Background(), w.ID, survey.ID, s.Now().Add(-time.Minute), 10))
	})
}

// fates is one run of the property test on invitations.
type fates struct {
	t      *testing.T
	s      *store.Store
	in     *store.Ingest
	w      surveys.Workspace
	survey surveys.Survey
	people []surveys.Person
	list   map[string]surveys.Invitation
}

// TestCountsFollowTheInvitations schedules, takes in, sends, loses, withdraws,
// answers, changes, erases and moves house at random, and recounts after each step.
func TestCountsFollowTheInvitations(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		in := newIngest(t, s)
		rapid.Check(t, func(rt *rapid.T) {
			w := storetest.Workspace(t, s)
			f := &fates{t: t, s: s, in: in, w: w, survey: storetest.Survey(t, s, w.ID, surveys.NPS), list: map[string]surveys.Invitation{}}
			for range 4 {
				f.people = append(f.people, storetest.Person(t, s, w.ID))
			}
			for range rapid.IntRange(4, 12).Draw(rt, "steps") {
				f.step(rt)
				if differences, err := s.RecountInvitations(context.Background(), w.ID); err != nil || len(differences) > 0 {
					rt.Fatalf("the counts differ: %+v, %v", differences, err)
				}
			}
		})
	})
}

func (f *fates) step(rt *rapid.T) {
	step := rapid.SampledFrom([]string{"schedule", "schedule", "take in", "take in", "move", "move", "move", "answer", "answer", "batch", "suppress", "settle", "erase", "rebuild"}).Draw(rt, "step")
	switch step {
	case "schedule":
		i := storetest.Invitation(f.t, f.s, f.survey, rapid.SampledFrom(f.people).Draw(rt, "person"))
		f.list[i.ID] = i
	case "take in":
		f.takeIn(rt)
	case "move":
		f.move(rt)
	case "answer", "batch":
		f.answer(rt, step)
	case "suppress":
		email := rapid.SampledFrom(f.people).Draw(rt, "person").Email
		storetest.Write(f.t, f.s, func(ctx context.Context, tx *store.Tx) error { return tx.SuppressInvitations(ctx, f.w.ID, email) })
	case "settle":
		storetest.Write(f.t, f.s, func(ctx context.Context, tx *store.Tx) error { return tx.SettleAnswered(ctx, f.w.ID) })
	case "erase":
		f.erase(rt)
	case "rebuild":
		by := rapid.IntRange(-1, 1).Draw(rt, "days")
		rebuild(f.t, f.s, f.w.ID, func(at time.Time) int { return surveys.Day(at, time.UTC) + by })
	}
	for id := range f.list { // as the store has it now
		i, err := f.s.Invitation(context.Background(), f.w.ID, id)
		if err != nil {
			rt.Fatal(err)
		}
		f.list[id] = i
	}
}

func (f *fates) ids() []string { return slices.Sorted(maps.Keys(f.list)) }

func (f *fates) takeIn(rt *rapid.T) {
	segments := make(map[string]map[string]string)
	for _, id := range f.ids() {
		if rapid.Bool().Draw(rt, "in") {
			segments[id] = map[string]string{"plan": rapid.SampledFrom([]string{"free", "pro", `a "b" \ c`}).Draw(rt, "plan")}
		}
	}
	storetest.Write(f.t, f.s, func(ctx context.Context, tx *store.Tx) error { return tx.CountInvitations(ctx, f.w, segments) })
}

// move takes any step that an invitation's state allows.
func (f *fates) move(rt *rapid.T) {
	if len(f.list) == 0 {
		return
	}
	i := f.list[rapid.SampledFrom(f.ids()).Draw(rt, "invitation")]
	var next []surveys.InvitationState
	for _, to := range []surveys.InvitationState{"scheduled", "claimed", "sending", "sent", "failed", "unknown", "suppressed", "cancelled", "expired"} {
		if i.State.CanMove(to) {
			next = append(next, to)
		}
	}
	if len(next) > 0 {
		moveTo(f.t, f.s, &i, rapid.SampledFrom(next).Draw(rt, "to"))
	}
}

// answer answers invitations, some for the second time, by a path of the ingest.
func (f *fates) answer(rt *rapid.T, path string) {
	var submissions []store.Submission
	for _, id := range f.ids() {
		if !rapid.Bool().Draw(rt, "answers") {
			continue
		}
		r := storetest.Response(f.t, f.s, f.survey, rapid.IntRange(0, 10).Draw(rt, "score"))
		r.InvitationID, r.PersonID = id, f.list[id].PersonID
		submissions = append(submissions, store.Submission{Response: r})
	}
	var errs []error
	if path == "batch" {
		_, errs, _ = store.StoreBatch(f.s, submissions)
	} else {
		_, errs = submitAll(f.in, submissions)
	}
	for i, err := range errs {
		if err != nil {
			rt.Fatal(fmt.Errorf("answer %d: %w", i, err))
		}
	}
}

func (f *fates) erase(rt *rapid.T) {
	at := rapid.IntRange(0, len(f.people)-1).Draw(rt, "person")
	person := f.people[at]
	storetest.Write(f.t, f.s, func(ctx context.Context, tx *store.Tx) error { return tx.ErasePerson(ctx, f.w.ID, person.ID) })
	maps.DeleteFunc(f.list, func(_ string, i surveys.Invitation) bool { return i.PersonID == person.ID })
	f.people[at] = storetest.Person(f.t, f.s, f.w.ID)
}
