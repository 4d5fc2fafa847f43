package store

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
)

type workspaceRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	Key         string
	Name        string
	Color       string
	Logo        []byte
	LogoType    string
	TimeZone    string
	Locale      string
	Address     string
	ReplyTo     string
	Segments    []string `gorm:"serializer:json"`
	Holidays    []string `gorm:"serializer:json"`

	CapAll, CapRelational, CapTransactional, CapReminders int

	Secret    []byte
	CreatedAt time.Time `gorm:"autoCreateTime:false"`
}

func (workspaceRow) TableName() string { return "workspaces" }

func (r workspaceRow) domain() surveys.Workspace {
	return surveys.Workspace{
		ID: surveys.WorkspaceID(r.WorkspaceID), Key: r.Key, Name: r.Name, Color: r.Color, Logo: r.Logo, LogoType: r.LogoType,
		TimeZone: r.TimeZone, Locale: r.Locale, Address: r.Address, ReplyTo: r.ReplyTo, Segments: r.Segments, Secret: r.Secret, Holidays: orNone(r.Holidays),
		Caps:      surveys.Caps{AllDays: r.CapAll, RelationalDays: r.CapRelational, TransactionalDays: r.CapTransactional, Reminders: r.CapReminders},
		CreatedAt: r.CreatedAt.UTC(),
	}
}

func workspaceRowOf(w surveys.Workspace) workspaceRow {
	if w.Segments == nil {
		w.Segments = []string{}
	}
	if w.Holidays == nil {
		w.Holidays = surveys.Holidays{}
	}
	return workspaceRow{
		WorkspaceID: string(w.ID), Key: w.Key, Name: w.Name, Color: w.Color, Logo: w.Logo, LogoType: w.LogoType,
		TimeZone: w.TimeZone, Locale: w.Locale, Address: w.Address, ReplyTo: w.ReplyTo, Segments: w.Segments, Secret: w.Secret, Holidays: w.Holidays,
		CapAll: w.Caps.AllDays, CapRelational: w.Caps.RelationalDays, CapTransactional: w.Caps.TransactionalDays, CapReminders: w.Caps.Reminders,
		CreatedAt: utc(w.CreatedAt),
	}
}

// Workspaces lists every workspace, the oldest first. It is for the work that
// goes round all of them, one after the other: mailing, purging, recounting.
func (r reads) Workspaces(ctx context.Context) ([]surveys.Workspace, error) {
	return all(r.db.WithContext(ctx).Order("created_at, workspace_id"), "workspaces", workspaceRow.domain)
}

// FirstWorkspace is the oldest workspace: the one that the server was set up with.
func (r reads) FirstWorkspace(ctx context.Context) (surveys.WorkspaceID, error) {
	first, err := one(r.db.WithContext(ctx).Order("created_at, workspace_id"), "the first workspace", workspaceRow.domain)
	return first.ID, err
}

// Workspace returns the workspace with the id.
func (r reads) Workspace(ctx context.Context, ws surveys.WorkspaceID) (surveys.Workspace, error) {
	return one(r.of(ctx, ws), "the workspace", workspaceRow.domain)
}

// WorkspaceByKey returns the workspace that a public token names.
func (r reads) WorkspaceByKey(ctx context.Context, key string) (surveys.Workspace, error) {
	return one(r.db.WithContext(ctx).Where("key = ?", key), "the workspace of a key", workspaceRow.domain)
}

// CreateWorkspace stores a new workspace.
func (tx *Tx) CreateWorkspace(ctx context.Context, w surveys.Workspace) error {
	tx.changes = true
	row := workspaceRowOf(w)
	return tx.create(ctx, "the workspace", &row)
}

// UpdateWorkspace stores what the team may change: all but key and secret.
func (tx *Tx) UpdateWorkspace(ctx context.Context, w surveys.Workspace) error {
	tx.changes = true
	row := workspaceRowOf(w)
	return changed("the workspace", tx.of(ctx, w.ID).Model(&workspaceRow{}).
		Select("name", "color", "logo", "logo_type", "time_zone", "locale", "address", "reply_to", "segments",
			"holidays", "cap_all", "cap_relational", "cap_transactional", "cap_reminders").Updates(&row))
}
