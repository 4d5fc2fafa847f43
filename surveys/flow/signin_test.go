package flow_test

import (
	"cmp"
	"context"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestSignInLinkIsSpentOnce(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		team := flow.NewTeam(s)
		w := storetest.Workspace(t, s)
		user := storetest.User(t, s, w.ID, surveys.Agent)
		token, err := team.SignInLink(t.Context(), w, user.ID)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			office, found, err := team.OpenSignIn(t.Context(), token)
			if err != nil || office.ID != w.ID || found.ID != user.ID {
				t.Fatalf("opening it found %+v, %v", found, err)
			}
		}
		spend := func(with error) error {
			return s.InTx(t.Context(), func(tx *store.Tx) error {
				return cmp.Or(team.SpendSignIn(t.Context(), tx, w.ID, token), with)
			})
		}
		if err := spend(surveys.Fail(surveys.Unavailable, "database_busy")); surveys.KindOf(err) != surveys.Unavailable {
			t.Fatalf("signing in while the database is busy: %v", err)
		}
		if office, found, err := team.OpenSignIn(t.Context(), token); err != nil || found.ID != user.ID || office.Zone.String() != w.TimeZone {
			t.Fatalf("a link whose session was not stored is gone: %+v, %v", found, err)
		}
		if err := spend(nil); err != nil {
			t.Fatal(err)
		}
		if err := spend(nil); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("spent twice: %v", err)
		}
	})
}

func TestSignInLinkRefusesOtherTokens(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	s := storetest.OpenAt(t, store.SQLite, clock.Now)
	team := flow.NewTeam(s)
	w := storetest.Workspace(t, s)
	user := storetest.User(t, s, w.ID, surveys.Agent)
	old, err := team.SignInLink(t.Context(), w, user.ID)
	if err != nil {
		t.Fatal(err)
	}
	clock.Advance(flow.SignInLinkAge + time.Second)
	for name, token := range map[string]surveys.Token{
		"too old": old, "a session's": storetest.Token(t, s, w, surveys.PurposeSession, user.ID), "unknown": "AAAAAAAABBBBBBBBBBBBBBBBBBBBBB", "shapeless": "x", "none": "",
	} {
		if _, _, err := team.OpenSignIn(t.Context(), token); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRemovedKeyOpensNothing(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		team := flow.NewTeam(s)
		w, foreign := storetest.Workspace(t, s), storetest.Workspace(t, s)
		key, secret, err := team.AddKey(t.Context(), w, "shop", []surveys.Scope{surveys.ScopeRead})
		if err != nil {
			t.Fatal(err)
		}
		if err := team.RemoveKey(t.Context(), foreign.ID, key.ID); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("removed from another workspace: %v", err)
		}
		if err := team.RemoveKey(t.Context(), w.ID, key.ID); err != nil {
			t.Fatal(err)
		}
		if _, _, err := flow.NewDirectory(s).APIKey(t.Context(), secret); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("the secret still opens: %v", err)
		}
	})
}

// spendSignIn opens and spends a link, as signing in by it does.
func spendSignIn(ctx context.Context, s *store.Store, token surveys.Token) (surveys.User, error) {
	team := flow.NewTeam(s)
	w, u, err := team.OpenSignIn(ctx, token)
	if err != nil {
		return u, err
	}
	return u, s.InTx(ctx, func(tx *store.Tx) error { return team.SpendSignIn(ctx, tx, w.ID, token) })
}
