package office

import (
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// pathBenchmarks is where the settings list the scores of others.
const pathBenchmarks = layouts.PathSettings + "/benchmarks"

// benchmarks lists the scores of others.
func (d *desk) benchmarks(v visit) error {
	list, err := v.site.Store.Benchmarks(v.ctx(), v.w.ID)
	if err != nil {
		return err
	}
	title := v.l.T("benchmarks.title")
	page := office.Benchmarks{
		Page: v.page(title, layouts.Settings), Crumbs: []components.Crumb{{Text: v.l.T("office.settings.title"), Address: layouts.PathSettings}, {Text: title}},
		New: v.action(surveys.Manager, components.Action{Text: v.l.T("benchmarks.new"), Address: pathBenchmarks + "/new"}),
	}
	for _, metric := range surveys.Metrics() {
		group := office.BenchmarkGroup{Metric: v.l.Metric(metric)}
		for _, b := range list {
			if b.Metric == metric {
				group.Rows = append(group.Rows, v.benchmarkRow(b))
			}
		}
		if len(group.Rows) > 0 {
			page.Groups = append(page.Groups, group)
		}
	}
	if len(list) == 0 {
		page.Empty = &components.Empty{Title: v.l.T("benchmarks.empty.title"), Text: v.l.T("benchmarks.empty.text")}
		if v.may(surveys.Manager) {
			page.Starter = &office.Deed{Action: pathBenchmarks + "/starter", Button: components.Action{Text: v.l.T("benchmarks.starter.button"), Kind: components.Secondary}}
		}
	}
	return web.Render(v, http.StatusOK, office.BenchmarksPage(page))
}

// benchmarkRow is one benchmark with what can be done about it.
func (v visit) benchmarkRow(b surveys.Benchmark) office.BenchmarkRow {
	row := office.BenchmarkRow{
		Name: b.Name, Note: b.Note, Score: v.benchmarkScore(b), Year: strconv.Itoa(b.Year),
		Source: office.Fact{Value: b.SourceName(), Address: b.Link()}, Shown: b.Shown,
	}
	if v.may(surveys.Manager) {
		row.Edit = &components.Action{Text: v.l.T("office.edit"), Address: pathBenchmarks + "/" + b.ID, Kind: components.Quiet}
		button := components.Action{Text: v.l.T("benchmarks.show"), Name: "shown", Value: "yes", Kind: components.Secondary}
		if b.Shown {
			button = components.Action{Text: v.l.T("benchmarks.hide"), Name: "shown", Value: "no", Kind: components.Quiet}
		}
		row.Switch = &office.Deed{Action: pathBenchmarks + "/" + b.ID + "/shown", Button: button}
	}
	return row
}

// benchmarkScore writes what a benchmark says: one value or a range.
func (v visit) benchmarkScore(b surveys.Benchmark) string {
	if b.Low == b.High {
		return v.l.Score(b.Metric, b.Low, decimals(b.Low))
	}
	return v.l.T("benchmarks.range", "low", v.l.Score(b.Metric, b.Low, decimals(b.Low)), "high", v.l.Score(b.Metric, b.High, decimals(b.High)))
}

// decimals are the digits after the point that a written number needs.
func decimals(x float64) int {
	if x == math.Trunc(x) {
		return 0
	}
	return 1
}

// newBenchmark shows an empty form.
func (d *desk) newBenchmark(v visit) error {
	return benchmarkForm{visit: v, benchmark: surveys.Benchmark{Metric: surveys.NPS, Shown: true}}.show(http.StatusOK)
}

// createBenchmark stores a new benchmark.
func (d *desk) createBenchmark(v visit) error { return d.saveBenchmark(v, surveys.Benchmark{}) }

// editBenchmark shows the form of a benchmark.
func (d *desk) editBenchmark(v visit) error {
	b, err := v.benchmark()
	if err != nil {
		return err
	}
	return benchmarkForm{visit: v, benchmark: b}.show(http.StatusOK)
}

// updateBenchmark stores what was changed in the form.
func (d *desk) updateBenchmark(v visit) error {
	b, err := v.benchmark()
	if err != nil {
		return err
	}
	return d.saveBenchmark(v, b)
}

// benchmark is the one that the address names.
func (v visit) benchmark() (surveys.Benchmark, error) {
	return v.site.Store.Benchmark(v.ctx(), v.w.ID, v.Param("id"))
}

// saveBenchmark stores the form over a benchmark.
func (d *desk) saveBenchmark(v visit, b surveys.Benchmark) error {
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	b = readBenchmark(form, b)
	_, err = d.others.Save(v.ctx(), v.w.ID, b)
	if invalid(err) {
		return benchmarkForm{visit: v, benchmark: b, sent: form, problem: err}.show(http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return v.done("benchmark_saved", pathBenchmarks)
}

// readBenchmark reads the form over a benchmark. What is no number becomes one
// that no check lets through.
func readBenchmark(form url.Values, b surveys.Benchmark) surveys.Benchmark {
	b.Metric, b.Name, b.Source, b.Note = surveys.Metric(form.Get("metric")), form.Get("name"), form.Get("source"), form.Get("note")
	b.Low, b.High, b.Year, b.Shown = decimal(form.Get("low")), decimal(form.Get("high")), number(form.Get("year")), form.Get("shown") != ""
	if strings.TrimSpace(form.Get("high")) == "" {
		b.High = b.Low
	}
	return b
}

// decimal reads a number as people type it: with a point or a comma, a real
// minus, a percent sign.
func decimal(text string) float64 {
	text = strings.NewReplacer(",", ".", "−", "-", "%", "", "\u00a0", "").Replace(text)
	x, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil {
		return math.NaN()
	}
	return x
}

// setBenchmarkShown puts a benchmark on the reports of its metric, or takes it
// off them.
func (d *desk) setBenchmarkShown(v visit) error {
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	b, err := v.benchmark()
	if err != nil {
		return err
	}
	flash := "benchmark_hidden"
	if b.Shown = form.Get("shown") == "yes"; b.Shown {
		flash = "benchmark_shown"
	}
	if _, err := d.others.Save(v.ctx(), v.w.ID, b); err != nil {
		return err
	}
	return v.done(flash, pathBenchmarks)
}

// addStarterBenchmarks stores the public figures to begin with.
func (d *desk) addStarterBenchmarks(v visit) error {
	list := surveys.StarterBenchmarks()
	for i := range list {
		list[i].Name = v.l.T("benchmarks.starter.name." + list[i].Name)
		if list[i].Note != "" {
			list[i].Note = v.l.T("benchmarks.starter.note." + list[i].Note)
		}
	}
	if _, err := d.others.Add(v.ctx(), v.w.ID, list); err != nil {
		return err
	}
	return v.done("benchmarks_added", pathBenchmarks)
}

// confirmDeleteBenchmark asks before a benchmark is deleted.
func (d *desk) confirmDeleteBenchmark(v visit) error {
	b, err := v.benchmark()
	if err != nil {
		return err
	}
	title := v.l.T("benchmarks.confirm.title", "name", b.Name)
	return web.Render(v, http.StatusOK, office.ConfirmPage(office.Confirm{
		Page: v.page(title, layouts.Settings), Title: title, Text: v.l.T("benchmarks.confirm.text"), Crumbs: v.benchmarkCrumbs(b.Name),
		Points: []string{v.l.T("benchmarks.confirm.point.report"), v.l.T("benchmarks.confirm.point.score")},
		Action: pathBenchmarks + "/" + b.ID + "/delete", Button: v.l.T("benchmarks.confirm.button"), Back: pathBenchmarks,
	}))
}

// deleteBenchmark takes a benchmark away.
func (d *desk) deleteBenchmark(v visit) error {
	if err := d.others.Delete(v.ctx(), v.w.ID, v.Param("id")); err != nil {
		return err
	}
	return v.done("benchmark_deleted", pathBenchmarks)
}

func (v visit) benchmarkCrumbs(last string) []components.Crumb {
	return []components.Crumb{
		{Text: v.l.T("office.settings.title"), Address: layouts.PathSettings}, {Text: v.l.T("benchmarks.title"), Address: pathBenchmarks}, {Text: last},
	}
}

// orientation is the line under a score that says what others report; nil when
// the workspace chose nothing for the metric, or the score is not shown.
func (r reading) orientation() *office.Orientation {
	if r.report.Hidden {
		return nil
	}
	o := &office.Orientation{Caution: r.l.T("benchmarks.line.caution")}
	for _, b := range r.others {
		if b.Metric == r.survey.Metric && b.Shown {
			o.Rows = append(o.Rows, office.OrientationRow{
				Text:   r.l.T("benchmarks.line.row", "name", b.Name, "score", r.benchmarkScore(b)),
				Source: office.Fact{Value: r.l.T("benchmarks.line.source", "source", b.SourceName(), "year", strconv.Itoa(b.Year)), Address: b.Link()}, Note: b.Note,
			})
		}
	}
	if len(o.Rows) == 0 {
		return nil
	}
	if r.may(surveys.Manager) {
		o.Edit = &components.Action{Text: r.l.T("benchmarks.line.edit"), Address: pathBenchmarks}
	}
	return o
}
