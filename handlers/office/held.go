package office

import (
	"net/http"
	"strconv"
	"time"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// heldPage is how many held answers one page lists.
const heldPage = 50

// heldRoutes are the addresses of the answers that are not counted.
func (d *desk) heldRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return []route{
		{get, "/surveys/:id/held", surveys.Manager, d.held},
		{post, "/surveys/:id/held/:held/:move", surveys.Manager, d.moveHeld},
	}
}

// heldPath is where a survey's held answers are listed.
func heldPath(surveyID string) string { return "/surveys/" + surveyID + "/held" }

// held lists the answers to a survey's mails that are not counted, and why.
func (d *desk) held(v visit) error {
	survey, err := v.survey()
	if err != nil {
		return err
	}
	number, _ := v.pageNumber()
	filter := store.HeldFilter{SurveyID: survey.ID, State: surveys.HeldState(v.QueryParam("state")), Offset: (number - 1) * heldPage, Limit: heldPage + 1}
	list, err := v.site.Store.SurveyHeld(v.ctx(), v.w.ID, filter)
	if err != nil {
		return err
	}
	counts, err := v.site.Store.CountHeld(v.ctx(), v.w.ID, survey.ID, time.Time{}, v.site.Now().Add(time.Hour))
	if err != nil {
		return err
	}
	h := heldList{visit: v, survey: survey, filter: filter, number: number, counts: counts}
	view, err := h.view(list)
	if err != nil {
		return err
	}
	return web.Render(v, http.StatusOK, office.HeldPage(view))
}

// moveHeld counts a held answer, sets one aside, or takes either back.
func (d *desk) moveHeld(v visit) error {
	survey, err := v.survey()
	if err != nil {
		return err
	}
	moves := flow.NewHeld(v.site.Store)
	id, back := v.Param("held"), heldPath(survey.ID)
	switch move := v.Param("move"); move {
	case "count":
		held, err := v.site.Store.HeldAnswer(v.ctx(), v.w.ID, id)
		if err != nil {
			return err
		}
		if err := moves.Count(v.ctx(), v.user, id); err != nil {
			return err
		}
		return v.done("held_counted", withQuery(back, map[string]string{"counted": held.Response.InvitationID}))
	case "aside":
		err = moves.SetAside(v.ctx(), v.user, id)
	case "wait":
		err = moves.Wait(v.ctx(), v.user, id)
	case "uncount":
		err = moves.Uncount(v.ctx(), v.user, id)
	default:
		return surveys.Fail(surveys.NotFound, "not_found")
	}
	if err != nil {
		return err
	}
	return v.done("held_"+v.Param("move"), back)
}

// heldList is what the page shows.
type heldList struct {
	visit
	survey surveys.Survey
	filter store.HeldFilter
	number int
	counts map[surveys.HeldState]int64
}

func (h heldList) view(list []surveys.HeldAnswer) (office.Held, error) {
	title := h.l.T("held.title")
	view := office.Held{
		Page: h.page(title, layouts.Scores), Title: title, Lead: h.l.T("held.lead."+h.survey.Machines.String(), "wait", h.l.N("held.wait", int64(h.survey.Quarantine/time.Minute))),
		Crumbs: []components.Crumb{{Text: h.l.T("office.scores.title"), Address: layouts.PathScores}, {Text: h.survey.Name, Address: "/surveys/" + h.survey.ID}, {Text: title}},
		Filters: []components.SegmentLink{
			h.link("", h.counts[surveys.HeldWaiting]+h.counts[surveys.HeldAside]), h.link(surveys.HeldWaiting, h.counts[surveys.HeldWaiting]), h.link(surveys.HeldAside, h.counts[surveys.HeldAside]),
		},
		Pager: components.Pager{L: h.l, Summary: h.l.T("office.people.page", "page", h.number)},
	}
	if invitation := h.QueryParam("counted"); surveys.IsKey(invitation) && invitation != "" {
		view.Undo = &office.Deed{Action: heldPath(h.survey.ID) + "/" + invitation + "/uncount", Button: components.Action{Text: h.l.T("held.undo"), Kind: components.Secondary}}
	}
	if h.number > 1 {
		view.Pager.Newer = h.at(h.number - 1)
	}
	if len(list) > heldPage {
		list, view.Pager.Older = list[:heldPage], h.at(h.number+1)
	}
	var ids []string
	for _, a := range list {
		ids = append(ids, a.Response.PersonID)
	}
	people, err := h.site.Store.PeopleByID(h.ctx(), h.w.ID, ids)
	for _, a := range list {
		view.Rows = append(view.Rows, h.row(a, people[a.Response.PersonID]))
	}
	if len(list) == 0 {
		view.Empty = &components.Empty{Title: h.l.T("held.empty.title"), Text: h.l.T("held.empty.text")}
	}
	return view, err
}

func (h heldList) at(page int) string {
	return withQuery(heldPath(h.survey.ID), map[string]string{"state": string(h.filter.State), "page": strconv.Itoa(page)})
}

func (h heldList) link(state surveys.HeldState, n int64) components.SegmentLink {
	name := "all"
	if state != "" {
		name = string(state)
	}
	return components.SegmentLink{
		Text: h.l.T("held.state."+name) + " " + h.l.Number(n), Current: h.filter.State == state,
		Address: withQuery(heldPath(h.survey.ID), map[string]string{"state": string(state)}),
	}
}

// row is one answer, with why it is held in words.
func (h heldList) row(a surveys.HeldAnswer, p surveys.Person) office.HeldRow {
	who := p.Name
	if who == "" {
		who = p.Email
	}
	row := office.HeldRow{
		Score: strconv.Itoa(a.Response.Score), Comment: a.Response.Comment, Who: who, Person: "/people/" + a.Response.PersonID,
		Since: h.l.Date(a.CreatedAt.In(h.w.Zone)), State: components.Tag{Text: h.l.T("held.state." + string(a.State))},
		Why: []string{h.l.T("held.source." + string(a.Source))},
	}
	for _, signal := range a.Signals {
		row.Why = append(row.Why, h.l.T("held.signal."+string(signal)))
	}
	deed := func(move string, kind components.ActionKind) office.Deed {
		return office.Deed{Action: heldPath(h.survey.ID) + "/" + a.ID + "/" + move, Button: components.Action{
			Text: h.l.T("held.move." + move), Label: h.l.T("held.move_label."+move, "score", row.Score, "who", who), Kind: kind,
		}}
	}
	row.Deeds = append(row.Deeds, deed("count", components.Secondary))
	if a.State == surveys.HeldWaiting {
		row.Deeds = append(row.Deeds, deed("aside", components.Quiet))
	} else {
		row.State.Tone = components.Warn
		row.Deeds = append(row.Deeds, deed("wait", components.Quiet))
	}
	return row
}
