package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/harkhq/hark/surveys"
)

// sheetRow is what the tokens of a batch of letters stand for: the hash of each, and
// behind the hashes of all the invitations, both by their place. A place that no
// letter has is empty.
type sheetRow struct {
	WorkspaceID string    `gorm:"primaryKey"`
	Sheet       []byte    `gorm:"primaryKey"`
	CreatedAt   time.Time `gorm:"autoCreateTime:false"`
	ExpiresAt   time.Time
	Hashes      []byte
	Subjects    []byte
}

func (sheetRow) TableName() string { return "sheets" }

// subjectSize is what the id of an invitation takes on a sheet, in bytes.
const subjectSize = 16

// createSheets stores the tokens that have a place on a sheet, and returns the rest.
func (tx *Tx) createSheets(ctx context.Context, ws surveys.WorkspaceID, grants []NewGrant) (rest []NewGrant, err error) {
	sheets := make(map[string]*sheetRow)
	for _, g := range grants {
		name, place, on := g.Token.Place()
		if !on {
			rest = append(rest, g)
			continue
		}
		row := sheets[string(name)]
		if row == nil {
			row = &sheetRow{WorkspaceID: string(ws), Sheet: name, CreatedAt: utc(tx.Now())}
			sheets[string(name)] = row
		}
		if err := row.put(place, g); err != nil {
			return nil, err
		}
	}
	for _, row := range sheets {
		if err := tx.create(ctx, "the links of letters", row); err != nil {
			return nil, err
		}
	}
	return rest, nil
}

// put writes a token to its place. The sheet is kept as long as the token that lasts
// longest.
func (r *sheetRow) put(place int, g NewGrant) error {
	subject, err := hex.DecodeString(strings.ReplaceAll(g.SubjectID, "-", ""))
	if err != nil || len(subject) != subjectSize || g.ExpiresAt.IsZero() {
		return fmt.Errorf("the link of a letter to %q until %s has no place on a sheet", g.SubjectID, g.ExpiresAt)
	}
	if missing := (place+1)*sha256.Size - len(r.Hashes); missing > 0 {
		r.Hashes = append(r.Hashes, make([]byte, missing)...)
		r.Subjects = append(r.Subjects, make([]byte, (place+1)*subjectSize-len(r.Subjects))...)
	}
	copy(r.Hashes[place*sha256.Size:], g.Token.Hash(g.Purpose))
	copy(r.Subjects[place*subjectSize:], subject)
	if until := utc(g.ExpiresAt); until.After(r.ExpiresAt) {
		r.ExpiresAt = until
	}
	return nil
}

// onSheet returns what the token with one of some hashes stands for, at a place of a
// sheet.
func (r reads) onSheet(ctx context.Context, ws surveys.WorkspaceID, sheet []byte, place int, hashes [][]byte, now time.Time) (Grant, error) {
	q := r.of(ctx, ws).Where("sheet = ? AND expires_at > ?", sheet, utc(now)).
		Select(fmt.Sprintf("created_at, expires_at, substr(hashes, %d, %d) AS hashes, substr(subjects, %d, %d) AS subjects",
			place*sha256.Size+1, sha256.Size, place*subjectSize+1, subjectSize))
	row, err := one(q, "the token", func(r sheetRow) sheetRow { return r })
	if err != nil {
		return Grant{}, err
	}
	known := slices.ContainsFunc(hashes, func(hash []byte) bool { return string(hash) == string(row.Hashes) })
	if !known || len(row.Subjects) != subjectSize {
		return Grant{}, surveys.Fail(surveys.NotFound, "not_found")
	}
	return Grant{SubjectID: idOf(row.Subjects), CreatedAt: row.CreatedAt.UTC(), ExpiresAt: row.ExpiresAt.UTC()}, nil
}

// idOf writes the sixteen bytes of an id as both databases have it.
func idOf(raw []byte) string {
	text := hex.EncodeToString(raw)
	return strings.Join([]string{text[:8], text[8:12], text[12:16], text[16:20], text[20:]}, "-")
}
