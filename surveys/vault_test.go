package surveys

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

const (
	firstSecret  = "correct-horse-battery-staple-0001"
	secondSecret = "correct-horse-battery-staple-0002"
	canary       = "CANARY-4711-do-not-print"
)

func vaultOf(t *testing.T, secret string, older ...string) *Vault {
	t.Helper()
	v, err := NewVault(secret, older...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func aPlace() Place {
	return Place{Workspace: "w1", Table: "senders", Column: "relay", Row: "r1"}
}

func TestVaultOpensWhatItSealed(t *testing.T) {
	t.Parallel()
	v := vaultOf(t, firstSecret)
	for name, value := range map[string][]byte{"nothing": {}, "a password": []byte(canary), "a long key": bytes.Repeat([]byte("k"), 5000)} {
		sealed, err := v.Seal(rand.Reader, aPlace(), value)
		if err != nil {
			t.Fatal(err)
		}
		if len(value) > 0 && bytes.Contains(sealed, value) {
			t.Errorf("%s: stands in the sealed bytes", name)
		}
		if again, _ := v.Seal(rand.Reader, aPlace(), value); bytes.Equal(again, sealed) {
			t.Errorf("%s: sealed twice gives the same bytes", name)
		}
		if got, err := v.Open(aPlace(), sealed); err != nil || !bytes.Equal(got, value) {
			t.Errorf("%s: opened %q, %v", name, got, err)
		}
		if got, err := vaultOf(t, firstSecret).Open(aPlace(), sealed); err != nil || !bytes.Equal(got, value) {
			t.Errorf("%s: another process opened %q, %v", name, got, err)
		}
	}
}

// TestVaultRefuses: a value opens at its own place, whole, with the secret that
// sealed it, and nowhere else; and no refusal tells what is in it.
func TestVaultRefuses(t *testing.T) {
	t.Parallel()
	v := vaultOf(t, firstSecret)
	sealed, err := v.Seal(rand.Reader, aPlace(), []byte(canary))
	if err != nil {
		t.Fatal(err)
	}
	changed := func(at int) []byte {
		other := bytes.Clone(sealed)
		other[at] ^= 1
		return other
	}
	moved := func(change func(*Place)) Place {
		at := aPlace()
		change(&at)
		return at
	}
	for name, c := range map[string]struct {
		vault  *Vault
		at     Place
		sealed []byte
		code   string
	}{
		"no secret":         {nil, aPlace(), sealed, "vault_none"},
		"another secret":    {vaultOf(t, secondSecret), aPlace(), sealed, "vault_key"},
		"another workspace": {v, moved(func(p *Place) { p.Workspace = "w2" }), sealed, "vault_broken"},
		"another table":     {v, moved(func(p *Place) { p.Table = "dkim_keys" }), sealed, "vault_broken"},
		"another column":    {v, moved(func(p *Place) { p.Column = "secret" }), sealed, "vault_broken"},
		"another row":       {v, moved(func(p *Place) { p.Row = "r2" }), sealed, "vault_broken"},
		"another version":   {v, aPlace(), changed(0), "vault_broken"},
		"another key's id":  {v, aPlace(), changed(1), "vault_key"},
		"another nonce":     {v, aPlace(), changed(9), "vault_broken"},
		"another value":     {v, aPlace(), changed(vaultHead), "vault_broken"},
		"another tag":       {v, aPlace(), changed(len(sealed) - 1), "vault_broken"},
		"cut off":           {v, aPlace(), sealed[:len(sealed)-1], "vault_broken"},
		"cut off in front":  {v, aPlace(), sealed[:vaultHead-1], "vault_broken"},
		"nothing":           {v, aPlace(), nil, "vault_broken"},
		"the value itself":  {v, aPlace(), []byte(canary), "vault_broken"},
	} {
		value, err := c.vault.Open(c.at, c.sealed)
		var known *Error
		if !errors.As(err, &known) || known.Kind != Unavailable || known.Code != c.code || value != nil {
			t.Errorf("%s: %q, %v; want %s", name, value, err, c.code)
		}
		if err != nil && strings.Contains(err.Error(), canary) {
			t.Errorf("%s: the error tells the value: %v", name, err)
		}
	}
	if _, err := (*Vault)(nil).Seal(rand.Reader, aPlace(), nil); KindOf(err) != Unavailable {
		t.Errorf("sealed without a secret: %v", err)
	}
	if _, err := v.Seal(strings.NewReader("short"), aPlace(), nil); err == nil {
		t.Error("sealed without chance")
	}
}

func TestVaultChangesItsSecret(t *testing.T) {
	t.Parallel()
	before := vaultOf(t, firstSecret)
	sealed, err := before.Seal(rand.Reader, aPlace(), []byte(canary))
	if err != nil {
		t.Fatal(err)
	}
	after := vaultOf(t, secondSecret, firstSecret)
	value, err := after.Open(aPlace(), sealed)
	if err != nil || string(value) != canary || !after.Stale(sealed) || before.Stale(sealed) {
		t.Fatalf("%q, %v, stale %v and %v", value, err, after.Stale(sealed), before.Stale(sealed))
	}
	again, err := after.Seal(rand.Reader, aPlace(), value)
	if err != nil || after.Stale(again) {
		t.Fatalf("sealed again with the older secret, %v", err)
	}
	if value, err = vaultOf(t, secondSecret).Open(aPlace(), again); err != nil || string(value) != canary {
		t.Errorf("the current secret alone opens %q, %v", value, err)
	}
}

func TestVaultWantsALongSecret(t *testing.T) {
	t.Parallel()
	if v, err := NewVault(""); v != nil || err != nil || v.Ready() {
		t.Errorf("no secret: %v, %v", v, err)
	}
	for name, secrets := range map[string][]string{
		"short": {canary[:12]}, "31 characters": {strings.Repeat("é", 31)}, "a short older one": {firstSecret, canary[:12]}, "only an older one": {"", firstSecret},
	} {
		if _, err := NewVault(secrets[0], secrets[1:]...); err == nil || strings.Contains(err.Error(), canary[:12]) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if v, err := NewVault(strings.Repeat("é", 32)); err != nil || !v.Ready() {
		t.Errorf("32 characters: %v", err)
	}
}

// TestVaultIsNotPrinted: whoever logs a vault by mistake logs no key.
func TestVaultIsNotPrinted(t *testing.T) {
	t.Parallel()
	secret := canary + "-and-some-more-of-it"
	v := vaultOf(t, secret)
	var out bytes.Buffer
	slog.New(slog.NewTextHandler(&out, nil)).Info("a mistake", "vault", v)
	fmt.Fprintf(&out, "%v %+v %#v %s", v, v, v, v)
	if strings.Contains(out.String(), canary) {
		t.Errorf("printed: %s", out.String())
	}
}
