package flow

import (
	"context"
	"slices"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// conclusion is what follows from one event of a person, in the transaction
// that takes it in.
type conclusion struct {
	tx         *store.Tx
	conditions *conditions
	w          surveys.Workspace
	event      surveys.Event
	person     surveys.Person
	known      *surveys.Facts // what all rules need to know; nil until the first one asks
	stopped    []string       // surveys of which the person wants no mail
	decisions  []surveys.Decision
}

// apply lets one rule decide, and schedules the invitation that follows.
func (c *conclusion) apply(ctx context.Context, rule surveys.Rule) error {
	facts, err := c.facts(ctx, rule)
	if err != nil {
		return err
	}
	now := c.tx.Now()
	decision := rule.Decide(facts, now)
	if decision.Outcome.Asks() {
		if decision.InvitationID, err = c.tx.NewID(); err != nil {
			return err
		}
		if err := c.tx.CreateInvitation(ctx, surveys.Invitation{
			WorkspaceID: rule.WorkspaceID, ID: decision.InvitationID, Letter: surveys.LetterInvitation, SurveyID: rule.SurveyID, RuleID: rule.ID,
			EventID: c.event.ID, PersonID: c.person.ID, Email: c.person.Email, State: surveys.InvitationScheduled,
			SendAt: *decision.SendAt, ExpiresAt: decision.SendAt.Add(rule.AnswerWindow()), CreatedAt: now, WantsThanks: rule.Thanks.On,
		}); err != nil {
			return err
		}
		c.known.Asks = append(c.known.Asks, surveys.Ask{SurveyID: facts.Survey.ID, Kind: facts.Survey.Kind, Topic: facts.Survey.Topic, At: *decision.SendAt})
	}
	withdrew := func(d surveys.Decision) bool { return d.RuleID == rule.ID } // by this event, which has more to say
	c.decisions = append(slices.DeleteFunc(c.decisions, withdrew), decision)
	return nil
}

// facts are what a rule needs to know.
func (c *conclusion) facts(ctx context.Context, rule surveys.Rule) (surveys.Facts, error) {
	if err := c.learn(ctx); err != nil {
		return surveys.Facts{}, err
	}
	facts := *c.known
	var err error
	if facts.Survey, err = c.tx.Survey(ctx, c.w.ID, rule.SurveyID); err != nil {
		return facts, err
	}
	if facts.Suppressed == "" && slices.Contains(c.stopped, rule.SurveyID) {
		facts.Suppressed = surveys.SuppressedUnsubscribed
	}
	if facts.Later, err = c.tx.EventsSince(ctx, c.w.ID, c.person.ID, c.event.OccurredAt, rule.Withdraw.Events); err != nil {
		return facts, err
	}
	facts.Matched, facts.MatchProblem, err = c.conditions.judge(ctx, c.tx, question{rule: rule, event: c.event, person: c.person, at: c.tx.Now()})
	return facts, err
}

// learn looks up what all rules need to know, once.
func (c *conclusion) learn(ctx context.Context) error {
	if c.known != nil {
		return nil
	}
	if err := c.tx.LockMailbox(ctx, c.w.ID, c.person.Email); err != nil {
		return err
	}
	known := &surveys.Facts{Event: c.event, Person: c.person, Zone: surveys.ZoneOf(c.person, c.w), Holidays: c.w.Holidays, Caps: c.w.Caps}
	var err error
	if known.Suppressed, err = c.tx.Suppression(ctx, c.w, c.person.Email); err != nil {
		return err
	}
	if c.stopped, err = c.tx.StoppedSurveys(ctx, c.w, c.person.Email); err != nil {
		return err
	}
	if known.Asks, err = c.tx.Asks(ctx, c.w.ID, c.person.ID, c.tx.Now().Add(-surveys.MaxCapDays*24*time.Hour)); err != nil {
		return err
	}
	c.known = known
	return nil
}

// withdraw takes back the letters that have not left yet and that the event
// says are out of place: of an order that was refunded since, a ticket that was
// opened again, a cancellation of which it turns out that nobody wanted it.
func (c *conclusion) withdraw(ctx context.Context, rules []surveys.Rule) error {
	return c.takeBack(ctx, slices.DeleteFunc(slices.Clone(rules), func(rule surveys.Rule) bool {
		return !slices.Contains(rule.Withdraw.Events, c.event.Type) && !(c.event.TellsOfSubscription() && c.conditions.asksOfLeaving(rule))
	}))
}

// takeBack takes back what some rules planned and is out of place now.
func (c *conclusion) takeBack(ctx context.Context, rules []surveys.Rule) error {
	if len(rules) == 0 {
		return nil
	}
	byID, ids := make(map[string]surveys.Rule, len(rules)), make([]string, len(rules))
	for i, rule := range rules {
		byID[rule.ID], ids[i] = rule, rule.ID
	}
	if err := c.tx.LockMailbox(ctx, c.w.ID, c.person.Email); err != nil {
		return err
	}
	unsent, err := c.tx.Unsent(ctx, c.w.ID, c.person.ID, ids)
	if err != nil {
		return err
	}
	for _, invitation := range unsent {
		if err := c.takeBackOne(ctx, byID[invitation.RuleID], invitation); err != nil {
			return err
		}
	}
	return nil
}

func (c *conclusion) takeBackOne(ctx context.Context, rule surveys.Rule, i surveys.Invitation) error {
	why, err := c.outOfPlace(ctx, rule, i)
	if err != nil || why == nil {
		return err
	}
	from := i.State
	i.State, i.LeaseUntil, i.Problem = surveys.InvitationCancelled, nil, why.String()
	err = c.tx.MoveInvitation(ctx, i, from)
	if surveys.KindOf(err) == surveys.Conflict {
		return nil // it left in the meantime
	}
	if err != nil {
		return err
	}
	told := func(d surveys.Decision) bool { return d.RuleID == rule.ID }
	if !slices.ContainsFunc(c.decisions, told) {
		c.decisions = append(c.decisions, surveys.Decision{
			RuleID: rule.ID, RuleName: rule.Name, SurveyID: rule.SurveyID, Outcome: surveys.Withdrew, InvitationID: i.ID,
		})
	}
	return nil
}

// outOfPlace is why a letter that has not left may not: for the event, or because what
// became of the person's subscription is another story by now than its rule asks for. Nil
// when it may.
func (c *conclusion) outOfPlace(ctx context.Context, rule surveys.Rule, i surveys.Invitation) (*surveys.Problem, error) {
	asked, err := c.tx.Event(ctx, c.w.ID, i.EventID)
	if err != nil {
		return nil, err
	}
	if rule.Withdraws(asked, c.event) {
		why := surveys.WithdrawnBy(c.event)
		return &why, nil
	}
	if i.PersonID != c.person.ID || !c.conditions.asksOfLeaving(rule) {
		return nil, nil
	}
	matched, problem, err := c.conditions.judge(ctx, c.tx, question{rule: rule, event: asked, person: c.person, at: c.tx.Now()})
	if err != nil || matched || problem != "" {
		return nil, err
	}
	return &surveys.Problem{Code: "condition_since"}, nil
}
