package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/harkhq/hark/surveys"
)

// recountSQL counts the rollups of a workspace from its responses: the rows
// that the table must hold.
func (r reads) recountSQL() string {
	var counts []string
	for score := range 11 {
		counts = append(counts, fmt.Sprintf("sum(CASE WHEN score = %d THEN 1 ELSE 0 END) AS c%d", score, score))
	}
	sums := "count(*) AS n, " + strings.Join(counts, ", ") + ", sum(CASE WHEN comment <> '' THEN 1 ELSE 0 END) AS comments"
	each := "json_each(responses.segments) AS segment"
	if r.dialect == Postgres {
		each = "jsonb_each_text(responses.segments) AS segment (key, value)"
	}
	return "SELECT workspace_id, survey_id, '' AS key, day, '' AS value, " + sums + " FROM responses WHERE workspace_id = @ws GROUP BY workspace_id, survey_id, day" +
		" UNION ALL SELECT workspace_id, survey_id, segment.key, day, segment.value, " + sums + " FROM responses, " + each +
		" WHERE workspace_id = @ws GROUP BY workspace_id, survey_id, segment.key, day, segment.value"
}

// Difference is a row of the rollups that does not agree with the responses:
// a bug, or somebody who wrote into the database by hand.
type Difference struct {
	SurveyID string
	Key      string
	Day      int
	Value    string
	Stored   int64 // what the rollup's n says
	Counted  int64 // what the responses say; equal n with other scores is a difference too
}

// Recount compares the workspace's rollups with its responses, in one
// statement and so at one moment, and returns up to 100 rows that differ. Both
// are laid on one heap with opposite signs, and what does not come to zero is
// different: a join of the two takes SQLite a time that grows with their square.
func (r reads) Recount(ctx context.Context, ws surveys.WorkspaceID) ([]Difference, error) {
	var differ []string
	for column := range strings.SplitSeq(rollupColumns, ", ") {
		differ = append(differ, fmt.Sprintf("sum(%s * sign) <> 0", column))
	}
	query := "SELECT survey_id, key, day, value, CAST(sum(CASE WHEN sign > 0 THEN n ELSE 0 END) AS bigint) AS stored," +
		" CAST(sum(CASE WHEN sign < 0 THEN n ELSE 0 END) AS bigint) AS counted FROM (" +
		"SELECT 1 AS sign, survey_id, key, day, value, " + rollupColumns + " FROM rollups WHERE workspace_id = @ws" +
		" UNION ALL SELECT -1 AS sign, survey_id, key, day, value, " + rollupColumns + " FROM (" + r.recountSQL() + ") AS counted) AS heap" +
		" GROUP BY survey_id, key, day, value HAVING " + strings.Join(differ, " OR ") + " ORDER BY 1, 2, 3, 4 LIMIT 100"
	var differences []Difference
	err := r.db.WithContext(ctx).Raw(query, map[string]any{"ws": string(ws)}).Scan(&differences).Error
	return differences, known("recount the rollups", err)
}

// RebuildRollups counts the workspace's rollups anew from its responses.
// Answers that come in meanwhile wait for the moment that it takes.
func (tx *Tx) RebuildRollups(ctx context.Context, ws surveys.WorkspaceID) error {
	if tx.dialect == Postgres {
		// Whoever stores an answer writes rollups last, so that an answer is
		// either committed and counted here, or adds itself after the rebuild.
		if err := tx.db.WithContext(ctx).Exec("LOCK TABLE rollups IN SHARE ROW EXCLUSIVE MODE").Error; err != nil {
			return known("lock the rollups", err)
		}
	}
	if err := tx.of(ctx, ws).Delete(&rollupRow{}).Error; err != nil {
		return known("clear the rollups", err)
	}
	insert := "INSERT INTO rollups (workspace_id, survey_id, key, day, value, " + rollupColumns + ") " + tx.recountSQL()
	return known("count the rollups", tx.db.WithContext(ctx).Exec(insert, map[string]any{"ws": string(ws)}).Error)
}

// MoveDays sets the day under which each of the workspace's responses is
// counted, by the day that it returns for the time of the answer. The rollups
// must be rebuilt in the same transaction.
func (tx *Tx) MoveDays(ctx context.Context, ws surveys.WorkspaceID, day func(time.Time) int) error {
	after := ""
	for {
		var rows []responseRow
		q := tx.of(ctx, ws).Select("id", "day", "answered_at").Order("id").Limit(5000)
		if after != "" {
			q = q.Where("id > ?", after)
		}
		if err := q.Find(&rows).Error; err != nil {
			return known("read the days of answers", err)
		}
		if len(rows) == 0 {
			return nil
		}
		after = rows[len(rows)-1].ID
		moved := make(map[int][]string) // by how many days
		for _, row := range rows {
			if by := day(row.AnsweredAt) - row.Day; by != 0 {
				moved[by] = append(moved[by], row.ID)
			}
		}
		for by, ids := range moved {
			if err := tx.of(ctx, ws).Model(&responseRow{}).Where("id IN ?", ids).UpdateColumn("day", gorm.Expr("day + ?", by)).Error; err != nil {
				return known("move answers to their day", err)
			}
		}
	}
}
