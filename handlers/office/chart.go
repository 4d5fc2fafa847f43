package office

import (
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
)

// The charts of a survey's report and of its themes that can be saved.
const (
	trendChart        = "trend"
	answersChart      = "answers"
	askedChart        = "asked"
	segmentsChart     = "segments"
	compareChart      = "compare"
	driversChart      = "drivers"
	saidChart         = "said"                   // the few themes that the report names
	themesChart       = "themes"                 // all of them
	themeCoursesChart = themesChart + "-courses" // over time
)

// charts are those that a report or the page of themes has in most views.
func charts() []string {
	return []string{trendChart, answersChart, askedChart, segmentsChart, compareChart, driversChart, saidChart, themesChart, themeCoursesChart}
}

// charted is a page whose charts can be saved: a report, inside and shared, the
// page of loyalty, the overview.
type charted interface {
	// chart is what the page shows under a name; nil when it shows no such thing.
	chart(name string) components.Chart
	// fileName names a chart's file, without its ending.
	fileName(chart string) string
	// picture frames a chart that is saved, so that it still says years later
	// what it shows.
	picture(title string) components.Picture
}

// saveChart sends a chart of a report. Its address has the report's own parameters.
func (d *desk) saveChart(v visit) error {
	r, err := d.read(v)
	if err != nil {
		return err
	}
	if strings.HasPrefix(v.Param("file"), themesChart) {
		if err := d.findSaid(&r); err != nil {
			return err
		}
	}
	return sendChart(v, r)
}

// sendChart sends a chart as its address asks for it: its picture as an .svg, or its
// numbers as a .csv.
func sendChart(c echo.Context, page charted) error {
	name, kind, _ := strings.Cut(c.Param("file"), ".")
	chart := page.chart(name)
	switch {
	case chart == nil && slices.Contains(charts(), name):
		return surveys.Fail(surveys.NotFound, "chart_none")
	case chart == nil:
		return surveys.Fail(surveys.NotFound, "not_found")
	}
	switch kind {
	case "csv":
		sheet := chart.Sheet()
		return web.CSV(c, page.fileName(name), sheet.Keys(), sheet.Values())
	case "svg":
		if picture := chart.Picture(page.picture(chart.Heading())); picture != nil {
			return web.SVG(c, page.fileName(name), picture)
		}
	}
	return surveys.Fail(surveys.NotFound, "not_found")
}

// chart is what the report shows under a name; nil when it shows no such thing.
func (r reading) chart(name string) components.Chart {
	switch name {
	case trendChart:
		if t := r.trend(); t != nil {
			return t.Chart
		}
	case answersChart:
		if a := r.distribution(); a != nil {
			return *a
		}
	case askedChart:
		if a := r.invited(); a.Chart != nil {
			return *a.Chart
		}
	case segmentsChart:
		if s := r.split(); s != nil && s.Table != nil {
			return *s.Table
		}
	case compareChart:
		if p := r.periods(); p != nil {
			return *p
		}
	case driversChart:
		if m := r.drivers(); m != nil && m.Chart != nil {
			return *m.Chart
		}
	default:
		return r.saidChart(name)
	}
	return nil
}

// saidChart is the themes that the report names, or for members of the team all.
func (r reading) saidChart(name string) components.Chart {
	t := r.themed()
	switch list := r.mostSaid(); {
	case name == saidChart && len(list) > 0:
		return t.chart(list)
	case name == themesChart && r.links.inside && len(r.said.Findings.Themes) > 0:
		return t.chart(r.said.Findings.Themes)
	case name == themeCoursesChart && r.links.inside && len(r.said.Findings.Themes) > 0:
		return t.courses()
	}
	return nil
}

// save is where a chart of this view can be taken from; nil for readers who may
// take nothing.
func (r reading) save(name, title string) *components.Save {
	svg := r.fileAt(name + ".svg")
	if svg == "" {
		return nil
	}
	return &components.Save{L: r.l, Chart: title, SVG: svg, CSV: r.fileAt(name + ".csv"), File: r.fileName(name)}
}

// fileAt is the address of a chart's file in this view; "" for readers who may take
// nothing.
func (r reading) fileAt(file string) string {
	if r.links.files != nil {
		return r.links.files(file)
	}
	view := r.view
	view.path = reportPath(r.survey) + "/chart/" + file
	return r.links.to(view.address(nil))
}

// fileName names a file after the survey, the chart and the period.
func (r reading) fileName(chart string) string {
	return web.FileName(r.survey.Name, chart, r.view.period.From.String(), r.view.period.last().String())
}

// picture frames a chart that is saved, so that it still says years later what
// it shows: of which survey, when, of whom, from how many answers.
func (r reading) picture(title string) components.Picture {
	frame := components.Picture{
		L: r.l, Title: r.l.T("report.picture.title", "survey", r.survey.Name, "chart", title), Lead: r.pictureLead(),
		Under: []string{r.span(r.view.period)},
		Foot:  []string{r.l.T("report.picture.saved", "date", r.site.Now().In(r.w.Zone))},
	}
	for _, filter := range r.view.filters {
		frame.Under[0] += " · " + r.segmentName(filter)
	}
	return frame
}

// pictureLead is the headline in one line.
func (r reading) pictureLead() string {
	h := r.headline()
	if h.Evidence == components.Hidden {
		return r.l.N("components.headline.hidden", h.N, "metric", r.l.Metric(h.Metric), "least", h.Least)
	}
	return h.Text()
}
