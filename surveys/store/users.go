package store

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
)

type userRow struct {
	WorkspaceID  string `gorm:"primaryKey"`
	ID           string `gorm:"primaryKey"`
	Email        string
	Name         string
	Role         string
	Locale       string
	PasswordHash string
	CreatedAt    time.Time `gorm:"autoCreateTime:false"`
}

func (userRow) TableName() string { return "users" }

func (r userRow) domain() surveys.User {
	return surveys.User{
		WorkspaceID: surveys.WorkspaceID(r.WorkspaceID), ID: r.ID, Email: r.Email, Name: r.Name, Role: surveys.Role(r.Role),
		Locale: r.Locale, PasswordHash: r.PasswordHash, CreatedAt: r.CreatedAt.UTC(),
	}
}

func userRowOf(u surveys.User) userRow {
	return userRow{
		WorkspaceID: string(u.WorkspaceID), ID: u.ID, Email: u.Email, Name: u.Name, Role: string(u.Role),
		Locale: u.Locale, PasswordHash: u.PasswordHash, CreatedAt: utc(u.CreatedAt),
	}
}

// User returns a member of the team.
func (r reads) User(ctx context.Context, ws surveys.WorkspaceID, id string) (surveys.User, error) {
	return one(r.of(ctx, ws).Where("id = ?", id), "the user", userRow.domain)
}

// UserByEmail returns the member of the team with an address in normal form.
func (r reads) UserByEmail(ctx context.Context, ws surveys.WorkspaceID, email string) (surveys.User, error) {
	return one(r.of(ctx, ws).Where("email = ?", email), "the user of an address", userRow.domain)
}

// CreateUser stores a new member of the team; Conflict when the address is taken.
func (tx *Tx) CreateUser(ctx context.Context, u surveys.User) error {
	row := userRowOf(u)
	return tx.create(ctx, "the user", &row)
}

// UpdateUser stores a member's name, role, language and password hash.
func (tx *Tx) UpdateUser(ctx context.Context, u surveys.User) error {
	row := userRowOf(u)
	return changed("the user", tx.of(ctx, u.WorkspaceID).Model(&userRow{}).Where("id = ?", u.ID).
		Select("name", "role", "locale", "password_hash").Updates(&row))
}
