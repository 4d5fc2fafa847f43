package flow_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// asked is an invitation that was opened, of a survey with a choice for machines.
func asked(t *testing.T, s *store.Store, a *flow.Answers, m surveys.Machines) flow.Invited {
	t.Helper()
	w := storetest.Workspace(t, s)
	survey := storetest.Survey(t, s, w.ID, surveys.NPS)
	survey.Machines = m
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
	invitation := storetest.Invitation(t, s, survey, storetest.Person(t, s, w.ID))
	in, err := a.OpenInvitation(t.Context(), storetest.Token(t, s, w, surveys.PurposeAnswer, invitation.ID))
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// TestWeighByChoice: what was sent counts under each choice, what was only looked
// at when the choice has it, and judging twice at once, from two processes, counts
// it once.
func TestWeighByChoice(t *testing.T) {
	t.Parallel()
	sent := surveys.Act{Client: []byte("c"), Seal: surveys.SealGood, Human: true}
	looked, old := sent, sent
	looked.Seen, old.Seal = true, surveys.SealStale
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		in := store.NewIngest(s, nil)
		t.Cleanup(in.Close)
		a := flow.NewAnswers(s, flow.NewDirectory(s), in)
		for _, c := range []struct {
			name        string
			machines    surveys.Machines
			act         surveys.Act
			first       surveys.Verdict
			soon, later int
		}{
			{"sent, strict", surveys.Strict, sent, surveys.Count, 1, 1},
			{"sent, balanced", surveys.Balanced, sent, surveys.Count, 1, 1},
			{"looked at, strict", surveys.Strict, looked, surveys.Wait, 0, 0},
			{"looked at, balanced", surveys.Balanced, looked, surveys.Wait, 0, 1},
			{"looked at, eager", surveys.Eager, looked, surveys.Count, 1, 1},
			{"sent from an old page, strict", surveys.Strict, old, surveys.Wait, 0, 0},
			{"sent from an old page, balanced", surveys.Balanced, old, surveys.Wait, 0, 1},
		} {
			invited := asked(t, s, a, c.machines)
			verdict, err := a.Weigh(t.Context(), invited, flow.Given{Score: 9, Locale: "en"}, c.act)
			if err != nil || verdict != c.first {
				t.Errorf("%s: %s, %v, want %s", c.name, verdict, err, c.first)
			}
			wantCounted(t, s, invited, c.name+", at once", c.soon)
			clock.Advance(surveys.UsualQuarantine + time.Second)
			var both sync.WaitGroup
			for range 2 {
				both.Go(func() {
					if err := flow.Judge(context.Background(), s); err != nil {
						t.Errorf("%s: %v", c.name, err)
					}
				})
			}
			both.Wait()
			wantCounted(t, s, invited, c.name+", later", c.later)
			held, err := s.HeldAnswers(t.Context(), invited.Office.ID, invited.Invitation.ID)
			if err != nil || len(held)+c.later != 1 {
				t.Errorf("%s: %d held, %d counted, %v: an answer is neither or both", c.name, len(held), c.later, err)
			}
		}
	})
}

// TestQuarantineIsTheSurveys: an answer that was only looked at waits for as long as
// its survey says, also when it says so after the answer came.
func TestQuarantineIsTheSurveys(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		in := store.NewIngest(s, nil)
		t.Cleanup(in.Close)
		a := flow.NewAnswers(s, flow.NewDirectory(s), in)
		invited := asked(t, s, a, surveys.Balanced)
		waits := func(d time.Duration) {
			t.Helper()
			changed := invited.Survey
			changed.Quarantine = d
			if _, err := flow.NewAsking(s).UpdateSurvey(t.Context(), changed); err != nil {
				t.Fatal(err)
			}
		}
		after := func(d time.Duration, want int) {
			t.Helper()
			clock.Advance(d)
			if err := flow.Judge(t.Context(), s); err != nil {
				t.Fatal(err)
			}
			wantCounted(t, s, invited, "after "+d.String()+" more", want)
		}
		if _, err := a.Weigh(t.Context(), invited, flow.Given{Score: 9, Locale: "en"}, surveys.Act{Client: []byte("c"), Seen: true}); err != nil {
			t.Fatal(err)
		}
		waits(time.Hour)
		after(surveys.UsualQuarantine+time.Second, 0)
		after(44*time.Minute, 0)
		after(time.Minute, 1)
	})
}

// wantCounted checks how many answers of an invitation's survey are counted, in all
// places.
func wantCounted(t *testing.T, s *store.Store, in flow.Invited, what string, want int) {
	t.Helper()
	n, err := s.CountResponses(t.Context(), in.Office.ID, store.ResponseFilter{SurveyID: in.Survey.ID})
	if err != nil || n != int64(want) {
		t.Errorf("%s: %d counted, %v, want %d", what, n, err, want)
	}
	if wrong, err := s.Recount(t.Context(), in.Office.ID); err != nil || len(wrong) > 0 {
		t.Errorf("%s: the rollups are wrong: %+v, %v", what, wrong, err)
	}
}

// TestErasedPersonLeavesNoTouch: with a person go their touches, held answers and
// moves, and judging what came in behind does no harm.
func TestErasedPersonLeavesNoTouch(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		in := store.NewIngest(s, nil)
		t.Cleanup(in.Close)
		a := flow.NewAnswers(s, flow.NewDirectory(s), in)
		invited := asked(t, s, a, surveys.Balanced)
		touch := surveys.Touch{WorkspaceID: invited.Office.ID, InvitationID: invited.Invitation.ID, At: s.Now(), Kind: surveys.TouchPage, Method: "GET", Client: []byte("c"), Delay: -1}
		add := func() {
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddTouches(ctx, []surveys.Touch{touch}) })
		}
		add()
		if _, err := a.Weigh(t.Context(), invited, flow.Given{Score: 9, Locale: "en"}, surveys.Act{Client: []byte("c"), Seen: true}); err != nil {
			t.Fatal(err)
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.ErasePerson(ctx, invited.Office.ID, invited.Invitation.PersonID)
		})
		add() // it was on its way
		clock.Advance(surveys.UsualQuarantine + time.Second)
		if err := flow.Judge(t.Context(), s); err != nil {
			t.Error(err)
		}
		held, err := s.HeldAnswers(t.Context(), invited.Office.ID, invited.Invitation.ID)
		moves, movesErr := s.AnswerMoves(t.Context(), invited.Office.ID, invited.Invitation.ID)
		if err != nil || movesErr != nil || len(held)+len(moves) != 0 {
			t.Errorf("held %+v, moves %+v, %v, %v", held, moves, err, movesErr)
		}
		wantCounted(t, s, invited, "after the erasure", 0)
		if ids, err := s.ToJudge(t.Context(), invited.Office.ID, s.Now().Add(time.Hour), 9); err != nil || len(ids) > 0 {
			t.Errorf("%v are still to be judged, %v", ids, err)
		}
	})
}
