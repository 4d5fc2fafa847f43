package northwind

import (
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
)

// TestNotesFitTheStory: each stands on a day of the year, and would be taken
// from the team's own form.
func TestNotesFitTheStory(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	c, err := newCalendar(now)
	if err != nil {
		t.Fatal(err)
	}
	story := Story{Year: c.year, Drop: c.drop, Gifts: c.gifts, Quiet: c.quiet, User: surveys.User{Name: "Robin"}, NPS: surveys.Survey{ID: "nps"}}
	seen := map[string]bool{}
	for _, n := range notes(story) {
		if checked, err := n.Check(c.year.To - 1); err != nil || checked.Text != n.Text {
			t.Errorf("%q: %v", n.Text, err)
		}
		if !story.Year.Has(n.Day) || n.Author != "Robin" || seen[n.ID] || n.CreatedAt.After(now) {
			t.Errorf("%+v does not fit the year", n)
		}
		seen[n.ID] = true
	}
}
