package office

import (
	"net/http"
	"strings"
	"time"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/layouts"
)

// ruleRoutes are the addresses of the rules.
func (d *desk) ruleRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return []route{
		{get, layouts.PathAsking, surveys.Viewer, d.asking},
		{get, "/asking/new", surveys.Manager, d.newRule},
		{post, "/asking", surveys.Manager, d.createRule},
		{post, "/asking/form", surveys.Manager, d.draftRule},
		{get, "/asking/:id", surveys.Viewer, d.rulePage},
		{get, "/asking/:id/events", surveys.Viewer, d.ruleEvents},
		{get, "/asking/:id/chart/:file", surveys.Viewer, d.saveRuleChart},
		{get, "/asking/:id/edit", surveys.Manager, d.editRule},
		{post, "/asking/:id", surveys.Manager, d.updateRule},
		{post, "/asking/:id/form", surveys.Manager, d.draftRule},
		{post, "/asking/try", surveys.Manager, d.tryDraft},
		{post, "/asking/:id/try", surveys.Manager, d.tryDraft},
		{get, "/asking/:id/try", surveys.Manager, d.tryRule},
		{post, "/asking/:id/status", surveys.Manager, d.setRuleStatus},
		{post, "/asking/:id/copy", surveys.Manager, d.copyRule},
		{get, "/asking/:id/archive", surveys.Manager, d.confirmArchiveRule},
		{post, "/asking/:id/archive", surveys.Manager, d.archiveRule},
		{post, "/asking/:id/back", surveys.Manager, d.bringRuleBack},
	}
}

// newRule shows a form with the usual values.
func (d *desk) newRule(v visit) error {
	known, err := v.site.Store.Surveys(v.ctx(), v.w.ID)
	if err != nil {
		return err
	}
	usual := surveys.Rule{SurveyID: v.QueryParam("survey"), Delay: 24 * time.Hour, Status: surveys.RuleActive, Window: surveys.WorkingHours()}
	return ruleForm{visit: v, rule: usual, known: known}.show(http.StatusOK)
}

// editRule shows the form of a rule that is not archived.
func (d *desk) editRule(v visit) error {
	rule, err := v.site.Store.Rule(v.ctx(), v.w.ID, v.Param("id"))
	if err != nil {
		return err
	}
	if rule.Archived() {
		return web.SeeOther(v, rulePath(rule))
	}
	known, err := v.site.Store.Surveys(v.ctx(), v.w.ID)
	if err != nil {
		return err
	}
	return ruleForm{visit: v, rule: rule, known: known}.show(http.StatusOK)
}

// createRule stores a new rule.
func (d *desk) createRule(v visit) error { return saveRule(v, "rule_created") }

// updateRule stores what was changed in the form.
func (d *desk) updateRule(v visit) error { return saveRule(v, "rule_saved") }

// saveRule stores the form, and leads to the rule's own page.
func saveRule(v visit, flash string) error {
	f, err := v.sentRule()
	if err != nil {
		return err
	}
	saved, err := v.site.Asking.SaveRule(v.ctx(), v.w.ID, f.rule)
	if invalid(err) {
		f.problem = joinFields(err, missing(f.rule))
		return f.show(http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return v.done(flash, rulePath(saved))
}

// missing says of a field that was left empty that it is, rather than how it is
// to be written.
func missing(r surveys.Rule) []surveys.FieldError {
	if r.Trigger == surveys.TriggerEvent && strings.TrimSpace(r.EventType) == "" {
		return []surveys.FieldError{{Path: "event_type", Code: "required"}}
	}
	return nil
}

// joinFields lets an error say more about some fields.
func joinFields(err error, fields []surveys.FieldError) error {
	if err == nil || len(fields) == 0 || !invalid(err) {
		return err
	}
	joined := &surveys.Error{Kind: surveys.Invalid, Code: "invalid", Err: err}
	joined.Fields = append(fieldsOf(err), fields...)
	return joined
}

// setRuleStatus pauses a rule, or has it ask again.
func (d *desk) setRuleStatus(v visit) error {
	rule, err := v.site.Store.Rule(v.ctx(), v.w.ID, v.Param("id"))
	if err != nil {
		return err
	}
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	status, back := surveys.RuleStatus(form.Get("status")), layouts.PathAsking
	if v.QueryParam("from") == "rule" {
		back = rulePath(rule)
	}
	if err := v.site.Asking.SetRuleStatus(v.ctx(), v.w.ID, rule.ID, status); err != nil {
		return err
	}
	return v.done("rule_"+string(status), back)
}
