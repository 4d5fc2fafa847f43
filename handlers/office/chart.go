package office

import (
	"strings"

	"github.com/a-h/templ"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
)

// The charts of a report that can be saved.
const (
	trendChart    = "trend"
	answersChart  = "answers"
	segmentsChart = "segments"
)

// saved is one chart as a file: its numbers, and its picture in a frame.
type saved struct {
	title string
	sheet components.Sheet
	draw  func(components.Picture) templ.Component
}

// saveChart sends a chart of a report as a picture or its numbers as a table. Its
// address has the report's own parameters.
func (d *desk) saveChart(v visit) error {
	name, kind, _ := strings.Cut(v.Param("file"), ".")
	r, err := d.read(v)
	if err != nil {
		return err
	}
	chart, ok := r.chart(name)
	if !ok {
		return surveys.Fail(surveys.NotFound, "not_found")
	}
	switch kind {
	case "csv":
		return web.CSV(v, r.fileName(name), chart.sheet.Keys(), chart.sheet.Values())
	case "svg":
		return web.SVG(v, r.fileName(name), chart.draw(r.picture(chart.title)))
	}
	return surveys.Fail(surveys.NotFound, "not_found")
}

// chart is what the report shows under a name; false when it shows no such thing.
func (r reading) chart(name string) (saved, bool) {
	switch name {
	case trendChart:
		if t := r.trend(); t != nil {
			return saved{t.Chart.Title, t.Chart.Sheet(), func(frame components.Picture) templ.Component {
				return components.TrendPicture(t.Chart, frame)
			}}, true
		}
	case answersChart:
		if a := r.distribution(); a != nil {
			return saved{a.Title, a.Sheet(), func(frame components.Picture) templ.Component {
				return components.DistributionPicture(*a, frame)
			}}, true
		}
	case segmentsChart:
		if s := r.split(); s != nil && s.Table != nil {
			return saved{s.Table.Title, s.Table.Sheet(), func(frame components.Picture) templ.Component {
				return components.SegmentsPicture(*s.Table, frame)
			}}, true
		}
	}
	return saved{}, false
}

// save is where a chart of this view can be taken from; nil for readers who may
// take nothing.
func (r reading) save(name, title string) *components.Save {
	at := func(kind string) string {
		view := r.view
		view.path += "/chart/" + name + "." + kind
		return r.links.to(view.address(nil))
	}
	if at("svg") == "" {
		return nil
	}
	return &components.Save{L: r.l, Chart: title, SVG: at("svg"), CSV: at("csv"), File: r.fileName(name)}
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
