package flow

import (
	"context"
	"slices"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// What a condition can name of the person's history. Only what it names is
// looked up, in the transaction that decides.

// neverDays stands for the days since what never was, so that "60 days ago or
// more" is true of it.
const neverDays = 36500

// pastFacts are how often, when and how a person was asked and answered: about
// one survey, one metric, or all.
type pastFacts struct {
	Asked             int `expr:"asked"`    // by invitations that left or wait, and by answers that came without one
	Answered          int `expr:"answered"` // how often
	DaysSinceAsked    int `expr:"days_since_asked"`
	DaysSinceAnswered int `expr:"days_since_answered"`
	Score             any `expr:"score"` // the last one; nil for never
}

// Each place has a type of its own, so that a slip in a name is told with it.
type (
	surveyFacts pastFacts
	npsFacts    pastFacts
	csatFacts   pastFacts
	cesFacts    pastFacts
	ces5Facts   pastFacts
)

// historyFacts are the same over all surveys, and over those of a metric.
// Scores of several metrics are not mixed, so there is none over all.
type historyFacts struct {
	Asked             int       `expr:"asked"`
	Answered          int       `expr:"answered"`
	DaysSinceAsked    int       `expr:"days_since_asked"`
	DaysSinceAnswered int       `expr:"days_since_answered"`
	NPS               npsFacts  `expr:"nps"`
	CSAT              csatFacts `expr:"csat"`
	CES               cesFacts  `expr:"ces"`
	CES5              ces5Facts `expr:"ces5"`
}

// earlierFacts are the person's earlier events. Last has each type that the
// condition names, empty when there was none.
type earlierFacts struct {
	Last  map[string]any `expr:"last"`
	Count map[string]int `expr:"count"`
}

// leavingFacts are the cancellation that the event ended, or else the person's latest: a way
// through a flow, or that their subscription ended without one.
type leavingFacts struct {
	Asked  bool   `expr:"asked"`  // they went through a flow
	Reason string `expr:"reason"` // its id; "" for none
	Lost   string `expr:"lost"`   // "wish" or "payment"; "" while the subscription goes on
}

// needs are what a condition names of the past.
type needs struct {
	survey, history, leaving bool
	last, count              []string // types of events
}

func (n needs) none() bool {
	return !n.survey && !n.history && !n.leaving && len(n.last)+len(n.count) == 0
}

// pastReads is what the past is looked up in: a transaction that decides, or
// the store for a trial.
type pastReads interface {
	PastAsks(ctx context.Context, ws surveys.WorkspaceID, m store.Moment, surveyID string) ([]store.PastAsk, error)
	PastAnswers(ctx context.Context, ws surveys.WorkspaceID, m store.Moment, surveyID string) ([]store.PastAsk, error)
	LatestEvent(ctx context.Context, ws surveys.WorkspaceID, m store.Moment, eventType string) (surveys.Event, error)
	CountEvents(ctx context.Context, ws surveys.WorkspaceID, m store.Moment, types []string) (map[string]int, error)
	PastCancellation(ctx context.Context, ws surveys.WorkspaceID, m store.Moment) (surveys.Cancellation, error)
}

// question is what a rule's condition is asked about: an event of a person, as
// things stand at a time.
type question struct {
	rule   surveys.Rule
	event  surveys.Event
	person surveys.Person
	at     time.Time
}

// judge computes a rule's condition, with what it names of the person's past.
// Why it has no result is a stored [surveys.Problem], and "" when it has one.
func (c *conditions) judge(ctx context.Context, from pastReads, q question) (matched bool, why string, err error) {
	program, wrong := c.program(q.rule.Condition)
	if wrong != nil {
		return false, wrong.String(), nil
	}
	known := factsOf(q.event, q.person)
	if !program.needs.none() {
		if err := known.recall(ctx, from, program.needs, q); err != nil {
			return false, "", err
		}
	}
	matched, why = program.match(known)
	return matched, why, nil
}

// recall looks the past up, as far as it is needed.
func (f *facts) recall(ctx context.Context, from pastReads, n needs, q question) error {
	ws, moment := q.rule.WorkspaceID, store.Moment{PersonID: q.person.ID, Event: q.event, At: q.at}
	if n.survey || n.history {
		only := q.rule.SurveyID
		if n.history {
			only = ""
		}
		asks, err := from.PastAsks(ctx, ws, moment, only)
		if err != nil {
			return err
		}
		answers, err := from.PastAnswers(ctx, ws, moment, only)
		if err != nil {
			return err
		}
		f.recallAsks(asks, answers, q)
	}
	if n.leaving {
		c, err := from.PastCancellation(ctx, ws, moment)
		if err != nil && surveys.KindOf(err) != surveys.NotFound {
			return err
		}
		f.Leaving = leavingFacts{Asked: c.FlowID != "", Reason: c.Reason, Lost: string(c.Lost)}
	}
	f.Earlier.Last = make(map[string]any, len(n.last))
	for _, eventType := range n.last {
		event, err := from.LatestEvent(ctx, ws, moment, eventType)
		if err != nil && surveys.KindOf(err) != surveys.NotFound {
			return err
		}
		f.Earlier.Last[eventType] = orEmpty(event.Properties)
	}
	if len(n.count) == 0 {
		return nil
	}
	var err error
	f.Earlier.Count, err = from.CountEvents(ctx, ws, moment, n.count)
	return err
}

func orEmpty(properties map[string]any) map[string]any {
	if properties == nil {
		return map[string]any{}
	}
	return properties
}

// recallAsks sums the past up for the survey, for each metric and for all.
func (f *facts) recallAsks(asks, answers []store.PastAsk, q question) {
	sum := func(of func(store.PastAsk) bool) pastFacts { return pastOf(asks, answers, q.at, of) }
	metric := func(m surveys.Metric) pastFacts {
		return sum(func(a store.PastAsk) bool { return a.Metric == m })
	}
	f.Survey = surveyFacts(sum(func(a store.PastAsk) bool { return a.SurveyID == q.rule.SurveyID }))
	all := sum(func(store.PastAsk) bool { return true })
	f.History = historyFacts{
		Asked: all.Asked, Answered: all.Answered, DaysSinceAsked: all.DaysSinceAsked, DaysSinceAnswered: all.DaysSinceAnswered,
		NPS: npsFacts(metric(surveys.NPS)), CSAT: csatFacts(metric(surveys.CSAT)), CES: cesFacts(metric(surveys.CES)), CES5: ces5Facts(metric(surveys.CES5)),
	}
}

// pastOf sums up those that are meant; both lists run from the latest on.
func pastOf(asks, answers []store.PastAsk, at time.Time, of func(store.PastAsk) bool) pastFacts {
	past := pastFacts{DaysSinceAsked: neverDays, DaysSinceAnswered: neverDays}
	days := func(t time.Time) int { return max(0, int(at.Sub(t)/(24*time.Hour))) }
	for _, ask := range asks {
		if of(ask) {
			past.Asked++
			past.DaysSinceAsked = min(past.DaysSinceAsked, days(ask.At))
		}
	}
	for _, answer := range answers {
		if !of(answer) {
			continue
		}
		if past.Answered == 0 {
			past.Score, past.DaysSinceAnswered = answer.Score, days(answer.At)
		}
		past.Answered++
		if !answer.Invited {
			past.Asked++
			past.DaysSinceAsked = min(past.DaysSinceAsked, days(answer.At))
		}
	}
	return past
}

// add notes the type of event that a condition names.
func (n *needs) add(list string, eventType string) {
	types := map[string]*[]string{"last": &n.last, "count": &n.count}[list]
	if !slices.Contains(*types, eventType) {
		*types = append(*types, eventType)
	}
}
