package flow_test

import (
	"context"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestQueueTellsWhatWaits of all workspaces: what is due, since when the first waits
// that nobody has claimed, and what came back in a day.
func TestQueueTellsWhatWaits(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		sending := flow.NewSending(flow.SendingOptions{Store: s})
		expect := func(when string, due int, wait time.Duration, hard int) {
			t.Helper()
			queue, err := sending.Queue(t.Context())
			if err != nil || queue.Due != due || queue.Wait != wait || queue.Returns[surveys.BounceHard] != hard || len(queue.Returns) != len(surveys.BounceClasses()) {
				t.Errorf("%s: %+v, %v, want %d due for %s and %d returned", when, queue, err, due, wait, hard)
			}
		}
		expect("nothing", 0, 0, 0)
		one, other := storetest.Workspace(t, s), storetest.Workspace(t, s)
		survey, person := storetest.Survey(t, s, one.ID, surveys.NPS), storetest.Person(t, s, one.ID)
		storetest.Invitation(t, s, survey, person)
		clock.Advance(time.Minute)
		storetest.Invitation(t, s, storetest.Survey(t, s, other.ID, surveys.NPS), storetest.Person(t, s, other.ID))
		expect("one for a minute, another one now", 2, time.Minute, 0)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.ClaimDue(ctx, one.ID, s.Now(), time.Hour, 10)
			return err
		})
		expect("the first is claimed", 2, 0, 0)
		sentLetter(t, s, survey, person)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.AddBounce(ctx, one, person.Email, surveys.Bounce{WorkspaceID: one.ID, ID: storetest.ID(t, s), Class: surveys.BounceHard, Source: surveys.BounceByMail, Key: "1", At: s.Now()})
			return err
		})
		expect("one came back", 2, 0, 1)
		clock.Advance(25 * time.Hour)
		expect("a day later, when nobody holds the first any more", 2, 25*time.Hour+time.Minute, 0)
	})
}
