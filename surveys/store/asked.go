package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/harkhq/hark/surveys"
)

// Invitations are counted by survey, segment value and day of sending, because
// there are several for each answer and no report can look at all of them.
//
// A job takes each invitation in once (flow.CountInvitations), a minute after it
// was scheduled or, for those from before there were counts, at the first start:
// it notes on the invitation the segments and the day under which it is counted.
// From then on every transaction that moves the invitation moves the counts by −1
// and +1 of what that row says, so that they agree with the invitations at every
// moment, whoever answers, bounces or is erased; a watermarked job alone would run
// behind all changes of thirty days. Until it is taken in (day 0) nothing is counted
// and nothing moves. Scheduling an event's invitations does not count them, so that
// events that come in at once do not wait for each other at today's row.
//
// They are counted by their rule, too, under the key of rules: there the day is the
// one of UTC on which the event was decided, as a rule's page counts its events.
//
// Transactions write these counts last of all, in the order of their key.

// byRule is the key under which invitations are counted by the ids of their
// rules. No segment's key begins so.
const byRule = ":rule"

// decidedDay is the day of UTC on which an invitation was made, by which its rule's
// page counts it; decidedDaySQL is the same of the invitation i.
func decidedDay(at time.Time) int { return surveys.Day(at, time.UTC) }

func (d Dialect) decidedDaySQL() string {
	if d == Postgres {
		return "CAST(floor(extract(epoch FROM i.created_at) / 86400) AS integer)"
	}
	return "unixepoch(i.created_at) / 86400"
}

type invitationCountRow struct {
	WorkspaceID                                                              string `gorm:"primaryKey"`
	SurveyID                                                                 string `gorm:"primaryKey"`
	Key                                                                      string `gorm:"primaryKey"`
	Day                                                                      int    `gorm:"primaryKey"`
	Value                                                                    string `gorm:"primaryKey"`
	Invited, Sent, Answered, Failed, Suppressed, Cancelled, Expired, Bounced int64
	Clicked, Machines                                                        int64
}

func (invitationCountRow) TableName() string { return "invitation_counts" }

func (r invitationCountRow) asked() surveys.Asked {
	return surveys.Asked{
		Invited: r.Invited, Sent: r.Sent, Answered: r.Answered,
		Failed: r.Failed, Suppressed: r.Suppressed, Cancelled: r.Cancelled, Expired: r.Expired, Bounced: r.Bounced,
		Clicked: r.Clicked, Machines: r.Machines,
	}
}

// askedColumns are the counting columns, in the order of askedValues.
const askedColumns = "invited, sent, answered, failed, suppressed, cancelled, expired, bounced, clicked, machines"

func askedValues(a surveys.Asked) []any {
	return []any{a.Invited, a.Sent, a.Answered, a.Failed, a.Suppressed, a.Cancelled, a.Expired, a.Bounced, a.Clicked, a.Machines}
}

// askedSums is the part of the upsert that adds to a row that is there.
func askedSums() string {
	var sums []string
	for column := range strings.SplitSeq(askedColumns, ", ") {
		sums = append(sums, fmt.Sprintf("%s = invitation_counts.%s + excluded.%s", column, column, column))
	}
	return " ON CONFLICT (workspace_id, survey_id, key, day, value) DO UPDATE SET " + strings.Join(sums, ", ")
}

// askedMoves are the changes that a transaction makes to the counts.
type askedMoves struct {
	cells    map[cellKey]surveys.Asked
	answered []invitationKey // marked as answered; counted from their rows
}

type invitationKey struct {
	workspace surveys.WorkspaceID
	id        string
}

// add counts an invitation sign times (+1 or −1) under its day: as everybody, and
// under each of its segments. One that was not taken in is not counted.
func (m *askedMoves) add(row invitationRow, sign int64) {
	if row.Day <= 0 {
		return
	}
	if m.cells == nil {
		m.cells = make(map[cellKey]surveys.Asked)
	}
	what := row.domain().Asked()
	key := cellKey{workspace: surveys.WorkspaceID(row.WorkspaceID), survey: row.SurveyID, day: row.Day}
	count := func() {
		sum := m.cells[key]
		sum.Add(what, sign)
		m.cells[key] = sum
	}
	count()
	for key.key, key.value = range row.Segments {
		count()
	}
	key.key, key.value, key.day = byRule, row.RuleID, decidedDay(row.CreatedAt)
	count()
}

// applyAsked moves the counts by what the transaction did to invitations.
func (tx *Tx) applyAsked(ctx context.Context) error {
	if err := tx.countAnswered(ctx); err != nil {
		return err
	}
	m := tx.asked
	tx.asked = askedMoves{}
	maps.DeleteFunc(m.cells, func(_ cellKey, a surveys.Asked) bool { return a == surveys.Asked{} })
	if len(m.cells) == 0 {
		return nil
	}
	keys := slices.SortedFunc(maps.Keys(m.cells), cellKey.compare)
	if tx.dialect == Postgres {
		for part := range slices.Chunk(keys, rowsPerArray) {
			if err := tx.exec(ctx, addAsked(m.cells, part)); err != nil {
				return known("count invitations", err)
			}
		}
		return nil
	}
	in := insertion{into: "INSERT INTO invitation_counts (workspace_id, survey_id, key, day, value, " + askedColumns + ") VALUES ", columns: 15, suffix: askedSums()}
	return known("count invitations", tx.insert(ctx, in, len(keys), func(i int) ([]any, error) {
		k := keys[i]
		return append([]any{string(k.workspace), k.survey, k.key, k.day, k.value}, askedValues(m.cells[k])...), nil
	}))
}

// addAsked adds the changes of some keys on PostgreSQL.
func addAsked(cells map[cellKey]surveys.Asked, keys []cellKey) statement {
	var workspace, survey, key, value []string
	var day []int32
	counts := make([][]int64, len(strings.Split(askedColumns, ", ")))
	for _, k := range keys {
		workspace, survey = append(workspace, string(k.workspace)), append(survey, k.survey)
		key, value, day = append(key, k.key), append(value, k.value), append(day, int32(k.day))
		for i, n := range askedValues(cells[k]) {
			counts[i] = append(counts[i], n.(int64))
		}
	}
	args := []any{workspace, survey, key, day, value}
	var arrays []string
	for i, column := range counts {
		args = append(args, column)
		arrays = append(arrays, fmt.Sprintf("$%d::bigint[]", i+6))
	}
	return statement{"INSERT INTO invitation_counts (workspace_id, survey_id, key, day, value, " + askedColumns + ") SELECT ws::uuid, survey::uuid, key, day, value, " + askedColumns +
		" FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[], " + strings.Join(arrays, ", ") + ")" +
		" AS t (ws, survey, key, day, value, " + askedColumns + ")" + askedSums(), args}
}

// answeredChange is what an answer changes in the counts of an invitation, whose
// row carries its mark already: a mail that was thought not to have arrived did.
const answeredChange = `0, sum(CASE WHEN i.state = 'sent' THEN 0 ELSE 1 END), count(*),
 -sum(CASE WHEN i.state = 'failed' THEN 1 ELSE 0 END), -sum(CASE WHEN i.state = 'suppressed' THEN 1 ELSE 0 END),
 -sum(CASE WHEN i.state = 'cancelled' THEN 1 ELSE 0 END), -sum(CASE WHEN i.state = 'expired' THEN 1 ELSE 0 END),
 -sum(CASE WHEN i.state = 'bounced' THEN 1 ELSE 0 END), sum(CASE WHEN i.clicked THEN 0 ELSE 1 END), 0`

// countInvited counts the invitations of a batch that were just marked as answered,
// on PostgreSQL, from their own rows: what a submitter knew of them may be older.
func countInvited(batch []*pending) statement {
	var workspace, invitation []string
	for _, p := range batch {
		if r := p.submission.Response; r.InvitationID != "" {
			workspace, invitation = append(workspace, string(r.WorkspaceID)), append(invitation, r.InvitationID)
		}
	}
	return statement{`INSERT INTO invitation_counts (workspace_id, survey_id, key, day, value, ` + askedColumns + `)
SELECT i.workspace_id, i.survey_id, s.key, s.day, s.value, ` + answeredChange + `
FROM unnest($1::text[], $2::text[]) AS t (ws, invitation) JOIN invitations AS i ON i.workspace_id = t.ws::uuid AND i.id = t.invitation::uuid
CROSS JOIN LATERAL (SELECT '' AS key, '' AS value, i.day UNION ALL SELECT key, value, i.day FROM jsonb_each_text(i.segments)
 UNION ALL SELECT '` + byRule + `', i.rule_id::text, ` + Postgres.decidedDaySQL() + `) AS s
WHERE i.day > 0 GROUP BY i.workspace_id, i.survey_id, s.key, s.day, s.value
ORDER BY i.workspace_id, i.survey_id, s.key COLLATE "C", s.day, s.value COLLATE "C"` + askedSums(), []any{workspace, invitation}}
}

// countAnswered notes the change of invitations that were marked as answered.
func (tx *Tx) countAnswered(ctx context.Context) error {
	byWorkspace := make(map[surveys.WorkspaceID][]string)
	for _, k := range tx.asked.answered {
		byWorkspace[k.workspace] = append(byWorkspace[k.workspace], k.id)
	}
	for ws, ids := range byWorkspace {
		var rows []invitationRow
		if err := tx.of(ctx, ws).Select("workspace_id", "survey_id", "rule_id", "state", "response_id", "segments", "day", "created_at", "clicked", "machines").Where("id IN ? AND day > 0", ids).Find(&rows).Error; err != nil {
			return known("find answered invitations", err)
		}
		for _, row := range rows {
			tx.asked.add(row, 1)
			row.ResponseID = nil
			tx.asked.add(row, -1)
		}
	}
	return nil
}

// countMove moves the counts after an invitation was moved from a state. One that
// is sent is counted on the day of that, wherever it was planned.
func (tx *Tx) countMove(ctx context.Context, i surveys.Invitation, from surveys.InvitationState) error {
	if (surveys.Invitation{State: from}).Asked() == (surveys.Invitation{State: i.State}).Asked() {
		return nil
	}
	var row invitationRow
	if err := tx.of(ctx, i.WorkspaceID).Where("id = ?", i.ID).Take(&row).Error; err != nil {
		return known("find the moved invitation", err)
	}
	if row.Day <= 0 {
		return nil
	}
	was := row
	was.State = string(from)
	tx.asked.add(was, -1)
	if i.State == surveys.InvitationSent {
		w, err := tx.Workspace(ctx, i.WorkspaceID)
		if err != nil {
			return err
		}
		if day := row.sendingDay(w.Location()); day != row.Day {
			row.Day = day
			if err := tx.of(ctx, i.WorkspaceID).Model(&invitationRow{}).Where("id = ?", i.ID).UpdateColumn("day", day).Error; err != nil {
				return known("move the invitation to its day", err)
			}
		}
	}
	tx.asked.add(row, 1)
	return nil
}

// sendingDay is the local day on which it was sent, or is planned to be.
func (r invitationRow) sendingDay(zone *time.Location) int {
	if r.SentAt != nil {
		return surveys.Day(*r.SentAt, zone)
	}
	return surveys.Day(r.SendAt, zone)
}

// UncountedInvitations lists invitations that are not taken into the counts yet,
// behind the one with an id; "" begins with the first. Who goes through many
// passes the last id on: those taken in just now linger in the index.
func (r reads) UncountedInvitations(ctx context.Context, ws surveys.WorkspaceID, after string, limit int) ([]surveys.Invitation, error) {
	q := r.of(ctx, ws).Where("day = 0").Order("id").Limit(limit)
	if after != "" {
		q = q.Where("id > ?", after)
	}
	return all(q, "uncounted invitations", invitationRow.domain)
}

// CountInvitations takes invitations into the counts, each under its segments and
// the day of the workspace's zone on which it was or will be sent. Those that were
// taken in before, or are gone, are left alone.
func (tx *Tx) CountInvitations(ctx context.Context, w surveys.Workspace, segments map[string]map[string]string) error {
	var rows []invitationRow
	ids := slices.Sorted(maps.Keys(segments))
	// By their ids alone: asked for the uncounted ones too, PostgreSQL goes through
	// all of those until it knows how many there are.
	if err := tx.locked(ctx, w.ID).Where("id IN ?", ids).Order("id").Find(&rows).Error; err != nil {
		return known("find invitations to count", err)
	}
	rows = slices.DeleteFunc(rows, func(row invitationRow) bool { return row.Day != 0 })
	zone := w.Location()
	for i := range rows {
		row := &rows[i]
		row.Day, row.Segments = row.sendingDay(zone), segments[row.ID]
		if row.Segments == nil {
			row.Segments = map[string]string{}
		}
		tx.asked.add(*row, 1)
	}
	if tx.dialect == Postgres {
		return known("note what invitations are counted under", tx.noteCounted(ctx, rows))
	}
	return known("note what invitations are counted under", tx.noteEach(ctx, rows))
}

// noteEach is noteCounted for SQLite: one statement, parsed once.
func (tx *Tx) noteEach(ctx context.Context, rows []invitationRow) error {
	sqlTx, err := tx.sqlTx()
	if err != nil {
		return err
	}
	update, err := sqlTx.PrepareContext(ctx, "UPDATE invitations SET day = ?, segments = ? WHERE workspace_id = ? AND id = ?")
	if err != nil {
		return err
	}
	defer update.Close()
	for _, row := range rows {
		text, err := json.Marshal(row.Segments)
		if err != nil {
			return fmt.Errorf("write the segments: %w", err)
		}
		if _, err := update.ExecContext(context.WithoutCancel(ctx), row.Day, string(text), row.WorkspaceID, row.ID); err != nil {
			return err
		}
	}
	return nil
}

// noteCounted stores the day and the segments of many invitations on PostgreSQL.
func (tx *Tx) noteCounted(ctx context.Context, rows []invitationRow) error {
	var workspace, id, segments []string
	var day []int32
	for _, row := range rows {
		text, err := json.Marshal(row.Segments)
		if err != nil {
			return fmt.Errorf("write the segments: %w", err)
		}
		workspace, id, segments, day = append(workspace, row.WorkspaceID), append(id, row.ID), append(segments, string(text)), append(day, int32(row.Day))
	}
	return tx.exec(ctx, statement{`UPDATE invitations AS i SET day = t.day, segments = t.segments::jsonb
FROM unnest($1::text[], $2::text[], $3::int[], $4::text[]) AS t (ws, id, day, segments) WHERE i.workspace_id = t.ws::uuid AND i.id = t.id::uuid`,
		[]any{workspace, id, day, segments}})
}
