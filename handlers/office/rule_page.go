package office

import (
	"net/http"
	"time"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
	"github.com/harkhq/hark/templates/words"
)

// ruleReading is what a rule's own page knows.
type ruleReading struct {
	visit
	rule   surveys.Rule
	survey surveys.Survey
	counts store.RuleCounts
	turns  words.Sentence // who waits for their turn; nil: nobody, or no turn sets the rule off
}

// words says the rule in plain words.
func (r ruleReading) words() ruleWords {
	return ruleWords{visit: r.visit, rule: r.rule, survey: r.survey}
}

// readRulePage looks up the rule that the address names.
func readRulePage(v visit) (ruleReading, error) {
	rule, err := v.site.Store.Rule(v.ctx(), v.w.ID, v.Param("id"))
	if err != nil {
		return ruleReading{}, err
	}
	survey, err := v.site.Store.Survey(v.ctx(), v.w.ID, rule.SurveyID)
	return ruleReading{visit: v, rule: rule.Filled(), survey: survey}, err
}

// rulePage shows what a rule does, and what became of its events.
func (d *desk) rulePage(v visit) error {
	r, err := readRulePage(v)
	if err != nil {
		return err
	}
	if err := r.readCounts(v.ctx()); err != nil {
		return err
	}
	view := r.page()
	if view.Funnel != nil {
		if view.Mail, err = r.mailSays(); err != nil {
			return err
		}
		view.Periods, view.Unseen = r.periods(), r.l.T("rules.mail.unseen")
	}
	return web.Render(v, http.StatusOK, office.RulePage(view))
}

// readTurns counts who waits for their turn of a series or a list.
func (r *ruleReading) readTurns() error {
	if r.rule.Archived() {
		return nil
	}
	n, first, err := r.waiting()
	if err == nil && n > 0 {
		r.turns = words.Sentence{{Text: r.l.N("rules.says.turns", int64(n), "first", r.l.Date(first.In(r.w.Zone)))}}
	}
	return err
}

// waiting counts who waits for their turn, and tells when the first one comes.
func (r ruleReading) waiting() (n int, first time.Time, err error) {
	if r.rule.Trigger == surveys.TriggerEvent {
		return 0, first, nil
	}
	n, first, _, err = r.site.Store.TurnsWaiting(r.ctx(), r.w.ID, r.rule.ID, r.site.Store.Now().AddDate(10, 0, 0))
	return n, first, err
}

func (r ruleReading) page() office.Rule {
	view := office.Rule{
		Page: r.visit.page(r.rule.Name, layouts.Asking), Title: r.rule.Name, Status: r.ruleTag(r.rule),
		Crumbs: []components.Crumb{{Text: r.l.T("office.asking.title"), Address: layouts.PathAsking}, {Text: r.rule.Name}},
		Says:   r.words().all(), Funnel: r.funnel(), Paused: r.pausedNote(), Unsent: r.unsent(),
		Try:     r.action(surveys.Manager, components.Action{Text: r.l.T("rules.form.try"), Address: rulePath(r.rule) + "/try#trial", Kind: components.Secondary, Busy: r.l.T("rules.form.trying")}),
		Letters: r.action(surveys.Manager, components.Action{Text: r.l.T("rules.page.letters"), Address: pathLetters(r.rule.ID), Kind: components.Secondary}),
		Edit:    r.action(surveys.Manager, components.Action{Text: r.l.T("rules.page.edit"), Address: rulePath(r.rule) + "/edit", Kind: components.Secondary}),
	}
	if view.Funnel == nil {
		view.Empty, view.Says = r.empty(), r.words().draft(r.site.Store.Now())
	}
	if r.turns != nil {
		view.Says = append(view.Says, r.turns)
	}
	if r.rule.Trigger == surveys.TriggerList {
		view.List = r.action(surveys.Manager, components.Action{Text: r.l.T("rules.page.list"), Address: uploadedPath(r.rule.ID), Kind: components.Secondary})
	}
	if r.may(surveys.Manager) {
		view.Deed = r.statusDeed(r.rule, "?from=rule")
	}
	if r.rule.Archived() {
		view.Try, view.Edit = nil, nil
	}
	r.addWhole(&view)
	return view
}

// pausedNote says why the rule asks nobody at the moment; nil when it does.
func (r ruleReading) pausedNote() *components.Note {
	switch r.rule.Status {
	case surveys.RulePaused:
		return &components.Note{Kind: components.Info, Text: r.l.T("rules.paused_note")}
	case surveys.RuleArchived:
		return &components.Note{Kind: components.Info, Text: r.l.T("rules.archive.note")}
	}
	return r.surveyNote(r.survey)
}

// empty says what will be here, and how to get there.
func (r ruleReading) empty() *components.Empty {
	if r.rule.Archived() {
		return &components.Empty{Title: r.l.T("rules.archive.empty.title"), Text: r.l.T("rules.archive.empty.text")}
	}
	empty := &components.Empty{Title: r.l.T("rules.funnel.empty.title"), Text: r.l.T("rules.funnel.empty." + string(r.rule.Trigger))}
	if r.rule.Trigger == surveys.TriggerList {
		empty.Action = r.action(surveys.Manager, components.Action{Text: r.l.T("rules.form.list_link"), Address: uploadPath(r.rule)})
	}
	return empty
}

// uploadPath is where a list for a rule is uploaded.
func uploadPath(r surveys.Rule) string {
	return withQuery(pathLists+"/new", map[string]string{"rule": r.ID})
}
