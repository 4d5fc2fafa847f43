package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/harkhq/hark/surveys"
)

type listRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"`
	RuleID      string
	StartAt     time.Time
	Days        int
	People      int
	Done        int
	State       string
	CreatedAt   time.Time `gorm:"autoCreateTime:false"`
	EndedAt     *time.Time
}

func (listRow) TableName() string { return "lists" }

func (r listRow) domain() surveys.List {
	return surveys.List{
		WorkspaceID: surveys.WorkspaceID(r.WorkspaceID), ID: r.ID, RuleID: r.RuleID, Start: r.StartAt.UTC(), Days: r.Days, People: r.People, Done: r.Done,
		State: surveys.ListState(r.State), CreatedAt: r.CreatedAt.UTC(), EndedAt: utcPtr(r.EndedAt),
	}
}

// CreateList stores a list that was confirmed, with its people, of whom none is
// stored yet.
func (tx *Tx) CreateList(ctx context.Context, l surveys.List, people PackedPeople) error {
	row := listRow{
		WorkspaceID: string(l.WorkspaceID), ID: l.ID, RuleID: l.RuleID, StartAt: utc(l.Start), Days: l.Days, People: people.n,
		State: string(surveys.ListStoring), CreatedAt: utc(tx.store.Now()),
	}
	if err := tx.create(ctx, "the list", &row); err != nil || people.n == 0 {
		return err
	}
	parts := make([]listPartRow, len(people.parts))
	for i, part := range people.parts {
		parts[i] = listPartRow{WorkspaceID: row.WorkspaceID, ListID: row.ID, Position: i * peoplePerPart, Content: part}
	}
	return known("store the list's people", tx.db.WithContext(ctx).CreateInBatches(&parts, 100).Error)
}

// List returns a list.
func (r reads) List(ctx context.Context, ws surveys.WorkspaceID, id string) (surveys.List, error) {
	return one(r.of(ctx, ws).Where("id = ?", id), "the list", listRow.domain)
}

// Lists are those of a rule, the latest confirmed first.
func (r reads) Lists(ctx context.Context, ws surveys.WorkspaceID, ruleID string) ([]surveys.List, error) {
	return all(r.of(ctx, ws).Where("rule_id = ?", ruleID).Order("created_at DESC, id DESC"), "lists", listRow.domain)
}

// StoringLists are the lists of a workspace that are being stored, the first
// confirmed first.
func (r reads) StoringLists(ctx context.Context, ws surveys.WorkspaceID) ([]surveys.List, error) {
	return all(r.of(ctx, ws).Where("state = ?", string(surveys.ListStoring)).Order("created_at, id"), "lists", listRow.domain)
}

// NextListed locks a list and returns it with the next of its people to be
// stored, as many as limit at most, in the order of the file; nil stands for
// whoever was erased meanwhile. A list that is not being stored has none.
func (tx *Tx) NextListed(ctx context.Context, ws surveys.WorkspaceID, id string, limit int) (surveys.List, []*surveys.Person, error) {
	list, err := one(tx.keeping(tx.of(ctx, ws)).Where("id = ?", id), "the list", listRow.domain)
	if err != nil || list.State != surveys.ListStoring || list.Done >= list.People {
		return list, nil, err
	}
	var part listPartRow
	if err := tx.of(ctx, ws).Where("list_id = ? AND position <= ?", id, list.Done).Order("position DESC").Take(&part).Error; err != nil {
		return list, nil, known("read the list's people", err)
	}
	people, err := part.people()
	if err != nil {
		return list, nil, err
	}
	people = people[min(list.Done-part.Position, len(people)):]
	return list, people[:min(limit, len(people))], nil
}

// StoredListed keeps how many of a list's people are stored, and drops the parts
// of its file that are behind it. With the last of them the list has ended.
func (tx *Tx) StoredListed(ctx context.Context, l surveys.List) error {
	q := func() *gorm.DB { return tx.of(ctx, l.WorkspaceID) }
	if err := changed("the list", q().Model(&listRow{}).Where("id = ? AND state = ?", l.ID, string(surveys.ListStoring)).Update("done", l.Done)); err != nil {
		return err
	}
	if l.Done >= l.People {
		return tx.EndList(ctx, l.WorkspaceID, l.ID, surveys.ListStored)
	}
	current := q().Model(&listPartRow{}).Select("max(position)").Where("list_id = ? AND position <= ?", l.ID, l.Done)
	return known("drop the list's stored people", q().Where("list_id = ? AND position < (?)", l.ID, current).Delete(&listPartRow{}).Error)
}

// EndList ends the storing of a list and drops what is left of its file; one that
// has ended stays as it is.
func (tx *Tx) EndList(ctx context.Context, ws surveys.WorkspaceID, id string, state surveys.ListState) error {
	now := utc(tx.store.Now())
	err := tx.of(ctx, ws).Model(&listRow{}).Where("id = ? AND state = ?", id, string(surveys.ListStoring)).Updates(map[string]any{"state": string(state), "ended_at": now}).Error
	if err != nil {
		return known("end the list", err)
	}
	return known("drop the list's people", tx.of(ctx, ws).Where("list_id = ?", id).Delete(&listPartRow{}).Error)
}
