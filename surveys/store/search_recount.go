package store

import (
	"context"

	"github.com/harkhq/hark/surveys"
)

// SearchedComments is the key of differences that [reads.RecountIndex] finds.
const SearchedComments = "searched comments"

// inIndex is true of an entry of the index whose comment is there, on its day; on
// SQLite, where the words have a table of their own, with its words.
func (r reads) inIndex() string {
	of := "EXISTS (SELECT 1 FROM responses AS r WHERE r.workspace_id = x.workspace_id AND r.id = x.response_id" +
		" AND r.survey_id = x.survey_id AND r.day = x.day AND r.comment <> '')"
	if r.dialect == SQLite {
		of += " AND EXISTS (SELECT 1 FROM comment_words WHERE comment_words.rowid = x.place)"
	}
	return of
}

// RecountIndex compares how many comments of each day the index says to hold with
// those that it holds and that are there, and returns up to 100 days that differ. A
// comment that is not in it yet is no difference: it is found by reading.
func (r reads) RecountIndex(ctx context.Context, ws surveys.WorkspaceID) ([]Difference, error) {
	query := `SELECT survey_id, '` + SearchedComments + `' AS key, day, '' AS value, CAST(sum(stored) AS bigint) AS stored, CAST(sum(counted) AS bigint) AS counted FROM (
SELECT survey_id, day, n AS stored, 0 AS counted FROM comment_index_days WHERE workspace_id = @ws
UNION ALL SELECT x.survey_id, x.day, 0 AS stored, CASE WHEN ` + r.inIndex() + ` THEN 1 ELSE -1 END AS counted FROM comment_index AS x WHERE x.workspace_id = @ws
) AS heap GROUP BY survey_id, day HAVING sum(stored) <> sum(counted) ORDER BY 1, 3 LIMIT 100`
	var differences []Difference
	err := r.db.WithContext(ctx).Raw(query, map[string]any{"ws": string(ws)}).Scan(&differences).Error
	return differences, known("recount the index", err)
}

// RebuildIndex brings the index of a workspace to the days of its responses, takes
// out what should not be in it, and counts it anew. Comments that it lacks are found
// by reading, and put in by the job that reads.
func (tx *Tx) RebuildIndex(ctx context.Context, ws surveys.WorkspaceID) error {
	if tx.dialect == Postgres { // for the reason of [Tx.RebuildRollups]
		if err := tx.db.WithContext(ctx).Exec("LOCK TABLE comment_index_days IN SHARE ROW EXCLUSIVE MODE").Error; err != nil {
			return known("lock the index", err)
		}
	} else if err := tx.of(ctx, ws).Where("NOT EXISTS (SELECT 1 FROM comment_words WHERE comment_words.rowid = place)").Delete(&commentIndexRow{}).Error; err != nil {
		return known("take out what has no words", err)
	}
	if err := tx.RebuildIndexDays(ctx, ws); err != nil {
		return err
	}
	var wrong []commentIndexRow
	err := tx.db.WithContext(ctx).Raw("SELECT response_id FROM comment_index AS x WHERE x.workspace_id = @ws AND NOT ("+tx.inIndex()+")",
		map[string]any{"ws": string(ws)}).Scan(&wrong).Error
	if err != nil {
		return known("find what should not be in the index", err)
	}
	moved, ids := make(dayMoves), make([]string, len(wrong))
	for i, row := range wrong {
		ids[i] = row.ResponseID
	}
	if _, err := tx.unindex(ctx, ws, ids, moved); err != nil {
		return err
	}
	return tx.moveIndexDays(ctx, moved)
}
