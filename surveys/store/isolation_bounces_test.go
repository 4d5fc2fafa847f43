package store_test

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// bounce is a report about the world's letter.
func (a world) bounce() surveys.Bounce {
	return surveys.Bounce{InvitationID: a.invitation.ID, Class: surveys.BounceSoft, Status: "4.2.0", Diagnostic: "busy", Source: surveys.BounceByMail, Key: "1"}
}

// complaint is that somebody called the letter spam.
func (a world) complaint() surveys.Bounce {
	return surveys.Bounce{InvitationID: a.invitation.ID, Class: surveys.BounceComplaint, Source: surveys.BounceByMail, Key: "2"}
}

// hook is the provider whose reports the world takes.
func (a world) hook() surveys.MailHook {
	return surveys.MailHook{WorkspaceID: a.w.ID, Provider: surveys.BounceBySES, Public: "arn:aws:sns:eu-west-1:1:bounces"}
}

// bounceAttempts are the attempts on reports, suppressions and providers. Where
// a method takes the whole workspace, the stranger even has the same secret.
func bounceAttempts() map[string]attempt {
	type (
		c  = context.Context
		tx = store.Tx
		w  = surveys.Workspace
	)
	key := func(c c, x *tx, a world) []byte {
		found, err := x.SuppressedAddress(c, a.w, a.person.Email)
		if err != nil {
			panic(err)
		}
		return found.Key
	}
	return map[string]attempt{
		"AddBounce": func(c c, x *tx, b w, a world) (any, error) {
			b.Secret = a.w.Secret
			_, err := x.AddBounce(c, b, a.person.Email, a.bounce())
			return nil, err
		},
		"PassingBounces": func(c c, x *tx, b w, a world) (any, error) {
			b.Secret = a.w.Secret
			return x.PassingBounces(c, b, a.person.Email, time.Time{})
		},
		"Complaints": func(c c, x *tx, b w, a world) (any, error) {
			b.Secret = a.w.Secret
			return x.Complaints(c, b, a.person.Email, a.invitation.ID, time.Time{})
		},
		"Bounces": func(c c, x *tx, b w, a world) (any, error) { return x.Bounces(c, b.ID, []string{a.invitation.ID}) },
		"LatestBounces": func(c c, x *tx, b w, a world) (any, error) {
			return x.LatestBounces(c, b.ID, surveys.BounceClasses(), time.Time{}, 9)
		},
		"BounceCounts": func(c c, x *tx, b w, a world) (any, error) { return x.BounceCounts(c, b.ID, time.Time{}) },
		"DueLetters": func(c c, x *tx, b w, a world) (any, error) {
			n, _, err := x.DueLetters(c, b.ID, time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC))
			return n, err
		},
		"LockInvitation": func(c c, x *tx, b w, a world) (any, error) { return x.LockInvitation(c, b.ID, a.invitation.ID) },
		"LatestSent":     func(c c, x *tx, b w, a world) (any, error) { return x.LatestSent(c, b.ID, a.person.Email, time.Time{}) },
		"WithdrawReminders": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.WithdrawReminders(c, b.ID, a.invitation.ID, surveys.Problem{Code: "letter_bounced"}))
		},
		"SuppressedAddress": func(c c, x *tx, b w, a world) (any, error) {
			b.Secret = a.w.Secret
			found, err := x.SuppressedAddress(c, b, a.person.Email)
			return found, err
		},
		"SuppressionOf": func(c c, x *tx, b w, a world) (any, error) { return x.SuppressionOf(c, b.ID, key(c, x, a)) },
		"Suppressions": func(c c, x *tx, b w, a world) (any, error) {
			return x.Suppressions(c, b.ID, store.SuppressionFilter{Limit: 9})
		},
		"SuppressionCounts": func(c c, x *tx, b w, a world) (any, error) { return x.SuppressionCounts(c, b.ID) },
		"SuppressFrom": func(c c, x *tx, b w, a world) (any, error) {
			b.Secret = a.w.Secret
			return nothing(x.SuppressFrom(c, b, a.person.Email, surveys.SuppressedUnsubscribed, surveys.SourceAPI))
		},
		"ReleaseSuppression": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.ReleaseSuppression(c, b.ID, key(c, x, a)))
		},
		"RestoreSuppression": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.RestoreSuppression(c, b.ID, key(c, x, a)))
		},
		"MailHook":  func(c c, x *tx, b w, a world) (any, error) { return x.MailHook(c, b.ID, a.hook().Provider) },
		"MailHooks": func(c c, x *tx, b w, a world) (any, error) { return x.MailHooks(c, b.ID) },
		"SaveMailHook": func(c c, x *tx, b w, a world) (any, error) {
			h := a.hook()
			h.WorkspaceID, h.Public = b.ID, "stolen"
			return nothing(x.SaveMailHook(c, h))
		},
		"HeardMailHook": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.HeardMailHook(c, b.ID, a.hook().Provider))
		},
		"DeleteMailHook": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.DeleteMailHook(c, b.ID, a.hook().Provider))
		},
	}
}
