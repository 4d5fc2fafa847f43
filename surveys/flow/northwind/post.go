package northwind

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// letter is one by a rule, with what is known of it beside its row.
type letter struct {
	surveys.Invitation
	rule   *surveys.Rule
	survey *surveys.Survey
	event  surveys.Event
	who    *person
	about  *letter // the invitation itself, or the one that a reminder or thank-you belongs to
}

// ask is the letter as one time at which somebody is asked.
func (l *letter) ask() surveys.Ask {
	return surveys.Ask{SurveyID: l.SurveyID, Kind: l.survey.Kind, Topic: l.survey.Topic, At: l.SendAt, Reminder: l.Letter == surveys.LetterReminder}
}

// answered reports whether the question that the letter is about was answered by
// its link up to a time.
func (l *letter) answered(by time.Time) bool {
	at := l.about.AnsweredAt
	return at != nil && !at.After(by)
}

// post is the letters of the rules: all of them, and those that wait for their
// time. It has its own chance, so that it changes nothing of what the shop draws.
type post struct {
	r     *rand.Rand
	zones map[string]*time.Location // by their names
	all   []*letter
	queue []*letter // the first to leave first
}

func newPost(story Story) *post {
	return &post{r: rand.New(rand.NewPCG(uint64(story.Year.To), 0x706f7374)), zones: make(map[string]*time.Location)}
}

// plan takes a new letter in.
func (p *post) plan(l *letter, at time.Time) {
	l.ID, l.CreatedAt = drawID(p.r, at), at
	p.all = append(p.all, l)
	if l.Letter != surveys.LetterThanks {
		l.who.letters = append(l.who.letters, l)
	}
	p.wait(l)
}

// wait lets a letter wait for its time.
func (p *post) wait(l *letter) {
	if l.State != surveys.InvitationScheduled {
		return
	}
	at, _ := slices.BinarySearchFunc(p.queue, l, func(a, b *letter) int { return cmp.Or(a.SendAt.Compare(b.SendAt), cmp.Compare(a.ID, b.ID)) })
	p.queue = slices.Insert(p.queue, at, l)
}

// decide lets the rule decide about an event as it does for any shop, and plans the
// invitation that follows.
func (y *year) decide(e surveys.Event, p *person) {
	rule, survey := y.asks(e.Type)
	if rule == nil {
		return
	}
	facts := y.facts(p, survey, e.ReceivedAt)
	facts.Event, facts.Matched, facts.Suppressed = e, matches(e, p.plan), p.stopped(e.ReceivedAt)
	d := rule.Decide(facts, e.ReceivedAt)
	if d.Outcome.Asks() {
		l := &letter{rule: rule, survey: survey, event: e, who: p, Invitation: surveys.Invitation{
			WorkspaceID: y.story.Workspace.ID, Letter: surveys.LetterInvitation, SurveyID: survey.ID, RuleID: rule.ID, EventID: e.ID, PersonID: p.ID, Email: p.Email,
			State: surveys.InvitationScheduled, SendAt: *d.SendAt, ExpiresAt: d.SendAt.Add(rule.AnswerWindow()), WantsThanks: rule.Thanks.On,
		}}
		l.about = l
		y.post.plan(l, e.ReceivedAt)
		d.InvitationID = l.ID
	}
	y.batch.Decisions = append(y.batch.Decisions, store.Fate{EventID: e.ID, Decision: d, DecidedAt: e.ReceivedAt})
}

// facts are what a rule needs to know of a person at a time.
func (y *year) facts(p *person, survey *surveys.Survey, now time.Time) surveys.Facts {
	zone := y.post.zones[p.TimeZone]
	if zone == nil {
		zone = surveys.ZoneOf(p.Person, y.story.Workspace)
		y.post.zones[p.TimeZone] = zone
	}
	left, planned := p.asks(now, nil)
	return surveys.Facts{
		Person: p.Person, Survey: *survey, Zone: zone, Holidays: y.story.Workspace.Holidays, Caps: y.story.Workspace.Caps,
		Asks: slices.Concat(left, planned),
	}
}

// asks are what somebody was asked and answered up to a time, and what else is
// planned beside a letter. What never left is no ask, nor is a reminder of what is
// answered.
func (p *person) asks(now time.Time, beside *letter) (left, planned []surveys.Ask) {
	for _, l := range p.letters {
		switch {
		case l == beside:
		case l.State == surveys.InvitationSent:
			left = append(left, l.ask())
		case l.State == surveys.InvitationScheduled && !(l.about != l && l.answered(now)):
			planned = append(planned, l.ask())
		}
	}
	for _, ask := range p.answers {
		if !ask.At.After(now) {
			left = append(left, ask)
		}
	}
	return left, planned
}

// mail lets every letter leave that is due up to a time.
func (y *year) mail(until time.Time) {
	for len(y.post.queue) > 0 {
		l := y.post.queue[0]
		if l.SendAt.After(until) || l.SendAt.After(y.now) {
			return
		}
		y.post.queue = y.post.queue[1:]
		if y.look(l) {
			y.leave(l)
		}
	}
}

// look asks once more whether a letter may leave, as the dispatcher does.
func (y *year) look(l *letter) bool {
	now := l.SendAt
	if l.who.stopped(now) != "" {
		l.State = surveys.InvitationSuppressed
		return false
	}
	if l.Letter == surveys.LetterReminder && l.answered(now) {
		l.State, l.Problem = surveys.InvitationCancelled, surveys.Problem{Code: "reminder_answered"}.String()
		return false
	}
	facts := y.facts(l.who, l.survey, now)
	left, planned := l.who.asks(now, l)
	facts.Asks = left
	switch leaving := l.rule.Leave(l.Invitation, facts, planned, now); {
	case leaving.Drop:
		l.State, l.Problem = surveys.InvitationCancelled, leaving.Why
		return false
	case leaving.Until.After(now):
		l.SendAt = leaving.Until
		y.post.wait(l)
		return false
	}
	return true
}

// leave hands a letter to the mail server. What it took may be answered, and a
// reminder follows.
func (y *year) leave(l *letter) {
	l.Invitation = y.hand(l.Invitation, l.who, y.post.r)
	if l.State != surveys.InvitationSent || l.Letter == surveys.LetterThanks {
		return
	}
	if about := l.about; about.AnsweredAt == nil {
		if at, answers := y.replies(y.post.r, letterRate(l), l.Invitation, l.who); answers && at.Before(about.ExpiresAt) {
			y.answer(about, at)
		}
	}
	facts := y.facts(l.who, l.survey, *l.SentAt)
	if next, follows := l.rule.Remind(l.Invitation, facts); follows {
		y.post.plan(&letter{Invitation: next, rule: l.rule, survey: l.survey, event: l.event, who: l.who, about: l.about}, *l.SentAt)
	}
}

// letterRate is the share of the people who answer after a letter: where reminders
// follow, fewer do at once, and a few after each.
func letterRate(l *letter) float64 {
	switch {
	case l.Letter == surveys.LetterReminder:
		return 0.06 / float64(l.Number)
	case len(l.rule.Reminders) > 0:
		return 0.25
	}
	return answerRate(l.survey.Metric)
}

// answer stores the answer to an invitation at its time, unless that is still to
// come, and thanks for it.
func (y *year) answer(l *letter, at time.Time) {
	r := surveys.Response{PersonID: l.who.ID, InvitationID: l.ID, Channel: surveys.ChannelMail, Locale: l.who.Locale, AnsweredAt: at}
	id, ok := y.respond(r, *l.survey, askedOf(l.who, l.event))
	if !ok {
		return
	}
	l.ResponseID, l.AnsweredAt = id, &at
	if thanks := l.rule.Thank(l.Invitation, l.who.Person, at); l.WantsThanks && !thanks.SendAt.After(y.now) {
		l.WantsThanks = false
		y.post.plan(&letter{Invitation: thanks, rule: l.rule, survey: l.survey, event: l.event, who: l.who, about: l}, thanks.SendAt)
	}
}

// letters are all of the rules' letters, by the time at which they were planned.
func (y *year) letters() []surveys.Invitation {
	list := make([]surveys.Invitation, 0, len(y.post.all))
	for _, l := range y.post.all {
		if l.State == surveys.InvitationScheduled && l.who.stopped(y.now) != "" {
			l.State = surveys.InvitationSuppressed
		}
		list = append(list, l.Invitation)
	}
	slices.SortFunc(list, func(a, b surveys.Invitation) int { return cmp.Compare(a.ID, b.ID) })
	return list
}
