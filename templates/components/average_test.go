package components

import (
	"strings"
	"testing"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// averagesOf are those of counts, as a report computes them.
func averagesOf(t *testing.T, metric surveys.Metric, counts surveys.Counts) Averages {
	t.Helper()
	e, err := analysis.Score(metric, counts, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	return Averages{Mean: &e.Mean, MeanIn: e.MeanIn, Index: e.Index, Answers: "/r"}
}

// TestAveragesBesideTheHeadline: 7 × 10, 6 × 5 and 2 × 5 have the mean 5.5 and the
// variance 85/19; with t(19) = 2.0930 the interval is ± 0.9899. The index is 75 − 25; with
// three answers added it is 43.48 ± 1.96·√(0.7457/23).
func TestAveragesBesideTheHeadline(t *testing.T) {
	t.Parallel()
	effort := surveys.Counts{7: 10, 6: 5, 2: 5}
	cases := []struct {
		name     string
		metric   surveys.Metric
		counts   surveys.Counts
		en, zh   string
		explains string
	}{
		{
			"CES", surveys.CES, effort, "Mean 5.5 (4.5 to 6.5) on 1–7 Index 50 (8 to 79), share of 6–7 minus share of 1–3",
			"平均分 5.5（4.5 至 6.5），1–7 分制 指数 50（8 至 79），6–7 分占比减 1–3 分占比", "share of 6 and 7",
		},
		{"classic effort", surveys.CES5, surveys.Counts{1: 60, 2: 20, 5: 20}, "Mean 2.00 (1.69 to 2.31) on 1–5, lower is better", "平均分 2.00（1.69 至 2.31），1–5 分制，越低越好", "very low effort"},
		{"CSAT", surveys.CSAT, surveys.Counts{5: 60, 4: 20, 1: 20}, "Mean 4.00 (3.69 to 4.31) on 1–5", "平均分 4.00（3.69 至 4.31），1–5 分制", "1 to 5"},
		{"NPS", surveys.NPS, surveys.Counts{10: 2, 0: 2, 5: 1}, "Mean 5.0 (0.0 to 10.0) on 0–10", "平均分 5.0（0.0 至 10.0），0–10 分制", "0 to 10"},
		{"all alike", surveys.CSAT, surveys.Counts{5: 9}, "Mean 5.00 (all gave the same) on 1–5", "平均分 5.00（全部相同），1–5 分制", "1 to 5"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for i, want := range []string{c.en, c.zh} {
				v := Distribution{L: localizers(t)[i], ID: "d", Metric: c.metric, Counts: c.counts, Averages: averagesOf(t, c.metric, c.counts)}
				page := render(t, DistributionChart(v))
				page.Find(".averages button, .averages .method").Remove()
				expect(t, "the line", text(page.Find(".averages")), want)
				if n := page.Find(`.averages a[href="/r"]`).Length(); n != len(v.averageTexts()) {
					t.Errorf("%d numbers lead to their answers", n)
				}
				if i == 0 && !strings.Contains(v.averageMethod().text(), c.explains) {
					t.Errorf("the note says %q", v.averageMethod().text())
				}
			}
		})
	}
}

// A score that must not be shown has no mean either.
func TestNoAveragesWhereNoneAreTold(t *testing.T) {
	t.Parallel()
	v := Distribution{L: english(t), ID: "d", Metric: surveys.CES, Counts: surveys.Counts{7: 10}}
	if n := render(t, DistributionChart(v)).Find(".averages").Length(); n != 0 {
		t.Errorf("%d lines of averages", n)
	}
	expect(t, "the file", strings.Join(v.Sheet().Keys(), " "), "score band n share low high")
}

// The file has them, in full, and the page's table has no empty columns for them.
func TestAveragesAreInTheFile(t *testing.T) {
	t.Parallel()
	counts := surveys.Counts{7: 10, 6: 5, 2: 5}
	v := Distribution{L: english(t), ID: "d", Metric: surveys.CES, Counts: counts, Averages: averagesOf(t, surveys.CES, counts)}
	expect(t, "columns", strings.Join(v.Sheet().Keys(), " "), "score band n share low high mean mean_low mean_high index index_low index_high")
	row := v.Sheet().Values()[0]
	if mean, index := row[6].(*float64), row[9].(float64); *mean != 5.5 || index != 50 {
		t.Errorf("mean %v, index %v", *mean, index)
	}
	if low := row[7].(float64); low < 4.51008 || low > 4.51010 {
		t.Errorf("the mean's interval begins at %v", low)
	}
	page := render(t, DistributionChart(v))
	if head, cells := page.Find("table[data-points] thead th").Length(), page.Find("table[data-points] tbody tr").First().Children().Length(); head != 5 || cells != 5 {
		t.Errorf("%d headings, %d cells on the page", head, cells)
	}
	_, texts := drawn(t, v.Picture(Picture{L: v.L, Title: "x"}))
	if all := strings.Join(texts, "\n"); !strings.Contains(all, "Mean 5.5 (4.5 to 6.5)") || !strings.Contains(all, "Index 50 (8 to 79)") {
		t.Errorf("the picture says\n%s", all)
	}
}
