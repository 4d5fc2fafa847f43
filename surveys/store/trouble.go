package store

import (
	"errors"
	"sync/atomic"
	"time"

	"github.com/harkhq/hark/surveys"
)

// troubleAge is how long a write that the database refused speaks against it.
// After it a server is called ready again, so that requests come and show
// whether there is room by now.
const troubleAge = 10 * time.Second

// trouble remembers the last write when the database was full or read-only,
// which a read does not show. Its zero value has seen none.
type trouble struct{ last atomic.Pointer[refusal] }

type refusal struct {
	at  time.Time
	err error
}

// note takes the outcome of a write.
func (t *trouble) note(now time.Time, err error) {
	var known *surveys.Error
	switch {
	case err == nil:
		if t.last.Load() != nil {
			t.last.Store(nil)
		}
	case errors.As(err, &known) && (known.Code == "database_full" || known.Code == "database_readonly"):
		t.last.Store(&refusal{at: now, err: err})
	}
}

// lately returns why the database took no write lately; nil when it did.
func (t *trouble) lately(now time.Time) error {
	if last := t.last.Load(); last != nil && now.Sub(last.at) < troubleAge {
		return last.err
	}
	return nil
}
