package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/harkhq/hark/handlers/auth"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/layouts"
)

// inWorkspace is the flag of commands that work in one workspace.
type inWorkspace struct {
	Workspace string `help:"The workspace, by its name; needed when there are several." placeholder:"NAME"`
}

// find returns the workspace that the flag names, or the only one.
func (i inWorkspace) find(ctx context.Context, s *store.Store) (surveys.Workspace, error) {
	list, err := s.Workspaces(ctx)
	if err != nil {
		return surveys.Workspace{}, err
	}
	var names []string
	for _, w := range list {
		if strings.EqualFold(w.Name, i.Workspace) || (i.Workspace == "" && len(list) == 1) {
			return w, nil
		}
		names = append(names, fmt.Sprintf("%q", w.Name))
	}
	switch {
	case len(list) == 0:
		return surveys.Workspace{}, errNoWorkspace
	case i.Workspace == "":
		return surveys.Workspace{}, fmt.Errorf("there are several workspaces: add --workspace with one of %s", strings.Join(names, ", "))
	}
	return surveys.Workspace{}, fmt.Errorf("there is no workspace %q: it is one of %s", i.Workspace, strings.Join(names, ", "))
}

var errNoWorkspace = errors.New("the database has no workspace yet: `hark user add you@example.com --workspace \"Your company\"` makes the first one")

type userAddCommand struct {
	inWorkspace
	Email           string `arg:"" help:"The address to sign in with."`
	Role            string `default:"" enum:",owner,manager,agent,viewer" help:"What they may do: owner, manager, agent or viewer. Without it a new member is owner, and one who is there keeps the role." placeholder:"ROLE"`
	Name            string `help:"Their name."`
	Password        bool   `help:"Read a password from the standard input instead of printing a one-time link."`
	CreateWorkspace bool   `help:"Make the workspace that --workspace names. The first one of a database is made without it."`
}

// Run adds the user, in a new workspace when the database has none or when
// that is asked for.
func (c *userAddCommand) Run(ctx context.Context, settings *Settings, t terminal) error {
	// Everything that can be wrong comes first: no workspace is left behind
	// by a command that fails.
	member, err := surveys.User{Email: c.Email, Name: c.Name, Role: cmp.Or(surveys.Role(c.Role), surveys.Owner)}.Check()
	if err != nil {
		return err
	}
	if c.Password {
		if member.PasswordHash, err = readPassword(t); err != nil {
			return err
		}
	}
	opened, err := settings.open(ctx, settings.logger(t))
	if err != nil {
		return err
	}
	defer opened.Close()
	team := flow.NewTeam(opened)
	w, err := c.workspace(ctx, opened, t)
	if err != nil {
		return err
	}
	user, err := c.save(ctx, opened, w, member)
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "%s is %s of %q.\n", user.Email, user.Role, w.Name)
	if c.Password {
		fmt.Fprintf(t.out, "Sign in: %s\n", strings.TrimSuffix(settings.URL, "/")+layouts.PathSignIn)
		return nil
	}
	link, err := team.SignInLink(ctx, w, user.ID)
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "Sign in once, within 24 hours, and set a password:\n%s\n", strings.TrimSuffix(settings.URL, "/")+layouts.PathSignIn+"/"+string(link))
	return nil
}

// workspace finds the workspace, or makes it. A name that is not there is
// rather a misspelled one than a wish for another workspace.
func (c *userAddCommand) workspace(ctx context.Context, s *store.Store, t terminal) (surveys.Workspace, error) {
	list, err := s.Workspaces(ctx)
	if err != nil {
		return surveys.Workspace{}, err
	}
	known := slices.ContainsFunc(list, func(w surveys.Workspace) bool { return strings.EqualFold(w.Name, c.Workspace) })
	switch {
	case c.CreateWorkspace && c.Workspace == "":
		return surveys.Workspace{}, errors.New("--create-workspace needs the name: add --workspace NAME")
	case c.CreateWorkspace && known:
		return surveys.Workspace{}, fmt.Errorf("there is a workspace %q already: leave --create-workspace out", c.Workspace)
	case len(list) > 0 && !c.CreateWorkspace:
		w, err := c.find(ctx, s)
		if err != nil && c.Workspace != "" {
			err = fmt.Errorf("%w; --create-workspace makes a new one", err)
		}
		return w, err
	}
	w, err := flow.NewTeam(s).CreateWorkspace(ctx, flow.DefaultWorkspace(cmp.Or(c.Workspace, "My company")))
	if err != nil {
		return w, err
	}
	fmt.Fprintf(t.out, "Created the workspace %q.\n", w.Name)
	return w, nil
}

// save adds the member, or gives the one who has the address already what the
// flags say: a role, a name, a password.
func (c *userAddCommand) save(ctx context.Context, s *store.Store, w surveys.Workspace, member surveys.User) (surveys.User, error) {
	team := flow.NewTeam(s)
	user, err := s.UserByEmail(ctx, w.ID, member.Email)
	if surveys.KindOf(err) == surveys.NotFound {
		return team.AddUser(ctx, w.ID, member)
	}
	if err != nil {
		return user, err
	}
	if c.Role != "" {
		user.Role = member.Role
	}
	user.Name = cmp.Or(member.Name, user.Name)
	user.PasswordHash = cmp.Or(member.PasswordHash, user.PasswordHash)
	return team.ChangeUser(ctx, user)
}

func readPassword(t terminal) (hash string, err error) {
	fmt.Fprint(t.err, "Password: ")
	line, err := bufio.NewReader(t.in).ReadString('\n')
	if err != nil && line == "" {
		return "", fmt.Errorf("read the password from the standard input: %w", err)
	}
	password := strings.TrimRight(line, "\r\n")
	if err := surveys.Wrong(auth.CheckPassword("password", password)...); err != nil {
		return "", err
	}
	return auth.HashPassword(password)
}

type keyAddCommand struct {
	inWorkspace
	Name  string   `arg:"" help:"What the key is for."`
	Scope []string `default:"events,responses,read" help:"What it may do: events, responses, read (surveys and reports), admin (everything)." placeholder:"SCOPE,…"`
}

// Run adds the key and prints its secret.
func (c *keyAddCommand) Run(ctx context.Context, settings *Settings, t terminal) error {
	opened, err := settings.open(ctx, settings.logger(t))
	if err != nil {
		return err
	}
	defer opened.Close()
	w, err := c.find(ctx, opened)
	if err != nil {
		return err
	}
	scopes := make([]surveys.Scope, len(c.Scope))
	for i, scope := range c.Scope {
		scopes[i] = surveys.Scope(scope)
	}
	key, secret, err := flow.NewTeam(opened).AddKey(ctx, w, c.Name, scopes)
	if err != nil {
		return err
	}
	// The secret alone is the output, so that a script can take it.
	fmt.Fprintf(t.out, "%s%s\n", surveys.APIKeyPrefix, secret)
	fmt.Fprintf(t.err, "The key %q of %q may: %s.\nKeep it now: it is not shown again.\n", key.Name, w.Name, strings.Join(c.Scope, ", "))
	return nil
}
