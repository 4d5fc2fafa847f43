package surveys

import "time"

// List is a file of people that somebody confirmed, to be asked under a rule. Its
// people and their turns are stored a few at a time; what waits to be stored is
// kept with it, so that any process can go on.
type List struct {
	WorkspaceID WorkspaceID
	ID          string
	RuleID      string
	Start       time.Time // before which no turn comes
	Days        int       // on which mails may leave, over which the turns are spread
	People      int       // it has
	Done        int       // of them, counted from the first, that are stored
	State       ListState
	CreatedAt   time.Time
	EndedAt     *time.Time // when it was no longer being stored
}

// ListState is what becomes of a confirmed list.
type ListState string

// The states. Only a list that is being stored still has the lines of its file.
const (
	ListStoring   ListState = "storing"
	ListStored    ListState = "stored"
	ListWithdrawn ListState = "withdrawn" // before all was stored
	ListFailed    ListState = "failed"    // for a reason that waiting does not mend
)
