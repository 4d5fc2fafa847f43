package office

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// keptList confirms a list of so many people without storing any of them, as a
// server does that stops right after.
func (x *team) keptList(survey surveys.Survey, n int) surveys.List {
	x.t.Helper()
	file := "email\n"
	for i := range n {
		file += fmt.Sprintf("p%d@x.example\n", i)
	}
	lists := flow.NewLists(x.store)
	plan := flow.ListPlan{
		Workspace: x.w, File: []byte(file), Days: 5, Start: time.Date(2026, 3, 3, 0, 0, 0, 0, x.w.Location()),
		Rule: surveys.Rule{Name: "A list", Trigger: surveys.TriggerList, SurveyID: survey.ID, Status: surveys.RuleActive},
	}
	check, err := lists.Check(context.Background(), plan)
	if err != nil {
		x.t.Fatal(err)
	}
	list, err := lists.Confirm(context.Background(), plan, check)
	if err != nil {
		x.t.Fatal(err)
	}
	return list
}

// TestListTellsHowFarItIs looks at a list that this process does not store.
func TestListTellsHowFarItIs(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		m, list := x.as(surveys.Manager), x.keptList(storetest.Survey(t, s, x.w.ID, surveys.NPS), 40)
		page := uploadedPath(list.RuleID)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			list.Done = 30
			return tx.StoredListed(ctx, list)
		})
		p := m.get(page).want(http.StatusOK)
		p.says(".list-says [role=status]", "Storing the list: 30 of 40 people.")
		p.says(".list-says .muted", "taken up again after a restart")
		p.says(".list-says button", "Take back 10 people")
		if at := p.Find("progress").AttrOr("value", ""); at != "30" || p.header.Get("Refresh") == "" {
			t.Errorf("the bar is at %q, and the page comes again after %q seconds", at, p.header.Get("Refresh"))
		}
		if err := flow.NewLists(s).Store(context.Background()); err != nil {
			t.Fatal(err)
		}
		p = m.get(page).want(http.StatusOK)
		p.says(".note", "The list is stored: 40 people.")
		p.has("progress", 0)
		if p.header.Get("Refresh") != "" {
			t.Error("the page comes again though all is stored")
		}
	})
}

func TestListTakenBackBeforeItIsStored(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m, list := x.as(surveys.Manager), x.keptList(storetest.Survey(t, x.store, x.w.ID, surveys.NPS), 40)
	page := uploadedPath(list.RuleID)
	m.post(page+"/withdraw", nil).seesOther(page)
	if err := flow.NewLists(x.store).Store(context.Background()); err != nil {
		t.Fatal(err)
	}
	p := m.get(page).want(http.StatusOK)
	p.says(".list-says .lead", "Nobody waits")
	p.has("progress", 0)
	if people, _ := x.stored(); people != 0 {
		t.Errorf("%d people are stored", people)
	}
}

func TestListThatFailedSaysSo(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m, list := x.as(surveys.Manager), x.keptList(storetest.Survey(t, x.store, x.w.ID, surveys.NPS), 40)
	storetest.Write(t, x.store, func(ctx context.Context, tx *store.Tx) error {
		return tx.EndList(ctx, x.w.ID, list.ID, surveys.ListFailed)
	})
	m.get(uploadedPath(list.RuleID)).want(http.StatusOK).says(".note", "stopped after 0 of 40 people")
}

// TestListIsSentTwice confirms one preview twice: there is one list.
func TestListIsSentTwice(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey, m := storetest.Survey(t, x.store, x.w.ID, surveys.NPS), x.as(surveys.Manager)
	form := m.sendList(usualList(survey), "email\na@x.example\n").want(http.StatusOK).hidden()
	first := m.post(pathLists, form).want(http.StatusSeeOther).header.Get("Location")
	m.post(pathLists, form).seesOther(first)
	if people, rules := x.stored(); people != 1 || rules != 1 {
		t.Errorf("%d people, %d rules, want one of each", people, rules)
	}
}

func TestListOfAnArchivedSurvey(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey, m := storetest.Survey(t, x.store, x.w.ID, surveys.NPS), x.as(surveys.Manager)
	form := m.sendList(usualList(survey), "email\na@x.example\n").want(http.StatusOK).hidden()
	if err := flow.NewAsking(x.store).SetSurveyStatus(context.Background(), x.w.ID, survey.ID, surveys.SurveyArchived); err != nil {
		t.Fatal(err)
	}
	says := "“" + survey.Name + "” is archived, so nobody would be asked. Choose another survey, or open this one again first."
	m.sendList(usualList(survey), "email\na@x.example\n").want(http.StatusUnprocessableEntity).says("#field-to-error", says)
	m.post(pathLists, form).want(http.StatusUnprocessableEntity).says("#field-to-error", says) // archived after the check
	if people, rules := x.stored(); people != 0 || rules != 0 {
		t.Errorf("%d people, %d rules", people, rules)
	}
}
