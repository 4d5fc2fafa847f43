package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/harkhq/hark/surveys"
)

// peoplePerPart is how many people of a list are kept in one row: few enough that
// a step unpacks little more than it stores.
const peoplePerPart = 500

type listPartRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	ListID      string `gorm:"primaryKey"`
	Position    int    `gorm:"primaryKey;autoIncrement:false"` // of its first person in the list
	Content     []byte // JSON of some *listedPerson, compressed
}

func (listPartRow) TableName() string { return "list_parts" }

// listedPerson is a line of a list as it is kept.
type listedPerson struct {
	Email      string         `json:"email,omitempty"`
	ExternalID string         `json:"id,omitempty"`
	Name       string         `json:"name,omitempty"`
	Locale     string         `json:"locale,omitempty"`
	TimeZone   string         `json:"timezone,omitempty"`
	Traits     map[string]any `json:"traits,omitempty"`
}

// names reports whether the line would be taken for a person, see
// [Tx.FindPerson].
func (l *listedPerson) names(p personRow) bool {
	if l.ExternalID != "" && p.ExternalID != "" {
		return l.ExternalID == p.ExternalID
	}
	return l.Email != "" && l.Email == p.Email
}

// PackedPeople are the people of a list as they are kept until they are stored.
type PackedPeople struct {
	n     int
	parts [][]byte
}

// PackPeople compresses the people of a list. It takes its time, and so comes
// before the transaction that stores them.
func PackPeople(people []surveys.Person) (PackedPeople, error) {
	packed := PackedPeople{n: len(people)}
	for part := range slices.Chunk(people, peoplePerPart) {
		lines := make([]*listedPerson, len(part))
		for i, p := range part {
			lines[i] = &listedPerson{Email: p.Email, ExternalID: p.ExternalID, Name: p.Name, Locale: p.Locale, TimeZone: p.TimeZone, Traits: p.Traits}
		}
		content, err := packLines(lines)
		if err != nil {
			return packed, err
		}
		packed.parts = append(packed.parts, content)
	}
	return packed, nil
}

func packLines(lines []*listedPerson) ([]byte, error) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if err := json.NewEncoder(w).Encode(lines); err != nil {
		return nil, fmt.Errorf("pack the people of a list: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("pack the people of a list: %w", err)
	}
	return packed.Bytes(), nil
}

func (r listPartRow) lines() (lines []*listedPerson, err error) {
	unpacked, err := gzip.NewReader(bytes.NewReader(r.Content))
	if err == nil {
		err = json.NewDecoder(unpacked).Decode(&lines)
	}
	if err != nil {
		return nil, fmt.Errorf("unpack the people of list %s from %d on: %w", r.ListID, r.Position, err)
	}
	return lines, nil
}

func (r listPartRow) people() ([]*surveys.Person, error) {
	lines, err := r.lines()
	people := make([]*surveys.Person, len(lines))
	for i, l := range lines {
		if l != nil {
			people[i] = &surveys.Person{
				WorkspaceID: surveys.WorkspaceID(r.WorkspaceID), Email: l.Email, ExternalID: l.ExternalID, Name: l.Name, Locale: l.Locale, TimeZone: l.TimeZone, Traits: l.Traits,
			}
		}
	}
	return people, err
}

// forgetListed blanks the lines of a person in the lists that are being stored,
// so that an erased person is neither kept there nor stored once more. The lists
// stay locked until the transaction ends: a step that stores their people comes
// wholly before or after.
func (tx *Tx) forgetListed(ctx context.Context, ws surveys.WorkspaceID, id string) error {
	var lists []listRow
	if err := tx.keeping(tx.of(ctx, ws)).Where("state = ?", string(surveys.ListStoring)).Order("id").Find(&lists).Error; err != nil || len(lists) == 0 {
		return known("lock the lists", err)
	}
	var people []personRow
	if err := tx.of(ctx, ws).Where("id = ?", id).Find(&people).Error; err != nil || len(people) == 0 {
		return known("find the person", err)
	}
	var parts []listPartRow
	if err := tx.of(ctx, ws).Order("list_id, position").Find(&parts).Error; err != nil {
		return known("list the people of lists", err)
	}
	for _, part := range parts {
		if err := tx.blankLines(ctx, ws, part, people[0]); err != nil {
			return err
		}
	}
	return nil
}

// blankLines blanks the lines of a person in a part of a list.
func (tx *Tx) blankLines(ctx context.Context, ws surveys.WorkspaceID, part listPartRow, person personRow) error {
	lines, err := part.lines()
	if err != nil {
		return err
	}
	found := false
	for i, l := range lines {
		if l != nil && l.names(person) {
			lines[i], found = nil, true
		}
	}
	if !found {
		return nil
	}
	content, err := packLines(lines)
	if err != nil {
		return err
	}
	return changed("the list's people", tx.of(ctx, ws).Model(&listPartRow{}).Where("list_id = ? AND position = ?", part.ListID, part.Position).Update("content", content))
}
