package flow_test

import (
	"slices"
	"testing"

	"github.com/harkhq/hark/analysis/loyalty"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestMembersAgainstOthers has members who stay, others who go, and some who
// joined only later and are no members yet.
func TestMembersAgainstOthers(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		c := newClub(t, s)
		start := happened{200, "subscription_started", 10.0}
		member := life{events: []happened{start, {150, "club_joined", nil}}}
		late := life{events: []happened{start, {80, "club_joined", nil}}}
		gone := life{events: []happened{start, {40, "subscription_cancelled", nil}}}
		lives := slices.Repeat([]life{member}, 30)
		lives = append(lives, slices.Repeat([]life{gone}, 12)...)
		c.live(t, append(lives, slices.Repeat([]life{late}, 8)...)...)
		m := c.report(t).Members
		if m == nil || m.Contrast == nil {
			t.Fatalf("members: %+v", m)
		}
		kept := m.Contrast.Kept
		if kept.Members.N != 30 || kept.Members.Of != 30 || kept.Others.N != 8 || kept.Others.Of != 20 || kept.Difference != 60 || kept.Low <= 0 || kept.P > 0.001 {
			t.Errorf("%+v", kept)
		}
		if !slices.Contains(m.Contrast.Caveats, loyalty.SelfSelection) {
			t.Errorf("caveats %v", m.Contrast.Caveats)
		}
	})
}
