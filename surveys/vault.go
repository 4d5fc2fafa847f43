package surveys

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// MinSecret is the least length of the secret that a vault is made of, in
// characters.
const MinSecret = 32

// Vault seals what Hark must use itself and nobody should read from the
// database or a copy of it: the password of a mail server, the private keys of
// DKIM. What only has to be recognised, such as a token, is hashed instead.
//
// The cipher is AES-256-GCM under keys that HKDF-SHA-256 derives from the
// setting HARK_SECRET, so that the database alone opens nothing. Each sealed
// value is bound to its place: moved to another row, column or workspace it
// cannot be opened. Its methods may be called on nil: a server without the
// setting, which seals and opens nothing.
type Vault struct{ keys []vaultKey } // the first seals; all open

type vaultKey struct {
	id   []byte
	aead cipher.AEAD
}

// Place is where a sealed value is stored.
type Place struct {
	Workspace          WorkspaceID
	Table, Column, Row string
}

// A sealed value is a version, the key's id, the nonce, and what GCM gives.
const (
	vaultVersion = 1
	vaultIDSize  = 8
	nonceSize    = 12
	vaultHead    = 1 + vaultIDSize + nonceSize
)

// NewVault makes a vault of the secret, which may open what the older secrets
// sealed. Without a secret it returns nil.
func NewVault(secret string, older ...string) (*Vault, error) {
	if secret == "" {
		if len(older) > 0 {
			return nil, errors.New("there is an older secret, and no current one")
		}
		return nil, nil
	}
	v := new(Vault)
	for _, text := range append([]string{secret}, older...) {
		if utf8.RuneCountInString(text) < MinSecret {
			return nil, fmt.Errorf("a secret has fewer than %d characters", MinSecret)
		}
		key, err := newVaultKey(text)
		if err != nil {
			return nil, err
		}
		v.keys = append(v.keys, key)
	}
	return v, nil
}

func newVaultKey(secret string) (vaultKey, error) {
	derive := func(purpose string, size int) ([]byte, error) {
		return hkdf.Key(sha256.New, []byte(secret), nil, "hark vault "+purpose, size)
	}
	raw, err := derive("key", 32)
	if err != nil {
		return vaultKey{}, fmt.Errorf("derive the key of a vault: %w", err)
	}
	id, err := derive("key id", vaultIDSize)
	if err != nil {
		return vaultKey{}, fmt.Errorf("derive the id of a vault's key: %w", err)
	}
	block, err := aes.NewCipher(raw)
	if err != nil {
		return vaultKey{}, fmt.Errorf("prepare the cipher of a vault: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return vaultKey{}, fmt.Errorf("prepare the cipher of a vault: %w", err)
	}
	return vaultKey{id: id, aead: aead}, nil
}

// Ready reports whether the vault seals.
func (v *Vault) Ready() bool { return v != nil && len(v.keys) > 0 }

// bound is what a sealed value is bound to. The parts are ids and names of
// Hark's own, none of which has a bar in it.
func (p Place) bound(head []byte) []byte {
	return fmt.Appendf(bytes.Clone(head), "|%s|%s|%s|%s", p.Workspace, p.Table, p.Column, p.Row)
}

// Seal encrypts a value for its place. It is Unavailable without a secret.
func (v *Vault) Seal(random io.Reader, at Place, value []byte) ([]byte, error) {
	if !v.Ready() {
		return nil, Fail(Unavailable, "vault_none")
	}
	key := v.keys[0]
	sealed := append(make([]byte, 0, vaultHead+len(value)+key.aead.Overhead()), vaultVersion)
	sealed = append(sealed, key.id...)
	sealed = sealed[:vaultHead]
	if _, err := io.ReadFull(random, sealed[1+vaultIDSize:]); err != nil {
		return nil, fmt.Errorf("draw a nonce: %w", err)
	}
	return key.aead.Seal(sealed, sealed[1+vaultIDSize:vaultHead], value, at.bound(sealed[:1+vaultIDSize])), nil
}

// Open decrypts the value of a place. It is Unavailable without a secret, with
// secrets that did not seal it, and where it is not what was sealed for this
// place. The error says which, and nothing of the value.
func (v *Vault) Open(at Place, sealed []byte) ([]byte, error) {
	if !v.Ready() {
		return nil, Fail(Unavailable, "vault_none")
	}
	if len(sealed) < vaultHead || sealed[0] != vaultVersion {
		return nil, Fail(Unavailable, "vault_broken")
	}
	for _, key := range v.keys {
		if !bytes.Equal(key.id, sealed[1:1+vaultIDSize]) {
			continue
		}
		value, err := key.aead.Open(nil, sealed[1+vaultIDSize:vaultHead], sealed[vaultHead:], at.bound(sealed[:1+vaultIDSize]))
		if err != nil {
			return nil, Fail(Unavailable, "vault_broken")
		}
		return value, nil
	}
	return nil, Fail(Unavailable, "vault_key")
}

// Stale reports whether a value was sealed with another secret than the current
// one, so that it has to be sealed again before the older one goes.
func (v *Vault) Stale(sealed []byte) bool {
	return v.Ready() && len(sealed) >= vaultHead && !bytes.Equal(v.keys[0].id, sealed[1:1+vaultIDSize])
}
