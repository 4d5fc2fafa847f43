package flow

import (
	"context"
	"slices"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// trialCourse is one mailbox's way through a trial: the events of those who share
// it, and what would have followed from each.
type trialCourse struct {
	run         *trialRun
	person      surveys.Person // one of them
	events      []trialEvent
	real        []trialAsk
	own         []trialAsk // what the trial itself has asked
	sent        []trialLetter
	suppressed  surveys.Suppression
	withdrawing []surveys.Event
}

// trialEvent is an event with whom it happened to.
type trialEvent struct {
	surveys.Event
	person surveys.Person
}

// zone is where the person lives.
func (c *trialCourse) zone(e trialEvent) *time.Location { return surveys.ZoneOf(e.person, c.run.w) }

// trialAsk is an ask, with the time over which it was known to be planned.
type trialAsk struct {
	surveys.Ask
	known   time.Time
	dropped time.Time // when it was taken back before it left; zero for never
}

// trialLetter is a letter that would have left, after which a reminder may
// follow.
type trialLetter struct {
	surveys.Invitation
	event trialEvent
}

// forever is after everything that a trial plans.
const forever = 1000 * 24 * time.Hour

// walk decides about each event at its own time.
func (c *trialCourse) walk(ctx context.Context) error {
	slices.SortStableFunc(c.events, func(a, b trialEvent) int { return a.OccurredAt.Compare(b.OccurredAt) })
	for _, e := range c.events {
		c.remind(e.OccurredAt)
		if err := c.decide(ctx, e); err != nil {
			return err
		}
	}
	c.remind(c.run.trial.To.Add(forever))
	return nil
}

func (c *trialCourse) decide(ctx context.Context, e trialEvent) error {
	r, rule, survey := c.run, c.run.trial.Rule, c.run.trial.Survey
	f := surveys.Facts{
		Event: e.Event, Person: e.person, Survey: survey, Zone: c.zone(e), Holidays: r.w.Holidays, Caps: r.w.Caps,
		Suppressed: c.suppressed, Asks: c.asksAt(e.OccurredAt),
	}
	var err error
	f.Matched, f.MatchProblem, err = r.trials.conditions.judge(ctx, trialPast{r.trials.store, c}, question{rule: rule, event: e.Event, person: e.person, at: e.OccurredAt})
	if err != nil {
		return err
	}
	d := rule.Decide(f, e.OccurredAt)
	if d.Outcome.Asks() {
		d = c.ask(e, d)
	}
	r.counts[TrialFate{Outcome: d.Outcome, Detail: d.Detail}]++
	return nil
}

// ask plans the letter that follows, unless a later event takes it back before
// it leaves.
func (c *trialCourse) ask(e trialEvent, d surveys.Decision) surveys.Decision {
	r, survey := c.run, c.run.trial.Survey
	ask := trialAsk{Ask: surveys.Ask{SurveyID: survey.ID, Kind: survey.Kind, Topic: survey.Topic, At: *d.SendAt}, known: e.OccurredAt}
	if by, withdrawn := c.withdrawn(e.Event, e.OccurredAt, *d.SendAt); withdrawn {
		ask.dropped = by.OccurredAt
		c.own = append(c.own, ask)
		return surveys.Decision{Outcome: surveys.Withdrawn, Detail: surveys.WithdrawnBy(by).String()}
	}
	c.own = append(c.own, ask)
	if r.trial.Rule.Trigger == surveys.TriggerEvent {
		r.days[surveys.Day(*d.SendAt, r.w.Location())]++
	}
	r.example(TrialExample{Person: e.person, Event: e.Event, Decision: d})
	c.sent = append(c.sent, trialLetter{event: e, Invitation: surveys.Invitation{
		Letter: surveys.LetterInvitation, SendAt: *d.SendAt, SentAt: d.SendAt, ExpiresAt: d.SendAt.Add(r.trial.Rule.AnswerWindow()),
	}})
	return d
}

// withdrawn finds the first event from one time up to another that takes back
// what followed from e.
func (c *trialCourse) withdrawn(e surveys.Event, from, to time.Time) (surveys.Event, bool) {
	for _, later := range c.withdrawing {
		if !later.OccurredAt.Before(from) && !later.OccurredAt.After(to) && c.run.trial.Rule.Withdraws(e, later) {
			return later, true
		}
	}
	return surveys.Event{}, false
}

// remind plans the reminders that follow the letters which have left up to a
// time, the first first, as nobody answers in a trial.
func (c *trialCourse) remind(until time.Time) {
	for {
		first := -1
		for i, letter := range c.sent {
			if !letter.SentAt.After(until) && (first < 0 || letter.SentAt.Before(*c.sent[first].SentAt)) {
				first = i
			}
		}
		if first < 0 {
			return
		}
		letter := c.sent[first]
		c.sent = append(c.sent[:first], c.sent[first+1:]...)
		c.follow(letter)
	}
}

func (c *trialCourse) follow(letter trialLetter) {
	r, survey := c.run, c.run.trial.Survey
	next, follows := r.trial.Rule.Remind(letter.Invitation, surveys.Facts{Zone: c.zone(letter.event), Holidays: r.w.Holidays, Caps: r.w.Caps, Asks: c.asksAt(*letter.SentAt)})
	if !follows || next.State != surveys.InvitationScheduled {
		return
	}
	ask := trialAsk{Ask: surveys.Ask{SurveyID: survey.ID, Kind: survey.Kind, Topic: survey.Topic, At: next.SendAt, Reminder: true}, known: *letter.SentAt}
	if by, withdrawn := c.withdrawn(letter.event.Event, letter.event.OccurredAt, next.SendAt); withdrawn {
		ask.dropped = by.OccurredAt
		c.own = append(c.own, ask)
		return
	}
	c.own = append(c.own, ask)
	r.reminders++
	at := next.SendAt
	next.SentAt = &at
	c.sent = append(c.sent, trialLetter{Invitation: next, event: letter.event})
}

// asksAt are the mailbox's asks as they were known at a time.
func (c *trialCourse) asksAt(at time.Time) []surveys.Ask {
	var asks []surveys.Ask
	for _, list := range [][]trialAsk{c.real, c.own} {
		for _, ask := range list {
			if !ask.known.After(at) && (ask.dropped.IsZero() || ask.dropped.After(at)) {
				asks = append(asks, ask.Ask)
			}
		}
	}
	return asks
}

// trialPast is the past as a condition sees it in a trial: what is stored but
// for what the tried rule itself has led to, and what the trial has asked.
type trialPast struct {
	*store.Store
	course *trialCourse
}

// PastAsks adds what the trial has asked to [store.Store.PastAsks].
func (p trialPast) PastAsks(ctx context.Context, ws surveys.WorkspaceID, m store.Moment, surveyID string) ([]store.PastAsk, error) {
	list, err := p.Store.PastAsks(ctx, ws, m, surveyID)
	list = slices.DeleteFunc(list, p.tried)
	for _, ask := range p.course.own {
		if !ask.Reminder && !ask.known.After(m.At) && (ask.dropped.IsZero() || ask.dropped.After(m.At)) {
			list = append(list, store.PastAsk{SurveyID: ask.SurveyID, Metric: p.course.run.trial.Survey.Metric, At: ask.At})
		}
	}
	return list, err
}

// PastAnswers leaves those out that answered what the rule really asked.
func (p trialPast) PastAnswers(ctx context.Context, ws surveys.WorkspaceID, m store.Moment, surveyID string) ([]store.PastAsk, error) {
	list, err := p.Store.PastAnswers(ctx, ws, m, surveyID)
	return slices.DeleteFunc(list, p.tried), err
}

// tried reports whether the tried rule itself really asked it in the trial's time.
func (p trialPast) tried(ask store.PastAsk) bool {
	return p.course.run.asked(ask.RuleID, ask.PlannedAt)
}
