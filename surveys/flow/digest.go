package flow

import (
	"context"
	"slices"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// Digests are the mails that tell members of the team what their surveys say:
// who gets them, what is in them, and the one way out of them.
//
// A digest comes at most once for each time at which it is due, and what is new
// is told at least once: each mail tells what came since the last one that was
// surely sent. See [Digests.deliver].
type Digests struct {
	store   *store.Store
	reports *Reports
	themes  *Themes
}

// NewDigests makes the digests of a store.
func NewDigests(s *store.Store) *Digests {
	return &Digests{store: s, reports: NewReports(s), themes: NewThemes(s)}
}

// Of is a member's digest, and whether they ever chose: who did not has the one
// that they would start with.
func (d *Digests) Of(ctx context.Context, u surveys.User) (digest surveys.Digest, chosen bool, err error) {
	digest, err = d.store.Digest(ctx, u.WorkspaceID, u.ID)
	if surveys.KindOf(err) == surveys.NotFound {
		return surveys.NewDigest(u), false, nil
	}
	return digest, err == nil, err
}

// Wish is what a member chooses of their digest.
type Wish struct {
	On       bool
	Every    surveys.DigestPace
	Hour     int
	Surveys  []string // ids; empty: all
	Comments bool
}

// Choose checks and stores what a member wants. From turning it on, or from
// another pace, the next digest tells what comes after.
func (d *Digests) Choose(ctx context.Context, w Office, u surveys.User, wish Wish) (surveys.Digest, error) {
	var stored surveys.Digest
	return stored, d.store.InTx(ctx, func(tx *store.Tx) error {
		before, err := tx.Digest(ctx, w.ID, u.ID)
		if surveys.KindOf(err) == surveys.NotFound {
			before, err = surveys.NewDigest(u), nil
		}
		if err != nil {
			return err
		}
		stored = before
		stored.Every, stored.Hour, stored.Comments, stored.Surveys = wish.Every, wish.Hour, wish.Comments, wish.Surveys
		if err := d.checkChosen(ctx, tx, stored); err != nil {
			return err
		}
		if err := d.schedule(ctx, w, &stored, wish.On); err != nil {
			return err
		}
		return tx.SaveDigest(ctx, stored)
	})
}

// checkChosen says what is wrong with a choice, surveys of other workspaces
// included.
func (d *Digests) checkChosen(ctx context.Context, tx *store.Tx, digest surveys.Digest) error {
	if err := digest.Check(); err != nil || len(digest.Surveys) == 0 {
		return err
	}
	list, err := tx.Surveys(ctx, digest.WorkspaceID)
	if err != nil {
		return err
	}
	for _, id := range digest.Surveys {
		if !slices.ContainsFunc(list, func(s surveys.Survey) bool { return s.ID == id }) {
			return surveys.Wrong(surveys.FieldError{Path: "surveys", Code: "digest_survey"})
		}
	}
	return nil
}

// schedule turns a digest on or off. When it was off, all that is there counts
// as told.
func (d *Digests) schedule(ctx context.Context, w Office, digest *surveys.Digest, on bool) error {
	if !on {
		digest.DueAt = nil
		return nil
	}
	now := d.store.Now()
	if !digest.On() {
		today := int(analysis.DayOf(now, w.Zone))
		counts, err := d.store.AnswersBefore(ctx, w.ID, today)
		if err != nil {
			return err
		}
		digest.ToldDay, digest.Told, digest.Problem = today, make(map[string]surveys.DigestTold, len(counts)), ""
		for survey, n := range counts {
			digest.Told[survey] = surveys.DigestTold{Answers: n}
		}
	}
	next := digest.Every.Next(now, digest.Hour, w.Zone)
	digest.DueAt = &next
	return nil
}

// DigestReader is whom the way out of a digest is for.
type DigestReader struct {
	Office Office
	User   surveys.User
	Digest surveys.Digest
}

// OpenWayOut returns whom the token of a digest's way out stands for. It changes
// nothing. NotFound when the token is of another purpose or workspace, or the
// member is gone.
func (d *Digests) OpenWayOut(ctx context.Context, token surveys.Token) (DigestReader, error) {
	if token.Workspace() == "" {
		return DigestReader{}, surveys.Fail(surveys.NotFound, "not_found")
	}
	w, err := office(d.store.WorkspaceByKey(ctx, token.Workspace()))
	if err != nil {
		return DigestReader{}, err
	}
	grant, err := d.store.Grant(ctx, w.ID, surveys.PurposeDigest, token, d.store.Now())
	if err != nil {
		return DigestReader{}, err
	}
	r := DigestReader{Office: w}
	if r.User, err = d.store.User(ctx, w.ID, grant.SubjectID); err != nil {
		return DigestReader{}, err
	}
	r.Digest, _, err = d.Of(ctx, r.User)
	return r, err
}

// Switch turns a member's digest off, or on again as it was.
func (d *Digests) Switch(ctx context.Context, r DigestReader, on bool) error {
	_, err := d.Choose(ctx, r.Office, r.User, Wish{
		On: on, Every: r.Digest.Every, Hour: r.Digest.Hour, Surveys: r.Digest.Surveys, Comments: r.Digest.Comments,
	})
	return err
}

// PathDigestStop is where the way out of a digest leads, with its token.
const PathDigestStop = "/digest"
