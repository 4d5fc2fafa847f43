package store

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"github.com/harkhq/hark/surveys"
)

// letterTextRow is what the team wrote for one letter of a rule in a language.
type letterTextRow struct {
	WorkspaceID string              `gorm:"primaryKey"`
	RuleID      string              `gorm:"primaryKey"`
	Letter      string              `gorm:"primaryKey"`
	Number      int                 `gorm:"primaryKey;autoIncrement:false"`
	Locale      string              `gorm:"primaryKey"`
	Texts       surveys.LetterTexts `gorm:"serializer:json"`
	UpdatedAt   time.Time           `gorm:"autoUpdateTime:false"`
}

func (letterTextRow) TableName() string { return "letter_texts" }

// LetterTexts are the team's own words of a letter, by language; those who wrote
// none have none.
func (r reads) LetterTexts(ctx context.Context, ws surveys.WorkspaceID, key surveys.LetterKey) (map[string]surveys.LetterTexts, error) {
	rows, err := all(r.of(ctx, ws).Where("rule_id = ? AND letter = ? AND number = ?", key.RuleID, string(key.Letter), key.Number), "letter texts",
		func(row letterTextRow) letterTextRow { return row })
	texts := make(map[string]surveys.LetterTexts, len(rows))
	for _, row := range rows {
		texts[row.Locale] = row.Texts
	}
	return texts, err
}

// OwnLetters lists the letters of a rule for which the team wrote words of its
// own, each with their languages.
func (r reads) OwnLetters(ctx context.Context, ws surveys.WorkspaceID, ruleID string) (map[surveys.LetterKey][]string, error) {
	rows, err := all(r.of(ctx, ws).Where("rule_id = ?", ruleID).Order("letter, number, locale"), "letter texts",
		func(row letterTextRow) letterTextRow { return row })
	own := make(map[surveys.LetterKey][]string)
	for _, row := range rows {
		key := surveys.LetterKey{RuleID: row.RuleID, Letter: surveys.LetterKind(row.Letter), Number: row.Number}
		own[key] = append(own[key], row.Locale)
	}
	return own, err
}

// SaveLetterTexts stores the team's own words of a letter in a language, in the
// place of earlier ones. Texts that are all empty are deleted.
func (tx *Tx) SaveLetterTexts(ctx context.Context, ws surveys.WorkspaceID, key surveys.LetterKey, locale string, texts surveys.LetterTexts) error {
	if texts == (surveys.LetterTexts{}) {
		return tx.DeleteLetterTexts(ctx, ws, key, locale)
	}
	row := letterTextRow{
		WorkspaceID: string(ws), RuleID: key.RuleID, Letter: string(key.Letter), Number: key.Number, Locale: locale, Texts: texts, UpdatedAt: utc(tx.store.Now()),
	}
	return known("store the letter's texts", tx.db.WithContext(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "workspace_id"}, {Name: "rule_id"}, {Name: "letter"}, {Name: "number"}, {Name: "locale"}},
		DoUpdates: clause.AssignmentColumns([]string{"texts", "updated_at"}),
	}).Create(&row).Error)
}

// CopyLetterTexts gives a rule the team's own words of another one's letters.
func (tx *Tx) CopyLetterTexts(ctx context.Context, ws surveys.WorkspaceID, from, to string) error {
	now := utc(tx.store.Now())
	rows, err := all(tx.of(ctx, ws).Where("rule_id = ?", from), "letter texts", func(row letterTextRow) letterTextRow {
		row.RuleID, row.UpdatedAt = to, now
		return row
	})
	if err != nil || len(rows) == 0 {
		return err
	}
	return known("copy the letters' texts", tx.db.WithContext(ctx).Create(&rows).Error)
}

// DeleteLetterTexts gives a letter its usual words again, in one language.
func (tx *Tx) DeleteLetterTexts(ctx context.Context, ws surveys.WorkspaceID, key surveys.LetterKey, locale string) error {
	return known("delete the letter's texts", tx.of(ctx, ws).
		Where("rule_id = ? AND letter = ? AND number = ? AND locale = ?", key.RuleID, string(key.Letter), key.Number, locale).Delete(&letterTextRow{}).Error)
}

// DropReminderTexts deletes the team's own words of reminders that a rule has no
// more.
func (tx *Tx) DropReminderTexts(ctx context.Context, r surveys.Rule) error {
	q := tx.of(ctx, r.WorkspaceID).Where("rule_id = ? AND letter = ?", r.ID, string(surveys.LetterReminder))
	for _, reminder := range r.Reminders {
		q = q.Where("number <> ?", reminder.Key)
	}
	return known("delete the texts of reminders", q.Delete(&letterTextRow{}).Error)
}
