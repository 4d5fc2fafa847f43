package store_test

import (
	"context"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// senderAttempts are the attempts on in whose name a workspace mails, and on its
// keys.
func senderAttempts() map[string]attempt {
	type (
		c  = context.Context
		tx = store.Tx
		w  = surveys.Workspace
	)
	return map[string]attempt{
		"Sender": func(c c, x *tx, b w, a world) (any, error) {
			sender, err := x.Sender(c, b.ID)
			sender.WorkspaceID, sender.Signing = "", "" // what everybody has who never said anything
			return sender, err
		},
		"SaveSender": func(c c, x *tx, b w, a world) (any, error) {
			a.sender.WorkspaceID, a.sender.FromAddress = b.ID, "stolen@example.com"
			return nothing(x.SaveSender(c, a.sender))
		},
		"DKIMKey":  func(c c, x *tx, b w, a world) (any, error) { return x.DKIMKey(c, b.ID, a.dkim.ID) },
		"DKIMKeys": func(c c, x *tx, b w, a world) (any, error) { return x.DKIMKeys(c, b.ID) },
		"SigningKeys": func(c c, x *tx, b w, a world) (any, error) {
			return x.SigningKeys(c, b.ID, a.dkim.Domain)
		},
		"CreateDKIMKey": func(c c, x *tx, b w, a world) (any, error) {
			a.dkim.WorkspaceID = b.ID
			return nothing(x.CreateDKIMKey(c, a.dkim))
		},
		"UpdateDKIMKey": func(c c, x *tx, b w, a world) (any, error) {
			a.dkim.WorkspaceID, a.dkim.State = b.ID, surveys.DKIMRetired
			return nothing(x.UpdateDKIMKey(c, a.dkim))
		},
		"DeleteDKIMKey": func(c c, x *tx, b w, a world) (any, error) { return nothing(x.DeleteDKIMKey(c, b.ID, a.dkim.ID)) },
	}
}
