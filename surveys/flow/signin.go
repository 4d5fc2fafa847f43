package flow

import (
	"context"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// OpenSignIn returns the workspace and the user that a one-time link's token
// stands for, without spending it: mail scanners open every link. It is
// NotFound when the link was used, has expired, or never was.
func (t *Team) OpenSignIn(ctx context.Context, token surveys.Token) (Office, surveys.User, error) {
	w, err := office(t.store.WorkspaceByKey(ctx, token.Workspace()))
	if err != nil {
		return Office{}, surveys.User{}, err
	}
	grant, err := t.store.Grant(ctx, w.ID, surveys.PurposeSignIn, token, t.store.Now())
	if err != nil {
		return Office{}, surveys.User{}, err
	}
	u, err := t.store.User(ctx, w.ID, grant.SubjectID)
	return w, u, err
}

// SpendSignIn spends a token that [Team.OpenSignIn] opened, in the transaction
// that signs in: the second caller with the same token gets NotFound.
func (t *Team) SpendSignIn(ctx context.Context, tx *store.Tx, ws surveys.WorkspaceID, token surveys.Token) error {
	return tx.SpendGrant(ctx, ws, surveys.PurposeSignIn, token)
}

// RemoveKey deletes an API key: from now on its secret opens nothing here, and
// within [DirectoryAge] nothing in other processes either.
func (t *Team) RemoveKey(ctx context.Context, ws surveys.WorkspaceID, id string) error {
	return t.store.InTx(ctx, func(tx *store.Tx) error { return tx.DeleteAPIKey(ctx, ws, id) })
}
