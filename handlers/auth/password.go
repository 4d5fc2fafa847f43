package auth

import (
	"context"
	"fmt"
	"runtime"

	"github.com/alexedwards/argon2id"

	"github.com/harkhq/hark/surveys"
)

// parameters are OWASP's minimum for argon2id: 19 MiB, two passes, one lane.
// A verification takes about 20 ms of one core.
func parameters() *argon2id.Params {
	return &argon2id.Params{Memory: 19 << 10, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

// CheckPassword reports what is wrong with a password that somebody chooses,
// as the field error of path.
func CheckPassword(path, password string) []surveys.FieldError {
	switch {
	case password == "":
		return []surveys.FieldError{{Path: path, Code: "required"}}
	case len(password) < surveys.MinPassword:
		return []surveys.FieldError{{Path: path, Code: "too_short", Args: map[string]any{"min": surveys.MinPassword}}}
	case len(password) > surveys.MaxPassword:
		return []surveys.FieldError{{Path: path, Code: "too_long", Args: map[string]any{"max": surveys.MaxPassword}}}
	}
	return nil
}

// HashPassword returns what is stored of a password, as argon2id's own text
// with parameters and salt. It does not judge the password: see
// [CheckPassword].
func HashPassword(password string) (string, error) {
	hash, err := argon2id.CreateHash(password, parameters())
	if err != nil {
		return "", fmt.Errorf("hash the password: %w", err)
	}
	return hash, nil
}

// Passwords verifies and hashes passwords, a bounded number at a time: each
// takes 19 MiB, and sign-in is open to everybody. It is safe for concurrent
// use.
type Passwords struct {
	slots   chan struct{}
	current string // how a hash with today's parameters begins
}

// NewPasswords makes a verifier with two slots for each core.
func NewPasswords() *Passwords {
	p := parameters()
	return &Passwords{
		slots:   make(chan struct{}, 2*runtime.GOMAXPROCS(0)),
		current: fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$", p.Memory, p.Iterations, p.Parallelism),
	}
}

// nobody is what passwords of unknown users are compared with: 16 bytes of salt
// and a hash of 32, of no password that is known, under today's parameters.
func (p *Passwords) nobody() string {
	return p.current + "bm9ib2R5IGtub3dzIGl0IQ" + "$" + "bm9ib2R5IGhhcyB0aGlzIHBhc3N3b3JkLCBvciBldmU"
}

// Verify reports whether the password is the one of the hash. A hash of "",
// for users who do not exist or have no password, takes as long as any other
// and never matches. It fails only when ctx ends before there is a free slot,
// or on a malformed hash.
func (p *Passwords) Verify(ctx context.Context, hash, password string) (bool, error) {
	if err := p.take(ctx); err != nil {
		return false, err
	}
	defer p.give()
	compared := hash
	if hash == "" {
		compared = p.nobody()
	}
	if len(password) > surveys.MaxPassword {
		password = "" // no such password is ever stored; do not hash kilobytes for it
	}
	match, err := argon2id.ComparePasswordAndHash(password, compared)
	if err != nil {
		return false, fmt.Errorf("verify a password: %w", err)
	}
	return match && hash != "", nil
}

// Hash is [HashPassword] within the bound.
func (p *Passwords) Hash(ctx context.Context, password string) (string, error) {
	if err := p.take(ctx); err != nil {
		return "", err
	}
	defer p.give()
	return HashPassword(password)
}

// Outdated reports whether a hash was made with other parameters than today's,
// and should be made anew while the password is at hand.
func (p *Passwords) Outdated(hash string) bool {
	return len(hash) < len(p.current) || hash[:len(p.current)] != p.current
}

func (p *Passwords) take(ctx context.Context) error {
	select {
	case p.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait to hash a password: %w", ctx.Err())
	}
}

func (p *Passwords) give() { <-p.slots }
