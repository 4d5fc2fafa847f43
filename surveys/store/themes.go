package store

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm/clause"

	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys"
)

type themeRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"`
	Place       int
	Name        string
	Keywords    []string `gorm:"serializer:json"`
	DeletedAt   *time.Time
	CreatedAt   time.Time `gorm:"autoCreateTime:false"`
	UpdatedAt   time.Time `gorm:"autoUpdateTime:false"`
}

func (themeRow) TableName() string { return "themes" }

func (r themeRow) domain() themes.Theme {
	return themes.Theme{ID: r.ID, Name: r.Name, Keywords: r.Keywords}
}

// Themes lists the themes that a workspace looks for, in the team's order.
func (r reads) Themes(ctx context.Context, ws surveys.WorkspaceID) ([]themes.Theme, error) {
	return all(r.of(ctx, ws).Where("deleted_at IS NULL").Order("place, id"), "themes", themeRow.domain)
}

// DeletedThemes lists the themes that were taken away, the latest first.
func (r reads) DeletedThemes(ctx context.Context, ws surveys.WorkspaceID) ([]themes.Theme, error) {
	return all(r.of(ctx, ws).Where("deleted_at IS NOT NULL").Order("deleted_at DESC, place, id"), "deleted themes", themeRow.domain)
}

// LockWorkspace keeps other transactions from locking the workspace until this one
// ends: those that set its themes, or count its keys.
func (tx *Tx) LockWorkspace(ctx context.Context, ws surveys.WorkspaceID) error {
	return known("lock the workspace", tx.keeping(tx.of(ctx, ws)).Take(&workspaceRow{}).Error)
}

// SetThemes stores the themes that a workspace looks for from now on, in their
// order; those that are not among them are taken away, to be brought back by
// their id. All comments count as read with other rules.
func (tx *Tx) SetThemes(ctx context.Context, ws surveys.WorkspaceID, list []themes.Theme) error {
	now := utc(tx.store.Now())
	ids := []string{""} // never empty: IN () is no SQL
	for place, t := range list {
		row := themeRow{WorkspaceID: string(ws), ID: t.ID, Place: place, Name: t.Name, Keywords: slices.Clone(t.Keywords), CreatedAt: now, UpdatedAt: now}
		upsert := clause.OnConflict{Columns: []clause.Column{{Name: "workspace_id"}, {Name: "id"}},
			DoUpdates: clause.AssignmentColumns([]string{"place", "name", "keywords", "deleted_at", "updated_at"})}
		if err := tx.db.WithContext(ctx).Clauses(upsert).Create(&row).Error; err != nil {
			return known("store the theme "+t.ID, err)
		}
		ids = append(ids, t.ID)
	}
	gone := tx.of(ctx, ws).Model(&themeRow{}).Where("deleted_at IS NULL AND id NOT IN ?", ids).Updates(map[string]any{"deleted_at": now})
	if gone.Error != nil {
		return known("take themes away", gone.Error)
	}
	return known("have the comments read again", tx.of(ctx, ws).Model(&commentReaderRow{}).Where("reader <> ''").Update("reader", "").Error)
}

// CommentReader is how the comments on a survey are read.
type CommentReader struct {
	SurveyID     string
	Reader       string // with which rules and model every comment was read; "" while that is not so
	Model        []byte // as [themes.Model] writes itself; nil as long as there is none
	ModelVersion string // another one with every model; "" without
	Quality      []themes.Quality
	Refused      []themes.Refused
	TrainedAt    *time.Time // when Model was trained
	TrainedFrom  int64      // on how many comments
	TriedFrom    int64      // how many comments there were at the last attempt
}

type commentReaderRow struct {
	WorkspaceID  string `gorm:"primaryKey"`
	SurveyID     string `gorm:"primaryKey"`
	Reader       string
	Model        []byte
	ModelVersion string
	Quality      []themes.Quality `gorm:"serializer:json"`
	Refused      []themes.Refused `gorm:"serializer:json"`
	TrainedAt    *time.Time
	TrainedFrom  int64
	TriedFrom    int64
}

func (commentReaderRow) TableName() string { return "comment_readers" }

func (r commentReaderRow) domain() CommentReader {
	return CommentReader{
		SurveyID: r.SurveyID, Reader: r.Reader, Model: r.Model, ModelVersion: r.ModelVersion, Quality: r.Quality, Refused: r.Refused,
		TrainedAt: utcPtr(r.TrainedAt), TrainedFrom: r.TrainedFrom, TriedFrom: r.TriedFrom,
	}
}

func commentReaderRowOf(ws surveys.WorkspaceID, c CommentReader) commentReaderRow {
	if c.Quality == nil {
		c.Quality = []themes.Quality{}
	}
	if c.Refused == nil {
		c.Refused = []themes.Refused{}
	}
	return commentReaderRow{
		WorkspaceID: string(ws), SurveyID: c.SurveyID, Reader: c.Reader, Model: c.Model, ModelVersion: c.ModelVersion, Quality: c.Quality,
		Refused: c.Refused, TrainedAt: utcPtr(c.TrainedAt), TrainedFrom: c.TrainedFrom, TriedFrom: c.TriedFrom,
	}
}

// CommentReader returns how the comments on a survey are read; a zero one as
// long as nothing was.
func (r reads) CommentReader(ctx context.Context, ws surveys.WorkspaceID, surveyID string) (CommentReader, error) {
	found, err := one(r.of(ctx, ws).Where("survey_id = ?", surveyID), "the comments' reader", commentReaderRow.domain)
	if surveys.KindOf(err) == surveys.NotFound {
		return CommentReader{SurveyID: surveyID}, nil
	}
	return found, err
}

// LockCommentReader returns how the comments on a survey are read, and keeps
// other transactions from reading or training until this one ends.
func (tx *Tx) LockCommentReader(ctx context.Context, ws surveys.WorkspaceID, surveyID string) (CommentReader, error) {
	row := commentReaderRowOf(ws, CommentReader{SurveyID: surveyID})
	if err := tx.db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
		return CommentReader{}, known("begin to read comments", err)
	}
	return one(tx.locked(ctx, ws).Where("survey_id = ?", surveyID), "the comments' reader", commentReaderRow.domain)
}

// SaveCommentReader stores how the comments on a survey are read. It must be
// locked.
func (tx *Tx) SaveCommentReader(ctx context.Context, ws surveys.WorkspaceID, c CommentReader) error {
	row := commentReaderRowOf(ws, c)
	return changed("the comments' reader", tx.of(ctx, ws).Model(&commentReaderRow{}).Where("survey_id = ?", c.SurveyID).
		Select("reader", "model", "model_version", "quality", "refused", "trained_at", "trained_from", "tried_from").Updates(&row))
}
