package store

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys"
)

type readingRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	SurveyID    string `gorm:"primaryKey"`
	ResponseID  string `gorm:"primaryKey"`
	Reader      string
	Day         int
	Score       int
	Language    string
	Themes      []string `gorm:"serializer:json"`
	Tone        string
	Value       int
	Source      string
}

func (readingRow) TableName() string { return "comment_readings" }

func (r readingRow) domain() themes.Reading {
	found := r.Themes
	if len(found) == 0 {
		found = nil
	}
	return themes.Reading{
		Language: themes.Language(r.Language), Themes: found,
		Sentiment: themes.Sentiment{Tone: themes.Tone(r.Tone), Value: r.Value, Source: themes.Source(r.Source)},
	}
}

// CommentReading is what was read out of a response's comment, and of which
// state of the response.
type CommentReading struct {
	Response surveys.Response
	Reading  themes.Reading
}

// ReadingBatch is readings of one survey's comments by one reader.
type ReadingBatch struct {
	SurveyID     string
	Reader       string // rules and model
	ModelVersion string // the model's part of Reader
	List         []CommentReading
}

// StoreReadings stores what was read out of comments and moves the counts of
// themes, in the place of what was read before. A response that was changed,
// erased or locked meanwhile is left out, and found again as unread. It reports
// false, and stores nothing, when the survey got another model meanwhile.
func (tx *Tx) StoreReadings(ctx context.Context, ws surveys.WorkspaceID, b ReadingBatch) (bool, error) {
	now, err := tx.LockCommentReader(ctx, ws, b.SurveyID)
	if err != nil || now.ModelVersion != b.ModelVersion {
		return false, err
	}
	current, err := tx.unchanged(ctx, ws, b.List)
	if err != nil || len(current) == 0 {
		return true, err
	}
	ids := make([]string, len(current))
	rows := make([]readingRow, len(current))
	for i, c := range current {
		ids[i] = c.Response.ID
		rows[i] = readingRow{
			WorkspaceID: string(ws), SurveyID: b.SurveyID, ResponseID: c.Response.ID, Reader: b.Reader, Day: c.Response.Day, Score: c.Response.Score,
			Language: string(c.Reading.Language), Themes: append([]string{}, c.Reading.Themes...),
			Tone: string(c.Reading.Sentiment.Tone), Value: c.Reading.Sentiment.Value, Source: string(c.Reading.Sentiment.Source),
		}
	}
	moved := make(themeDeltas)
	if err := tx.forget(ctx, ws, b.SurveyID, ids, moved); err != nil {
		return false, err
	}
	for _, row := range rows {
		if err := moved.add(row); err != nil {
			return false, err
		}
	}
	if err := tx.insertReadings(ctx, rows); err != nil {
		return false, err
	}
	if err := tx.applyThemes(ctx, moved); err != nil {
		return false, err
	}
	return true, tx.index(ctx, ws, b.SurveyID, current)
}

// unchanged locks the responses that are as they were when they were read, and
// leaves out the others.
func (tx *Tx) unchanged(ctx context.Context, ws surveys.WorkspaceID, list []CommentReading) ([]CommentReading, error) {
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.Response.ID
	}
	q := tx.of(ctx, ws).Select("id", "day", "score", "comment", "locale").Where("id IN ?", ids)
	if tx.dialect == Postgres {
		// Who changes or erases a response locks it first. To wait for them here
		// could be to wait in a circle, and they leave nothing to store.
		q = q.Clauses(clause.Locking{Strength: "NO KEY UPDATE", Options: "SKIP LOCKED"})
	}
	now, err := all(q, "responses that were read", func(row responseRow) responseRow { return row })
	if err != nil {
		return nil, err
	}
	byID := make(map[string]responseRow, len(now))
	for _, row := range now {
		byID[row.ID] = row
	}
	var kept []CommentReading
	for _, c := range list {
		row, there := byID[c.Response.ID]
		if there && row.Score == c.Response.Score && row.Comment == c.Response.Comment && row.Locale == c.Response.Locale {
			c.Response.Day = row.Day
			kept = append(kept, c)
		}
	}
	return kept, nil
}

func (tx *Tx) insertReadings(ctx context.Context, rows []readingRow) error {
	if tx.dialect == Postgres {
		return known("store readings", tx.db.WithContext(ctx).CreateInBatches(&rows, 250).Error)
	}
	in := insertion{into: "INSERT INTO comment_readings (workspace_id, survey_id, response_id, reader, day, score, language, themes, tone, value, source) VALUES ", columns: 11}
	return known("store readings", tx.insert(ctx, in, len(rows), func(i int) ([]any, error) {
		r := rows[i]
		found, err := json.Marshal(r.Themes)
		return []any{r.WorkspaceID, r.SurveyID, r.ResponseID, r.Reader, r.Day, r.Score, r.Language, string(found), r.Tone, r.Value, r.Source}, err
	}))
}

// forget deletes what was read out of responses of one survey, and takes it out
// of the counts that will be moved.
func (tx *Tx) forget(ctx context.Context, ws surveys.WorkspaceID, surveyID string, ids []string, moved themeDeltas) error {
	for chunk := range slices.Chunk(ids, rowsPerArray) {
		of := func() *gorm.DB { return tx.of(ctx, ws).Where("survey_id = ? AND response_id IN ?", surveyID, chunk) }
		rows, err := all(of(), "readings", func(row readingRow) readingRow { return row })
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			continue
		}
		for _, row := range rows {
			if err := moved.remove(row); err != nil {
				return err
			}
		}
		if err := of().Delete(&readingRow{}).Error; err != nil {
			return known("forget readings", err)
		}
	}
	return nil
}

// forgetReadings takes out of the index, and out of the counts once the
// transaction applies its deltas, what was read of responses that change or go.
// The responses must be locked.
func (tx *Tx) forgetReadings(ctx context.Context, list ...surveys.Response) error {
	commented := make(map[surveyKey][]string)
	for _, r := range list {
		if r.Comment != "" { // of others nothing was read
			key := surveyKey{r.WorkspaceID, r.SurveyID}
			commented[key] = append(commented[key], r.ID)
		}
	}
	if tx.forgotten == nil {
		tx.forgotten, tx.unindexed = make(themeDeltas), make(dayMoves)
	}
	for key, ids := range commented {
		if _, err := tx.unindex(ctx, key.workspace, ids, tx.unindexed); err != nil {
			return err
		}
		if err := tx.forget(ctx, key.workspace, key.survey, ids, tx.forgotten); err != nil {
			return err
		}
	}
	return nil
}

// applyForgotten moves the counts of themes and of indexed comments for what was
// forgotten.
func (tx *Tx) applyForgotten(ctx context.Context) error {
	forgotten, unindexed := tx.forgotten, tx.unindexed
	tx.forgotten, tx.unindexed = nil, nil
	if len(forgotten) > 0 {
		if err := tx.applyThemes(ctx, forgotten); err != nil {
			return err
		}
	}
	return tx.moveIndexDays(ctx, unindexed)
}

// UnreadDay is a local day on which comments of a survey were not read yet.
type UnreadDay struct {
	Day int
	N   int64
}

// UnreadDays lists the days on which comments of a survey were not read yet,
// the latest first. It compares what the answers' rollups and the themes' counts
// say, which are both exact at every commit: nothing has to be kept of what was
// read up to where, and whatever was left out for a reason is found.
func (r reads) UnreadDays(ctx context.Context, ws surveys.WorkspaceID, surveyID string) ([]UnreadDay, error) {
	const query = `SELECT day, CAST(sum(n) AS bigint) AS n FROM (
SELECT day, comments AS n FROM rollups WHERE workspace_id = @ws AND survey_id = @survey AND key = ''
UNION ALL SELECT day, -n FROM theme_counts WHERE workspace_id = @ws AND survey_id = @survey AND theme = ''
) AS heap GROUP BY day HAVING sum(n) > 0 ORDER BY day DESC`
	var days []UnreadDay
	err := r.db.WithContext(ctx).Raw(query, map[string]any{"ws": string(ws), "survey": surveyID}).Scan(&days).Error
	return days, known("find unread days", err)
}

// CommentFilter names a part of a survey's comments, in an order in which it
// can be gone through.
type CommentFilter struct {
	SurveyID string
	Days     []int  // unread: of these days
	Reader   string // read: by another one
	After    Cursor // the last one of the part before
	Limit    int
}

// UnreadComments lists responses with comments that were not read yet, of some
// days, the latest answered first.
func (r reads) UnreadComments(ctx context.Context, ws surveys.WorkspaceID, f CommentFilter) ([]surveys.Response, error) {
	if len(f.Days) == 0 {
		return nil, nil
	}
	// Wherever on Earth the days are counted, their moments are within these.
	from, to := surveys.DayStart(slices.Min(f.Days)).Add(-16*time.Hour), surveys.DayStart(slices.Max(f.Days)+1).Add(16*time.Hour)
	q := r.filtered(ctx, ws, ResponseFilter{SurveyID: f.SurveyID, From: from, To: to, WithComment: true}).Where("day IN ?", f.Days).
		// Not NOT EXISTS, which PostgreSQL turns into a join with all readings.
		Where("(SELECT 1 FROM comment_readings AS x WHERE x.workspace_id = responses.workspace_id AND x.survey_id = responses.survey_id AND x.response_id = responses.id LIMIT 1) IS NULL")
	if at := utc(f.After.AnsweredAt); f.After.ID != "" {
		q = q.Where("answered_at < ? OR (answered_at = ? AND id < ?)", at, at, f.After.ID)
	}
	return all(q.Order("answered_at DESC, id DESC").Limit(f.Limit), "unread comments", responseRow.domain)
}

// StaleComments lists responses with comments that another reader has read, in
// the order of their ids.
func (r reads) StaleComments(ctx context.Context, ws surveys.WorkspaceID, f CommentFilter) ([]surveys.Response, error) {
	q := r.of(ctx, ws).Model(&readingRow{}).Where("survey_id = ? AND reader <> ?", f.SurveyID, f.Reader)
	if f.After.ID != "" {
		q = q.Where("response_id > ?", f.After.ID)
	}
	var ids []string
	if err := q.Order("response_id").Limit(f.Limit).Pluck("response_id", &ids).Error; err != nil {
		return nil, known("list stale readings", err)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return all(r.of(ctx, ws).Where("id IN ?", ids).Order("id"), "stale comments", responseRow.domain)
}

// CountReadings counts the comments on a survey that a reader has read.
func (r reads) CountReadings(ctx context.Context, ws surveys.WorkspaceID, surveyID, reader string) (int64, error) {
	var n int64
	err := r.of(ctx, ws).Model(&readingRow{}).Where("survey_id = ? AND reader = ?", surveyID, reader).Count(&n).Error
	return n, known("count readings", err)
}

// Readings returns what was read out of responses of a survey, by their ids.
func (r reads) Readings(ctx context.Context, ws surveys.WorkspaceID, surveyID string, ids []string) (map[string]themes.Reading, error) {
	found := make(map[string]themes.Reading, len(ids))
	for chunk := range slices.Chunk(ids, rowsPerArray) {
		rows, err := all(r.of(ctx, ws).Where("survey_id = ? AND response_id IN ?", surveyID, chunk), "readings", func(row readingRow) readingRow { return row })
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			found[row.ResponseID] = row.domain()
		}
	}
	return found, nil
}

// about is the condition that a response's comment is about a theme.
func (r reads) about() string {
	each := "EXISTS (SELECT 1 FROM json_each(x.themes) AS t WHERE t.value = ?)"
	if r.dialect == Postgres {
		each = "x.themes @> jsonb_build_array(?::text)"
	}
	return "EXISTS (SELECT 1 FROM comment_readings AS x WHERE x.workspace_id = responses.workspace_id AND x.survey_id = responses.survey_id AND x.response_id = responses.id AND " + each + ")"
}
