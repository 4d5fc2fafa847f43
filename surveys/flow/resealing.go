package flow

import (
	"context"
	"slices"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// What a [SealedFault] calls a workspace's mail server, and a key of visitors'
// identities.
const (
	SealedRelay    = "relay"
	SealedIdentity = "identity"
)

// SealedFault is a sealed value that is not as it should be.
type SealedFault struct {
	Place surveys.Place
	What  string // SealedRelay, SealedIdentity, the name of a key's record, or a provider of reports
	Err   error  // why it cannot be opened; nil when only an older secret sealed it
}

// sealed is a value that only the setting HARK_SECRET opens.
type sealed struct {
	at    surveys.Place
	what  string // as in [SealedFault]
	value []byte
	keep  func(tx *store.Tx, again []byte) error // stores it, sealed again
}

// sealedReads is what sealed values are read from: the store, or a transaction.
type sealedReads interface {
	Sender(ctx context.Context, ws surveys.WorkspaceID) (surveys.Sender, error)
	DKIMKeys(ctx context.Context, ws surveys.WorkspaceID) ([]surveys.DKIMKey, error)
	MailHooks(ctx context.Context, ws surveys.WorkspaceID) ([]surveys.MailHook, error)
	IdentityKeys(ctx context.Context, ws surveys.WorkspaceID) ([]surveys.IdentityKey, error)
}

// sealedOf lists all sealed values of a workspace.
func sealedOf(ctx context.Context, from sealedReads, ws surveys.WorkspaceID) ([]sealed, error) {
	sender, err := from.Sender(ctx, ws)
	if err != nil {
		return nil, err
	}
	list := []sealed{{surveys.RelayPlace(ws), SealedRelay, sender.Relay, func(tx *store.Tx, again []byte) error {
		sender.Relay = again
		return tx.SaveSender(ctx, sender)
	}}}
	keys, err := from.DKIMKeys(ctx, ws)
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		list = append(list, sealed{surveys.DKIMPlace(ws, key.ID), key.RecordName(), key.Secret, func(tx *store.Tx, again []byte) error {
			key.Secret = again
			return tx.UpdateDKIMKey(ctx, key)
		}})
	}
	identities, err := from.IdentityKeys(ctx, ws)
	if err != nil {
		return nil, err
	}
	for _, key := range identities {
		list = append(list, sealed{surveys.IdentityPlace(ws, key.ID), SealedIdentity, key.Secret, func(tx *store.Tx, again []byte) error {
			key.Secret = again
			return tx.SealIdentityKey(ctx, key)
		}})
	}
	hooks, err := from.MailHooks(ctx, ws)
	for _, hook := range hooks {
		list = append(list, sealed{surveys.MailHookPlace(ws, hook.Provider), string(hook.Provider), hook.Secret, func(tx *store.Tx, again []byte) error {
			hook.Secret = again
			return tx.SaveMailHook(ctx, hook)
		}})
	}
	return slices.DeleteFunc(list, func(s sealed) bool { return len(s.value) == 0 }), err
}

// SealedFaults tries whether everything that is sealed of a workspace can be
// opened with the secrets of now, and returns what cannot, and what only the
// older one opens.
func SealedFaults(ctx context.Context, s *store.Store, vault *surveys.Vault, ws surveys.WorkspaceID) ([]SealedFault, error) {
	values, err := sealedOf(ctx, s, ws)
	var faults []SealedFault
	for _, v := range values {
		if _, closed := vault.Open(v.at, v.value); closed != nil || vault.Stale(v.value) {
			faults = append(faults, SealedFault{Place: v.at, What: v.what, Err: closed})
		}
	}
	return faults, err
}

// Reseal seals again what an older secret sealed, in every workspace, and
// returns how many values that were. What cannot be opened stays as it is.
func (m *Sending) Reseal(ctx context.Context) (int, error) {
	workspaces, err := m.Store.Workspaces(ctx)
	if err != nil {
		return 0, err
	}
	sum := 0
	for _, w := range workspaces {
		n := 0
		err := m.Store.InTx(ctx, func(tx *store.Tx) error {
			n = 0
			values, err := sealedOf(ctx, tx, w.ID)
			if err != nil {
				return err
			}
			for _, v := range values {
				again := m.reseal(v)
				if again == nil {
					continue
				}
				if err := v.keep(tx, again); err != nil {
					return err
				}
				n++
			}
			return nil
		})
		if err != nil {
			return sum, err
		}
		sum += n
	}
	return sum, nil
}

// reseal seals a value with the current secret; nil when it is so already, or
// cannot be opened.
func (m *Sending) reseal(s sealed) []byte {
	if !m.Vault.Stale(s.value) {
		return nil
	}
	value, err := m.Vault.Open(s.at, s.value)
	if err != nil {
		return nil
	}
	again, err := m.Vault.Seal(m.Store.Random(), s.at, value)
	if err != nil {
		return nil
	}
	return again
}
