package store_test

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// identity is a key by which visitors are known.
func (a world) identity() surveys.IdentityKey {
	return surveys.IdentityKey{WorkspaceID: a.w.ID, ID: a.survey.ID, Algorithm: surveys.IdentityHS256, Secret: []byte("sealed"), CreatedAt: a.w.CreatedAt}
}

// visitorAttempts are the attempts on who looks at surveys within pages.
func visitorAttempts() map[string]attempt {
	type (
		c  = context.Context
		tx = store.Tx
		w  = surveys.Workspace
	)
	never := time.Date(2090, 1, 1, 0, 0, 0, 0, time.UTC)
	return map[string]attempt{
		"IdentityKeys": func(c c, x *tx, b w, _ world) (any, error) { return x.IdentityKeys(c, b.ID) },
		"CreateIdentityKey": func(c c, x *tx, b w, a world) (any, error) {
			k := a.identity()
			k.WorkspaceID = b.ID
			return nothing(x.CreateIdentityKey(c, k))
		},
		"SealIdentityKey": func(c c, x *tx, b w, a world) (any, error) {
			k := a.identity()
			k.WorkspaceID = b.ID
			return nothing(x.SealIdentityKey(c, k))
		},
		"UseIdentityKey": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.UseIdentityKey(c, b.ID, a.identity().ID))
		},
		"DeleteIdentityKey": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.DeleteIdentityKey(c, b.ID, a.identity().ID))
		},
		"AskOnPage": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.AskOnPage(c, b.ID, a.survey.ID, a.person.ID))
		},
		"AskedOnPage": func(c c, x *tx, b w, a world) (any, error) {
			return x.AskedOnPage(c, b.ID, a.survey.ID, a.person.ID, time.Time{})
		},
		"PurgePageAsks": func(c c, x *tx, b w, _ world) (any, error) { return nothing(x.PurgePageAsks(c, b.ID, never)) },
	}
}
