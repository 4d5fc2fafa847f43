package store_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// namings are people as lists name them: known and new, by id, by address and by
// both, some of them twice.
func namings() []surveys.Person {
	return []surveys.Person{
		{Email: "z@x.example", Name: "Zoe", Traits: map[string]any{"plan": "pro", "none": nil}},
		{ExternalID: "7", Traits: map[string]any{"plan": "pro"}},
		{Email: "bob@x.example", ExternalID: "8"},
		{Email: "a@x.example"},
		{Email: "eve@x.example", Traits: map[string]any{"plan": nil}},
		{Email: "z@x.example", Locale: "de"},
		{ExternalID: "9", Email: "bob@x.example"},
		{ExternalID: "7", Email: "ada@new.example"},
		{ExternalID: "new", Email: "n@x.example"},
		{ExternalID: "new", Name: "Nell"},
	}
}

// TestSavePeople saves the same people one by one in one workspace and at once in
// another: both know the same afterwards.
func TestSavePeople(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		saves := map[string]func(ctx context.Context, tx *store.Tx, ws surveys.WorkspaceID, list []surveys.Person) ([]surveys.Person, error){
			"one by one": func(ctx context.Context, tx *store.Tx, ws surveys.WorkspaceID, list []surveys.Person) (saved []surveys.Person, err error) {
				for _, p := range list {
					p.WorkspaceID = ws
					one, err := tx.SavePerson(ctx, p)
					if err != nil {
						return nil, err
					}
					saved = append(saved, one)
				}
				return saved, nil
			},
			"at once": func(ctx context.Context, tx *store.Tx, ws surveys.WorkspaceID, list []surveys.Person) ([]surveys.Person, error) {
				return tx.SavePeople(ctx, ws, list)
			},
		}
		known := make(map[string][]string)
		for name, saveAll := range saves {
			w := storetest.Workspace(t, s)
			save(t, s, surveys.Person{WorkspaceID: w.ID, ExternalID: "7", Email: "ada@x.example", Traits: map[string]any{"plan": "free"}})
			save(t, s, surveys.Person{WorkspaceID: w.ID, Email: "bob@x.example", Name: "Bob"})
			save(t, s, surveys.Person{WorkspaceID: w.ID, Email: "eve@x.example", Traits: map[string]any{"plan": "free"}})
			clock.Advance(time.Minute)
			var saved []surveys.Person
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
				saved, err = saveAll(ctx, tx, w.ID, namings())
				return err
			})
			for i, p := range saved { // who is named twice is the same person
				again := slices.IndexFunc(saved, func(q surveys.Person) bool { return q.ID == p.ID })
				known[name] = append(known[name], fmt.Sprint(i, " is ", again))
			}
			people, err := s.People(context.Background(), w.ID, "", 0, 100)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range people {
				known[name] = append(known[name], fmt.Sprint(p.ExternalID, p.Email, p.Name, p.Locale, p.Traits, p.CreatedAt.Equal(p.UpdatedAt)))
			}
			slices.Sort(known[name])
		}
		if !reflect.DeepEqual(known["one by one"], known["at once"]) {
			t.Errorf("one by one:\n%s\nat once:\n%s", strings.Join(known["one by one"], "\n"), strings.Join(known["at once"], "\n"))
		}
	})
}

// TestSavePeopleAtTheSameTime saves the same people from several transactions, in
// other orders, beside events of some of them: nobody is there twice, and nobody
// waits for ever.
func TestSavePeopleAtTheSameTime(t *testing.T) {
	t.Parallel()
	storetest.BothAt(t, time.Now, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		var list []surveys.Person
		for i := range 300 {
			list = append(list, surveys.Person{WorkspaceID: w.ID, Email: fmt.Sprintf("p%d@x.example", (i*617)%300)})
		}
		for _, p := range list[:100] {
			save(t, s, p)
		}
		var all sync.WaitGroup
		for n := range 6 {
			mine := slices.Clone(list)
			if n%2 == 0 {
				slices.Reverse(mine)
			}
			all.Go(func() {
				for tries := 0; ; tries++ {
					err := s.InTx(context.Background(), func(tx *store.Tx) error {
						if n < 4 {
							_, err := tx.SavePeople(context.Background(), w.ID, mine)
							return err
						}
						_, err := tx.SavePerson(context.Background(), mine[n])
						return err
					})
					if err == nil || tries == 9 {
						if err != nil {
							t.Errorf("after %d tries: %v", tries, err)
						}
						return
					}
				}
			})
		}
		all.Wait()
		people, err := s.People(context.Background(), w.ID, "", 0, 1000)
		if err != nil || len(people) != len(list) {
			t.Errorf("%d people, %v, want %d", len(people), err, len(list))
		}
	})
}
