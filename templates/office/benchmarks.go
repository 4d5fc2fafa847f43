package office

import (
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
)

// Benchmarks are the scores of others that a workspace keeps.
type Benchmarks struct {
	Page    layouts.Page
	Crumbs  []components.Crumb
	New     *components.Action
	Groups  []BenchmarkGroup
	Empty   *components.Empty // nil: there are some
	Starter *Deed             // adds public figures to begin with
}

// BenchmarkGroup is the benchmarks of one metric.
type BenchmarkGroup struct {
	Metric string
	Rows   []BenchmarkRow
}

// BenchmarkRow is one benchmark.
type BenchmarkRow struct {
	Name, Note, Score, Year string
	Source                  Fact
	Shown                   bool
	Switch                  *Deed // nil: the reader may only look
	Edit                    *components.Action
}

// BenchmarkForm asks for one benchmark.
type BenchmarkForm struct {
	Page   layouts.Page
	Crumbs []components.Crumb
	Title  string
	Action string
	Note   *components.Note
	Metric components.Choices
	Name   components.TextInput
	Low    components.TextInput
	High   components.TextInput
	Year   components.TextInput
	Source components.TextInput
	Remark components.TextArea
	Shown  components.Check
	Delete *components.Action // nil: it is new
}

// Orientation is the line under a score that says what others report.
type Orientation struct {
	Rows    []OrientationRow
	Caution string
	Edit    *components.Action // nil: the reader may only look
}

// OrientationRow is one benchmark in a report.
type OrientationRow struct {
	Text   string
	Source Fact
	Note   string // empty: none
}
