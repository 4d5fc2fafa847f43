package store

import (
	"context"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// OverviewFilter says which counts an overview of many surveys needs.
type OverviewFilter struct {
	Surveys  []string
	From, To int // days, from From to before To
	Daily    int // from this Monday on by day, before it summed up on the Monday of each week
}

// Overview lists everybody's answers to many surveys, keyed by survey, in one
// statement, and sums up in the database what is only looked at by week: fifty
// surveys of two years would else be some thirty thousand rows.
func (r reads) Overview(ctx context.Context, ws surveys.WorkspaceID, f OverviewFilter) (map[string][]analysis.DayCounts, error) {
	found := make(map[string][]analysis.DayCounts, len(f.Surveys))
	if len(f.Surveys) == 0 {
		return found, nil
	}
	rows, err := r.of(ctx, ws).Model(&rollupRow{}).
		Select("survey_id, CASE WHEN day >= ? THEN day ELSE day - (day + 3) % 7 END AS step, CAST(sum(c0) AS bigint), CAST(sum(c1) AS bigint), CAST(sum(c2) AS bigint),"+
			" CAST(sum(c3) AS bigint), CAST(sum(c4) AS bigint), CAST(sum(c5) AS bigint), CAST(sum(c6) AS bigint), CAST(sum(c7) AS bigint), CAST(sum(c8) AS bigint),"+
			" CAST(sum(c9) AS bigint), CAST(sum(c10) AS bigint)", f.Daily).
		Where("survey_id IN ? AND key = '' AND day >= ? AND day < ? AND n > 0", f.Surveys, f.From, f.To).Group("survey_id, step").Order("survey_id, step").Rows()
	if err != nil {
		return nil, known("list the rollups of surveys", err)
	}
	defer rows.Close()
	for rows.Next() {
		var survey string
		var day analysis.DayCounts
		c := &day.Counts
		if err := rows.Scan(&survey, &day.Day, &c[0], &c[1], &c[2], &c[3], &c[4], &c[5], &c[6], &c[7], &c[8], &c[9], &c[10]); err != nil {
			return nil, known("read a rollup", err)
		}
		found[survey] = append(found[survey], day)
	}
	return found, known("list the rollups of surveys", rows.Err())
}
