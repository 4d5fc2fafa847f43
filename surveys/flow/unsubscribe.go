package flow

import (
	"context"
	"slices"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// OpenUnsubscribe returns whom the token of a mail's way out stands for.
func (a *Answers) OpenUnsubscribe(ctx context.Context, token surveys.Token) (Invited, error) {
	w, err := a.directory.Workspace(ctx, token.Workspace())
	if err != nil {
		return Invited{}, err
	}
	grant, err := a.store.Grant(ctx, w.ID, surveys.PurposeUnsubscribe, token, a.store.Now())
	if err != nil {
		return Invited{}, err
	}
	in := Invited{Office: w}
	if in.Invitation, err = a.store.Invitation(ctx, w.ID, grant.SubjectID); err != nil {
		return Invited{}, err
	}
	in.Person, err = a.store.Person(ctx, w.ID, in.Invitation.PersonID)
	return in, err
}

// addresses are the one that the letter went to, and the one that the person has
// since.
func (in Invited) addresses() []string {
	if in.Person.Email == "" || in.Person.Email == in.Invitation.Email {
		return []string{in.Invitation.Email}
	}
	return []string{in.Invitation.Email, in.Person.Email}
}

// eachAddress does something for each of the addresses, in one transaction.
func (a *Answers) eachAddress(ctx context.Context, in Invited, do func(tx *store.Tx, email string) error) error {
	return a.store.InTx(ctx, func(tx *store.Tx) error {
		for _, email := range in.addresses() {
			if err := do(tx, email); err != nil {
				return err
			}
		}
		return nil
	})
}

// Unsubscribe ends all mails to the invitation's person and withdraws what is
// scheduled. The person's own word counts for more than the team's: from then
// on the team cannot take the stop back.
func (a *Answers) Unsubscribe(ctx context.Context, in Invited) error {
	return a.eachAddress(ctx, in, func(tx *store.Tx, email string) error {
		if err := tx.Unsuppress(ctx, in.Office.Workspace, email, surveys.SuppressedByTeam); err != nil {
			return err
		}
		if err := tx.Suppress(ctx, in.Office.Workspace, email, surveys.SuppressedUnsubscribed); err != nil {
			return err
		}
		return tx.SuppressInvitations(ctx, in.Office.ID, email)
	})
}

// StopSurvey ends the mails of the invitation's survey to its person and
// withdraws what is scheduled of it. Who had stopped all of them lets the others
// through again.
func (a *Answers) StopSurvey(ctx context.Context, in Invited) error {
	return a.eachAddress(ctx, in, func(tx *store.Tx, email string) error {
		if err := tx.Unsuppress(ctx, in.Office.Workspace, email, surveys.SuppressedUnsubscribed); err != nil {
			return err
		}
		if err := tx.StopSurvey(ctx, in.Office.Workspace, email, in.Invitation.SurveyID); err != nil {
			return err
		}
		return tx.SuppressSurvey(ctx, in.Office.ID, email, in.Invitation.SurveyID)
	})
}

// Stopped says how much the invitation's person has stopped.
type Stopped string

// How much somebody may have stopped.
const (
	StoppedNothing Stopped = ""
	StoppedSurvey  Stopped = "survey" // the invitation's survey
	StoppedAll     Stopped = "all"
)

// Stopped returns how much the invitation's person has stopped themselves.
func (a *Answers) Stopped(ctx context.Context, in Invited) (Stopped, error) {
	why, err := a.store.Suppression(ctx, in.Office.Workspace, in.Invitation.Email)
	if err != nil || why == surveys.SuppressedUnsubscribed {
		return StoppedAll, err
	}
	ids, err := a.store.StoppedSurveys(ctx, in.Office.Workspace, in.Invitation.Email)
	if slices.Contains(ids, in.Invitation.SurveyID) {
		return StoppedSurvey, err
	}
	return StoppedNothing, err
}

// Resubscribe undoes an Unsubscribe and a StopSurvey. What was withdrawn stays
// withdrawn.
func (a *Answers) Resubscribe(ctx context.Context, in Invited) error {
	return a.eachAddress(ctx, in, func(tx *store.Tx, email string) error {
		if err := tx.ResumeSurvey(ctx, in.Office.Workspace, email, in.Invitation.SurveyID); err != nil {
			return err
		}
		return tx.Unsuppress(ctx, in.Office.Workspace, email, surveys.SuppressedUnsubscribed)
	})
}

// StopAsking ends all mails to a person, as the team decides it, and withdraws
// what is scheduled. It is Invalid when the person has no address.
func (t *Team) StopAsking(ctx context.Context, w surveys.Workspace, personID string) error {
	return t.store.InTx(ctx, func(tx *store.Tx) error {
		p, err := tx.Person(ctx, w.ID, personID)
		if err != nil {
			return err
		}
		if p.Email == "" {
			return surveys.Wrong(surveys.FieldError{Path: "email", Code: "required"})
		}
		if err := tx.Suppress(ctx, w, p.Email, surveys.SuppressedByTeam); err != nil {
			return err
		}
		return tx.SuppressInvitations(ctx, w.ID, p.Email)
	})
}

// AskAgain undoes a StopAsking, and nothing else: who unsubscribed stays so.
// What was withdrawn stays withdrawn.
func (t *Team) AskAgain(ctx context.Context, w surveys.Workspace, personID string) error {
	return t.store.InTx(ctx, func(tx *store.Tx) error {
		p, err := tx.Person(ctx, w.ID, personID)
		if err != nil {
			return err
		}
		return tx.Unsuppress(ctx, w, p.Email, surveys.SuppressedByTeam)
	})
}
