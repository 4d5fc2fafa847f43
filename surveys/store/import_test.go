package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// imported makes n answers of as many customers, starting at a number.
func imported(t *testing.T, s *store.Store, survey surveys.Survey, from, n int) []store.Imported {
	t.Helper()
	list := make([]store.Imported, n)
	for i := range list {
		r := storetest.Response(t, s, survey, (from+i)%11)
		r.ID = fmt.Sprintf("0195a000-0000-8000-8000-%012d", from+i)
		r.Channel = surveys.ChannelImport
		r.Segments = surveys.SegmentsOf(r, []string{"plan"}, map[string]any{"plan": "p\"ro"})
		list[i] = store.Imported{Response: r, Person: surveys.Person{ExternalID: fmt.Sprint(from + i), Email: fmt.Sprintf("c%d@example.com", from+i)}}
	}
	return list
}

func TestImportInBatches(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		survey := storetest.Survey(t, s, storetest.Workspace(t, s).ID, surveys.NPS)
		for _, want := range []store.ImportCounts{{Stored: 90, People: 90}, {Stored: 30, Repeated: 60, People: 30}} {
			first := 30 * int(want.Repeated/60) // the second import overlaps with the first
			got, err := s.Import(ctx, survey, func(_ *store.Tx, l *store.Loader) error {
				for from := first; from < first+90; from += 30 {
					if err := l.Add(ctx, imported(t, s, survey, from, 30)); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil || got != want {
				t.Fatalf("%+v, %v; want %+v", got, err, want)
			}
		}
		r, err := s.Response(ctx, survey.WorkspaceID, "0195a000-0000-8000-8000-000000000007")
		if err != nil || r.Score != 7 || r.Segments["plan"] != `p"ro` || r.PersonID == "" || r.InvitationID != "" || !r.AnsweredAt.Equal(s.Now()) {
			t.Errorf("%+v, %v", r, err)
		}
		if differences, err := s.Recount(ctx, survey.WorkspaceID); err != nil || len(differences) > 0 {
			t.Errorf("the rollups differ: %+v, %v", differences, err)
		}
	})
}

func TestImportThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		survey := storetest.Survey(t, s, storetest.Workspace(t, s).ID, surveys.NPS)
		full := errors.New("the file ended early")
		if counts, err := s.Import(ctx, survey, func(_ *store.Tx, l *store.Loader) error {
			if err := l.Add(ctx, imported(t, s, survey, 0, 60)); err != nil {
				return err
			}
			return full
		}); !errors.Is(err, full) || counts != (store.ImportCounts{}) {
			t.Errorf("%+v, %v", counts, err)
		}
		// Ids must differ within an import; the database sees to it.
		if _, err := s.Import(ctx, survey, func(_ *store.Tx, l *store.Loader) error {
			return errors.Join(l.Add(ctx, imported(t, s, survey, 0, 2)), l.Add(ctx, imported(t, s, survey, 1, 1)))
		}); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("the same id twice: %v", err)
		}
		n, err := s.CountResponses(ctx, survey.WorkspaceID, store.ResponseFilter{})
		people, peopleErr := s.People(ctx, survey.WorkspaceID, "", 0, 10)
		if err != nil || peopleErr != nil || n != 0 || len(people) != 0 {
			t.Errorf("%d answers and %d people are stored, %v, %v", n, len(people), err, peopleErr)
		}
		if differences, err := s.Recount(ctx, survey.WorkspaceID); err != nil || len(differences) > 0 {
			t.Errorf("the rollups differ: %+v, %v", differences, err)
		}
		storetest.Answer(t, s, survey, 9) // the connection serves on
	})
}

// TestImportsIntoOneSurveyWait runs two imports of the same answers at once:
// the second begins when the first is committed, and finds them stored.
func TestImportsIntoOneSurveyWait(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		survey := storetest.Survey(t, s, storetest.Workspace(t, s).ID, surveys.NPS)
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		list := imported(t, s, survey, 0, 50)
		results := make(chan store.ImportCounts, 2)
		for range 2 {
			mine := append([]store.Imported(nil), list...)
			go func() {
				counts, err := s.Import(ctx, survey, func(_ *store.Tx, l *store.Loader) error { return l.Add(ctx, mine) })
				if err != nil {
					t.Error(err)
				}
				results <- counts
			}()
		}
		a, b := <-results, <-results
		if a.Stored+b.Stored != 50 || a.Repeated+b.Repeated != 50 {
			t.Errorf("%+v and %+v", a, b)
		}
	})
}
