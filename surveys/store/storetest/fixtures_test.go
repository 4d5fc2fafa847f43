package storetest_test

import (
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestFixturesAreReal reads every fixture back: what other packages' tests
// stand on is what the store would have written.
func TestFixturesAreReal(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		if _, err := w.Check(); err != nil {
			t.Errorf("the workspace is wrong: %v", err)
		}
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		person := storetest.Person(t, s, w.ID)
		invitation := storetest.Invitation(t, s, survey, person)
		user := storetest.User(t, s, w.ID, surveys.Owner)
		answer := storetest.Answer(t, s, survey, 9)
		token := storetest.Token(t, s, w, surveys.PurposeAnswer, invitation.ID)
		for name, read := range map[string]func() (got, want any, err error){
			"workspace": func() (any, any, error) { got, err := s.Workspace(ctx, w.ID); return got, w, err },
			"survey":    func() (any, any, error) { got, err := s.Survey(ctx, w.ID, survey.ID); return got, survey, err },
			"person":    func() (any, any, error) { got, err := s.Person(ctx, w.ID, person.ID); return got, person, err },
			"invitation": func() (any, any, error) {
				got, err := s.Invitation(ctx, w.ID, invitation.ID)
				return got, invitation, err
			},
			"user":     func() (any, any, error) { got, err := s.User(ctx, w.ID, user.ID); return got, user, err },
			"response": func() (any, any, error) { got, err := s.Response(ctx, w.ID, answer.ID); return got, answer, err },
			"token": func() (any, any, error) {
				got, err := s.Grant(ctx, w.ID, surveys.PurposeAnswer, token, s.Now())
				return got.SubjectID, invitation.ID, err
			},
		} {
			got, want, err := read()
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s: got %+v, %v\nwant %+v", name, got, err, want)
			}
		}
	})
}

func TestClockMovesOnlyWhenTold(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	s := storetest.OpenAt(t, store.SQLite, clock.Now)
	before := s.Now()
	clock.Advance(time.Hour)
	if got := s.Now().Sub(before); got != time.Hour {
		t.Errorf("the clock moved by %s, want 1h", got)
	}
}
