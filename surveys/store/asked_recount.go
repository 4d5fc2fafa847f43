package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/harkhq/hark/surveys"
)

// askedRecountSQL counts a workspace's invitations: the rows that the table of
// counts must hold.
func (r reads) askedRecountSQL() string {
	sums := []string{"count(*) AS invited", "sum(CASE WHEN state = 'sent' OR response_id IS NOT NULL THEN 1 ELSE 0 END) AS sent",
		"sum(CASE WHEN response_id IS NOT NULL THEN 1 ELSE 0 END) AS answered"}
	for _, state := range []surveys.InvitationState{surveys.InvitationFailed, surveys.InvitationSuppressed, surveys.InvitationCancelled, surveys.InvitationExpired, surveys.InvitationBounced} {
		sums = append(sums, fmt.Sprintf("sum(CASE WHEN state = '%s' AND response_id IS NULL THEN 1 ELSE 0 END) AS %s", state, state))
	}
	sums = append(sums, "sum(CASE WHEN clicked OR response_id IS NOT NULL THEN 1 ELSE 0 END) AS clicked", "sum(CASE WHEN machines THEN 1 ELSE 0 END) AS machines")
	each := "json_each(invitations.segments) AS segment"
	if r.dialect == Postgres {
		each = "jsonb_each_text(invitations.segments) AS segment (key, value)"
	}
	counts := strings.Join(sums, ", ")
	return "SELECT workspace_id, survey_id, '' AS key, day, '' AS value, " + counts + " FROM invitations WHERE workspace_id = @ws AND day > 0 GROUP BY workspace_id, survey_id, day" +
		" UNION ALL SELECT workspace_id, survey_id, segment.key, day, segment.value, " + counts + " FROM invitations, " + each +
		" WHERE workspace_id = @ws AND day > 0 GROUP BY workspace_id, survey_id, segment.key, day, segment.value" +
		" UNION ALL SELECT workspace_id, survey_id, '" + byRule + "', " + r.dialect.decidedDaySQL() + ", CAST(rule_id AS text), " + counts + " FROM invitations AS i" +
		" WHERE workspace_id = @ws AND day > 0 GROUP BY 1, 2, 4, 5"
}

// RecountInvitations compares the counts of a workspace's invitations with the
// invitations, and returns up to 100 rows that differ; their Key is "invitations",
// or "invitations by" a segment's or the rule's. Those that are not taken in yet do not matter.
func (r reads) RecountInvitations(ctx context.Context, ws surveys.WorkspaceID) ([]Difference, error) {
	var differ []string
	for column := range strings.SplitSeq(askedColumns, ", ") {
		differ = append(differ, fmt.Sprintf("sum(%s * sign) <> 0", column))
	}
	query := "SELECT survey_id, CASE WHEN key = '' THEN 'invitations' ELSE 'invitations by ' || ltrim(key, ':') END AS key, day, value," +
		" CAST(sum(CASE WHEN sign > 0 THEN invited ELSE 0 END) AS bigint) AS stored," +
		" CAST(sum(CASE WHEN sign < 0 THEN invited ELSE 0 END) AS bigint) AS counted FROM (" +
		"SELECT 1 AS sign, survey_id, key, day, value, " + askedColumns + " FROM invitation_counts WHERE workspace_id = @ws" +
		" UNION ALL SELECT -1 AS sign, survey_id, key, day, value, " + askedColumns + " FROM (" + r.askedRecountSQL() + ") AS counted) AS heap" +
		" GROUP BY survey_id, key, day, value HAVING " + strings.Join(differ, " OR ") + " ORDER BY 1, 2, 3, 4 LIMIT 100"
	var differences []Difference
	err := r.db.WithContext(ctx).Raw(query, map[string]any{"ws": string(ws)}).Scan(&differences).Error
	return differences, known("recount the invitations", err)
}

// RebuildInvitations counts a workspace's invitations anew, of those that were
// taken in.
func (tx *Tx) RebuildInvitations(ctx context.Context, ws surveys.WorkspaceID) error {
	if tx.dialect == Postgres { // for the reason of [Tx.RebuildRollups]
		if err := tx.db.WithContext(ctx).Exec("LOCK TABLE invitation_counts IN SHARE ROW EXCLUSIVE MODE").Error; err != nil {
			return known("lock the counts of invitations", err)
		}
	}
	if err := tx.of(ctx, ws).Delete(&invitationCountRow{}).Error; err != nil {
		return known("clear the counts of invitations", err)
	}
	insert := "INSERT INTO invitation_counts (workspace_id, survey_id, key, day, value, " + askedColumns + ") " + tx.askedRecountSQL()
	return known("count the invitations", tx.db.WithContext(ctx).Exec(insert, map[string]any{"ws": string(ws)}).Error)
}

// MoveInvitationDays brings every counted invitation to its day, by the day that it
// returns for the time of sending. The counts must be rebuilt in the same
// transaction, and nothing else before: whoever answers or moves an invitation
// holds its row and then wants the rollups and the counts, and would otherwise
// wait for this one, and this one for it.
func (tx *Tx) MoveInvitationDays(ctx context.Context, ws surveys.WorkspaceID, day func(time.Time) int) error {
	after := ""
	for {
		var rows []invitationRow
		q := tx.of(ctx, ws).Select("id", "day", "send_at", "sent_at").Where("day > 0").Order("id").Limit(5000)
		if after != "" {
			q = q.Where("id > ?", after)
		}
		if err := q.Find(&rows).Error; err != nil {
			return known("read the days of invitations", err)
		}
		if len(rows) == 0 {
			return nil
		}
		after = rows[len(rows)-1].ID
		type step struct{ from, to int }
		moved := make(map[step][]string)
		for _, row := range rows {
			at := row.SendAt
			if row.SentAt != nil {
				at = *row.SentAt
			}
			if to := day(at); to != row.Day {
				moved[step{row.Day, to}] = append(moved[step{row.Day, to}], row.ID)
			}
		}
		for by, ids := range moved {
			// One that was sent since it was read has its day.
			if err := tx.of(ctx, ws).Model(&invitationRow{}).Where("id IN ? AND day = ?", ids, by.from).UpdateColumn("day", by.to).Error; err != nil {
				return known("move invitations to their day", err)
			}
		}
	}
}
