package store

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"time"

	"github.com/harkhq/hark/surveys"
)

// TallyFilter says which responses of a survey are counted, and by what.
type TallyFilter struct {
	SurveyID string
	Segments surveys.Filters
	Keys     []string // by whose values they are counted besides; "" is everybody that passes
	From, To int      // days since 1 January 1970, from From to before To
}

// Tally counts the responses that pass filters, by day and score, under each
// key: what [reads.Rollups] lists, for what no rollup counts. It reads the
// survey's responses of those days once, through the index, and counts them in
// the database. Comments are not counted.
func (r reads) Tally(ctx context.Context, ws surveys.WorkspaceID, f TallyFilter) (map[string][]Rollup, error) {
	query, args := r.tallyQuery(ws, f)
	rows, err := r.db.WithContext(ctx).Raw(query, args...).Rows()
	if err != nil {
		return nil, known("tally responses", err)
	}
	defer rows.Close()
	lists := make(map[string][]Rollup, len(f.Keys))
	for rows.Next() {
		var place, day, score int
		var value sql.NullString
		var n int64
		if err := rows.Scan(&place, &value, &day, &score, &n); err != nil {
			return nil, known("read a tally", err)
		}
		list := lists[f.Keys[place]]
		if last := len(list) - 1; last < 0 || list[last].Day != day || list[last].Value != value.String {
			list = append(list, Rollup{Day: day, Value: value.String})
		}
		list[len(list)-1].Counts[score] = n
		lists[f.Keys[place]] = list
	}
	return lists, known("tally responses", rows.Err())
}

// tallyQuery picks the responses once, whatever the number of keys. Keys and
// values are arguments, never part of the query.
func (r reads) tallyQuery(ws surveys.WorkspaceID, f TallyFilter) (string, []any) {
	columns, parts := []string{"day", "score"}, []string{}
	var args []any
	for i, key := range f.Keys {
		place := strconv.Itoa(i)
		if key == "" {
			parts = append(parts, "SELECT "+place+" AS place, '' AS value, day, score, COUNT(*) AS n FROM picked GROUP BY day, score")
			continue
		}
		columns, args = append(columns, r.segment()+" AS k"+place), append(args, key)
		parts = append(parts, "SELECT "+place+" AS place, k"+place+" AS value, day, score, COUNT(*) AS n FROM picked WHERE k"+place+" IS NOT NULL GROUP BY k"+place+", day, score")
	}
	// The index is by the moment of the answer. Wherever on Earth the days are
	// counted, their moments are within these.
	from, to := surveys.DayStart(f.From).Add(-16*time.Hour), surveys.DayStart(f.To).Add(16*time.Hour)
	where := "workspace_id = ? AND survey_id = ? AND answered_at >= ? AND answered_at < ? AND day >= ? AND day < ?"
	args = append(args, string(ws), f.SurveyID, utc(from), utc(to), f.From, f.To)
	for _, key := range f.Segments.Keys() {
		where += " AND " + r.segment() + " IN ?"
		args = append(args, key, f.Segments.Values(key))
	}
	return "WITH picked AS MATERIALIZED (SELECT " + strings.Join(columns, ", ") + " FROM responses WHERE " + where + ") " +
		strings.Join(parts, " UNION ALL ") + " ORDER BY 1, 2, 3, 4", args
}
