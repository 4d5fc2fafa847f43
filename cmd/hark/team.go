package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
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
	Email    string `arg:"" help:"The address to sign in with."`
	Role     string `default:"owner" enum:"owner,manager,agent,viewer" help:"What they may do: owner, manager, agent or viewer."`
	Name     string `help:"Their name."`
	Password bool   `help:"Read a password from the standard input instead of printing a one-time link."`
}

// Run adds the user, in a new workspace when there is none of the name yet.
func (c *userAddCommand) Run(ctx context.Context, settings *Settings, t terminal) error {
	opened, err := settings.open(ctx, settings.logger(t))
	if err != nil {
		return err
	}
	defer opened.Close()
	team := flow.NewTeam(opened)
	w, err := c.workspace(ctx, opened, team)
	if err != nil {
		return err
	}
	hash := ""
	if c.Password {
		if hash, err = readPassword(t); err != nil {
			return err
		}
	}
	user, err := c.save(ctx, opened, team, w, hash)
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

func (c *userAddCommand) workspace(ctx context.Context, s *store.Store, team *flow.Team) (surveys.Workspace, error) {
	list, err := s.Workspaces(ctx)
	if err != nil {
		return surveys.Workspace{}, err
	}
	if len(list) == 0 || (c.Workspace != "" && !hasWorkspace(list, c.Workspace)) {
		name := c.Workspace
		if name == "" {
			name = "My company"
		}
		return team.CreateWorkspace(ctx, flow.DefaultWorkspace(name))
	}
	return c.find(ctx, s)
}

func hasWorkspace(list []surveys.Workspace, name string) bool {
	for _, w := range list {
		if strings.EqualFold(w.Name, name) {
			return true
		}
	}
	return false
}

// save adds the user, or changes the role, name and password of the one who
// has the address already.
func (c *userAddCommand) save(ctx context.Context, s *store.Store, team *flow.Team, w surveys.Workspace, hash string) (surveys.User, error) {
	user, err := s.UserByEmail(ctx, w.ID, surveys.NormalEmail(c.Email))
	if surveys.KindOf(err) == surveys.NotFound {
		return team.AddUser(ctx, w.ID, surveys.User{Email: c.Email, Name: c.Name, Role: surveys.Role(c.Role), PasswordHash: hash})
	}
	if err != nil {
		return user, err
	}
	user.Role = surveys.Role(c.Role)
	if c.Name != "" {
		user.Name = c.Name
	}
	if hash != "" {
		user.PasswordHash = hash
	}
	return team.ChangeUser(ctx, user)
}

func readPassword(t terminal) (hash string, err error) {
	fmt.Fprint(t.err, "Password: ")
	line, err := bufio.NewReader(t.in).ReadString('\n')
	if err != nil && line == "" {
		return "", fmt.Errorf("read the password from the standard input: %w", err)
	}
	return auth.HashPassword(strings.TrimRight(line, "\r\n"))
}

type keyAddCommand struct {
	inWorkspace
	Name  string   `arg:"" help:"What the key is for."`
	Scope []string `default:"events,responses,read" help:"What it may do: events, responses, read, admin." placeholder:"SCOPE,…"`
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
	_, secret, err := flow.NewTeam(opened).AddKey(ctx, w, c.Name, scopes)
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "%s%s\n", surveys.APIKeyPrefix, secret)
	fmt.Fprintln(t.err, "Keep it now: it is not shown again.")
	return nil
}
