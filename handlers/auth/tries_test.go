package auth

import (
	"fmt"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
)

func TestTries(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	seen := newTries()
	for i := range maxTries {
		if err := seen.begin(now.Add(time.Duration(i)*time.Minute), "a", fmt.Sprint(i)); err != nil {
			t.Fatalf("try %d: %v", i, err)
		}
	}
	err := seen.begin(now.Add(10*time.Minute), "b", "a")
	if surveys.KindOf(err) != surveys.TooMany {
		t.Fatalf("the eleventh try: %v", err)
	}
	if seen.seen["b"].count != 0 {
		t.Error("a refused try was counted")
	}
	seen.forgive("a")
	if err := seen.begin(now.Add(10*time.Minute), "a"); err != nil {
		t.Errorf("after a right one: %v", err)
	}
	if err := seen.begin(now.Add(10*time.Minute), "a"); err == nil {
		t.Error("the window was forgotten")
	}
	if err := seen.begin(now.Add(triesWindow), "a"); err != nil {
		t.Errorf("after the window: %v", err)
	}
	seen.forgive("never seen")
}

func TestTriesStayBounded(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	seen := newTries()
	for i := range 2*maxTryKeys + 10 {
		if err := seen.begin(now, fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	if len(seen.seen) > maxTryKeys+1 {
		t.Errorf("%d keys are remembered", len(seen.seen))
	}
}

func TestTriesForgetTheOldFirst(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	seen := newTries()
	for i := range maxTryKeys {
		seen.seen[fmt.Sprint("old", i)] = window{since: now.Add(-time.Hour), count: 1}
	}
	seen.seen["fresh"] = window{since: now, count: maxTries}
	if err := seen.begin(now, "fresh"); surveys.KindOf(err) != surveys.TooMany {
		t.Errorf("the fresh window was forgotten with the old ones: %v", err)
	}
	if len(seen.seen) != 1 {
		t.Errorf("%d windows are left", len(seen.seen))
	}
}

func TestNetwork(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"192.0.2.77": "192.0.2.0/24", "::ffff:192.0.2.77": "192.0.2.0/24", "2001:db8:1:2ff::1": "2001:db8:1:200::/56", "": "", "unknown": "unknown",
	} {
		if got := network(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}
