package store

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
)

type cancelFlowRow struct {
	WorkspaceID   string `gorm:"primaryKey"`
	ID            string `gorm:"primaryKey"`
	Key           string
	Name          string
	Status        string
	Reasons       []surveys.CancelReason `gorm:"serializer:json"`
	Offers        []surveys.CancelOffer  `gorm:"serializer:json"`
	HoldOut       int
	ScoreSurveyID *string
	Fields        []string `gorm:"serializer:json"` // nil is NULL
	Locale        string
	Origins       []string  `gorm:"serializer:json"` // nil is NULL
	CreatedAt     time.Time `gorm:"autoCreateTime:false"`
	UpdatedAt     time.Time `gorm:"autoUpdateTime:false"`
}

func (cancelFlowRow) TableName() string { return "cancel_flows" }

func (r cancelFlowRow) domain() surveys.CancelFlow {
	return surveys.CancelFlow{
		WorkspaceID: surveys.WorkspaceID(r.WorkspaceID), ID: r.ID, Key: r.Key, Name: r.Name, Status: surveys.SurveyStatus(r.Status), Reasons: r.Reasons,
		Offers: r.Offers, HoldOut: r.HoldOut, ScoreSurveyID: idText(r.ScoreSurveyID), Fields: r.Fields, Locale: r.Locale, Origins: r.Origins,
		CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(),
	}
}

func cancelFlowRowOf(f surveys.CancelFlow) cancelFlowRow {
	return cancelFlowRow{
		WorkspaceID: string(f.WorkspaceID), ID: f.ID, Key: f.Key, Name: f.Name, Status: string(f.Status), Reasons: append([]surveys.CancelReason{}, f.Reasons...),
		Offers: append([]surveys.CancelOffer{}, f.Offers...), HoldOut: f.HoldOut, ScoreSurveyID: idPtr(f.ScoreSurveyID), Fields: fieldsOrNone(f.Fields),
		Locale: f.Locale, Origins: fieldsOrNone(f.Origins), CreatedAt: utc(f.CreatedAt), UpdatedAt: utc(f.UpdatedAt),
	}
}

// CancelFlow returns a flow.
func (r reads) CancelFlow(ctx context.Context, ws surveys.WorkspaceID, id string) (surveys.CancelFlow, error) {
	return one(r.of(ctx, ws).Where("id = ?", id), "the flow", cancelFlowRow.domain)
}

// CancelFlowByKey returns the flow that a public link names.
func (r reads) CancelFlowByKey(ctx context.Context, ws surveys.WorkspaceID, key string) (surveys.CancelFlow, error) {
	return one(r.of(ctx, ws).Where("key = ?", key), "the flow of a link", cancelFlowRow.domain)
}

// CancelFlows lists the workspace's flows, the oldest first; archived ones last.
func (r reads) CancelFlows(ctx context.Context, ws surveys.WorkspaceID) ([]surveys.CancelFlow, error) {
	return all(r.of(ctx, ws).Order("CASE WHEN status = 'archived' THEN 1 ELSE 0 END, created_at, id"), "flows", cancelFlowRow.domain)
}

// CreateCancelFlow stores a flow.
func (tx *Tx) CreateCancelFlow(ctx context.Context, f surveys.CancelFlow) error {
	row := cancelFlowRowOf(f)
	return tx.create(ctx, "the flow", &row)
}

// UpdateCancelFlow stores what changes of a flow.
func (tx *Tx) UpdateCancelFlow(ctx context.Context, f surveys.CancelFlow) error {
	row := cancelFlowRowOf(f)
	return changed("the flow", tx.of(ctx, f.WorkspaceID).Model(&cancelFlowRow{}).Where("id = ?", f.ID).
		Select("name", "status", "reasons", "offers", "hold_out", "score_survey_id", "fields", "locale", "origins", "updated_at").Updates(&row))
}
