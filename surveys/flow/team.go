package flow

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// SignInLinkAge is how long a one-time link to sign in is good.
const SignInLinkAge = 24 * time.Hour

// Team is who comes in: workspaces, members and API keys.
type Team struct{ store *store.Store }

// NewTeam makes the moves on the team.
func NewTeam(s *store.Store) *Team { return &Team{store: s} }

// CreateWorkspace checks and stores a new workspace, and returns it with its
// id, key and secret.
func (t *Team) CreateWorkspace(ctx context.Context, w surveys.Workspace) (surveys.Workspace, error) {
	w, err := w.Check()
	if err != nil {
		return w, err
	}
	id, err := t.store.NewID()
	if err != nil {
		return w, err
	}
	w.ID, w.CreatedAt, w.Secret = surveys.WorkspaceID(id), t.store.Now(), make([]byte, 32)
	if w.Key, err = surveys.NewKey(t.store.Random(), 6); err != nil {
		return w, err
	}
	if _, err := io.ReadFull(t.store.Random(), w.Secret); err != nil {
		return w, fmt.Errorf("draw the workspace's secret: %w", err)
	}
	return w, t.store.InTx(ctx, func(tx *store.Tx) error { return tx.CreateWorkspace(ctx, w) })
}

// DefaultWorkspace is a workspace as a new installation starts with it.
func DefaultWorkspace(name string) surveys.Workspace {
	return surveys.Workspace{Name: name, Color: "#3949ab", TimeZone: "UTC", Locale: surveys.Locales()[0], Caps: surveys.UsualCaps()}
}

// AddUser checks and stores a new member of the team.
func (t *Team) AddUser(ctx context.Context, ws surveys.WorkspaceID, u surveys.User) (surveys.User, error) {
	u.WorkspaceID, u.CreatedAt = ws, t.store.Now()
	u, err := u.Check()
	if err != nil {
		return u, err
	}
	if u.ID, err = t.store.NewID(); err != nil {
		return u, err
	}
	return u, t.store.InTx(ctx, func(tx *store.Tx) error { return tx.CreateUser(ctx, u) })
}

// ChangeUser stores a member's new name, role, language or password. Another
// password or role ends every session of theirs, and takes back the links that
// would start one.
func (t *Team) ChangeUser(ctx context.Context, u surveys.User) (surveys.User, error) {
	u, err := u.Check()
	if err != nil {
		return u, err
	}
	return u, t.store.InTx(ctx, func(tx *store.Tx) error {
		before, err := tx.User(ctx, u.WorkspaceID, u.ID)
		if err != nil {
			return err
		}
		if before.PasswordHash != u.PasswordHash || before.Role != u.Role {
			for _, purpose := range []surveys.Purpose{surveys.PurposeSession, surveys.PurposeSignIn} {
				if err := tx.RevokeGrants(ctx, u.WorkspaceID, purpose, u.ID); err != nil {
					return err
				}
			}
		}
		return tx.UpdateUser(ctx, u)
	})
}

// AddKey checks and stores a new API key, and returns its secret, which cannot
// be read again.
func (t *Team) AddKey(ctx context.Context, w surveys.Workspace, name string, scopes []surveys.Scope) (surveys.APIKey, surveys.Token, error) {
	key := surveys.APIKey{WorkspaceID: w.ID, Name: name, Scopes: scopes, CreatedAt: t.store.Now()}
	key, err := key.Check()
	if err != nil {
		return key, "", err
	}
	if key.ID, err = t.store.NewID(); err != nil {
		return key, "", err
	}
	token, err := t.grant(ctx, w, store.NewGrant{Purpose: surveys.PurposeAPIKey, SubjectID: key.ID}, func(tx *store.Tx) error {
		return tx.CreateAPIKey(ctx, key)
	})
	return key, token, err
}

// SignInLink makes a one-time token that signs a user in.
func (t *Team) SignInLink(ctx context.Context, w surveys.Workspace, userID string) (surveys.Token, error) {
	return t.grant(ctx, w, store.NewGrant{Purpose: surveys.PurposeSignIn, SubjectID: userID, ExpiresAt: t.store.Now().Add(SignInLinkAge)}, nil)
}

// grant draws a token and stores it, with what belongs to it.
func (t *Team) grant(ctx context.Context, w surveys.Workspace, g store.NewGrant, with func(*store.Tx) error) (surveys.Token, error) {
	token, err := surveys.NewToken(t.store.Random(), w.Key)
	if err != nil {
		return "", err
	}
	g.Token = token
	return token, t.store.InTx(ctx, func(tx *store.Tx) error {
		if with != nil {
			if err := with(tx); err != nil {
				return err
			}
		}
		return tx.CreateGrant(ctx, w.ID, g)
	})
}
