package flow

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// Bounces takes in what mail servers, providers and people report about
// letters.
type Bounces struct {
	store     *store.Store
	directory *Directory
}

// NewBounces returns the moves of reports.
func NewBounces(s *store.Store, directory *Directory) *Bounces {
	return &Bounces{store: s, directory: directory}
}

// Genuine returns the workspace that made an address of Hark's own, and false
// when none did: it is forged, or of another server.
func (b *Bounces) Genuine(ctx context.Context, r surveys.Return) (surveys.Workspace, bool, error) {
	w, err := b.directory.Workspace(ctx, r.WorkspaceKey)
	if surveys.KindOf(err) == surveys.NotFound {
		return surveys.Workspace{}, false, nil
	}
	return w.Workspace, err == nil && r.By(w.Workspace), err
}

// Taken is what became of a report.
type Taken struct {
	New   bool                // it was not taken in before
	Ended surveys.Suppression // why the address gets no mail from now on; "" when it goes on
	Moved bool                // the letter is known to have come back, or to have arrived
}

// Take takes in a report about one letter of a workspace, once: a second one
// of the same key changes nothing, and the order in which reports come does not
// matter. One about a letter that is gone, with its person, is nothing.
func (b *Bounces) Take(ctx context.Context, w surveys.Workspace, r surveys.Bounce) (Taken, error) {
	var taken Taken
	err := b.store.InTx(ctx, func(tx *store.Tx) error {
		taken = Taken{}
		i, err := tx.LockInvitation(ctx, w.ID, r.InvitationID)
		if surveys.KindOf(err) == surveys.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		taken, err = take(ctx, tx, w, i, r)
		return err
	})
	return taken, err
}

// addressWithin is how far back a report that names only an address looks for
// its letter.
const addressWithin = 30 * 24 * time.Hour

// TakeAbout takes in a report of a provider about an address of the workspace,
// whose letter is the one with the id; where that is unknown, the last one
// that was sent there. The provider is trusted with it: its report was signed.
func (b *Bounces) TakeAbout(ctx context.Context, w surveys.Workspace, email string, r surveys.Bounce) (Taken, error) {
	i, err := b.store.Invitation(ctx, w.ID, r.InvitationID)
	if r.InvitationID == "" || surveys.KindOf(err) == surveys.NotFound {
		i, err = b.store.LatestSent(ctx, w.ID, email, b.store.Now().Add(-addressWithin))
	}
	switch {
	case err == nil:
		r.InvitationID = i.ID
		return b.Take(ctx, w, r)
	case surveys.KindOf(err) != surveys.NotFound || !surveys.ValidEmail(surveys.NormalEmail(email)):
		return Taken{}, ignoreNotFound(err)
	}
	// No letter of ours: still nobody should write there again.
	var taken Taken
	r.InvitationID = ""
	err = b.store.InTx(ctx, func(tx *store.Tx) error {
		taken, err = end(ctx, tx, w, surveys.Invitation{Email: email}, r)
		return err
	})
	return taken, err
}

func ignoreNotFound(err error) error {
	if surveys.KindOf(err) == surveys.NotFound {
		return nil
	}
	return err
}

// take does what a report about a letter asks for.
func take(ctx context.Context, tx *store.Tx, w surveys.Workspace, i surveys.Invitation, r surveys.Bounce) (Taken, error) {
	if r.Class == surveys.BounceDelivered {
		return arrived(ctx, tx, w, i)
	}
	if !r.Class.Failed() && r.Class != surveys.BounceComplaint { // somebody is away, or a server still tries
		if r.Slows() {
			return Taken{}, judgeStream(ctx, tx, w, i, r)
		}
		return Taken{}, nil
	}
	if i.AnsweredAt != nil && r.Class.Failed() {
		return Taken{}, nil // it arrived; what came back is a copy that was passed on
	}
	r.InvitationID = i.ID
	taken, err := end(ctx, tx, w, i, r)
	if err == nil && taken.Ended == surveys.SuppressedComplained {
		err = stop(ctx, tx, w, i, surveys.SuppressedAddress{Reason: taken.Ended, Source: surveys.SuppressionSource(r.Source)})
	}
	if err != nil || !taken.New || !r.Class.Failed() {
		return taken, err
	}
	if i.State.CanMove(surveys.InvitationBounced) {
		from := i.State
		i.State, i.LeaseUntil, i.Problem = surveys.InvitationBounced, nil, r.Diagnostic
		if err := tx.MoveInvitation(ctx, i, from); err != nil {
			return taken, err
		}
		taken.Moved = true
	}
	about := i.AboutID
	if about == "" {
		about = i.ID
	}
	return taken, tx.WithdrawReminders(ctx, w.ID, about, surveys.Problem{Code: "letter_bounced"})
}

// arrived settles a letter of which nobody knew whether the mail server had
// taken it: nothing is sent again, and its reminders follow.
func arrived(ctx context.Context, tx *store.Tx, w surveys.Workspace, i surveys.Invitation) (Taken, error) {
	if i.State != surveys.InvitationUnknown {
		return Taken{}, nil
	}
	now := tx.Now()
	i.State, i.LeaseUntil, i.SentAt, i.Problem = surveys.InvitationSent, nil, &now, ""
	if err := tx.MoveInvitation(ctx, i, surveys.InvitationUnknown); err != nil {
		return Taken{}, err
	}
	return Taken{New: true, Moved: true}, Remind(ctx, tx, w, i)
}

// end keeps a report about the address of a letter, and ends its mails where the
// report says so.
func end(ctx context.Context, tx *store.Tx, w surveys.Workspace, i surveys.Invitation, r surveys.Bounce) (taken Taken, err error) {
	email := i.Email
	if taken.New, err = tx.AddBounce(ctx, w, email, r); err != nil || !taken.New {
		return taken, err
	}
	if err := judgeStream(ctx, tx, w, i, r); err != nil {
		return taken, err
	}
	passing, err := tx.PassingBounces(ctx, w, email, tx.Now().Add(-surveys.PassingWithin))
	if err != nil {
		return taken, err
	}
	if taken.Ended = r.Class.Ends(passing); taken.Ended == "" {
		return taken, nil
	}
	if err := tx.SuppressFrom(ctx, w, email, taken.Ended, surveys.SuppressionSource(r.Source)); err != nil {
		return taken, err
	}
	return taken, tx.SuppressInvitations(ctx, w.ID, email)
}

// Unsubscribe ends all mails to the address of a letter, as its person asked by
// a mail to the letter's own address.
func (b *Bounces) Unsubscribe(ctx context.Context, w surveys.Workspace, invitationID string) error {
	return b.store.InTx(ctx, func(tx *store.Tx) error {
		i, err := tx.Invitation(ctx, w.ID, invitationID)
		if err != nil {
			return ignoreNotFound(err)
		}
		return stop(ctx, tx, w, i, surveys.SuppressedAddress{Reason: surveys.SuppressedUnsubscribed, Source: surveys.SourceMail})
	})
}

// stop ends all mails to the address of a letter and to the one that its person has
// since: a stop is somebody's wish.
func stop(ctx context.Context, tx *store.Tx, w surveys.Workspace, i surveys.Invitation, why surveys.SuppressedAddress) error {
	person, err := tx.Person(ctx, w.ID, i.PersonID)
	if ignoreNotFound(err) != nil {
		return err
	}
	for _, email := range (Invited{Invitation: i, Person: person}).addresses() {
		if err := tx.SuppressFrom(ctx, w, email, why.Reason, why.Source); err != nil {
			return err
		}
		if err := tx.SuppressInvitations(ctx, w.ID, email); err != nil {
			return err
		}
	}
	return nil
}

// Stopped ends all mails to an address, as its person asked at the provider that
// delivers the workspace's mails.
func (b *Bounces) Stopped(ctx context.Context, w surveys.Workspace, email string, r surveys.Bounce) error {
	if !surveys.ValidEmail(surveys.NormalEmail(email)) {
		return nil
	}
	return b.store.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.SuppressFrom(ctx, w, email, surveys.SuppressedUnsubscribed, surveys.SuppressionSource(r.Source)); err != nil {
			return err
		}
		return tx.SuppressInvitations(ctx, w.ID, email)
	})
}

// Heard notes that a provider's report came now.
func (b *Bounces) Heard(ctx context.Context, ws surveys.WorkspaceID, provider surveys.BounceSource) error {
	return b.store.InTx(ctx, func(tx *store.Tx) error { return tx.HeardMailHook(ctx, ws, provider) })
}
