package flow_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// BenchmarkListCheck reads a list of 20,000 lines and looks its people up.
func BenchmarkListCheck(b *testing.B) {
	for _, dialect := range storetest.Dialects() {
		b.Run(string(dialect), func(b *testing.B) {
			s := storetest.Open(b, dialect)
			w := storetest.Workspace(b, s)
			rule := surveys.Rule{WorkspaceID: w.ID, Trigger: surveys.TriggerList, SurveyID: storetest.Survey(b, s, w.ID, surveys.NPS).ID}
			var file strings.Builder
			file.WriteString("email,name,plan\n")
			storetest.Write(b, s, func(ctx context.Context, tx *store.Tx) error {
				for i := range 20_000 {
					email := "p" + strconv.Itoa(i) + "@x.example"
					file.WriteString(email + ",Person,pro\n")
					if i%2 == 0 {
						continue
					}
					if _, err := tx.SavePerson(ctx, surveys.Person{WorkspaceID: w.ID, Email: email}); err != nil {
						return err
					}
				}
				return nil
			})
			plan := flow.ListPlan{Workspace: w, Rule: rule, File: []byte(file.String()), Days: 5, Start: time.Date(2026, 3, 2, 0, 0, 0, 0, w.Location())}
			for b.Loop() {
				if check, err := flow.NewLists(s).Check(context.Background(), plan); err != nil || len(check.Good) != 20_000 {
					b.Fatalf("%d are good, %v", len(check.Good), err)
				}
			}
		})
	}
}
