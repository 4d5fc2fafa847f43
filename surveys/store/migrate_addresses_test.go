package store_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"slices"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// asBefore puts an address into the database as it was stored before a mailbox
// had one spelling, with the hash of that spelling.
func asBefore(t *testing.T, s *store.Store, w surveys.Workspace, now, before string) {
	t.Helper()
	mac := hmac.New(sha256.New, w.Secret)
	mac.Write([]byte("suppression:" + before))
	for _, table := range []string{"users", "people", "invitations", "suppressions"} {
		exec(t, s, "UPDATE "+table+" SET email = $1 WHERE workspace_id = $2 AND email = $3", before, string(w.ID), now)
	}
	key := keyOfAddress(t, s, w, now)
	for _, table := range []string{"suppressions", "survey_stops", "bounces"} {
		exec(t, s, "UPDATE "+table+" SET address_hash = $1 WHERE workspace_id = $2 AND address_hash = $3", mac.Sum(nil), string(w.ID), key)
	}
}

func exec(t *testing.T, s *store.Store, statement string, args ...any) {
	t.Helper()
	if _, err := s.Writers().Exec(statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func keyOfAddress(t *testing.T, s *store.Store, w surveys.Workspace, email string) []byte {
	t.Helper()
	found, err := s.SuppressedAddress(context.Background(), w, email)
	if err != nil {
		t.Fatal(err)
	}
	return found.Key
}

// TestAnAddressOfASCIIKeepsItsKey holds the key of an address against the one of
// the first version: what is in customers' databases is found by it.
func TestAnAddressOfASCIIKeepsItsKey(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		for _, email := range []string{"ada@example.com", "petra@xn--bcher-kva.example"} {
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
				return tx.Suppress(ctx, w, email, surveys.SuppressedUnsubscribed)
			})
			mac := hmac.New(sha256.New, w.Secret)
			mac.Write([]byte("suppression:" + email))
			if key := keyOfAddress(t, s, w, email); !slices.Equal(key, mac.Sum(nil)) {
				t.Errorf("%s has the key %x", email, key)
			}
		}
	})
}

// TestOneMailboxIsOne writes one mailbox in its spellings, each where another
// one is known.
func TestOneMailboxIsOne(t *testing.T) {
	t.Parallel()
	spellings := []string{"jürgen@bücher.example", "ju\u0308rgen@xn--bcher-kva.example", "JÜRGEN@bu\u0308cher.example"}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		for i, known := range spellings {
			w := storetest.Workspace(t, s)
			survey := storetest.Survey(t, s, w.ID, surveys.NPS)
			person, _ := surveys.Person{WorkspaceID: w.ID, Email: known}.Check("")
			saved := save(t, s, person)
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
				if err := tx.StopSurvey(ctx, w, known, survey.ID); err != nil {
					return err
				}
				return tx.Suppress(ctx, w, known, surveys.SuppressedUnsubscribed)
			})
			for j, other := range spellings {
				reason, err := s.Suppression(ctx, w, other)
				if err != nil || reason != surveys.SuppressedUnsubscribed {
					t.Errorf("%d as %d: suppressed as %q, %v", i, j, reason, err)
				}
				unwanted, err := s.Unwanted(ctx, w, []string{other})
				if err != nil || !unwanted.Has(other, survey.ID) {
					t.Errorf("%d as %d: not unwanted, %v", i, j, err)
				}
				again, _ := surveys.Person{WorkspaceID: w.ID, Email: other}.Check("")
				if found := save(t, s, again); found.ID != saved.ID || found.Email != "jürgen@bücher.example" {
					t.Errorf("%d as %d: another person, %q", i, j, found.Email)
				}
			}
			if list, err := s.People(ctx, w.ID, "XN--bcher-kva", 0, 10); err != nil || len(list) != 1 {
				t.Errorf("search finds %d, %v", len(list), err)
			}
		}
	})
}

// TestMigrationUnitesMailboxes goes from rows of the earlier versions to today's,
// twice.
func TestMigrationUnitesMailboxes(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		spellings := map[string]string{ // as it is now, as it was before
			"a@bücher.example":      "a@xn--bcher-kva.example",
			"b@bücher.example":      "b@bücher.example",
			"jürgen@shop.example":   "ju\u0308rgen@shop.example",
			"plain@example.com":     "plain@example.com",
			"erased@bücher.example": "erased@bücher.example",
		}
		for now, before := range spellings {
			person := save(t, s, surveys.Person{WorkspaceID: w.ID, Email: now})
			storetest.Invitation(t, s, survey, person)
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
				if err := tx.StopSurvey(ctx, w, now, survey.ID); err != nil {
					return err
				}
				return tx.Suppress(ctx, w, now, surveys.SuppressedComplained)
			})
			asBefore(t, s, w, now, before)
			if now == "erased@bücher.example" {
				storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.ErasePerson(ctx, w.ID, person.ID) })
			}
		}
		twice := save(t, s, surveys.Person{WorkspaceID: w.ID, Email: "a@bücher.example"}) // whom the earlier version took for another one
		for range 2 {
			exec(t, s, "DELETE FROM goose_db_version WHERE version_id = 24")
			if err := s.MigrateOne(ctx, 24); err != nil {
				t.Fatal(err)
			}
		}
		for now := range spellings {
			if reason, err := s.Suppression(ctx, w, now); err != nil || reason != surveys.SuppressedComplained {
				t.Errorf("%s: suppressed as %q, %v", now, reason, err)
			}
			if stopped, err := s.StoppedSurveys(ctx, w, now); err != nil || len(stopped) != 1 {
				t.Errorf("%s: stopped %v, %v", now, stopped, err)
			}
		}
		for _, table := range []string{"people", "invitations", "suppressions"} {
			got := texts(t, s.Readers(), "SELECT email FROM "+table+" WHERE email <> '' ORDER BY email")
			want := []string{"a@bücher.example", "b@bücher.example", "jürgen@shop.example", "plain@example.com"}
			if table == "people" { // two whom nothing but the spelling tells apart stay two
				want = append(want, "a@xn--bcher-kva.example")
			}
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%s has %q, want %q", table, got, want)
			}
		}
		if found := save(t, s, surveys.Person{WorkspaceID: w.ID, Email: "a@bücher.example"}); found.ID != twice.ID {
			t.Error("an address of today leads to the person of the earlier spelling")
		}
	})
}
