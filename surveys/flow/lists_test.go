package flow_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// listed is the counter's rule made one about lists, and a plan of a file.
func (k *counter) listed(t *testing.T, file string) flow.ListPlan {
	t.Helper()
	k.change(t, func(r *surveys.Rule) {
		r.Trigger, r.EventType, r.Delay, r.CapDays, r.Window = surveys.TriggerList, "", 0, 0, surveys.WorkingHours()
	})
	start := time.Date(2026, 3, 2, 0, 0, 0, 0, k.w.Location())
	return flow.ListPlan{Workspace: k.w, Rule: k.rule, File: []byte(file), Start: start, Days: 5}
}

// confirm confirms what a plan's file holds.
func (k *counter) confirm(t *testing.T, plan flow.ListPlan) (flow.ListCheck, surveys.List) {
	t.Helper()
	lists := flow.NewLists(k.s)
	check, err := lists.Check(context.Background(), plan)
	if err != nil {
		t.Fatalf("Check = %v", err)
	}
	list, err := lists.Confirm(context.Background(), plan, check)
	if err != nil {
		t.Fatalf("Confirm = %v", err)
	}
	return check, list
}

// wantList checks what became of a list.
func (k *counter) wantList(t *testing.T, list surveys.List, state surveys.ListState, done int) surveys.List {
	t.Helper()
	list, err := k.s.List(context.Background(), k.w.ID, list.ID)
	if err != nil || list.State != state || done >= 0 && list.Done != done {
		t.Errorf("the list is %+v (%v), want it %s with %d people done", list, err, state, done)
	}
	return list
}

// save stores what a plan's file holds.
func (k *counter) save(t *testing.T, plan flow.ListPlan) flow.ListCheck {
	t.Helper()
	lists := flow.NewLists(k.s)
	check, list := k.confirm(t, plan)
	if err := lists.Store(context.Background()); err != nil {
		t.Fatalf("Store = %v", err)
	}
	k.wantList(t, list, surveys.ListStored, len(check.Good))
	return check
}

func TestListCheckTellsEachLine(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		file  string
		good  []string // addresses
		wrong string   // problem: lines
	}{
		{"addresses alone", "email\na@x.example\nb@x.example\n", []string{"a@x.example", "b@x.example"}, ""},
		{"semicolons, quotes and a mark", "\uFEFF\"E-Mail\";\"Name\"\r\n\"a@x.example\";\"Ana; Bo\"\r\n", []string{"a@x.example"}, ""},
		{"tabs, in Chinese", "邮箱\t姓名\na@x.example\t安娜\n", []string{"a@x.example"}, ""},
		{"one address twice", "email\na@x.example\nb@x.example\nA@X.example \n", []string{"a@x.example", "b@x.example"}, "doubled:4=a@x.example(2)"},
		{"one id twice", "id,email\n7,a@x.example\n7,b@x.example\n", []string{"a@x.example"}, "doubled:3=7(2)"},
		{"broken addresses", "email,name\na@x.example,Ana\nb(at)x,Bo\nc@,Cy\n", []string{"a@x.example"}, "broken:3=b(at)x,4=c@"},
		{"no address", "email,name\n,Ana\nb@x.example,Bo\n", []string{"b@x.example"}, "no_address:2=Ana"},
		{"an id without an address", "id,email\ncustomer-99,\n8,b@x.example\n", []string{"b@x.example"}, "no_address:2=customer-99"},
		{"a zone that does not exist", "email,timezone\na@x.example,Europe/Atlantis\nb@x.example,Asia/Tokyo\n", []string{"a@x.example", "b@x.example"}, "zone:2=Europe/Atlantis"},
		{"the server's own zone", "email,tz\na@x.example,Local\n", []string{"a@x.example"}, "zone:2=Local"},
		{"a language that is none", "email,language\na@x.example,deutsch bitte\nb@x.example,pt_BR\n", []string{"a@x.example", "b@x.example"}, "locale:2=deutsch bitte"},
		{"a name that is too long", "email,name\na@x.example," + strings.Repeat("x", 300) + "\nb@x.example,Bo\n", []string{"b@x.example"}, "unfit:2=name"},
		{"a line that is too wide", "email,name\na@x.example,Ana,more,cells\nb@x.example,Bo\n", []string{"b@x.example"}, "unread:2="},
		{"blank lines", "email\n\na@x.example\n\n\n", []string{"a@x.example"}, ""},
		{"who unsubscribed", "email\nstopped@x.example\nb@x.example\n", []string{"b@x.example"}, "unsubscribed:2=stopped@x.example"},
		{"who stopped this survey", "email\nenough@x.example\nb@x.example\n", []string{"b@x.example"}, "unsubscribed:2=enough@x.example"},
		{"whose mail came back", "email\nb@x.example\nback@x.example\n", []string{"b@x.example"}, "bounced:3=back@x.example"},
		{"who waits already", "email\nwaits@x.example\nb@x.example\n", []string{"b@x.example"}, "waiting:2=waits@x.example"},
		{"nobody is left", "email\nstopped@x.example\nnone\n", nil, "broken:3=none unsubscribed:2=stopped@x.example"},
	}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				k := newCounter(t, s)
				k.save(t, k.listed(t, "email\nwaits@x.example\n"))
				storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
					return errors.Join(tx.Suppress(ctx, k.w, "stopped@x.example", surveys.SuppressedUnsubscribed), tx.Suppress(ctx, k.w, "back@x.example", surveys.SuppressedBounced),
						tx.StopSurvey(ctx, k.w, "enough@x.example", k.survey.ID))
				})
				check, err := flow.NewLists(s).Check(context.Background(), k.listed(t, c.file))
				if err != nil {
					t.Fatalf("Check = %v", err)
				}
				var good []string
				for _, p := range check.Good {
					good = append(good, p.Email)
				}
				if !reflect.DeepEqual(good, c.good) || problemsOf(check) != c.wrong {
					t.Errorf("good are %q, wrong are %q; want %q and %q", good, problemsOf(check), c.good, c.wrong)
				}
				if people, err := s.People(context.Background(), k.w.ID, "", 0, 100); err != nil || len(people) != 2 {
					t.Errorf("%d people (%v), want that a check stores nobody", len(people), err)
				}
			})
		}
	})
}

// problemsOf writes the problems of a check in one line.
func problemsOf(check flow.ListCheck) string {
	var told []string
	for _, problem := range flow.ListProblems() {
		var lines []string
		for _, line := range check.First[problem] {
			text := fmt.Sprintf("%d=%s", line.Line, line.Value)
			if line.First > 0 {
				text += fmt.Sprintf("(%d)", line.First)
			}
			lines = append(lines, text)
		}
		if len(lines) != check.Counts[problem] {
			lines = append(lines, "…")
		}
		if len(lines) > 0 {
			told = append(told, string(problem)+":"+strings.Join(lines, ","))
		}
	}
	return strings.Join(told, " ")
}

func TestListIsRefusedAsAWhole(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	k := newCounter(t, s)
	archived := storetest.Survey(t, s, k.w.ID, surveys.CSAT)
	if err := flow.NewAsking(s).SetSurveyStatus(context.Background(), k.w.ID, archived.ID, surveys.SurveyArchived); err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name  string
		plan  func(*flow.ListPlan)
		file  string
		field string
		code  string
	}{
		{"nothing", nil, "", "file", "list_empty"},
		{"nothing but blanks", nil, " \n\r\n ", "file", "list_empty"},
		{"nothing but a header", nil, "email,name\n", "file", "list_empty"},
		{"no header", nil, "a@x.example\nb@x.example\n", "file", "list_header"},
		{"no address among the columns", nil, "name,plan\nAna,pro\n", "file", "list_columns"},
		{"two addresses", nil, "email,E-Mail\na@x.example,b@x.example\n", "file", "list_ambiguous"},
		{"another encoding", nil, "email,name\na@x.example,J\xf6rg\n", "file", "list_encoding"},
		{"another encoding in the header", nil, "email,stra\xdfe\na@x.example,x\n", "file", "list_encoding"},
		{"too many lines", nil, "email\n" + strings.Repeat("a@x.example\n", flow.MaxListLines+1), "file", "list_lines"},
		{"too large", nil, "email\n" + strings.Repeat("x", flow.MaxListBytes), "file", "list_large"},
		{"no days", func(p *flow.ListPlan) { p.Days = 0 }, "email\na@x.example\n", "days", "range"},
		{"too many days", func(p *flow.ListPlan) { p.Days = 91 }, "email\na@x.example\n", "days", "range"},
		{"yesterday", func(p *flow.ListPlan) { p.Start = p.Start.AddDate(0, 0, -1) }, "email\na@x.example\n", "start", "list_start"},
		{"no day", func(p *flow.ListPlan) { p.Start = time.Time{} }, "email\na@x.example\n", "start", "list_start"},
		{"an archived survey", func(p *flow.ListPlan) { p.Rule.SurveyID = archived.ID }, "email\na@x.example\n", "to", "list_archived"},
		{"another rule", func(p *flow.ListPlan) { p.Rule.Trigger = surveys.TriggerEvent }, "email\na@x.example\n", "to", "list_rule"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			plan := k.listed(t, c.file)
			if c.plan != nil {
				c.plan(&plan)
			}
			_, err := flow.NewLists(s).Check(context.Background(), plan)
			wantFields(t, err, map[string]string{c.field: c.code})
		})
	}
}

func TestListTrickles(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		k := newCounter(t, s)
		file := "id,email,name,locale,timezone,plan,seats,vip\n"
		for i := range 300 {
			file += fmt.Sprintf("c%d,p%d@x.example,Person %d,de,Europe/Berlin,pro,%d,true\n", i, i, i, i)
		}
		plan := k.listed(t, file)
		k.save(t, plan)
		person, err := s.People(context.Background(), k.w.ID, "p7@x.example", 0, 1)
		want := map[string]any{"plan": "pro", "seats": 7.0, "vip": true}
		if err != nil || len(person) != 1 || person[0].Name != "Person 7" || person[0].ExternalID != "c7" || person[0].TimeZone != "Europe/Berlin" || !reflect.DeepEqual(person[0].Traits, want) {
			t.Errorf("person = %+v (%v)", person, err)
		}
		c := &circle{counter: k, clock: clock, turns: flow.NewTurns(s)}
		if c.waiting(t) != 300 {
			t.Fatalf("%d wait, want all", c.waiting(t))
		}
		c.run(t, 16*6, 90*time.Minute)
		byDay, byPerson := c.taken(t)
		if len(byPerson) != 300 || c.waiting(t) != 0 || len(byDay) != 5 {
			t.Errorf("%d of 300 had their turn on %v, %d wait", len(byPerson), byDay, c.waiting(t))
		}
		for day, n := range byDay {
			if n < 40 || n > 75 { // the first day has begun
				t.Errorf("%d turns on %s", n, day)
			}
		}
	})
}

// TestListGoesOn stores a list twice: who has a turn keeps it, and so has one.
func TestListGoesOn(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		k := newCounter(t, s)
		k.save(t, k.listed(t, "email\na@x.example\nb@x.example\n"))
		check := k.save(t, k.listed(t, "email\na@x.example\nb@x.example\nc@x.example\n"))
		c := &circle{counter: k, clock: clock, turns: flow.NewTurns(s)}
		if len(check.Good) != 1 || c.waiting(t) != 3 {
			t.Errorf("%d are new, %d wait; want one and three", len(check.Good), c.waiting(t))
		}
		n, err := flow.NewLists(s).Withdraw(context.Background(), k.w.ID, k.rule.ID)
		if err != nil || n != 3 || c.waiting(t) != 0 {
			t.Errorf("Withdraw = %d, %v; %d wait", n, err, c.waiting(t))
		}
		other := storetest.Workspace(t, s)
		if _, err := flow.NewLists(s).Withdraw(context.Background(), other.ID, k.rule.ID); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("Withdraw in another workspace = %v", err)
		}
	})
}
