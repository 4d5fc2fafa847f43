package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// mail is a letter of the world's invitation that shares a form.
func (a world) mail() store.Letter {
	form, err := store.NewForm(store.Form{{Bytes: []byte("Dear "), Fill: 0}, {Fill: -1}})
	if err != nil {
		panic(err)
	}
	return store.Letter{
		InvitationID: a.invitation.ID, MessageID: "1@hark", Recipient: a.person.Email, Message: []byte("Dear Ada"),
		Form: form, Values: [][]byte{[]byte("Ada")},
	}
}

// wayOut is a link of that letter.
func (a world) wayOut(t *testing.T, s *store.Store) store.NewGrant {
	return store.NewGrant{
		Token: letterToken(t, s, newSheet(t, s), a.w).WayOut(), Purpose: surveys.PurposeUnsubscribe, SubjectID: a.invitation.ID, ExpiresAt: s.Now().AddDate(2, 0, 0),
	}
}

// outboxAttempts are the attempts on letters on their way, many at once.
func outboxAttempts() map[string]attempt {
	type (
		c  = context.Context
		tx = store.Tx
		w  = surveys.Workspace
	)
	return map[string]attempt{
		"Letters": func(c c, x *tx, b w, a world) (any, error) { return x.Letters(c, b.ID, []string{a.invitation.ID}) },
		"SaveLetters": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.SaveLetters(c, b.ID, []store.Letter{a.mail()}))
		},
		"InvitationsByID": func(c c, x *tx, b w, a world) (any, error) {
			return x.InvitationsByID(c, b.ID, []string{a.invitation.ID})
		},
		"Abandoned": func(c c, x *tx, b w, a world) (any, error) {
			found, err := x.Abandoned(c, b.ID, time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC))
			return found, err
		},
		"Held": func(c c, x *tx, b w, a world) (any, error) {
			lease := time.Date(2090, 1, 1, 0, 0, 0, 0, time.UTC)
			a.invitation.LeaseUntil = &lease
			return x.Held(c, b.ID, []surveys.Invitation{a.invitation})
		},
		"MoveInvitations": func(c c, x *tx, b w, a world) (any, error) {
			a.invitation.WorkspaceID, a.invitation.State = b.ID, surveys.InvitationCancelled
			made, err := x.MoveInvitations(c, []store.Move{{Invitation: a.invitation, From: surveys.InvitationScheduled}})
			return err == nil && made[0], err
		},
		"Unwanted": func(c c, x *tx, b w, a world) (any, error) {
			found, err := x.Unwanted(c, b, []string{a.person.Email})
			return found.Has(a.person.Email, a.survey.ID), err
		},
	}
}
