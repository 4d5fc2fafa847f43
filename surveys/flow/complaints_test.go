package flow_test

import (
	"context"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestAComplaintCountsOnce: of a letter at any time, and of a person within a week,
// several reports are one complaint. Each stays listed.
func TestAComplaintCountsOnce(t *testing.T) {
	t.Parallel()
	for _, dialect := range storetest.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			clock := storetest.NewClock()
			s, ctx := storetest.OpenAt(t, dialect, clock.Now), context.Background()
			b := newBounced(t, s)
			other := newBounced(t, s)
			complaints := func() (n int) {
				days, err := s.StreamDays(ctx, b.w.ID, 0)
				if err != nil {
					t.Fatal(err)
				}
				for _, d := range days {
					n += d.Complaints
				}
				return n
			}
			for _, c := range []struct {
				about surveys.Invitation
				key   string
				later time.Duration
				want  int
			}{
				{b.letter, "1", 0, 1}, {b.letter, "1", 0, 1}, {b.letter, "2", time.Hour, 1},
				{b.other, "3", 0, 1}, // another letter to the same person, within the week
				{b.letter, "4", 8 * 24 * time.Hour, 1},
				{b.other, "5", 8 * 24 * time.Hour, 1},
				{sentLetter(t, s, b.survey, b.person), "6", 8 * 24 * time.Hour, 2},
				{sentLetter(t, s, b.survey, storetest.Person(t, s, b.w.ID)), "7", 0, 3},
			} {
				clock.Advance(c.later)
				if _, err := b.moves.Take(ctx, b.w, report(c.about, surveys.BounceComplaint, c.key)); err != nil {
					t.Fatal(err)
				}
				if got := complaints(); got != c.want {
					t.Errorf("after report %s there are %d complaints, want %d", c.key, got, c.want)
				}
			}
			if _, err := other.moves.Take(ctx, other.w, report(other.letter, surveys.BounceComplaint, "1")); err != nil || complaints() != 3 {
				t.Errorf("another workspace's counts here: %d, %v", complaints(), err)
			}
			if kept, err := s.Bounces(ctx, b.w.ID, []string{b.letter.ID}); err != nil || len(kept) != 3 {
				t.Errorf("%d reports are kept, %v", len(kept), err)
			}
		})
	}
}
