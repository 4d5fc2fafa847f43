package flow_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// circle is a workspace with people and a rule that asks them in turn.
type circle struct {
	*counter
	clock *storetest.Clock
	turns *flow.Turns
}

// newCircle makes one of n people, who were all there a while ago.
func newCircle(t *testing.T, s *store.Store, clock *storetest.Clock, n int, edit func(*surveys.Rule)) *circle {
	t.Helper()
	c := &circle{counter: newCounter(t, s), clock: clock, turns: flow.NewTurns(s)}
	c.people(t, "early", n-1)
	c.change(t, func(r *surveys.Rule) {
		r.Trigger, r.EventType, r.Every, r.Delay, r.CapDays = surveys.TriggerSeries, "", 1, 0, 0
		edit(r)
	})
	clock.Advance(10 * time.Minute)
	return c
}

// people stores n more people.
func (c *circle) people(t *testing.T, name string, n int) {
	t.Helper()
	storetest.Write(t, c.s, func(ctx context.Context, tx *store.Tx) error {
		for i := range n {
			p := surveys.Person{WorkspaceID: c.w.ID, ExternalID: fmt.Sprintf("%s-%d", name, i), Email: fmt.Sprintf("%s-%d@customers.example", name, i)}
			if _, err := tx.SavePerson(ctx, p); err != nil {
				return err
			}
		}
		return nil
	})
}

// run moves the clock on and takes turns, so many times.
func (c *circle) run(t *testing.T, times int, step time.Duration) {
	t.Helper()
	for range times {
		c.clock.Advance(step)
		if err := c.turns.Run(context.Background()); err != nil {
			t.Fatalf("Run = %v", err)
		}
	}
}

// waiting counts the turns of the circle's rule.
func (c *circle) waiting(t *testing.T) int {
	t.Helper()
	n, _, _, err := c.s.TurnsWaiting(context.Background(), c.w.ID, c.rule.ID, c.s.Now().AddDate(5, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// taken counts the turns that were taken by day and by person.
func (c *circle) taken(t *testing.T) (byDay, byPerson map[string]int) {
	t.Helper()
	byDay, byPerson = make(map[string]int), make(map[string]int)
	for offset := 0; ; offset += 500 {
		people, err := c.s.People(context.Background(), c.w.ID, "", offset, 500)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range people {
			events, err := c.s.PersonEvents(context.Background(), c.w.ID, p.ID, 100)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range events {
				if e.Type != surveys.TurnEvent || e.Properties["rule"] != c.rule.Name {
					t.Fatalf("event = %+v, want a turn of the rule", e)
				}
				byDay[e.OccurredAt.Format(time.DateOnly)]++
				byPerson[p.ID]++
			}
		}
		if len(people) < 500 {
			return byDay, byPerson
		}
	}
}

// moment is the shortest time that the store tells apart.
const moment = time.Microsecond

// month takes turns from the next moment on to the last of so many days. A few
// minutes before, so that a series knows them from the next month on, come late
// people.
func (c *circle) month(t *testing.T, days, late int) {
	t.Helper()
	const minutes = 10 * time.Minute
	c.run(t, 1, moment)
	c.run(t, days*16-1, 90*time.Minute)
	c.run(t, 1, 90*time.Minute-minutes)
	c.people(t, "late", late)
	c.run(t, 1, minutes-moment)
}

func TestSeriesAsksEverybodyOncePerPeriod(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		const people = 500
		clock.Advance(29*24*time.Hour + 11*time.Hour + 20*time.Minute)
		c := newCircle(t, s, clock, people, func(*surveys.Rule) {})
		clock.Advance(90*time.Minute - moment)
		c.month(t, 30, 50) // April in Berlin
		byDay, byPerson := c.taken(t)
		if len(byPerson) != people || c.waiting(t) != people+50 {
			t.Fatalf("%d of %d people had their turn, %d wait for the next", len(byPerson), people, c.waiting(t))
		}
		for id, n := range byPerson {
			if n != 1 {
				t.Errorf("%s had %d turns in the first month", id, n)
			}
		}
		for day, n := range byDay {
			if n > 2*people/28 {
				t.Errorf("%d turns on %s, of %d in a month", n, day, people)
			}
		}
		invited, err := s.PersonInvitations(context.Background(), c.w.ID, c.person.ID, 10)
		if err != nil || len(invited) != 1 {
			t.Errorf("the person has %d invitations (%v), want one", len(invited), err)
		}
		c.month(t, 31, 0)
		if _, byPerson = c.taken(t); len(byPerson) != people+50 || c.waiting(t) != people+50 {
			t.Errorf("%d of %d people had a turn in two months", len(byPerson), people+50)
		}
		late := 0
		for id, n := range byPerson {
			if n == 1 {
				late++
			} else if n != 2 {
				t.Errorf("%s had %d turns in two months", id, n)
			}
		}
		if late != 50 {
			t.Errorf("%d people had one turn in two months, want the 50 who came later", late)
		}
	})
}

func TestSeriesAfterAnOutageIsNoFlood(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		const people = 600
		c := newCircle(t, s, clock, people, func(*surveys.Rule) {})
		c.run(t, 2*16, 90*time.Minute)
		before, _ := c.taken(t)
		clock.Advance(7 * 24 * time.Hour)
		c.run(t, 21*16, 90*time.Minute)
		byDay, byPerson := c.taken(t)
		for day, n := range byDay {
			if before[day] == 0 && n > 2*people/28 {
				t.Errorf("%d turns on %s after the outage", n, day)
			}
		}
		for id, n := range byPerson {
			if n != 1 {
				t.Errorf("%s had %d turns", id, n)
			}
		}
	})
}

func TestTurnsWaitWhile(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		close func(t *testing.T, c *circle)
		open  func(t *testing.T, c *circle)
	}{
		{"the rule is paused", func(t *testing.T, c *circle) { c.status(t, surveys.RulePaused) }, func(t *testing.T, c *circle) { c.status(t, surveys.RuleActive) }},
		{"the rule is archived", func(t *testing.T, c *circle) { c.archive(t) }, func(t *testing.T, c *circle) {
			if err := flow.NewAsking(c.s).BringBack(context.Background(), c.w.ID, c.rule.ID); err != nil {
				t.Fatal(err)
			}
			c.status(t, surveys.RuleActive)
		}},
		{"the survey is paused", func(t *testing.T, c *circle) {
			c.changeSurvey(t, func(s *surveys.Survey) { s.Status = surveys.SurveyPaused })
		}, func(t *testing.T, c *circle) {
			c.changeSurvey(t, func(s *surveys.Survey) { s.Status = surveys.SurveyActive })
		}},
	}
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				k := newCircle(t, s, clock, 100, func(*surveys.Rule) {})
				k.run(t, 1, time.Minute)
				c.close(t, k)
				k.run(t, 60, 24*time.Hour)
				if byDay, _ := k.taken(t); len(byDay) > 1 || k.waiting(t) != 100 {
					t.Fatalf("turns were taken on %v, %d wait", byDay, k.waiting(t))
				}
				c.open(t, k)
				k.run(t, 16*32, 90*time.Minute)
				byDay, byPerson := k.taken(t)
				if len(byPerson) != 100 || len(byDay) < 20 {
					t.Errorf("%d of 100 people had their turn, on %d days: want them spread", len(byPerson), len(byDay))
				}
			})
		}
	})
}

func (c *circle) status(t *testing.T, to surveys.RuleStatus) {
	t.Helper()
	if err := flow.NewAsking(c.s).SetRuleStatus(context.Background(), c.w.ID, c.rule.ID, to); err != nil {
		t.Fatal(err)
	}
}

func TestTurnsFollowTheRule(t *testing.T) {
	t.Parallel()
	day := 24 * time.Hour
	cases := []struct {
		name   string
		change func(*surveys.Rule)
		left   int           // turns at once
		within time.Duration // that all turns come in, after the next run; 0 for none
	}{
		{"a new name", func(r *surveys.Rule) { r.Name = "Every half year" }, 60, 184 * day},
		{"a shorter period", func(r *surveys.Rule) { r.Every = 1 }, -1, 31 * day},
		{"a longer period", func(r *surveys.Rule) { r.Every = 12 }, 60, 184 * day},
		{"an event instead", func(r *surveys.Rule) { r.Trigger, r.Every, r.EventType = surveys.TriggerEvent, 0, "order_completed" }, 0, 0},
		{"a list instead", func(r *surveys.Rule) { r.Trigger, r.Every = surveys.TriggerList, 0 }, 0, 0},
	}
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				k := newCircle(t, s, clock, 60, func(r *surveys.Rule) { r.Every, r.Condition = 6, `person.email == "nobody"` })
				k.run(t, 1, time.Minute)
				changed := k.rule
				c.change(&changed)
				if _, err := flow.NewAsking(s).SaveRule(context.Background(), k.w.ID, changed); err != nil {
					t.Fatal(err)
				}
				if left := k.waiting(t); c.left >= 0 && left != c.left || c.left < 0 && (left == 0 || left == 60) {
					t.Errorf("%d turns are left, want %d", left, c.left)
				}
				k.run(t, 1, time.Minute)
				n, _, last, err := s.TurnsWaiting(context.Background(), k.w.ID, k.rule.ID, s.Now().AddDate(5, 0, 0))
				if err != nil || (n == 60) != (c.within > 0) || n > 0 && last.Sub(s.Now()) > c.within {
					t.Errorf("%d turns come until %s (%v), want them within %s", n, last, err, c.within)
				}
			})
		}
	})
}

func TestTurnsOfTheErased(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		c := newCircle(t, s, clock, 5, func(*surveys.Rule) {})
		c.run(t, 1, time.Minute)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.ErasePerson(ctx, c.w.ID, c.person.ID) })
		if turns, err := s.PersonTurns(context.Background(), c.w.ID, c.person.ID); err != nil || len(turns) != 0 || c.waiting(t) != 4 {
			t.Errorf("turns = %v, %v; %d wait", turns, err, c.waiting(t))
		}
		if err := c.turns.Anew(context.Background()); err != nil {
			t.Fatal(err)
		}
		c.run(t, 33*16, 90*time.Minute) // a month and what a term may be longer
		if _, byPerson := c.taken(t); len(byPerson) != 4 || c.waiting(t) != 4 {
			t.Errorf("%d people had turns, want the four who are left", len(byPerson))
		}
	})
}

// TestTurnsOfTwoProcesses has two servers take the same turns.
func TestTurnsOfTwoProcesses(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		c := newCircle(t, s, clock, 300, func(*surveys.Rule) {})
		c.run(t, 1, time.Minute)
		due := s.Now().Add(-time.Minute)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			people, err := tx.People(ctx, c.w.ID, "", 0, 400)
			for _, p := range people {
				if err := tx.MoveTurn(ctx, surveys.Turn{WorkspaceID: c.w.ID, RuleID: c.rule.ID, PersonID: p.ID, DueAt: due}); err != nil {
					return err
				}
			}
			return err
		})
		var running sync.WaitGroup
		for range 2 {
			running.Add(1)
			go func() {
				defer running.Done()
				if err := flow.NewTurns(s).Run(context.Background()); err != nil {
					t.Errorf("Run = %v", err)
				}
			}()
		}
		running.Wait()
		_, byPerson := c.taken(t)
		for id, n := range byPerson {
			if n != 1 {
				t.Errorf("%s had %d turns at once", id, n)
			}
		}
		if len(byPerson) != 300 {
			t.Errorf("%d of 300 people had their turn", len(byPerson))
		}
	})
}
