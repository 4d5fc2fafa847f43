package flow

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// Shares makes, opens and ends links that show a report without signing in.
type Shares struct {
	store     *store.Store
	directory *Directory
}

// NewShares makes the moves on share links.
func NewShares(s *store.Store, d *Directory) *Shares { return &Shares{store: s, directory: d} }

// Create checks and stores a share link, and returns its token, which cannot be
// read again. It is a Conflict when the survey has [surveys.MaxShares] open
// links already.
func (m *Shares) Create(ctx context.Context, w surveys.Workspace, s surveys.Share) (surveys.Share, surveys.Token, error) {
	s.WorkspaceID, s.CreatedAt, s.RevokedAt, s.OpenedDay = w.ID, m.store.Now(), nil, nil
	s, err := s.Check(s.CreatedAt)
	if err != nil {
		return s, "", err
	}
	if s.ID, err = m.store.NewID(); err != nil {
		return s, "", err
	}
	token, err := surveys.NewToken(m.store.Random(), w.Key)
	if err != nil {
		return s, "", err
	}
	// The token outlives the link, so that the page can tell "ended" from
	// "unknown"; [surveys.Share.Open] decides.
	grant := store.NewGrant{Token: token, Purpose: surveys.PurposeShare, SubjectID: s.ID, ExpiresAt: s.ExpiresAt.Add(surveys.ShareMemory)}
	return s, token, m.store.InTx(ctx, func(tx *store.Tx) error {
		if err := oneMore(ctx, tx, s, s.CreatedAt); err != nil {
			return err
		}
		if err := tx.CreateShare(ctx, s); err != nil {
			return err
		}
		return tx.CreateGrant(ctx, w.ID, grant)
	})
}

func countOpen(list []surveys.Share, now time.Time) (n int) {
	for _, s := range list {
		if s.Open(now) == nil {
			n++
		}
	}
	return n
}

// Shared is what an open link shows.
type Shared struct {
	Office Office
	Survey surveys.Survey
	Share  surveys.Share
}

// Open returns what a link shows. Gone when it has ended, NotFound when there is
// none, in both cases with the workspace as far as it is known.
func (m *Shares) Open(ctx context.Context, token surveys.Token) (Shared, error) {
	var shared Shared
	key := token.Workspace()
	if key == "" {
		return shared, surveys.Fail(surveys.NotFound, "share_unknown")
	}
	w, err := m.directory.Workspace(ctx, key)
	if err != nil {
		return shared, unknownShare(err)
	}
	now := m.store.Now()
	grant, err := m.store.Grant(ctx, w.ID, surveys.PurposeShare, token, now)
	if err != nil {
		return shared, unknownShare(err) // without the workspace: a guessed key must not show whose it is
	}
	shared.Office = w
	if shared.Share, err = m.store.Share(ctx, w.ID, grant.SubjectID); err != nil {
		return shared, unknownShare(err)
	}
	if err := shared.Share.Open(now); err != nil {
		return shared, err
	}
	shared.Survey, err = m.directory.Survey(ctx, w.ID, shared.Share.SurveyID)
	return shared, unknownShare(err)
}

// unknownShare says in the words of links that there is nothing.
func unknownShare(err error) error {
	if surveys.KindOf(err) == surveys.NotFound {
		return &surveys.Error{Kind: surveys.NotFound, Code: "share_unknown", Err: err}
	}
	return err
}

// Opened keeps the local day on which a link was opened: one write a day,
// however many people look.
func (m *Shares) Opened(ctx context.Context, shared Shared) error {
	today := surveys.Day(m.store.Now(), shared.Office.Zone)
	if last := shared.Share.OpenedDay; last != nil && *last >= today {
		return nil
	}
	return m.store.InTx(ctx, func(tx *store.Tx) error {
		return tx.MarkShareOpened(ctx, shared.Office.ID, shared.Share.ID, today)
	})
}

// Revoke ends a link at once. It can be opened again for [surveys.ShareUndo].
func (m *Shares) Revoke(ctx context.Context, ws surveys.WorkspaceID, id string) error {
	return m.store.InTx(ctx, func(tx *store.Tx) error { return tx.RevokeShare(ctx, ws, id) })
}

// Restore opens a link again that was revoked by mistake, at the address that its
// readers have. It is a Conflict when the survey has [surveys.MaxShares] open
// links by now, and NotFound when it is too late, or the link was not revoked.
func (m *Shares) Restore(ctx context.Context, ws surveys.WorkspaceID, id string) error {
	return m.store.InTx(ctx, func(tx *store.Tx) error {
		s, err := tx.Share(ctx, ws, id)
		if err != nil {
			return err
		}
		now := m.store.Now()
		if err := oneMore(ctx, tx, s, now); err != nil {
			return err
		}
		return tx.RestoreShare(ctx, ws, id, now.Add(-surveys.ShareUndo))
	})
}

// oneMore locks the survey of a link, and is a Conflict when no further one may be
// open.
func oneMore(ctx context.Context, tx *store.Tx, s surveys.Share, now time.Time) error {
	if err := tx.LockSurvey(ctx, s.WorkspaceID, s.SurveyID); err != nil {
		return err
	}
	there, err := tx.Shares(ctx, s.WorkspaceID, s.SurveyID)
	if err == nil && countOpen(there, now) >= surveys.MaxShares {
		return &surveys.Error{Kind: surveys.Conflict, Code: "shares_many", Args: map[string]any{"max": surveys.MaxShares}}
	}
	return err
}

// forget drops deleted notes and ended links whose time is over.
func forget(ctx context.Context, tx *store.Tx, ws surveys.WorkspaceID, now time.Time) error {
	if err := tx.ForgetNotes(ctx, ws, now.Add(-surveys.NoteUndo)); err != nil {
		return err
	}
	return tx.ForgetShares(ctx, ws, now.Add(-surveys.ShareMemory))
}
