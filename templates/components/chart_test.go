package components

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/surveys"
)

func value(x float64) *float64 { return &x }

// days makes a trend by day.
func days(t *testing.T, count int) Trend {
	t.Helper()
	trend := weeks(t, count)
	trend.Period = Day
	for i := range trend.Points {
		trend.Points[i].Start = trend.Points[0].Start.AddDate(0, 0, i)
	}
	return trend
}

// weeks makes a trend whose level is 40 ± 8, with 100 answers in each week.
func weeks(t *testing.T, count int) Trend {
	t.Helper()
	trend := Trend{L: english(t), ID: "trend", Metric: surveys.NPS, Period: Week, Title: "By week", Summary: "NPS by week", Confidence: 0.95}
	for i := range count {
		trend.Points = append(trend.Points, TrendPoint{
			Start: time.Date(2025, 12, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 7*i), N: 100,
			Score: value(40), Low: value(25), High: value(55), Smooth: value(40), SmoothLow: value(32), SmoothHigh: value(48),
		})
	}
	return trend
}

// coordinate reads "12.5" and "12.5%".
func coordinate(t *testing.T, text string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
	if err != nil {
		t.Fatalf("%q is not a coordinate", text)
	}
	return x
}

func TestNiceAxis(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name            string
		metric          surveys.Metric
		low, high       float64
		wantLow, wantHi float64
		ticks           int
	}{
		{"in the middle", surveys.NPS, 12, 58, 0, 60, 4},
		{"around nothing", surveys.NPS, -30, 30, -40, 40, 5},
		{"a single value", surveys.NPS, 40, 40, 35, 45, 3},
		{"never beyond the scale", surveys.CSAT, 91, 140, 90, 100, 3},
		{"never below the scale", surveys.CES, -20, 15, 0, 15, 4},
		{"the whole scale", surveys.NPS, -100, 100, -100, 100, 5},
		{"at the very top", surveys.CSAT, 100, 100, 94, 100, 4},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := niceAxis(c.metric, c.low, c.high, 4)
			if a.low != c.wantLow || a.high != c.wantHi || len(a.ticks) != c.ticks {
				t.Errorf("%v to %v with %v, want %v to %v with %d ticks", a.low, a.high, a.ticks, c.wantLow, c.wantHi, c.ticks)
			}
		})
	}
}

func TestAxisHoldsWhatItIsMadeFor(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.Float64Range(-100, 100).Draw(t, "low")
		high := rapid.Float64Range(low, 100).Draw(t, "high")
		a := niceAxis(surveys.NPS, low, high, 4)
		if a.low > low || a.high < high || a.low < -100 || a.high > 100 {
			t.Fatalf("%v to %v does not hold %v to %v", a.low, a.high, low, high)
		}
		if len(a.ticks) < 2 || len(a.ticks) > 12 {
			t.Fatalf("%d ticks", len(a.ticks))
		}
		for _, tick := range a.ticks {
			if share := a.share(tick); share < 0 || share > 1 || math.Signbit(tick) && tick == 0 {
				t.Fatalf("tick %v lies at %v", tick, share)
			}
		}
	})
}

func TestTrendPlacesPointsByValueTimeAndAnswers(t *testing.T) {
	t.Parallel()
	trend := weeks(t, 3)
	trend.Points[1].Score, trend.Points[1].N = value(44), 400
	p := trend.plot()
	if len(p.Dots) != 3 {
		t.Fatalf("%d dots, want 3", len(p.Dots))
	}
	first, second, third := p.Dots[0], p.Dots[1], p.Dots[2]
	if got := coordinate(t, second.X); got != 50 {
		t.Errorf("the middle week lies at %v %%", got)
	}
	if coordinate(t, first.X) >= coordinate(t, second.X) || coordinate(t, second.X) >= coordinate(t, third.X) {
		t.Error("time does not run from left to right")
	}
	if coordinate(t, second.Y) >= coordinate(t, first.Y) {
		t.Error("a higher score does not lie higher")
	}
	if coordinate(t, second.R) <= coordinate(t, first.R) {
		t.Error("more answers do not make a larger dot")
	}
	expect(t, "title", second.Title, "Week of 8 December 2025: 44 from 400 answers")
}

func TestTrendDrawsNothingThatIsNotKnown(t *testing.T) {
	t.Parallel()
	trend := weeks(t, 7)
	trend.Points[3].Smooth, trend.Points[3].Score = nil, nil
	p := trend.plot()
	if len(p.Dots) != 6 || len(p.Lines) != 2 || len(p.Bands) != 2 {
		t.Errorf("%d dots, %d lines, %d bands; want 6, and 2 of each around the gap", len(p.Dots), len(p.Lines), len(p.Bands))
	}
	lonely := weeks(t, 1).plot()
	if len(lonely.Lines) != 0 || len(lonely.Dots) != 1 || lonely.Dots[0].X != "50%" {
		t.Errorf("a single step is drawn as %+v", lonely)
	}
	if none := (Trend{L: english(t), Metric: surveys.NPS}).plot(); len(none.Dots)+len(none.Lines)+len(none.Ticks) != 0 {
		t.Errorf("no steps are drawn as %+v", none)
	}
}

func TestTrendIsNotFlattenedBySmallSteps(t *testing.T) {
	t.Parallel()
	trend := weeks(t, 12)
	trend.Points[5].Score, trend.Points[5].N = value(-100), 5
	p := trend.plot()
	if p.axis.low < 0 {
		t.Errorf("five answers stretched the axis down to %v", p.axis.low)
	}
	if got := p.Dots[5]; got.Class != "dot beyond" || coordinate(t, got.Y) != trendFoot {
		t.Errorf("the dot beyond the axis is %+v, want one at its edge that looks different", got)
	}
	trend.Points[5].N = 100
	if p := trend.plot(); p.axis.low != -100 {
		t.Errorf("a step with as many answers as the others was cut off: the axis ends at %v", p.axis.low)
	}
}

func TestTrendMarksChangesBetweenTheSteps(t *testing.T) {
	t.Parallel()
	trend := weeks(t, 11)
	trend.Changes = []TrendChange{
		{At: trend.Points[2].Start, Direction: Rose, Text: "rose"},
		{At: trend.Points[8].Start, Direction: Fell, Text: "fell"},
		{At: trend.Points[0].Start.AddDate(0, 0, -1), Direction: Fell, Text: "before the picture"},
		{At: trend.Points[10].Start.AddDate(1, 0, 0), Direction: Fell, Text: "after the picture"},
	}
	p := trend.plot()
	if len(p.Changes) != 2 {
		t.Fatalf("%d changes, want the 2 within", len(p.Changes))
	}
	early, late := p.Changes[0], p.Changes[1]
	if x := coordinate(t, early.X); x <= coordinate(t, p.Dots[1].X) || x >= coordinate(t, p.Dots[2].X) {
		t.Errorf("the change lies at %v %%, not between the steps it parts", x)
	}
	if early.Anchor != "start" || late.Anchor != "end" {
		t.Errorf("captions read %s and %s: one leaves the picture", early.Anchor, late.Anchor)
	}
	if early.Class != "change rose" || late.Class != "change fell" {
		t.Errorf("classes %q and %q", early.Class, late.Class)
	}
}

func TestTrendTicks(t *testing.T) {
	t.Parallel()
	words := func(trend Trend) string {
		var all []string
		for _, tick := range trend.plot().Ticks {
			all = append(all, tick.Text)
		}
		return strings.Join(all, " ")
	}
	expect(t, "a year", words(weeks(t, 52)), "Dec 2026 Feb Mar Apr May Jun Jul Aug Sep Oct Nov")
	expect(t, "six weeks", words(weeks(t, 6)), "1 Dec 8 Dec 15 Dec 22 Dec 29 Dec 5 Jan")
	late := weeks(t, 53)
	late.Points = late.Points[4:]
	expect(t, "the end of a month is not written over the next", words(late), "2026 Feb Mar Apr May Jun Jul Aug Sep Oct Nov")
	expect(t, "thirty days", words(days(t, 30)), "1 Dec 5 Dec 9 Dec 13 Dec 17 Dec 21 Dec 25 Dec 29 Dec")
	months := weeks(t, 26)
	for i := range months.Points {
		months.Points[i].Start = months.Points[0].Start.AddDate(0, i, 0)
	}
	expect(t, "years keep their Januaries", words(months), "2026 Mar May Jul Sep Nov 2027 Mar May Jul Sep Nov 2028")
	if got := len(weeks(t, 400).plot().Ticks); got > maxMonths {
		t.Errorf("%d words under eight years", got)
	}
}

func TestTrendStandsAsATableToo(t *testing.T) {
	t.Parallel()
	for _, l := range localizers(t) {
		trend := weeks(t, 4)
		trend.L = l
		trend.Points[0].Address = "/responses?week=1"
		trend.Points[1].Score, trend.Points[1].Low, trend.Points[1].High, trend.Points[1].N = nil, nil, nil, 3
		trend.Points[2].High = value(140)
		trend.Changes = []TrendChange{{At: trend.Points[2].Start, Direction: Fell, Text: "fell by 9"}}
		page := render(t, TrendChart(trend))
		expect(t, "picture", page.Find("[role=img]").AttrOr("aria-label", ""), "NPS by week")
		rows := page.Find("details table tbody tr")
		if rows.Length() != 4 {
			t.Fatalf("%d rows, want 4", rows.Length())
		}
		expect(t, "answers lead to the answers", rows.Eq(0).Find("a").AttrOr("href", ""), "/responses?week=1")
		expect(t, "hidden score", text(rows.Eq(1).Find("td").Eq(0)), "–")
		if got := text(rows.Eq(2).Find("td").Eq(1)); !strings.Contains(got, "100") || strings.Contains(got, "140") {
			t.Errorf("the interval %q leaves the scale", got)
		}
		expect(t, "the change in words", text(page.Find("ul.changes")), "fell by 9")
	}
}

func TestDistribution(t *testing.T) {
	t.Parallel()
	v := Distribution{L: english(t), ID: "d", Metric: surveys.NPS, Title: "Answers", Counts: surveys.Counts{14, 5, 7, 8, 9, 22, 18, 51, 85, 116, 151}, Answers: "/r?score="}
	bars := v.bars(distPlot{})
	if len(bars) != 11 {
		t.Fatalf("%d bars", len(bars))
	}
	tallest, half := coordinate(t, bars[10].Height), coordinate(t, bars[9].Height)
	if tallest != distFoot-distTop || math.Abs(half/tallest-116.0/151) > 0.001 {
		t.Errorf("heights %v and %v are not as 151 and 116", tallest, half)
	}
	page := render(t, DistributionChart(v))
	expect(t, "bands", text(page.Find("ul.keys")), "Detractors (0–6) 17% · 83Passives (7–8) 28% · 136Promoters (9–10) 55% · 267")
	expect(t, "a bar in words", page.Find("svg a").Eq(9).AttrOr("aria-label", ""), "9: 116 answers, 23.9%, interval 20.3% to 27.9%")
	expect(t, "a bar's answers", page.Find("svg a").Eq(9).AttrOr("href", ""), "/r?score=9")
}

func TestDistributionOfEveryMetric(t *testing.T) {
	t.Parallel()
	bands := map[surveys.Metric]string{
		surveys.NPS: "bad middle good", surveys.CES: "bad middle good", surveys.CES5: "good middle bad", surveys.CSAT: "bad middle good",
	}
	for _, l := range localizers(t) {
		for metric, want := range bands {
			v := Distribution{L: l, ID: "d", Metric: metric}
			var got []string
			for _, r := range v.rules(distPlot{}) {
				got = append(got, r.Class)
				if end := coordinate(t, r.X) + coordinate(t, r.Width); end > 100 {
					t.Errorf("%s: a rule ends at %v %%", metric, end)
				}
			}
			expect(t, string(metric)+" bands from low to high", strings.Join(got, " "), want)
			page := render(t, DistributionChart(v))
			if n := page.Find("svg [role=img]").Length(); n != len(metric.Scale().Choices()) {
				t.Errorf("%s: %d bars without answers", metric, n)
			}
			if strings.Contains(page.Text(), "NaN") {
				t.Errorf("%s: no answers are shown as NaN", metric)
			}
		}
	}
}

func TestSegments(t *testing.T) {
	t.Parallel()
	v := Segments{L: english(t), ID: "s", Metric: surveys.NPS, Title: "Where it differs", Head: "Plan", Overall: 38, Rows: []SegmentRow{
		{Name: "Retail", Address: "/x", N: 1212, Score: value(52), Low: value(42), High: value(62), Standing: Above, Verdict: "higher than the rest"},
		{Name: "Gift", N: 35, Score: value(38), Low: value(12), High: value(64), Evidence: Faint, Verdict: "too few to tell"},
		{Name: "Partner", N: 3, Evidence: Hidden, Verdict: "too few to show"},
	}}
	page := render(t, SegmentTable(v))
	rows := page.Find(".area tbody tr")
	expect(t, "verdict", text(rows.Eq(0).Find(".verdict.above")), "higher than the rest")
	expect(t, "interval in words", rows.Eq(0).Find("[role=img]").AttrOr("aria-label", ""), "42 to 62")
	expect(t, "answers", text(rows.Eq(0).Find("td.num").Eq(1)), "1,212")
	expect(t, "greyed", rows.Eq(1).AttrOr("class", ""), "few")
	if rows.Eq(2).Find("svg").Length() != 0 || text(rows.Eq(2).Find("td.num").Eq(0)) != "–" {
		t.Error("a hidden group shows a score")
	}
	w, ok := v.whisker(v.Rows[0])
	if !ok || coordinate(t, w.From) >= coordinate(t, w.At) || coordinate(t, w.At) >= coordinate(t, w.To) || coordinate(t, w.All) >= coordinate(t, w.From) {
		t.Errorf("the interval is laid out as %+v", w)
	}
}

func TestSegmentsWithNothingToShow(t *testing.T) {
	t.Parallel()
	v := Segments{L: english(t), Metric: surveys.CSAT, Overall: 100, Rows: []SegmentRow{{Name: "A", N: 2, Evidence: Hidden}}}
	if page := render(t, SegmentTable(v)); strings.Contains(page.Text(), "NaN") {
		t.Error("NaN on the page")
	}
}

func TestSparkline(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		values []*float64
		path   string
	}{
		{"nothing", nil, ""},
		{"one value is no course", []*float64{value(40)}, ""},
		{"flat lies in the middle", []*float64{value(40), value(40)}, "M4 14L116 14"},
		{"up", []*float64{value(0), value(100)}, "M4 24L116 4"},
		{"a gap lifts the pen", []*float64{value(0), nil, value(100)}, "M4 24M116 4"},
		{"noise stays small", []*float64{value(40), value(41)}, "M4 15L116 13"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			expect(t, "path", render(t, SparklineChart(Sparkline{Summary: "s", Values: c.values})).Find("path").AttrOr("d", ""), c.path)
		})
	}
}
