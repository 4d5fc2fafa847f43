package office

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// pathLists is where lists of people are uploaded.
const pathLists = layouts.PathAsking + "/lists"

const (
	// listPatience is for how long a request stores the people of a list itself,
	// before it leaves the rest to the job and the page shows how far it is.
	listPatience = 800 * time.Millisecond
	// listNews is for how long the page says that a list is stored.
	listNews = 24 * time.Hour
)

// listRoutes are the addresses of uploaded lists.
func (d *desk) listRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return []route{
		{get, pathLists + "/new", surveys.Manager, d.newList},
		{post, pathLists + "/check", surveys.Manager, d.checkList},
		{post, pathLists, surveys.Manager, d.startList},
		{get, pathLists + "/:id", surveys.Manager, d.list},
		{post, pathLists + "/:id/withdraw", surveys.Manager, d.withdrawList},
	}
}

// newList shows an empty form.
func (d *desk) newList(v visit) error {
	f := listForm{visit: v, days: "5", start: v.site.Store.Now().In(v.w.Zone).Format(time.DateOnly)}
	if rule := v.QueryParam("rule"); rule != "" {
		f.to = toRule + rule
	} else if survey := v.QueryParam("survey"); survey != "" {
		f.to = toSurvey + survey
	}
	return f.show(http.StatusOK)
}

// checkList reads the file and says what would happen. It stores nothing.
func (d *desk) checkList(v visit) error {
	if err := v.Request().ParseMultipartForm(web.ListBodyLimit); err != nil {
		if surveys.KindOf(web.ReadFailure(err)) == surveys.TooLarge {
			return listForm{visit: v, days: "5", problem: tooLargeList()}.show(http.StatusRequestEntityTooLarge)
		}
		return web.ReadFailure(fmt.Errorf("read the list: %w", err))
	}
	f := readListForm(v, v.Request().PostForm)
	file, err := v.listFile()
	if err != nil {
		return err
	}
	plan, err := f.plan(file)
	if err == nil {
		f.check, err = d.lists.Check(v.ctx(), plan)
	}
	if invalid(err) {
		f.problem = err
		return f.show(http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return f.preview(plan)
}

// startList confirms what was checked, and leads to the list.
func (d *desk) startList(v visit) error {
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	f := readListForm(v, form)
	if list, err := v.site.Store.List(v.ctx(), v.w.ID, f.id); err == nil { // sent twice
		return web.SeeOther(v, uploadedPath(list.RuleID))
	}
	file, err := unpack(form.Get("packed"))
	if err != nil {
		return surveys.Wrong(surveys.FieldError{Path: "file", Code: "list_empty"})
	}
	plan, err := f.plan(file)
	if err == nil {
		f.check, err = d.lists.Check(v.ctx(), plan)
	}
	var list surveys.List
	if err == nil && len(f.check.Good) > 0 {
		list, err = d.lists.Confirm(v.ctx(), plan, f.check)
	}
	if invalid(err) || err == nil && len(f.check.Good) == 0 {
		f.problem = err
		return f.show(http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	if err := d.lists.StoreFor(v.ctx(), list, listPatience); err != nil {
		v.site.Log.WarnContext(v.ctx(), "store an uploaded list: the job goes on", "error", err)
	}
	return web.SeeOther(v, uploadedPath(list.RuleID))
}

// list shows who of a list waits, and how far a running upload is.
func (d *desk) list(v visit) error {
	rule, survey, err := v.listRule(v.Param("id"))
	if err != nil {
		return err
	}
	waiting, _, last, err := v.site.Store.TurnsWaiting(v.ctx(), v.w.ID, rule.ID, v.site.Store.Now().AddDate(10, 0, 0))
	if err != nil {
		return err
	}
	lists, err := v.site.Store.Lists(v.ctx(), v.w.ID, rule.ID)
	if err != nil {
		return err
	}
	view := office.List{
		Page: v.page(rule.Name, layouts.Asking), Title: rule.Name, Unsent: v.unsent(), Lead: v.l.T("list.asks", "survey", survey.Name),
		Crumbs: listCrumbs(v, rule.Name), Waiting: v.l.T("list.nobody"), Rule: components.Action{Text: v.l.T("list.rule"), Address: "/asking/" + rule.ID, Kind: components.Secondary},
		More: &components.Action{Text: v.l.T("list.more"), Address: pathLists + "/new?rule=" + url.QueryEscape(rule.ID), Kind: components.Secondary},
	}
	if waiting > 0 {
		view.Waiting = v.l.N("list.waiting", int64(waiting), "last", v.l.Date(last.In(v.w.Zone)))
	}
	switch rule.Status {
	case surveys.RulePaused:
		view.Paused = &components.Note{Kind: components.Warning, Text: v.l.T("list.paused")}
	case surveys.RuleArchived:
		view.Paused, view.More = &components.Note{Kind: components.Warning, Text: v.l.T("list.archived")}, nil
	}
	if more := int64(waiting + v.showRun(lists, &view)); more > 0 {
		view.Withdraw = v.l.N("list.withdraw_text", more)
		view.Deed = &office.Deed{Action: uploadedPath(rule.ID) + "/withdraw", Button: components.Action{Text: v.l.N("list.withdraw_button", more), Kind: components.Danger}}
	}
	return web.Render(v, http.StatusOK, office.ListPage(view))
}

// showRun tells how far a rule's lists are stored, or how the latest ended, and
// returns how many people are still to be stored.
func (v visit) showRun(lists []surveys.List, view *office.List) (left int) {
	var done, of int
	for _, list := range lists {
		if list.State == surveys.ListStoring {
			done, of = done+list.Done, of+list.People
		}
	}
	if of > 0 {
		view.Run = &office.ListRun{Done: done, Of: of, Says: v.l.T("list.running", "done", done, "of", of)}
		v.Response().Header().Set("Refresh", "1")
		return of - done
	}
	if len(lists) == 0 {
		return 0
	}
	switch latest := lists[0]; {
	case latest.State == surveys.ListFailed:
		view.Note = &components.Note{Kind: components.Failure, Text: v.l.T("list.failed", "done", latest.Done, "of", latest.People)}
	case latest.State == surveys.ListStored && v.site.Store.Now().Sub(*latest.EndedAt) < listNews:
		view.Note = &components.Note{Kind: components.Done, Text: v.l.N("list.stored", int64(latest.People))}
	}
	return 0
}

// withdrawList takes back the turns that wait.
func (d *desk) withdrawList(v visit) error {
	n, err := d.lists.Withdraw(v.ctx(), v.w.ID, v.Param("id"))
	if err != nil {
		return err
	}
	if n == 0 {
		return v.done("list_nobody", pathLists+"/"+v.Param("id"))
	}
	return v.done("list_withdrawn", pathLists+"/"+v.Param("id"))
}

// listRule is a rule about lists, with its survey.
func (v visit) listRule(id string) (surveys.Rule, surveys.Survey, error) {
	rule, err := v.site.Store.Rule(v.ctx(), v.w.ID, id)
	if err == nil && rule.Trigger != surveys.TriggerList {
		err = surveys.Fail(surveys.NotFound, "not_found")
	}
	if err != nil {
		return rule, surveys.Survey{}, err
	}
	survey, err := v.site.Store.Survey(v.ctx(), v.w.ID, rule.SurveyID)
	return rule, survey, err
}

func uploadedPath(ruleID string) string { return pathLists + "/" + ruleID }

func listCrumbs(v visit, title string) []components.Crumb {
	return []components.Crumb{{Text: v.l.T("office.asking.title"), Address: layouts.PathAsking}, {Text: title}}
}

func tooLargeList() error {
	return surveys.Wrong(surveys.FieldError{Path: "file", Code: "list_large", Args: map[string]any{"max": flow.MaxListBytes >> 20}})
}

// atoi is a number of a form, 0 for what is none.
func atoi(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}
