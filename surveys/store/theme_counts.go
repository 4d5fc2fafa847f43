package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys"
)

type themeCountRow struct {
	WorkspaceID                                 string `gorm:"primaryKey"`
	SurveyID                                    string `gorm:"primaryKey"`
	Theme                                       string `gorm:"primaryKey"`
	Day                                         int    `gorm:"primaryKey"`
	N                                           int64
	C0, C1, C2, C3, C4, C5, C6, C7, C8, C9, C10 int64
	Negative, Neutral, Positive                 int64
	Sum, Squares                                int64
}

func (themeCountRow) TableName() string { return "theme_counts" }

func (r themeCountRow) domain() themes.Row {
	return themes.Row{Day: analysis.Day(r.Day), Theme: r.Theme, Cell: themes.Cell{
		Counts:   surveys.Counts{r.C0, r.C1, r.C2, r.C3, r.C4, r.C5, r.C6, r.C7, r.C8, r.C9, r.C10},
		Negative: r.Negative, Neutral: r.Neutral, Positive: r.Positive, Sum: r.Sum, Squares: r.Squares,
	}}
}

// themeColumns are the counting columns of theme_counts.
const themeColumns = "n, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, negative, neutral, positive, sum, squares"

// surveyKey names a survey of a workspace.
type surveyKey struct {
	workspace surveys.WorkspaceID
	survey    string
}

// themeDeltas are the changes that readings make to the themes' counts.
type themeDeltas map[surveyKey]*themes.Tally

func (d themeDeltas) tally(row readingRow) *themes.Tally {
	key := surveyKey{surveys.WorkspaceID(row.WorkspaceID), row.SurveyID}
	if d[key] == nil {
		d[key] = new(themes.Tally)
	}
	return d[key]
}

func (d themeDeltas) add(row readingRow) error {
	return known("count a comment", d.tally(row).Add(analysis.Day(row.Day), row.Score, row.domain()))
}

func (d themeDeltas) remove(row readingRow) error {
	return known("take a comment out of the counts", d.tally(row).Remove(analysis.Day(row.Day), row.Score, row.domain()))
}

// applyThemes moves the themes' counts, in the one order in which every process
// writes them.
func (tx *Tx) applyThemes(ctx context.Context, d themeDeltas) error {
	var values [][]any
	keys := make([]surveyKey, 0, len(d))
	for key := range d {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b surveyKey) int {
		return cmp.Or(cmp.Compare(a.workspace, b.workspace), cmp.Compare(a.survey, b.survey))
	})
	for _, key := range keys {
		for _, row := range d[key].Rows() {
			value := []any{string(key.workspace), key.survey, row.Theme, int(row.Day), row.Counts.N()}
			for _, n := range row.Counts {
				value = append(value, n)
			}
			values = append(values, append(value, row.Negative, row.Neutral, row.Positive, row.Sum, row.Squares))
		}
	}
	in := insertion{into: "INSERT INTO theme_counts (workspace_id, survey_id, theme, day, " + themeColumns + ") VALUES ", columns: 21, suffix: " " + themeSums()}
	if tx.dialect == Postgres {
		return known("move the themes' counts", tx.upsertThemes(ctx, in, values))
	}
	return known("move the themes' counts", tx.insert(ctx, in, len(values), func(i int) ([]any, error) { return values[i], nil }))
}

// upsertThemes is insert for PostgreSQL, whose placeholders have numbers.
func (tx *Tx) upsertThemes(ctx context.Context, in insertion, values [][]any) error {
	for part := range slices.Chunk(values, 200) {
		var args []any
		for _, row := range part {
			args = append(args, row...)
		}
		if err := tx.db.WithContext(ctx).Exec(in.statement(len(part)), args...).Error; err != nil {
			return err
		}
	}
	return nil
}

// themeSums is the part of the upsert that adds to a row that is there.
func themeSums() string {
	var sums []string
	for column := range strings.SplitSeq(themeColumns, ", ") {
		sums = append(sums, fmt.Sprintf("%s = theme_counts.%s + excluded.%s", column, column, column))
	}
	return "ON CONFLICT (workspace_id, survey_id, theme, day) DO UPDATE SET " + strings.Join(sums, ", ")
}

// ThemeCounts lists the counts of a survey's themes, from a day to before
// another. Days without comments are left out.
func (r reads) ThemeCounts(ctx context.Context, ws surveys.WorkspaceID, f RollupFilter) ([]themes.Row, error) {
	return all(r.of(ctx, ws).Where("survey_id = ? AND day >= ? AND day < ? AND n > 0", f.SurveyID, f.From, f.To).Order("theme, day"), "the themes' counts", themeCountRow.domain)
}

// ThemeTally counts the themes of comments that pass filters, from a day to before
// another, as [reads.ThemeCounts] lists them for everybody: no count is kept by
// segments. It reads what was read of the comments of those days, once.
func (r reads) ThemeTally(ctx context.Context, ws surveys.WorkspaceID, f RollupFilter, filters surveys.Filters) ([]themes.Row, error) {
	args := map[string]any{"ws": string(ws), "survey": f.SurveyID, "from": f.From, "to": f.To}
	passing := ""
	for i, key := range filters.Keys() {
		k, v := fmt.Sprintf("k%d", i), fmt.Sprintf("v%d", i)
		args[k], args[v] = key, filters.Values(key)
		passing += " AND " + strings.Replace(r.segment(), "?", "@"+k, 1) + " IN @" + v
	}
	query := "WITH picked AS MATERIALIZED (SELECT x.workspace_id, x.survey_id, x.day, x.score, x.themes, x.tone, x.value FROM comment_readings AS x" +
		" JOIN responses AS r ON r.workspace_id = x.workspace_id AND r.id = x.response_id" +
		" WHERE x.workspace_id = @ws AND x.survey_id = @survey AND x.day >= @from AND x.day < @to" + passing + ") " +
		r.themeCountsSQL("picked") + " ORDER BY 3, 4"
	var rows []themeCountRow
	if err := r.db.WithContext(ctx).Raw(query, args).Scan(&rows).Error; err != nil {
		return nil, known("tally the themes", err)
	}
	list := make([]themes.Row, len(rows))
	for i, row := range rows {
		list[i] = row.domain()
	}
	return list, nil
}

// themeRecountSQL counts the themes of a workspace from its readings: the rows
// that the table must hold.
func (r reads) themeRecountSQL() string { return r.themeCountsSQL("comment_readings") }

// themeCountsSQL counts the readings of the workspace @ws in a table by theme and
// day: of everybody, without a theme, and by each.
func (r reads) themeCountsSQL(table string) string {
	sums := []string{"count(*) AS n"}
	for score := range 11 {
		sums = append(sums, fmt.Sprintf("sum(CASE WHEN score = %d THEN 1 ELSE 0 END) AS c%d", score, score))
	}
	for _, tone := range []themes.Tone{themes.Negative, themes.Neutral, themes.Positive} {
		sums = append(sums, fmt.Sprintf("sum(CASE WHEN tone = '%s' THEN 1 ELSE 0 END) AS %s", tone, tone))
	}
	sums = append(sums, "sum(x.value) AS sum", "sum(x.value * x.value) AS squares")
	each, none := "json_each(x.themes) AS t", "x.themes = '[]'"
	if r.dialect == Postgres {
		each, none = "jsonb_array_elements_text(x.themes) AS t (value)", "x.themes = '[]'::jsonb"
	}
	counts := strings.Join(sums, ", ") + " FROM " + table + " AS x"
	return "SELECT workspace_id, survey_id, '' AS theme, day, " + counts + " WHERE workspace_id = @ws GROUP BY workspace_id, survey_id, day" +
		" UNION ALL SELECT workspace_id, survey_id, '" + themes.NoTheme + "' AS theme, day, " + counts + " WHERE workspace_id = @ws AND " + none + " GROUP BY workspace_id, survey_id, day" +
		" UNION ALL SELECT workspace_id, survey_id, t.value AS theme, day, " + counts + ", " + each + " WHERE workspace_id = @ws GROUP BY workspace_id, survey_id, t.value, day"
}

// RecountThemes compares the counts of a workspace's themes with what was read
// of its comments, and returns up to 100 rows that differ; their Key is "theme".
func (r reads) RecountThemes(ctx context.Context, ws surveys.WorkspaceID) ([]Difference, error) {
	var differ []string
	for column := range strings.SplitSeq(themeColumns, ", ") {
		differ = append(differ, fmt.Sprintf("sum(%s * sign) <> 0", column))
	}
	query := "SELECT survey_id, 'theme' AS key, day, theme AS value, CAST(sum(CASE WHEN sign > 0 THEN n ELSE 0 END) AS bigint) AS stored," +
		" CAST(sum(CASE WHEN sign < 0 THEN n ELSE 0 END) AS bigint) AS counted FROM (" +
		"SELECT 1 AS sign, survey_id, theme, day, " + themeColumns + " FROM theme_counts WHERE workspace_id = @ws" +
		" UNION ALL SELECT -1 AS sign, survey_id, theme, day, " + themeColumns + " FROM (" + r.themeRecountSQL() + ") AS counted) AS heap" +
		" GROUP BY survey_id, theme, day HAVING " + strings.Join(differ, " OR ") + " ORDER BY 1, 3, 4 LIMIT 100"
	var differences []Difference
	err := r.db.WithContext(ctx).Raw(query, map[string]any{"ws": string(ws)}).Scan(&differences).Error
	return differences, known("recount the themes", err)
}

// RebuildThemes brings the readings of a workspace to the days of their
// responses, and counts the themes anew from them.
func (tx *Tx) RebuildThemes(ctx context.Context, ws surveys.WorkspaceID) error {
	if tx.dialect == Postgres { // for the reason of [Tx.RebuildRollups]
		if err := tx.db.WithContext(ctx).Exec("LOCK TABLE theme_counts IN SHARE ROW EXCLUSIVE MODE").Error; err != nil {
			return known("lock the themes' counts", err)
		}
	}
	const answered = "FROM responses AS r WHERE r.workspace_id = comment_readings.workspace_id AND r.id = comment_readings.response_id"
	for _, step := range []*gorm.DB{
		tx.of(ctx, ws).Where("NOT EXISTS (SELECT 1 " + answered + ")").Delete(&readingRow{}),
		tx.of(ctx, ws).Model(&readingRow{}).Where("day <> (SELECT r.day "+answered+")").UpdateColumn("day", gorm.Expr("(SELECT r.day "+answered+")")),
		tx.of(ctx, ws).Delete(&themeCountRow{}),
	} {
		if step.Error != nil {
			return known("bring readings to their days", step.Error)
		}
	}
	insert := "INSERT INTO theme_counts (workspace_id, survey_id, theme, day, " + themeColumns + ") " + tx.themeRecountSQL()
	return known("count the themes", tx.db.WithContext(ctx).Exec(insert, map[string]any{"ws": string(ws)}).Error)
}
