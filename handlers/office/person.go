package office

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
	"github.com/harkhq/hark/templates/words"
)

// historyLimit is how much of each kind a history holds.
const historyLimit = 100

// history is one person with everything that happened.
type history struct {
	visit
	person      surveys.Person
	surveys     map[string]surveys.Survey
	events      []surveys.Event
	decisions   map[string][]surveys.Decision // by event
	invitations []surveys.Invitation
	responses   []surveys.Response
	suppressed  surveys.Suppression
	sharing     []surveys.Person          // who else has the address
	bounces     map[string]surveys.Bounce // the latest report by letter
	asked       wordings

	cancellations []surveys.Cancellation
	pageAsks      []store.PageAsk
	flows         map[string]surveys.CancelFlow
}

// person shows one person and why they were or were not asked.
func (d *desk) person(v visit) error {
	h := history{visit: v}
	if err := h.read(v.Param("id")); err != nil {
		return err
	}
	return web.Render(v, http.StatusOK, office.PersonPage(h.page()))
}

// read looks everything up.
func (h *history) read(id string) (err error) {
	db, ctx, ws := h.site.Store, h.ctx(), h.w.ID
	if h.person, err = db.Person(ctx, ws, id); err != nil {
		return err
	}
	if h.events, err = db.PersonEvents(ctx, ws, id, historyLimit); err != nil {
		return err
	}
	if h.invitations, err = db.PersonInvitations(ctx, ws, id, historyLimit); err != nil {
		return err
	}
	if err = h.readBounces(); err != nil {
		return err
	}
	if h.responses, err = db.Responses(ctx, ws, store.ResponseFilter{PersonID: id, Limit: historyLimit}); err != nil {
		return err
	}
	if err = h.readLeaving(id); err != nil {
		return err
	}
	if h.asked, err = h.wordings(h.responses); err != nil {
		return err
	}
	if h.suppressed, err = db.Suppression(ctx, h.w.Workspace, h.person.Email); err != nil {
		return err
	}
	if h.sharing, err = db.Sharing(ctx, ws, h.person, sharingShown+1); err != nil {
		return err
	}
	ids := make([]string, len(h.events))
	for i, e := range h.events {
		ids[i] = e.ID
	}
	if h.decisions, err = db.Decisions(ctx, ws, ids); err != nil {
		return err
	}
	h.surveys, err = surveysByID(h.visit)
	return err
}

// surveysByID are the workspace's surveys.
func surveysByID(v visit) (map[string]surveys.Survey, error) {
	list, err := v.site.Store.Surveys(v.ctx(), v.w.ID)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]surveys.Survey, len(list))
	for _, s := range list {
		byID[s.ID] = s
	}
	return byID, nil
}

// page builds the view.
func (h *history) page() office.Person {
	p := office.Person{
		Page: h.visit.page(h.person.Label(), layouts.People), Crumbs: personCrumbs(h.visit, h.person), Name: h.person.Label(),
		Facts: h.facts(), Traits: h.traits(), History: h.moments(), Unsent: h.unsent(), Stop: h.stop(),
		Erase: h.action(surveys.Agent, components.Action{Text: h.l.T("office.erase.open"), Address: "/people/" + h.person.ID + "/erase", Kind: components.Danger}),
	}
	if h.suppressed != "" {
		p.Note = &components.Note{Kind: components.Warning, Text: h.l.T("office.person.suppressed." + string(h.suppressed))}
	}
	return p
}

// stop is the button that ends all mails to the person, or lets them through
// again; nil when that is not the team's to say.
func (h *history) stop() *office.Deed {
	switch {
	case !h.may(surveys.Agent) || h.person.Email == "":
		return nil
	case h.suppressed == "":
		return &office.Deed{Action: "/people/" + h.person.ID + "/stop", Button: components.Action{Text: h.l.T("office.person.stop"), Kind: components.Secondary}}
	case h.suppressed == surveys.SuppressedByTeam:
		return &office.Deed{Action: "/people/" + h.person.ID + "/resume", Button: components.Action{Text: h.l.T("office.person.resume"), Kind: components.Secondary}}
	}
	return nil
}

func (h *history) facts() []office.Fact {
	var facts []office.Fact
	add := func(name, value string) {
		if value != "" {
			facts = append(facts, office.Fact{Name: h.l.T("office.person." + name), Value: value})
		}
	}
	add("email", h.person.Email)
	add("id", h.person.ExternalID)
	add("locale", h.l.Language(h.person.Locale))
	add("timezone", h.person.TimeZone)
	facts = append(facts, h.sharingFacts()...)
	add("known_since", h.l.Date(h.person.CreatedAt.In(h.w.Zone)))
	return facts
}

// sharingShown is how many of those who share an address are named.
const sharingShown = 3

// sharingFacts lead to others with the same address: what one of them was asked is
// why another is not.
func (h *history) sharingFacts() []office.Fact {
	var values []office.Fact
	for i, other := range h.sharing {
		if i == sharingShown {
			values = append(values, office.Fact{Value: h.l.T("office.person.shares_more"), Address: withQuery(layouts.PathPeople, map[string]string{"q": h.person.Email})})
			break
		}
		values = append(values, office.Fact{Value: other.Label(), Address: "/people/" + other.ID})
	}
	if len(values) == 0 {
		return nil
	}
	first := values[0]
	first.Name, first.Also = h.l.T("office.person.shares"), values[1:]
	return []office.Fact{first}
}

func (h *history) traits() []office.Fact {
	var facts []office.Fact
	for _, key := range slices.Sorted(maps.Keys(h.person.Traits)) {
		facts = append(facts, office.Fact{Name: words.KeyName(h.l, key), Value: words.ValueName(h.l, key, written(h.person.Traits[key]))})
	}
	return facts
}

// written is a trait or a property as a page shows it: words as they are, and
// everything else as JSON, so that a million is not 1e+06.
func written(value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	raw, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(raw)
}

// maxProperties is how many properties of an event a history shows.
const maxProperties = 6

// properties are those of an event, in the order of their names.
func properties(e surveys.Event) []string {
	var list []string
	for _, key := range slices.Sorted(maps.Keys(e.Properties)) {
		if len(list) == maxProperties {
			return append(list, "…")
		}
		list = append(list, key+": "+written(e.Properties[key]))
	}
	return list
}

// dated is a moment with its time, to be put in order.
type dated struct {
	at     time.Time
	moment office.Moment
}

// moments are events, invitations and answers together, the latest first.
func (h *history) moments() []office.Moment {
	var all []dated
	for _, e := range h.events {
		all = append(all, dated{e.OccurredAt, h.event(e)})
	}
	for _, i := range h.invitations {
		all = append(all, dated{i.SendAt, h.invitation(i)})
	}
	for _, r := range h.responses {
		all = append(all, dated{r.AnsweredAt, h.response(r)})
	}
	for _, c := range h.cancellations {
		all = append(all, dated{c.StartedAt, h.leaving(c)})
	}
	for _, a := range h.pageAsks {
		all = append(all, dated{a.At, h.pageAsk(a)})
	}
	slices.SortStableFunc(all, func(a, b dated) int { return cmp.Compare(b.at.UnixMicro(), a.at.UnixMicro()) })
	moments := make([]office.Moment, len(all))
	for i, d := range all {
		moments[i] = d.moment
		moments[i].When = h.l.DateTime(d.at.In(h.w.Zone))
	}
	return moments
}

// event is what happened, and what each rule made of it.
func (h *history) event(e surveys.Event) office.Moment {
	m := office.Moment{Kind: "event", Properties: properties(e), Title: words.Set(h.l.T("office.history.event"), map[string]words.Part{"event": {Text: e.Type, Code: true}})}
	for _, d := range h.decisions[e.ID] {
		m.Details = append(m.Details, words.Set(h.l.T("office.history.decision"), map[string]words.Part{
			"rule": {Text: d.RuleName}, "decision": {Text: h.decision(e, d)},
		}))
	}
	if len(m.Details) == 0 {
		m.Details = []words.Sentence{{{Text: h.l.T("office.history.no_rule")}}}
	}
	return m
}

// decision is what a rule made of an event. A history looks back, so what was
// scheduled is told as what was done.
func (h *history) decision(e surveys.Event, d surveys.Decision) string {
	when := func(at time.Time) string { return h.l.DateTime(at.In(h.w.Zone)) }
	switch {
	case d.Outcome == surveys.Scheduled && d.SendAt != nil:
		return h.l.T("office.history.scheduled", "at", when(*d.SendAt))
	case d.Outcome == surveys.Capped && d.Until != nil:
		if ask, found := h.askAhead(e, *d.Until); found {
			return h.l.T("office.history.capped_ahead."+h.tense(ask.SendAt), "at", when(ask.SendAt), "until", when(*d.Until))
		}
		if d.Detail != "" {
			return h.l.T("office.history.capped_by."+h.tense(*d.Until), "until", when(*d.Until), "detail", h.l.Problem(d.Detail))
		}
		return h.l.T("office.history.capped."+h.tense(*d.Until), "until", when(*d.Until))
	case d.Outcome == surveys.Deferred && d.SendAt != nil:
		return h.l.T("office.history.deferred", "at", when(*d.SendAt), "detail", h.l.Problem(d.Detail))
	}
	return h.l.Decision(d, h.w.Zone)
}

// tense is how a history speaks of a time: the name of its sentences.
func (h *history) tense(at time.Time) string {
	if at.After(h.site.Now()) {
		return "ahead"
	}
	return "past"
}

// askAhead is the invitation that stood in an event's way without having been
// sent yet: the last one that was made before the event came in, for a time
// between it and the end of the limit.
func (h *history) askAhead(e surveys.Event, until time.Time) (last surveys.Invitation, found bool) {
	for _, i := range h.invitations {
		if i.AboutID != "" || i.EventID == e.ID || i.CreatedAt.After(e.ReceivedAt) || !i.SendAt.After(e.ReceivedAt) || !i.SendAt.Before(until) {
			continue
		}
		if !found || i.SendAt.After(last.SendAt) {
			last, found = i, true
		}
	}
	return last, found
}

// invitation is one letter of an ask, and where it stands.
func (h *history) invitation(i surveys.Invitation) office.Moment {
	m := office.Moment{
		Kind:  "invitation",
		Title: words.Set(h.l.T("office.history."+h.stage(i)+string(i.Letter), "number", h.which(i)), map[string]words.Part{"survey": h.surveyPart(i.SurveyID)}),
		Tag:   &components.Tag{Text: h.l.T("office.invitation." + string(i.State)), Tone: invitationTone(i.State)},
	}
	if i.AnsweredAt != nil {
		m.Tag = &components.Tag{Text: h.l.T("office.invitation.answered"), Tone: components.Good}
	}
	if i.State == surveys.InvitationScheduled && i.Letter == surveys.LetterReminder && h.answered(i.AboutID) {
		m.Tag = &components.Tag{Text: h.l.T("office.invitation.not_needed")}
	}
	if i.Problem != "" {
		m.Text = h.problem(i)
	}
	h.returned(i, &m)
	return m
}

// which reminder of its invitation a letter is, from 1.
func (h *history) which(i surveys.Invitation) int {
	n := 1
	for _, other := range h.invitations {
		if other.Letter == surveys.LetterReminder && other.AboutID == i.AboutID && other.ID < i.ID {
			n++
		}
	}
	return n
}

// answered reports whether an invitation was answered, so that its reminder
// will not leave.
func (h *history) answered(id string) bool {
	return slices.ContainsFunc(h.invitations, func(i surveys.Invitation) bool { return i.ID == id && i.AnsweredAt != nil })
}

// problem says why an invitation has not arrived: in the mail server's words,
// which begin with a code of three digits, that none answered, or what Hark
// found before.
func (h *history) problem(i surveys.Invitation) string {
	if _, known := surveys.ParseProblem(i.Problem); known {
		return h.l.Problem(i.Problem)
	}
	switch {
	case serverWords(i.Problem):
		return h.l.T("office.history.problem", "problem", i.Problem)
	case i.State == surveys.InvitationScheduled || i.State == surveys.InvitationClaimed || i.State == surveys.InvitationSending:
		return h.l.T("office.history.waits", "problem", i.Problem)
	}
	return h.l.T("office.history.not_handed_over", "problem", i.Problem)
}

// serverWords reports whether a problem is a mail server's reply.
func serverWords(problem string) bool {
	code, _, _ := strings.Cut(problem, " ")
	number, err := strconv.Atoi(code)
	return err == nil && number >= 200 && number < 600
}

func invitationTone(state surveys.InvitationState) components.Tone {
	switch state {
	case surveys.InvitationFailed, surveys.InvitationExpired, surveys.InvitationBounced:
		return components.Bad
	case surveys.InvitationUnknown, surveys.InvitationSuppressed, surveys.InvitationCancelled:
		return components.Warn
	}
	return components.Plain
}

// response is what the person said.
func (h *history) response(r surveys.Response) office.Moment {
	m := office.Moment{
		Kind: "answer", Text: r.Comment, Said: h.beside(h.asked, r),
		Title: words.Set(h.l.T("office.history.answer"), map[string]words.Part{"survey": h.surveyPart(r.SurveyID)}),
	}
	if survey, ok := h.surveys[r.SurveyID]; ok {
		badge := h.badge(survey, r.Score)
		m.Score, m.Properties = &badge, h.ratings(r, survey)
	}
	if r.InvitationID != "" && h.may(surveys.Manager) {
		m.Deed = &office.Deed{
			Action: heldPath(r.SurveyID) + "/" + r.InvitationID + "/uncount",
			Button: components.Action{Text: h.l.T("held.move.aside"), Label: h.l.T("held.set_aside"), Kind: components.Quiet},
		}
	}
	return m
}

func (h *history) surveyPart(id string) words.Part {
	return words.Part{Text: h.surveys[id].Name, Address: "/surveys/" + id}
}
