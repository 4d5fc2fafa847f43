package store

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/harkhq/hark/surveys"
)

type responseRow struct {
	WorkspaceID  string `gorm:"primaryKey"`
	ID           string `gorm:"primaryKey"`
	SurveyID     string
	Version      int
	InvitationID *string
	PersonID     *string
	Score        int
	Comment      string
	Locale       string
	Channel      string
	Segments     map[string]string         `gorm:"serializer:json"`
	Ratings      map[string]int            `gorm:"serializer:json"` // nil is NULL
	Answers      map[string]surveys.Answer `gorm:"serializer:json"` // nil is NULL
	Fields       map[string]string         `gorm:"serializer:json"` // nil is NULL
	Day          int
	AnsweredAt   time.Time
	CreatedAt    time.Time `gorm:"autoCreateTime:false"`
	UpdatedAt    time.Time `gorm:"autoUpdateTime:false"`
}

func (responseRow) TableName() string { return "responses" }

// responseColumnNames are the columns of responses, in the order of its row.
const responseColumnNames = "workspace_id, id, survey_id, version, invitation_id, person_id, score, comment, locale, channel, segments, ratings, answers, fields, day, answered_at, created_at, updated_at"

func (r responseRow) domain() surveys.Response {
	return surveys.Response{
		WorkspaceID: surveys.WorkspaceID(r.WorkspaceID), ID: r.ID, SurveyID: r.SurveyID, Version: r.Version,
		InvitationID: idText(r.InvitationID), PersonID: idText(r.PersonID), Score: r.Score, Comment: r.Comment, Locale: r.Locale,
		Channel: surveys.Channel(r.Channel), Segments: r.Segments, Ratings: r.Ratings, Answers: r.Answers, Fields: r.Fields, Day: r.Day,
		AnsweredAt: r.AnsweredAt.UTC(), CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(),
	}
}

func responseRowOf(r surveys.Response) responseRow {
	if r.Segments == nil {
		r.Segments = map[string]string{}
	}
	return responseRow{
		WorkspaceID: string(r.WorkspaceID), ID: r.ID, SurveyID: r.SurveyID, Version: r.Version,
		InvitationID: idPtr(r.InvitationID), PersonID: idPtr(r.PersonID), Score: r.Score, Comment: r.Comment, Locale: r.Locale,
		Channel: string(r.Channel), Segments: r.Segments, Ratings: mapOrNone(r.Ratings), Answers: mapOrNone(r.Answers), Fields: mapOrNone(r.Fields), Day: r.Day,
		AnsweredAt: utc(r.AnsweredAt), CreatedAt: utc(r.CreatedAt), UpdatedAt: utc(r.UpdatedAt),
	}
}

// ResponseFilter says which responses to list. Zero fields do not filter. What
// their comments say is looked for in the index, by [reads.Feed].
type ResponseFilter struct {
	SurveyID    string
	PersonID    string
	Scores      []int     // any of them
	From, To    time.Time // answered at or after From, before To
	WithComment bool
	Rated       bool            // with ratings of the survey's drivers
	Segments    surveys.Filters // [surveys.SegmentChannel] and [surveys.SegmentVersion] are keys, too
	Without     string          // a key under which the answer has no value
	Theme       string          // that the comment is about, as far as it was read
	Invited     Invited         // to mails of these days; the zero value: however they came
	After       Cursor          // the last one of the page before
	Limit       int             // at most 500; 0 for 50
}

// Invited are the local days from From to before To on which mails were sent, of
// which the answers are meant.
type Invited struct{ From, To int }

// Cursor is a place in the list of responses, which runs from the latest to
// the oldest. Its zero value is the beginning.
type Cursor struct {
	AnsweredAt time.Time
	ID         string
}

// Response returns a response.
func (r reads) Response(ctx context.Context, ws surveys.WorkspaceID, id string) (surveys.Response, error) {
	return one(r.of(ctx, ws).Where("id = ?", id), "the response", responseRow.domain)
}

// Responses lists the responses that pass a filter, the latest answered first.
func (r reads) Responses(ctx context.Context, ws surveys.WorkspaceID, f ResponseFilter) ([]surveys.Response, error) {
	q := r.filtered(ctx, ws, f)
	switch at := utc(f.After.AnsweredAt); {
	case f.After.AnsweredAt.IsZero():
	case f.After.ID == "":
		q = q.Where("answered_at < ?", at)
	default:
		q = q.Where("answered_at < ? OR (answered_at = ? AND id < ?)", at, at, f.After.ID)
	}
	if f.Limit <= 0 || f.Limit > 500 {
		f.Limit = 50
	}
	return all(q.Order("answered_at DESC, id DESC").Limit(f.Limit), "responses", responseRow.domain)
}

// CountResponses counts the responses that pass a filter.
func (r reads) CountResponses(ctx context.Context, ws surveys.WorkspaceID, f ResponseFilter) (int64, error) {
	var n int64
	err := r.filtered(ctx, ws, f).Model(&responseRow{}).Count(&n).Error
	return n, known("count responses", err)
}

func (r reads) filtered(ctx context.Context, ws surveys.WorkspaceID, f ResponseFilter) *gorm.DB {
	q := r.of(ctx, ws)
	if f.SurveyID != "" {
		q = q.Where("survey_id = ?", f.SurveyID)
	}
	if f.PersonID != "" {
		q = q.Where("person_id = ?", f.PersonID)
	}
	if len(f.Scores) > 0 {
		q = q.Where("score IN ?", f.Scores)
	}
	if !f.From.IsZero() {
		q = q.Where("answered_at >= ?", utc(f.From))
	}
	if !f.To.IsZero() {
		q = q.Where("answered_at < ?", utc(f.To))
	}
	if f.WithComment {
		q = q.Where("comment <> ''")
	}
	if f.Rated {
		q = q.Where("ratings IS NOT NULL")
	}
	if (f.Invited == Invited{}) {
		q = r.within(q, f.Segments)
		q = r.lacking(q, f.Without)
	} else {
		q = q.Where("id IN (?)", r.invited(ctx, ws, f))
	}
	if f.Theme != "" {
		q = q.Where(r.about(), f.Theme)
	}
	return q
}

// within keeps rows of some segments.
func (r reads) within(q *gorm.DB, segments surveys.Filters) *gorm.DB {
	for _, key := range segments.Keys() {
		q = q.Where(r.segment()+" IN ?", key, segments.Values(key))
	}
	return q
}

// invited are the ids of the answers to the mails of some days, under the segments
// under which those are counted: the person's at that time.
func (r reads) invited(ctx context.Context, ws surveys.WorkspaceID, f ResponseFilter) *gorm.DB {
	q := r.of(ctx, ws).Model(&invitationRow{}).Select("response_id").Where("response_id IS NOT NULL AND day >= ? AND day < ?", f.Invited.From, f.Invited.To)
	if f.SurveyID != "" {
		q = q.Where("survey_id = ?", f.SurveyID)
	}
	return r.lacking(r.within(q, f.Segments), f.Without)
}

// lacking keeps rows without a value of a key; all for "".
func (r reads) lacking(q *gorm.DB, key string) *gorm.DB {
	if key == "" {
		return q
	}
	return q.Where(r.segment()+" IS NULL", key)
}

// segment is the expression of a response's value under a key.
func (r reads) segment() string {
	if r.dialect == Postgres {
		return "segments ->> CAST(? AS text)"
	}
	return "json_extract(segments, '$.\"' || ? || '\"')"
}

// EachResponse calls visit with every response that passes a filter, the
// oldest first, without holding them all.
func (r reads) EachResponse(ctx context.Context, ws surveys.WorkspaceID, f ResponseFilter, visit func(surveys.Response) error) error {
	rows, err := r.filtered(ctx, ws, f).Model(&responseRow{}).Order("answered_at, id").Rows()
	if err != nil {
		return known("read responses", err)
	}
	defer rows.Close()
	for rows.Next() {
		var row responseRow
		if err := r.db.ScanRows(rows, &row); err != nil {
			return fmt.Errorf("read a response: %w", err)
		}
		if err := visit(row.domain()); err != nil {
			return err
		}
	}
	return known("read responses", rows.Err())
}

// SegmentValues lists the values that are counted under each segment key.
func (r reads) SegmentValues(ctx context.Context, ws surveys.WorkspaceID) (map[string][]string, error) {
	var rows []segmentValueRow
	if err := r.of(ctx, ws).Order("key, value").Find(&rows).Error; err != nil {
		return nil, known("list segment values", err)
	}
	values := make(map[string][]string)
	for _, row := range rows {
		values[row.Key] = append(values[row.Key], row.Value)
	}
	return values, nil
}

type segmentValueRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	Key         string `gorm:"primaryKey"`
	Value       string `gorm:"primaryKey"`
}

func (segmentValueRow) TableName() string { return "segment_values" }

// AdmitSegmentValue counts a value under a key from now on and reports true,
// or reports false when the key has [surveys.MaxSegmentValues] already.
func (tx *Tx) AdmitSegmentValue(ctx context.Context, ws surveys.WorkspaceID, key, value string) (bool, error) {
	// The workspace's row is the lock: two processes that admit the last place
	// at once must not both get it.
	if err := tx.locked(ctx, ws).Take(&workspaceRow{}).Error; err != nil {
		return false, known("lock the workspace", err)
	}
	admitted, err := exists(tx.of(ctx, ws).Model(&segmentValueRow{}).Where("key = ? AND value = ?", key, value))
	if err != nil || admitted {
		return admitted, err
	}
	var n int64
	if err := tx.of(ctx, ws).Model(&segmentValueRow{}).Where("key = ?", key).Count(&n).Error; err != nil {
		return false, known("count segment values", err)
	}
	if n >= surveys.MaxSegmentValues {
		return false, nil
	}
	return true, tx.create(ctx, "the segment value", &segmentValueRow{WorkspaceID: string(ws), Key: key, Value: value})
}
