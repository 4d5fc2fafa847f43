package analysis

import (
	"math"
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

func TestControlMatchesReference(t *testing.T) {
	t.Parallel()
	series := weeklySeries(t)
	charts := map[string]ControlChart{}
	for name, weeks := range series {
		// The reference took the first 20 weeks and limits of 2.7.
		charts[name] = golden.Must(Control(surveys.NPS, weeks, ControlOptions{Baseline: 20, Lambda: 0.2, Limit: 2.7, Funnel: 3}))
	}
	for _, r := range golden.Read(t, "trend_charts.csv") {
		chart := charts[r["series"]]
		golden.Near(t, "μ₀", chart.Level, r.Num(t, "mu0"), 1e-8)
		golden.Near(t, "σ₀²", chart.Variance, r.Num(t, "sigma0_sq"), 1e-8)
		golden.Near(t, "σz", chart.SigmaZ, r.Num(t, "sigma_z"), 1e-8)
		p := chart.Points[r.Int(t, "week")-1]
		if p.Empty != (r["n"] == "0") {
			t.Errorf("%s week %s: empty is %v", r["series"], r["week"], p.Empty)
		}
		if p.Empty {
			continue
		}
		week := bandsOf(surveys.NPS.Scale(), series[r["series"]][r.Int(t, "week")-1])
		golden.Near(t, "score", week.score(), r.Num(t, "nps"), 1e-8)
		golden.Near(t, "its error", math.Sqrt(chart.Variance/float64(week.n())), r.Num(t, "se"), 1e-8)
		golden.Near(t, "z", p.Z, r.Num(t, "z"), 1e-8)
		golden.Near(t, "EWMA", p.EWMA, r.Num(t, "ewma"), 1e-8)
		golden.Near(t, "EWMA low", p.EWMALow, r.Num(t, "ewma_lo"), 1e-8)
		golden.Near(t, "EWMA high", p.EWMAHigh, r.Num(t, "ewma_hi"), 1e-8)
		golden.Near(t, "funnel low", p.FunnelLow, r.Num(t, "funnel_lo"), 1e-8)
		golden.Near(t, "funnel high", p.FunnelHigh, r.Num(t, "funnel_hi"), 1e-8)
	}
}

func TestControlAlarms(t *testing.T) {
	t.Parallel()
	alarms := func(name string, weeks []surveys.Counts) (first, sign int) {
		for i, p := range golden.Must(Control(surveys.NPS, weeks, DefaultControl())).Points {
			if p.Alarm != 0 {
				return i, p.Alarm
			}
		}
		return -1, 0
	}
	series := weeklySeries(t)
	if at, _ := alarms("W1", series["W1_stable_n20_60"]); at >= 0 {
		t.Errorf("the stable series alarms in week %d", at+1)
	}
	if at, sign := alarms("W3", series["W3_drop25_at_wk31_n20_60"]); at < 30 || at > 38 || sign != -1 {
		t.Errorf("a loss of 25 points from week 31 alarms in week %d as %d", at+1, sign)
	}
	weeks := make([]surveys.Counts, 27)
	for i := range weeks {
		weeks[i] = npsCounts(0, 0, 20)
	}
	if at, _ := alarms("unanimous", weeks); at >= 0 {
		t.Errorf("a unanimous series alarms in week %d", at+1)
	}
	weeks[26] = npsCounts(18, 1, 1)
	if at, sign := alarms("sudden loss", weeks); at != 26 || sign != -1 {
		t.Errorf("a sudden loss alarms in week %d as %d", at+1, sign)
	}
}

func TestControlRefuses(t *testing.T) {
	t.Parallel()
	weeks := []surveys.Counts{npsCounts(1, 1, 1), npsCounts(1, 1, 1)}
	for name, o := range map[string]ControlOptions{
		"baseline": {Baseline: 3, Lambda: 0.2, Limit: 3, Funnel: 3},
		"lambda":   {Baseline: 1, Lambda: 0, Limit: 3, Funnel: 3},
		"funnel":   {Baseline: 1, Lambda: 1, Limit: 3, Funnel: math.NaN()},
	} {
		_, err := Control(surveys.NPS, weeks, o)
		refusedFor(t, err, name)
	}
	_, err := Control(surveys.NPS, make([]surveys.Counts, 3), ControlOptions{Baseline: 2, Lambda: 0.2, Limit: 3, Funnel: 3})
	refusedFor(t, err, "baseline")
}
