//go:build !race

package mailer

import (
	"context"
	"fmt"
	"strings"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// onList reports whether a person stands in the uploaded file.
func onList(place int) bool { return place%4 != 2 }

// upload checks a list of many of the people, and stores the turns of those who
// are asked by it.
func (l *life) upload() {
	var file strings.Builder
	file.WriteString("id,email\n")
	for place, p := range l.people {
		if onList(place) {
			fmt.Fprintf(&file, "%s,%s\n", p.ExternalID, p.Email)
		}
	}
	check, err := flow.NewLists(l.store).Check(l.t.Context(), flow.ListPlan{Workspace: l.workspace, Rule: l.rules[list], File: []byte(file.String()), Start: l.now.In(l.workspace.Location()), Days: listDays})
	l.must(err)
	var turns []surveys.Turn
	for k, good := range check.Good {
		var place int
		if _, err := fmt.Sscanf(good.ExternalID, "c%d", &place); err != nil {
			l.t.Fatal(err)
		}
		l.listed[place] = k
		turns = append(turns, surveys.Turn{WorkspaceID: l.workspace.ID, RuleID: l.rules[list].ID, PersonID: l.people[place].ID, DueAt: check.Spread.Even(k, len(check.Good))})
	}
	storetest.Write(l.t, l.store, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.GiveTurns(ctx, turns)
		return err
	})
}
