package components

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
)

// charts are lists in which one row is hidden and one is called what nobody should be.
func charts(t *testing.T, wild string) map[string]Chart {
	t.Helper()
	l, of := english(t), int64(40)
	day := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	return map[string]Chart{
		"asked": Funnel{L: l, ID: "asked", Title: "Asked", All: FunnelGroup{Name: "Everybody", Sent: 99, Answered: &of, Rate: number64(0.4), Low: number64(0.3), High: number64(0.5)},
			Steps: []FunnelStep{{Name: "Sent", N: 99}}, Groups: []FunnelGroup{
				{Key: "plan", Value: wild, Name: wild, Sent: 50, Answered: &of, Rate: number64(0.8), Low: number64(0.7), High: number64(0.9)},
				{Key: "plan", Value: "tiny", Name: "Hidden", Sent: 3, Evidence: Hidden, Verdict: "hidden"},
			}},
		"themes": Themes{L: l, Title: "Themes", Metric: surveys.NPS, Rows: []ThemeLine{
			{Name: wild, N: 9, Of: 90, Share: number64(10), Low: number64(5), High: number64(18), Effect: &Effect{Difference: -12, Low: -20, High: -4}, P: number64(0.01)},
			{Name: "Hidden", Evidence: Hidden, Verdict: "fewer than 5 comments"},
		}},
		"cohorts": Cohorts{L: l, ID: "c", Title: wild, Rows: []CohortRow{{Start: day, Size: 60, Cells: []CohortCell{{N: 60, Share: number64(100), Low: number64(94), High: number64(100)}, {Offset: 1, Partial: true}}}}},
		"drivers": Drivers{L: l, ID: "d", Title: wild, N: 80, Rows: []DriverRow{{Name: wild, Share: 0.4, Low: 0.3, High: 0.5}}},
		"courses": Courses{L: l, ID: "k", Title: "Courses", Head: "Survey", List: []RateTrend{
			{ID: "a", L: l, Title: wild, Points: []RatePoint{{Label: "one", Start: day, Value: number64(3), Text: "3"}, {Label: "two", Start: day, Text: "–"}, {Label: "three", Start: day, Value: number64(4), Text: "4"}, {Label: "now", Start: day, Partial: true}}},
			{ID: "b", L: l, Title: "Hidden", Points: []RatePoint{{Label: "one", Start: day, Text: "–"}}},
		}},
		"scores": Overview{L: l, Title: "Scores", Rows: []OverviewRow{
			{Name: wild, Metric: surveys.NPS, N: 90, Score: number64(30), Low: number64(20), High: number64(40), Verdict: strings.Repeat("a long verdict, ", 12) + "and its end."},
			{Name: "Hidden", Metric: surveys.NPS, N: 4, Evidence: Hidden},
		}},
	}
}

// TestChartsHideAndHold: a hidden row has no number but how many there are, each row
// has a value for each key, and no name breaks a picture.
func TestChartsHideAndHold(t *testing.T) {
	t.Parallel()
	for name, chart := range charts(t, "<b>\u202eשלום\n]]> & \"x\"") {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sheet := chart.Sheet()
			for i, values := range sheet.Values() {
				if len(values) != len(sheet.Keys()) {
					t.Errorf("row %d has %d values under %d keys", i, len(values), len(sheet.Keys()))
				}
				if sheet.Rows[i].Cells[0].Text != "Hidden" {
					continue
				}
				for k, value := range values {
					if number, ok := value.(*float64); ok && number != nil {
						t.Errorf("a hidden row has %s %v", sheet.Keys()[k], *number)
					}
					if _, plain := value.(float64); plain {
						t.Errorf("a hidden row has %s %v", sheet.Keys()[k], value)
					}
				}
			}
			source, texts := drawn(t, chart.Picture(Picture{L: english(t), Title: "t", Lead: "l"}))
			if strings.Contains(source, "<b>") || !strings.Contains(source, "<desc>l") {
				t.Error("a name became markup, or there is no description")
			}
			if name == "scores" && !strings.Contains(strings.Join(texts, " "), "and its end.") {
				t.Errorf("a verdict is cut: %v", texts)
			}
		})
	}
}

// TestSparklineKnowsItsRows: of a course only the steps that are over are walked, and
// each has its place.
func TestSparklineKnowsItsRows(t *testing.T) {
	t.Parallel()
	courses := charts(t, "x")["courses"].(Courses)
	var marked []string
	for _, row := range courses.Sheet().Rows {
		if row.Of != "" {
			marked = append(marked, fmt.Sprint(row.Of, " ", row.Mark.X, " ", row.Mark.Y != ""))
		}
	}
	expect(t, "rows", strings.Join(marked, "|"), "a 3.33 true|a 50 false|a 96.67 true")
	page := render(t, SparklineChart(courses.Spark(courses.List[0])))
	if page.Find(`[data-chart=k][data-of=a] .area input.reader[max="2"][aria-label]`).Length() != 1 {
		t.Error("the sparkline is not walked")
	}
	if render(t, SparklineChart(courses.SparkOf("b"))).Find("svg").Length() != 0 {
		t.Error("a course of nothing is drawn")
	}
}
