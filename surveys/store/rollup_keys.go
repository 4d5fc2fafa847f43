package store

import (
	"context"

	"github.com/harkhq/hark/surveys"
)

// walkKeys names a survey's segment keys by going from each to the next in the
// primary key. A survey has a handful of keys and a hundred thousand rows under
// them, all of which DISTINCT would read.
const walkKeys = `WITH RECURSIVE walk (key) AS (
	SELECT min(key) FROM rollups WHERE workspace_id = @ws AND survey_id = @survey AND key > ''
	UNION ALL
	SELECT (SELECT min(r.key) FROM rollups AS r WHERE r.workspace_id = @ws AND r.survey_id = @survey AND r.key > walk.key) FROM walk WHERE walk.key IS NOT NULL
)`

// ofWalk picks the rows of one key of the walk that count something. Whether there
// is one is asked for as the first by day: of an EXISTS, PostgreSQL makes a join with
// all of them.
const ofWalk = "FROM rollups AS r WHERE r.workspace_id = @ws AND r.survey_id = @survey AND r.key = walk.key AND r.n > 0"

// SegmentKeys lists the keys under which answers of a survey are counted.
func (r reads) SegmentKeys(ctx context.Context, ws surveys.WorkspaceID, surveyID string) ([]string, error) {
	query := walkKeys + " SELECT key FROM walk WHERE key IS NOT NULL AND (SELECT 1 " + ofWalk + " ORDER BY r.day LIMIT 1) IS NOT NULL ORDER BY key"
	keys := []string{}
	err := r.db.WithContext(ctx).Raw(query, map[string]any{"ws": string(ws), "survey": surveyID}).Scan(&keys).Error
	return keys, known("list segment keys", err)
}

// SplitKeys lists the keys that tell a survey's answers of the days [from, to)
// apart: under which at least two values were given. A second value is found on
// the first day as a rule, and nothing is read beyond it.
func (r reads) SplitKeys(ctx context.Context, ws surveys.WorkspaceID, surveyID string, from, to int) ([]string, error) {
	const within = ofWalk + " AND r.day >= @from AND r.day < @to"
	query := walkKeys + ", firsts AS MATERIALIZED (SELECT key, (SELECT r.value " + within + " ORDER BY r.day, r.value LIMIT 1) AS value FROM walk WHERE key IS NOT NULL)" +
		" SELECT key FROM firsts AS walk WHERE (SELECT 1 " + within + " AND r.value <> walk.value ORDER BY r.day LIMIT 1) IS NOT NULL ORDER BY key"
	keys := []string{}
	err := r.db.WithContext(ctx).Raw(query, map[string]any{"ws": string(ws), "survey": surveyID, "from": from, "to": to}).Scan(&keys).Error
	return keys, known("list split keys", err)
}

// givenRows is how many rollups tell which values were given: those of a quarter under
// a key of fifty values.
const givenRows = 5000

// GivenValues lists, in order, the values that answers of the filter's days have under
// its key. Where too many rows would have to be read for that, whole is false, and the
// newest of the values are listed.
func (r reads) GivenValues(ctx context.Context, ws surveys.WorkspaceID, f RollupFilter) (values []string, whole bool, err error) {
	var found []struct {
		Value string
		Days  int
	}
	newest := r.of(ctx, ws).Model(&rollupRow{}).Select("value").
		Where("survey_id = ? AND key = ? AND day >= ? AND day < ? AND n > 0", f.SurveyID, f.Key, f.From, f.To).Order("day DESC").Limit(givenRows)
	err = r.db.WithContext(ctx).Table("(?) AS newest", newest).Select("value, count(*) AS days").Group("value").Order("value").Scan(&found).Error
	read := 0
	for _, one := range found {
		values, read = append(values, one.Value), read+one.Days
	}
	return values, read < givenRows, known("list given values", err)
}
