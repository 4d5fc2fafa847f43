package auth

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/harkhq/hark/surveys"
)

// parametersHash is a hash of the password with so many passes.
func parametersHash(t *testing.T, iterations uint32) string {
	t.Helper()
	p := parameters()
	p.Iterations = iterations
	hash, err := argon2id.CreateHash(password, p)
	if err != nil {
		t.Fatal(err)
	}
	return hash
}

func TestHashPassword(t *testing.T) {
	t.Parallel()
	one, err := HashPassword(password)
	if err != nil {
		t.Fatal(err)
	}
	two, err := HashPassword(password)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(one, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("the hash %s does not name OWASP's parameters", one)
	}
	if one == two {
		t.Error("two hashes of one password are the same: there is no salt")
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	p := NewPasswords()
	hash, err := HashPassword(password)
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name, hash, password string
		want                 bool
	}{
		{"right", hash, password, true},
		{"wrong", hash, password + " ", false},
		{"empty", hash, "", false},
		{"kilobytes", hash, strings.Repeat(password, 1000), false},
		{"nobody", "", password, false},
		{"nobody, without a password", "", "", false},
		{"other parameters", parametersHash(t, 1), password, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := p.Verify(t.Context(), c.hash, c.password)
			if err != nil || got != c.want {
				t.Errorf("%v (%v), want %v", got, err, c.want)
			}
		})
	}
}

// The hash that nobody has must cost what a real one costs.
func TestNobodysHashIsAHash(t *testing.T) {
	t.Parallel()
	p, salt, key, err := argon2id.DecodeHash(NewPasswords().nobody())
	if err != nil {
		t.Fatal(err)
	}
	if *p != *parameters() || len(salt) != 16 || len(key) != 32 {
		t.Errorf("parameters %+v, %d bytes of salt, %d of key", p, len(salt), len(key))
	}
}

func TestVerifyRefusesDamage(t *testing.T) {
	t.Parallel()
	if _, err := NewPasswords().Verify(t.Context(), "$argon2id$broken", password); err == nil {
		t.Error("a damaged hash was verified")
	}
}

func TestVerifyWaitsForASlot(t *testing.T) {
	t.Parallel()
	p := NewPasswords()
	for range cap(p.slots) {
		p.slots <- struct{}{}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := p.Verify(ctx, "", password); err == nil {
		t.Error("it hashed although every slot is taken")
	}
	if _, err := p.Hash(ctx, password); err == nil {
		t.Error("it hashed although every slot is taken")
	}
	<-p.slots
	if _, err := p.Verify(t.Context(), "", password); err != nil {
		t.Error(err)
	}
}

func TestOutdated(t *testing.T) {
	t.Parallel()
	p := NewPasswords()
	for hash, want := range map[string]bool{parametersHash(t, 2): false, parametersHash(t, 1): true, "": true, "$argon2i$": true} {
		if got := p.Outdated(hash); got != want {
			t.Errorf("%q: %v, want %v", hash, got, want)
		}
	}
}

func TestCheckPassword(t *testing.T) {
	t.Parallel()
	for chosen, code := range map[string]string{
		"": "required", "eleven char": "too_short", "twelve chars": "", strings.Repeat("x", 128): "", strings.Repeat("x", 129): "too_long", "密码密码": "",
	} {
		wrong := CheckPassword("new", chosen)
		switch {
		case code == "" && len(wrong) == 0:
		case code == "" || len(wrong) != 1 || wrong[0].Code != code || wrong[0].Path != "new":
			t.Errorf("%q: %+v, want %q", chosen, wrong, code)
		}
	}
	if surveys.MinPassword != 12 {
		t.Error("the table above speaks of 12 bytes")
	}
}
