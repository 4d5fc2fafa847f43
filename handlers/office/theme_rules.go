package office

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
	"github.com/harkhq/hark/templates/words"
)

// keywordsShown is how many of a theme's words the list shows.
const keywordsShown = 12

// trialShown is how many of the comments that a theme finds are shown.
const trialShown = 5

// themeRules lists what the workspace looks for in comments.
func (d *desk) themeRules(v visit) error {
	list, err := v.site.Store.Themes(v.ctx(), v.w.ID)
	if err != nil {
		return err
	}
	deleted, err := v.site.Store.DeletedThemes(v.ctx(), v.w.ID)
	if err != nil {
		return err
	}
	page := office.ThemeRules{
		Page: v.page(v.l.T("themes.rules.title"), layouts.Settings), Crumbs: v.themeCrumbs(""),
		New:      v.action(surveys.Manager, components.Action{Text: v.l.T("themes.new"), Address: pathThemes + "/new"}),
		Starters: v.starters(list),
	}
	for _, t := range list {
		page.List = append(page.List, v.themeRule(t, "delete"))
	}
	for _, t := range deleted {
		page.Deleted = append(page.Deleted, v.themeRule(t, "restore"))
	}
	if len(list) == 0 {
		page.Empty = &components.Empty{Title: v.l.T("themes.none.title"), Text: v.l.T("themes.none.text")}
	}
	return web.Render(v, http.StatusOK, office.ThemeRulesPage(page))
}

// themeRule is a theme in the list, with the one thing that can be done there.
func (v visit) themeRule(t themes.Theme, deed string) office.ThemeRule {
	keywords := t.Keywords
	if v.l.Lang() == "zh-Hans" {
		keywords = chineseFirst(keywords)
	}
	first := keywords[:min(len(keywords), keywordsShown)]
	rule := office.ThemeRule{Name: t.Name, Keywords: strings.Join(first, v.l.T("themes.comma"))}
	if more := len(keywords) - len(first); more > 0 {
		rule.Keywords = words.Tighten(v.l.N("themes.more_keywords", int64(more), "first", rule.Keywords))
	}
	if !v.may(surveys.Manager) {
		return rule
	}
	at := pathThemes + "/" + t.ID
	if deed == "restore" {
		rule.Deed = &office.Deed{Action: at + "/restore", Button: components.Action{Text: v.l.T("themes.restore"), Label: v.l.T("themes.restore_one", "name", t.Name), Kind: components.Secondary}}
		return rule
	}
	rule.Address = at
	rule.Deed = &office.Deed{Action: at + "/delete", Button: components.Action{Text: v.l.T("themes.delete"), Label: v.l.T("themes.delete_one", "name", t.Name), Kind: components.Quiet}}
	return rule
}

// chineseFirst puts the keywords that a Chinese reader knows before the others.
func chineseFirst(keywords []string) []string {
	han := func(keyword string) int {
		if strings.ContainsFunc(keyword, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			return 0
		}
		return 1
	}
	sorted := slices.Clone(keywords)
	slices.SortStableFunc(sorted, func(a, b string) int { return han(a) - han(b) })
	return sorted
}

func (v visit) themeCrumbs(last string) []components.Crumb {
	crumbs := []components.Crumb{{Text: v.l.T("office.settings.title"), Address: layouts.PathSettings}, {Text: v.l.T("themes.rules.title")}}
	if last != "" {
		crumbs[1].Address = pathThemes
		crumbs = append(crumbs, components.Crumb{Text: last})
	}
	return crumbs
}

// beginThemes adds a starter set.
func (d *desk) beginThemes(v visit) error {
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	if err := d.wanted.Begin(v.ctx(), v.w, themes.Kind(form.Get("kind"))); err != nil {
		return err
	}
	return v.done("themes_begun", pathThemes)
}

// newTheme shows an empty form, and what could be looked for.
func (d *desk) newTheme(v visit) error {
	words, err := d.wanted.Suggest(v.ctx(), v.w.ID)
	if err != nil {
		return err
	}
	return themeForm{visit: v, suggested: words}.show(http.StatusOK)
}

// createTheme stores a new theme, or tries it.
func (d *desk) createTheme(v visit) error { return d.saveTheme(v, themes.Theme{}) }

// editTheme shows the form of a theme.
func (d *desk) editTheme(v visit) error {
	theme, err := v.theme()
	if err != nil {
		return err
	}
	return themeForm{visit: v, theme: theme}.show(http.StatusOK)
}

// updateTheme stores what was changed in the form, or tries it.
func (d *desk) updateTheme(v visit) error {
	theme, err := v.theme()
	if err != nil {
		return err
	}
	return d.saveTheme(v, theme)
}

// theme is the one that the address names.
func (v visit) theme() (themes.Theme, error) {
	list, err := v.site.Store.Themes(v.ctx(), v.w.ID)
	if err != nil {
		return themes.Theme{}, err
	}
	for _, t := range list {
		if t.ID == v.Param("id") {
			return t, nil
		}
	}
	return themes.Theme{}, surveys.Fail(surveys.NotFound, "not_found")
}

// saveTheme stores the form over a theme, or says what it would find.
func (d *desk) saveTheme(v visit, theme themes.Theme) error {
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	theme.Name = form.Get("name")
	theme.Keywords = strings.FieldsFunc(form.Get("keywords"), func(r rune) bool { return strings.ContainsRune("\r\n,;，、；", r) })
	page := themeForm{visit: v, theme: theme, sent: form}
	if form.Get("try") != "" {
		if strings.TrimSpace(theme.Name) == "" { // a name is not needed to try
			theme.Name = v.l.T("themes.new")
		}
		trial, err := d.wanted.Try(v.ctx(), v.w.ID, theme)
		if page.problem = err; err == nil {
			page.trial = &trial
			return page.show(http.StatusOK)
		}
	} else {
		_, page.problem = d.wanted.Save(v.ctx(), v.w.ID, theme)
	}
	if invalid(page.problem) {
		return page.show(http.StatusUnprocessableEntity)
	}
	if page.problem != nil {
		return page.problem
	}
	return v.done("theme_saved", pathThemes)
}

// deleteTheme removes a theme. It can be restored, so nothing is asked.
func (d *desk) deleteTheme(v visit) error {
	if err := d.wanted.Remove(v.ctx(), v.w.ID, v.Param("id")); err != nil {
		return err
	}
	return v.done("theme_deleted", pathThemes)
}

// restoreTheme restores a removed theme.
func (d *desk) restoreTheme(v visit) error {
	if err := d.wanted.Restore(v.ctx(), v.w.ID, v.Param("id")); err != nil {
		return err
	}
	return v.done("theme_restored", pathThemes)
}

// themeForm is the form of a theme, as stored or as sent.
type themeForm struct {
	visit
	theme   themes.Theme
	sent    url.Values // nil: not sent yet
	problem error
	trial   *flow.Trial
	// suggested are words that could become a theme; none beside one that is
	// there, or is being tried.
	suggested []string
}

// show renders the form.
func (f themeForm) show(status int) error {
	page := f.page()
	if f.trial != nil {
		trial, err := f.tried()
		if err != nil {
			return err
		}
		page.Trial = trial
	}
	return web.Render(f, status, office.ThemeFormPage(page))
}

func (f themeForm) page() office.ThemeForm {
	wrong := f.fieldErrors(f.problem)
	field := func(name string) components.Field {
		return components.Field{Name: name, Label: f.l.T("themes.field." + name), Help: f.l.T("themes.field." + name + "_help"), Error: wrong[name]}
	}
	page := office.ThemeForm{
		Title: f.l.T("themes.new"), Action: pathThemes, Note: f.wrongNote(f.problem),
		Name:     components.TextInput{Field: field("name"), Value: f.theme.Name, Limit: themes.MaxNameRunes, Autocomplete: "off"},
		Keywords: components.TextArea{Field: field("keywords"), Value: strings.Join(f.theme.Keywords, "\n"), Rows: 12},
	}
	if page.Keywords.Error == "" {
		page.Keywords.Error = f.keywordError(wrong)
	}
	page.Name.Focus = page.Name.Error != ""
	page.Keywords.Focus = page.Keywords.Error != "" && !page.Name.Focus
	if f.sent != nil {
		page.Keywords.Value = f.sent.Get("keywords")
	}
	if f.theme.ID != "" {
		page.Title, page.Action = f.l.T("themes.edit_one", "name", f.theme.Name), pathThemes+"/"+f.theme.ID
		page.Delete = &office.Deed{Action: page.Action + "/delete", Button: components.Action{Text: f.l.T("themes.delete"), Label: f.l.T("themes.delete_one", "name", f.theme.Name), Kind: components.Quiet}}
	}
	if len(f.suggested) > 0 {
		page.Suggested = f.l.T("themes.suggested", "words", strings.Join(f.suggested, f.l.T("themes.comma")))
	}
	page.Crumbs = f.themeCrumbs(page.Title)
	page.Page = f.visit.page(page.Title, layouts.Settings)
	return page
}

// keywordError is what is wrong with the first keyword of which something is.
func (f themeForm) keywordError(wrong map[string]string) string {
	for i, keyword := range f.theme.Keywords {
		if text := wrong["keywords."+strconv.Itoa(i)]; text != "" {
			return f.l.T("themes.keyword_wrong", "keyword", strings.TrimSpace(keyword), "problem", text)
		}
	}
	return ""
}

// tried is what the theme would find.
func (f themeForm) tried() (*office.Trial, error) {
	found := int64(len(f.trial.Found))
	trial := office.Trial{Says: f.l.N("themes.trial.found", found, "of", f.trial.Of)}
	if f.trial.Of == 0 {
		trial.Says = f.l.T("themes.trial.nothing")
	}
	known, err := surveysByID(f.visit)
	if err != nil {
		return nil, err
	}
	for _, r := range f.trial.Found[:min(len(f.trial.Found), trialShown)] {
		trial.List = append(trial.List, f.comment(r, known[r.SurveyID], nil))
	}
	return &trial, nil
}
