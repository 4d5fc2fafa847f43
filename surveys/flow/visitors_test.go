package flow_test

import (
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// gate is where visitors come in, with a company's server that signs who they are.
type gate struct {
	*testing.T
	s        *store.Store
	w        surveys.Workspace
	survey   surveys.Survey
	visitors *flow.Visitors
	secret   string
	tokens   int
}

func newGate(t *testing.T, s *store.Store) *gate {
	t.Helper()
	w := storetest.Workspace(t, s)
	g := &gate{T: t, s: s, w: w, survey: storetest.Survey(t, s, w.ID, surveys.NPS), visitors: flow.NewVisitors(s, storetest.Vault(t))}
	_, secret, err := g.visitors.AddKey(t.Context(), w.ID, surveys.IdentityHS256, "")
	if err != nil {
		t.Fatal(err)
	}
	g.secret = secret
	return g
}

// token says that somebody looks at a survey.
func (g *gate) token(survey surveys.Survey, more jwt.MapClaims) string {
	g.Helper()
	g.tokens++
	now := g.s.Now()
	claims := jwt.MapClaims{"iss": g.w.Key, "aud": survey.PublicID(g.w.Key), "sub": "u1", "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(), "jti": fmt.Sprint(g.tokens)}
	for name, value := range more {
		claims[name] = value
	}
	text, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(g.secret))
	if err != nil {
		g.Fatal(err)
	}
	return text
}

// sees is what becomes of a visit.
func (g *gate) sees(survey surveys.Survey, visit flow.Visit) flow.Seen {
	g.Helper()
	seen, err := g.visitors.See(g.Context(), g.w, survey, visit)
	if err != nil {
		g.Fatal(err)
	}
	return seen
}

// unasked is whether a survey may come up by itself before a person.
func (g *gate) unasked(survey surveys.Survey, more jwt.MapClaims) bool {
	g.Helper()
	return !g.sees(survey, flow.Visit{Text: "v", Token: g.token(survey, more), ByItself: true}).Spared
}

// TestVisitorsAreTheCompanysPeople: whoever is signed for is the person whom events and
// mails know, with what is said of them laid over.
func TestVisitorsAreTheCompanysPeople(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		var known surveys.Person
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
			known, err = tx.SavePerson(ctx, surveys.Person{WorkspaceID: g.w.ID, Email: "anna@example.com", Traits: map[string]any{"country": "FR"}})
			return err
		})
		seen := g.sees(g.survey, flow.Visit{Text: "v", Token: g.token(g.survey, jwt.MapClaims{"email": "Anna@example.com", "name": "Anna", "traits": map[string]any{"plan": "pro"}})})
		if p := seen.Person; p.ID != known.ID || p.ExternalID != "u1" || p.Traits["country"] != "FR" || p.Traits["plan"] != "pro" || p.Name != "Anna" {
			t.Errorf("met %+v, want %s", p, known.ID)
		}
		keys, err := s.IdentityKeys(t.Context(), g.w.ID)
		if err != nil || len(keys) != 1 || keys[0].UsedAt == nil || g.visitors.Closed(keys[0]) {
			t.Errorf("the key is %+v, %v", keys, err)
		}
		stranger, err := g.visitors.See(t.Context(), storetest.Workspace(t, s), g.survey, flow.Visit{Text: "v", Token: g.token(g.survey, nil)})
		if !errors.Is(err, surveys.IdentityUnsigned) {
			t.Errorf("another workspace believes it: %+v, %v", stranger, err)
		}
	})
}

// TestATokenHoldsForOneVisit: whoever copies it from an address gains nothing.
func TestATokenHoldsForOneVisit(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		token := g.token(g.survey, nil)
		for range 2 { // a reload
			g.sees(g.survey, flow.Visit{Text: "mine", Token: token})
		}
		if _, err := g.visitors.See(t.Context(), g.w, g.survey, flow.Visit{Text: "theirs", Token: token}); !errors.Is(err, surveys.IdentityUsed) {
			t.Errorf("another visit: %v", err)
		}
	})
}

// TestIdentityKeysChangeOver: two keys live at once, however many are made at once, and
// one that is removed is believed no more.
func TestIdentityKeysChangeOver(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		public, private, err := ed25519.GenerateKey(storetest.NewRandom(3))
		if err != nil {
			t.Fatal(err)
		}
		der, err := x509.MarshalPKIXPublicKey(public)
		if err != nil {
			t.Fatal(err)
		}
		text := string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
		var wait sync.WaitGroup
		errs := make([]error, 5)
		for i := range errs {
			wait.Go(func() { _, _, errs[i] = g.visitors.AddKey(t.Context(), g.w.ID, surveys.IdentityEdDSA, text) })
		}
		wait.Wait()
		made := 0
		for _, err := range errs {
			if err == nil {
				made++
			} else if surveys.KindOf(err) != surveys.Conflict {
				t.Error(err)
			}
		}
		keys, err := s.IdentityKeys(t.Context(), g.w.ID)
		if err != nil || made != 1 || len(keys) != 2 {
			t.Fatalf("made %d more, there are %+v, %v", made, keys, err)
		}
		now := s.Now()
		successor, err := jwt.NewWithClaims(jwt.SigningMethodEdDSA, jwt.MapClaims{"iss": g.w.Key, "aud": g.survey.PublicID(g.w.Key), "sub": "u2", "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(), "jti": "new"}).SignedString(private)
		if err != nil {
			t.Fatal(err)
		}
		old := g.token(g.survey, nil)
		g.sees(g.survey, flow.Visit{Text: "v", Token: old})
		if err := g.visitors.RemoveKey(t.Context(), g.w.ID, keys[0].ID); err != nil {
			t.Fatal(err)
		}
		if _, err := g.visitors.See(t.Context(), g.w, g.survey, flow.Visit{Text: "v", Token: old}); !errors.Is(err, surveys.IdentityUnsigned) {
			t.Errorf("the removed key: %v", err)
		}
		g.sees(g.survey, flow.Visit{Text: "v", Token: successor})
		if _, _, err := flow.NewVisitors(s, nil).AddKey(t.Context(), g.w.ID, surveys.IdentityHS256, ""); surveys.KindOf(err) != surveys.Unavailable {
			t.Errorf("a server without a secret makes one: %v", err)
		}
	})
}

// TestCapsHoldAcrossMailAndPages: whoever was asked by mail is not asked on a page, nor
// the other way round; a survey that somebody is being asked may come again.
func TestCapsHoldAcrossMailAndPages(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		g := newGate(t, s)
		other := storetest.Survey(t, s, g.w.ID, surveys.CSAT)
		if !g.unasked(g.survey, nil) {
			t.Fatal("nobody may be asked")
		}
		clock.Advance(20 * time.Minute)
		if !g.unasked(g.survey, nil) {
			t.Error("on the next page of the same sitting the survey is gone")
		}
		if g.unasked(other, nil) {
			t.Error("another survey comes up at the same time")
		}
		clock.Advance(2 * time.Hour)
		if g.unasked(g.survey, nil) {
			t.Error("somebody who was asked today is asked again")
		}
		if seen := g.sees(g.survey, flow.Visit{Text: "v", Token: g.token(g.survey, nil)}); seen.Spared {
			t.Error("somebody who opens it is spared")
		}
		asks, err := s.Asks(t.Context(), g.w.ID, g.sees(g.survey, flow.Visit{Text: "v", Token: g.token(g.survey, nil)}).Person.ID, time.Time{})
		if err != nil || len(asks) != 1 || asks[0].SurveyID != g.survey.ID || !asks[0].At.Equal(storetest.Start()) {
			t.Errorf("mails hear of %+v, %v", asks, err)
		}
		clock.Advance(91 * 24 * time.Hour)
		if !g.unasked(g.survey, nil) {
			t.Error("after the caps the survey does not come back")
		}

		mailed := storetest.Person(t, s, g.w.ID)
		storetest.Invitation(t, s, g.survey, mailed)
		if g.unasked(other, jwt.MapClaims{"sub": mailed.ExternalID, "email": mailed.Email}) {
			t.Error("somebody with a mail under way is asked on a page")
		}
		stopped := storetest.Person(t, s, g.w.ID)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.StopSurvey(ctx, g.w, stopped.Email, g.survey.ID)
		})
		claims := jwt.MapClaims{"sub": stopped.ExternalID, "email": stopped.Email}
		if g.unasked(g.survey, claims) {
			t.Error("somebody who stopped the survey is asked by it")
		}
		if !g.unasked(other, claims) {
			t.Error("somebody who stopped one survey is asked by none")
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.ErasePerson(ctx, g.w.ID, stopped.ID); err != nil {
				return err
			}
			return tx.PurgePageAsks(ctx, g.w.ID, s.Now().Add(time.Hour))
		})
		if !g.unasked(g.survey, nil) {
			t.Error("what was purged still counts")
		}
	})
}
