package flow

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// maxKeys bounds the keys of a workspace, retired ones included.
const maxKeys = 40

// MakeKeys makes a pair of keys for the domain that the workspace's mails come
// from. They sign as soon as their records are found. It is a Conflict while a
// pair waits for its records.
func (m *Sending) MakeKeys(ctx context.Context, ws surveys.WorkspaceID) error {
	sender, err := m.Store.Sender(ctx, ws)
	if err != nil {
		return err
	}
	domain := m.Domain(sender)
	if domain == "" {
		return surveys.Fail(surveys.Conflict, "dkim_domain")
	}
	if !m.Vault.Ready() {
		return surveys.Fail(surveys.Unavailable, "vault_none")
	}
	keys, secrets, err := surveys.DKIMPair(m.Store.Random(), ws, domain)
	if err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(tx *store.Tx) error {
		there, err := tx.DKIMKeys(ctx, ws)
		if err != nil {
			return err
		}
		waiting := slices.ContainsFunc(there, func(k surveys.DKIMKey) bool { return k.Domain == domain && k.State == surveys.DKIMNew })
		if waiting || len(there) > maxKeys-2 {
			return surveys.Fail(surveys.Conflict, "dkim_waiting")
		}
		now := tx.Now()
		for i, key := range keys {
			if key.ID, err = tx.NewID(); err != nil {
				return err
			}
			key.CreatedAt = now // one for both: it is what makes them a pair
			if key.Secret, err = m.Vault.Seal(m.Store.Random(), surveys.DKIMPlace(ws, key.ID), secrets[i]); err != nil {
				return err
			}
			if err := tx.CreateDKIMKey(ctx, key); err != nil {
				return err
			}
		}
		return nil
	})
}

// CheckKeys asks the DNS for the records of the keys that sign or wait to. A key
// whose record is there begins to sign, and the one that signed in its place
// retires.
func (m *Sending) CheckKeys(ctx context.Context, ws surveys.WorkspaceID) error {
	keys, err := m.Store.DKIMKeys(ctx, ws)
	if err != nil {
		return err
	}
	found := make(map[string]surveys.DKIMFinding)
	for _, key := range keys {
		if key.State != surveys.DKIMRetired {
			found[key.ID] = m.find(ctx, key)
		}
	}
	return m.Store.InTx(ctx, func(tx *store.Tx) error {
		keys, err := tx.DKIMKeys(ctx, ws) // what was done meanwhile stays done
		if err != nil {
			return err
		}
		now := tx.Now()
		var heirs []surveys.DKIMKey
		for _, key := range keys {
			finding, asked := found[key.ID]
			if !asked || key.State == surveys.DKIMRetired {
				continue
			}
			key.Finding, key.CheckedAt = finding, &now
			if finding == surveys.DKIMFound {
				if key.State == surveys.DKIMNew {
					heirs = append(heirs, key)
				}
				key.State, key.FoundAt = surveys.DKIMSigning, &now
			}
			if err := tx.UpdateDKIMKey(ctx, key); err != nil {
				return err
			}
		}
		for _, heir := range heirs {
			if err := succeed(ctx, tx, heir, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// dnsPatience is how long one look-up may take while somebody waits at a page.
const dnsPatience = 5 * time.Second

// find looks a key's record up.
func (m *Sending) find(ctx context.Context, key surveys.DKIMKey) surveys.DKIMFinding {
	records, err := m.records(ctx, key.RecordName())
	if err != nil {
		return surveys.DKIMFailed
	}
	return key.Find(records)
}

// records are the TXT records at a name; none where there is no such name.
func (m *Sending) records(ctx context.Context, name string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, dnsPatience)
	defer cancel()
	records, err := m.Resolver.LookupTXT(ctx, name+".") // with its dot, so that no search list is tried
	var failed *net.DNSError
	if errors.As(err, &failed) && failed.IsNotFound {
		return nil, nil
	}
	return records, err
}

// succeed retires the keys that signed in the place of one that begins to.
func succeed(ctx context.Context, tx *store.Tx, heir surveys.DKIMKey, now time.Time) error {
	keys, err := tx.SigningKeys(ctx, heir.WorkspaceID, heir.Domain)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if key.ID == heir.ID || key.Algorithm != heir.Algorithm {
			continue
		}
		key.State, key.RetiredAt = surveys.DKIMRetired, &now
		if err := tx.UpdateDKIMKey(ctx, key); err != nil {
			return err
		}
	}
	return nil
}

// SignAnyway makes the keys that wait sign although their records were not
// found: where the DNS that this server asks is not the one that others see.
func (m *Sending) SignAnyway(ctx context.Context, ws surveys.WorkspaceID) error {
	return m.Store.InTx(ctx, func(tx *store.Tx) error {
		keys, err := tx.DKIMKeys(ctx, ws)
		if err != nil {
			return err
		}
		for _, key := range keys {
			if key.State != surveys.DKIMNew {
				continue
			}
			key.State = surveys.DKIMSigning
			if err := tx.UpdateDKIMKey(ctx, key); err != nil {
				return err
			}
			if err := succeed(ctx, tx, key, tx.Now()); err != nil {
				return err
			}
		}
		return nil
	})
}

// RetireKey ends that a key signs.
func (m *Sending) RetireKey(ctx context.Context, ws surveys.WorkspaceID, id string) error {
	return m.Store.InTx(ctx, func(tx *store.Tx) error {
		key, err := tx.DKIMKey(ctx, ws, id)
		if err != nil || key.State == surveys.DKIMRetired {
			return err
		}
		now := tx.Now()
		key.State, key.RetiredAt = surveys.DKIMRetired, &now
		return tx.UpdateDKIMKey(ctx, key)
	})
}

// DeleteKey takes a key away that does not sign. It is a Conflict with one that
// does.
func (m *Sending) DeleteKey(ctx context.Context, ws surveys.WorkspaceID, id string) error {
	return m.Store.InTx(ctx, func(tx *store.Tx) error {
		key, err := tx.DKIMKey(ctx, ws, id)
		if err != nil {
			return err
		}
		if key.State == surveys.DKIMSigning {
			return surveys.Fail(surveys.Conflict, "dkim_signing")
		}
		return tx.DeleteDKIMKey(ctx, ws, id)
	})
}

// Policy is what the DNS says of a domain beside its keys.
type Policy struct {
	SPF   string // the record; "" when there is none
	DMARC string // the record, of the domain or of one above it; "" when there is none
	Asked bool   // the DNS answered
}

// Policy asks the DNS for the records of SPF and DMARC.
func (m *Sending) Policy(ctx context.Context, domain string) Policy {
	p := Policy{Asked: true}
	pick := func(name, begins string) string {
		records, err := m.records(ctx, name)
		if err != nil {
			p.Asked = false
		}
		for _, record := range records {
			if strings.HasPrefix(strings.ToLower(record), begins) {
				return record
			}
		}
		return ""
	}
	p.SPF = pick(domain, "v=spf1")
	for rest := domain; p.DMARC == "" && strings.Contains(rest, "."); _, rest, _ = strings.Cut(rest, ".") {
		p.DMARC = pick("_dmarc."+rest, "v=dmarc1")
	}
	return p
}
