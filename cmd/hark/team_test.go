package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// team is a new database, and the commands that let people and programs in.
type team struct {
	t       *testing.T
	environ []string
}

func newTeam(t *testing.T) team {
	t.Helper()
	return team{t, []string{"HARK_DATABASE=sqlite:" + t.TempDir() + "/hark.db"}}
}

// command runs a command with a text on its standard input.
func (x team) command(input string, args ...string) (status int, out, errs string) {
	x.t.Helper()
	var stdout, stderr bytes.Buffer
	status = run(context.Background(), args, x.environ, terminal{in: strings.NewReader(input), out: &stdout, err: &stderr})
	return status, stdout.String(), stderr.String()
}

// wants runs `hark user add` and compares its success and what it says.
func (x team) wants(succeeds string, says string, args ...string) {
	x.t.Helper()
	status, out, errs := x.command("correct horse battery\n", append([]string{"user", "add"}, args...)...)
	if (status == 0) != (succeeds == "succeeds") || !strings.Contains(out+errs, says) {
		x.t.Errorf("%q: status %d, says\n%s%s, want one that %s with %q", args, status, out, errs, succeeds, says)
	}
}

// workspaces are the names and the members' roles that are stored.
func (x team) workspaces() map[string]map[string]surveys.User {
	x.t.Helper()
	ctx := context.Background()
	s := storetest.OpenURL(x.t, strings.TrimPrefix(x.environ[0], "HARK_DATABASE="), storetest.NewClock().Now)
	defer s.Close()
	if err := s.Migrate(ctx); err != nil { // a command that was refused has not even made the tables
		x.t.Fatal(err)
	}
	list, err := s.Workspaces(ctx)
	if err != nil {
		x.t.Fatal(err)
	}
	all := make(map[string]map[string]surveys.User)
	for _, w := range list {
		all[w.Name] = make(map[string]surveys.User)
		for _, email := range []string{"ana@example.com", "ben@example.com"} {
			switch user, err := s.UserByEmail(ctx, w.ID, email); {
			case err == nil:
				all[w.Name][email] = user
			case surveys.KindOf(err) != surveys.NotFound:
				x.t.Fatal(err)
			}
		}
	}
	return all
}

func TestUserAddKeepsWhatItIsNotTold(t *testing.T) {
	t.Parallel()
	x := newTeam(t)
	x.wants("succeeds", `ana@example.com is owner of "My company"`, "ana@example.com")
	x.wants("succeeds", "is viewer of", "ben@example.com", "--role", "viewer", "--name", "Ben")
	x.wants("succeeds", "is viewer of", "Ben@Example.com") // a new link
	x.wants("succeeds", "is viewer of", "ben@example.com", "--password")
	x.wants("succeeds", "is agent of", "ben@example.com", "--role", "agent")
	x.wants("fails", "--role", "ben@example.com", "--role", "boss")
	members := x.workspaces()["My company"]
	if ben := members["ben@example.com"]; len(members) != 2 || ben.Role != surveys.Agent || ben.Name != "Ben" || ben.PasswordHash == "" {
		t.Errorf("stored are %+v", members)
	}
}

func TestUserAddMakesNoWorkspaceByMistake(t *testing.T) {
	t.Parallel()
	x := newTeam(t)
	x.wants("fails", "email:", "ana", "--workspace", "Your company")
	if made := x.workspaces(); len(made) != 0 {
		t.Errorf("a refused address left %v", made)
	}
	x.wants("succeeds", `Created the workspace "Your company".`, "ana@example.com", "--workspace", "Your company")
	x.wants("fails", `there is no workspace "Your compny": it is one of "Your company"; --create-workspace makes a new one`, "ana@example.com", "--workspace", "Your compny")
	x.wants("fails", "add --workspace NAME", "ana@example.com", "--create-workspace")
	x.wants("fails", "there is a workspace", "ana@example.com", "--create-workspace", "--workspace", "your company")
	x.wants("succeeds", `Created the workspace "Second".`, "ben@example.com", "--create-workspace", "--workspace", "Second")
	x.wants("fails", "there are several workspaces", "ana@example.com")
	x.wants("succeeds", `is owner of "Second"`, "ana@example.com", "--workspace", "second")
	if made := x.workspaces(); len(made) != 2 || len(made["Your company"]) != 1 || len(made["Second"]) != 2 {
		t.Errorf("stored are %v", made)
	}
}

func TestUserAddRefusesAShortPassword(t *testing.T) {
	t.Parallel()
	x := newTeam(t)
	for _, password := range []string{"", "\n", "elevenchars\n", strings.Repeat("x", 129) + "\n"} {
		if status, out, errs := x.command(password, "user", "add", "ana@example.com", "--password"); status == 0 || out != "" || !strings.Contains(errs, "password") {
			t.Errorf("%q: status %d, says %s%s", password, status, out, errs)
		}
	}
	if made := x.workspaces(); len(made) != 0 {
		t.Errorf("a refused password left %v", made)
	}
}

func TestKeyAddTellsItsScopes(t *testing.T) {
	t.Parallel()
	x := newTeam(t)
	if status, _, errs := x.command("", "key", "add", "shop"); status == 0 || !strings.Contains(errs, "hark user add") {
		t.Errorf("without a workspace: status %d, says %s", status, errs)
	}
	x.wants("succeeds", "Created", "ana@example.com")
	for want, args := range map[string][]string{
		`The key "shop" of "My company" may: events, responses, read.`: {"key", "add", "shop"},
		`The key "till" of "My company" may: events.`:                  {"key", "add", "till", "--scope", "events"},
	} {
		status, out, errs := x.command("", args...)
		if status != 0 || !strings.HasPrefix(out, surveys.APIKeyPrefix) || strings.Count(out, "\n") != 1 || !strings.Contains(errs, want) {
			t.Errorf("%q: status %d, prints %q, says %q", args, status, out, errs)
		}
	}
	if status, out, _ := x.command("", "key", "add", "shop", "--scope", "everything"); status == 0 || out != "" {
		t.Errorf("an unknown scope: status %d, prints %q", status, out)
	}
}

func TestDoctorCountsWorkspaces(t *testing.T) {
	t.Parallel()
	x := newTeam(t)
	for _, test := range []struct{ workspace, want string }{{"One", "in 1 workspace.\n"}, {"Two", "in 2 workspaces.\n"}} {
		if status, _, errs := x.command("", "user", "add", "ana@example.com", "--workspace", test.workspace, "--create-workspace"); status != 0 {
			t.Fatal(errs)
		}
		if status, out, errs := x.command("", "doctor"); status != 0 || !strings.HasSuffix(out, test.want) {
			t.Errorf("status %d, says %s%s, want %s", status, out, errs, test.want)
		}
	}
}

// TestVersionIsTold
func TestVersionIsTold(t *testing.T) {
	t.Parallel()
	status, out, _ := hark(t, nil, "version")
	if status != 0 || !strings.HasPrefix(out, "hark ") || !strings.Contains(out, "(go1.") {
		t.Errorf("status %d, says %q", status, out)
	}
}
