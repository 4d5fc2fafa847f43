package store

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/harkhq/hark/surveys"
)

// What a dispatcher asks for a whole batch of claimed invitations at once.

// Unwanted are the addresses of a batch that want no mail, or none of a survey.
type Unwanted struct {
	workspace  surveys.Workspace
	suppressed map[string]bool     // by hash of the address
	stopped    map[string][]string // surveys, by the same
}

// Has reports whether an address wants no mail of a survey.
func (u Unwanted) Has(email, surveyID string) bool {
	if len(u.suppressed) == 0 && len(u.stopped) == 0 {
		return false // as it mostly is
	}
	return slices.ContainsFunc(addressHashes(u.workspace, email), func(hash []byte) bool {
		return u.suppressed[string(hash)] || slices.Contains(u.stopped[string(hash)], surveyID)
	})
}

// Unwanted looks some addresses up among those that want no mail.
func (r reads) Unwanted(ctx context.Context, w surveys.Workspace, emails []string) (Unwanted, error) {
	found := Unwanted{workspace: w, suppressed: make(map[string]bool), stopped: make(map[string][]string)}
	hashes := make([][]byte, 0, len(emails))
	for _, email := range emails {
		hashes = append(hashes, addressHashes(w, email)...)
	}
	var suppressed []suppressionRow
	if err := r.held(ctx, w.ID).Where("address_hash ?", r.amongHashes(hashes)).Find(&suppressed).Error; err != nil {
		return found, known("look up suppressions", err)
	}
	for _, row := range suppressed {
		found.suppressed[string(row.AddressHash)] = true
	}
	var stops []surveyStopRow
	if err := r.of(ctx, w.ID).Where("address_hash ?", r.amongHashes(hashes)).Find(&stops).Error; err != nil {
		return found, known("look up stopped surveys", err)
	}
	for _, row := range stops {
		found.stopped[string(row.AddressHash)] = append(found.stopped[string(row.AddressHash)], row.SurveyID)
	}
	return found, nil
}

// InvitationsByID returns the invitations of the ids, keyed by id; unknown ids
// are left out.
func (r reads) InvitationsByID(ctx context.Context, ws surveys.WorkspaceID, ids []string) (map[string]surveys.Invitation, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := all(r.of(ctx, ws).Where("id ?", r.among(ids)), "invitations", invitationRow.domain)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]surveys.Invitation, len(list))
	for _, i := range list {
		byID[i.ID] = i
	}
	return byID, nil
}

// CreateGrants stores what tokens stand for. Those of letters are stored by the sheet,
// each sheet once.
func (tx *Tx) CreateGrants(ctx context.Context, ws surveys.WorkspaceID, grants []NewGrant) error {
	grants, err := tx.createSheets(ctx, ws, grants)
	if err != nil || len(grants) == 0 {
		return err
	}
	rows := make([]tokenRow, len(grants))
	for i, g := range grants {
		rows[i] = tokenRow{WorkspaceID: string(ws), Hash: g.Token.Hash(g.Purpose), Purpose: string(g.Purpose), SubjectID: g.SubjectID, CreatedAt: utc(tx.Now())}
		if !g.ExpiresAt.IsZero() {
			rows[i].ExpiresAt = utcPtr(&g.ExpiresAt)
		}
	}
	if tx.dialect == Postgres {
		return known("store tokens", tx.exec(ctx, insertTokens(rows)))
	}
	in := insertion{into: "INSERT INTO tokens (workspace_id, hash, purpose, subject_id, created_at, expires_at) VALUES ", columns: 6, rows: oneByOne}
	return known("store tokens", tx.insert(ctx, in, len(rows), func(i int) ([]any, error) {
		r := rows[i]
		return []any{r.WorkspaceID, r.Hash, r.Purpose, r.SubjectID, r.CreatedAt, r.ExpiresAt}, nil
	}))
}

// insertTokens stores rows of tokens on PostgreSQL.
func insertTokens(rows []tokenRow) statement {
	var ws, purpose, subject []string
	var hash [][]byte
	var created []time.Time
	var expires []*time.Time
	for _, r := range rows {
		ws, purpose, subject = append(ws, r.WorkspaceID), append(purpose, r.Purpose), append(subject, r.SubjectID)
		hash, created, expires = append(hash, r.Hash), append(created, r.CreatedAt), append(expires, r.ExpiresAt)
	}
	return statement{`INSERT INTO tokens (workspace_id, hash, purpose, subject_id, created_at, expires_at)
SELECT ws::uuid, hash, purpose, subject::uuid, created, expires
FROM unnest($1::text[], $2::bytea[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[]) AS t (ws, hash, purpose, subject, created, expires)`,
		[]any{ws, hash, purpose, subject, created, expires}}
}

// Held returns which of some claimed invitations are still claimed under their
// lease, and keeps them so until the transaction ends.
func (tx *Tx) Held(ctx context.Context, ws surveys.WorkspaceID, claimed []surveys.Invitation) (map[string]bool, error) {
	ids := make([]string, len(claimed))
	lease := make(map[string]time.Time, len(claimed))
	for n, i := range claimed {
		ids[n], lease[i.ID] = i.ID, *i.LeaseUntil
	}
	held := make(map[string]bool, len(claimed))
	q := tx.locked(ctx, ws).Model(&invitationRow{}).Where("id ? AND state = 'claimed'", tx.among(ids)).Order("id")
	err := each(q.Select("id", "lease_until"), func(rows *sql.Rows) error {
		var id string
		var until *time.Time
		err := rows.Scan(&id, &until)
		held[id] = until != nil && until.Equal(lease[id])
		return err
	})
	if err != nil {
		return nil, known("find which invitations are held", err)
	}
	return held, nil
}
