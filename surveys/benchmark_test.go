package surveys_test

import (
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
)

func TestBenchmarkCheck(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	fine := surveys.Benchmark{Metric: surveys.NPS, Name: " Shops ", Low: -5, High: 40, Year: 2026, Source: " Retently ", Note: " by mail "}
	for _, c := range []struct {
		name  string
		edit  func(b *surveys.Benchmark)
		wrong []string
	}{
		{"fine", func(*surveys.Benchmark) {}, nil},
		{"one value", func(b *surveys.Benchmark) { b.High = b.Low }, nil},
		{"next year's", func(b *surveys.Benchmark) { b.Year = 2027 }, nil},
		{"the year after", func(b *surveys.Benchmark) { b.Year = 2028 }, []string{"year benchmark_year"}},
		{"no year", func(b *surveys.Benchmark) { b.Year = 0 }, []string{"year benchmark_year"}},
		{"no source", func(b *surveys.Benchmark) { b.Source = " " }, []string{"source required"}},
		{"no name", func(b *surveys.Benchmark) { b.Name = "" }, []string{"name required"}},
		{"a long note", func(b *surveys.Benchmark) { b.Note = strings.Repeat("注", 301) }, []string{"note too_long"}},
		{"upside down", func(b *surveys.Benchmark) { b.Low, b.High = 50, 40 }, []string{"high benchmark_order"}},
		{"more than all", func(b *surveys.Benchmark) { b.High = 101 }, []string{"high benchmark_score"}},
		{"a share below nothing", func(b *surveys.Benchmark) { b.Metric = surveys.CSAT }, []string{"low benchmark_score"}},
		{"no number", func(b *surveys.Benchmark) { b.High = math.NaN() }, []string{"high benchmark_score"}},
		{"infinite", func(b *surveys.Benchmark) { b.Low = math.Inf(-1) }, []string{"low benchmark_score"}},
		{"an unknown metric", func(b *surveys.Benchmark) { b.Metric = "mood" }, []string{"metric metric"}},
	} {
		b := fine
		c.edit(&b)
		checked, err := b.Check(now)
		if got := fieldsOf(t, err); !reflect.DeepEqual(got, c.wrong) {
			t.Errorf("%s: %v, want %v", c.name, got, c.wrong)
		}
		if c.wrong == nil && (checked.Name != "Shops" || checked.Source != "Retently" || checked.Note != "by mail") {
			t.Errorf("%s: not trimmed: %+v", c.name, checked)
		}
	}
}

func TestBenchmarkSource(t *testing.T) {
	t.Parallel()
	for source, want := range map[string][2]string{
		"Retently, 2026":                      {"", "Retently, 2026"},
		"https://www.example.com/nps?year=26": {"https://www.example.com/nps?year=26", "example.com"},
		"http://example.com":                  {"http://example.com", "example.com"},
		"javascript:alert(1)":                 {"", "javascript:alert(1)"},
		"https://":                            {"", "https://"},
		"ftp://example.com/x":                 {"", "ftp://example.com/x"},
		"https://example.com/%zz":             {"", "https://example.com/%zz"},
	} {
		b := surveys.Benchmark{Source: source}
		if got := [2]string{b.Link(), b.SourceName()}; got != want {
			t.Errorf("%s: %q, want %q", source, got, want)
		}
	}
}

// TestStarterBenchmarks: each can be stored as it is, says where it is from,
// and is shown to nobody who did not ask for it.
func TestStarterBenchmarks(t *testing.T) {
	t.Parallel()
	for _, b := range surveys.StarterBenchmarks() {
		if _, err := b.Check(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)); err != nil || b.Shown {
			t.Errorf("%+v: %v", b, err)
		}
		if b.Metric != surveys.NPS && b.Metric != surveys.CSAT {
			t.Errorf("%+v: nobody reports a comparable %s", b, b.Metric)
		}
	}
}
