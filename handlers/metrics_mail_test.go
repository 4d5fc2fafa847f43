package handlers

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/surveys"
)

// TestMetricsTellHowMailsStand whenever they are asked.
func TestMetricsTellHowMailsStand(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		queue  surveys.MailQueue
		err    error
		want   []string
		absent string
	}{
		"letters wait": {
			queue: surveys.MailQueue{Due: 3, Wait: 90 * time.Second, Returns: map[surveys.BounceClass]int{surveys.BounceHard: 2, surveys.BounceComplaint: 0}},
			want:  []string{"hark_mail_due 3", "hark_mail_due_oldest_seconds 90", `hark_mail_returns_24h{class="hard"} 2`, `hark_mail_returns_24h{class="complaint"} 0`},
		},
		"none":        {want: []string{"hark_mail_due 0", "hark_mail_due_oldest_seconds 0"}, absent: "hark_mail_returns_24h{"},
		"no database": {queue: surveys.MailQueue{Due: 3}, err: errors.New("gone"), want: []string{"hark_mail_due NaN", "hark_mail_due_oldest_seconds NaN"}, absent: "hark_mail_returns_24h{"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := NewMetrics("test")
			m.MailQueue(func(context.Context) (surveys.MailQueue, error) { return c.queue, c.err })
			recorder := httptest.NewRecorder()
			if err := m.handler()(echo.New().NewContext(httptest.NewRequest("GET", "/metrics", nil), recorder)); err != nil {
				t.Fatal(err)
			}
			for _, want := range c.want {
				if !strings.Contains(recorder.Body.String(), "\n"+want+"\n") {
					t.Errorf("it does not say %s", want)
				}
			}
			if c.absent != "" && strings.Contains(recorder.Body.String(), c.absent) {
				t.Errorf("it says %s", c.absent)
			}
		})
	}
}
