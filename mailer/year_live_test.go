//go:build !race

package mailer

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// The year as the product goes through it.

// diary is what others did when letters came: the mail server, and the people.
type diary struct {
	mu    sync.Mutex
	said  map[attempt]Result
	tries map[string]int // by invitation
}

// attempt is a letter that was handed to the mail server.
type attempt struct {
	invitation string
	at         time.Time
}

func newDiary() *diary {
	return &diary{said: make(map[attempt]Result), tries: make(map[string]int)}
}

// serve is the mail server: out of reach at times, often busy, and without some
// addresses. Whatever it says is by lot.
func (d *diary) serve(l store.Letter, now time.Time) Result {
	d.mu.Lock()
	defer d.mu.Unlock()
	result := Result{Outcome: Sent}
	busy := surveys.Lot("busy", l.InvitationID)
	switch tries := d.tries[l.InvitationID]; {
	case down(now):
		result = Result{Outcome: Outage}
	case surveys.Lot("no such mailbox", l.Recipient) < 0.01:
		result = Result{Outcome: Permanent, BadAddress: true}
	case busy < 0.01: // for good
		result = Result{Outcome: Temporary}
	case busy < 0.05 && tries < int(busy*200):
		result = Result{Outcome: Temporary}
	case busy > 0.99 && tries < 1 || busy > 0.999:
		result = Result{Outcome: Unknown}
	}
	if result.Outcome != Outage {
		d.tries[l.InvitationID]++
	}
	d.said[attempt{l.InvitationID, now}] = result
	return result
}

// count says what letters met before they were sent.
func (d *diary) count(met seen) {
	sent := make(map[string]bool)
	for a, result := range d.said {
		if result.Outcome == Sent {
			sent[a.invitation] = true
		}
	}
	names := map[Outcome]string{Outage: "sent after an outage", Temporary: "sent after a refusal", Unknown: "sent after a doubt"}
	for a, result := range d.said {
		if name := names[result.Outcome]; name != "" && sent[a.invitation] {
			met[name]++
		}
	}
}

// answerAfter is how long after its mail an invitation is answered; 0 for never.
func answerAfter(invitation string) time.Duration {
	if surveys.Lot("answers", invitation) >= 0.4 {
		return 0
	}
	return time.Duration(1+surveys.Lot("hesitates", invitation)*300) * tick
}

// lived is a happening with what the product said of it.
type lived struct {
	happening
	received flow.Received
}

// life is the product at work.
type life struct {
	*simulation
	receiver   *flow.Receiver
	answers    *flow.Answers
	team       *flow.Team
	turns      *flow.Turns
	ingest     *store.Ingest
	dispatcher *Dispatcher
	now        time.Time
	next       time.Time              // when the dispatcher has something to do
	later      []time.Time            // when it has, besides what the store knows
	unsure     []string               // letters that nobody knows the fate of
	answered   map[time.Time][]string // invitations by the time of their answer
}

// live goes through the year, half hour by half hour.
func (sim *simulation) live() []lived {
	ingest := store.NewIngest(sim.store, nil)
	defer ingest.Close()
	l := &life{
		simulation: sim, receiver: flow.NewReceiver(sim.store, nil), team: flow.NewTeam(sim.store), turns: flow.NewTurns(sim.store), ingest: ingest,
		answers: flow.NewAnswers(sim.store, flow.NewDirectory(sim.store), ingest), answered: make(map[time.Time][]string), next: yearEnd(),
	}
	l.dispatcher = dispatcher(sim.t, sim.store, transportFunc(l.deliver), func(o *DispatcherOptions) {
		o.Chance, o.Batch = func() float64 { return 0.5 }, 5000 // tries as late as they should be; all that is due at once
	})
	var all []lived
	place := 0
	for l.now = yearStart(); l.now.Before(yearEnd()); l.now = l.now.Add(tick) {
		sim.clock.Advance(l.now.Sub(sim.clock.Now()))
		l.pause()
		for ; place < len(sim.events) && sim.events[place].at.Equal(l.now); place++ {
			all = append(all, l.happen(sim.events[place]))
		}
		for _, id := range l.answered[l.now] {
			l.answer(id)
		}
		l.takeTurns()
		if dispatches(l.now) && !l.next.After(l.now) {
			l.dispatch()
		}
	}
	return all
}

// must fails the test on an error.
func (l *life) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

// pause begins and ends pauses.
func (l *life) pause() {
	asking, before := flow.NewAsking(l.store), l.now.Add(-tick)
	for _, p := range pauses() {
		if p.has(l.now) == p.has(before) {
			continue
		}
		rule, survey := surveys.RuleActive, surveys.SurveyActive
		if p.has(l.now) {
			rule, survey = surveys.RulePaused, surveys.SurveyPaused
		}
		if p.rule >= 0 {
			l.must(asking.SetRuleStatus(l.t.Context(), l.workspace.ID, l.rules[p.rule].ID, rule))
		} else {
			l.must(asking.SetSurveyStatus(l.t.Context(), l.workspace.ID, l.surveys[p.survey].ID, survey))
		}
	}
}

// happen lets the product hear of something.
func (l *life) happen(h happening) lived {
	ctx, person := l.t.Context(), l.people[h.person]
	if h.isEvent() {
		received, err := l.receiver.Receive(ctx, l.workspace, surveys.Event{Type: h.kind, OccurredAt: h.occurred, Properties: h.properties},
			surveys.Person{ExternalID: person.ExternalID, Email: person.Email})
		l.must(err)
		for _, d := range received.Decisions {
			if d.SendAt != nil && d.SendAt.Before(l.next) {
				l.next = *d.SendAt
			}
		}
		return lived{h, received}
	}
	in := flow.Invited{Office: flow.Office{Workspace: l.workspace}, Invitation: surveys.Invitation{Email: person.Email, SurveyID: l.surveys[h.survey].ID}}
	switch h.kind {
	case pageAnswered:
		l.submit(surveys.Invitation{SurveyID: l.surveys[h.survey].ID, PersonID: person.ID})
	case unsubscribed:
		l.must(l.answers.Unsubscribe(ctx, in))
	case stopsSurvey:
		l.must(l.answers.StopSurvey(ctx, in))
	case comesBack:
		l.must(l.answers.Resubscribe(ctx, in))
	case teamStops:
		l.must(l.team.StopAsking(ctx, l.workspace, person.ID))
	case teamLifts:
		l.must(l.team.AskAgain(ctx, l.workspace, person.ID))
	}
	return lived{h, flow.Received{PersonID: person.ID}}
}

// answer answers an invitation that was sent, if it is still open.
func (l *life) answer(id string) {
	i := l.read(id)
	if i.Letter != surveys.LetterInvitation || i.State != surveys.InvitationSent || i.Open(l.now) != nil {
		return
	}
	l.submit(i)
	l.wake(l.now.Add(surveys.ThanksDelay))
}

// submit stores an answer now, to an invitation or, where that has no id, without.
func (l *life) submit(i surveys.Invitation) {
	survey := l.surveys[slices.IndexFunc(l.surveys, func(s surveys.Survey) bool { return s.ID == i.SurveyID })]
	r := storetest.Response(l.t, l.store, survey, 1)
	r.InvitationID, r.PersonID = i.ID, i.PersonID
	_, err := l.ingest.Submit(l.t.Context(), store.Submission{Response: r})
	l.must(err)
}

// takeTurns runs the job of turns, begins the series, and uploads the list.
func (l *life) takeTurns() {
	if !l.setting.turns {
		return
	}
	if l.now.Equal(dayOf(seriesDay)) {
		rule := l.rules[series]
		rule.CreatedAt, rule.UpdatedAt = l.now, l.now
		storetest.Write(l.t, l.store, func(ctx context.Context, tx *store.Tx) error { return tx.CreateRule(ctx, rule) })
	}
	if l.now.Equal(dayOf(listDay)) {
		l.upload()
	}
	listed := span{listDay, listDay + 30}
	if !listed.has(l.now) && l.now.Before(dayOf(seriesDay)) || !takesTurns(l.now) {
		return
	}
	l.must(l.turns.Run(l.t.Context()))
	l.plan()
}

// dispatch mails what is due.
func (l *life) dispatch() {
	_, err := runOnce(l.t.Context(), l.dispatcher)
	l.must(err)
	l.later = slices.DeleteFunc(l.later, func(at time.Time) bool { return !at.After(l.now) })
	l.unsure = slices.DeleteFunc(l.unsure, func(id string) bool {
		i := l.read(id)
		return i.State != surveys.InvitationUnknown || i.LeaseUntil == nil
	})
	if len(l.unsure) > 0 {
		l.later = append(l.later, l.now.Add(tick))
	}
	l.plan()
}

// deliver hands a letter to the mail server, and decides when it is answered.
func (l *life) deliver(_ context.Context, letter store.Letter) Result {
	result := l.diary.serve(letter, l.now)
	l.diary.mu.Lock()
	defer l.diary.mu.Unlock()
	switch wait := answerAfter(letter.InvitationID); {
	case result.Outcome == Sent && wait > 0:
		l.answered[l.now.Add(wait)] = append(l.answered[l.now.Add(wait)], letter.InvitationID)
	case result.Outcome == Unknown:
		l.unsure = append(l.unsure, letter.InvitationID)
	}
	return result
}

// wake lets the dispatcher run at a time.
func (l *life) wake(at time.Time) {
	l.later = append(l.later, at)
	if at.Before(l.next) {
		l.next = at
	}
}

var errLooked = errors.New("it was only a look")

// plan finds out when the dispatcher has something to do next.
func (l *life) plan() {
	l.next = yearEnd()
	err := l.store.InTx(l.t.Context(), func(tx *store.Tx) error {
		first, err := tx.ClaimDue(l.t.Context(), l.workspace.ID, yearEnd(), claimLease, 1)
		if err != nil {
			return err
		}
		for _, i := range first {
			l.next = i.SendAt
		}
		return errLooked
	})
	if !errors.Is(err, errLooked) {
		l.t.Fatal(err)
	}
	for _, at := range l.later {
		if at.Before(l.next) {
			l.next = at
		}
	}
}
