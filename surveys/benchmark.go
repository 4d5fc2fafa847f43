package surveys

import (
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// MaxBenchmarks is how many benchmarks a workspace may keep.
const MaxBenchmarks = 200

// Benchmark is a score that others report, to look at beside one's own: what
// one source says of one panel in one year. Panels differ in whom they ask, how
// and when, by about 20 points for the same industry, so that a benchmark is
// shown for orientation only: it takes part in no computation and no verdict.
type Benchmark struct {
	WorkspaceID WorkspaceID
	ID          string
	Metric      Metric
	Name        string  // of the industry or panel
	Low, High   float64 // as the metric's headline: points for NPS, percent otherwise; equal when the source names one value
	Year        int     // of the figures, not of the publication
	Source      string  // where it can be looked up: a name or an address
	Note        string  // such as whom the panel asked
	Shown       bool    // on the reports of surveys of its metric
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Headline is the range of a metric's headline: −100…100 points where it is a
// difference of shares, and 0…100 percent where it is a share. The metric must
// be valid.
func (m Metric) Headline() (low, high float64) {
	if m.Scale().Net {
		return -100, 100
	}
	return 0, 100
}

// firstBenchmarkYear is when customers' satisfaction began to be reported as
// comparable scores.
const firstBenchmarkYear = 1990

// Check returns the benchmark with its texts trimmed, or what is wrong with it.
func (b Benchmark) Check(now time.Time) (Benchmark, error) {
	b.Name, b.Source, b.Note = strings.TrimSpace(b.Name), strings.TrimSpace(b.Source), strings.TrimSpace(b.Note)
	wrong := b.checkScore()
	wrong = append(wrong, checkLength("name", b.Name, 1, 80)...)
	if last := now.UTC().Year() + 1; b.Year < firstBenchmarkYear || b.Year > last {
		wrong = append(wrong, FieldError{Path: "year", Code: "benchmark_year", Args: map[string]any{"min": strconv.Itoa(firstBenchmarkYear), "max": strconv.Itoa(last)}})
	}
	wrong = append(wrong, checkLength("source", b.Source, 1, 300)...)
	wrong = append(wrong, checkLength("note", b.Note, 0, 300)...)
	return b, Wrong(wrong...)
}

func (b Benchmark) checkScore() []FieldError {
	if !b.Metric.Valid() {
		return []FieldError{{Path: "metric", Code: "metric"}}
	}
	low, high := b.Metric.Headline()
	outside := func(score float64) bool { return math.IsNaN(score) || score < low || score > high }
	wrong := FieldError{Path: "low", Code: "benchmark_score", Args: map[string]any{"min": int(low), "max": int(high)}}
	if outside(b.Low) {
		return []FieldError{wrong}
	}
	if outside(b.High) {
		wrong.Path = "high"
		return []FieldError{wrong}
	}
	if b.High < b.Low {
		return []FieldError{{Path: "high", Code: "benchmark_order"}}
	}
	return nil
}

// Same reports whether two benchmarks say the same of the same panel, so that
// one of them is too many. Its note, and whether it is shown, do not matter.
func (b Benchmark) Same(other Benchmark) bool {
	return b.Metric == other.Metric && strings.EqualFold(b.Name, other.Name) && b.Low == other.Low && b.High == other.High &&
		b.Year == other.Year && strings.EqualFold(b.Source, other.Source)
}

// Link is the source's address; "" when the source is a name.
func (b Benchmark) Link() string {
	address, err := url.Parse(b.Source)
	if err != nil || address.Host == "" || address.Scheme != "https" && address.Scheme != "http" {
		return ""
	}
	return b.Source
}

// SourceName is the source in a word: of an address, its host.
func (b Benchmark) SourceName() string {
	if b.Link() == "" {
		return b.Source
	}
	address, err := url.Parse(b.Source)
	if err != nil {
		return b.Source
	}
	return strings.TrimPrefix(address.Host, "www.")
}

// StarterBenchmarks are public figures to begin with, none of them shown. Their
// names and notes are keys of the catalogue, to be put into the workspace's
// language. Where a page only quotes others and dates none of them, Year is its
// own, and the note says so.
//
// There are none for the two efforts, for which no source reports a share that
// is comparable, and none of indices that run from 0 to 100 but are no share of
// satisfied customers, such as the ACSI.
func StarterBenchmarks() []Benchmark {
	const formspring = "https://formspring.io/blog/nps-benchmarks-by-industry-2026"
	const quoted = "quoted"
	return []Benchmark{
		{Metric: NPS, Name: "saas", Low: 30, High: 40, Year: 2026, Source: formspring, Note: quoted},
		{Metric: NPS, Name: "software", Low: 28, High: 45, Year: 2026, Source: formspring, Note: quoted},
		{Metric: NPS, Name: "commerce", Low: 40, High: 50, Year: 2026, Source: formspring, Note: quoted},
		{Metric: NPS, Name: "banking", Low: 20, High: 35, Year: 2026, Source: formspring, Note: quoted},
		{Metric: NPS, Name: "insurance", Low: 15, High: 30, Year: 2026, Source: formspring, Note: quoted},
		{Metric: NPS, Name: "telecom", Low: 0, High: 15, Year: 2026, Source: formspring, Note: quoted},
		{Metric: NPS, Name: "b2c", Low: 49, High: 49, Year: 2026, Source: "Stareply"},
		{Metric: NPS, Name: "b2b", Low: 38, High: 38, Year: 2026, Source: "Stareply"},
		{Metric: NPS, Name: "software_median", Low: 30, High: 30, Year: 2026, Source: "Stareply"},
		{Metric: NPS, Name: "all", Low: 32, High: 32, Year: 2026, Source: "Stareply"},
		{Metric: CSAT, Name: "commerce", Low: 80, High: 82, Year: 2025, Source: "Armatis"},
		{Metric: CSAT, Name: "saas", Low: 78, High: 78, Year: 2025, Source: "Armatis"},
		{Metric: CSAT, Name: "banking", Low: 80, High: 80, Year: 2025, Source: "Armatis"},
	}
}
