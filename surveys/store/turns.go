package store

import "time"

// turnRow says when a person's turn under a rule comes.
type turnRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	RuleID      string `gorm:"primaryKey"`
	PersonID    string `gorm:"primaryKey"`
	DueAt       time.Time
}

func (turnRow) TableName() string { return "turns" }
