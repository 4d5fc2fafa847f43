package office

import (
	"net/http"
	"slices"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// newestComments is how many comments a report shows.
const newestComments = 6

// reading is everything that one report page is made of.
type reading struct {
	visit    // of a member, or of a reader without an account: see [desk.readView]
	links    links
	survey   surveys.Survey
	view     reportView
	report   flow.SurveyReport
	reworded []surveys.Wording   // versions of the period that ask for the score otherwise
	keys     []string            // by which the survey's answers are counted
	splits   []string            // those of keys by which the period's answers differ
	values   map[string][]string // of each declared key
	offered  map[string][]string // of these, what the period's answers have
	comments []surveys.Response
	people   map[string]surveys.Person
	others   []surveys.Benchmark
	moves    flow.DriversReport
	asked    *flow.AskedReport // nil: nobody was invited, or not counted under the filters
	said     flow.ThemesReport // zero where filters give a few away, or take long
	saidLate bool              // the filters take long, and themes are left to their page
	quotes   map[string]string // what somebody wrote on the themes that the report names
	timeline timeline          // what the team wrote
	ever     bool              // somebody answered, at any time
	firstDay analysis.Day      // on which they did

	recounted *components.Note // nil: the days are those of the workspace's time zone
}

// report says what the answers to a survey mean.
func (d *desk) report(v visit) error {
	r, err := d.read(v)
	if err != nil {
		return err
	}
	if err := r.readQuotes(); err != nil {
		return err
	}
	status := http.StatusOK
	if r.view.wrong != nil {
		status = http.StatusUnprocessableEntity
	}
	page := r.page()
	if page.Digest, err = d.digestOffer(v); err != nil {
		return err
	}
	return web.Render(v, status, office.ReportPage(page))
}

// read looks up what the report's address asks for.
func (d *desk) read(v visit) (reading, error) {
	survey, err := v.survey()
	if err != nil {
		return reading{}, err
	}
	view := readReport(reportPath(survey), v.QueryParams(), v.today())
	view.readNames(v.QueryParams())
	if err := v.sinceFirst(survey, &view); err != nil {
		return reading{}, err
	}
	return d.readView(v, survey, view, insideLinks())
}

// reportPath is where a survey's report is.
func reportPath(survey surveys.Survey) string { return "/surveys/" + survey.ID }

// today is the local day on which the visit happens.
func (v visit) today() analysis.Day { return analysis.DayOf(v.site.Now(), v.w.Zone) }

// readView looks up what one view of a survey's report asks for. It needs of the
// visit the request's context, the site, the reader's language and the workspace,
// and no member: a page for readers without an account makes a visit whose user is
// nobody, a view with the page's own path, and links that lead nowhere. The view's
// period, filters and step may be set by the caller as well as by [readReport].
func (d *desk) readView(v visit, survey surveys.Survey, view reportView, to links) (reading, error) {
	r := reading{visit: v, links: to, survey: survey, view: view}
	err := r.choose()
	if err != nil {
		return r, err
	}
	query := r.view.query()
	query.Guest = !r.links.inside
	if r.report, err = d.reports.Read(v.ctx(), v.w, r.survey, query); err != nil {
		return r, err
	}
	if r.asked, err = d.readAsked(r); err != nil {
		return r, err
	}
	if r.moves, err = d.readDrivers(r); err != nil {
		return r, err
	}
	first, ever, err := v.site.Store.FirstDay(v.ctx(), v.w.ID, r.survey.ID)
	if r.firstDay, r.ever = analysis.Day(first), ever; err != nil {
		return r, err
	}
	if r.others, err = v.site.Store.Benchmarks(v.ctx(), v.w.ID); err != nil {
		return r, err
	}
	if err = d.readSaid(&r); err != nil {
		return r, err
	}
	if r.recounted, err = v.recounting(); err != nil {
		return r, err
	}
	if err = r.readReworded(); err != nil {
		return r, err
	}
	if err = r.readNotes(); err != nil {
		return r, err
	}
	return r, r.readComments()
}

// readSaid finds the themes of the report's period, if that takes no longer than
// the rest.
func (d *desk) readSaid(r *reading) error {
	atOnce, err := d.wanted.AtOnce(r.ctx(), r.survey, flow.ReportQuery{From: r.view.period.From, To: r.view.period.To, Filters: r.view.filters})
	if r.saidLate = !atOnce; err != nil || r.saidLate {
		return err
	}
	return d.findSaid(r)
}

// findSaid finds them however long it takes.
func (d *desk) findSaid(r *reading) (err error) {
	if r.report.Withheld {
		return nil
	}
	r.said, err = d.wanted.Report(r.ctx(), r.w, r.survey, flow.ReportQuery{From: r.view.period.From, To: r.view.period.To, Filters: r.view.filters})
	return err
}

// choose brings what was asked for and what is counted together.
func (r *reading) choose() (err error) {
	if err = r.chooseFilters(); err != nil {
		return err
	}
	r.splits, err = r.site.Store.SplitKeys(r.ctx(), r.w.ID, r.survey.ID, int(r.view.period.From), int(r.view.period.To))
	if err != nil {
		return err
	}
	return r.chooseSplit()
}

// chooseFilters drops filters of keys that nothing is counted under, and keeps
// them to be told.
func (r *reading) chooseFilters() (err error) {
	if r.keys, err = r.site.Store.SegmentKeys(r.ctx(), r.w.ID, r.survey.ID); err != nil {
		return err
	}
	if r.values, err = r.site.Store.SegmentValues(r.ctx(), r.w.ID); err != nil {
		return err
	}
	r.keys = r.declared(r.keys)
	for _, filter := range r.view.filters {
		if !slices.Contains(r.keys, filter.Key) {
			r.view.ignore("segment", filter.String())
			r.view.filters = r.view.filters.Without(filter)
		}
	}
	return r.chooseOffered()
}

// chooseSplit drops what nothing is counted under, and takes the first declared
// key by which the answers differ when none was asked for. What was asked for
// and cannot be had is kept to be told.
func (r *reading) chooseSplit() (err error) {
	r.splits = r.declared(r.splits)
	asked := r.view.by
	switch {
	case !slices.Contains(r.keys, asked):
		if r.view.by, err = r.anySplit(); err != nil {
			return err
		}
		if asked != "" {
			r.view.ignore("by", asked)
		}
	case !slices.Contains(r.splits, asked):
		r.splits = append(r.splits, asked) // its link stays good, though it tells nothing apart
	}
	return nil
}

// anySplit is the split when none was asked for. Under a filter by one key, that
// key itself is split by if there are many answers: the rollups know it, and for
// any other every answer is read, which is left to who asks for it.
func (r *reading) anySplit() (string, error) {
	if len(r.splits) == 0 {
		return "", nil
	}
	filtered := r.view.filters.Keys()
	if len(filtered) != 1 {
		return r.splits[0], nil
	}
	answers, _, err := r.site.Store.RollupTotal(r.ctx(), r.w.ID, store.RollupFilter{SurveyID: r.survey.ID, To: int(r.view.period.To)})
	if answers > flow.MaxUnasked {
		return filtered[0], err
	}
	return r.splits[0], err
}

// declared are those of the keys that the workspace declares, in its order.
func (r *reading) declared(keys []string) []string {
	order := r.w.SegmentKeys()
	kept := slices.DeleteFunc(keys, func(key string) bool { return !slices.Contains(order, key) })
	slices.SortFunc(kept, func(a, b string) int { return slices.Index(order, a) - slices.Index(order, b) })
	return kept
}

// readComments lists the newest ones. A page that leads to no single answer shows
// none either where there are too few for a score: who is in so small a group may
// be known.
func (r *reading) readComments() (err error) {
	if !r.links.inside && r.report.Hidden {
		return nil
	}
	from, to := r.view.period.moments(r.w.Zone)
	r.comments, err = r.site.Store.Responses(r.ctx(), r.w.ID, store.ResponseFilter{
		SurveyID: r.survey.ID, From: from, To: to, WithComment: true, Limit: newestComments, Segments: r.view.filters,
	})
	if err != nil {
		return err
	}
	r.people, err = r.site.Store.PeopleByID(r.ctx(), r.w.ID, personIDs(r.comments))
	return err
}

// page builds the view.
func (r reading) page() office.Report {
	page := office.Report{
		Page:     r.visit.page(r.survey.Name, layouts.Scores),
		Crumbs:   []components.Crumb{{Text: r.l.T("office.scores.title"), Address: r.links.to(layouts.PathScores)}, {Text: r.survey.Name}},
		Tabs:     r.links.tabs(r.tabs(r.survey, reportTab)),
		Headline: r.headline(), Says: r.says(), Judged: r.judged(), Notes: r.notes(),
		Edit:   r.action(surveys.Manager, components.Action{Text: r.l.T("office.edit"), Address: r.links.to("/surveys/" + r.survey.ID + "/edit"), Kind: components.Secondary}),
		Link:   r.link(),
		Share:  r.action(surveys.Manager, components.Action{Text: r.l.T("share.report"), Address: r.links.to(withValues(sharesPath(r.survey), r.view.parameters()))}),
		TV:     r.links.to(withValues(reportPath(r.survey)+"/tv", r.view.parameters())),
		Ranges: r.ranges(), Dates: r.dates(), Filters: r.filters(), Narrow: r.narrow(), Counted: r.counted(), Printed: r.printed(),
	}
	if !r.ever {
		page.Start = &components.Empty{Title: r.l.T("report.start.title"), Text: r.l.T("report.start.text"),
			Action: r.action(surveys.Manager, components.Action{Text: r.l.T("report.start.rule"), Address: r.links.to(withQuery("/asking/new", map[string]string{"survey": r.survey.ID}))})}
		return page
	}
	page.Orientation, page.Said, page.Next = r.orientation(), r.saidMost(), r.next()
	page.Drivers, page.Asked = r.drivers(), r.invited()
	page.Themes = components.Action{Text: r.l.T("themes.report_link"), Address: r.themesAddress()}
	page.Trend, page.Answers, page.Compare, page.Split = r.trend(), r.distribution(), r.comparison(), r.split()
	page.Comments, page.Timeline = r.newest(), r.noted()
	return page
}

// themesAddress is the page of themes in the same period and under the same filters.
func (r reading) themesAddress() string {
	view := reportView{path: themesOf(r.survey.ID), ranged: r.view.ranged, period: r.view.period, filters: r.view.filters}
	return r.links.to(view.address(nil))
}

// link is where people answer.
func (r reading) link() string { return publicLink(r.visit, r.survey) }

func publicLink(v visit, survey surveys.Survey) string {
	return v.site.Link("/s/" + survey.PublicID(v.w.Key))
}
