package store_test

import (
	"context"
	"fmt"
	"reflect"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// keptList stores a list of people and returns it.
func keptList(t *testing.T, s *store.Store, rule surveys.Rule, people []surveys.Person) surveys.List {
	t.Helper()
	packed, err := store.PackPeople(people)
	if err != nil {
		t.Fatal(err)
	}
	list := surveys.List{WorkspaceID: rule.WorkspaceID, ID: storetest.ID(t, s), RuleID: rule.ID, Start: s.Now(), Days: 3}
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.CreateList(ctx, list, packed) })
	list, err = s.List(context.Background(), list.WorkspaceID, list.ID)
	if err != nil || list.State != surveys.ListStoring || list.People != len(people) {
		t.Fatalf("the list is %+v, %v", list, err)
	}
	return list
}

// parts counts the rows that hold lines of a workspace's lists.
func parts(t *testing.T, s *store.Store, ws surveys.WorkspaceID) int {
	t.Helper()
	return len(texts(t, s.Readers(), "SELECT CAST(position AS TEXT) FROM list_parts WHERE workspace_id = '"+string(ws)+"'"))
}

func TestListedPeopleComeInOrderAndGo(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		rule := storetest.Rule(t, s, storetest.Survey(t, s, w.ID, surveys.NPS))
		var people []surveys.Person
		for i := range 1203 {
			people = append(people, surveys.Person{
				WorkspaceID: w.ID, Email: fmt.Sprintf("p%d@x.example", i), ExternalID: fmt.Sprint(i), Name: "李娜", Locale: "zh-Hans", TimeZone: "Asia/Tokyo",
				Traits: map[string]any{"seats": 7.5, "vip": true, "plan": "pro"},
			})
		}
		list := keptList(t, s, rule, people)
		var got []surveys.Person
		for list.State == surveys.ListStoring && len(got) < len(people) {
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
				current, next, err := tx.NextListed(ctx, w.ID, list.ID, 170)
				if err != nil {
					return err
				}
				if len(next) == 0 || len(next) > 170 || current.Done != len(got) {
					return fmt.Errorf("%d people come after %d, the list says %d", len(next), len(got), current.Done)
				}
				for _, p := range next {
					got = append(got, *p)
				}
				current.Done += len(next)
				return tx.StoredListed(ctx, current)
			})
			if left, most := parts(t, s, w.ID), (len(people)-len(got))/500+2; left > most {
				t.Fatalf("%d parts are kept after %d people, want at most %d", left, len(got), most)
			}
		}
		if !reflect.DeepEqual(got, people) {
			t.Errorf("got %d people, the first %+v", len(got), got[0])
		}
		list, err := s.List(context.Background(), w.ID, list.ID)
		if err != nil || list.State != surveys.ListStored || list.Done != 1203 || list.EndedAt == nil || parts(t, s, w.ID) != 0 {
			t.Errorf("in the end the list is %+v, %v, with %d parts", list, err, parts(t, s, w.ID))
		}
	})
}

func TestEndedListKeepsNobody(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		rule := storetest.Rule(t, s, storetest.Survey(t, s, w.ID, surveys.NPS))
		list := keptList(t, s, rule, []surveys.Person{{Email: "a@x.example"}, {Email: "b@x.example"}})
		for _, state := range []surveys.ListState{surveys.ListWithdrawn, surveys.ListFailed} { // what has ended stays as it is
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.EndList(ctx, w.ID, list.ID, state) })
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			if _, next, err := tx.NextListed(ctx, w.ID, list.ID, 9); err != nil || len(next) != 0 {
				t.Errorf("NextListed = %d people, %v", len(next), err)
			}
			list.Done = 1
			if err := tx.StoredListed(ctx, list); surveys.KindOf(err) != surveys.NotFound {
				t.Errorf("StoredListed = %v", err)
			}
			return nil
		})
		if list, err := s.List(context.Background(), w.ID, list.ID); err != nil || list.State != surveys.ListWithdrawn || parts(t, s, w.ID) != 0 {
			t.Errorf("the list is %+v, %v, with %d parts", list, err, parts(t, s, w.ID))
		}
	})
}

// TestErasedPersonLeavesLists looks at who is taken for the erased person as
// FindPerson would: by their id, or by their address unless it has another id.
func TestErasedPersonLeavesLists(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		rule := storetest.Rule(t, s, storetest.Survey(t, s, w.ID, surveys.NPS))
		var erased surveys.Person
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
			erased, err = tx.SavePerson(ctx, surveys.Person{WorkspaceID: w.ID, ExternalID: "7", Email: "ada@x.example"})
			return err
		})
		list := keptList(t, s, rule, []surveys.Person{
			{Email: "b@x.example"}, {Email: "ada@x.example"}, {ExternalID: "7", Email: "new@x.example"}, {ExternalID: "8", Email: "ada@x.example"}, {ExternalID: "7"}, {ExternalID: "9"},
		})
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.ErasePerson(ctx, w.ID, erased.ID) })
		var left []string
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, next, err := tx.NextListed(ctx, w.ID, list.ID, 9)
			for _, p := range next {
				if p == nil {
					left = append(left, "-")
				} else {
					left = append(left, p.ExternalID+p.Email)
				}
			}
			return err
		})
		if want := []string{"b@x.example", "-", "-", "8ada@x.example", "-", "9"}; !reflect.DeepEqual(left, want) {
			t.Errorf("left are %q, want %q", left, want)
		}
	})
}
