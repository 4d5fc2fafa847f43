package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/harkhq/hark/handlers"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
)

type migrateCommand struct{}

// Run brings the database to this program's schema.
func (migrateCommand) Run(ctx context.Context, settings *Settings, t terminal) error {
	opened, err := settings.open(ctx, settings.logger(t))
	if err != nil {
		return err
	}
	defer opened.Close()
	fmt.Fprintln(t.out, "The database is up to date.")
	return nil
}

type doctorCommand struct {
	Mend bool `help:"Count anew what differs. The server may go on running."`
}

// Run recounts every workspace's rollups from its answers, and its themes from
// what was read of the comments. A difference makes the command fail, so that a
// monitor can run it.
func (c doctorCommand) Run(ctx context.Context, settings *Settings, t terminal) error {
	opened, err := settings.open(ctx, settings.logger(t))
	if err != nil {
		return err
	}
	defer opened.Close()
	workspaces, err := opened.Workspaces(ctx)
	if err != nil {
		return err
	}
	vault, err := settings.vault()
	if err != nil {
		return err
	}
	sending := flow.NewSending(flow.SendingOptions{Store: opened, From: settings.senderAddress()})
	found, sealed := 0, sealedWords{}
	for _, w := range workspaces {
		if err := sealed.look(ctx, opened, vault, w); err != nil {
			return err
		}
		if err := tellRests(ctx, t, sending, w); err != nil {
			return err
		}
		differences, err := differencesOf(ctx, opened, w.ID)
		if err != nil {
			return err
		}
		for _, d := range differences {
			fmt.Fprintf(t.out, "%s: survey %s, %s, %s\n", w.Name, d.SurveyID, surveys.DayStart(d.Day).Format(time.DateOnly), inWords(d))
		}
		found += len(differences)
		if len(differences) > 0 && c.Mend {
			if err := opened.InTx(ctx, func(tx *store.Tx) error { return mend(ctx, tx, w.ID) }); err != nil {
				return err
			}
			fmt.Fprintf(t.out, "%s: counted anew.\n", w.Name)
			found -= len(differences)
		}
	}
	for _, line := range sealed.lines {
		fmt.Fprintln(t.out, line)
	}
	if found > 0 {
		return fmt.Errorf("%s from the answers: this is a bug, please report it; `hark doctor --mend` counts anew", differing(found))
	}
	fmt.Fprintf(t.out, "All counts agree with the answers, in %s.\n", count(int64(len(workspaces)), "workspace"))
	if settings.SecretOld != "" && sealed.stale == 0 {
		fmt.Fprintln(t.out, "Nothing is sealed with HARK_SECRET_OLD any more: take it out of the settings.")
	}
	return sealed.verdict()
}

// mend counts everything of a workspace anew.
func mend(ctx context.Context, tx *store.Tx, ws surveys.WorkspaceID) error {
	for _, rebuild := range []func(context.Context, surveys.WorkspaceID) error{
		tx.RebuildRollups, tx.RebuildThemes, tx.RebuildDriverDays, tx.RebuildIndex, tx.RebuildInvitations,
	} {
		if err := rebuild(ctx, ws); err != nil {
			return err
		}
	}
	return nil
}

// differencesOf are the rollups that do not agree with a workspace's answers,
// the counts of themes that do not agree with what was read of its comments, what the
// search in comments holds, the counts of ratings, and those of invitations.
func differencesOf(ctx context.Context, s *store.Store, ws surveys.WorkspaceID) ([]store.Difference, error) {
	answers, err := s.Recount(ctx, ws)
	if err != nil {
		return nil, err
	}
	comments, err := s.RecountThemes(ctx, ws)
	if err != nil {
		return nil, err
	}
	ratings, err := s.RecountDrivers(ctx, ws)
	if err != nil {
		return nil, err
	}
	searched, err := s.RecountIndex(ctx, ws)
	if err != nil {
		return nil, err
	}
	invitations, err := s.RecountInvitations(ctx, ws)
	return slices.Concat(answers, comments, searched, ratings, invitations), err
}

// inWords is a difference in words.
func inWords(d store.Difference) string {
	if d.Key == store.SearchedComments {
		return fmt.Sprintf("search: the index counts %d comments, %d are in it; `hark doctor --mend` takes out what is wrong, and the server puts in what it lacks", d.Stored, d.Counted)
	}
	return fmt.Sprintf("%s=%q: the report counts %d answers, there are %d", d.Key, d.Value, d.Stored, d.Counted)
}

func differing(n int) string {
	if n == 1 {
		return "1 count differs"
	}
	return count(int64(n), "count") + " differ"
}

type healthCommand struct{}

// Run asks /healthz of the server that listens on this machine.
func (healthCommand) Run(ctx context.Context, settings *Settings, _ terminal) error {
	host, port, err := settings.hostPort()
	if err != nil {
		return err
	}
	if host == "" || net.ParseIP(host).IsUnspecified() {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", http.NoBody)
	if err != nil {
		return err
	}
	response, err := (&http.Client{}).Do(request)
	if err != nil {
		return fmt.Errorf("ask the server: %w", err)
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<10))
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the server answers %s", response.Status)
	}
	return nil
}

type versionCommand struct{}

// Run prints the version of the program and of the Go that built it.
func (versionCommand) Run(t terminal) error {
	program, goVersion := handlers.Version(version)
	_, err := fmt.Fprintf(t.out, "hark %s (%s)\n", program, goVersion)
	return err
}
