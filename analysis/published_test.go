package analysis

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/harkhq/hark/analysis/internal/dist"
	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

// publishedInputs are the inputs of published_nps.csv, row by row, as far as they
// are right.
func publishedInputs() []bands {
	net := func(bad, mid, good int64) bands { return bands{bad: bad, mid: mid, good: good, net: true} }
	merged := golden.Must(Pool(Answers{surveys.NPS, npsCounts(2, 0, 3)}, Answers{surveys.NPS, npsCounts(4, 3, 1)}, Answers{surveys.NPS, npsCounts(4, 3, 0)}))
	return []bands{
		net(1, 2, 3), net(1, 2, 3), net(1, 2, 3), net(0, 1, 0), net(0, 0, 1), net(0, 1, 1),
		bandsOf(surveys.NPS.Scale(), surveys.Counts{0: 1, 7: 2, 9: 3}),
		net(6, 2, 7), // 1…15: off our scale, but not off the formula
		net(10, 6, 4), net(2, 8, 10),
		bandsOf(surveys.NPS.Scale(), merged.Counts), net(650, 0, 650),
		bandsOf(surveys.NPS.Scale(), surveys.Counts{1: 1, 2: 2, 3: 1, 5: 1, 7: 1, 9: 3, 10: 1}),
		net(1, 2, 3), net(60, 120, 120),
	}
}

// TestPublishedScores checks exact values that others published.
func TestPublishedScores(t *testing.T) {
	t.Parallel()
	rows := golden.Read(t, "published_nps.csv")
	inputs := publishedInputs()
	for i, b := range inputs {
		r := rows[i]
		t.Run(r["source"]+" "+r["input"], func(t *testing.T) {
			t.Parallel()
			quantities, values := strings.Split(r["quantity"], ";"), strings.Split(r["published"], ";")
			if len(quantities) != len(values) {
				t.Fatalf("%v for %v", values, quantities)
			}
			for k, quantity := range quantities {
				for side, value := range strings.Split(strings.Trim(values[k], "[]"), ",") {
					want := fraction(t, value)
					golden.Near(t, quantity, published(t, b, quantity, side, math.Abs(want) > 1), want, r.Num(t, "tolerance"))
				}
			}
		})
	}
	for _, r := range rows[len(inputs):] {
		if !strings.HasPrefix(r["source"], "NEGATIVE") {
			t.Errorf("%s, %s: not tested", r["source"], r["input"])
		}
	}
}

// fraction reads 5/9 and 0.5.
func fraction(t *testing.T, s string) float64 {
	t.Helper()
	over, under, divided := strings.Cut(s, "/")
	value, err := strconv.ParseFloat(over, 64)
	if err != nil {
		t.Fatal(err)
	}
	if divided {
		value /= fraction(t, under)
	}
	return value
}

// published computes a quantity in the words of the file; scores in points or,
// where they were published so, between −1 and 1.
func published(t *testing.T, b bands, quantity string, side int, points bool) float64 {
	t.Helper()
	wald := b.interval(Wald, 0.95)
	switch strings.TrimSpace(strings.ReplaceAll(quantity, "(unit)", "")) {
	case "nps":
		if points {
			return b.score()
		}
		return b.score() / 100
	case "variance":
		return b.variance() / 1e4
	case "se":
		return math.Sqrt(b.variance()/float64(b.n())) / 100
	case "promoter%":
		return 100 * float64(b.good) / float64(b.n())
	case "detractor%":
		return 100 * float64(b.bad) / float64(b.n())
	case "95% margin points":
		return (wald.High - wald.Low) / 2
	case "CI":
		return []float64{wald.Low, wald.High}[side]
	}
	t.Fatalf("no %q", quantity)
	return 0
}

// TestPublishedProportions checks the values printed in Newcombe's papers.
func TestPublishedProportions(t *testing.T) {
	t.Parallel()
	methods := map[string]Method{"wilson 95%": Wilson, "wilson": Wilson, "wilson cc": WilsonCorrected, "Clopper-Pearson": ClopperPearson}
	share := func(x, n int64) surveys.Counts { return surveys.Counts{1: n - x, 5: x} }
	for _, r := range golden.Read(t, "published_proportion.csv") {
		var low, high float64
		var x, n, x2, n2 int64
		ends := strings.Split(r["published"], ",")
		from := r["source"][strings.IndexAny(r["source"], "(-")+1:]
		if method, ok := methods[r["quantity"]]; ok {
			golden.Must(fmt.Sscanf(from, "%d/%d", &x, &n))
			interval := golden.Must(IntervalBy(method, surveys.CSAT, share(x, n), 0.95))
			low, high = interval.Low, interval.High
		} else if r["quantity"] == "hybrid score diff" {
			golden.Must(fmt.Sscanf(r["source"], "Newcombe 1998b %d/%d-%d/%d", &x, &n, &x2, &n2))
			d := golden.Must(Compare(surveys.CSAT, share(x2, n2), share(x, n), 0.95))
			low, high = d.Low, d.High
		} else {
			t.Fatalf("%s: %q is not tested", r["source"], r["quantity"])
		}
		golden.Near(t, r["source"]+" "+r["quantity"]+" low", low/100, fraction(t, ends[0]), 5.1e-5)
		golden.Near(t, r["source"]+" "+r["quantity"]+" high", high/100, fraction(t, ends[1]), 5.1e-5)
	}
}

// TestKnownWrong holds what published code and tables get wrong, one by one: each
// error is made again, and ours must not be it.
func TestKnownWrong(t *testing.T) {
	t.Parallel()
	wrongs := map[string]func(*testing.T){
		"gist jdmaturen":                        lostCovariance,
		"GitHub index file id 53271156934":      marginOfAShare,
		"GitHub index file id 6479069072 (ada)": oneSidedQuantile,
		"sivadivel/nps_stats NPS_stats_2.R":     otherGroupsSize,
		"cran/NPS 1.1":                          lostDirection,
		"brendan-r/NPS 2.0.999":                 wrongUnit,
	}
	found := 0
	for _, r := range golden.Read(t, "published_nps.csv")[len(publishedInputs()):] {
		name, _, _ := strings.Cut(strings.TrimPrefix(r["source"], "NEGATIVE EXAMPLE "), "/2995")
		wrong, ok := wrongs[name]
		if !ok {
			t.Errorf("%q is not tested", name)
			continue
		}
		found++
		t.Run(name, func(t *testing.T) { t.Parallel(); wrong(t) })
	}
	if found != len(wrongs) {
		t.Errorf("%d of %d errors are in the file", found, len(wrongs))
	}
}

// lostCovariance: two independent betas for promoters and detractors give
// 14.3–20.5, since Var(P−D) has +2PD/n in it.
func lostCovariance(t *testing.T) {
	counts := npsCounts(75, 675, 250)
	p, d, n := 0.25, 0.075, 1000.0
	wrong := 100 * dist.Z(0.95) * math.Sqrt((p*(1-p)+d*(1-d))/n)
	golden.Near(t, "their low", 17.5-wrong, 14.3, 0.15/14.3)
	golden.Near(t, "their high", 17.5+wrong, 20.5, 0.15/20.5)
	for _, method := range Methods(surveys.NPS) {
		ours := golden.Must(IntervalBy(method, surveys.NPS, counts, 0.95))
		if ours.Low > 14.25 || ours.High < 20.7 {
			t.Errorf("%s is as narrow as without the covariance: %+v", method, ours)
		}
	}
	wald := golden.Must(IntervalBy(Wald, surveys.NPS, counts, 0.95))
	golden.Near(t, "low", wald.Low, 14.14, 1e-3)
	golden.Near(t, "high", wald.High, 20.86, 1e-3)
}

// marginOfAShare: a table gives the margin of one 50 % share for NPS.
func marginOfAShare(t *testing.T) {
	typical := []float64{21.5, 15.2, 10.7, 6.8, 4.8} // at a variance of 0.6
	worst := []float64{27.7, 19.6, 13.9, 8.8, 6.2}
	for i, table := range []float64{14, 10, 7, 4.5, 3} {
		n := []int64{50, 100, 200, 500, 1000}[i]
		golden.Near(t, "a share's margin", 100*dist.Z(0.95)*math.Sqrt(0.25/float64(n)), table, 0.04)
		half := func(method Method, bad, good float64) float64 {
			a := mass{bad: bad * float64(n), good: good * float64(n), mid: (1 - bad - good) * float64(n), net: true}
			interval := a.interval(method, 0.95)
			return (interval.High - interval.Low) / 2
		}
		golden.Near(t, "typical", half(Wald, 0.2, 0.4646), typical[i], 0.01) // P + D − (P−D)² = 0.5946
		golden.Near(t, "worst", half(Wald, 0.5, 0.5), worst[i], 0.01)
		for _, method := range Methods(surveys.NPS) {
			if ours := half(method, 0.2, 0.4646); ours < 1.35*table {
				t.Errorf("%s at n = %d: ± %.1f, as small as a share's %v", method, n, ours, table)
			}
		}
		if needed := golden.Must(SampleForMargin(6000, table, 0.95)); needed < 2*n {
			t.Errorf("± %v takes %d answers, as few as a share", table, needed)
		}
	}
}

// oneSidedQuantile: z = 1.645 makes a 90 % interval, called one of 95 %.
func oneSidedQuantile(t *testing.T) {
	golden.Near(t, "their z", dist.ZPower(0.95), 1.6448536269514722, 1e-12)
	b := bands{bad: 20, mid: 30, good: 50, net: true}
	wald := b.interval(Wald, 0.95)
	golden.Near(t, "z", (wald.High-b.score())/math.Sqrt(b.variance()/100), 1.959963984540054, 1e-12)
	if wrong := b.interval(Wald, 0.90); wrong.High-wrong.Low > 0.85*(wald.High-wald.Low) {
		t.Errorf("90 %% and 95 %% have the widths of %+v and %+v", wrong, wald)
	}
}

// otherGroupsSize: the passives of the second group over the size of the first.
func otherGroupsSize(t *testing.T) {
	a, b := bands{bad: 10, mid: 10, good: 20, net: true}, bands{bad: 100, mid: 400, good: 300, net: true}
	e, n2 := b.score()/100, float64(b.n())
	spread := func(passives float64) float64 {
		return float64(b.good)/n2*(1-e)*(1-e) + passives*e*e + float64(b.bad)/n2*(1+e)*(1+e)
	}
	golden.Near(t, "variance", b.variance()/1e4, spread(float64(b.mid)/n2), 1e-12)
	if wrong := spread(float64(b.mid) / float64(a.n())); math.Abs(wrong-b.variance()/1e4) < 0.1 {
		t.Errorf("the error makes no difference: %v", wrong)
	}
	// Nothing of the second group's error depends on the first.
	width := func(a bands) float64 { d := compare(a, b, 0.95); return d.High - d.Low }
	_, va := a.adjusted()
	_, vb := b.adjusted()
	golden.Near(t, "width", width(a), 2*dist.Z(0.95)*math.Sqrt(va+vb), 1e-9)
}

// lostDirection: the ends of an interval reversed, a fall told as a rise, and
// another scale's bands taken for one's own.
func lostDirection(t *testing.T) {
	good, bad := npsCounts(10, 20, 70), npsCounts(40, 20, 40)
	for _, method := range Methods(surveys.NPS) {
		if i := golden.Must(IntervalBy(method, surveys.NPS, good, 0.95)); i.Low >= i.High {
			t.Errorf("%s: %+v", method, i)
		}
	}
	if d := golden.Must(Compare(surveys.NPS, good, bad, 0.95)); d.Difference != -60 || d.Z >= 0 || d.High >= 0 {
		t.Errorf("a fall of 60 points is %+v", d)
	}
	ofSix := surveys.Counts{1: 6, 5: 4} // all detractors of NPS
	for m, want := range map[surveys.Metric]float64{surveys.NPS: -100, surveys.CSAT: 40, surveys.CES: 40, surveys.CES5: 60} {
		golden.Near(t, string(m), golden.Must(Score(m, ofSix, 0.95)).Score, want, 1e-12)
	}
}

// wrongUnit: a variance in points² is 10⁴ times the one in units, not 100 times;
// and a fall that is sure is significant, too.
func wrongUnit(t *testing.T) {
	b := bands{bad: 1, mid: 2, good: 3, net: true}
	wald := b.interval(Wald, 0.95)
	deviation := (wald.High - wald.Low) / 2 / dist.Z(0.95)
	golden.Near(t, "variance by the interval", deviation*deviation*6, 1e4*5/9.0, 1e-9)
	golden.Near(t, "variance", b.variance(), 1e4*5/9.0, 1e-9)
	fall := golden.Must(Compare(surveys.NPS, npsCounts(10, 20, 70), npsCounts(40, 20, 40), 0.95))
	rise := golden.Must(Compare(surveys.NPS, npsCounts(40, 20, 40), npsCounts(10, 20, 70), 0.95))
	if !fall.Significant() || !rise.Significant() {
		t.Errorf("significant: a fall %v, a rise %v", fall.Significant(), rise.Significant())
	}
}
