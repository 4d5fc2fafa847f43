package storetest

import (
	"context"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// Secret is what tests seal with.
const Secret = "the-secret-of-tests-is-no-secret-at-all"

// Vault is a vault of [Secret].
func Vault(tb testing.TB) *surveys.Vault {
	tb.Helper()
	v, err := surveys.NewVault(Secret)
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

// Sender stores that a workspace mails in its own name, by a mail server at
// 192.0.2.1 that exists nowhere.
func Sender(tb testing.TB, s *store.Store, ws surveys.WorkspaceID) surveys.Sender {
	tb.Helper()
	sealed, err := Vault(tb).Seal(s.Random(), surveys.RelayPlace(ws), []byte(`{"protection":"smtp","host":"192.0.2.1","port":587,"username":"shop","password":"hush"}`))
	if err != nil {
		tb.Fatal(err)
	}
	sender := surveys.Sender{
		WorkspaceID: ws, FromName: "Northwind Coffee", FromAddress: "feedback@shop.example", BounceDomain: "bounces.shop.example",
		Signing: surveys.SignedHere, Relay: sealed, UpdatedAt: s.Now(),
	}
	Write(tb, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveSender(ctx, sender) })
	return sender
}

// DKIMKeys stores a pair of keys of a domain in a state, RSA first. Those that sign
// were seen in the DNS.
func DKIMKeys(tb testing.TB, s *store.Store, ws surveys.WorkspaceID, domain string, state surveys.DKIMState) [2]surveys.DKIMKey {
	tb.Helper()
	keys, secrets, err := surveys.DKIMPair(s.Random(), ws, domain)
	if err != nil {
		tb.Fatal(err)
	}
	for i := range keys {
		keys[i].ID, keys[i].State, keys[i].CreatedAt = ID(tb, s), state, s.Now()
		if state == surveys.DKIMSigning {
			seen := keys[i].CreatedAt
			keys[i].Finding, keys[i].CheckedAt, keys[i].FoundAt = surveys.DKIMFound, &seen, &seen
		}
		if keys[i].Secret, err = Vault(tb).Seal(s.Random(), surveys.DKIMPlace(ws, keys[i].ID), secrets[i]); err != nil {
			tb.Fatal(err)
		}
		Write(tb, s, func(ctx context.Context, tx *store.Tx) error { return tx.CreateDKIMKey(ctx, keys[i]) })
	}
	return keys
}
