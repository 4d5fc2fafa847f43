package store

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"time"

	"github.com/harkhq/hark/surveys"
)

// Combination is how many answers of a day have the same values under some keys.
type Combination struct {
	Day    int
	Values []string // in the order of the keys; "" without one
	N      int64
}

// CombinationFilter says which answers are counted, and under which keys.
type CombinationFilter struct {
	SurveyID string
	Keys     []string
	Rated    []string // only answers that rate all of these drivers
	From, To int      // days, from From to before To
}

// Combinations counts a survey's answers by day and by their values under some
// keys, in the order of the days. It reads the answers of these days once.
func (r reads) Combinations(ctx context.Context, ws surveys.WorkspaceID, f CombinationFilter) ([]Combination, error) {
	columns, groups := []string{"day"}, []string{"1"}
	var args []any
	for i, key := range f.Keys {
		columns, args = append(columns, r.segment()+" AS k"+strconv.Itoa(i)), append(args, key)
		groups = append(groups, strconv.Itoa(i+2))
	}
	from, to := surveys.DayStart(f.From).Add(-16*time.Hour), surveys.DayStart(f.To).Add(16*time.Hour) // as for [reads.Tally]
	where := "workspace_id = ? AND survey_id = ? AND answered_at >= ? AND answered_at < ? AND day >= ? AND day < ?"
	args = append(args, string(ws), f.SurveyID, utc(from), utc(to), f.From, f.To)
	for _, key := range f.Rated {
		where, args = where+" AND "+r.rating()+" IS NOT NULL", append(args, key)
	}
	rows, err := r.db.WithContext(ctx).Raw("SELECT "+strings.Join(columns, ", ")+", COUNT(*) FROM responses WHERE "+where+
		" GROUP BY "+strings.Join(groups, ", ")+" ORDER BY 1", args...).Rows()
	if err != nil {
		return nil, known("count combinations", err)
	}
	defer rows.Close()
	var list []Combination
	for rows.Next() {
		c := Combination{Values: make([]string, len(f.Keys))}
		values, into := make([]sql.NullString, len(f.Keys)), []any{&c.Day}
		for i := range values {
			into = append(into, &values[i])
		}
		if err := rows.Scan(append(into, &c.N)...); err != nil {
			return nil, known("read a combination", err)
		}
		for i := range values {
			c.Values[i] = values[i].String
		}
		list = append(list, c)
	}
	return list, known("count combinations", rows.Err())
}

// rating is the expression of a response's rating of a driver.
func (r reads) rating() string { return strings.ReplaceAll(r.segment(), "segments", "ratings") }
