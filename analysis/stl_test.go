package analysis

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
)

func TestSTLMatchesR(t *testing.T) {
	t.Parallel()
	sets := map[string][]golden.Row{}
	for _, r := range golden.Read(t, "trend_stl.csv") {
		sets[r["data"]] = append(sets[r["data"]], r)
	}
	values := make([]float64, len(sets["monthly_syn"]))
	for i, r := range sets["monthly_syn"] {
		values[i] = r.Num(t, "y")
	}
	parts := map[string]Season{
		"monthly_syn":        golden.Must(STL(values, SeasonOptions{Period: 12})),
		"monthly_syn_robust": robustAsR(values),
	}
	if len(sets) != len(parts) {
		t.Fatalf("%d sets, want the plain and the robust one", len(sets))
	}
	for name, rows := range sets {
		for i, r := range rows {
			golden.Near(t, name+" seasonal "+r["i"], parts[name].Seasonal[i], r.Num(t, "seasonal"), 1e-8)
			golden.Near(t, name+" trend "+r["i"], parts[name].Trend[i], r.Num(t, "trend"), 1e-8)
			golden.Near(t, name+" remainder "+r["i"], parts[name].Remainder[i], r.Num(t, "remainder"), 1e-8)
		}
	}
	// With the true median the fit is another one, though not by much.
	ours := golden.Must(STL(values, SeasonOptions{Period: 12, Robust: true}))
	for i, v := range parts["monthly_syn_robust"].Trend {
		if math.Abs(ours.Trend[i]-v) > 1 {
			t.Errorf("trend %d: %v, with R's median %v", i, ours.Trend[i], v)
		}
	}
}

// robustAsR is the robust fit with the scale that R 4.2.2 takes.
func robustAsR(values []float64) Season {
	d := newDecomposition(values, 12)
	d.pass(1)
	for range 15 {
		d.reweigh(medianScaleOfR(d.off()))
		d.pass(1)
	}
	return d.season()
}

// medianScaleOfR is 3·(r(n/2+1) + r(n/2)) of values of which only the second is
// sure to be in its place. The original program asks its partial sort for the
// places n/2+1 and n/2, in this order; the sort expects them ascending, and forgets
// the first whenever it parts the values exactly between the two.
func medianScaleOfR(values []float64) float64 {
	n := len(values)
	s := partialSort{a: append([]float64{math.Inf(-1)}, values...), places: [3]int{0, n/2 + 1, n - n/2}}
	s.run(sortJob{1, n, 1, 2})
	return 3 * (s.a[n/2+1] + s.a[n-n/2])
}

// partialSort is Singleton's sort (ACM 347) that leaves alone what holds no wanted
// place; everything counts from 1.
type partialSort struct {
	a      []float64
	places [3]int
}

// sortJob is a stretch i…j of the values with the wanted places low…high.
type sortJob struct{ i, j, low, high int }

func (s *partialSort) run(job sortJob) {
	for job.low <= job.high {
		if job.j-job.i <= 10 {
			slices.Sort(s.a[job.i : job.j+1])
			return
		}
		l, k := s.part(job.i, job.j)
		other := job
		if l-job.i <= job.j-k {
			other.i, job.j = k, l
			for job.low <= job.high && s.places[job.high] > job.j {
				job.high--
			}
			if job.low <= job.high {
				other.low = job.high + 1
			}
		} else {
			other.j, job.i = l, k
			for job.low <= job.high && s.places[job.low] < job.i {
				job.low++
			}
			if job.low <= job.high {
				other.high = job.low - 1
			}
		}
		s.run(other)
	}
}

// part splits i…j about the median of its first, middle and last value into i…l
// and k…j.
func (s *partialSort) part(i, j int) (l, k int) {
	a, mid := s.a, (i+j)/2
	if a[i] > a[mid] {
		a[i], a[mid] = a[mid], a[i]
	}
	if a[j] < a[mid] {
		a[j], a[mid] = a[mid], a[j]
		if a[i] > a[mid] {
			a[i], a[mid] = a[mid], a[i]
		}
	}
	t := a[mid]
	for l, k = j-1, i; ; l-- {
		if a[l] > t {
			continue
		}
		for k++; a[k] < t; k++ {
		}
		if k > l {
			return l, k
		}
		a[l], a[k] = a[k], a[l]
	}
}

// TestSTLProperties: the parts add up, the pattern repeats, and what is added to a
// series is added to its trend.
func TestSTLProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := SeasonOptions{Period: rapid.IntRange(2, 13).Draw(t, "period"), Robust: rapid.Bool().Draw(t, "robust")}
		n := rapid.IntRange(2*o.Period, 5*o.Period).Draw(t, "n")
		values, shifted := make([]float64, n), make([]float64, n)
		for i := range values {
			values[i] = math.Round(rapid.Float64Range(-100, 100).Draw(t, "y"))
			shifted[i] = values[i] + 50
		}
		s, moved := golden.Must(STL(values, o)), golden.Must(STL(shifted, o))
		for i, v := range values {
			if math.Abs(s.Seasonal[i]+s.Trend[i]+s.Remainder[i]-v) > 1e-9 {
				t.Fatalf("step %d does not add up", i)
			}
			if i >= o.Period && s.Seasonal[i] != s.Seasonal[i-o.Period] {
				t.Fatalf("step %d does not repeat", i)
			}
			if !o.Robust && math.Abs(moved.Trend[i]-s.Trend[i]-50) > 1e-7 {
				t.Fatalf("step %d: trend %v, shifted %v", i, s.Trend[i], moved.Trend[i])
			}
		}
	})
}

// TestSTLTakesTheYearOut: a yearly pattern on a straight line is found exactly as
// good as whole.
func TestSTLTakesTheYearOut(t *testing.T) {
	t.Parallel()
	values := make([]float64, 156)
	wave := func(i int) float64 { return 8 * math.Sin(2*math.Pi*float64(i)/52) }
	for i := range values {
		values[i] = 30 + 0.05*float64(i) + wave(i)
	}
	s := golden.Must(STL(values, SeasonOptions{Period: 52}))
	for i := range values {
		if math.Abs(s.Seasonal[i]-wave(i)) > 0.5 {
			t.Errorf("week %d: %.2f, planted %.2f", i, s.Seasonal[i], wave(i))
		}
	}
}

func TestSTLRefuses(t *testing.T) {
	t.Parallel()
	_, err := STL(make([]float64, 103), SeasonOptions{Period: 52})
	var refusal *Refusal
	if !errors.As(err, &refusal) || refusal.Reason != TooShort || refusal.Have != 103 || refusal.Need != 104 {
		t.Errorf("under two years: %v", err)
	}
	if _, err := STL(make([]float64, 104), SeasonOptions{Period: 52, Robust: true}); err != nil {
		t.Errorf("two years without any movement: %v", err)
	}
	_, err = STL([]float64{1, 2, 3, 4}, SeasonOptions{Period: 1})
	refusedFor(t, err, "period")
	_, err = STL([]float64{1, 2, math.NaN(), 4}, SeasonOptions{Period: 2})
	refusedFor(t, err, "values")
}
