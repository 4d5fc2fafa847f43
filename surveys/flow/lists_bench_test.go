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

// BenchmarkListStore confirms and stores a list of 100,000 people, of whom none is
// known, and erases one of them in between.
func BenchmarkListStore(b *testing.B) {
	for _, dialect := range storetest.Dialects() {
		b.Run(string(dialect), func(b *testing.B) {
			for b.Loop() {
				storeLongList(b, storetest.OpenAt(b, dialect, time.Now))
			}
		})
	}
}

func storeLongList(b *testing.B, s *store.Store) {
	ctx, w, lists := context.Background(), storetest.Workspace(b, s), flow.NewLists(s)
	var file strings.Builder
	file.WriteString("email,name,plan\n")
	for i := range flow.MaxListLines {
		file.WriteString("p" + strconv.Itoa(i) + "@customers.example,Person " + strconv.Itoa(i) + ",pro\n")
	}
	rule := surveys.Rule{Name: "List", WorkspaceID: w.ID, Trigger: surveys.TriggerList, SurveyID: storetest.Survey(b, s, w.ID, surveys.NPS).ID, Status: surveys.RuleActive}
	plan := flow.ListPlan{Workspace: w, Rule: rule, File: []byte(file.String()), Days: 5, Start: time.Now().In(w.Location()).AddDate(0, 0, 1)}
	erased := storetest.Person(b, s, w.ID)
	took := func(what string, do func() error) {
		began := time.Now()
		if err := do(); err != nil {
			b.Fatalf("%s: %v", what, err)
		}
		b.ReportMetric(time.Since(began).Seconds(), what+"-s")
	}
	var check flow.ListCheck
	var list surveys.List
	took("check", func() (err error) { check, err = lists.Check(ctx, plan); return err })
	took("confirm", func() (err error) { list, err = lists.Confirm(ctx, plan, check); return err })
	took("erase", func() error {
		return s.InTx(ctx, func(tx *store.Tx) error { return tx.ErasePerson(ctx, w.ID, erased.ID) })
	})
	took("store", func() error { return lists.Store(ctx) })
	if list, err := s.List(ctx, w.ID, list.ID); err != nil || list.Done != flow.MaxListLines {
		b.Fatalf("the list is %+v, %v", list, err)
	}
}
