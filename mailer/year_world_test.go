//go:build !race

package mailer

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// The world of a simulated year: what is set up, and what happens to whom. Both
// ways through the year are given the same world.

// tick is the step of the simulated clock. All delays, windows and zones fit it.
const tick = 30 * time.Minute

// yearStart is midnight in London; the clocks of Europe, America and Australia
// change within the year that follows.
func yearStart() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }

func yearEnd() time.Time { return dayOf(366) }

// dayOf is the beginning of a day of the year, counted from 0.
func dayOf(n int) time.Time { return yearStart().Add(time.Duration(n) * day) }

// Happenings that are not events.
const (
	pageAnswered = "page answered" // an answer on a page, without an invitation
	unsubscribed = "unsubscribed"  // from all surveys
	stopsSurvey  = "stops a survey"
	comesBack    = "comes back" // undoes both, for a survey
	teamStops    = "stopped by the team"
	teamLifts    = "let through by the team"
)

// happening is one thing that happens in the simulated year.
type happening struct {
	at         time.Time // when the product hears of it
	occurred   time.Time // when it was; not after at
	person     int
	kind       string // the event's type, or one of the above
	properties map[string]any
	survey     int // which one, of those above that name one
}

func (h happening) isEvent() bool {
	return !slices.Contains([]string{pageAnswered, unsubscribed, stopsSurvey, comesBack, teamStops, teamLifts}, h.kind)
}

// span is a time of the year, in days.
type span struct{ from, to float64 }

func (s span) has(at time.Time) bool {
	since := at.Sub(yearStart()).Hours() / 24
	return s.from <= since && since < s.to
}

// Places of the surveys and rules that pauses name.
const (
	relationship = iota // NPS
	support
	delivery
	checkIn // of the series
	study   // of the list
)

const (
	orders = iota
	tickets
	deliveries
	newcomers
	comebacks
	series
	list
)

// pause is when a rule, or else a survey, is paused.
type pause struct {
	span
	rule, survey int // -1 for none
}

func pauses() []pause {
	return []pause{{span{60, 74}, tickets, -1}, {span{120, 133}, -1, delivery}, {span{200, 210}, orders, -1}, {span{261, 264.5}, -1, support}}
}

// outages are when the mail server cannot be reached.
func outages() []span {
	return []span{{20.3, 20.6}, {81.25, 83}, {151.4, 151.7}, {230, 230.25}, {301.3, 302.4}}
}

// paused reports whether a rule or its survey is paused at a time.
func paused(at time.Time, of func(p pause) bool) bool {
	return slices.ContainsFunc(pauses(), func(p pause) bool { return of(p) && p.has(at) })
}

// down reports whether the mail server is out of reach.
func down(at time.Time) bool {
	return slices.ContainsFunc(outages(), func(s span) bool { return s.has(at) })
}

// dispatches reports whether the dispatcher runs at a half hour: at each in one week
// of eight, else every three hours, so that much leaves late and the test ends soon;
// only four times a day while something is paused, when much waits.
func dispatches(at time.Time) bool {
	switch {
	case paused(at, func(pause) bool { return true }):
		return at.Minute() == 0 && at.Hour()%6 == 1
	case int(at.Sub(yearStart())/(7*day))%8 == 5:
		return true
	}
	return at.Minute() == 0 && at.Hour()%3 == 0
}

// takesTurns reports whether the job of turns runs at a half hour: soon after each
// time at which turns come.
func takesTurns(at time.Time) bool {
	return at.Sub(yearStart())%(3*tick) == 0 && at.Hour() >= 7 && at.Hour() <= 18 && surveys.WorkWeek.Has(at.Weekday())
}

// Days of the year on which the series begins, and the list is uploaded.
const (
	seriesDay = 150
	listDay   = 100
	listDays  = 10
)

func zones() []string {
	return []string{"Europe/Berlin", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Auckland", "America/Sao_Paulo", "UTC", ""}
}

// simulation is the world of one simulated year.
type simulation struct {
	office
	clock   *storetest.Clock
	surveys []surveys.Survey
	rules   []surveys.Rule
	people  []surveys.Person
	events  []happening // in the order of time
	setting setting
	diary   *diary
	listed  map[int]int // the place of each person of the list that is asked, in its order
}

// setting is which world is made.
type setting struct {
	people int
	turns  bool // whether there are a series and a list
}

// newSimulation sets up a workspace with rules that together use everything that
// a rule can say, and draws the year's events.
func newSimulation(o office, clock *storetest.Clock, s setting) *simulation {
	sim := &simulation{office: o, clock: clock, setting: s, diary: newDiary(), listed: make(map[int]int)}
	sim.workspace.TimeZone, sim.workspace.Holidays = "Europe/Berlin", surveys.Holidays{"12-25", "12-26", "01-01", "2026-05-01"}
	sim.workspace.Caps = surveys.Caps{AllDays: 7, RelationalDays: 60, TransactionalDays: 14, Reminders: 2}
	storetest.Write(sim.t, sim.store, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateWorkspace(ctx, sim.workspace) })
	for _, survey := range []surveys.Survey{
		relationship: {Metric: surveys.NPS, Kind: surveys.Relational},
		support:      {Metric: surveys.CSAT, Kind: surveys.Transactional, Topic: "support"},
		delivery:     {Metric: surveys.CES, Kind: surveys.Transactional, Topic: "Support", CapDays: 20},
		checkIn:      {Metric: surveys.CSAT, Kind: surveys.Relational},
		study:        {Metric: surveys.CES5, Kind: surveys.Transactional},
	} {
		stored := storetest.Survey(sim.t, sim.store, sim.workspace.ID, survey.Metric)
		stored.Kind, stored.Topic, stored.CapDays = survey.Kind, survey.Topic, survey.CapDays
		storetest.Write(sim.t, sim.store, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, stored) })
		sim.surveys = append(sim.surveys, stored)
	}
	sim.setRules()
	sim.setPeople(s.people)
	slices.SortStableFunc(sim.events, func(a, b happening) int { return a.at.Compare(b.at) })
	return sim
}

func (sim *simulation) setRules() {
	hours := func(n int) surveys.Reminder { return surveys.Reminder{After: time.Duration(n) * time.Hour} }
	of := func(survey int) string { return sim.surveys[survey].ID }
	for place, rule := range []surveys.Rule{
		orders: {
			Name: "Orders", SurveyID: of(relationship), EventType: "order_completed", Delay: 3 * day, Window: surveys.WorkingHours(), Sample: 80, HoldOut: 10,
			Reminders: []surveys.Reminder{hours(72), hours(96)}, Withdraw: surveys.Withdrawal{Events: []string{"order_refunded"}, Same: "order"}, Thanks: surveys.Thanks{On: true},
		},
		tickets: {
			Name: "Tickets", SurveyID: of(support), EventType: "ticket_solved", Delay: time.Hour, Window: surveys.Window{Days: surveys.AllWeek, From: 8 * 60, To: 20*60 + 30},
			WhenCapped: surveys.CapDefer, ExpiryDays: 10, Reminders: []surveys.Reminder{hours(48)},
			Withdraw: surveys.Withdrawal{Events: []string{"ticket_reopened"}, Same: "ticket"},
		},
		deliveries: {
			Name: "Deliveries", SurveyID: of(delivery), EventType: "order_shipped", DelayFrom: "event.properties.delivered_at", Delay: 24 * time.Hour,
			Condition: "event.properties.total > 50", CapDays: 10, Thanks: surveys.Thanks{On: true},
		},
		newcomers: {
			Name: "Newcomers", SurveyID: of(relationship), EventType: "ticket_solved", Delay: 12 * time.Hour, Window: surveys.WorkingHours(),
			Condition: "survey.asked == 0", WhenCapped: surveys.CapDefer,
		},
		comebacks: {
			Name: "Comebacks", SurveyID: of(delivery), EventType: "order_completed", Delay: 2 * day,
			Condition: "history.answered > 0 and history.days_since_answered >= 20", Reminders: []surveys.Reminder{hours(96)},
		},
		series: {
			Name: "Check-in", SurveyID: of(checkIn), Trigger: surveys.TriggerSeries, Every: 3, Window: surveys.WorkingHours(), WhenCapped: surveys.CapDefer, Thanks: surveys.Thanks{On: true},
		},
		list: {
			Name: "Study", SurveyID: of(study), Trigger: surveys.TriggerList, Window: surveys.WorkingHours(), WhenCapped: surveys.CapDefer, Reminders: []surveys.Reminder{hours(72)},
		},
	} {
		rule.WorkspaceID, rule.ID, rule.Status = sim.workspace.ID, storetest.ID(sim.t, sim.store), surveys.RuleActive
		rule.CreatedAt = yearStart().Add(time.Duration(place))
		rule.UpdatedAt = rule.CreatedAt
		sim.rules = append(sim.rules, rule.Filled())
		if place != series {
			storetest.Write(sim.t, sim.store, func(ctx context.Context, tx *store.Tx) error { return tx.CreateRule(ctx, rule) })
		}
	}
}

// setPeople stores the people and draws their years. Some have no address, and
// some share theirs with the one before.
func (sim *simulation) setPeople(n int) {
	r := rand.New(rand.NewPCG(20260101, uint64(n)))
	storetest.Write(sim.t, sim.store, func(ctx context.Context, tx *store.Tx) error {
		for place := range n {
			p := surveys.Person{
				WorkspaceID: sim.workspace.ID, ExternalID: fmt.Sprint("c", place), Email: fmt.Sprintf("ada@p%d.example", place), Name: "Ada Lovelace",
				TimeZone: zones()[r.IntN(len(zones()))],
			}
			switch {
			case place%50 == 7:
				p.Email = ""
			case place%25 == 4:
				p.Email = sim.people[place-1].Email
			}
			p, err := tx.SavePerson(ctx, p)
			if err != nil {
				return err
			}
			sim.people = append(sim.people, p)
			(&draw{sim, r, place}).year()
		}
		return nil
	})
}
