package office

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// ruleEventsPage is how many of a rule's events one page lists.
const ruleEventsPage = 50

// ruleEvents lists the events behind a number of a rule's page, with the reason
// of each.
func (d *desk) ruleEvents(v visit) error {
	r, err := readRulePage(v)
	if err != nil {
		return err
	}
	filter, name, known := r.eventFilter(v.QueryParam("outcome"))
	if !known {
		return surveys.Fail(surveys.NotFound, "not_found")
	}
	filter.Detail = v.QueryParam("detail")
	page, note := v.pageNumber()
	filter.Offset, filter.Limit = (page-1)*ruleEventsPage, ruleEventsPage+1
	list, err := v.site.Store.RuleEvents(v.ctx(), v.w.ID, filter)
	if err != nil {
		return err
	}
	if len(list) > 0 && len(filter.Outcomes) == 1 && filter.Fate == "" {
		name = v.reasonName(filter.Outcomes[0], filter.Detail)
	}
	view := office.RuleEvents{
		Page: v.page(name, layouts.Asking), Title: name, Lead: r.when(), Note: note,
		Crumbs: []components.Crumb{{Text: v.l.T("office.asking.title"), Address: layouts.PathAsking}, {Text: r.rule.Name, Address: r.ruleAt("", nil)}, {Text: name}},
		Pager:  components.Pager{L: v.l, Words: components.ByTime, Summary: v.l.T("office.people.page", "page", page)},
	}
	at := func(page int) string {
		return r.ruleAt("/events", map[string]string{"outcome": v.QueryParam("outcome"), "detail": filter.Detail, "page": strconv.Itoa(page)})
	}
	if page > 1 {
		view.Pager.Newer = at(page - 1)
	}
	if len(list) > ruleEventsPage {
		list, view.Pager.Older = list[:ruleEventsPage], at(page+1)
	}
	if view.Rows, err = r.eventRows(list); err != nil {
		return err
	}
	if len(list) == 0 {
		view.Empty = &components.Empty{Title: v.l.T("rules.events.empty.title"), Text: v.l.T("rules.events.empty.text")}
	}
	return web.Render(v, http.StatusOK, office.RuleEventsPage(view))
}

// eventFilter reads which events are meant: all, those that came as far as a
// step, those of one outcome, or those of one fate of their invitation.
func (r ruleReading) eventFilter(name string) (filter store.RuleEventFilter, title string, known bool) {
	filter = store.RuleEventFilter{RuleID: r.rule.ID, Since: r.since()}
	if name == "" {
		name = "events"
	}
	if filter.Outcomes = outcomesOf(name); filter.Outcomes != nil {
		return filter, r.l.T("rules.step." + name), true
	}
	for _, outcome := range surveys.Outcomes() {
		if string(outcome) == name {
			filter.Outcomes = []surveys.Outcome{outcome}
			return filter, r.l.T("rules.outcome." + name), true
		}
	}
	for _, fate := range store.InvitationFates() {
		if string(fate) == name {
			filter.Fate, filter.Outcomes = fate, outcomesOf("asked")
			if slices.Contains([]store.InvitationFate{store.FateHanded, store.FateAccepted, store.FateSent, store.FateClicked, store.FateAnswered}, fate) {
				return filter, r.l.T("rules.step." + name), true
			}
			return filter, r.l.T("rules.fate." + name), true
		}
	}
	return filter, "", false
}

// eventRows are the events with their people and reasons.
func (r ruleReading) eventRows(list []store.RuleEvent) ([]office.RuleEventRow, error) {
	var ids []string
	for _, e := range list {
		ids = append(ids, e.EventID)
	}
	events, err := r.site.Store.EventsByID(r.ctx(), r.w.ID, ids)
	if err != nil {
		return nil, err
	}
	ids = nil
	for _, e := range events {
		ids = append(ids, e.PersonID)
	}
	people, err := r.site.Store.PeopleByID(r.ctx(), r.w.ID, ids)
	if err != nil {
		return nil, err
	}
	var rows []office.RuleEventRow
	for _, e := range list {
		row := office.RuleEventRow{When: r.l.DateTime(e.DecidedAt.In(r.w.Zone)), Reason: r.reason(e), Person: r.l.T("rules.events.erased")}
		if p, found := people[events[e.EventID].PersonID]; found {
			row.Person, row.Address, row.Properties = p.Label(), "/people/"+p.ID, properties(events[e.EventID])
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// reason says what became of an event: of one that asks, how far its invitation
// came.
func (r ruleReading) reason(e store.RuleEvent) string {
	switch {
	case e.Answered:
		return r.l.T("office.invitation.answered")
	case e.State == "" || e.State == surveys.InvitationScheduled:
		return r.l.Decision(e.Decision, r.w.Zone)
	case e.Problem != "":
		return r.l.T("rules.events.problem", "state", r.l.T("office.invitation."+string(e.State)), "problem", r.l.Problem(e.Problem))
	}
	return r.l.T("office.invitation." + string(e.State))
}
