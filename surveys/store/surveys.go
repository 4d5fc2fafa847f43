package store

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/harkhq/hark/surveys"
)

type surveyRow struct {
	WorkspaceID       string `gorm:"primaryKey"`
	ID                string `gorm:"primaryKey"`
	Key               string
	Name              string
	Metric            string
	Subject           string
	Status            string
	ClosesAt          *time.Time
	Version           int
	Drivers           []surveys.Driver `gorm:"serializer:json"` // nil is NULL
	Kind              string
	Topic             string
	CapDays           int
	Fields            []string                          `gorm:"serializer:json"` // nil is NULL
	Thanks            map[surveys.Band]surveys.ThankYou `gorm:"serializer:json"` // nil is NULL
	Machines          string
	QuarantineMinutes int
	Origins           []string `gorm:"serializer:json"` // nil is NULL
	Identified        bool
	Locale            string
	CreatedAt         time.Time `gorm:"autoCreateTime:false"`
	UpdatedAt         time.Time `gorm:"autoUpdateTime:false"`
}

func (surveyRow) TableName() string { return "surveys" }

type questionRow struct {
	WorkspaceID string                  `gorm:"primaryKey"`
	SurveyID    string                  `gorm:"primaryKey"`
	Version     int                     `gorm:"primaryKey"`
	Texts       map[string]surveys.Text `gorm:"serializer:json"`
	Style       string
	FollowUps   []surveys.FollowUp `gorm:"serializer:json"` // nil is NULL: the main comment alone
	CreatedAt   time.Time          `gorm:"autoCreateTime:false"`
}

func (questionRow) TableName() string { return "questions" }

// askedRow is a survey with the question that it asks now. The survey has a
// name of its own because GORM passes over a field that is not exported, and
// an embedded private type is one.
type askedRow struct {
	Survey    surveyRow               `gorm:"embedded"`
	Texts     map[string]surveys.Text `gorm:"serializer:json"`
	Style     string
	FollowUps []surveys.FollowUp `gorm:"serializer:json"`
}

func (r askedRow) domain() surveys.Survey {
	s := r.Survey
	return surveys.Survey{
		WorkspaceID: surveys.WorkspaceID(s.WorkspaceID), ID: s.ID, Key: s.Key, Name: s.Name, Metric: surveys.Metric(s.Metric),
		Subject: s.Subject, Status: surveys.SurveyStatus(s.Status), ClosesAt: utcPtr(s.ClosesAt),
		Question: surveys.Question{Version: s.Version, Texts: r.Texts, Style: surveys.Style(r.Style), FollowUps: r.FollowUps},
		Drivers:  s.Drivers, Fields: s.Fields, Thanks: s.Thanks, Origins: s.Origins, Identified: s.Identified,
		Kind: surveys.SurveyKind(s.Kind), Topic: s.Topic, CapDays: s.CapDays, Machines: surveys.Machines(s.Machines), Locale: s.Locale,
		Quarantine: time.Duration(s.QuarantineMinutes) * time.Minute,
		CreatedAt:  s.CreatedAt.UTC(), UpdatedAt: s.UpdatedAt.UTC(),
	}
}

func surveyRowOf(s surveys.Survey) surveyRow {
	return surveyRow{
		WorkspaceID: string(s.WorkspaceID), ID: s.ID, Key: s.Key, Name: s.Name, Metric: string(s.Metric), Subject: s.Subject,
		Status: string(s.Status), ClosesAt: utcPtr(s.ClosesAt), Version: s.Question.Version, Drivers: driversOrNone(s.Drivers), Fields: fieldsOrNone(s.Fields), Origins: fieldsOrNone(s.Origins), Identified: s.Identified, Thanks: mapOrNone(s.Thanks),
		Kind: string(s.Kind), Topic: s.Topic, CapDays: s.CapDays, Machines: string(s.Machines), Locale: s.Locale, QuarantineMinutes: int(s.Quarantine / time.Minute), CreatedAt: utc(s.CreatedAt), UpdatedAt: utc(s.UpdatedAt),
	}
}

func questionRowOf(s surveys.Survey, now time.Time) questionRow {
	texts := s.Question.Texts
	if texts == nil {
		texts = map[string]surveys.Text{}
	}
	return questionRow{
		WorkspaceID: string(s.WorkspaceID), SurveyID: s.ID, Version: s.Question.Version, Texts: texts, Style: string(s.Question.Style),
		FollowUps: s.Question.FollowUps, CreatedAt: utc(now),
	}
}

func (r reads) asked(ctx context.Context, ws surveys.WorkspaceID) *gorm.DB {
	return r.db.WithContext(ctx).Table("surveys AS s").Select("s.*, q.texts, q.style, q.follow_ups").
		Joins("JOIN questions AS q ON q.workspace_id = s.workspace_id AND q.survey_id = s.id AND q.version = s.version").
		Where("s.workspace_id = ?", string(ws))
}

// Survey returns a survey with the question that it asks now.
func (r reads) Survey(ctx context.Context, ws surveys.WorkspaceID, id string) (surveys.Survey, error) {
	return one(r.asked(ctx, ws).Where("s.id = ?", id), "the survey", askedRow.domain)
}

// SurveyByKey returns the survey that a public link names.
func (r reads) SurveyByKey(ctx context.Context, ws surveys.WorkspaceID, key string) (surveys.Survey, error) {
	return one(r.asked(ctx, ws).Where("s.key = ?", key), "the survey of a link", askedRow.domain)
}

// Surveys lists the workspace's surveys, the oldest first; archived ones last.
func (r reads) Surveys(ctx context.Context, ws surveys.WorkspaceID) ([]surveys.Survey, error) {
	return all(r.asked(ctx, ws).Order("CASE WHEN s.status = 'archived' THEN 1 ELSE 0 END, s.created_at, s.id"), "surveys", askedRow.domain)
}

// CreateSurvey stores a survey and the first version of its question.
func (tx *Tx) CreateSurvey(ctx context.Context, s surveys.Survey) error {
	tx.changes = true
	row := surveyRowOf(s)
	if err := tx.create(ctx, "the survey", &row); err != nil {
		return err
	}
	question := questionRowOf(s, tx.store.Now())
	return tx.create(ctx, "the question", &question)
}

// LockSurvey keeps other transactions from changing a survey until this one
// ends, so that no two of them make the same version of its question.
func (tx *Tx) LockSurvey(ctx context.Context, ws surveys.WorkspaceID, id string) error {
	_, err := one(tx.keeping(tx.of(ctx, ws)).Where("id = ?", id), "the survey", func(row surveyRow) surveyRow { return row })
	return err
}

// keeping locks a query's rows against changes, while answers and rules may
// still refer to them.
func (tx *Tx) keeping(q *gorm.DB) *gorm.DB {
	if tx.dialect == Postgres {
		q = q.Clauses(clause.Locking{Strength: "NO KEY UPDATE"})
	}
	return q
}

// UpdateSurvey stores a survey's name, subject, status, end and question. The
// question is kept as a new version when s.Question.Version is new, and
// otherwise in the place of the version's texts.
func (tx *Tx) UpdateSurvey(ctx context.Context, s surveys.Survey) error {
	tx.changes = true
	question := questionRowOf(s, tx.store.Now())
	result := tx.of(ctx, s.WorkspaceID).Model(&questionRow{}).Where("survey_id = ? AND version = ?", s.ID, s.Question.Version).
		Select("texts", "style", "follow_ups").Updates(&question)
	if result.Error != nil {
		return known("change the question", result.Error)
	}
	if result.RowsAffected == 0 {
		if err := tx.create(ctx, "the question", &question); err != nil {
			return err
		}
	}
	row := surveyRowOf(s)
	return changed("the survey", tx.of(ctx, s.WorkspaceID).Model(&surveyRow{}).Where("id = ?", s.ID).
		Select("name", "subject", "status", "closes_at", "version", "drivers", "kind", "topic", "cap_days", "fields", "thanks", "machines", "quarantine_minutes", "origins", "identified", "locale", "updated_at").Updates(&row))
}

// Question returns one version of a survey's question.
func (r reads) Question(ctx context.Context, ws surveys.WorkspaceID, surveyID string, version int) (surveys.Question, error) {
	return one(r.of(ctx, ws).Where("survey_id = ? AND version = ?", surveyID, version), "the question", questionRow.domain)
}

func (r questionRow) domain() surveys.Question {
	return surveys.Question{Version: r.Version, Texts: r.Texts, Style: surveys.Style(r.Style), FollowUps: r.FollowUps}
}

// Wordings lists all versions of a survey's question, the first one first.
func (r reads) Wordings(ctx context.Context, ws surveys.WorkspaceID, surveyID string) ([]surveys.Wording, error) {
	return all(r.of(ctx, ws).Where("survey_id = ?", surveyID).Order("version"), "questions", func(row questionRow) surveys.Wording {
		return surveys.Wording{Question: row.domain(), Since: row.CreatedAt.UTC()}
	})
}
