package flow_test

import (
	"context"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestCreateWorkspace(t *testing.T) {
	t.Parallel()
	with := func(edit func(*surveys.Workspace)) surveys.Workspace {
		w := flow.DefaultWorkspace("Northwind Coffee")
		edit(&w)
		return w
	}
	cases := []struct {
		name string
		in   surveys.Workspace
		want map[string]string // path → code; nil when it is stored
	}{
		{"as a new installation starts", with(func(*surveys.Workspace) {}), nil},
		{"all of it", with(func(w *surveys.Workspace) {
			w.Name, w.Color, w.TimeZone, w.Locale, w.ReplyTo = " Northwind ", "#0B7A75", "Asia/Shanghai", "zh-Hans", "help@northwind.example"
			w.Segments, w.Logo, w.LogoType = []string{"plan"}, []byte("png"), "image/png"
		}), nil},
		{"no name", with(func(w *surveys.Workspace) { w.Name = " " }), map[string]string{"name": "required"}},
		{"a colour by name", with(func(w *surveys.Workspace) { w.Color = "teal" }), map[string]string{"color": "color"}},
		{"a zone that is none", with(func(w *surveys.Workspace) { w.TimeZone = "Mars/Base" }), map[string]string{"timezone": "timezone"}},
		{"the machine's own zone", with(func(w *surveys.Workspace) { w.TimeZone = "Local" }), map[string]string{"timezone": "timezone"}},
		{"a language nobody speaks", with(func(w *surveys.Workspace) { w.Locale = "tlh" }), map[string]string{"locale": "locale"}},
		{"a segment that is counted already", with(func(w *surveys.Workspace) { w.Segments = []string{"channel"} }), map[string]string{"segments": "segment_key"}},
		{"too many segments", with(func(w *surveys.Workspace) { w.Segments = make([]string, surveys.MaxSegmentKeys+1) }), map[string]string{"segments": "segments_many"}},
		{"a picture that can hold a script", with(func(w *surveys.Workspace) { w.Logo, w.LogoType = []byte("<svg/>"), "image/svg+xml" }), map[string]string{"logo": "logo_type"}},
		{"a picture too large", with(func(w *surveys.Workspace) { w.Logo, w.LogoType = make([]byte, surveys.MaxLogoBytes+1), "image/png" }), map[string]string{"logo": "logo_size"}},
	}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, team := context.Background(), flow.NewTeam(s)
		keys := map[string]bool{}
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				w, err := team.CreateWorkspace(ctx, c.in)
				if c.want != nil {
					wantFields(t, err, c.want)
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				stored, err := s.Workspace(ctx, w.ID)
				if w.Segments == nil {
					w.Segments = []string{}
				}
				if err != nil || !reflect.DeepEqual(stored, w) {
					t.Errorf("stored %+v, %v, returned %+v", stored, err, w)
				}
				if len(w.Key) != surveys.KeyLength || len(w.Secret) != 32 || keys[w.Key] || keys[string(w.Secret)] {
					t.Errorf("key %q and secret %x must be drawn, and of their own", w.Key, w.Secret)
				}
				keys[w.Key], keys[string(w.Secret)] = true, true
			})
		}
	})
}

func TestAddUser(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		in   surveys.User
		want map[string]string // path → code; nil when it is stored
	}{
		{"an owner", surveys.User{Email: " Ada@Team.example ", Name: " Ada ", Role: surveys.Owner, Locale: "zh-Hans"}, nil},
		{"a viewer", surveys.User{Email: "bob@team.example", Role: surveys.Viewer}, nil},
		{"nothing", surveys.User{}, map[string]string{"email": "email", "role": "role"}},
		{"a role nobody knows", surveys.User{Email: "eve@team.example", Role: "root"}, map[string]string{"role": "role"}},
		{"an address with a command behind", surveys.User{Email: "\"a b> SIZE=1\"@team.example", Role: surveys.Viewer}, map[string]string{"email": "email"}},
		{"a name too long", surveys.User{Email: "eve@team.example", Role: surveys.Viewer, Name: strings.Repeat("x", 81)}, map[string]string{"name": "too_long"}},
	}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, team, w := context.Background(), flow.NewTeam(s), storetest.Workspace(t, s)
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				u, err := team.AddUser(ctx, w.ID, c.in)
				if c.want != nil {
					wantFields(t, err, c.want)
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				if stored, err := s.User(ctx, w.ID, u.ID); err != nil || !reflect.DeepEqual(stored, u) || stored.Email != surveys.NormalEmail(c.in.Email) {
					t.Errorf("stored %+v, %v, returned %+v", stored, err, u)
				}
			})
		}
		_, err := team.AddUser(ctx, w.ID, surveys.User{Email: "ADA@team.example", Role: surveys.Viewer})
		wantKind(t, err, surveys.Conflict, "exists")
		if _, err := team.AddUser(ctx, storetest.Workspace(t, s).ID, surveys.User{Email: "ada@team.example", Role: surveys.Viewer}); err != nil {
			t.Errorf("the same address in another workspace: %v, want no error", err)
		}
		_, err = team.AddUser(ctx, surveys.WorkspaceID(storetest.ID(t, s)), surveys.User{Email: "ada@team.example", Role: surveys.Viewer})
		wantKind(t, err, surveys.NotFound, "not_found")
	})
}

func TestChangeUserEndsSessions(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		edit func(*surveys.User)
		ends bool
	}{
		{"another name", func(u *surveys.User) { u.Name = "Grace" }, false},
		{"another language", func(u *surveys.User) { u.Locale = "zh-Hans" }, false},
		{"another password", func(u *surveys.User) { u.PasswordHash = "argon2id" }, true},
		{"a smaller role", func(u *surveys.User) { u.Role = surveys.Viewer }, true},
		{"a larger role", func(u *surveys.User) { u.Role = surveys.Owner }, true},
	}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				ctx, team, w := context.Background(), flow.NewTeam(s), storetest.Workspace(t, s)
				u, colleague := storetest.User(t, s, w.ID, surveys.Manager), storetest.User(t, s, w.ID, surveys.Manager)
				open := func(purpose surveys.Purpose, token surveys.Token) bool {
					_, err := s.Grant(ctx, w.ID, purpose, token, s.Now())
					return err == nil
				}
				mine := storetest.Token(t, s, w, surveys.PurposeSession, u.ID)
				link := storetest.Token(t, s, w, surveys.PurposeSignIn, u.ID)
				theirs := storetest.Token(t, s, w, surveys.PurposeSession, colleague.ID)
				edited := u
				c.edit(&edited)
				changed, err := team.ChangeUser(ctx, edited)
				if err != nil {
					t.Fatal(err)
				}
				if stored, err := s.User(ctx, w.ID, u.ID); err != nil || !reflect.DeepEqual(stored, changed) || stored != edited {
					t.Errorf("stored %+v, %v, want %+v", stored, err, edited)
				}
				if open(surveys.PurposeSession, mine) == c.ends || open(surveys.PurposeSignIn, link) == c.ends {
					t.Errorf("session open %t, link open %t, want them ended: %t", open(surveys.PurposeSession, mine), open(surveys.PurposeSignIn, link), c.ends)
				}
				if !open(surveys.PurposeSession, theirs) {
					t.Error("a colleague was signed out")
				}
			})
		}
		ctx, team, w := context.Background(), flow.NewTeam(s), storetest.Workspace(t, s)
		foreign := storetest.User(t, s, storetest.Workspace(t, s).ID, surveys.Viewer)
		foreign.WorkspaceID = w.ID
		_, err := team.ChangeUser(ctx, foreign)
		wantKind(t, err, surveys.NotFound, "not_found")
	})
}

func TestAPIKeys(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		label  string
		scopes []surveys.Scope
		allows []surveys.Scope
		want   map[string]string // path → code; nil when it is stored
	}{
		{"one scope", " Shop ", []surveys.Scope{surveys.ScopeEvents}, []surveys.Scope{surveys.ScopeEvents}, nil},
		{"two", "Shop", []surveys.Scope{surveys.ScopeResponses, surveys.ScopeRead}, []surveys.Scope{surveys.ScopeResponses, surveys.ScopeRead}, nil},
		{"all", "Ops", []surveys.Scope{surveys.ScopeAdmin}, surveys.Scopes(), nil},
		{"no name", "", []surveys.Scope{surveys.ScopeRead}, nil, map[string]string{"name": "required"}},
		{"no scope", "Shop", nil, nil, map[string]string{"scopes": "required"}},
		{"a scope nobody knows", "Shop", []surveys.Scope{"root"}, nil, map[string]string{"scopes": "scope"}},
	}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				ctx, team, w := context.Background(), flow.NewTeam(s), storetest.Workspace(t, s)
				key, secret, err := team.AddKey(ctx, w, c.label, c.scopes)
				if c.want != nil {
					wantFields(t, err, c.want)
					return
				}
				office, found, findErr := flow.NewDirectory(s).APIKey(ctx, secret)
				if err != nil || findErr != nil || office.ID != w.ID || !reflect.DeepEqual(found, key) {
					t.Fatalf("APIKey = %+v, %v, %v, want %+v", found, err, findErr, key)
				}
				var allows []surveys.Scope
				for _, scope := range surveys.Scopes() {
					if found.Allows(scope) {
						allows = append(allows, scope)
					}
				}
				if !reflect.DeepEqual(allows, c.allows) {
					t.Errorf("the key allows %v, want %v", allows, c.allows)
				}
				foreign := storetest.Workspace(t, s)
				wantKind(t, team.RemoveKey(ctx, foreign.ID, key.ID), surveys.NotFound, "not_found")
				if err := team.RemoveKey(ctx, w.ID, key.ID); err != nil {
					t.Fatal(err)
				}
				_, _, err = flow.NewDirectory(s).APIKey(ctx, secret)
				wantKind(t, err, surveys.NotFound, "not_found")
				wantKind(t, team.RemoveKey(ctx, w.ID, key.ID), surveys.NotFound, "not_found")
			})
		}
	})
}

func TestSignInLink(t *testing.T) {
	t.Parallel()
	for _, dialect := range storetest.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			ctx, clock := context.Background(), storetest.NewClock()
			s := storetest.OpenAt(t, dialect, clock.Now)
			team, w := flow.NewTeam(s), storetest.Workspace(t, s)
			u := storetest.User(t, s, w.ID, surveys.Owner)
			link := func(t *testing.T) surveys.Token {
				t.Helper()
				token, err := team.SignInLink(ctx, w, u.ID)
				if err != nil {
					t.Fatal(err)
				}
				return token
			}
			refused := func(t *testing.T, token surveys.Token) {
				t.Helper()
				_, _, err := team.OpenSignIn(ctx, token)
				wantKind(t, err, surveys.NotFound, "not_found")
				_, err = spendSignIn(ctx, s, token)
				wantKind(t, err, surveys.NotFound, "not_found")
			}
			t.Run("opening does not spend it, signing in does", func(t *testing.T) {
				token := link(t)
				for range 3 { // a mail scanner, a preview, a person
					if office, opened, err := team.OpenSignIn(ctx, token); err != nil || opened != u || office.ID != w.ID {
						t.Fatalf("OpenSignIn = %+v, %v, want %+v", opened, err, u)
					}
				}
				if spent, err := spendSignIn(ctx, s, token); err != nil || spent != u {
					t.Fatalf("spending the link = %+v, %v, want %+v", spent, err, u)
				}
				refused(t, token)
			})
			t.Run("ten at once, and one comes in", func(t *testing.T) {
				token := link(t)
				var in atomic.Int32
				atOnce(10, func(int) {
					if _, err := spendSignIn(ctx, s, token); err == nil {
						in.Add(1)
					}
				})
				if in.Load() != 1 {
					t.Errorf("%d came in, want 1", in.Load())
				}
			})
			t.Run("a token of another purpose", func(t *testing.T) {
				refused(t, storetest.Token(t, s, w, surveys.PurposeSession, u.ID))
				refused(t, storetest.Token(t, s, w, surveys.PurposeAPIKey, u.ID))
			})
			t.Run("a user of another workspace", func(t *testing.T) {
				token, err := team.SignInLink(ctx, storetest.Workspace(t, s), u.ID)
				if err != nil {
					t.Fatal(err)
				}
				refused(t, token)
			})
			t.Run("no token", func(t *testing.T) { refused(t, "") })
			t.Run("after its day", func(t *testing.T) {
				token := link(t)
				clock.Advance(flow.SignInLinkAge - time.Second)
				if _, _, err := team.OpenSignIn(ctx, token); err != nil {
					t.Errorf("in the last second: %v", err)
				}
				clock.Advance(time.Second)
				refused(t, token)
			})
		})
	}
}
