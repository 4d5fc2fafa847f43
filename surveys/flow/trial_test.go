package flow_test

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

// month is a workspace with thirty days of events: orders, some of them
// refunded, of people some of whom were asked by another rule.
type month struct {
	*counter
	people  []surveys.Person
	events  []surveys.Event
	asks    map[string][]plainAsk
	stopped map[string]surveys.Suppression
}

type plainAsk struct {
	surveys.Ask
	known time.Time
}

func newMonth(t *testing.T, s *store.Store, people int) *month {
	t.Helper()
	m := &month{counter: newCounter(t, s), asks: make(map[string][]plainAsk), stopped: make(map[string]surveys.Suppression)}
	m.w.Caps = surveys.Caps{AllDays: 5, Reminders: 2}
	m.w.Holidays = surveys.Holidays{surveys.DayStart(surveys.Day(s.Now(), time.UTC) - 9).Format(time.DateOnly)}
	other := storetest.Rule(t, s, m.survey)
	r := rand.New(rand.NewPCG(7, 8))
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
		for n := range people {
			p := surveys.Person{WorkspaceID: m.w.ID, ExternalID: fmt.Sprint("c", n), TimeZone: []string{"Europe/Berlin", "Asia/Tokyo", "America/New_York", ""}[n%4]}
			if n%7 != 0 {
				p.Email = fmt.Sprintf("c%d@customers.example", n)
			}
			p, err := tx.SavePerson(ctx, p)
			if err != nil {
				return err
			}
			m.people = append(m.people, p)
			if n%11 == 1 && p.Email != "" {
				m.stopped[p.ID] = surveys.SuppressedBounced
				if err := tx.Suppress(ctx, m.w, p.Email, surveys.SuppressedBounced); err != nil {
					return err
				}
			}
			if n%5 == 2 {
				at := s.Now().Add(-time.Duration(r.IntN(40*24)) * time.Hour)
				i := surveys.Invitation{WorkspaceID: m.w.ID, ID: storetest.ID(t, s), SurveyID: m.survey.ID, RuleID: other.ID, EventID: storetest.ID(t, s), PersonID: p.ID,
					Email: "x@y.example", State: surveys.InvitationSent, SendAt: at, ExpiresAt: at, CreatedAt: at.Add(-6 * time.Hour)}
				if err := tx.CreateInvitation(ctx, i); err != nil {
					return err
				}
				m.asks[p.ID] = append(m.asks[p.ID], plainAsk{surveys.Ask{SurveyID: m.survey.ID, Kind: m.survey.Kind, At: at}, i.CreatedAt})
			}
			for order := range 1 + r.IntN(5) {
				at := s.Now().Add(-time.Duration(1+r.IntN(33*24*60)) * time.Minute)
				e := surveys.Event{WorkspaceID: m.w.ID, ID: storetest.ID(t, s), Type: "order_completed", PersonID: p.ID, OccurredAt: at, ReceivedAt: at,
					Properties: map[string]any{"total": float64(r.IntN(100)), "order": float64(order)}}
				m.events = append(m.events, e)
				if r.IntN(4) == 0 {
					back := e
					back.ID, back.Type, back.OccurredAt = storetest.ID(t, s), "order_refunded", at.Add(time.Duration(r.IntN(96))*time.Hour)
					m.events = append(m.events, back)
				}
			}
		}
		for _, e := range m.events {
			if err := tx.CreateEvent(ctx, e); err != nil {
				return err
			}
		}
		return nil
	})
	return m
}

// plainPlan is a letter of the recount: planned at known, for at.
type plainPlan struct {
	at, known, dropped time.Time
	number             int
	event              surveys.Event
}

// recount goes through the month minute by minute of what happens, one person
// after the other, and counts the fates and reminders.
func (m *month) recount(rule surveys.Rule, matches func(surveys.Event) bool) (fates map[surveys.Outcome]int64, reminders int64) {
	fates = make(map[surveys.Outcome]int64)
	for _, p := range m.people {
		var plans []*plainPlan
		known := func(at time.Time) []surveys.Ask {
			var asks []surveys.Ask
			for _, a := range m.asks[p.ID] {
				if !a.known.After(at) {
					asks = append(asks, a.Ask)
				}
			}
			for _, plan := range plans {
				if !plan.known.After(at) && (plan.dropped.IsZero() || plan.dropped.After(at)) {
					asks = append(asks, surveys.Ask{SurveyID: m.survey.ID, Kind: m.survey.Kind, At: plan.at, Reminder: plan.number > 0})
				}
			}
			return asks
		}
		takenBack := func(e surveys.Event, until time.Time) time.Time {
			var first time.Time
			for _, o := range m.events {
				if o.PersonID == p.ID && rule.Withdraws(e, o) && !o.OccurredAt.After(until) && !o.OccurredAt.Before(e.OccurredAt) && (first.IsZero() || o.OccurredAt.Before(first)) {
					first = o.OccurredAt
				}
			}
			return first
		}
		zone := surveys.ZoneOf(p, m.w)
		facts := surveys.Facts{Person: p, Survey: m.survey, Zone: zone, Holidays: m.w.Holidays, Caps: m.w.Caps, Suppressed: m.stopped[p.ID]}
		leave := func(plan *plainPlan) { // a letter leaves: its reminder is planned
			if !plan.dropped.IsZero() {
				return
			}
			f, at := facts, plan.at
			f.Asks = known(at)
			next, ok := rule.Remind(surveys.Invitation{Letter: surveys.LetterInvitation, Number: plan.number, SentAt: &at, ExpiresAt: at.Add(1000 * time.Hour * 24)}, f)
			if !ok || next.State != surveys.InvitationScheduled {
				return
			}
			follow := &plainPlan{at: next.SendAt, known: at, number: plan.number + 1, event: plan.event, dropped: takenBack(plan.event, next.SendAt)}
			plans = append(plans, follow)
			if follow.dropped.IsZero() {
				reminders++
			}
		}
		left := make(map[*plainPlan]bool)
		advance := func(until time.Time) {
			for {
				var next *plainPlan
				for _, plan := range plans {
					if !left[plan] && !plan.at.After(until) && (next == nil || plan.at.Before(next.at)) {
						next = plan
					}
				}
				if next == nil {
					return
				}
				left[next] = true
				leave(next)
			}
		}
		var orders []surveys.Event
		for _, e := range m.events {
			if e.PersonID == p.ID && e.Type == rule.EventType && !e.OccurredAt.Before(m.s.Now().Add(-30*24*time.Hour)) {
				orders = append(orders, e)
			}
		}
		slices.SortFunc(orders, func(a, b surveys.Event) int {
			return cmp.Or(a.OccurredAt.Compare(b.OccurredAt), cmp.Compare(a.ID, b.ID))
		})
		for _, e := range orders {
			advance(e.OccurredAt)
			f := facts
			f.Event, f.Matched, f.Asks = e, matches(e), known(e.OccurredAt)
			d := rule.Decide(f, e.OccurredAt)
			if d.Outcome.Asks() {
				plan := &plainPlan{at: *d.SendAt, known: e.OccurredAt, event: e, dropped: takenBack(e, *d.SendAt)}
				plans = append(plans, plan)
				if !plan.dropped.IsZero() {
					d.Outcome = surveys.Withdrawn
				}
			}
			fates[d.Outcome]++
		}
		advance(m.s.Now().AddDate(9, 0, 0))
	}
	return fates, reminders
}

func TestTrialAgreesWithAPlainRecount(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		m := newMonth(t, s, 120)
		expensive := func(e surveys.Event) bool { return e.Properties["total"].(float64) > 20 }
		all := func(surveys.Event) bool { return true }
		base := surveys.Rule{ID: storetest.ID(t, s), Name: "Tried", EventType: "order_completed", SurveyID: m.survey.ID, Status: surveys.RulePaused, Delay: 26 * time.Hour}
		for name, c := range map[string]struct {
			edit    func(*surveys.Rule)
			matches func(surveys.Event) bool
		}{
			"everybody": {func(*surveys.Rule) {}, all},
			"with everything": {func(r *surveys.Rule) {
				r.Condition, r.Window, r.Sample, r.HoldOut, r.CapDays = "event.properties.total > 20", surveys.WorkingHours(), 80, 10, 8
				r.Reminders = []surveys.Reminder{{After: 25 * time.Hour}, {After: 48 * time.Hour}, {After: 24 * time.Hour}}
				r.Withdraw = surveys.Withdrawal{Events: []string{"order_refunded"}, Same: "order"}
			}, expensive},
			"deferred": {func(r *surveys.Rule) {
				r.WhenCapped, r.Delay, r.Reminders = surveys.CapDefer, 0, []surveys.Reminder{{After: 24 * time.Hour}}
			}, all},
		} {
			rule := base
			c.edit(&rule)
			trial, err := flow.NewRuleTrials(s).Try(context.Background(), m.w, rule)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			fates, reminders := m.recount(trial.Rule, c.matches)
			var sum, letters int64
			for _, outcome := range surveys.Outcomes() {
				sum += fates[outcome]
				if trial.Of(outcome) != fates[outcome] {
					t.Errorf("%s: %d times %s, recounted %d", name, trial.Of(outcome), outcome, fates[outcome])
				}
			}
			for _, day := range trial.Days {
				letters += day.N
			}
			if trial.Events != sum || trial.Tried != sum || trial.Share != 1 || letters != trial.Asked() || trial.Asked() != fates[surveys.Scheduled]+fates[surveys.Deferred] || trial.Asked() == 0 {
				t.Errorf("%s: of %d events %d were tried and %d ask on %d days; recounted %d", name, trial.Events, trial.Tried, trial.Asked(), letters, sum)
			}
			if trial.Reminders != reminders || len(rule.Reminders) > 0 && reminders == 0 {
				t.Errorf("%s: %d reminders, recounted %d", name, trial.Reminders, reminders)
			}
			if len(trial.Examples) != 10 {
				t.Errorf("%s: %d examples", name, len(trial.Examples))
			}
		}
	})
}

// TestTrialForgetsWhatTheRuleItselfAsked tries a rule that was live all month:
// nobody would be asked for the first time again if its own letters counted.
func TestTrialForgetsWhatTheRuleItselfAsked(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newCounter(t, s)
		k.happened(t, "order_completed", 9*24*time.Hour, map[string]any{"total": 10.0})
		k.happened(t, "order_completed", 5*24*time.Hour, map[string]any{"total": 90.0})
		asked := surveys.Invitation{
			WorkspaceID: k.w.ID, ID: storetest.ID(t, s), SurveyID: k.survey.ID, RuleID: k.rule.ID, EventID: storetest.ID(t, s), PersonID: k.person.ID, Email: k.person.Email,
			State: surveys.InvitationSent, SendAt: s.Now().Add(-9 * 24 * time.Hour), ExpiresAt: s.Now(), CreatedAt: s.Now().Add(-9 * 24 * time.Hour),
		}
		answer := storetest.Response(t, s, k.survey, 9)
		answer.PersonID, answer.InvitationID, answer.AnsweredAt = k.person.ID, asked.ID, s.Now().Add(-8*24*time.Hour)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.CreateInvitation(ctx, asked); err != nil {
				return err
			}
			_, err := tx.Take(ctx, store.Submission{Response: answer})
			return err
		})
		for id, want := range map[string]int64{k.rule.ID: 1, "": 0} {
			trial, err := flow.NewRuleTrials(s).Try(context.Background(), k.w, surveys.Rule{
				ID: id, Name: "First time", EventType: "order_completed", SurveyID: k.survey.ID,
				Condition: "event.properties.total > 50 and survey.asked == 0 and survey.answered == 0",
			})
			if err != nil || trial.Asked() != want {
				t.Errorf("rule %q would ask %d, want %d; %v", id, trial.Asked(), want, err)
			}
		}
	})
}

func TestTrialReadsOnlyAndConcludesFromAShare(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		m := newMonth(t, s, 500) // more events than a condition that looks back is tried on
		ctx := context.Background()
		rule := surveys.Rule{Name: "First time", EventType: "order_completed", Condition: "survey.asked == 0", SurveyID: m.survey.ID}
		trial, err := flow.NewRuleTrials(s).Try(ctx, m.w, rule)
		if err != nil {
			t.Fatal(err)
		}
		var sum int64
		for _, fate := range trial.Fates {
			sum += fate.N
		}
		if trial.Share >= 1 || trial.Tried < 700 || trial.Tried > 1300 || sum < trial.Events-5 || sum > trial.Events+5 {
			t.Errorf("a share of %v, %d of %d tried, concluded %d", trial.Share, trial.Tried, trial.Events, sum)
		}
		if trial.Of(surveys.NotMatched) == 0 || trial.Of(surveys.Capped) != 0 {
			t.Errorf("who was asked by the trial is asked again: %+v", trial.Fates)
		}
		for _, p := range m.people[:40] {
			if list, err := s.PersonInvitations(ctx, m.w.ID, p.ID, 9); err != nil || len(list) != len(m.asks[p.ID]) {
				t.Errorf("%d invitations of one who had %d, %v", len(list), len(m.asks[p.ID]), err)
			}
		}
	})
}

func TestTrialOfSeriesListsAndWrongRules(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		m := newMonth(t, s, 40)
		ctx, trials := context.Background(), flow.NewRuleTrials(s)
		series := surveys.Rule{Name: "Twice a year", Trigger: surveys.TriggerSeries, Every: 6, SurveyID: m.survey.ID}
		trial, err := trials.Try(ctx, m.w, series)
		if err != nil || trial.Events != 41 || trial.Tried != 41 || trial.Of(surveys.NoAddress) != 6 || trial.Of(surveys.Bounced) != 4 || len(trial.Days) != 0 {
			t.Errorf("a series: %+v, %v", trial, err)
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.GiveTurns(ctx, []surveys.Turn{{WorkspaceID: m.w.ID, RuleID: m.rule.ID, PersonID: m.person.ID, DueAt: s.Now().Add(time.Hour)}})
			return err
		})
		list := surveys.Rule{ID: m.rule.ID, Name: "A list", Trigger: surveys.TriggerList, SurveyID: m.survey.ID}
		if trial, err = trials.Try(ctx, m.w, list); err != nil || trial.Waiting != 1 || trial.Tried != 0 {
			t.Errorf("a list: %+v, %v", trial, err)
		}
		m.changeSurvey(t, func(s *surveys.Survey) { s.Status = surveys.SurveyPaused })
		if trial, err = trials.Try(ctx, m.w, series); err != nil || trial.Asked() == 0 {
			t.Errorf("a paused survey: %+v, %v", trial, err)
		}
		for name, wrong := range map[string]surveys.Rule{
			"no survey":      {Name: "x", EventType: "order_completed"},
			"foreign survey": {Name: "x", EventType: "order_completed", SurveyID: storetest.Survey(t, s, storetest.Workspace(t, s).ID, surveys.NPS).ID},
			"condition":      {Name: "x", EventType: "order_completed", SurveyID: m.survey.ID, Condition: "event.properties.total >"},
			"no event":       {Name: "x", SurveyID: m.survey.ID},
		} {
			if _, err := trials.Try(ctx, m.w, wrong); surveys.KindOf(err) != surveys.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
