package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"
)

// Thousands of letters differ in a name, an address and two links. What is the
// same in them is stored once, as a form, and each letter's row holds only what
// is filled in: the same bytes at a twentieth of what the database writes.

// Form is what many letters share: pieces of bytes, and behind each one of the
// letter's own values.
type Form []Piece

// Piece is a stretch of bytes that is the same in all letters of a form.
type Piece struct {
	Bytes []byte
	Fill  int // the letter's value that follows; none when negative
}

// Fill writes the form with a letter's values.
func (f Form) Fill(values [][]byte) []byte {
	size := 0
	for _, piece := range f {
		size += len(piece.Bytes)
		if piece.Fill >= 0 {
			size += len(values[piece.Fill])
		}
	}
	return f.appendTo(make([]byte, 0, size), values)
}

func (f Form) appendTo(out []byte, values [][]byte) []byte {
	for _, piece := range f {
		out = append(out, piece.Bytes...)
		if piece.Fill >= 0 {
			out = append(out, values[piece.Fill]...)
		}
	}
	return out
}

// SharedForm is a form as it is stored, with the hash that names it.
type SharedForm struct {
	Form   Form
	hash   [sha256.Size]byte
	pieces []byte
}

// NewForm prepares a form to be stored.
func NewForm(f Form) (*SharedForm, error) {
	pieces, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("write the form of letters: %w", err)
	}
	return &SharedForm{Form: f, hash: sha256.Sum256(pieces), pieces: pieces}, nil
}

// letterFormRow is a form; used_at is when a letter last took it.
type letterFormRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	Hash        []byte `gorm:"primaryKey"`
	Pieces      []byte
	UsedAt      time.Time
}

func (letterFormRow) TableName() string { return "letter_forms" }

// whole are the bytes of a row that names a form.
func (r letterFormRow) whole(message []byte) ([]byte, error) {
	if sum := sha256.Sum256(r.Pieces); !bytes.Equal(sum[:], r.Hash) {
		return nil, errBytes
	}
	var form Form
	if err := json.Unmarshal(r.Pieces, &form); err != nil {
		return nil, fmt.Errorf("read the form of a letter: %w", err)
	}
	var values [][]byte
	if err := json.Unmarshal(message, &values); err != nil {
		return nil, fmt.Errorf("read what is filled into a letter: %w", err)
	}
	for _, piece := range form {
		if piece.Fill >= len(values) {
			return nil, fmt.Errorf("the letter has %d values, and its form asks for number %d", len(values), piece.Fill)
		}
	}
	return form.Fill(values), nil
}

// formMemory is how long a form is kept that no letter on its way names.
const formMemory = 24 * time.Hour

// saveForms stores forms, or notes that they are used. The note is what keeps
// one that is about to be dropped: both wait for the row.
func (tx *Tx) saveForms(ctx context.Context, ws string, forms map[*SharedForm]bool) error {
	query := `INSERT INTO letter_forms (workspace_id, hash, pieces, used_at) VALUES (?, ?, ?, ?)
ON CONFLICT (workspace_id, hash) DO UPDATE SET used_at = excluded.used_at`
	for form := range forms {
		if err := tx.db.WithContext(ctx).Exec(query, ws, form.hash[:], form.pieces, utc(tx.Now())).Error; err != nil {
			return known("store the form of letters", err)
		}
	}
	return nil
}
