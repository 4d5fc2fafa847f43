//go:build !race

package mailer

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// A year of events of many people goes through the product itself: rules decide,
// letters leave, some are answered, reminders follow, later events withdraw. The
// clock stands at each half hour of the year. plain_test.go goes through the same
// year in another way, and both must agree about every event and every letter.

// tick is the step of the simulated clock. All delays, windows and zones fit it.
const tick = 30 * time.Minute

// yearStart is midnight in London; the clocks of Europe, America and Australia
// change within the year that follows.
func yearStart() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }

// happening is one event of the simulated year, as the outside world sends it.
type happening struct {
	at         time.Time
	person     int
	kind       string
	properties map[string]any
	answered   time.Duration // after its invitation was sent; 0 for never
	survey     int           // which rule's survey is answered on a page; of [pageAnswered]
}

// pageAnswered is an answer on a page, which comes without an invitation.
const pageAnswered = "page_answered"

// lived is a happening with what the product said of it.
type lived struct {
	happening
	received flow.Received
}

// simulation is the world of one simulated year.
type simulation struct {
	office
	clock  *storetest.Clock
	rules  []surveys.Rule
	byID   map[string]surveys.Survey
	people []surveys.Person
	events []happening // in the order of time
}

func zones() []string {
	return []string{"Europe/Berlin", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Auckland", "America/Sao_Paulo", "UTC", ""}
}

// newSimulation sets up a workspace with three rules that together use
// everything that a rule can say, and draws the year's events.
func newSimulation(t *testing.T, s *store.Store, clock *storetest.Clock, people int) *simulation {
	t.Helper()
	sim := &simulation{office: newOffice(t, s), clock: clock, byID: make(map[string]surveys.Survey)}
	sim.workspace.TimeZone, sim.workspace.Holidays = "Europe/Berlin", surveys.Holidays{"12-25", "12-26", "01-01", "2026-05-01"}
	sim.workspace.Caps = surveys.Caps{AllDays: 7, RelationalDays: 60, TransactionalDays: 14, Reminders: 2}
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateWorkspace(ctx, sim.workspace) })
	for _, survey := range []surveys.Survey{
		{Metric: surveys.NPS, Kind: surveys.Relational},
		{Metric: surveys.CSAT, Kind: surveys.Transactional, Topic: "support"},
		{Metric: surveys.CES, Kind: surveys.Transactional, Topic: "Support", CapDays: 20},
	} {
		stored := storetest.Survey(t, s, sim.workspace.ID, survey.Metric)
		stored.Kind, stored.Topic, stored.CapDays = survey.Kind, survey.Topic, survey.CapDays
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, stored) })
		sim.byID[stored.ID] = stored
		sim.rules = append(sim.rules, surveys.Rule{SurveyID: stored.ID})
	}
	sim.setRules()
	r := rand.New(rand.NewPCG(20260101, 5))
	for n := range people {
		zone := zones()[r.IntN(len(zones()))]
		sim.people = append(sim.people, surveys.Person{Email: fmt.Sprintf("p%d@customers.example", n), Name: "Ada Lovelace", TimeZone: zone})
		sim.draw(r, n)
	}
	slices.SortStableFunc(sim.events, func(a, b happening) int { return a.at.Compare(b.at) })
	return sim
}

func (sim *simulation) setRules() {
	hours := func(n int) surveys.Reminder { return surveys.Reminder{After: time.Duration(n) * time.Hour} }
	like := []surveys.Rule{
		{
			Name: "Orders", EventType: "order_completed", Delay: 3 * day, Window: surveys.WorkingHours(), Sample: 80, HoldOut: 10,
			Reminders: []surveys.Reminder{hours(72), hours(96)}, Withdraw: surveys.Withdrawal{Events: []string{"order_refunded"}, Same: "order"},
		},
		{
			Name: "Tickets", EventType: "ticket_solved", Delay: time.Hour, Window: surveys.Window{Days: surveys.AllWeek, From: 8 * 60, To: 20*60 + 30},
			WhenCapped: surveys.CapDefer, ExpiryDays: 10, Reminders: []surveys.Reminder{hours(48)},
			Withdraw: surveys.Withdrawal{Events: []string{"ticket_reopened"}, Same: "ticket"},
		},
		{
			Name: "Deliveries", EventType: "order_shipped", DelayFrom: "event.properties.delivered_at", Delay: 24 * time.Hour,
			Condition: "event.properties.total > 50", CapDays: 10,
		},
	}
	for n := range like {
		rule := like[n]
		rule.WorkspaceID, rule.ID, rule.SurveyID, rule.Status = sim.workspace.ID, storetest.ID(sim.t, sim.store), sim.rules[n].SurveyID, surveys.RuleActive
		rule.CreatedAt, rule.UpdatedAt = yearStart(), yearStart()
		storetest.Write(sim.t, sim.store, func(ctx context.Context, tx *store.Tx) error { return tx.CreateRule(ctx, rule) })
		sim.rules[n] = rule.Filled()
	}
}

// draw makes one person's year: some go through orders, deliveries and tickets,
// and some of those come to nothing.
func (sim *simulation) draw(r *rand.Rand, person int) {
	happen := func(at time.Time, kind string, properties map[string]any) {
		h := happening{at: at, person: person, kind: kind, properties: properties}
		if r.IntN(10) < 3 {
			h.answered = time.Duration(1+r.IntN(300)) * tick
		}
		sim.events = append(sim.events, h)
	}
	after := func(at time.Time, most time.Duration) time.Time {
		return at.Add(time.Duration(1+r.IntN(int(most/tick))) * tick)
	}
	for n := range []int{0, 0, 0, 1, 1, 2}[r.IntN(6)] {
		at := after(yearStart(), 330*day)
		id := fmt.Sprintf("%d-%d", person, n)
		switch r.IntN(3) {
		case 0:
			happen(at, "order_completed", map[string]any{"order": id})
			if r.IntN(4) == 0 {
				happen(after(at, 6*day), "order_refunded", map[string]any{"order": id})
			}
		case 1:
			happen(at, "ticket_solved", map[string]any{"ticket": id})
			if r.IntN(3) == 0 {
				happen(after(at, 2*day), "ticket_reopened", map[string]any{"ticket": id})
			}
		case 2:
			properties := map[string]any{"total": float64(r.IntN(100)), "delivered_at": after(at, 9*day).Format(time.RFC3339)}
			if r.IntN(8) == 0 {
				delete(properties, "delivered_at")
			}
			happen(at, "order_shipped", properties)
		}
	}
	if r.IntN(3) == 0 {
		happen(after(yearStart(), 330*day), pageAnswered, nil)
		sim.events[len(sim.events)-1].survey = r.IntN(3)
	}
}

// live goes through the year, half hour by half hour: what happens, what is
// answered, what is mailed.
func (sim *simulation) live() []lived {
	t := sim.t
	receiver := flow.NewReceiver(sim.store, nil)
	ingest := store.NewIngest(sim.store, nil)
	defer ingest.Close()
	mailed := make(chan string, 10_000)
	d := dispatcher(t, sim.store, transportFunc(func(_ context.Context, l store.Letter) Result {
		mailed <- l.InvitationID
		return Result{Outcome: Sent}
	}), nil)
	due := make(map[time.Time][]string)     // letters by the time at which they may leave
	answers := make(map[time.Time][]string) // invitations by the time of their answer
	wait := make(map[string]time.Duration)  // and how long after it was sent
	var all []lived
	next := 0
	for now := yearStart(); now.Before(yearStart().Add(366 * day)); now = now.Add(tick) {
		sim.clock.Advance(now.Sub(sim.clock.Now()))
		for ; next < len(sim.events) && sim.events[next].at.Equal(now); next++ {
			h := sim.events[next]
			received, err := receiver.Receive(t.Context(), sim.workspace, surveys.Event{Type: h.kind, OccurredAt: now, Properties: h.properties}, sim.people[h.person])
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, lived{h, received})
			if h.kind == pageAnswered {
				sim.answer(ingest, surveys.Invitation{SurveyID: sim.rules[h.survey].SurveyID, PersonID: received.PersonID})
			}
			for _, decision := range received.Decisions {
				if decision.SendAt != nil {
					due[*decision.SendAt] = append(due[*decision.SendAt], decision.InvitationID)
				}
				if decision.Outcome.Asks() && h.answered > 0 {
					wait[decision.InvitationID] = h.answered
					answers[decision.SendAt.Add(h.answered)] = append(answers[decision.SendAt.Add(h.answered)], decision.InvitationID)
				}
			}
		}
		for _, id := range answers[now] {
			sim.answerIfSent(ingest, id, now, wait[id])
		}
		if len(due[now]) == 0 && now.Hour()%12 != 0 { // besides, twice a day, that nothing leaves before its time
			continue
		}
		if _, err := runOnce(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		for len(mailed) > 0 {
			sent := sim.read(<-mailed)
			sent.ID = cmp.Or(sent.AboutID, sent.ID)
			for _, reminder := range sim.about(sent) {
				due[reminder.SendAt] = append(due[reminder.SendAt], reminder.ID)
			}
		}
		for _, id := range due[now] {
			if held := sim.read(id); held.SendAt.After(now) && held.State == surveys.InvitationScheduled {
				due[held.SendAt] = append(due[held.SendAt], id)
			}
		}
	}
	return all
}

// answerIfSent answers an invitation that left as planned.
func (sim *simulation) answerIfSent(ingest *store.Ingest, id string, now time.Time, wait time.Duration) {
	i := sim.read(id)
	if i.State != surveys.InvitationSent || !i.SentAt.Add(wait).Equal(now) || i.Open(now) != nil {
		return
	}
	sim.answer(ingest, i)
}

// answer stores an answer now, to an invitation or, where that has no id, without.
func (sim *simulation) answer(ingest *store.Ingest, i surveys.Invitation) {
	r := storetest.Response(sim.t, sim.store, sim.byID[i.SurveyID], 1)
	r.InvitationID, r.PersonID = i.ID, i.PersonID
	if _, err := ingest.Submit(sim.t.Context(), store.Submission{Response: r}); err != nil {
		sim.t.Fatal(err)
	}
}

// letterOf is a letter as both ways through the year tell it.
type letterOf struct {
	Rule   string
	Letter surveys.LetterKind
	Number int
	SendAt time.Time
	State  surveys.InvitationState
}

// stored lists the letters of each person, by their place.
func (sim *simulation) stored(year []lived) map[int][]letterOf {
	byPerson := make(map[int][]letterOf)
	ids := make(map[int]string)
	for _, l := range year {
		ids[l.person] = l.received.PersonID
	}
	for person, id := range ids {
		list, err := sim.store.PersonInvitations(sim.t.Context(), sim.workspace.ID, id, 1000)
		if err != nil {
			sim.t.Fatal(err)
		}
		for _, i := range list {
			byPerson[person] = append(byPerson[person], letterOf{i.RuleID, i.Letter, i.Number, i.SendAt, i.State})
		}
		slices.SortFunc(byPerson[person], compareLetters)
	}
	return byPerson
}

func compareLetters(a, b letterOf) int {
	return cmp.Or(a.SendAt.Compare(b.SendAt), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Letter, b.Letter), cmp.Compare(a.Number, b.Number))
}

func TestAYearAgreesWithAPlainOne(t *testing.T) {
	t.Parallel()
	for dialect, people := range map[store.Dialect]int{store.SQLite: 10_000, store.Postgres: 300} {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			clock := storetest.NewClock()
			clock.Advance(yearStart().Sub(clock.Now()))
			sim := newSimulation(t, storetest.OpenAt(t, dialect, clock.Now), clock, people)
			year := sim.live()
			got, want := sim.stored(year), sim.plain(year)
			seen := make(map[string]int)
			for person := range sim.people {
				if !slices.EqualFunc(got[person], want.letters[person], func(a, b letterOf) bool {
					return a.SendAt.Equal(b.SendAt) && a.Rule == b.Rule && a.Letter == b.Letter && a.Number == b.Number && a.State == b.State
				}) {
					t.Errorf("person %d in %q:\n%v\nwant\n%v", person, sim.people[person].TimeZone, got[person], want.letters[person])
				}
				for _, l := range got[person] {
					seen[fmt.Sprint(l.Letter, " ", l.State)]++
				}
			}
			for n, l := range year {
				for _, d := range l.received.Decisions {
					seen[string(d.Outcome)]++
				}
				if fmt.Sprint(outcomes(l.received.Decisions)) != fmt.Sprint(want.outcomes[n]) {
					t.Errorf("%s of person %d at %s: %v, want %v", l.kind, l.person, l.at, outcomes(l.received.Decisions), want.outcomes[n])
				}
			}
			t.Logf("%d events of %d people: %v", len(year), people, seen)
			for _, met := range []string{"scheduled", "deferred", "capped", "held_out", "sampled_out", "condition_false", "no_time", "withdrew",
				"invitation sent", "invitation cancelled", "reminder sent", "reminder cancelled"} {
				if seen[met] == 0 && dialect == store.SQLite {
					t.Errorf("the year has no %s: it proves nothing about it", met)
				}
			}
		})
	}
}

func outcomes(list []surveys.Decision) []surveys.Outcome {
	var all []surveys.Outcome
	for _, d := range list {
		all = append(all, d.Outcome)
	}
	return all
}
