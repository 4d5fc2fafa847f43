package office

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// pathThemes is where the settings list what to look for in comments.
const pathThemes = layouts.PathSettings + "/themes"

// themesOf is the address of a survey's themes.
func themesOf(surveyID string) string { return "/surveys/" + surveyID + "/themes" }

// themed is everything that one page of themes is made of.
type themed struct {
	visit
	links    links
	survey   surveys.Survey
	view     reportView
	on       reading // the report over the same view, as far as this page asks it
	report   flow.ThemesReport
	examples map[string][]surveys.Response
	people   map[string]surveys.Person
}

// themes says what people wrote about beside their scores.
func (d *desk) themes(v visit) error {
	t := themed{visit: v, links: insideLinks()}
	var err error
	if t.survey, err = v.survey(); err != nil {
		return err
	}
	on := reading{visit: v, links: t.links, survey: t.survey, view: readReport(themesOf(t.survey.ID), v.QueryParams(), v.today())}
	if err := v.sinceFirst(t.survey, &on.view); err != nil {
		return err
	}
	if err := on.chooseFilters(); err != nil {
		return err
	}
	t.on, t.view = on, on.view
	query := flow.ReportQuery{From: t.view.period.From, To: t.view.period.To, Filters: t.view.filters, Interval: analysis.BucketingFor(t.view.period.From, t.view.period.To)}
	if t.report, err = d.wanted.Report(v.ctx(), v.w, t.survey, query); err != nil {
		return err
	}
	if err := d.readExamples(&t); err != nil {
		return err
	}
	status := http.StatusOK
	if t.view.wrong != nil {
		status = http.StatusUnprocessableEntity
	}
	return web.Render(v, status, office.ThemesPage(t.page()))
}

func (d *desk) readExamples(t *themed) (err error) {
	if t.report.Findings.Comments == 0 {
		return nil
	}
	from, to := t.view.period.moments(t.w.Zone)
	if t.examples, err = d.wanted.Examples(t.ctx(), t.survey, store.ResponseFilter{From: from, To: to, Segments: t.view.filters}); err != nil {
		return err
	}
	var all []surveys.Response
	for _, list := range t.examples {
		all = append(all, list...)
	}
	t.people, err = t.site.Store.PeopleByID(t.ctx(), t.w.ID, personIDs(all))
	return err
}

// page builds the view.
func (t themed) page() office.Themes {
	title := t.l.T("themes.title")
	page := office.Themes{
		Page: t.visit.page(t.survey.Name+" · "+title, layouts.Scores), Title: title, Address: t.view.address(nil),
		Crumbs: []components.Crumb{
			{Text: t.l.T("office.scores.title"), Address: layouts.PathScores}, {Text: t.survey.Name, Address: "/surveys/" + t.survey.ID}, {Text: title},
		},
		Tabs: t.tabs(t.survey, themesTab), Notes: t.on.wishes(), Ranges: t.on.ranges(), Dates: t.on.dates(), Filters: t.on.filters(), Narrow: t.on.narrow(), Printed: t.on.printedDays(),
		Edit: t.action(surveys.Manager, components.Action{Text: t.l.T("themes.edit"), Address: pathThemes, Kind: components.Secondary}),
	}
	if t.report.Findings.Comments > 0 {
		page.Lead = t.lead()
	}
	if page.Empty = t.empty(); page.Empty != nil {
		if len(t.report.Themes) == 0 {
			page.Starters = t.starters(nil)
			return page
		}
		page.Progress = t.progress()
		return page
	}
	page.Progress, page.Chart, page.Reading = t.progress(), t.chart(t.report.Findings.Themes), t.reading()
	page.Chart.Save = t.on.save(themesChart, page.Chart.Title)
	page.Courses = t.courses()
	page.Courses.Save = t.on.save(themeCoursesChart, page.Courses.Title)
	page.Caveat = t.l.T("themes.caveat")
	if rest := t.report.Findings.NoTheme; !rest.Hidden && rest.Share != nil {
		page.Rest = t.l.N("themes.rest", rest.N, "share", t.l.Percent(rest.Share.Share, 0))
	}
	for _, f := range t.report.Findings.Themes {
		page.Rows = append(page.Rows, t.row(f))
	}
	return page
}

// empty says why there are no themes, and what to do; nil when there are.
func (t themed) empty() *components.Empty {
	switch {
	case len(t.report.Themes) == 0 && t.may(surveys.Manager):
		return &components.Empty{Title: t.l.T("themes.none.title"), Text: t.l.T("themes.none.text")}
	case len(t.report.Themes) == 0:
		return &components.Empty{Title: t.l.T("themes.none.title"), Text: t.l.T("themes.none.ask")}
	case t.report.Withheld:
		return &components.Empty{Title: t.l.T("themes.withheld.title"), Text: t.l.T("themes.withheld.text", "least", leastShown)}
	case t.report.Comments == 0:
		return &components.Empty{Title: t.l.T("themes.silent.title"), Text: t.l.T("themes.silent.text")}
	case t.report.Findings.Comments == 0 && t.report.Read == 0:
		return &components.Empty{Title: t.l.T("themes.soon.title"), Text: t.l.T("themes.soon.text")}
	case t.report.Findings.Comments == 0:
		return &components.Empty{Title: t.l.T("themes.period.title"), Text: t.l.T("themes.period.text"),
			Action: &components.Action{Text: t.l.T("themes.period.year"), Address: t.view.address(map[string]string{"range": strconv.Itoa(yearDays), "from": "", "to": ""}), Kind: components.Secondary}}
	}
	return nil
}

// progress says how far the comments are read; "" when all are.
func (t themed) progress() string {
	if len(t.report.Themes) == 0 || !t.report.Progress() {
		return ""
	}
	return t.l.T("themes.progress", "read", t.report.Read, "all", t.report.Comments)
}

// starters are buttons that add a starter set; those for sets of which the
// workspace has every theme are left out.
func (v visit) starters(there []themes.Theme) []office.Deed {
	if !v.may(surveys.Manager) {
		return nil
	}
	known := make(map[string]bool)
	for _, t := range there {
		known[t.ID] = true
	}
	var list []office.Deed
	for _, kind := range themes.Kinds() {
		set, err := themes.StarterSet(kind, v.w.Locale)
		news := 0
		for _, t := range set {
			if !known[t.ID] {
				news++
			}
		}
		if err == nil && news > 0 {
			list = append(list, office.Deed{Action: pathThemes + "/starter", Button: components.Action{
				Text: v.l.T("themes.starter." + string(kind)), Kind: components.Secondary, Name: "kind", Value: string(kind),
			}})
		}
	}
	return list
}

// chart is the numbers of some themes.
func (t themed) chart(list []themes.Finding) components.Themes {
	chart := components.Themes{L: t.l, Title: t.l.T("themes.title"), Metric: t.survey.Metric}
	for _, f := range list {
		chart.Rows = append(chart.Rows, t.line(f))
	}
	return chart
}

// line is the numbers of one theme.
func (t themed) line(f themes.Finding) components.ThemeLine {
	line := components.ThemeLine{Name: t.report.Names()[f.Theme]}
	if f.Hidden {
		line.Evidence, line.Verdict = components.Hidden, t.l.T("themes.hidden", "least", leastShown)
		return line
	}
	if f.Faint {
		line.Evidence = components.Faint
	}
	line.N, line.Of, line.Share, line.Low, line.High = f.Share.N, f.Share.Of, &f.Share.Share, &f.Share.Low, &f.Share.High
	line.Effect, line.Verdict, line.Address = effectOf(f), t.verdict(f), t.comments(f)
	if f.Effect != nil {
		line.P = &f.Effect.PAdjusted
	}
	return line
}

// comments is the address of those on a theme.
func (t themed) comments(f themes.Finding) string {
	return t.links.to(t.view.comments(t.survey.ID, map[string]string{"theme": f.Theme}))
}

// effectOf is a theme's effect as it is drawn; nil when there is none to draw.
func effectOf(f themes.Finding) *components.Effect {
	if f.Effect == nil {
		return nil
	}
	e := components.Effect{Difference: f.Effect.Difference.Difference, Low: f.Effect.Low, High: f.Effect.High}
	switch {
	case !f.Effect.Real:
	case e.Difference < 0:
		e.Standing = components.Below
	default:
		e.Standing = components.Above
	}
	return &e
}

// row is one theme.
func (t themed) row(f themes.Finding) office.ThemeRow {
	row := office.ThemeRow{
		ID: f.Theme, Name: t.report.Names()[f.Theme],
		All: components.Action{Text: t.l.T("themes.all"), Address: t.comments(f)},
	}
	if f.Hidden {
		row.Evidence, row.Share, row.Verdict = components.Hidden, "–", t.l.T("themes.hidden", "least", leastShown)
		return row
	}
	if f.Faint {
		row.Evidence = components.Faint
	}
	row.Share, row.Count = t.l.Percent(f.Share.Share, 0), t.l.N("themes.comments", f.N)
	row.All.Text = t.l.N("themes.all_count", f.N)
	if row.Effect = effectOf(f); row.Effect != nil {
		row.Standing = row.Effect.Standing
	}
	row.Verdict, row.Says, row.Course = t.verdict(f), t.says(f), components.Courses{L: t.l, ID: themeCourseTable}.Spark(t.course(f))
	for _, r := range t.examples[f.Theme] {
		row.Examples = append(row.Examples, t.comment(r, t.survey, t.people))
	}
	return row
}

// themeCourseTable is the table that the sparklines take their cards from.
const themeCourseTable = "theme-courses"

// courses are the themes' shares of the comments over the period: one table, from
// which each theme's sparkline takes its card.
func (t themed) courses() components.Courses {
	c := components.Courses{L: t.l, ID: themeCourseTable, Title: t.l.T("themes.courses"), Head: t.l.T("themes.column.theme"), Value: t.l.T("components.column.share")}
	for _, f := range t.report.Findings.Themes {
		if !f.Hidden {
			c.List = append(c.List, t.course(f))
		}
	}
	return c
}

// course is one theme's share, step by step.
func (t themed) course(f themes.Finding) components.RateTrend {
	name := t.report.Names()[f.Theme]
	course := components.RateTrend{L: t.l, ID: f.Theme, Title: name, Summary: t.l.T("themes.course", "theme", name)}
	step := components.Trend{L: t.l, Period: components.Period(analysis.BucketingFor(t.view.period.From, t.view.period.To))}
	for _, p := range f.Trend {
		point := step.Step(components.TrendPoint{Start: p.Start.Time()})
		point.Count, point.N, point.Of = t.l.T("components.themes.of", "n", p.N, "of", p.Comments), &p.N, &p.Comments
		if point.Text = "–"; p.Share != nil {
			point.Value, point.Low, point.High = &p.Share.Value, &p.Share.Low, &p.Share.High
			point.Text = t.l.Percent(p.Share.Value, 1)
			point.Interval = t.l.T("components.interval", "low", t.l.Percent(p.Share.Low, 1), "high", t.l.Percent(p.Share.High, 1))
		} else {
			point.Count, point.N, point.Of = "", nil, nil
		}
		course.Points = append(course.Points, point)
	}
	return course
}

// mostSaid is how many themes the report names.
const mostSaid = 3

// themed is the page of themes over the report's view.
func (r reading) themed() themed {
	return themed{visit: r.visit, links: r.links, survey: r.survey, view: r.view, on: r, report: r.said}
}

// mostSaid are the themes that go with the score most: those with a real effect.
func (r reading) mostSaid() []themes.Finding {
	var list []themes.Finding
	for _, f := range r.said.Findings.Themes {
		if f.Effect != nil && f.Effect.Real && len(list) < mostSaid {
			list = append(list, f)
		}
	}
	return list
}

// saidMost are the same for the report, or why there are none; nil when nobody
// wrote anything, or nothing is looked for.
func (r reading) saidMost() *office.SaidMost {
	t, list := r.themed(), r.mostSaid()
	if len(list) == 0 {
		return r.saidNothing()
	}
	said := &office.SaidMost{Chart: t.chart(list)}
	said.Chart.Save = r.save(saidChart, said.Chart.Title)
	for _, f := range list {
		row := t.row(f)
		row.Verdict, row.Quote = t.against(f), r.quotes[f.Theme]
		said.Rows = append(said.Rows, row)
	}
	return said
}

// saidNothing says why the report names no themes; nil when there is nothing to say.
func (r reading) saidNothing() *office.SaidMost {
	findings := r.said.Findings
	none := &office.SaidMost{Way: &components.Action{Text: r.l.T("themes.every"), Address: r.themesAddress()}}
	none.Chart.Title = r.l.T("themes.title")
	switch {
	case r.saidLate && r.links.inside:
		none.None = r.l.T("themes.card.late")
		none.Way.Text = r.l.T("themes.card.show")
	case r.saidLate:
		none.None = r.l.T("themes.card.late_shared")
	case r.report.Withheld:
		none.None = r.l.T("themes.withheld.text", "least", leastShown)
	case findings.Comments == 0 || len(findings.Themes) == 0:
		return nil
	case slices.ContainsFunc(findings.Themes, func(f themes.Finding) bool { return f.Effect != nil }):
		none.None = r.l.T("themes.card.none")
	default:
		none.None = r.l.T("themes.card.few")
	}
	return none
}
