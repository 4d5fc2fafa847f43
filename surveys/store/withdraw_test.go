package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestWithdrawingReadsOnlyTheAddress: what waits for an address is found without
// going through what waits for everybody else, on PostgreSQL's own account and by
// SQLite's plan.
func TestWithdrawingReadsOnlyTheAddress(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		one, other := storetest.Person(t, s, w.ID), storetest.Person(t, s, w.ID)
		mine := storetest.Invitation(t, s, survey, one)
		theirs := storetest.Invitation(t, s, survey, other)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SuppressInvitations(ctx, w.ID, one.Email) })
		for id, want := range map[string]surveys.InvitationState{mine.ID: surveys.InvitationSuppressed, theirs.ID: surveys.InvitationScheduled} {
			if i, err := s.Invitation(t.Context(), w.ID, id); err != nil || i.State != want {
				t.Errorf("%s, want %s, %v", i.State, want, err)
			}
		}
		if s.Dialect() == store.SQLite {
			var id, parent, unused int
			var plan string
			row := s.Readers().QueryRow("EXPLAIN QUERY PLAN SELECT * FROM invitations WHERE workspace_id = ? AND (state IN ('scheduled', 'claimed') AND email = ?) ORDER BY CAST(id AS text)", 1, 2)
			if err := row.Scan(&id, &parent, &unused, &plan); err != nil || !strings.Contains(plan, "invitations_mailbox") {
				t.Errorf("%q, %v", plan, err)
			}
			return
		}
		const many = 5000
		for _, statement := range []string{fmt.Sprintf(`INSERT INTO invitations (workspace_id, id, survey_id, rule_id, event_id, person_id, email, state, send_at, attempts, problem, expires_at, created_at)
SELECT workspace_id, gen_random_uuid(), survey_id, rule_id, event_id, gen_random_uuid(), g || '@customers.example', 'scheduled', send_at, 0, '', expires_at, created_at
FROM (SELECT * FROM invitations LIMIT 1) AS first, generate_series(1, %d) AS g`, many), "ANALYZE invitations"} {
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Exec(ctx, statement) })
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			before, err := tx.RowsRead(ctx, "invitations")
			if err != nil {
				return err
			}
			if err := tx.SuppressInvitations(ctx, w.ID, other.Email); err != nil {
				return err
			}
			after, err := tx.RowsRead(ctx, "invitations")
			if read := after - before; err != nil || read < 1 || read > 50 {
				t.Errorf("%d of %d invitations were read (%v)", read, many, err)
			}
			return nil
		})
	})
}
