package store

import (
	"context"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/harkhq/hark/surveys"
)

// turnRow says when a person's turn under a rule comes.
type turnRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	RuleID      string `gorm:"primaryKey"`
	PersonID    string `gorm:"primaryKey"`
	DueAt       time.Time
}

func (turnRow) TableName() string { return "turns" }

func (r turnRow) domain() surveys.Turn {
	return surveys.Turn{WorkspaceID: surveys.WorkspaceID(r.WorkspaceID), RuleID: r.RuleID, PersonID: r.PersonID, DueAt: r.DueAt.UTC()}
}

// TurnsWaiting counts a rule's turns that come before a time, and tells the
// first and last of them; both are zero without any.
func (r reads) TurnsWaiting(ctx context.Context, ws surveys.WorkspaceID, ruleID string, before time.Time) (n int, first, last time.Time, err error) {
	q := func() *gorm.DB {
		return r.of(ctx, ws).Model(&turnRow{}).Where("rule_id = ? AND due_at < ?", ruleID, utc(before))
	}
	var count int64
	if err := q().Count(&count).Error; err != nil || count == 0 {
		return 0, first, last, known("count turns", err)
	}
	for order, at := range map[string]*time.Time{"due_at": &first, "due_at DESC": &last} {
		turns, err := all(q().Order(order).Limit(1), "turns", turnRow.domain)
		if err != nil {
			return 0, first, last, err
		}
		for _, turn := range turns {
			*at = turn.DueAt
		}
	}
	return int(count), first, last, nil
}

// PersonTurns lists when a person's turns come, the next first.
func (r reads) PersonTurns(ctx context.Context, ws surveys.WorkspaceID, personID string) ([]surveys.Turn, error) {
	return all(r.of(ctx, ws).Where("person_id = ?", personID).Order("due_at, rule_id"), "turns", turnRow.domain)
}

// DueTurns locks the turns of a rule that come before a time, the first first;
// those that another process holds are left to it.
func (tx *Tx) DueTurns(ctx context.Context, ws surveys.WorkspaceID, ruleID string, before time.Time, limit int) ([]surveys.Turn, error) {
	q := tx.of(ctx, ws).Where("rule_id = ? AND due_at < ?", ruleID, utc(before)).Order("due_at, person_id").Limit(limit)
	if tx.dialect == Postgres {
		q = q.Clauses(clause.Locking{Strength: "UPDATE", Options: "SKIP LOCKED"})
	}
	return all(q, "due turns", turnRow.domain)
}

// GiveTurns stores turns; who has one under the rule keeps it. It says how many
// are new.
func (tx *Tx) GiveTurns(ctx context.Context, turns []surveys.Turn) (int, error) {
	if len(turns) == 0 {
		return 0, nil
	}
	if tx.dialect == Postgres {
		return tx.giveTurnsAtOnce(ctx, turns)
	}
	rows := make([]turnRow, len(turns))
	for i, t := range turns {
		rows[i] = turnRow{WorkspaceID: string(t.WorkspaceID), RuleID: t.RuleID, PersonID: t.PersonID, DueAt: utc(t.DueAt)}
	}
	result := tx.db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(&rows, 1000)
	return int(result.RowsAffected), known("store turns", result.Error)
}

// giveTurnsAtOnce hands turns over as one value, which takes PostgreSQL less time to
// read than a parameter for each column.
func (tx *Tx) giveTurnsAtOnce(ctx context.Context, turns []surveys.Turn) (int, error) {
	columns := [4][]string{}
	for _, t := range turns {
		for i, text := range [4]string{string(t.WorkspaceID), t.RuleID, t.PersonID, utc(t.DueAt).Format(time.RFC3339Nano)} {
			columns[i] = append(columns[i], text)
		}
	}
	var values [4]any
	for i, texts := range columns {
		values[i] = "{" + strings.Join(texts, ",") + "}"
	}
	result := tx.db.WithContext(ctx).Exec(`INSERT INTO turns (workspace_id, rule_id, person_id, due_at)
SELECT * FROM unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::timestamptz[]) ON CONFLICT DO NOTHING`, values[:]...)
	return int(result.RowsAffected), known("store turns", result.Error)
}

// MoveTurn stores another time for a turn; one that is gone stays gone.
func (tx *Tx) MoveTurn(ctx context.Context, t surveys.Turn) error {
	return known("move the turn", tx.of(ctx, t.WorkspaceID).Model(&turnRow{}).Where("rule_id = ? AND person_id = ?", t.RuleID, t.PersonID).
		Update("due_at", utc(t.DueAt)).Error)
}

// DropTurn deletes a turn.
func (tx *Tx) DropTurn(ctx context.Context, t surveys.Turn) error {
	return known("drop the turn", tx.of(ctx, t.WorkspaceID).Where("rule_id = ? AND person_id = ?", t.RuleID, t.PersonID).Delete(&turnRow{}).Error)
}

// DropTurns deletes a rule's turns from a time on, and says how many. A series
// then looks for people without a turn from the first one on.
func (tx *Tx) DropTurns(ctx context.Context, ws surveys.WorkspaceID, ruleID string, from time.Time) (int, error) {
	result := tx.of(ctx, ws).Where("rule_id = ? AND due_at >= ?", ruleID, utc(from)).Delete(&turnRow{})
	if result.Error != nil {
		return 0, known("drop turns", result.Error)
	}
	return int(result.RowsAffected), tx.TurnAnew(ctx, ws, ruleID)
}

// TurnAnew has a series look for people without a turn from the first one on.
func (tx *Tx) TurnAnew(ctx context.Context, ws surveys.WorkspaceID, ruleID string) error {
	return known("begin the turns anew", tx.of(ctx, ws).Model(&ruleRow{}).Where("id = ?", ruleID).Update("turned_to", nil).Error)
}

// settled is how long a person has to be stored before a series looks at them:
// ids are in the order in which they were drawn, and a transaction may be
// committed after another one that drew its ids later.
const settled = 5 * time.Minute

// TurnNew lists people to whom a series has given no turn yet, as many as limit,
// and remembers that it did. The rule stays locked until the transaction ends.
func (tx *Tx) TurnNew(ctx context.Context, ws surveys.WorkspaceID, ruleID string, limit int) ([]string, error) {
	var rule ruleRow
	if err := tx.locked(ctx, ws).Where("id = ?", ruleID).Take(&rule).Error; err != nil {
		return nil, known("lock the rule", err)
	}
	q := tx.of(ctx, ws).Model(&personRow{}).Where("created_at < ?", utc(tx.store.Now().Add(-settled)))
	if rule.TurnedTo != nil {
		q = q.Where("id > ?", *rule.TurnedTo)
	}
	var ids []string
	if err := q.Order("id").Limit(limit).Pluck("id", &ids).Error; err != nil || len(ids) == 0 {
		return nil, known("list new people", err)
	}
	return ids, known("remember the new people", tx.of(ctx, ws).Model(&ruleRow{}).Where("id = ?", ruleID).Update("turned_to", ids[len(ids)-1]).Error)
}

// LockPerson returns a person, locked until the transaction ends, so that what
// is decided about them is decided one after the other.
func (tx *Tx) LockPerson(ctx context.Context, ws surveys.WorkspaceID, id string) (surveys.Person, error) {
	return one(tx.locked(ctx, ws).Where("id = ?", id), "the person", personRow.domain)
}
