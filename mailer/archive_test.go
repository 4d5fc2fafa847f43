package mailer

import (
	"context"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestAnArchivedRuleSendsNothing has a letter planned beside the archiving, which
// therefore nothing took back, and archives a rule between a letter and its reminder.
func TestAnArchivedRuleSendsNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		h := newHabit(t, o, clock, surveys.Caps{Reminders: 3})
		h.orders.Reminders = []surveys.Reminder{{After: 2 * day}}
		var err error
		if h.orders, err = flow.NewAsking(h.store).SaveRule(t.Context(), h.workspace.ID, h.orders); err != nil {
			t.Fatal(err)
		}
		asked := h.happen("order")
		h.pass(time.Hour)
		asked = h.expect(asked.ID, surveys.InvitationSent)
		if err := flow.NewAsking(h.store).ArchiveRule(t.Context(), h.workspace.ID, h.orders.ID); err != nil {
			t.Fatal(err)
		}
		reminders := h.about(asked)
		if len(reminders) != 1 || reminders[0].State != surveys.InvitationCancelled || reminders[0].Problem != "rule_archived?" {
			t.Errorf("the reminders are %+v", reminders)
		}
		beside := reminders[0]
		beside.ID, beside.Letter, beside.Number, beside.AboutID = storetest.ID(t, h.store), surveys.LetterInvitation, 0, ""
		beside.State, beside.Problem, beside.SendAt = surveys.InvitationScheduled, "", clock.Now()
		storetest.Write(t, h.store, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.CreateInvitation(ctx, beside); err != nil {
				return err
			}
			return flow.Remind(ctx, tx, h.workspace, asked) // as when the letter left just now
		})
		h.pass(time.Hour)
		if taken := h.expect(beside.ID, surveys.InvitationCancelled); taken.Problem != "rule_archived?" {
			t.Errorf("it was taken back because of %q", taken.Problem)
		}
		if got := h.about(asked); len(got) != 1 {
			t.Errorf("the archived rule plans %d reminders", len(got)-1)
		}
	})
}
