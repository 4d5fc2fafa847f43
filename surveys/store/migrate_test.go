package store_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestMigrateTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		if err := s.Migrate(context.Background()); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Workspace(context.Background(), w.ID); err != nil {
			t.Errorf("the workspace is gone: %v", err)
		}
	})
}

// TestMigrateAtOnce starts several servers on one empty database.
func TestMigrateAtOnce(t *testing.T) {
	t.Parallel()
	for _, dialect := range storetest.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			address := storetest.URL(t, dialect)
			var wg sync.WaitGroup
			for range 4 {
				s := storetest.OpenURL(t, address, storetest.Start)
				wg.Go(func() {
					if err := s.Migrate(context.Background()); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			storetest.Workspace(t, storetest.OpenURL(t, address, storetest.Start))
		})
	}
}

func TestMigrateRefusesANewerDatabase(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		if _, err := s.Writers().Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (900, true)"); err != nil {
			t.Fatal(err)
		}
		err := s.Migrate(context.Background())
		if err == nil {
			t.Fatal("a newer database was taken")
		}
		for _, word := range []string{"schema version 900", "newer program", "backup"} {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("the message %q does not say %q", err, word)
			}
		}
	})
}

func TestMigrateWaitsNoLongerThanItsContext(t *testing.T) {
	t.Parallel()
	for _, dialect := range storetest.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			s := storetest.Open(t, dialect)
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			if err := s.Migrate(ctx); err == nil {
				t.Error("migrated after its context had ended")
			}
		})
	}
}

// TestSQLiteKeepsWhatItAccepts reads the settings back on which an accepted
// answer's survival of a power cut rests.
func TestSQLiteKeepsWhatItAccepts(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	for _, c := range []struct{ pragma, writer, reader string }{
		{"journal_mode", "wal", "wal"},
		{"synchronous", "2", "2"}, // FULL
		{"foreign_keys", "1", "1"},
		{"busy_timeout", "2500", "2500"},
		{"query_only", "0", "1"},
	} {
		if got := texts(t, s.Writers(), "PRAGMA "+c.pragma); len(got) != 1 || got[0] != c.writer {
			t.Errorf("writer: %s is %v, want %s", c.pragma, got, c.writer)
		}
		if got := texts(t, s.Readers(), "PRAGMA "+c.pragma); len(got) != 1 || got[0] != c.reader {
			t.Errorf("readers: %s is %v, want %s", c.pragma, got, c.reader)
		}
	}
	if n := s.Writers().Stats().MaxOpenConnections; n != 1 {
		t.Errorf("SQLite has %d writers, want 1", n)
	}
}

func TestLockKeepsASecondServerOff(t *testing.T) {
	t.Parallel()
	address := storetest.URL(t, store.SQLite)
	first, second := storetest.OpenURL(t, address, storetest.Start), storetest.OpenURL(t, address, storetest.Start)
	release, err := first.Lock()
	if err != nil {
		t.Fatal(err)
	}
	_, err = second.Lock()
	if err == nil {
		t.Fatal("two servers hold the same file")
	}
	for _, word := range []string{"another Hark server (process ", strings.TrimPrefix(address, "sqlite:"), "HARK_DATABASE", "PostgreSQL"} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("the message %q does not say %q", err, word)
		}
	}
	release()
	again, err := second.Lock()
	if err != nil {
		t.Fatalf("the lock was not given back: %v", err)
	}
	again()
}

func TestServersShareAPostgreSQL(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.Postgres)
	for range 2 {
		release, err := s.Lock()
		if err != nil {
			t.Fatal(err)
		}
		defer release()
	}
}

func TestForeignKeysHold(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		err := s.InTx(context.Background(), func(tx *store.Tx) error {
			return tx.CreateRule(context.Background(), surveys.Rule{
				WorkspaceID: w.ID, ID: storetest.ID(t, s), SurveyID: storetest.ID(t, s), Status: surveys.RuleActive, CreatedAt: s.Now(), UpdatedAt: s.Now(),
			})
		})
		if surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("a rule of an unknown survey gives %v, want NotFound", err)
		}
	})
}
