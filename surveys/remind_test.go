package surveys_test

import (
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
)

// TestRemindFollowsTheKeys takes reminders out of a rule between the letters of one
// question.
func TestRemindFollowsTheKeys(t *testing.T) {
	t.Parallel()
	reminder := func(key, days int) surveys.Reminder {
		return surveys.Reminder{Key: key, After: time.Duration(days) * 24 * time.Hour}
	}
	for name, c := range map[string]struct {
		rule      []surveys.Reminder
		sent      int
		key, days int // 0 for none
	}{
		"the first":                    {[]surveys.Reminder{reminder(1, 3), reminder(2, 7)}, 0, 1, 3},
		"the second":                   {[]surveys.Reminder{reminder(1, 3), reminder(2, 7)}, 1, 2, 7},
		"no third":                     {[]surveys.Reminder{reminder(1, 3), reminder(2, 7)}, 2, 0, 0},
		"the first was taken out":      {[]surveys.Reminder{reminder(2, 7)}, 0, 2, 7},
		"what was sent was taken out":  {[]surveys.Reminder{reminder(2, 7), reminder(3, 5)}, 1, 2, 7},
		"the last was taken out":       {[]surveys.Reminder{reminder(1, 3)}, 2, 0, 0},
		"another came in its place":    {[]surveys.Reminder{reminder(3, 4)}, 2, 3, 4},
		"in another order":             {[]surveys.Reminder{reminder(4, 2), reminder(1, 3)}, 4, 1, 3},
		"without keys, by their place": {[]surveys.Reminder{reminder(0, 3), reminder(0, 7)}, 1, 2, 7},
	} {
		at := monday()
		rule := surveys.Rule{Reminders: c.rule}
		next, follows := rule.Remind(surveys.Invitation{Letter: surveys.LetterInvitation, Number: c.sent, SentAt: &at, ExpiresAt: at.AddDate(0, 2, 0)}, surveys.Facts{})
		if follows != (c.key > 0) || follows && (next.Number != c.key || !next.SendAt.Equal(at.AddDate(0, 0, c.days))) {
			t.Errorf("%s: %t, number %d at %s; want %d after %d days", name, follows, next.Number, next.SendAt, c.key, c.days)
		}
	}
}
