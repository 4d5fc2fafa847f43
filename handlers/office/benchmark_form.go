package office

import (
	"net/url"
	"strconv"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// benchmarkForm is the form of a benchmark, as stored or as sent.
type benchmarkForm struct {
	visit
	benchmark surveys.Benchmark
	sent      url.Values // nil: not sent yet
	problem   error
}

// show renders the form.
func (f benchmarkForm) show(status int) error {
	return web.Render(f, status, office.BenchmarkFormPage(f.page()))
}

func (f benchmarkForm) page() office.BenchmarkForm {
	wrong := f.fieldErrors(f.problem)
	field := func(name string) components.Field {
		return components.Field{Name: name, Label: f.l.T("benchmarks.field." + name), Help: f.l.T("benchmarks.field." + name + "_help"), Error: wrong[name]}
	}
	page := office.BenchmarkForm{
		Title: f.l.T("benchmarks.new"), Action: pathBenchmarks, Note: f.wrongNote(f.problem),
		Metric: components.Choices{Field: field("metric")},
		Name:   components.TextInput{Field: field("name"), Value: f.benchmark.Name, Limit: 80, Autocomplete: "off"},
		Low:    components.TextInput{Field: field("low"), Value: f.number("low", f.benchmark.Low), Limit: 12, Autocomplete: "off"},
		High:   components.TextInput{Field: field("high"), Value: f.number("high", f.benchmark.High), Limit: 12, Autocomplete: "off"},
		Year:   components.TextInput{Field: field("year"), Value: f.year(), Limit: 4, Autocomplete: "off"},
		Source: components.TextInput{Field: field("source"), Value: f.benchmark.Source, Limit: 300, Placeholder: "https://…", Autocomplete: "off"},
		Remark: components.TextArea{Field: field("note"), Value: f.benchmark.Note, Rows: 2, Limit: 300},
		Shown:  components.Check{Field: field("shown"), Value: "yes", Checked: f.benchmark.Shown},
	}
	page.High.Optional, page.Remark.Optional = f.l.T("office.optional"), f.l.T("office.optional")
	for _, metric := range surveys.Metrics() {
		page.Metric.Options = append(page.Metric.Options, components.Option{Value: string(metric), Text: f.l.Metric(metric), Selected: metric == f.benchmark.Metric})
	}
	if f.benchmark.ID != "" {
		page.Title, page.Action = f.l.T("benchmarks.edit", "name", f.benchmark.Name), pathBenchmarks+"/"+f.benchmark.ID
		page.Delete = &components.Action{Text: f.l.T("benchmarks.delete"), Address: page.Action + "/delete", Kind: components.Quiet}
	}
	page.Crumbs = f.benchmarkCrumbs(page.Title)
	page.Page = f.visit.page(page.Title, layouts.Settings)
	return page
}

// number is what a field of a score holds: what was sent, or the stored value;
// nothing in a new form, and no upper end where there is one value.
func (f benchmarkForm) number(name string, value float64) string {
	switch {
	case f.sent != nil:
		return f.sent.Get(name)
	case f.benchmark.ID == "" || name == "high" && f.benchmark.High == f.benchmark.Low:
		return ""
	}
	return strconv.FormatFloat(value, 'f', -1, 64)
}

func (f benchmarkForm) year() string {
	switch {
	case f.sent != nil:
		return f.sent.Get("year")
	case f.benchmark.ID == "":
		return ""
	}
	return strconv.Itoa(f.benchmark.Year)
}
