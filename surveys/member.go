package surveys

import (
	"slices"
	"strings"
	"time"
)

// Role says what a member of the team may do.
type Role string

// The roles, the widest first.
const (
	Owner   Role = "owner"   // everything, and the team itself
	Manager Role = "manager" // surveys, rules, settings
	Agent   Role = "agent"   // people and answers
	Viewer  Role = "viewer"  // reads
)

// Roles lists the roles, the widest first.
func Roles() []Role { return []Role{Owner, Manager, Agent, Viewer} }

// Allows reports whether r may do what needs the role least.
func (r Role) Allows(least Role) bool {
	rank := map[Role]int{Viewer: 1, Agent: 2, Manager: 3, Owner: 4}
	return rank[least] > 0 && rank[r] >= rank[least]
}

// User is a member of the team, who signs in to the back office.
type User struct {
	WorkspaceID  WorkspaceID
	ID           string
	Email        string
	Name         string
	Role         Role
	Locale       string // "" to follow the browser
	PasswordHash string // argon2id; "" when only one-time links sign in
	CreatedAt    time.Time
}

// Passwords have at least MinPassword and at most MaxPassword bytes.
const (
	MinPassword = 12
	MaxPassword = 128
)

// Check returns the user in normal form, or what is wrong.
func (u User) Check() (User, error) {
	u.Email, u.Name = NormalEmail(u.Email), strings.TrimSpace(u.Name)
	var wrong []FieldError
	if !ValidEmail(u.Email) {
		wrong = append(wrong, FieldError{Path: "email", Code: "email"})
	}
	if !u.Role.Allows(Viewer) {
		wrong = append(wrong, FieldError{Path: "role", Code: "role"})
	}
	if u.Locale != "" && !slices.Contains(Locales(), u.Locale) {
		wrong = append(wrong, foreign("locale", Locales()))
	}
	wrong = append(wrong, checkLength("name", u.Name, 0, 80)...)
	return u, Wrong(wrong...)
}

// Scope is what an API key may do.
type Scope string

// The scopes of API keys.
const (
	ScopeEvents    Scope = "events"    // send events
	ScopeResponses Scope = "responses" // send and read responses
	ScopeRead      Scope = "read"      // read surveys, responses and reports
	ScopeAdmin     Scope = "admin"     // all of it, and change surveys
)

// Scopes lists the scopes of API keys.
func Scopes() []Scope { return []Scope{ScopeEvents, ScopeResponses, ScopeRead, ScopeAdmin} }

// APIKey lets a program in. Its secret is shown once, and kept as a hash.
type APIKey struct {
	WorkspaceID WorkspaceID
	ID          string
	Name        string
	Scopes      []Scope
	CreatedAt   time.Time
}

// Allows reports whether the key has the scope, or admin.
func (k APIKey) Allows(scope Scope) bool {
	for _, has := range k.Scopes {
		if has == scope || has == ScopeAdmin {
			return true
		}
	}
	return false
}

// Check returns the key with its name trimmed, or what is wrong with it.
func (k APIKey) Check() (APIKey, error) {
	k.Name = strings.TrimSpace(k.Name)
	wrong := checkLength("name", k.Name, 1, 80)
	if len(k.Scopes) == 0 {
		wrong = append(wrong, FieldError{Path: "scopes", Code: "required"})
	}
	for _, scope := range k.Scopes {
		if !slices.Contains(Scopes(), scope) {
			wrong = append(wrong, FieldError{Path: "scopes", Code: "scope"})
		}
	}
	return k, Wrong(wrong...)
}
