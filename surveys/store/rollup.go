package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/harkhq/hark/surveys"
)

// cellKey names one row of the rollups of a workspace.
type cellKey struct {
	workspace surveys.WorkspaceID
	survey    string
	key       string // "" for everybody
	day       int
	value     string
}

func (k cellKey) compare(o cellKey) int {
	return cmp.Or(cmp.Compare(k.workspace, o.workspace), cmp.Compare(k.survey, o.survey), cmp.Compare(k.key, o.key),
		cmp.Compare(k.day, o.day), cmp.Compare(k.value, o.value))
}

// cell is what a row of the rollups counts.
type cell struct {
	counts   surveys.Counts
	comments int64
	rated    int64 // answers with ratings that came, changed or went; no column
}

// deltas are the changes that a batch makes to the rollups, summed up per row.
type deltas map[cellKey]*cell

// add counts a response sign times (+1 or −1): under everybody, and under each
// of its segments.
func (d deltas) add(r surveys.Response, sign int64) {
	key := cellKey{workspace: r.WorkspaceID, survey: r.SurveyID, day: r.Day}
	d.count(key, r, sign)
	if len(r.Ratings) > 0 {
		d[key].rated++
	}
	for key.key, key.value = range r.Segments {
		d.count(key, r, sign)
	}
}

func (d deltas) count(key cellKey, r surveys.Response, sign int64) {
	c := d[key]
	if c == nil {
		c = new(cell)
		d[key] = c
	}
	c.counts[r.Score] += sign
	if r.Comment != "" {
		c.comments += sign
	}
}

// countable refuses a score that no rollup has a place for. Callers check the
// score against the survey's own scale; this keeps the writer, which all
// answers share, from falling over one that they forgot.
func countable(r surveys.Response) error {
	if r.Score >= 0 && r.Score < len(surveys.Counts{}) {
		return nil
	}
	return surveys.Wrong(surveys.FieldError{Path: "score", Code: "score", Args: map[string]any{"min": 0, "max": len(surveys.Counts{}) - 1}})
}

// keys lists the rows that change, in the one order in which every process
// writes them, so that two of them never wait for each other in a circle.
func (d deltas) keys() []cellKey {
	keys := make([]cellKey, 0, len(d))
	for key, c := range d {
		if *c != (cell{}) {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, cellKey.compare)
	return keys
}

// rollupColumns are the counting columns, in the order of cell.values.
const rollupColumns = "n, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, comments"

func (c cell) values() []any {
	values := []any{c.counts.N()}
	for _, k := range c.counts {
		values = append(values, k)
	}
	return append(values, c.comments)
}

// rollupSums is the part of the upsert that adds to a row that is there.
func rollupSums() string {
	var sums []string
	for column := range strings.SplitSeq(rollupColumns, ", ") {
		sums = append(sums, fmt.Sprintf("%s = rollups.%s + excluded.%s", column, column, column))
	}
	return "ON CONFLICT (workspace_id, survey_id, key, day, value) DO UPDATE SET " + strings.Join(sums, ", ")
}

// applyDeltas moves the rollups, and the themes' counts for what was forgotten.
func (tx *Tx) applyDeltas(ctx context.Context, d deltas) error {
	if err := tx.applyRollups(ctx, d); err != nil {
		return err
	}
	if err := tx.markDriverDays(ctx, d.ratedDays(d.keys())); err != nil {
		return err
	}
	return tx.applyForgotten(ctx)
}

func (tx *Tx) applyRollups(ctx context.Context, d deltas) error {
	keys := d.keys()
	if tx.dialect == Postgres {
		for part := range slices.Chunk(keys, rowsPerArray) {
			if err := tx.exec(ctx, addRollups(d, part)); err != nil {
				return known("move the rollups", err)
			}
		}
		return nil
	}
	in := insertion{into: "INSERT INTO rollups (workspace_id, survey_id, key, day, value, " + rollupColumns + ") VALUES ", columns: 18, suffix: " " + rollupSums()}
	return known("move the rollups", tx.insert(ctx, in, len(keys), func(i int) ([]any, error) {
		k := keys[i]
		return append([]any{string(k.workspace), k.survey, k.key, k.day, k.value}, d[k].values()...), nil
	}))
}

// Rollup is how often each score was given on one local day, for one value of
// a segment key.
type Rollup struct {
	Day      int    // days since 1 January 1970
	Value    string // "" for everybody
	Counts   surveys.Counts
	Comments int64 // answers with a comment
}

type rollupRow struct {
	WorkspaceID                                 string `gorm:"primaryKey"`
	SurveyID                                    string `gorm:"primaryKey"`
	Key                                         string `gorm:"primaryKey"`
	Day                                         int    `gorm:"primaryKey"`
	Value                                       string `gorm:"primaryKey"`
	N                                           int64
	C0, C1, C2, C3, C4, C5, C6, C7, C8, C9, C10 int64
	Comments                                    int64
}

func (rollupRow) TableName() string { return "rollups" }

// RollupFilter says which rollups of a survey are wanted.
type RollupFilter struct {
	SurveyID string
	Key      string // of the segment; "" for everybody
	From, To int    // days since 1 January 1970, from From to before To
}

// Rollups lists a survey's rollups in the order of days: of everybody, or of
// each value of a segment key. Days without answers are left out.
func (r reads) Rollups(ctx context.Context, ws surveys.WorkspaceID, f RollupFilter) ([]Rollup, error) {
	// Scanned by hand: a report reads ten thousand rows and more, on which GORM
	// spends most of the report's time.
	rows, err := r.of(ctx, ws).Model(&rollupRow{}).Select("day, value, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, comments").
		Where("survey_id = ? AND key = ? AND day >= ? AND day < ? AND n > 0", f.SurveyID, f.Key, f.From, f.To).Order("day, value").Rows()
	if err != nil {
		return nil, known("list rollups", err)
	}
	defer rows.Close()
	var list []Rollup
	for rows.Next() {
		var one Rollup
		c := &one.Counts
		if err := rows.Scan(&one.Day, &one.Value, &c[0], &c[1], &c[2], &c[3], &c[4], &c[5], &c[6], &c[7], &c[8], &c[9], &c[10], &one.Comments); err != nil {
			return nil, known("read a rollup", err)
		}
		list = append(list, one)
	}
	return list, known("list rollups", rows.Err())
}

// RollupTotal is how many answers to a survey there are, and how many of them
// have a comment, within the filter's days. Its key is passed over: these are everybody's.
func (r reads) RollupTotal(ctx context.Context, ws surveys.WorkspaceID, f RollupFilter) (answers, comments int64, err error) {
	var sum struct{ N, Comments int64 }
	err = r.of(ctx, ws).Model(&rollupRow{}).Select("CAST(COALESCE(sum(n), 0) AS bigint) AS n, CAST(COALESCE(sum(comments), 0) AS bigint) AS comments").
		Where("survey_id = ? AND key = '' AND day >= ? AND day < ? AND n > 0", f.SurveyID, f.From, f.To).Scan(&sum).Error
	return sum.N, sum.Comments, known("sum up rollups", err)
}

// FirstDay returns the first day on which a survey was answered, and false
// when it never was.
func (r reads) FirstDay(ctx context.Context, ws surveys.WorkspaceID, surveyID string) (day int, found bool, err error) {
	var days []int
	err = r.of(ctx, ws).Model(&rollupRow{}).Where("survey_id = ? AND key = '' AND n > 0", surveyID).Order("day").Limit(1).Pluck("day", &days).Error
	if err != nil || len(days) == 0 {
		return 0, false, known("find the first day", err)
	}
	return days[0], true, nil
}
