package store

import "time"

// letterTextRow is what the team wrote for one letter of a rule in a language.
type letterTextRow struct {
	WorkspaceID string            `gorm:"primaryKey"`
	RuleID      string            `gorm:"primaryKey"`
	Letter      string            `gorm:"primaryKey"`
	Number      int               `gorm:"primaryKey"`
	Locale      string            `gorm:"primaryKey"`
	Texts       map[string]string `gorm:"serializer:json"`
	UpdatedAt   time.Time         `gorm:"autoUpdateTime:false"`
}

func (letterTextRow) TableName() string { return "letter_texts" }
