package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/mailer"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/flow/northwind"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/layouts"
)

type demoCommand struct {
	Dir string `help:"Keep the demo's database and mailbox in this folder. Otherwise they go away with it." placeholder:"PATH"`
}

// demoAddr is where the demo listens unless told otherwise: on this machine
// only, because everybody who reaches it can read its mailbox.
const demoAddr = "127.0.0.1:8080"

// demoUser is the owner of the demo's workspace, see package northwind.
const demoUser = "demo@northwind.example"

// Run makes a year of data, starts the server on it, and says what to try.
func (c demoCommand) Run(ctx context.Context, settings *Settings, t terminal) error {
	dir, forget, err := c.folder()
	if err != nil {
		return err
	}
	defer forget()
	demo := *settings
	demo.Database = "sqlite:" + filepath.Join(dir, "hark.db")
	demo.MailFrom = "feedback@northwind.example"
	if demo.Addr == ":8080" {
		demo.Addr = demoAddr
	}
	if demo.URL == "http://localhost:8080" {
		if _, port, err := demo.hostPort(); err == nil { // else check says so
			demo.URL = "http://localhost:" + port
		}
	}
	if err := demo.check(); err != nil {
		return err
	}
	// The port first: nobody waits for a year that cannot be shown.
	listener, err := listen(ctx, &demo)
	if err != nil {
		return err
	}
	defer listener.Close() // the server does it too, once it runs
	log := demo.logger(t)
	opened, err := demo.open(ctx, log)
	if err != nil {
		return err
	}
	defer opened.Close()
	mailbox, err := mailer.OpenMailbox(filepath.Join(dir, "mailbox"), time.Now)
	if err != nil {
		return err
	}
	defer mailbox.Close()
	vault, err := demoVault(dir, &demo)
	if err != nil {
		return err
	}
	w, err := fill(ctx, opened, t)
	if err != nil {
		return err
	}
	return serveOn(ctx, serverParts{
		settings: &demo, log: log, store: opened, listener: listener, transport: mailbox, mailbox: mailbox, vault: vault,
		demo: func() *layouts.Demo { return &layouts.Demo{Unread: mailbox.Unread()} },
	}, func(s *server) error {
		return greet(ctx, greeting{settings: &demo, store: opened, workspace: w, dir: dir}, t)
	})
}

// demoVault is what the demo seals with: the settings' secret, or one of its own
// beside the database, which is fine for a demo and nothing else.
func demoVault(dir string, settings *Settings) (*surveys.Vault, error) {
	if settings.Secret != "" {
		return settings.vault()
	}
	file := filepath.Join(dir, "secret")
	secret, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		secret = []byte(newSecret())
		err = os.WriteFile(file, secret, 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("keep the demo's secret: %w", err)
	}
	return surveys.NewVault(string(secret))
}

// folder is where the demo lives, and how to forget it.
func (c demoCommand) folder() (dir string, forget func(), err error) {
	if c.Dir != "" {
		if err := os.MkdirAll(c.Dir, 0o700); err != nil {
			return "", nil, fmt.Errorf("make the demo's folder: %w", err)
		}
		return c.Dir, func() {}, nil
	}
	dir, err = os.MkdirTemp("", "hark-demo-")
	if err != nil {
		return "", nil, fmt.Errorf("make a folder for the demo: %w", err)
	}
	return dir, func() { os.RemoveAll(dir) }, nil
}

// fill makes the year, unless the folder holds it already.
func fill(ctx context.Context, s *store.Store, t terminal) (surveys.Workspace, error) {
	workspaces, err := s.Workspaces(ctx)
	if err != nil {
		return surveys.Workspace{}, err
	}
	if len(workspaces) > 0 {
		return workspaces[0], nil
	}
	start := time.Now()
	story, err := northwind.Fill(ctx, s, s.Now())
	if err != nil {
		return surveys.Workspace{}, fmt.Errorf("make the demo's year: %w", err)
	}
	fmt.Fprintf(t.out, "Made a year of %s: %d people, %d events, %d answers, in %.1f s.\n",
		story.Workspace.Name, story.Counts.People, story.Counts.Events, story.Counts.Responses, time.Since(start).Seconds())
	return story.Workspace, comeBack(ctx, s, story.Workspace)
}

// greeting is what the demo says when it is ready.
type greeting struct {
	settings  *Settings
	store     *store.Store
	workspace surveys.Workspace
	dir       string
}

// greet prints the address, a way in, and three things to try.
func greet(ctx context.Context, g greeting, t terminal) error {
	team := flow.NewTeam(g.store)
	user, err := g.store.UserByEmail(ctx, g.workspace.ID, demoUser)
	if err != nil {
		return err
	}
	link, err := team.SignInLink(ctx, g.workspace, user.ID)
	if err != nil {
		return err
	}
	_, secret, err := team.AddKey(ctx, g.workspace, "demo", surveys.Scopes())
	if err != nil {
		return err
	}
	survey, err := g.survey(ctx)
	if err != nil {
		return err
	}
	fall, mix, err := g.falls(ctx, survey)
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, `
Hark is listening on %[1]s

  Sign in (once):  %[1]s%[2]s/%[3]s

Three things to try
  1. Read a report:     %[1]s/surveys/%[4]s%[11]s
     Was the fall real, and where did it come from? Then this one:
                          %[1]s/surveys/%[4]s%[12]s
  2. Answer a survey:   %[1]s/s/%[5]s
     Then look at the report again.
  3. Send an event:
     curl %[1]s/api/v1/events -H 'Authorization: Bearer %[7]s%[8]s' -H 'Content-Type: application/json' \
       -d '{"type":"ticket_solved","id":"try-1","occurred_at":"%[10]s","person":{"email":"you@example.com","name":"Ada"},"properties":{"via":"email"}}'
     The ticket was solved two hours ago, and the rule asks an hour later: at once.
     Find the mail and click a score:
                          %[1]s%[6]s

Everything is in %[9]s. Stop with Ctrl-C.
`, g.settings.URL, layouts.PathSignIn, link, survey.ID, survey.PublicID(g.workspace.Key), layouts.PathMailbox, surveys.APIKeyPrefix, secret, g.dir,
		g.store.Now().Add(-2*time.Hour).Format(time.RFC3339), fall, mix)
	return nil
}

// survey is the one that the greeting speaks of: the first that asks for the
// NPS, which is the year's story.
func (g greeting) survey(ctx context.Context) (surveys.Survey, error) {
	list, err := g.store.Surveys(ctx, g.workspace.ID)
	if err != nil {
		return surveys.Survey{}, err
	}
	at := slices.IndexFunc(list, func(s surveys.Survey) bool { return s.Metric == surveys.NPS })
	if at < 0 {
		return surveys.Survey{}, fmt.Errorf("%s has no survey that asks for the NPS: start the demo in another folder", g.workspace.Name)
	}
	return list[at], nil
}

// How long after a fall its report looks: long enough to be sure, and short
// enough that nothing else happened.
const (
	fallWeeks = 8
	mixWeeks  = 4
)

// falls are the queries of two reports: on the weeks after the year's real fall,
// and on those after the one that is only a change of who answered. They are
// found in the answers, since a folder may have been filled long ago; "" when
// there is none.
func (g greeting) falls(ctx context.Context, survey surveys.Survey) (fall, mix string, err error) {
	zone := g.workspace.Location()
	today := analysis.DayOf(g.store.Now(), zone)
	report, err := flow.NewReports(g.store).Report(ctx, flow.Office{Workspace: g.workspace, Zone: zone}, survey,
		flow.ReportQuery{From: today - 365, To: today + 1, Interval: analysis.ByWeek})
	if err != nil {
		return "", "", err
	}
	after := func(from, weeks analysis.Day) string {
		return fmt.Sprintf("?from=%s&to=%s", from, min(from+7*weeks-1, today))
	}
	for _, change := range report.Changes {
		switch {
		case change.After > change.Before:
		case change.ByMix && mix == "":
			mix = after(change.At, mixWeeks)
		case !change.ByMix && fall == "":
			fall = after(change.At, fallWeeks)
		}
	}
	return fall, mix, nil
}
