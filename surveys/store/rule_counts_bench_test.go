package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// BenchmarkRuleCounts measures what a rule's page looks up when a million people
// were asked in its thirty days: the numbers, and the first page of the list
// behind some of them.
func BenchmarkRuleCounts(b *testing.B) {
	for _, dialect := range storetest.Dialects() {
		b.Run(string(dialect), func(b *testing.B) {
			ctx, s := context.Background(), storetest.Open(b, dialect)
			rule := askMany(b, s, 200_000)
			since := s.Now().Add(-30 * 24 * time.Hour)
			b.Run("counts", func(b *testing.B) {
				for b.Loop() {
					counts, err := s.RuleCounts(ctx, rule.WorkspaceID, rule.ID, since)
					if err != nil || counts.Asked.Invited != 200_000 {
						b.Fatalf("%+v, %v", counts, err)
					}
				}
			})
			for _, fate := range []store.InvitationFate{store.FateSent, store.FateAnswered, store.FateReturned} {
				b.Run(string(fate), func(b *testing.B) {
					for b.Loop() {
						list, err := s.RuleEvents(ctx, rule.WorkspaceID, store.RuleEventFilter{RuleID: rule.ID, Since: since, Outcomes: []surveys.Outcome{surveys.Scheduled}, Fate: fate, Limit: 51})
						if err != nil || len(list) != 51 {
							b.Fatalf("%d events, %v", len(list), err)
						}
					}
				})
			}
		})
	}
}

// manyStates are the states of many invitations, in the order of their shares.
var manyStates = []surveys.InvitationState{
	surveys.InvitationSent, surveys.InvitationSent, surveys.InvitationSent, surveys.InvitationSent, surveys.InvitationSent, surveys.InvitationSent,
	surveys.InvitationSent, surveys.InvitationBounced, surveys.InvitationFailed, surveys.InvitationScheduled,
}

// askMany stores invitations of one rule with their decisions: ten rows as
// people are asked, copied within the database.
func askMany(b *testing.B, s *store.Store, many int) surveys.Rule {
	b.Helper()
	w := storetest.Workspace(b, s)
	survey := storetest.Survey(b, s, w.ID, surveys.NPS)
	rule, person := storetest.Rule(b, s, survey), storetest.Person(b, s, w.ID)
	var events []surveys.Event
	for range manyStates {
		events = append(events, storetest.Event(b, s, person))
	}
	under := make(map[string]map[string]string)
	storetest.Write(b, s, func(ctx context.Context, tx *store.Tx) error {
		for n, state := range manyStates {
			at := s.Now().Add(-time.Duration(n*3*24) * time.Hour)
			i := surveys.Invitation{WorkspaceID: w.ID, ID: storetest.ID(b, s), SurveyID: survey.ID, RuleID: rule.ID, EventID: events[n].ID, PersonID: person.ID,
				Email: person.Email, State: state, SendAt: at, ExpiresAt: at, CreatedAt: at, SentAt: &at}
			if n < 2 {
				i.ResponseID, i.AnsweredAt = storetest.ID(b, s), &at
			}
			if err := tx.CreateInvitation(ctx, i); err != nil {
				return err
			}
			under[i.ID] = nil
			if err := tx.CreateDecisions(ctx, events[n], []surveys.Decision{{RuleID: rule.ID, SurveyID: survey.ID, Outcome: surveys.Scheduled, InvitationID: i.ID}}); err != nil {
				return err
			}
		}
		return nil
	})
	storetest.Write(b, s, func(ctx context.Context, tx *store.Tx) error { return tx.CountInvitations(ctx, w, under) })
	copyRows(b, s, many/len(manyStates)-1)
	storetest.Write(b, s, func(ctx context.Context, tx *store.Tx) error { return tx.RebuildInvitations(ctx, w.ID) })
	return rule
}

// copyRows copies the events, the invitations and the decisions that there are,
// so many times, under ids of their own.
func copyRows(b *testing.B, s *store.Store, copies int) {
	b.Helper()
	id := func(column string) string {
		if s.Dialect() == store.Postgres {
			return "CAST(substr(CAST(" + column + " AS text), 1, 24) || lpad(to_hex(g.n), 12, '0') AS uuid)"
		}
		return "substr(" + column + ", 1, 24) || printf('%012x', g.n)"
	}
	for _, table := range []struct {
		name, plain string
		ids         []string
	}{
		{"events", "workspace_id, external_id, type, person_id, occurred_at, received_at, properties", []string{"id"}},
		{"invitations", "workspace_id, survey_id, rule_id, person_id, email, state, send_at, lease_until, attempts, problem, sent_at, answered_at, response_id, expires_at, created_at, segments, day, letter, number, about_id, wants_thanks", []string{"id", "event_id"}},
		{"decisions", "workspace_id, rule_id, rule_name, survey_id, outcome, send_at, until, detail, created_at", []string{"event_id", "invitation_id"}},
	} {
		var fresh []string
		for _, column := range table.ids {
			fresh = append(fresh, id("rows."+column))
		}
		plain := strings.Split(table.plain, ", ")
		for i, column := range plain {
			if column == "created_at" && table.name == "decisions" { // no two at once, as people are decided on
				plain[i] = "datetime(created_at, '-' || g.n || ' seconds')"
				if s.Dialect() == store.Postgres {
					plain[i] = "created_at - g.n * interval '1 second'"
				}
			}
		}
		from := strings.Join(append(plain, fresh...), ", ")
		ids := strings.Join(table.ids, ", ")
		statement := fmt.Sprintf("WITH RECURSIVE g (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < %d) INSERT INTO %s (%s, %s) SELECT %s FROM g, (SELECT * FROM %s) AS rows",
			copies, table.name, table.plain, ids, from, table.name)
		if s.Dialect() == store.SQLite {
			statement = fmt.Sprintf("INSERT INTO %s (%s, %s) WITH RECURSIVE g (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < %d) SELECT %s FROM (SELECT * FROM %s) AS rows, g",
				table.name, table.plain, ids, copies, from, table.name)
		}
		for _, one := range []string{statement, "ANALYZE " + table.name} {
			storetest.Write(b, s, func(ctx context.Context, tx *store.Tx) error { return tx.Exec(ctx, one) })
		}
	}
}
