package store_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestNothingIsAcceptedIntoAFileThatIsGone: SQLite itself goes on writing to a
// file that has lost its name, and all of it is lost when the process ends.
func TestNothingIsAcceptedIntoAFileThatIsGone(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for name, lose := range map[string]func(path string) error{
		"deleted": os.Remove,
		"moved":   func(path string) error { return os.Rename(path, path+".old") },
		"replaced": func(path string) error {
			if err := os.Rename(path, path+".old"); err != nil {
				return err
			}
			return os.WriteFile(path, nil, 0o600)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "hark.db")
			s := storetest.OpenURL(t, "sqlite:"+path, storetest.Start)
			if err := s.Migrate(ctx); err != nil {
				t.Fatal(err)
			}
			survey := storetest.Survey(t, s, storetest.Workspace(t, s).ID, surveys.NPS)
			in := store.NewIngest(s, nil)
			defer in.Close()
			submit := func() error {
				_, err := in.Submit(ctx, store.Submission{Response: storetest.Response(t, s, survey, 9)})
				return err
			}
			if err := submit(); err != nil || s.Ping(ctx) != nil {
				t.Fatalf("before: %v, ready: %v", err, s.Ping(ctx))
			}
			if err := lose(path); err != nil {
				t.Fatal(err)
			}
			unavailable(t, submit(), "database_gone_file")
			unavailable(t, s.Ping(ctx), "database_gone_file")
			unavailable(t, s.InTx(ctx, func(tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) }), "database_gone_file")
			_, err := s.Import(ctx, survey, func(*store.Tx, *store.Loader) error { return nil })
			unavailable(t, err, "database_gone_file")
		})
	}
}

func TestFileThatComesBackIsTheSame(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "hark.db")
	s := storetest.OpenURL(t, "sqlite:"+path, storetest.Start)
	for _, move := range [][2]string{{path, path + ".old"}, {path + ".old", path}} {
		if err := os.Rename(move[0], move[1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Ping(context.Background()); err != nil {
		t.Errorf("the file is back, and Ping says %v", err)
	}
}

// TestLockFollowsSymbolicLinks: two names of one file are one database.
func TestLockFollowsSymbolicLinks(t *testing.T) {
	t.Parallel()
	path, link := filepath.Join(t.TempDir(), "hark.db"), filepath.Join(t.TempDir(), "other.db")
	first := storetest.OpenURL(t, "sqlite:"+path, storetest.Start)
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	second := storetest.OpenURL(t, "sqlite:"+link, storetest.Start)
	release, err := first.Lock()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := second.Lock(); err == nil || !strings.Contains(err.Error(), "another Hark server (process ") {
		t.Fatalf("the second server's lock: %v", err)
	}
	if err := first.Migrate(context.Background()); err != nil {
		t.Errorf("the lock keeps its own server from writing: %v", err)
	}
	release()
	again, err := second.Lock()
	if err != nil {
		t.Fatalf("the lock was not given back: %v", err)
	}
	again()
}

// TestHardLinkIsNotOpened: SQLite's log has the name of its file, so a file with
// two names would get two logs. Even a command beside the server must not.
func TestHardLinkIsNotOpened(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path, link := filepath.Join(folder, "hark.db"), filepath.Join(folder, "other.db")
	storetest.OpenURL(t, "sqlite:"+path, storetest.Start)
	if err := os.Link(path, link); err != nil {
		t.Fatal(err)
	}
	_, err := store.Open(context.Background(), store.Options{URL: "sqlite:" + link, Random: storetest.NewRandom(1)})
	if err == nil || !strings.Contains(err.Error(), "hard links") {
		t.Errorf("opened under another name: %v", err)
	}
}

// TestBusyFileIsToldWithinSeconds: while another process writes for long, as an
// import does, whoever waits is told soon to come back, however many they are.
func TestBusyFileIsToldWithinSeconds(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	address := storetest.URL(t, store.SQLite)
	s, other := storetest.OpenURL(t, address, time.Now), storetest.OpenURL(t, address, time.Now)
	if err := s.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	survey := storetest.Survey(t, s, storetest.Workspace(t, s).ID, surveys.NPS)
	in := store.NewIngest(s, nil)
	defer in.Close()
	const answers, moves = 450, 4 // more than two batches
	errs := make(chan error, answers+moves)
	err := other.InTx(ctx, func(*store.Tx) error {
		began := time.Now()
		for range answers {
			r := storetest.Response(t, s, survey, 9)
			go func() {
				_, err := in.Submit(ctx, store.Submission{Response: r})
				errs <- err
			}()
		}
		for range moves {
			go func() { errs <- s.InTx(ctx, func(tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) }) }()
		}
		for range cap(errs) {
			unavailable(t, <-errs, "database_busy")
		}
		if took := time.Since(began); took > 6*time.Second {
			t.Errorf("the last one was told after %s", took)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := in.Submit(ctx, store.Submission{Response: storetest.Response(t, s, survey, 9)}); err != nil {
		t.Errorf("after it: %v", err)
	}
}
