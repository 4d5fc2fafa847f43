package flow

import (
	"context"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// SealedRelay is what a [SealedFault] calls a workspace's mail server.
const SealedRelay = "relay"

// SealedFault is a sealed value that is not as it should be.
type SealedFault struct {
	Place surveys.Place
	What  string // SealedRelay, or the name of a key's record
	Err   error  // why it cannot be opened; nil when only an older secret sealed it
}

// SealedFaults tries whether everything that is sealed of a workspace can be
// opened with the secrets of now, and returns what cannot, and what only the
// older one opens.
func SealedFaults(ctx context.Context, s *store.Store, vault *surveys.Vault, ws surveys.WorkspaceID) ([]SealedFault, error) {
	var faults []SealedFault
	try := func(at surveys.Place, what string, sealed []byte) {
		_, err := vault.Open(at, sealed)
		if err != nil || vault.Stale(sealed) {
			faults = append(faults, SealedFault{Place: at, What: what, Err: err})
		}
	}
	sender, err := s.Sender(ctx, ws)
	if err != nil {
		return nil, err
	}
	if len(sender.Relay) > 0 {
		try(surveys.RelayPlace(ws), SealedRelay, sender.Relay)
	}
	keys, err := s.DKIMKeys(ctx, ws)
	for _, key := range keys {
		try(surveys.DKIMPlace(ws, key.ID), key.RecordName(), key.Secret)
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
	n := 0
	for _, w := range workspaces {
		err := m.Store.InTx(ctx, func(tx *store.Tx) error {
			sender, err := tx.Sender(ctx, w.ID)
			if err != nil {
				return err
			}
			if again := m.reseal(surveys.RelayPlace(w.ID), sender.Relay); again != nil {
				n++
				sender.Relay = again
				if err := tx.SaveSender(ctx, sender); err != nil {
					return err
				}
			}
			keys, err := tx.DKIMKeys(ctx, w.ID)
			if err != nil {
				return err
			}
			for _, key := range keys {
				again := m.reseal(surveys.DKIMPlace(w.ID, key.ID), key.Secret)
				if again == nil {
					continue
				}
				n++
				key.Secret = again
				if err := tx.UpdateDKIMKey(ctx, key); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// reseal seals a value with the current secret; nil when it is so already, or
// cannot be opened.
func (m *Sending) reseal(at surveys.Place, sealed []byte) []byte {
	if len(sealed) == 0 || !m.Vault.Stale(sealed) {
		return nil
	}
	value, err := m.Vault.Open(at, sealed)
	if err != nil {
		return nil
	}
	again, err := m.Vault.Seal(m.Store.Random(), at, value)
	if err != nil {
		return nil
	}
	return again
}
