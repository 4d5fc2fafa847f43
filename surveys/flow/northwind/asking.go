package northwind

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/harkhq/hark/surveys"
)

// asks are the rule and the survey behind an event, nil when there is none.
func (y *year) asks(kind string) (*surveys.Rule, *surveys.Survey) {
	switch kind {
	case orderCompleted:
		return &y.story.Order, &y.story.NPS
	case orderDelivered:
		return &y.story.Delivery, &y.story.CSAT
	case ticketSolved:
		return &y.story.Ticket, &y.story.CES
	}
	return nil, nil
}

// askElsewhere is how another tool asked before the rules were there: of that only
// the answers are left, imported.
func (y *year) askElsewhere(e surveys.Event, p *person) {
	rule, survey := y.asks(e.Type)
	if rule == nil {
		return
	}
	facts := surveys.Facts{Event: e, Person: p.Person, Survey: *survey, Matched: matches(e, p.plan), Suppressed: p.stopped(e.ReceivedAt)}
	if !p.lastAsked.IsZero() {
		facts.Asks = []surveys.Ask{{At: p.lastAsked}}
	}
	d := rule.Decide(facts, e.ReceivedAt)
	if d.SendAt == nil {
		return
	}
	drawID(y.r, e.ReceivedAt) // the chance of all that follows counts on it
	i := y.hand(surveys.Invitation{Email: p.Email, State: surveys.InvitationScheduled, SendAt: *d.SendAt}, p, y.r)
	if i.State == surveys.InvitationSent || i.State == surveys.InvitationScheduled {
		p.lastAsked = i.SendAt
	}
	if i.State != surveys.InvitationSent {
		return
	}
	if at, answers := y.replies(y.r, answerRate(survey.Metric), i, p); answers {
		y.respond(surveys.Response{PersonID: p.ID, Channel: surveys.ChannelImport, Locale: p.Locale, AnsweredAt: at}, *survey, askedOf(p, e))
	}
}

// linked reports whether Hark's own rules decided about an event.
func (y *year) linked(e surveys.Event) bool {
	return surveys.Day(e.ReceivedAt, y.c.zone) >= y.story.Linked
}

// hand gives a letter to the mail server at its time, which takes it or refuses it;
// or it is not yet due.
func (y *year) hand(i surveys.Invitation, p *person, r *rand.Rand) surveys.Invitation {
	sent := i.SendAt.Add(time.Duration(1500+r.IntN(30000)) * time.Millisecond)
	switch {
	case sent.After(y.now):
	case p.stopped(i.SendAt) != "":
		i.State = surveys.InvitationSuppressed
	case p.wrongAddress:
		i.State, i.Attempts, i.Problem = surveys.InvitationFailed, 1, fmt.Sprintf("550 5.1.1 <%s>: Recipient address rejected: User unknown", p.Email)
		p.suppressed, p.suppressedAt = surveys.SuppressedBounced, sent
	case r.IntN(1000) < 2:
		i.State, i.Attempts, i.Problem = surveys.InvitationFailed, 9, "451 4.3.0 Temporary server error. Please try again later"
	default:
		i.State, i.Attempts, i.SentAt = surveys.InvitationSent, 1, &sent
	}
	return i
}

// stopped is why somebody gets no mail at a time; "" when they do.
func (p *person) stopped(at time.Time) surveys.Suppression {
	if p.suppressedAt.After(at) {
		return ""
	}
	return p.suppressed
}

// answerRate is the share of the mails of a survey that are answered.
func answerRate(metric surveys.Metric) float64 {
	if metric == surveys.CES {
		return 0.29
	}
	return 0.265
}

// replies draws when somebody answers a letter, false for never; a few stop the
// mails instead.
func (y *year) replies(r *rand.Rand, rate float64, i surveys.Invitation, p *person) (time.Time, bool) {
	if r.Float64() >= rate {
		if at := i.SentAt.Add(patience(r)); r.IntN(1000) < 4 && at.Before(y.now) && p.suppressed == "" {
			p.suppressed, p.suppressedAt = surveys.SuppressedUnsubscribed, at
		}
		return time.Time{}, false
	}
	return y.c.up(i.SentAt.Add(patience(r))), true
}

// patience draws how long people take: half of them under four hours, a few
// over a week.
func patience(r *rand.Rand) time.Duration {
	hours := math.Min(4*math.Exp(1.35*r.NormFloat64()), 24*20)
	return time.Minute + time.Duration(hours*float64(time.Hour)).Truncate(time.Millisecond)
}

// asked is who gives an answer.
type asked struct {
	plan    string // "" when nobody knows
	mood    float64
	sources []map[string]any // of segments, the first that knows a key winning
	who     *person          // nil when nobody knows
}

// askedOf is a person whom a letter about an event asked.
func askedOf(p *person, e surveys.Event) asked {
	return asked{plan: p.plan, mood: p.mood, who: p, sources: []map[string]any{p.Traits, e.Properties}}
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
	if by.who != nil && r.InvitationID == "" {
		by.who.answers = append(by.who.answers, surveys.Ask{SurveyID: survey.ID, Kind: survey.Kind, Topic: survey.Topic, At: r.AnsweredAt, Answered: true})
	}
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
				y.byApp(u.survey, y.inApp(u.plan, at), at)
			}
		}
	}
}

// inApp draws whom the shop's app asks. Since the rules are there it asks anybody
// who looks at it, but nobody to whom a letter is about to go or has just gone.
func (y *year) inApp(plan string, at time.Time) *person {
	pool := y.pools[plan]
	if surveys.Day(at, y.c.zone) < y.story.Linked {
		return pool.draw(y.r, plan)
	}
	p := pool.anybody(y.r)
	for range 20 {
		left, planned := p.asks(at, nil)
		if len(planned) == 0 && !slices.ContainsFunc(left, func(ask surveys.Ask) bool { return at.Sub(ask.At) < surveys.AskFloor }) {
			break
		}
		p = pool.anybody(y.r)
	}
	return p
}

func (y *year) byApp(survey surveys.Survey, p *person, at time.Time) {
	at = y.known(p, at)
	sources := []map[string]any{p.Traits}
	if survey.Metric != surveys.CES {
		sources = append(sources, map[string]any{"product": y.product(p.plan)})
	}
	if _, ok := y.respond(surveys.Response{PersonID: p.ID, Channel: surveys.ChannelAPI, Locale: p.Locale, AnsweredAt: at}, survey,
		asked{plan: p.plan, mood: p.mood, who: p, sources: sources}); ok && at.After(p.UpdatedAt) {
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
