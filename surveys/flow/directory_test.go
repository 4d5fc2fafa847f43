package flow_test

import (
	"context"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// directoryChange is a change that a directory must see.
type directoryChange struct {
	name   string
	change func(t *testing.T, k *counter)
	look   func(d *flow.Directory, k *counter) (string, error)
	before string
	after  string // "" when it is NotFound then
}

func directoryChanges() []directoryChange {
	ctx := context.Background()
	return []directoryChange{
		{"a survey is paused", func(t *testing.T, k *counter) {
			k.changeSurvey(t, func(s *surveys.Survey) { s.Status = surveys.SurveyPaused })
		}, func(d *flow.Directory, k *counter) (string, error) {
			s, err := d.Survey(ctx, k.w.ID, k.survey.ID)
			return string(s.Status), err
		}, "active", "paused"},
		{"a survey is paused, seen from its public page", func(t *testing.T, k *counter) {
			k.changeSurvey(t, func(s *surveys.Survey) { s.Status = surveys.SurveyPaused })
		}, func(d *flow.Directory, k *counter) (string, error) {
			_, s, err := d.PublicSurvey(ctx, k.survey.PublicID(k.w.Key))
			return string(s.Status), err
		}, "active", "paused"},
		{"the workspace has another zone", func(t *testing.T, k *counter) {
			k.w.TimeZone = "Asia/Tokyo"
			storetest.Write(t, k.s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateWorkspace(ctx, k.w) })
		}, func(d *flow.Directory, k *counter) (string, error) {
			w, err := d.Workspace(ctx, k.w.Key)
			if err != nil {
				return "", err
			}
			return w.Zone.String(), err
		}, "Europe/Berlin", "Asia/Tokyo"},
		{"the workspace has another name, by its id", func(t *testing.T, k *counter) {
			k.w.Name = "Southwind"
			storetest.Write(t, k.s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateWorkspace(ctx, k.w) })
		}, func(d *flow.Directory, k *counter) (string, error) {
			w, err := d.WorkspaceByID(ctx, k.w.ID)
			return w.Name, err
		}, "Northwind Coffee", "Southwind"},
		{"a key is removed", func(t *testing.T, k *counter) {
			keys, err := k.s.APIKeys(ctx, k.w.ID)
			if err != nil || len(keys) != 1 {
				t.Fatalf("keys = %v, %v", keys, err)
			}
			if err := flow.NewTeam(k.s).RemoveKey(ctx, k.w.ID, keys[0].ID); err != nil {
				t.Fatal(err)
			}
		}, func(d *flow.Directory, k *counter) (string, error) {
			_, key, err := d.APIKey(ctx, surveys.Token(k.person.Name))
			return key.Name, err
		}, "Shop", ""},
	}
}

// seen fails unless the directory shows what is wanted.
func (c directoryChange) seen(t *testing.T, d *flow.Directory, k *counter, want string) {
	t.Helper()
	got, err := c.look(d, k)
	if want == "" && surveys.KindOf(err) != surveys.NotFound || want != "" && (err != nil || got != want) {
		t.Errorf("seen %q, %v, want %q", got, err, want)
	}
}

// keyed is a counter whose person carries the secret of an API key as a name,
// where the look-ups find it.
func keyed(t *testing.T, s *store.Store) *counter {
	t.Helper()
	k := newCounter(t, s)
	_, secret, err := flow.NewTeam(s).AddKey(context.Background(), k.w, "Shop", []surveys.Scope{surveys.ScopeRead})
	if err != nil {
		t.Fatal(err)
	}
	k.person.Name = string(secret)
	return k
}

func TestDirectoryIsAtMostASecondBehindOtherProcesses(t *testing.T) {
	t.Parallel()
	for _, dialect := range storetest.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			clock, address := storetest.NewClock(), storetest.URL(t, dialect)
			here, elsewhere := storetest.OpenURL(t, address, clock.Now), storetest.OpenURL(t, address, clock.Now)
			if err := here.Migrate(context.Background()); err != nil {
				t.Fatal(err)
			}
			d := flow.NewDirectory(here)
			for _, c := range directoryChanges() { // one after the other: they move the clock
				t.Run(c.name, func(t *testing.T) {
					k := keyed(t, elsewhere)
					c.seen(t, d, k, c.before)
					c.change(t, k)
					clock.Advance(time.Second - time.Millisecond)
					c.seen(t, d, k, c.before)
					clock.Advance(time.Millisecond)
					c.seen(t, d, k, c.after)
				})
			}
		})
	}
}

func TestDirectorySeesWhatItsProcessChangesAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) { // with a clock that stands still
		d := flow.NewDirectory(s)
		for _, c := range directoryChanges() {
			t.Run(c.name, func(t *testing.T) {
				k := keyed(t, s)
				c.seen(t, d, k, c.before)
				c.change(t, k)
				c.seen(t, d, k, c.after)
			})
		}
	})
}

func TestDirectoryKeepsNoFailures(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) { // with a clock that stands still
		ctx, k, d := context.Background(), newCounter(t, s), flow.NewDirectory(s)
		id, token := storetest.ID(t, s), surveys.Token("")
		look := map[string]func() error{
			"a survey": func() error { _, err := d.Survey(ctx, k.w.ID, id); return err },
			"a workspace": func() error {
				_, err := d.WorkspaceByID(ctx, surveys.WorkspaceID(id))
				return err
			},
			"a key": func() error { _, _, err := d.APIKey(ctx, token); return err },
		}
		for name, try := range look {
			if err := try(); surveys.KindOf(err) != surveys.NotFound {
				t.Errorf("%s that is not there: %v, want NotFound", name, err)
			}
		}
		survey, w := k.survey, k.w
		survey.ID, survey.Key = id, "BBBBBBBB"
		w.ID, w.Key = surveys.WorkspaceID(id), "CCCCCCCC"
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.CreateSurvey(ctx, survey); err != nil {
				return err
			}
			return tx.CreateWorkspace(ctx, w)
		})
		_, secret, err := flow.NewTeam(s).AddKey(ctx, k.w, "Shop", []surveys.Scope{surveys.ScopeRead})
		if err != nil {
			t.Fatal(err)
		}
		token = secret
		for name, try := range look {
			if err := try(); err != nil {
				t.Errorf("%s that has come: %v, want it found at once", name, err)
			}
		}
	})
}

func TestDirectoryLooksInOneWorkspace(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, k, other, d := context.Background(), newCounter(t, s), newCounter(t, s), flow.NewDirectory(s)
		if _, err := d.Survey(ctx, k.w.ID, k.survey.ID); err != nil {
			t.Fatal(err) // it is in memory now
		}
		if _, _, err := d.PublicSurvey(ctx, k.survey.PublicID(k.w.Key)); err != nil {
			t.Fatal(err)
		}
		_, secret, err := flow.NewTeam(s).AddKey(ctx, k.w, "Shop", []surveys.Scope{surveys.ScopeRead})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := d.APIKey(ctx, secret); err != nil {
			t.Fatal(err)
		}
		for name, look := range map[string]func() error{
			"a survey of another workspace": func() error { _, err := d.Survey(ctx, other.w.ID, k.survey.ID); return err },
			"a public id of two workspaces": func() error { _, _, err := d.PublicSurvey(ctx, k.survey.PublicID(other.w.Key)); return err },
			"a public id that is cut":       func() error { _, _, err := d.PublicSurvey(ctx, k.survey.PublicID(k.w.Key)[1:]); return err },
			"no public id":                  func() error { _, _, err := d.PublicSurvey(ctx, ""); return err },
			"a public id of broken bytes":   func() error { _, _, err := d.PublicSurvey(ctx, "\xff\x00345678\xfe2345678"); return err },
			"a secret of two workspaces": func() error {
				_, _, err := d.APIKey(ctx, surveys.Token(other.w.Key)+secret[surveys.KeyLength:])
				return err
			},
			"a session's token as a secret": func() error {
				_, _, err := d.APIKey(ctx, storetest.Token(t, s, k.w, surveys.PurposeSession, storetest.ID(t, s)))
				return err
			},
		} {
			if err := look(); surveys.KindOf(err) != surveys.NotFound {
				t.Errorf("%s: %v, want NotFound", name, err)
			}
		}
	})
}
