package storetest

import (
	"context"
	"io"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys/store"
)

// Dialects lists the databases that every test of a stored thing runs on.
func Dialects() []store.Dialect { return []store.Dialect{store.SQLite, store.Postgres} }

// Both runs a test on a migrated store of each dialect, as parallel subtests
// named sqlite and postgres. The stores' clock stands at [Start].
func Both(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	BothAt(t, Start, test)
}

// BothAt is [Both] with a clock of the test's own, such as time.Now.
func BothAt(t *testing.T, now func() time.Time, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	for _, dialect := range Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			test(t, OpenAt(t, dialect, now))
		})
	}
}

// BothClocked is [Both] with a clock for the test to move, one per store: two
// subtests that run at once must not move each other's.
func BothClocked(t *testing.T, test func(t *testing.T, s *store.Store, clock *Clock)) {
	t.Helper()
	for _, dialect := range Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			clock := NewClock()
			test(t, OpenAt(t, dialect, clock.Now), clock)
		})
	}
}

// Open returns a migrated, empty store of a dialect, closed when the test
// ends. Its clock stands at [Start].
func Open(tb testing.TB, dialect store.Dialect) *store.Store {
	tb.Helper()
	return OpenAt(tb, dialect, Start)
}

// OpenAt is [Open] with a clock of the test's own.
func OpenAt(tb testing.TB, dialect store.Dialect, now func() time.Time) *store.Store {
	tb.Helper()
	return OpenURL(tb, migratedURL(tb, dialect), now)
}

// URL returns the address of a fresh, empty database of a dialect: for a store
// that is opened by the test itself, or by two processes at once.
func URL(tb testing.TB, dialect store.Dialect) string {
	tb.Helper()
	if dialect == store.Postgres {
		return Postgres(tb)
	}
	return "sqlite:" + filepath.Join(tb.TempDir(), "hark.db")
}

// OpenURL opens the database at an address, closed when the test ends. It does
// not migrate it.
func OpenURL(tb testing.TB, address string, now func() time.Time) *store.Store {
	tb.Helper()
	s, err := store.Open(context.Background(), store.Options{URL: address, Now: now, Random: NewRandom(1), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		tb.Fatalf("open the store: %v", err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Errorf("close the store: %v", err)
		}
	})
	return s
}

// Start is where the clocks of test stores stand: a Monday morning.
func Start() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }

// Clock is a clock that a test moves. It is safe for concurrent use.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// NewClock returns a clock that stands at [Start].
func NewClock() *Clock { return &Clock{at: Start()} }

// Now is the clock's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Advance moves the clock on.
func (c *Clock) Advance(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(by)
}

// random is a seeded source of chance for concurrent use.
type random struct {
	mu     sync.Mutex
	source *rand.ChaCha8
}

// NewRandom returns a source of chance that draws the same from the same seed,
// so that a failing test fails again. It is safe for concurrent use, and good
// for tests only.
func NewRandom(seed byte) io.Reader {
	return &random{source: rand.NewChaCha8([32]byte{seed})}
}

// Read fills p.
func (r *random) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.source.Read(p)
}
