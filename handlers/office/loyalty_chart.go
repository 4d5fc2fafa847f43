package office

import (
	"strings"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
)

// The charts of loyalty that can be saved.
const (
	courseChart  = "course" // the chosen rate
	ratesChart   = "rates"  // all of them
	stayChart    = "stay"
	byScoreChart = "by-score"
	cohortsChart = "cohorts"
	valueChart   = "value"
)

// saveLoyaltyChart sends a chart of who stays and who leaves. Its address has the
// page's own parameters.
func (d *desk) saveLoyaltyChart(v visit) error {
	r := loyal{visit: v}
	if err := d.readLoyalty(&r); err != nil {
		return err
	}
	return sendChart(v, r)
}

// chart is what the page shows under a name; nil when it shows no such thing.
func (r loyal) chart(name string) components.Chart {
	if r.empty() != nil {
		return nil
	}
	switch name {
	case courseChart:
		return r.course()
	case ratesChart:
		return r.courses()
	case cohortsChart:
		if c := r.cohorts(); c != nil {
			return c.Chart
		}
	case valueChart:
		if v := r.value(); v != nil && len(v.Facts) > 0 {
			return components.Measures{L: r.l, Title: v.Title, List: v.Measures}
		}
	}
	for _, card := range r.stayCards() {
		if card.Chart.ID == name {
			return card.Chart
		}
	}
	return nil
}

// save is where a chart of this page can be taken from. Whoever sees it may.
func (r loyal) save(name, title string) *components.Save {
	at := func(kind string) string {
		return strings.Replace(r.address(nil), layouts.PathLoyalty, layouts.PathLoyalty+"/chart/"+name+kind, 1)
	}
	return &components.Save{L: r.l, Chart: title, SVG: at(".svg"), CSV: at(".csv"), File: r.fileName(name)}
}

// fileName names a file after the chart and the day of the computation.
func (r loyal) fileName(chart string) string {
	return web.FileName(r.l.T("loyalty.title"), chart, string(r.by), r.at.In(r.w.Zone).Format("2006-01-02"))
}

// picture frames a chart that is saved: of which workspace, from which events, and
// when they were counted.
func (r loyal) picture(title string) components.Picture {
	return components.Picture{
		L: r.l, Title: r.l.T("report.picture.title", "survey", r.w.Name, "chart", title), Lead: r.headline().String(),
		Under: []string{r.computed()},
		Foot:  []string{r.l.T("report.picture.saved", "date", r.site.Now().In(r.w.Zone))},
	}
}
