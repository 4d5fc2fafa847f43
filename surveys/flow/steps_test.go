package flow

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestStepsFitTheirTime(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		size, n int
		held    time.Duration
		want    int
	}{
		"quick: twice as many":      {size: 10, n: 10, held: time.Millisecond, want: 20},
		"immeasurably quick":        {size: 10, n: 10, held: 0, want: 20},
		"as long as it should":      {size: 10, n: 10, held: stepTime, want: 10},
		"too long: fewer":           {size: 100, n: 100, held: 10 * stepTime, want: 10},
		"one row that takes long":   {size: 250, n: 1, held: time.Second, want: 1},
		"never more than a long":    {size: 200, n: 200, held: time.Millisecond, want: longStep},
		"the short rest of a list":  {size: 40, n: 3, held: stepTime / 20, want: 60},
		"a rest that was held up":   {size: 40, n: 3, held: stepTime, want: 3},
		"of one row: one, not none": {size: 1, n: 1, held: time.Hour, want: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &steps{size: c.size}
			if s.took(c.n, c.held); s.size != c.want {
				t.Errorf("the next step has %d rows, want %d", s.size, c.want)
			}
		})
	}
}

func TestStepsStoreAllInOrder(t *testing.T) {
	t.Parallel()
	list := make([]int, 1000)
	for i := range list {
		list[i] = i
	}
	s := newSteps(storetest.Open(t, store.SQLite))
	var stored []int
	longest, n := 0, 0
	err := inSteps(t.Context(), s, list, func(_ *store.Tx, part []int) error {
		stored, longest, n = append(stored, part...), max(longest, len(part)), n+1
		return nil
	})
	if err != nil || !slices.Equal(stored, list) || longest > longStep || n < 1000/longStep {
		t.Errorf("stored %d of %d in %d steps, the longest of %d: %v", len(stored), len(list), n, longest, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	n = 0
	if err := inSteps(ctx, s, list, func(*store.Tx, []int) error { n++; cancel(); return nil }); err == nil || n != 1 {
		t.Errorf("after the end of the context %d steps ran, and %v", n, err)
	}
}
