package components

import (
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
)

// full is a trend with everything that one can have.
func full(t *testing.T) Trend {
	t.Helper()
	trend := weeks(t, 8)
	trend.Points[1].Score, trend.Points[1].Low, trend.Points[1].High, trend.Points[1].N = nil, nil, nil, 3
	trend.Points[2].Score, trend.Points[2].High = value(41.61803398874989), value(140)
	trend.Points[2].Address = "/responses?week=3"
	trend.Changes = []TrendChange{{At: trend.Points[3].Start, Direction: Fell, Text: "fell by 9"}}
	trend.Notes = []TrendNote{
		{At: trend.Points[3].Start.AddDate(0, 0, 2), Text: "new prices", N: 1, Address: "/notes/1"},
		{At: trend.Points[3].Start.AddDate(0, 0, 5), Text: "a carrier", N: 2},
		{At: trend.Points[6].Start, Text: "a sale", N: 3},
	}
	trend.Before = "a year before"
	for _, point := range trend.Points {
		trend.Earlier = append(trend.Earlier, TrendPoint{Start: point.Start.AddDate(0, 0, -364), N: 50, Score: value(30), Low: value(20), High: value(40), Smooth: value(31)})
	}
	return trend
}

// segmentsOf is a comparison with a row of each kind.
func segmentsOf(t *testing.T) Segments {
	t.Helper()
	return Segments{L: english(t), ID: "s", Metric: surveys.NPS, Title: "Where it differs", Head: "Plan", Overall: 38, Rows: []SegmentRow{
		{Name: "Retail", Value: "retail", Address: "/x", N: 1212, Score: value(52.4), Low: value(42.4), High: value(62), Shrunk: value(51.2), P: value(0.0004), PCorrected: value(0.0012), Standing: Above, Verdict: "higher than the rest"},
		{Name: "Gift", N: 35, Score: value(38), Low: value(12), High: value(104), Shrunk: value(38), P: value(0.043), PCorrected: value(0.6), Evidence: Faint, Verdict: "too few to tell"},
		{Name: "Partner", N: 3, Evidence: Hidden, Verdict: "too few to show"},
	}}
}

// TestTheTableSaysWhatTheFileHolds: every number of a file, rounded, is in the
// table's cell, which the card shows too; hidden ones are in neither.
func TestTheTableSaysWhatTheFileHolds(t *testing.T) {
	t.Parallel()
	l := english(t)
	dist := Distribution{L: l, ID: "d", Metric: surveys.NPS, Title: "Answers", Counts: surveys.Counts{14, 5, 7, 8, 9, 22, 18, 51, 85, 116, 151}}
	points := func(x float64) string { return l.Score(surveys.NPS, max(-100, min(100, x)), 1) }
	share := func(x float64) string { return l.Percent(x, 1) }
	cases := []struct {
		name  string
		sheet Sheet
		write map[string]func(float64) string
	}{
		{"trend", full(t).Sheet(), map[string]func(float64) string{"score": points, "low": points, "high": points, "smooth": points, "earlier_score": points}},
		{"answers", dist.Sheet(), map[string]func(float64) string{"share": share, "low": share, "high": share}},
		{"segments", segmentsOf(t).Sheet(), map[string]func(float64) string{"score": points, "low": points, "high": points, "shrunk": points}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			compared := 0
			for _, row := range c.sheet.Rows {
				for i, column := range c.sheet.Columns {
					for k, key := range column.Keys {
						if k >= len(row.Cells[i].Values) {
							continue
						}
						text, exact := row.Cells[i].Text, row.Cells[i].Values[k]
						number, isNumber := exact.(float64)
						if pointer, ok := exact.(*float64); ok {
							if isNumber = pointer != nil; isNumber {
								number = *pointer
							} else if text != "–" {
								t.Errorf("%s of %s is not known and shown as %q", key, row.Cells[0].Text, text)
							}
						}
						if write := c.write[key]; isNumber && write != nil {
							compared++
							if !strings.Contains(text, write(number)) {
								t.Errorf("%s of %s is %v in the file and %q in the table", key, row.Cells[0].Text, number, text)
							}
						}
						if n, ok := exact.(int64); ok && key == "n" && text != l.Number(n) {
							t.Errorf("%d answers are shown as %q", n, text)
						}
					}
				}
			}
			if compared < 8 {
				t.Errorf("only %d numbers were compared", compared)
			}
		})
	}
}

func TestSheetsAsFiles(t *testing.T) {
	t.Parallel()
	sheet := full(t).Sheet()
	expect(t, "columns", strings.Join(sheet.Keys(), " "),
		"start score low high smooth smooth_low smooth_high n earlier_start earlier_n earlier_score earlier_low earlier_high earlier_smooth events")
	for i, row := range sheet.Values() {
		if len(row) != len(sheet.Keys()) {
			t.Fatalf("row %d has %d values for %d columns", i, len(row), len(sheet.Keys()))
		}
	}
	third := sheet.Values()[2]
	if start, ok := third[0].(time.Time); !ok || start.Format(time.DateOnly) != "2025-12-15" {
		t.Errorf("the step starts at %v", third[0])
	}
	if high, ok := third[3].(*float64); !ok || *high != 140 {
		t.Errorf("the interval is clipped in the file: %v", third[3])
	}
	expect(t, "what happened", sheet.Values()[3][14].(string), "fell by 9; 24 Dec: new prices; 27 Dec: a carrier")
	plain := weeks(t, 2).Sheet()
	expect(t, "columns without more", strings.Join(plain.Keys(), " "), "start score low high smooth smooth_low smooth_high n")
	expect(t, "segments", strings.Join(segmentsOf(t).Sheet().Keys(), " "), "value score low high n shrunk p p_adjusted verdict")
}

func TestStepsAsSentences(t *testing.T) {
	t.Parallel()
	rows := full(t).Sheet().Rows
	expect(t, "a step", rows[0].Says, "Week of 1 December 2025: NPS 40.0, 25.0 to 55.0, 100 answers; smoothed 40.0; a year before: 30.0")
	expect(t, "a hidden step", rows[1].Says, "Week of 8 December 2025: no score, 3 answers; smoothed 40.0; a year before: 30.0")
	expect(t, "an interval ends with the scale", rows[2].Says, "Week of 15 December 2025: NPS 41.6, 25.0 to 100.0, 100 answers; smoothed 40.0; a year before: 30.0")
	if says := rows[3].Says; !strings.HasSuffix(says, "; fell by 9; 24 Dec: new prices; 27 Dec: a carrier") {
		t.Errorf("what happened is not said: %q", says)
	}
}

func TestChartIsWalkedByASlider(t *testing.T) {
	t.Parallel()
	for _, l := range localizers(t) {
		trend := full(t)
		trend.L = l
		page := render(t, TrendChart(trend))
		reader := page.Find(".area input.reader")
		if _, hidden := reader.Attr("hidden"); !hidden {
			t.Error("the slider shows without the script that makes it work")
		}
		expect(t, "last step", reader.AttrOr("max", ""), "7")
		rows := page.Find("table[data-points] tbody tr")
		expect(t, "it begins with the last step", reader.AttrOr("aria-valuetext", ""), rows.Last().AttrOr("data-says", "no such row"))
		if reader.AttrOr("aria-label", "") == "" || page.Find(".area svg[role=img]").AttrOr("aria-label", "") == "" {
			t.Error("slider or picture has no name")
		}
		if page.Find("[role=img] input, [role=img] a").Length() > 0 {
			t.Error("there is a control within a picture, which hides it from screen readers")
		}
		if x := coordinate(t, rows.Eq(2).AttrOr("data-x", "")); x <= 0 || x >= 100 {
			t.Errorf("the third step lies at %v %%", x)
		}
		expect(t, "the third step's answers", rows.Eq(2).Find("a").AttrOr("href", ""), "/responses?week=3")
		if _, known := rows.Eq(1).Attr("data-high"); known && rows.Eq(1).AttrOr("data-high", "") != "" {
			t.Error("a hidden step has an interval to draw")
		}
	}
}

func TestProbabilities(t *testing.T) {
	t.Parallel()
	v := Segments{L: english(t)}
	for want, p := range map[string]*float64{"–": nil, "under 0.001": value(0.0002), "0.043": value(0.0432), "0.60": value(0.6), "1.00": value(1)} {
		expect(t, "p", v.probability(p), want)
	}
}

func TestRatesAreWalkedToo(t *testing.T) {
	t.Parallel()
	rates := RateTrend{L: english(t), ID: "r", Title: "Retention", Summary: "Retention by month", Points: []RatePoint{
		{Label: "June 2026", Tick: "Jun", Value: value(91.2), Low: value(88), High: value(94), Text: "91%", Interval: "88% to 94%", Count: "912 of 1,000"},
		{Label: "July 2026", Tick: "Jul", Text: "–", Interval: "–", Partial: true},
	}}
	sheet := rates.Sheet()
	expect(t, "columns", strings.Join(sheet.Keys(), " "), "start value low high n of partial")
	expect(t, "a step", sheet.Rows[0].Says, "June 2026: 91%; 88% to 94%; 912 of 1,000")
	expect(t, "a step that is not over", sheet.Rows[1].Says, "July 2026: not over yet")
	if exact, ok := sheet.Values()[0][1].(*float64); !ok || *exact != 91.2 {
		t.Errorf("the file has %v", sheet.Values()[0][1])
	}
	page := render(t, RateChart(rates))
	rows := page.Find("table[data-points] tbody tr")
	if rows.Eq(0).AttrOr("data-high", "") == "" || rows.Eq(1).AttrOr("data-high", "") != "" || page.Find(".area input.reader").Length() != 1 {
		t.Error("intervals are marked where there are none, or not where there are")
	}
	expect(t, "under the last", rows.Eq(1).Find("th small").Text(), "not over yet")
}
