package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// purposes lists the purposes of tokens.
func purposes() []surveys.Purpose {
	return []surveys.Purpose{surveys.PurposeAnswer, surveys.PurposeUnsubscribe, surveys.PurposeSession, surveys.PurposeSignIn, surveys.PurposeAPIKey, surveys.PurposeShare}
}

// TestTokenServesOnePurpose offers a token of each purpose for every other.
func TestTokenServesOnePurpose(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		for _, purpose := range purposes() {
			subject := storetest.ID(t, s)
			token := storetest.Token(t, s, w, purpose, subject)
			for _, offered := range purposes() {
				grant, err := s.Grant(ctx, w.ID, offered, token, s.Now())
				if offered == purpose && (err != nil || grant.SubjectID != subject) {
					t.Errorf("%s: %+v, %v", purpose, grant, err)
				}
				if offered != purpose && surveys.KindOf(err) != surveys.NotFound {
					t.Errorf("a token to %s serves to %s: %+v, %v", purpose, offered, grant, err)
				}
				if offered == purpose {
					continue
				}
				for name, write := range map[string]func(tx *store.Tx) error{
					"spent":    func(tx *store.Tx) error { return tx.SpendGrant(ctx, w.ID, offered, token) },
					"extended": func(tx *store.Tx) error { return tx.ExtendGrant(ctx, w.ID, offered, token, s.Now()) },
				} {
					if err := s.InTx(ctx, write); surveys.KindOf(err) != surveys.NotFound {
						t.Errorf("a token to %s is %s as one to %s: %v", purpose, name, offered, err)
					}
				}
			}
		}
		if err := second(s.Grant(ctx, w.ID, surveys.PurposeAnswer, "", s.Now())); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("no token: %v", err)
		}
	})
}

func TestTokensExpire(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		token := storetest.Token(t, s, w, surveys.PurposeSession, storetest.ID(t, s)) // for a day
		at := func(age time.Duration) error {
			return second(s.Grant(ctx, w.ID, surveys.PurposeSession, token, s.Now().Add(age)))
		}
		day := 24 * time.Hour
		if err := at(day - time.Microsecond); err != nil {
			t.Errorf("just before its end: %v", err)
		}
		if err := at(day); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("at its end: %v, want NotFound", err)
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.ExtendGrant(ctx, w.ID, surveys.PurposeSession, token, s.Now().Add(2*day))
		})
		if err := at(day); err != nil {
			t.Errorf("extended: %v", err)
		}
		forever, _ := surveys.NewToken(s.Random(), w.Key)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, _, err := tx.Claim(ctx, w.ID, *onceOf("k", 1, store.Replay, s.Now().Add(day)), storetest.ID(t, s))
			if err != nil {
				return err
			}
			return tx.CreateGrant(ctx, w.ID, store.NewGrant{Token: forever, Purpose: surveys.PurposeAPIKey, SubjectID: storetest.ID(t, s)})
		})
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			purged, err := tx.PurgeExpired(ctx, w.ID, s.Now().Add(100*day))
			if purged != 2 {
				t.Errorf("%d rows were purged, want the session and the key", purged)
			}
			return err
		})
		grant, err := s.Grant(ctx, w.ID, surveys.PurposeAPIKey, forever, s.Now().Add(100*365*day))
		if err != nil || !grant.ExpiresAt.IsZero() {
			t.Errorf("a token without end: %+v, %v", grant, err)
		}
	})
}

func TestTokensAreSpentOnceAndRevoked(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		user := storetest.User(t, s, w.ID, surveys.Owner)
		link := storetest.Token(t, s, w, surveys.PurposeSignIn, user.ID)
		spend := func() error {
			return s.InTx(ctx, func(tx *store.Tx) error { return tx.SpendGrant(ctx, w.ID, surveys.PurposeSignIn, link) })
		}
		if err := spend(); err != nil {
			t.Errorf("the first time: %v", err)
		}
		if err := spend(); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("the second time: %v, want NotFound", err)
		}
		one, two := storetest.Token(t, s, w, surveys.PurposeSession, user.ID), storetest.Token(t, s, w, surveys.PurposeSession, user.ID)
		key := storetest.Token(t, s, w, surveys.PurposeAPIKey, user.ID)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.RevokeGrants(ctx, w.ID, surveys.PurposeSession, user.ID)
		})
		for _, session := range []surveys.Token{one, two} {
			if err := second(s.Grant(ctx, w.ID, surveys.PurposeSession, session, s.Now())); surveys.KindOf(err) != surveys.NotFound {
				t.Errorf("a revoked session still works: %v", err)
			}
		}
		if err := second(s.Grant(ctx, w.ID, surveys.PurposeAPIKey, key, s.Now())); err != nil {
			t.Errorf("a token of another purpose went with them: %v", err)
		}
	})
}

func TestAPIKeys(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		key := surveys.APIKey{WorkspaceID: w.ID, ID: storetest.ID(t, s), Name: "shop", Scopes: []surveys.Scope{surveys.ScopeEvents, surveys.ScopeRead}, CreatedAt: s.Now()}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.CreateAPIKey(ctx, key) })
		token := storetest.Token(t, s, w, surveys.PurposeAPIKey, key.ID)
		same(t, "the key", key)(s.APIKey(ctx, w.ID, key.ID))
		same(t, "the keys", []surveys.APIKey{key})(s.APIKeys(ctx, w.ID))
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteAPIKey(ctx, w.ID, key.ID) })
		for what, err := range map[string]error{
			"key":   second(s.APIKey(ctx, w.ID, key.ID)),
			"token": second(s.Grant(ctx, w.ID, surveys.PurposeAPIKey, token, s.Now())),
			"again": s.InTx(ctx, func(tx *store.Tx) error { return tx.DeleteAPIKey(ctx, w.ID, key.ID) }),
		} {
			if surveys.KindOf(err) != surveys.NotFound {
				t.Errorf("%s: %v, want NotFound", what, err)
			}
		}
	})
}
