package northwind_test

import (
	"testing"
)

// testClub checks that the year's subscriptions begin once, end once, and end
// more often after a low score; that nobody who left pays or orders again; and
// that no reward is used before it is given.
func testClub(t *testing.T, f filled) {
	for what, query := range map[string]string{
		"subscribers who start twice":   "SELECT count(*) FROM (SELECT 1 FROM events WHERE type = 'subscription_started' GROUP BY person_id HAVING count(*) > 1)",
		"subscribers who leave twice":   "SELECT count(*) FROM (SELECT 1 FROM events WHERE type = 'subscription_cancelled' GROUP BY person_id HAVING count(*) > 1)",
		"who leave and never started":   "SELECT count(*) FROM events c WHERE type = 'subscription_cancelled' AND NOT EXISTS (SELECT 1 FROM events s WHERE s.person_id = c.person_id AND s.type = 'subscription_started' AND s.occurred_at < c.occurred_at)",
		"who pay after they left":       "SELECT count(*) FROM events c JOIN events r ON r.person_id = c.person_id AND r.occurred_at > c.occurred_at WHERE c.type = 'subscription_cancelled' AND r.type = 'subscription_renewed'",
		"who order after they left":     "SELECT count(*) FROM events c JOIN events r ON r.person_id = c.person_id AND date(r.occurred_at) > date(c.occurred_at) WHERE c.type = 'subscription_cancelled' AND r.type = 'order_completed'",
		"rewards used before given":     "SELECT count(*) FROM events r LEFT JOIN events i ON i.type = 'reward_issued' AND i.person_id = r.person_id AND i.occurred_at <= r.occurred_at WHERE r.type = 'reward_redeemed' AND i.id IS NULL",
		"rewards for those not in it":   "SELECT count(*) FROM events i LEFT JOIN events j ON j.type = 'club_joined' AND j.person_id = i.person_id AND date(j.occurred_at) <= date(i.occurred_at) WHERE i.type = 'reward_issued' AND j.id IS NULL",
		"events that are still to come": "SELECT count(*) FROM events WHERE occurred_at > received_at",
	} {
		if n := f.count(t, query); n > 0 {
			t.Errorf("%d %s", n, what)
		}
	}
	renewed, left := f.count(t, "SELECT count(*) FROM events WHERE type = 'subscription_renewed'"), f.count(t, "SELECT count(*) FROM events WHERE type = 'subscription_cancelled'")
	if share := float64(left) / float64(renewed+left); share < 0.05 || share > 0.14 {
		t.Errorf("%d of %d quarters end with leaving", left, renewed+left)
	}
	if low, high := f.leavers(t, 0, 6), f.leavers(t, 9, 10); low < 2*high {
		t.Errorf("of the detractors %.1f %% leave, of the promoters %.1f %%", 100*low, 100*high)
	}
}

// leavers is the share of the subscribers' NPS answers between two scores after
// which they left within a quarter.
func (f filled) leavers(t *testing.T, from, to int) float64 {
	t.Helper()
	const answers = "SELECT count(DISTINCT r.id) FROM responses r JOIN events s ON s.person_id = r.person_id AND s.type = 'subscription_started' "
	const these = " WHERE r.survey_id = ? AND r.score BETWEEN ? AND ? AND r.day < ?"
	const left = "JOIN events c ON c.person_id = r.person_id AND c.type = 'subscription_cancelled' AND julianday(substr(c.occurred_at, 1, 19)) - julianday(substr(r.answered_at, 1, 19)) BETWEEN 0 AND 91"
	args := []any{f.story.NPS.ID, from, to, f.story.Year.To - 91}
	return float64(f.count(t, answers+left+these, args...)) / float64(f.count(t, answers+these, args...))
}
