package flow

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// Bounds of a trial. Who wants to know what a rule would do waits for it, so
// that of more events a share of the people is tried, by lot, and the rest is
// concluded from them.
const (
	TrialDays        = 30
	trialSpan        = TrialDays * 24 * time.Hour
	maxTrialEvents   = 20_000
	maxTrialLookups  = 1_000 // with a condition that names the past: each event is looked up by itself
	trialPeople      = 1_000 // are looked up at once
	maxTrialExamples = 10
)

// RuleTrials try rules against what is stored. They only read.
type RuleTrials struct {
	store      *store.Store
	conditions conditions
}

// NewRuleTrials makes the moves of trials.
func NewRuleTrials(s *store.Store) *RuleTrials { return &RuleTrials{store: s} }

// RuleTrial is what a rule would have done in the last [TrialDays] days, had it been
// there. Counts are of all events of the time, concluded from those tried.
type RuleTrial struct {
	Rule      surveys.Rule // as it was tried: checked, and active
	Survey    surveys.Survey
	From, To  time.Time
	Events    int64       // of the rule's type; of a series, the people who have turns
	Tried     int64       // of them gone through
	Share     float64     // of the people whose events were, by lot; 1 for all
	Fates     []TrialFate // the most frequent first
	Reminders int64       // that would follow if nobody answered
	Days      []TrialDay  // on which invitations would leave, in the workspace's zone; none of a series
	Waiting   int64       // of a list: turns that come in the next [TrialDays] days
	Examples  []TrialExample
}

// TrialFate is how often an outcome came out, with its detail.
type TrialFate struct {
	Outcome surveys.Outcome
	Detail  string // a stored [surveys.Problem], as in [surveys.Decision]
	N       int64
}

// TrialDay is how many invitations would leave on a day.
type TrialDay struct {
	Day int // as [surveys.Day] counts
	N   int64
}

// TrialExample is somebody who would have been asked.
type TrialExample struct {
	Person   surveys.Person
	Event    surveys.Event
	Decision surveys.Decision
	lot      float64
}

// Asked is how many would have been asked.
func (t RuleTrial) Asked() int64 {
	var n int64
	for _, fate := range t.Fates {
		if fate.Outcome.Asks() {
			n += fate.N
		}
	}
	return n
}

// Of is how often an outcome came out, whatever its detail.
func (t RuleTrial) Of(outcome surveys.Outcome) int64 {
	var n int64
	for _, fate := range t.Fates {
		if fate.Outcome == outcome {
			n += fate.N
		}
	}
	return n
}

// Try runs a rule, stored or not, against the events of the last [TrialDays]
// days in the order in which they happened: each is decided at its own time,
// with what was known of the person's asks then and those that the trial itself
// has made. What this very rule really asked in that time does not count. A
// paused rule or survey is tried as if it were not.
func (t *RuleTrials) Try(ctx context.Context, w surveys.Workspace, rule surveys.Rule) (RuleTrial, error) {
	rule, survey, err := t.check(ctx, w.ID, rule)
	if err != nil {
		return RuleTrial{Rule: rule}, err
	}
	now := t.store.Now()
	run := &trialRun{
		trials: t, w: w, counts: make(map[TrialFate]int64), days: make(map[int]int64),
		trial: RuleTrial{Rule: rule, Survey: survey, From: now.Add(-trialSpan), To: now, Share: 1},
	}
	switch rule.Trigger {
	case surveys.TriggerSeries:
		err = run.series(ctx)
	case surveys.TriggerList:
		var n int
		n, _, _, err = t.store.TurnsWaiting(ctx, w.ID, rule.ID, now.Add(trialSpan))
		run.trial.Waiting = int64(n)
	default:
		err = run.events(ctx)
	}
	return run.conclude(), err
}

// check returns the rule and its survey as they are tried, or what is wrong
// with the rule.
func (t *RuleTrials) check(ctx context.Context, ws surveys.WorkspaceID, rule surveys.Rule) (surveys.Rule, surveys.Survey, error) {
	rule.WorkspaceID, rule.Status = ws, surveys.RuleActive
	rule, wrong := rule.Check()
	if err := surveys.Wrong(append(wrong, CheckCondition(rule.Condition)...)...); err != nil {
		return rule, surveys.Survey{}, err
	}
	survey, err := t.store.Survey(ctx, ws, rule.SurveyID)
	if surveys.KindOf(err) == surveys.NotFound {
		err = surveys.Wrong(surveys.FieldError{Path: "survey_id", Code: "survey_unknown"})
	}
	survey.Status, survey.ClosesAt = surveys.SurveyActive, nil
	return rule, survey, err
}

// trialRun is one trial under way.
type trialRun struct {
	trials    *RuleTrials
	w         surveys.Workspace
	trial     RuleTrial
	counts    map[TrialFate]int64 // their N is 0
	days      map[int]int64
	reminders int64
}

// bound is how many events the trial goes through.
func (r *trialRun) bound() int64 {
	if program, wrong := r.trials.conditions.program(r.trial.Rule.Condition); wrong == nil && !program.needs.none() {
		return maxTrialLookups
	}
	return maxTrialEvents
}

// pick draws the people who are tried when there are n events; nil for all.
func (r *trialRun) pick(n int64) func(personID string) bool {
	bound := r.bound()
	if n <= bound {
		return nil
	}
	r.trial.Share = float64(bound) / float64(n)
	drawn := make(map[string]bool)
	return func(personID string) bool {
		in, known := drawn[personID]
		if !known {
			in = surveys.Lot("trial", personID) < r.trial.Share
			drawn[personID] = in
		}
		return in
	}
}

// events tries the rule against the events of its type.
func (r *trialRun) events(ctx context.Context) error {
	s, rule := r.trials.store, r.trial.Rule
	var err error
	if r.trial.Events, err = s.CountEventsOf(ctx, r.w.ID, rule.EventType, r.trial.From); err != nil {
		return err
	}
	events, err := s.EventsOf(ctx, r.w.ID, rule.EventType, r.trial.From, r.pick(r.trial.Events))
	if err != nil {
		return err
	}
	byPerson := make(map[string][]surveys.Event)
	var people []string
	for _, e := range events {
		if byPerson[e.PersonID] == nil {
			people = append(people, e.PersonID)
		}
		byPerson[e.PersonID] = append(byPerson[e.PersonID], e)
	}
	return r.people(ctx, people, func(p surveys.Person) []surveys.Event { return byPerson[p.ID] })
}

// series tries the rule on everybody, as if their turn came now.
func (r *trialRun) series(ctx context.Context) error {
	s := r.trials.store
	var err error
	if r.trial.Events, err = s.CountPeople(ctx, r.w.ID); err != nil {
		return err
	}
	pick := r.pick(r.trial.Events)
	if pick == nil {
		pick = func(string) bool { return true }
	}
	people, err := s.PeopleIDs(ctx, r.w.ID, pick)
	if err != nil {
		return err
	}
	return r.people(ctx, people, func(p surveys.Person) []surveys.Event {
		e := surveys.Turn{WorkspaceID: r.w.ID, RuleID: r.trial.Rule.ID, PersonID: p.ID}.Event(r.trial.Rule, r.trial.To)
		e.ID = p.ID // nothing is stored, and lots are drawn by it
		return []surveys.Event{e}
	})
}

// people tries the events of some people. Those who share a mailbox go one way
// through the trial together.
func (r *trialRun) people(ctx context.Context, ids []string, events func(surveys.Person) []surveys.Event) error {
	var courses []*trialCourse
	byAddress := make(map[string]*trialCourse)
	for part := range slices.Chunk(ids, trialPeople) {
		people, err := r.trials.store.PeopleByID(ctx, r.w.ID, part)
		if err != nil {
			return err
		}
		for _, id := range part {
			person, found := people[id]
			if !found {
				continue // erased in the meantime
			}
			c := byAddress[person.Email]
			if c == nil || person.Email == "" {
				c = &trialCourse{run: r, person: person}
				courses, byAddress[person.Email] = append(courses, c), c
			}
			for _, e := range events(person) {
				c.events = append(c.events, trialEvent{e, person})
			}
		}
	}
	for part := range slices.Chunk(courses, trialPeople) {
		if err := r.walk(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

// walk looks up what is known of many courses at once, and walks them.
func (r *trialRun) walk(ctx context.Context, courses []*trialCourse) error {
	s, rule := r.trials.store, r.trial.Rule
	var ids, addresses []string
	for _, c := range courses {
		ids = append(ids, c.person.ID)
		if c.person.Email != "" {
			addresses = append(addresses, c.person.Email)
		}
	}
	asks, err := s.AsksOf(ctx, r.w.ID, ids, r.trial.From.Add(-surveys.MaxCapDays*24*time.Hour))
	if err != nil {
		return err
	}
	suppressed, err := s.SuppressionsOf(ctx, r.w, rule.SurveyID, addresses)
	if err != nil {
		return err
	}
	withdrawing, err := s.EventsOfPeople(ctx, r.w.ID, ids, r.trial.From, rule.Withdraw.Events)
	if err != nil {
		return err
	}
	for _, c := range courses {
		c.real, c.suppressed, c.withdrawing = r.real(asks[c.person.ID]), suppressed[c.person.Email], withdrawing[c.person.ID]
		if err := c.walk(ctx); err != nil {
			return err
		}
	}
	return nil
}

// real are a person's asks but those that the rule itself made in the time.
func (r *trialRun) real(asks []store.AskOf) []trialAsk {
	var list []trialAsk
	for _, ask := range asks {
		if !r.asked(ask.RuleID, ask.KnownAt) {
			list = append(list, trialAsk{Ask: ask.Ask, known: ask.KnownAt})
		}
	}
	return list
}

// asked reports whether what a rule planned at a time is of the tried rule
// itself, in the trial's own time: the trial asks in its place.
func (r *trialRun) asked(ruleID string, planned time.Time) bool {
	return r.trial.Rule.ID != "" && ruleID == r.trial.Rule.ID && !planned.Before(r.trial.From)
}

// conclude sums the trial up, for all events.
func (r *trialRun) conclude() RuleTrial {
	for _, n := range r.counts {
		r.trial.Tried += n
	}
	all := func(n int64) int64 {
		if r.trial.Share == 1 || r.trial.Tried == 0 {
			return n
		}
		return int64(math.Round(float64(n) * float64(r.trial.Events) / float64(r.trial.Tried)))
	}
	for fate, n := range r.counts {
		fate.N = all(n)
		r.trial.Fates = append(r.trial.Fates, fate)
	}
	slices.SortFunc(r.trial.Fates, func(a, b TrialFate) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Outcome, b.Outcome), cmp.Compare(a.Detail, b.Detail))
	})
	r.trial.Reminders = all(r.reminders)
	for _, day := range slices.Sorted(maps.Keys(r.days)) {
		r.trial.Days = append(r.trial.Days, TrialDay{Day: day, N: all(r.days[day])})
	}
	return r.trial
}

// example keeps those asked whose lot is among the lowest, one of a person.
func (r *trialRun) example(e TrialExample) {
	list := &r.trial.Examples
	e.lot = surveys.Lot("example", e.Person.ID)
	if i := slices.IndexFunc(*list, func(o TrialExample) bool { return o.Person.ID == e.Person.ID }); i >= 0 {
		(*list)[i] = e // the latest event of each
		return
	}
	at, _ := slices.BinarySearchFunc(*list, e, func(a, b TrialExample) int { return cmp.Compare(a.lot, b.lot) })
	if *list = slices.Insert(*list, at, e); len(*list) > maxTrialExamples {
		*list = (*list)[:maxTrialExamples]
	}
}
