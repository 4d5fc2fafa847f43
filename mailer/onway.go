package mailer

import (
	"maps"
	"slices"
	"sync"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// onWay are the letters that the lanes of this process have begun and whose outcome
// is not stored yet. When the clock jumps their leases are over, and still nobody
// has left them. The zero value is ready to use, from several goroutines.
type onWay struct {
	mu  sync.Mutex
	ids map[string]bool
}

// begin says that a letter is on its way.
func (o *onWay) begin(id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ids == nil {
		o.ids = make(map[string]bool)
	}
	o.ids[id] = true
}

// end says of steps whose letters they end.
func (o *onWay) end(steps []step) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, s := range steps {
		if s.move.From == surveys.InvitationSending {
			delete(o.ids, s.move.Invitation.ID)
		}
	}
}

// count is how many there are.
func (o *onWay) count() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.ids)
}

// list is all of them.
func (o *onWay) list() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Sorted(maps.Keys(o.ids))
}

// taken reports whether a step says that a mail server took a letter.
func (s step) taken() bool {
	return s.move.From == surveys.InvitationSending && s.move.Invitation.State == surveys.InvitationSent
}

// found is the move of a letter that a mail server took, while a process with another
// clock had given it up.
func (s step) found() store.Move {
	move := s.move
	move.From = surveys.InvitationUnknown
	return move
}
