package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/harkhq/hark/surveys"
)

type outboxRow struct {
	WorkspaceID  string `gorm:"primaryKey"`
	InvitationID string `gorm:"primaryKey"`
	MessageID    string
	Sender       string
	Recipient    string
	Hash         []byte    // of the bytes, or of what they are made of
	Message      []byte    // the bytes, or what is filled into the form
	Form         []byte    // hash of the form; nil for none
	CreatedAt    time.Time `gorm:"autoCreateTime:false"`
}

func (outboxRow) TableName() string { return "outbox" }

// Letter is a mail as it leaves: the envelope and the exact bytes, which are those
// of a form with the letter's values, or stand in Message.
type Letter struct {
	InvitationID string
	MessageID    string // without angle brackets
	Sender       string // MAIL FROM
	Recipient    string // RCPT TO
	Message      []byte // headers and body; a letter of a form may leave them out

	Form   *SharedForm // nil for none
	Values [][]byte
}

// AppendTo adds the letter's bytes to out.
func (l Letter) AppendTo(out []byte) []byte {
	if l.Message == nil && l.Form != nil {
		return l.Form.Form.appendTo(out, l.Values)
	}
	return append(out, l.Message...)
}

func (l Letter) row(ws surveys.WorkspaceID, now time.Time) (outboxRow, error) {
	row := outboxRow{
		WorkspaceID: string(ws), InvitationID: l.InvitationID, MessageID: l.MessageID, Sender: l.Sender, Recipient: l.Recipient,
		Message: l.Message, CreatedAt: now,
	}
	if l.Form == nil {
		hash := sha256.Sum256(l.Message)
		row.Hash = hash[:]
		return row, nil
	}
	values, err := json.Marshal(l.Values)
	if err != nil {
		return row, fmt.Errorf("write what is filled into a letter: %w", err)
	}
	row.Form, row.Message = l.Form.hash[:], values
	row.Hash = filledHash(row.Form, values)
	return row, nil
}

// filledHash is of what a letter's bytes are made of: the form, by its own hash, and
// the values. They make the same bytes always, and are a tenth of them to read.
func filledHash(form, values []byte) []byte {
	sum := sha256.New()
	sum.Write(form)
	sum.Write(values)
	return sum.Sum(nil)
}

// intact reports whether a letter's bytes are those that were committed. Earlier
// versions kept the hash of the bytes of every letter.
func (r outboxRow) intact(message []byte) bool {
	sum := sha256.Sum256(message)
	return bytes.Equal(sum[:], r.Hash) || r.Form != nil && bytes.Equal(filledHash(r.Form, r.Message), r.Hash)
}

// errBytes says that a letter's stored bytes are not those that were hashed.
var errBytes = errors.New("the stored bytes of a letter are not those that were committed")

// Letter returns the committed bytes of an invitation's mail.
func (r reads) Letter(ctx context.Context, ws surveys.WorkspaceID, invitationID string) (Letter, error) {
	letters, err := r.Letters(ctx, ws, []string{invitationID})
	if err != nil {
		return Letter{}, err
	}
	letter, found := letters[invitationID]
	if !found {
		return Letter{}, surveys.Fail(surveys.NotFound, "not_found")
	}
	return letter, nil
}

// Letters returns the committed bytes of invitations' mails, by invitation;
// those without any are left out.
func (r reads) Letters(ctx context.Context, ws surveys.WorkspaceID, invitationIDs []string) (map[string]Letter, error) {
	var rows []outboxRow
	if err := r.of(ctx, ws).Where("invitation_id ?", r.among(invitationIDs)).Find(&rows).Error; err != nil {
		return nil, known("find letters", err)
	}
	forms := make(map[string]letterFormRow)
	letters := make(map[string]Letter, len(rows))
	for _, row := range rows {
		letter := Letter{InvitationID: row.InvitationID, MessageID: row.MessageID, Sender: row.Sender, Recipient: row.Recipient, Message: row.Message}
		if row.Form != nil {
			form, known := forms[string(row.Form)]
			if !known {
				var err error
				if form, err = one(r.of(ctx, ws).Where("hash = ?", row.Form), "the form of a letter", func(row letterFormRow) letterFormRow { return row }); err != nil {
					return nil, err
				}
				forms[string(row.Form)] = form
			}
			var err error
			if letter.Message, err = form.whole(row.Message); err != nil {
				return nil, err
			}
		}
		if !row.intact(letter.Message) {
			return nil, errBytes
		}
		letters[row.InvitationID] = letter
	}
	return letters, nil
}

// SaveLetter commits the bytes of one invitation's mail, see [Tx.SaveLetters].
func (tx *Tx) SaveLetter(ctx context.Context, ws surveys.WorkspaceID, l Letter) error {
	return tx.SaveLetters(ctx, ws, []Letter{l})
}

// replaceLetter has the bytes of a new try take the place of those before.
const replaceLetter = ` ON CONFLICT (workspace_id, invitation_id) DO UPDATE SET message_id = excluded.message_id, sender = excluded.sender,
recipient = excluded.recipient, hash = excluded.hash, message = excluded.message, form = excluded.form, created_at = excluded.created_at`

// SaveLetters commits the bytes of invitations' mails, before they leave.
func (tx *Tx) SaveLetters(ctx context.Context, ws surveys.WorkspaceID, letters []Letter) error {
	forms := make(map[*SharedForm]bool)
	rows := make([]outboxRow, len(letters))
	for i, l := range letters {
		if l.Form != nil {
			forms[l.Form] = true
		}
		var err error
		if rows[i], err = l.row(ws, utc(tx.Now())); err != nil {
			return err
		}
	}
	if err := tx.saveForms(ctx, string(ws), forms); err != nil {
		return err
	}
	if tx.dialect == Postgres {
		return known("store letters", tx.exec(ctx, insertLetters(ws, rows)))
	}
	in := insertion{into: "INSERT INTO outbox (workspace_id, invitation_id, message_id, sender, recipient, hash, message, form, created_at) VALUES ", columns: 9, suffix: replaceLetter, rows: oneByOne}
	return known("store letters", tx.insert(ctx, in, len(rows), func(i int) ([]any, error) {
		r := rows[i]
		return []any{r.WorkspaceID, r.InvitationID, r.MessageID, r.Sender, r.Recipient, r.Hash, r.Message, r.Form, r.CreatedAt}, nil
	}))
}

// insertLetters stores rows of the outbox on PostgreSQL.
func insertLetters(ws surveys.WorkspaceID, rows []outboxRow) statement {
	var invitation, id, sender, recipient []string
	var hash, message, form [][]byte
	for _, r := range rows {
		invitation, id = append(invitation, r.InvitationID), append(id, r.MessageID)
		sender, recipient = append(sender, r.Sender), append(recipient, r.Recipient)
		hash, message, form = append(hash, r.Hash), append(message, r.Message), append(form, r.Form)
	}
	var now time.Time
	if len(rows) > 0 {
		now = rows[0].CreatedAt
	}
	return statement{`INSERT INTO outbox (workspace_id, invitation_id, message_id, sender, recipient, hash, message, form, created_at)
SELECT $1::uuid, invitation::uuid, id, sender, recipient, hash, message, form, $2
FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::bytea[], $9::bytea[]) AS t (invitation, id, sender, recipient, hash, message, form)` + replaceLetter,
		[]any{string(ws), now, invitation, id, sender, recipient, hash, message, form}}
}

// DropLetters forgets the bytes of mails whose fate is known.
func (tx *Tx) DropLetters(ctx context.Context, ws surveys.WorkspaceID, invitationIDs []string) error {
	if len(invitationIDs) == 0 {
		return nil
	}
	return known("drop letters", tx.of(ctx, ws).Where("invitation_id IN ?", invitationIDs).Delete(&outboxRow{}).Error)
}
