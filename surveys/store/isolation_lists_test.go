package store_test

import (
	"context"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// listed are the people of the world's list.
func (a world) listed(t *testing.T) store.PackedPeople {
	t.Helper()
	people, err := store.PackPeople([]surveys.Person{a.person, {Email: "zoe@x.example"}})
	if err != nil {
		t.Fatal(err)
	}
	return people
}

// listAttempts are the attempts on confirmed lists.
func listAttempts() map[string]attempt {
	type (
		c  = context.Context
		tx = store.Tx
		w  = surveys.Workspace
	)
	return map[string]attempt{
		"CreateList": func(c c, x *tx, b w, a world) (any, error) { // into the rule of another workspace
			a.list.WorkspaceID = b.ID
			return nothing(x.CreateList(c, a.list, store.PackedPeople{}))
		},
		"List":         func(c c, x *tx, b w, a world) (any, error) { return x.List(c, b.ID, a.list.ID) },
		"Lists":        func(c c, x *tx, b w, a world) (any, error) { return x.Lists(c, b.ID, a.rule.ID) },
		"StoringLists": func(c c, x *tx, b w, a world) (any, error) { return x.StoringLists(c, b.ID) },
		"NextListed": func(c c, x *tx, b w, a world) (any, error) {
			_, people, err := x.NextListed(c, b.ID, a.list.ID, 9)
			return people, err
		},
		"StoredListed": func(c c, x *tx, b w, a world) (any, error) {
			a.list.WorkspaceID, a.list.Done = b.ID, 1
			return nothing(x.StoredListed(c, a.list))
		},
		"EndList": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.EndList(c, b.ID, a.list.ID, surveys.ListWithdrawn))
		},
		"SavePeople": func(c c, x *tx, b w, a world) (any, error) {
			saved, err := x.SavePeople(c, b.ID, []surveys.Person{a.person})
			if len(saved) == 1 && saved[0].ID != a.person.ID && saved[0].WorkspaceID == b.ID {
				return nil, err // another person, of the other workspace
			}
			return saved, err
		},
	}
}
