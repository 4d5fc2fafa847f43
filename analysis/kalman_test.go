package analysis

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

// weeklySeries returns the counts of a series in trend_weeks.csv.
func weeklySeries(t *testing.T) map[string][]surveys.Counts {
	t.Helper()
	series := map[string][]surveys.Counts{}
	for _, r := range golden.Read(t, "trend_weeks.csv") {
		series[r["series"]] = append(series[r["series"]], npsRow(t, r, ""))
	}
	return series
}

func observe(series []surveys.Counts) []Observation {
	out := make([]Observation, len(series))
	for i, c := range series {
		b := bandsOf(surveys.NPS.Scale(), c)
		if b.n() == 0 {
			out[i].Missing = true
			continue
		}
		_, v := b.adjusted()
		out[i] = Observation{Value: b.score(), Variance: v}
	}
	return out
}

func TestLevelMatchesReference(t *testing.T) {
	t.Parallel()
	series := weeklySeries(t)
	runs := map[string][]golden.Row{}
	for _, r := range golden.Read(t, "trend_kalman.csv") {
		name := r["series"] + " " + r["q_kind"] + " " + r["q"]
		runs[name] = append(runs[name], r)
	}
	for name, rows := range runs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			observations := observe(series[rows[0]["series"]])
			q := rows[0].Num(t, "q")
			if rows[0]["q_kind"] == "mle" {
				fitted := golden.Must(FitLevel(observations))
				golden.Near(t, "fitted log-likelihood", fitted.LogLikelihood, rows[0].Num(t, "loglik"), 1e-6)
				golden.Near(t, "fitted q", fitted.Q/math.Max(1e-9, q), math.Min(1, q/1e-9), 1e-3)
			}
			level := golden.Must(SmoothLevel(observations, q))
			golden.Near(t, "log-likelihood", level.LogLikelihood, rows[0].Num(t, "loglik"), 1e-8)
			for i, r := range rows {
				if o := observations[i]; !o.Missing {
					golden.Near(t, "score "+r["week"], o.Value, r.Num(t, "y"), 1e-8)
					golden.Near(t, "its variance", o.Variance, r.Num(t, "v"), 1e-8)
				} else if r["y"] != "" {
					t.Errorf("week %s is missing, in the reference it is %s", r["week"], r["y"])
				}
				golden.Near(t, "filtered "+r["week"], level.Filtered[i], r.Num(t, "filt"), 1e-8)
				golden.Near(t, "its variance", level.FilteredVar[i], r.Num(t, "filt_var"), 1e-8)
				golden.Near(t, "smooth "+r["week"], level.Smooth[i], r.Num(t, "smooth"), 1e-8)
				golden.Near(t, "its variance", level.SmoothVar[i], r.Num(t, "smooth_var"), 1e-8)
			}
		})
	}
}

// nileFlow is the annual flow at Aswan, 1871–1970 (Durbin & Koopman's example).
func nileFlow() []float64 {
	return []float64{1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958, 1140,
		1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969,
		831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040, 759,
		781, 865, 845, 944, 984, 897, 822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890,
		744, 749, 838, 1050, 918, 986, 797, 923, 975, 815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740}
}

// TestLevelMatchesNile: Durbin & Koopman give σ²ε = 15099, σ²η = 1469.1 and a
// diffuse log-likelihood of −632.5456.
func TestLevelMatchesNile(t *testing.T) {
	t.Parallel()
	var stepVariance float64
	for _, r := range golden.Read(t, "nile.csv") {
		if r["quantity"] == "StructTS_level_var" {
			stepVariance = r.Num(t, "value")
		}
	}
	observations := make([]Observation, 0, 100)
	for _, flow := range nileFlow() {
		observations = append(observations, Observation{Value: flow, Variance: 15099})
	}
	level := golden.Must(SmoothLevel(observations, 1469.1))
	golden.Near(t, "log-likelihood", level.LogLikelihood, -632.5456, 1e-6)
	golden.Near(t, "fitted q", golden.Must(FitLevel(observations)).Q/stepVariance, 1, 1e-2)
	if drop := level.Smooth[26] - level.Smooth[29]; drop < 60 {
		t.Errorf("the level falls by %.0f around 1898", drop)
	}
}

func TestLevelPassesOverGaps(t *testing.T) {
	t.Parallel()
	seen := Observation{Value: 10, Variance: 4}
	level := golden.Must(SmoothLevel([]Observation{{Missing: true}, seen, {Missing: true}, seen, {Missing: true}}, 1))
	for i, v := range level.Smooth {
		golden.Near(t, "level", v, 10, 1e-12)
		if i > 0 && i < 4 && level.SmoothVar[i] >= level.SmoothVar[0] {
			t.Errorf("step %d is as uncertain as before the first answer: %v", i, level.SmoothVar)
		}
	}
	if level.SmoothVar[2] <= level.SmoothVar[1] || level.SmoothVar[4] <= level.SmoothVar[3] {
		t.Errorf("a gap is not less certain than its neighbours: %v", level.SmoothVar)
	}
}

// TestLevelShifts: a shifted series has the same level, shifted.
func TestLevelShifts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "n")
		shift := rapid.Float64Range(-100, 100).Draw(t, "shift")
		series, shifted := make([]Observation, n), make([]Observation, n)
		for i := range series {
			series[i] = Observation{Value: rapid.Float64Range(-100, 100).Draw(t, "y"), Variance: rapid.Float64Range(1, 400).Draw(t, "v")}
			shifted[i] = Observation{Value: series[i].Value + shift, Variance: series[i].Variance}
		}
		a, b := golden.Must(SmoothLevel(series, 3)), golden.Must(SmoothLevel(shifted, 3))
		for i := range a.Smooth {
			if math.Abs(a.Smooth[i]+shift-b.Smooth[i]) > 1e-7 || a.SmoothVar[i] > series[i].Variance+1e-9 {
				t.Fatalf("step %d: %v, shifted %v", i, a.Smooth[i], b.Smooth[i])
			}
		}
		if fit := golden.Must(FitLevel(series)); fit.LogLikelihood < golden.Must(SmoothLevel(series, 0)).LogLikelihood-1e-9 {
			t.Fatal("the fit is worse than a flat line")
		}
	})
}

func TestLevelRefuses(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string][]Observation{
		"nothing":          nil,
		"only gaps":        {{Missing: true}},
		"no variance":      {{Value: 1}},
		"a value of NaN":   {{Value: math.NaN(), Variance: 1}},
		"an endless value": {{Value: math.Inf(1), Variance: 1}},
	} {
		_, err := FitLevel(bad)
		t.Log(name)
		refusedFor(t, err, "observations")
	}
	_, err := SmoothLevel([]Observation{{Value: 1, Variance: 1}}, -1)
	refusedFor(t, err, "q")
}
