package surveys

import (
	"slices"
	"time"
)

// InvitationState is where an invitation stands on its way to the person.
type InvitationState string

// The states of an invitation.
const (
	InvitationScheduled  InvitationState = "scheduled"  // waits for its time, or for another try
	InvitationClaimed    InvitationState = "claimed"    // a dispatcher composes it, until the lease ends
	InvitationSending    InvitationState = "sending"    // its bytes are committed; the mail may be on its way
	InvitationSent       InvitationState = "sent"       // a mail server took it
	InvitationFailed     InvitationState = "failed"     // a mail server refused it for good, or too often
	InvitationUnknown    InvitationState = "unknown"    // nobody knows whether the server took it
	InvitationSuppressed InvitationState = "suppressed" // the person unsubscribed or bounced in the meantime
	InvitationCancelled  InvitationState = "cancelled"  // the survey was not open at its time, or somebody withdrew it
	InvitationExpired    InvitationState = "expired"    // its time passed long ago without a way to send it
	InvitationBounced    InvitationState = "bounced"    // a mail server took it, and it came back later
)

// invitationMoves lists where each state may go. Answering is not a move: an
// answer may come at any time after the mail left, whatever is known of it.
func invitationMoves() map[InvitationState][]InvitationState {
	return map[InvitationState][]InvitationState{
		InvitationScheduled: {InvitationClaimed, InvitationCancelled, InvitationSuppressed, InvitationExpired},
		InvitationClaimed:   {InvitationScheduled, InvitationSending, InvitationCancelled, InvitationSuppressed, InvitationExpired, InvitationFailed},
		InvitationSending:   {InvitationSent, InvitationFailed, InvitationUnknown, InvitationScheduled, InvitationBounced},
		InvitationUnknown:   {InvitationSending, InvitationSent, InvitationFailed, InvitationBounced},
		InvitationSent:      {InvitationFailed, InvitationBounced},
	}
}

// CanMove reports whether an invitation in state s may go to state to.
func (s InvitationState) CanMove(to InvitationState) bool {
	return slices.Contains(invitationMoves()[s], to)
}

// AnswerWindow is how long an invitation's link takes answers, from its send
// time, unless its rule says otherwise.
const AnswerWindow = 30 * 24 * time.Hour

// LetterKind is which letter of an ask is sent.
type LetterKind string

// The letters.
const (
	LetterInvitation LetterKind = "invitation"
	LetterReminder   LetterKind = "reminder"
	LetterThanks     LetterKind = "thanks"
)

// Invitation is one ask to one person. Its reminders and its thank-you are
// letters with states of their own, and therefore rows of the same kind that
// name the invitation which they belong to.
type Invitation struct {
	WorkspaceID WorkspaceID
	ID          string
	Letter      LetterKind // "" is an invitation
	Number      int        // the key of the reminder that it is; else 0
	AboutID     string     // the invitation that a reminder or thank-you belongs to; "" for an invitation
	WantsThanks bool       // once it is answered, a thank-you follows
	SurveyID    string
	RuleID      string
	EventID     string
	PersonID    string
	Email       string // where it goes: the person's address, as long as nothing of the letter is written
	State       InvitationState
	SendAt      time.Time
	LeaseUntil  *time.Time // while claimed or sending: when another dispatcher may take over
	Attempts    int        // tries to send so far
	Problem     string     // the mail server's last words when a try failed
	SentAt      *time.Time
	AnsweredAt  *time.Time
	ResponseID  string // "" until answered
	ExpiresAt   time.Time
	CreatedAt   time.Time
	Clicked     bool // a person followed one of its links, as far as one can tell
	Machines    bool // a machine did
}

// Open returns nil when the invitation's link takes an answer at now, first or
// changed, and else an error of kind Gone.
func (i Invitation) Open(now time.Time) error {
	if !now.Before(i.ExpiresAt) {
		return Fail(Gone, "invitation_expired")
	}
	return nil
}

// RetryDelay is how long to wait before the next try after attempts tries, or
// false when it is time to give up: 1, 5, 15, 30 minutes, 1, 2, 4, 8 hours.
// Surveys that come days late are unwelcome, so it ends sooner than the four
// days of RFC 5321.
func RetryDelay(attempts int) (time.Duration, bool) {
	minutes := []int{1, 5, 15, 30, 60, 120, 240, 480}
	if attempts < 1 || attempts > len(minutes) {
		return 0, false
	}
	return time.Duration(minutes[attempts-1]) * time.Minute, true
}
