package surveys

import "time"

// Limits of share links.
const (
	MaxShareLabel = 80
	MaxShareDays  = 366
	MaxShares     = 200 // that are open, of one survey
	MaxShareQuery = 2000
)

// ShareMemory is for how long an ended link says that it has ended, and stays
// in the list. After it nothing is known of it.
const ShareMemory = 90 * 24 * time.Hour

// ShareUndo is for how long a revoked link can be opened again: long enough to
// see that it was the wrong one.
const ShareUndo = 24 * time.Hour

// Share is a link that shows one report, read-only, to whoever has it. The
// link's token is kept as a hash only, so that it is shown once.
type Share struct {
	WorkspaceID WorkspaceID
	ID          string
	SurveyID    string
	Label       string // for whom it is
	Query       string // what is shown, as the report's own address has it after the "?"
	Comments    bool   // whether comments and quotes are part of it
	UserID      string // who made it
	Author      string // and how they were called then
	CreatedAt   time.Time
	ExpiresAt   time.Time
	RevokedAt   *time.Time // nil: it was not
	OpenedDay   *int       // the last local day on which it was opened; nil: never
}

// Check returns the share with its label on one line, or what is wrong with it.
func (s Share) Check(now time.Time) (Share, error) {
	s.Label = oneLine(s.Label)
	wrong := checkLength("label", s.Label, 1, MaxShareLabel)
	wrong = append(wrong, checkLength("query", s.Query, 0, MaxShareQuery)...)
	switch {
	case !s.ExpiresAt.After(now):
		wrong = append(wrong, FieldError{Path: "expires", Code: "share_past"})
	case s.ExpiresAt.Sub(now) > (MaxShareDays+1)*24*time.Hour:
		wrong = append(wrong, FieldError{Path: "expires", Code: "share_far"})
	}
	return s, Wrong(wrong...)
}

// Open reports whether the link still shows the report: nil, or that it is
// Gone.
func (s Share) Open(now time.Time) error {
	switch {
	case s.RevokedAt != nil:
		return Fail(Gone, "share_revoked")
	case !s.ExpiresAt.After(now):
		return Fail(Gone, "share_expired")
	}
	return nil
}

// Restorable reports whether the link was revoked a short while ago, and would be
// open still.
func (s Share) Restorable(now time.Time) bool {
	return s.RevokedAt != nil && now.Sub(*s.RevokedAt) < ShareUndo && s.ExpiresAt.After(now)
}
