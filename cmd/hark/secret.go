package main

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/harkhq/hark/surveys"
)

type secretCommand struct{}

// Run prints a fresh secret: 256 random bits, and nothing else, so that a script
// can take it.
func (secretCommand) Run(t terminal) error {
	_, err := fmt.Fprintln(t.out, newSecret())
	return err
}

// newSecret draws a secret for HARK_SECRET.
func newSecret() string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails, see crypto/rand
	return base64.RawURLEncoding.EncodeToString(raw)
}

// vault is what the settings seal with, and nil when they seal with nothing. The
// errors never show a secret.
func (s *Settings) vault() (*surveys.Vault, error) {
	if s.SecretOld == "" {
		v, err := surveys.NewVault(s.Secret)
		if err != nil {
			return nil, fmt.Errorf("HARK_SECRET is too short: it needs at least %d characters; `hark secret` prints one", surveys.MinSecret)
		}
		return v, nil
	}
	if s.Secret == "" {
		return nil, errors.New("HARK_SECRET_OLD is set, and HARK_SECRET is not: to go back to the older one, make it HARK_SECRET")
	}
	v, err := surveys.NewVault(s.Secret, s.SecretOld)
	if err != nil {
		return nil, fmt.Errorf("HARK_SECRET or HARK_SECRET_OLD is too short: each needs at least %d characters; `hark secret` prints one", surveys.MinSecret)
	}
	return v, nil
}
