package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestTurnsAreTheWorkspacesOwn looks for one workspace's turns, and changes
// them, under the name of another.
func TestTurnsAreTheWorkspacesOwn(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		mine, theirs := storetest.Workspace(t, s), storetest.Workspace(t, s)
		survey, person := storetest.Survey(t, s, theirs.ID, surveys.NPS), storetest.Person(t, s, theirs.ID)
		rule := storetest.Rule(t, s, survey)
		turn := surveys.Turn{WorkspaceID: theirs.ID, RuleID: rule.ID, PersonID: person.ID, DueAt: s.Now()}
		far := s.Now().AddDate(1, 0, 0)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			if n, err := tx.GiveTurns(ctx, []surveys.Turn{turn, turn}); err != nil || n != 1 {
				t.Errorf("GiveTurns = %d, %v, want one", n, err)
			}
			other := turn
			other.WorkspaceID, other.DueAt = mine.ID, far
			if err := tx.MoveTurn(ctx, other); err != nil {
				t.Error(err)
			}
			if err := tx.DropTurn(ctx, other); err != nil {
				t.Error(err)
			}
			if n, err := tx.DropTurns(ctx, mine.ID, rule.ID, time.Time{}); err != nil || n != 0 {
				t.Errorf("DropTurns = %d, %v", n, err)
			}
			if due, err := tx.DueTurns(ctx, mine.ID, rule.ID, far, 10); err != nil || len(due) != 0 {
				t.Errorf("DueTurns = %v, %v", due, err)
			}
			if _, err := tx.TurnNew(ctx, mine.ID, rule.ID, 10); surveys.KindOf(err) != surveys.NotFound {
				t.Errorf("TurnNew = %v", err)
			}
			if _, err := tx.LockPerson(ctx, mine.ID, person.ID); surveys.KindOf(err) != surveys.NotFound {
				t.Errorf("LockPerson = %v", err)
			}
			return nil
		})
		ctx := context.Background()
		if n, first, last, err := s.TurnsWaiting(ctx, theirs.ID, rule.ID, far); err != nil || n != 1 || !first.Equal(turn.DueAt) || !last.Equal(turn.DueAt) {
			t.Errorf("TurnsWaiting = %d from %s to %s, %v", n, first, last, err)
		}
		if turns, err := s.PersonTurns(ctx, mine.ID, person.ID); err != nil || len(turns) != 0 {
			t.Errorf("PersonTurns = %v, %v", turns, err)
		}
	})
}

// TestMetKnowsItsOwnPeople looks somebody up whom only another workspace knows.
func TestMetKnowsItsOwnPeople(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		mine, theirs := storetest.Workspace(t, s), storetest.Workspace(t, s)
		person := storetest.Person(t, s, theirs.ID)
		rule := storetest.Rule(t, s, storetest.Survey(t, s, theirs.ID, surveys.NPS))
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.Suppress(ctx, theirs, person.Email, surveys.SuppressedBounced); err != nil {
				return err
			}
			_, err := tx.GiveTurns(ctx, []surveys.Turn{{WorkspaceID: theirs.ID, RuleID: rule.ID, PersonID: person.ID, DueAt: s.Now()}})
			return err
		})
		list := []surveys.Person{{ExternalID: person.ExternalID}, {Email: person.Email}}
		met, err := s.Met(context.Background(), theirs, list[:1], rule)
		if want := (store.Met{Email: person.Email, Suppressed: surveys.SuppressedBounced, Waiting: true}); err != nil || met[0] != want {
			t.Errorf("Met = %+v, %v, want %+v", met, err, want)
		}
		met, err = s.Met(context.Background(), mine, list, rule)
		if err != nil || met[0] != (store.Met{}) || met[1] != (store.Met{Email: person.Email}) {
			t.Errorf("Met in another workspace = %+v, %v", met, err)
		}
	})
}
