package main

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestListOutlivesTheServer ends a server while it stores a list, by a kill and
// then as an operator does: the next one stores the rest.
func TestListOutlivesTheServer(t *testing.T) {
	t.Parallel()
	const people = 12_000 // of which the killed server cannot have stored all
	for _, dialect := range storetest.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			database := storetest.URL(t, dialect)
			in := install(t, database)
			in.command("", "user", "add", "ana@northwind.example", "--workspace", "Northwind Coffee")
			s := storetest.OpenURL(t, database, time.Now)
			list := confirmList(t, s, people)
			server := in.serve()
			waitForList(t, s, list, 200)
			_ = server.command.Process.Kill()
			<-server.ended
			if now := listOf(t, s, list); now.State != surveys.ListStoring {
				t.Fatalf("killed, the list is %+v", now)
			}
			server = in.serve()
			waitForList(t, s, list, listOf(t, s, list).Done+200)
			if err := server.stop(); err != nil {
				t.Errorf("the server stopped with %v", err)
			}
			server = in.serve()
			waitForList(t, s, list, people)
			if now := listOf(t, s, list); now.State != surveys.ListStored {
				t.Errorf("in the end the list is %+v", now)
			}
			if n, _, _, err := s.TurnsWaiting(context.Background(), list.WorkspaceID, list.RuleID, time.Now().AddDate(1, 0, 0)); err != nil || n != people {
				t.Errorf("%d of %d have a turn, %v", n, people, err)
			}
			_ = server.stop()
		})
	}
}

// confirmList confirms a list while no server runs.
func confirmList(t *testing.T, s *store.Store, people int) surveys.List {
	t.Helper()
	ctx, lists := context.Background(), flow.NewLists(s)
	workspaces, err := s.Workspaces(ctx)
	if err != nil || len(workspaces) != 1 {
		t.Fatalf("%d workspaces, %v", len(workspaces), err)
	}
	w := workspaces[0]
	var file strings.Builder
	file.WriteString("email\n")
	for i := range people {
		fmt.Fprintf(&file, "p%d@customers.example\n", i)
	}
	plan := flow.ListPlan{
		Workspace: w, File: []byte(file.String()), Start: s.Now().In(w.Location()).AddDate(0, 0, 2), Days: 5,
		Rule: surveys.Rule{Name: "A list", Trigger: surveys.TriggerList, SurveyID: storetest.Survey(t, s, w.ID, surveys.NPS).ID, Status: surveys.RuleActive},
	}
	check, err := lists.Check(ctx, plan)
	if err != nil {
		t.Fatal(err)
	}
	list, err := lists.Confirm(ctx, plan, check)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func listOf(t *testing.T, s *store.Store, list surveys.List) surveys.List {
	t.Helper()
	list, err := s.List(context.Background(), list.WorkspaceID, list.ID)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// waitForList waits until so many people of a list are stored.
func waitForList(t *testing.T, s *store.Store, list surveys.List, done int) {
	t.Helper()
	began := time.Now()
	for listOf(t, s, list).Done < done {
		if time.Since(began) > time.Minute {
			t.Fatalf("after a minute the list is %+v, want %d people done", listOf(t, s, list), done)
		}
		time.Sleep(2 * time.Millisecond)
	}
	t.Logf("%d people are stored after %s", done, time.Since(began).Round(time.Millisecond))
}
