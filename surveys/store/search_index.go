package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/harkhq/hark/surveys"
)

type commentIndexRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	SurveyID    string `gorm:"primaryKey"`
	Place       int64  `gorm:"primaryKey"`
	ResponseID  string
	Day         int
	Words       string // on PostgreSQL a tsvector
}

func (commentIndexRow) TableName() string { return "comment_index" }

type commentIndexDayRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	SurveyID    string `gorm:"primaryKey"`
	Day         int    `gorm:"primaryKey"`
	N           int64
}

func (commentIndexDayRow) TableName() string { return "comment_index_days" }

// slotBits are the bits of a place within its second: half a billion comments
// find room, such as those of an import that knows only the day.
const slotBits = 29

// lastSecond is in the year 2242, the last that a place has room for.
const lastSecond = 1<<33 - 1

// placeOf is the first place of a moment's second.
func placeOf(at time.Time) int64 { return min(max(at.Unix(), 0), lastSecond) << slotBits }

// dayMoves are the changes to the numbers of indexed comments.
type dayMoves map[commentIndexDayRow]int64 // N is left zero

func (m dayMoves) count(row commentIndexRow, by int64) {
	m[commentIndexDayRow{WorkspaceID: row.WorkspaceID, SurveyID: row.SurveyID, Day: row.Day}] += by
}

// IndexComments brings comments of a survey into the index, with what was read
// of them. A response that was changed, erased or locked meanwhile is left out,
// and found again as not indexed.
func (tx *Tx) IndexComments(ctx context.Context, ws surveys.WorkspaceID, surveyID string, list []surveys.Response) error {
	// The lock that storing readings takes, too: two processes must not give one
	// place away twice.
	if _, err := tx.LockCommentReader(ctx, ws, surveyID); err != nil {
		return err
	}
	all := make([]CommentReading, len(list))
	ids := make([]string, len(list))
	for i, r := range list {
		all[i].Response, ids[i] = r, r.ID
	}
	current, err := tx.unchanged(ctx, ws, all)
	if err != nil {
		return err
	}
	read, err := tx.Readings(ctx, ws, surveyID, ids)
	if err != nil {
		return err
	}
	for i, c := range current {
		current[i].Reading = read[c.Response.ID]
	}
	return tx.index(ctx, ws, surveyID, current)
}

// index puts comments of one survey into the index, in the place of what stood
// there of them. They must be locked.
func (tx *Tx) index(ctx context.Context, ws surveys.WorkspaceID, surveyID string, list []CommentReading) error {
	list, err := tx.reworded(ctx, ws, list)
	if err != nil || len(list) == 0 {
		return err
	}
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.Response.ID
	}
	moved := make(dayMoves)
	old, err := tx.unindex(ctx, ws, ids, moved)
	if err != nil {
		return err
	}
	slices.SortFunc(list, func(a, b CommentReading) int {
		return cmp.Or(a.Response.AnsweredAt.Compare(b.Response.AnsweredAt), cmp.Compare(a.Response.ID, b.Response.ID))
	})
	free, err := tx.freePlaces(ctx, ws, surveyID, list)
	if err != nil {
		return err
	}
	rows := make([]commentIndexRow, len(list))
	for i, c := range list {
		place, kept := old[c.Response.ID]
		if !kept {
			second := placeOf(c.Response.AnsweredAt)
			place, free[second] = free[second], free[second]+1
		}
		words := wordsOf(c.Response, c.Reading)
		rows[i] = commentIndexRow{WorkspaceID: string(ws), SurveyID: surveyID, Place: place, ResponseID: c.Response.ID, Day: c.Response.Day, Words: tx.spell(words)}
		moved.count(rows[i], 1)
	}
	if err := tx.insertIndex(ctx, rows); err != nil {
		return err
	}
	return tx.moveIndexDays(ctx, moved)
}

// reworded leaves out, of a list that it does not change, comments that stand in
// the index with the same words on the same day. To take words out of FTS5 for
// good costs a hundred times what it costs to put them in, and most comments that
// are read once more say what they said.
func (tx *Tx) reworded(ctx context.Context, ws surveys.WorkspaceID, list []CommentReading) ([]CommentReading, error) {
	if tx.dialect == Postgres || len(list) == 0 {
		return slices.Clone(list), nil
	}
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.Response.ID
	}
	there := make(map[string]commentIndexRow)
	for chunk := range slices.Chunk(ids, rowsPerArray) {
		rows, err := all(tx.indexedOf(ctx, ws, chunk), "indexed comments", func(row commentIndexRow) commentIndexRow { return row })
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			there[row.ResponseID] = row
		}
	}
	var changed []CommentReading
	for _, c := range list {
		if row, has := there[c.Response.ID]; !has || row.Day != c.Response.Day || row.Words != tx.spell(wordsOf(c.Response, c.Reading)) {
			changed = append(changed, c)
		}
	}
	return changed, nil
}

// indexedOf are the rows of responses in the index. The survey is left out, which
// the responses name already: asked for both, SQLite goes through all comments of
// the survey, and the more there are the longer each one takes to index.
func (tx *Tx) indexedOf(ctx context.Context, ws surveys.WorkspaceID, responseIDs []string) *gorm.DB {
	return tx.of(ctx, ws).Where("response_id IN ?", responseIDs)
}

// spell writes words as the database takes them.
func (tx *Tx) spell(words []string) string {
	if tx.dialect == Postgres {
		return vector(words)
	}
	return strings.Join(words, " ")
}

// unindex takes responses out of the index, and returns the places
// that they had.
func (tx *Tx) unindex(ctx context.Context, ws surveys.WorkspaceID, ids []string, moved dayMoves) (map[string]int64, error) {
	places := make(map[string]int64)
	for chunk := range slices.Chunk(ids, rowsPerArray) {
		of := func() *gorm.DB { return tx.indexedOf(ctx, ws, chunk) }
		q := of().Select("workspace_id", "survey_id", "place", "response_id", "day")
		if tx.dialect == SQLite {
			q = of() // to be deleted, words must be said once more
		}
		rows, err := all(q, "indexed comments", func(row commentIndexRow) commentIndexRow { return row })
		if err != nil {
			return nil, err
		}
		if len(rows) == 0 {
			continue
		}
		for _, row := range rows {
			places[row.ResponseID] = row.Place
			moved.count(row, -1)
		}
		if tx.dialect == SQLite {
			in := insertion{into: "INSERT INTO comment_words (comment_words, rowid, words) VALUES ", columns: 3}
			if err := tx.insert(ctx, in, len(rows), func(i int) ([]any, error) { return []any{"delete", rows[i].Place, rows[i].Words}, nil }); err != nil {
				return nil, known("take words out of the index", err)
			}
		}
		if err := of().Delete(&commentIndexRow{}).Error; err != nil {
			return nil, known("take comments out of the index", err)
		}
	}
	return places, nil
}

// freePlaces is the first free place of each second in which comments came. On
// SQLite the words of all workspaces share one table, and so the places.
func (tx *Tx) freePlaces(ctx context.Context, ws surveys.WorkspaceID, surveyID string, list []CommentReading) (map[int64]int64, error) {
	free := make(map[int64]int64)
	for _, c := range list {
		free[placeOf(c.Response.AnsweredAt)] = 0
	}
	last := "SELECT max(place) FROM comment_index WHERE workspace_id = @ws AND survey_id = @survey AND place >= v.column1 AND place < v.column1 + @slots"
	if tx.dialect == SQLite {
		last = "SELECT rowid FROM comment_words WHERE rowid >= v.column1 AND rowid < v.column1 + @slots ORDER BY rowid DESC LIMIT 1"
	}
	var values []string
	for second := range free {
		free[second] = second
		values = append(values, fmt.Sprintf("(%d)", second)) // our own number
	}
	var taken []struct{ Second, Last int64 }
	query := "SELECT second, last FROM (SELECT v.column1 AS second, (" + last + ") AS last FROM (VALUES " + strings.Join(values, ", ") + ") AS v) AS taken WHERE last IS NOT NULL"
	err := tx.db.WithContext(ctx).Raw(query, map[string]any{"ws": string(ws), "survey": surveyID, "slots": int64(1) << slotBits}).Scan(&taken).Error
	for _, t := range taken {
		free[t.Second] = t.Last + 1
	}
	return free, known("find free places", err)
}

func (tx *Tx) insertIndex(ctx context.Context, rows []commentIndexRow) error {
	if tx.dialect == Postgres {
		in := insertion{into: "INSERT INTO comment_index (workspace_id, survey_id, place, response_id, day, words) VALUES ", columns: 6}
		for part := range slices.Chunk(rows, 250) {
			var args []any
			for _, r := range part {
				args = append(args, r.WorkspaceID, r.SurveyID, r.Place, r.ResponseID, r.Day, r.Words)
			}
			if err := tx.db.WithContext(ctx).Exec(in.statement(len(part)), args...).Error; err != nil {
				return known("index comments", err)
			}
		}
		return nil
	}
	in := insertion{into: "INSERT INTO comment_index (workspace_id, survey_id, place, response_id, day, words) VALUES ", columns: 6}
	if err := tx.insert(ctx, in, len(rows), func(i int) ([]any, error) {
		r := rows[i]
		return []any{r.WorkspaceID, r.SurveyID, r.Place, r.ResponseID, r.Day, r.Words}, nil
	}); err != nil {
		return known("index comments", err)
	}
	in = insertion{into: "INSERT INTO comment_words (rowid, words) VALUES ", columns: 2}
	return known("index words", tx.insert(ctx, in, len(rows), func(i int) ([]any, error) { return []any{rows[i].Place, rows[i].Words}, nil }))
}

// moveIndexDays moves the numbers of indexed comments, in the one order in which
// every process writes them.
func (tx *Tx) moveIndexDays(ctx context.Context, moved dayMoves) error {
	var days []commentIndexDayRow
	for day, by := range moved {
		if by != 0 {
			day.N = by
			days = append(days, day)
		}
	}
	slices.SortFunc(days, func(a, b commentIndexDayRow) int {
		return cmp.Or(cmp.Compare(a.WorkspaceID, b.WorkspaceID), cmp.Compare(a.SurveyID, b.SurveyID), cmp.Compare(a.Day, b.Day))
	})
	in := insertion{into: "INSERT INTO comment_index_days (workspace_id, survey_id, day, n) VALUES ", columns: 4,
		suffix: " ON CONFLICT (workspace_id, survey_id, day) DO UPDATE SET n = comment_index_days.n + excluded.n"}
	for part := range slices.Chunk(days, rowsPerInsert) {
		var args []any
		for _, d := range part {
			args = append(args, d.WorkspaceID, d.SurveyID, d.Day, d.N)
		}
		if err := tx.db.WithContext(ctx).Exec(in.statement(len(part)), args...).Error; err != nil {
			return known("count indexed comments", err)
		}
	}
	return nil
}

// UnindexedDays lists the days on which comments of a survey are not in the
// index yet, the latest first, as [reads.UnreadDays] finds what is unread.
func (r reads) UnindexedDays(ctx context.Context, ws surveys.WorkspaceID, surveyID string) ([]UnreadDay, error) {
	const query = `SELECT day, CAST(sum(n) AS bigint) AS n FROM (
SELECT day, comments AS n FROM rollups WHERE workspace_id = @ws AND survey_id = @survey AND key = ''
UNION ALL SELECT day, -n FROM comment_index_days WHERE workspace_id = @ws AND survey_id = @survey
) AS heap GROUP BY day HAVING sum(n) > 0 ORDER BY day DESC`
	var days []UnreadDay
	err := r.db.WithContext(ctx).Raw(query, map[string]any{"ws": string(ws), "survey": surveyID}).Scan(&days).Error
	return days, known("find days that are not indexed", err)
}

// UnindexedComments lists responses with comments that are not in the index yet,
// of some days, the latest answered first.
func (r reads) UnindexedComments(ctx context.Context, ws surveys.WorkspaceID, f CommentFilter) ([]surveys.Response, error) {
	if len(f.Days) == 0 {
		return nil, nil
	}
	from, to := surveys.DayStart(slices.Min(f.Days)).Add(-16*time.Hour), surveys.DayStart(slices.Max(f.Days)+1).Add(16*time.Hour)
	q := r.filtered(ctx, ws, ResponseFilter{SurveyID: f.SurveyID, From: from, To: to, WithComment: true}).Where("day IN ?", f.Days).
		Where("(SELECT 1 FROM comment_index AS x WHERE x.workspace_id = responses.workspace_id AND x.response_id = responses.id LIMIT 1) IS NULL")
	if at := utc(f.After.AnsweredAt); f.After.ID != "" {
		q = q.Where("answered_at < ? OR (answered_at = ? AND id < ?)", at, at, f.After.ID)
	}
	return all(q.Order("answered_at DESC, id DESC").Limit(f.Limit), "comments that are not indexed", responseRow.domain)
}

// RebuildIndexDays brings the index of a workspace to the days of its responses,
// for another time zone.
func (tx *Tx) RebuildIndexDays(ctx context.Context, ws surveys.WorkspaceID) error {
	const answered = "FROM responses AS r WHERE r.workspace_id = comment_index.workspace_id AND r.id = comment_index.response_id"
	args := map[string]any{"ws": string(ws)}
	for _, statement := range []string{
		"DELETE FROM comment_index_days WHERE workspace_id = @ws",
		"UPDATE comment_index SET day = (SELECT r.day " + answered + ") WHERE workspace_id = @ws AND day <> (SELECT r.day " + answered + ")",
		"INSERT INTO comment_index_days (workspace_id, survey_id, day, n) SELECT workspace_id, survey_id, day, count(*) FROM comment_index WHERE workspace_id = @ws GROUP BY workspace_id, survey_id, day",
	} {
		if err := tx.db.WithContext(ctx).Exec(statement, args).Error; err != nil {
			return known("bring the index to its days", err)
		}
	}
	return nil
}
