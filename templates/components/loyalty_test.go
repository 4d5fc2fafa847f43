package components

import (
	"math"
	"strings"
	"testing"
)

func number64(x float64) *float64 { return &x }

func TestRateIsLaidOut(t *testing.T) {
	t.Parallel()
	v := RateTrend{L: english(t), ID: "r", Title: "Retention", Points: []RatePoint{
		{Label: "Q1", Value: number64(90), Low: number64(88), High: number64(92)}, {Label: "Q2"}, {Label: "Q3", Value: number64(95), Low: number64(93), High: number64(97)},
		{Label: "Q4", Value: number64(99), Partial: true},
	}}
	p := v.plot()
	if len(p.Dots) != 3 || len(p.Whiskers) != 2 || p.Dots[2].Class != "step partial" {
		t.Fatalf("%d dots, %d whiskers: %+v", len(p.Dots), len(p.Whiskers), p.Dots)
	}
	if strings.Count(p.Line, "M") != 2 || strings.Contains(p.Line, "L") {
		t.Errorf("the line %q does not break where nothing is known", p.Line)
	}
	if p.axis.low > 88 || p.axis.high > 100 {
		t.Errorf("a share's axis goes from %v to %v", p.axis.low, p.axis.high)
	}
	page := render(t, RateChart(v))
	if got := page.Find("tbody tr").Length(); got != 4 {
		t.Errorf("%d rows behind the chart, want 4", got)
	}
	if got := page.Find("tbody tr").Last().Find("small").Text(); got == "" {
		t.Error("the table does not say that the last step is not over")
	}
}

func TestOpenAxis(t *testing.T) {
	t.Parallel()
	inf := math.Inf(1)
	for name, c := range map[string]struct{ low, high, floor, ceiling, wantLow, wantHigh float64 }{
		"nothing":        {inf, -inf, -inf, inf, 0, 100},
		"below zero":     {-12, 30, -inf, inf, -20, 40},
		"a flat share":   {100, 100, 0, 100, 98, 100},
		"beyond hundred": {40, 130, -inf, inf, 25, 150},
		"a thousand":     {0, 1200, 0, inf, 0, 1200},
	} {
		a := openAxis(c.low, c.high, c.floor, c.ceiling)
		if c.low <= c.high && (a.low > c.low || a.high < c.high) || a.low != c.wantLow || a.high != c.wantHigh {
			t.Errorf("%s: %v to %v, want %v to %v", name, a.low, a.high, c.wantLow, c.wantHigh)
		}
		if len(a.ticks) < 2 || len(a.ticks) > 8 {
			t.Errorf("%s: ticks %v", name, a.ticks)
		}
	}
}

func TestStaysAreStairs(t *testing.T) {
	t.Parallel()
	v := Stays{L: english(t), ID: "s", Title: "Stay", Until: 100, Times: []StayTime{{40, "after 40 days"}, {60, "after 60 days"}, {100, "after 100 days"}}, Ticks: []StayTick{{0, "0"}, {50, "50"}, {100, "100"}}, Curves: []StayCurve{
		{Name: "Promoters", Key: "promoter", N: 30, Left: 9, Class: GoodCurve, Until: 100, Steps: []StayStep{{50, 0.8, number64(0.7), number64(0.9)}, {80, 0, nil, nil}}},
		{Name: "Passives", Key: "passive", Class: MiddleCurve, Note: "too few people"},
	}}
	p := v.plot()
	if len(p.Curves) != 1 {
		t.Fatalf("%d curves are drawn, want 1", len(p.Curves))
	}
	if got := p.Curves[0].Line; strings.Count(got, "H") != 3 || strings.Count(got, "V") != 2 || strings.Contains(got, "L") {
		t.Errorf("the line is %q", got)
	}
	if got := p.Curves[0].Band; !strings.HasPrefix(got, "M0 ") || !strings.HasSuffix(got, "Z") || strings.Contains(got, "NaN") {
		t.Errorf("the band is %q", got)
	}
	if p.Ticks[0].Anchor != "start" || p.Ticks[2].Anchor != "end" {
		t.Errorf("the ticks stand at %+v", p.Ticks)
	}
	page := render(t, StayChart(v))
	if got := page.Find(".curve-keys li").Last().Text(); !strings.Contains(got, "too few people") {
		t.Errorf("the key of a hidden group says %q", got)
	}
	if page.Find(".curve-head").Length() != 1 || page.Find("tbody tr").Length() != 3 {
		t.Error("the key or the table is not whole")
	}
	sheet := v.Sheet()
	expect(t, "keys", strings.Join(sheet.Keys(), " "), "day promoter promoter_low promoter_high promoter_n") // who is too few is in no file
	for i, want := range []string{"after 40 days: Promoters: 100.0%", "after 60 days: Promoters: 80.0% 70.0% to 90.0%", "after 100 days: Promoters: 0.0%"} {
		expect(t, "row", sheet.Rows[i].Says, want)
	}
	if got := sheet.Values()[1]; got[0] != int64(60) || got[1] != 80.0 || *got[2].(*float64) != 70 || got[4] != int64(30) {
		t.Errorf("the file says %v", got)
	}
}
