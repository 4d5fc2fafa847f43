package office

import (
	"net/http"
	"unicode/utf8"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// copyRule makes a paused copy, and leads to its form.
func (d *desk) copyRule(v visit) error {
	rule, err := v.site.Store.Rule(v.ctx(), v.w.ID, v.Param("id"))
	if err != nil {
		return err
	}
	made, err := v.site.Asking.CopyRule(v.ctx(), v.w.ID, rule.ID, v.copyName(rule.Name))
	if err != nil {
		return err
	}
	return v.done("rule_copied", rulePath(made)+"/edit")
}

// copyName says of a name that it is a copy's. A long one loses its end for it.
func (v visit) copyName(name string) string {
	named := func(name string) string { return v.l.T("rules.copy.name", "rule", name) }
	if over := utf8.RuneCountInString(named(name)) - maxName; over > 0 {
		runes := []rune(name)
		name = string(runes[:len(runes)-over-1]) + "…"
	}
	return named(name)
}

// confirmArchiveRule asks before a rule is put away, and says what goes with it.
func (d *desk) confirmArchiveRule(v visit) error {
	r, err := readRulePage(v)
	if err != nil {
		return err
	}
	if r.rule.Archived() {
		return web.SeeOther(v, rulePath(r.rule))
	}
	planned, err := v.site.Store.PlannedLetters(v.ctx(), v.w.ID, r.rule.ID)
	if err != nil {
		return err
	}
	waiting, _, err := r.waiting()
	if err != nil {
		return err
	}
	points := []string{v.l.T("rules.archive.point.none")}
	if len(planned) > 0 {
		points[0] = v.l.N("rules.archive.point.letters", int64(len(planned)))
	}
	if waiting > 0 {
		points = append(points, v.l.N("rules.archive.point.turns", int64(waiting)))
	}
	title := v.l.T("rules.archive.title", "rule", r.rule.Name)
	return web.Render(v, http.StatusOK, office.ConfirmPage(office.Confirm{
		Page: v.page(title, layouts.Asking), Title: title, Text: v.l.T("rules.archive.text"), Back: rulePath(r.rule),
		Crumbs: []components.Crumb{{Text: v.l.T("office.asking.title"), Address: layouts.PathAsking}, {Text: r.rule.Name, Address: rulePath(r.rule)}, {Text: v.l.T("rules.archive.button")}},
		Points: append(points, v.l.T("rules.archive.point.answers"), v.l.T("rules.archive.point.back")),
		Action: rulePath(r.rule) + "/archive", Button: v.l.T("rules.archive.button"),
	}))
}

// archiveRule puts a rule away.
func (d *desk) archiveRule(v visit) error {
	if err := v.site.Asking.ArchiveRule(v.ctx(), v.w.ID, v.Param("id")); err != nil {
		return err
	}
	return v.done("rule_archived", layouts.PathAsking+"/"+v.Param("id"))
}

// bringRuleBack makes an archived rule a paused one.
func (d *desk) bringRuleBack(v visit) error {
	if err := v.site.Asking.BringBack(v.ctx(), v.w.ID, v.Param("id")); err != nil {
		return err
	}
	return v.done("rule_back", layouts.PathAsking+"/"+v.Param("id"))
}

// addWhole adds what somebody may do with the rule as a whole.
func (r ruleReading) addWhole(view *office.Rule) {
	if !r.may(surveys.Manager) {
		return
	}
	view.Copy = &office.Deed{Action: rulePath(r.rule) + "/copy", Button: components.Action{Text: r.l.T("rules.copy.button"), Kind: components.Quiet}}
	if !r.rule.Archived() {
		view.Archive = &components.Action{Text: r.l.T("rules.archive.open"), Address: rulePath(r.rule) + "/archive", Kind: components.Quiet}
	}
}
