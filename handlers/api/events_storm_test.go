package api_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestEventsComeAgain has eight events arrive five times each, in any order and at
// the same time, and once more after six minutes (security.md F9): each person is
// invited once.
func TestEventsComeAgain(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		b := newBundle(t, s)
		storetest.Rule(t, s, b.survey(surveys.NPS))
		const events, times = 8, 5
		var calls []call
		for n := range events * times {
			calls = append(calls, call{method: http.MethodPost, path: "/api/v1/events", body: fmt.Sprintf(
				`{"type":"order_completed","id":"order-%[1]d","occurred_at":"2026-03-02T08:30:00Z","person":{"id":"c-%[1]d","email":"ana%[1]d@example.com"}}`, n%events)})
		}
		order := rand.New(rand.NewPCG(1, 9))
		order.Shuffle(len(calls), func(i, j int) { calls[i], calls[j] = calls[j], calls[i] })
		var all sync.WaitGroup
		for part := range slices.Chunk(calls, len(calls)/4) {
			all.Go(func() {
				for _, c := range part {
					if got := b.send(c); got.status != http.StatusAccepted {
						t.Errorf("answered %d: %s", got.status, got.body)
					}
				}
			})
		}
		all.Wait()
		clock.Advance(6 * time.Minute)
		for _, c := range calls {
			var again eventReply
			if b.send(c).read(t, http.StatusAccepted, &again); !again.Repeated {
				t.Errorf("six minutes later it is another event: %s", c.body)
			}
		}
		people, err := s.People(context.Background(), b.workspace.ID, "", 0, 100)
		if err != nil || len(people) != events {
			t.Errorf("%d people, %v, want %d", len(people), err, events)
		}
		for _, p := range people {
			if invitations, err := s.PersonInvitations(context.Background(), b.workspace.ID, p.ID, 10); err != nil || len(invitations) != 1 {
				t.Errorf("%s has %d invitations, %v, want 1", p.Email, len(invitations), err)
			}
		}
	})
}
