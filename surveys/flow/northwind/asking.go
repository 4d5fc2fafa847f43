package northwind

import (
	"fmt"
	"math"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// asks are the rule and the survey behind an event, false when there is none.
func (y *year) asks(kind string) (surveys.Rule, surveys.Survey, bool) {
	switch kind {
	case orderCompleted:
		return y.story.Order, y.story.NPS, true
	case orderDelivered:
		return y.story.Delivery, y.story.CSAT, true
	case ticketSolved:
		return y.story.Ticket, y.story.CES, true
	}
	return surveys.Rule{}, surveys.Survey{}, false
}

// decide lets the rule decide about an event, as it would have, and schedules
// the invitation that follows. Before the rules were there another tool asked
// in the same way; of that only the answers are left, imported.
func (y *year) decide(e surveys.Event, p *person) {
	rule, survey, ok := y.asks(e.Type)
	if !ok {
		return
	}
	facts := surveys.Facts{Event: e, Person: p.Person, Survey: survey, Matched: matches(e, p.plan)}
	if !p.lastAsked.IsZero() {
		facts.Asks = []surveys.Ask{{At: p.lastAsked}}
	}
	if p.suppressed != "" && !p.suppressedAt.After(e.ReceivedAt) {
		facts.Suppressed = p.suppressed
	}
	d := rule.Decide(facts, e.ReceivedAt)
	if d.SendAt == nil {
		y.keep(e, d)
		return
	}
	d.InvitationID = drawID(y.r, e.ReceivedAt)
	i := y.send(surveys.Invitation{
		WorkspaceID: y.story.Workspace.ID, ID: d.InvitationID, SurveyID: survey.ID, RuleID: rule.ID, EventID: e.ID, PersonID: p.ID, Email: p.Email,
		State: surveys.InvitationScheduled, SendAt: *d.SendAt, ExpiresAt: d.SendAt.Add(surveys.AnswerWindow), CreatedAt: e.ReceivedAt,
	}, p)
	if i.State == surveys.InvitationSent {
		y.answer(&i, survey, e, p)
	}
	y.keep(e, d)
	if y.linked(e) {
		y.batch.Invitations = append(y.batch.Invitations, i)
	}
}

// linked reports whether Hark's own rules decided about an event.
func (y *year) linked(e surveys.Event) bool {
	return surveys.Day(e.ReceivedAt, y.c.zone) >= y.story.Linked
}

func (y *year) keep(e surveys.Event, d surveys.Decision) {
	if y.linked(e) {
		y.batch.Decisions = append(y.batch.Decisions, store.Fate{EventID: e.ID, Decision: d, DecidedAt: e.ReceivedAt})
	}
}

// send is the fate of an invitation at its time: sent, refused, withdrawn, or
// not yet due.
func (y *year) send(i surveys.Invitation, p *person) surveys.Invitation {
	sent := i.SendAt.Add(time.Duration(1500+y.r.IntN(30000)) * time.Millisecond)
	switch {
	case sent.After(y.now):
		p.lastAsked = i.SendAt
	case p.suppressed != "" && !p.suppressedAt.After(i.SendAt):
		i.State = surveys.InvitationSuppressed
	case p.wrongAddress:
		i.State, i.Attempts, i.Problem = surveys.InvitationFailed, 1, fmt.Sprintf("550 5.1.1 <%s>: Recipient address rejected: User unknown", p.Email)
		p.suppressed, p.suppressedAt = surveys.SuppressedBounced, sent
	case y.r.IntN(1000) < 2:
		i.State, i.Attempts, i.Problem = surveys.InvitationFailed, 9, "451 4.3.0 Temporary server error. Please try again later"
	default:
		i.State, i.Attempts, i.SentAt = surveys.InvitationSent, 1, &sent
		p.lastAsked = i.SendAt
	}
	return i
}

// answerRate is the share of the mails of a survey that are answered.
func answerRate(metric surveys.Metric) float64 {
	if metric == surveys.CES {
		return 0.29
	}
	return 0.265
}

// answer lets somebody answer an invitation that was sent, or stop the mails.
func (y *year) answer(i *surveys.Invitation, survey surveys.Survey, e surveys.Event, p *person) {
	if y.r.Float64() >= answerRate(survey.Metric) {
		if at := i.SentAt.Add(y.patience()); y.r.IntN(1000) < 4 && at.Before(y.now) && p.suppressed == "" {
			p.suppressed, p.suppressedAt = surveys.SuppressedUnsubscribed, at
		}
		return
	}
	r := surveys.Response{PersonID: p.ID, Channel: surveys.ChannelImport, Locale: p.Locale, AnsweredAt: y.c.up(i.SentAt.Add(y.patience()))}
	if y.linked(e) {
		r.Channel, r.InvitationID = surveys.ChannelMail, i.ID
	}
	if id, ok := y.respond(r, survey, asked{plan: p.plan, mood: p.mood, sources: []map[string]any{p.Traits, e.Properties}}); ok && y.linked(e) {
		at := r.AnsweredAt
		i.ResponseID, i.AnsweredAt = id, &at
	}
}

// patience draws how long people take: half of them under four hours, a few
// over a week.
func (y *year) patience() time.Duration {
	hours := math.Min(4*math.Exp(1.35*y.r.NormFloat64()), 24*20)
	return time.Minute + time.Duration(hours*float64(time.Hour)).Truncate(time.Millisecond)
}

// asked is who gives an answer.
type asked struct {
	plan    string // "" when nobody knows
	mood    float64
	sources []map[string]any // of segments, the first that knows a key winning
}

// respond stores an answer under the day on which it is given, unless that is
// still to come.
func (y *year) respond(r surveys.Response, survey surveys.Survey, by asked) (id string, ok bool) {
	day := surveys.Day(r.AnsweredAt, y.c.zone)
	score := y.score(survey.Metric, by, day)
	comment := y.comment(survey.Metric, by.plan, score, said{day: day, locale: r.Locale})
	if r.AnsweredAt.After(y.now) {
		return "", false
	}
	r.WorkspaceID, r.ID, r.SurveyID, r.Version = y.story.Workspace.ID, drawID(y.r, r.AnsweredAt), survey.ID, survey.Question.Version
	r.Score, r.Comment, r.Day, r.CreatedAt, r.UpdatedAt = score, comment, day, r.AnsweredAt, r.AnsweredAt
	r.Segments = surveys.SegmentsOf(r, y.story.Workspace.Segments, by.sources...)
	d := y.day(day)
	d.responses = append(d.responses, r)
	if survey.Metric == surveys.NPS {
		y.club.heard(r)
	}
	return r.ID, true
}

func (y *year) score(metric surveys.Metric, by asked, day int) int {
	at := y.places.draw(y.r, string(metric)+by.plan, by.mood)
	switch metric {
	case surveys.NPS:
		return npsScore(npsLevel(by.plan, y.c.courierOn(day)), at)
	case surveys.CES:
		return cesScore(float64(day-y.story.Year.From)/365, at)
	}
	return csatScore(at)
}

// unaskedADay is how many answers come without a mail on an average day: in
// the shop's app, which knows the customer, and by the code that is printed on
// bags and receipts, which does not.
type unaskedADay struct {
	survey surveys.Survey
	plan   string // "" for the printed code
	mean   float64
}

func (y *year) unasked(day int) {
	nps, csat, ces := y.story.NPS, y.story.CSAT, y.story.CES
	bustle := y.c.bustle(day, answerWeek())
	for _, u := range []unaskedADay{
		{nps, planSubscription, 18}, {nps, planRetail, 12}, {nps, planWholesale, 4}, {nps, planGift, 4}, {nps, "", 7},
		{csat, planRetail, 20}, {csat, planWholesale, 6}, {csat, planGift, 6}, {csat, "", 15},
		{ces, planSubscription, 9}, {ces, planRetail, 7}, {ces, planWholesale, 2}, {ces, planGift, 1.5},
	} {
		for range y.about(u.mean * bustle * y.rush(u.plan, day)) {
			at := y.c.at(day, y.hour())
			if u.plan == "" {
				y.byCode(u.survey, at)
			} else {
				y.byApp(u.survey, y.pools[u.plan].draw(y.r, u.plan), at)
			}
		}
	}
}

func (y *year) byApp(survey surveys.Survey, p *person, at time.Time) {
	at = y.known(p, at)
	sources := []map[string]any{p.Traits}
	if survey.Metric != surveys.CES {
		sources = append(sources, map[string]any{"product": y.product(p.plan)})
	}
	if _, ok := y.respond(surveys.Response{PersonID: p.ID, Channel: surveys.ChannelAPI, Locale: p.Locale, AnsweredAt: at}, survey,
		asked{plan: p.plan, mood: p.mood, sources: sources}); ok && at.After(p.UpdatedAt) {
		p.UpdatedAt = at
	}
}

func (y *year) byCode(survey surveys.Survey, at time.Time) {
	locale := "en"
	if y.r.IntN(12) == 0 {
		locale = "zh-Hans"
	}
	y.respond(surveys.Response{Channel: surveys.ChannelLink, Locale: locale, AnsweredAt: at}, survey, asked{mood: y.r.Float64()})
}

// dueSoon lets three customers who were never asked order just as long ago as
// makes their invitations due within a minute from now.
func (y *year) dueSoon() {
	for i, in := range []time.Duration{20, 34, 48} {
		at := y.now.Add(in*time.Second - y.story.Order.Delay)
		p := y.people.person(planSubscription, y.story.Year.From-200-i)
		p.wrongAddress = false
		y.order(p, at)
		y.counts.Due++
	}
}
