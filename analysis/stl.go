package analysis

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"
)

// TooShort is the reason of a series that has too few steps: Have steps where it
// takes Need.
const TooShort Reason = "too_short"

// Season is a series taken apart: Seasonal + Trend + Remainder is the series.
type Season struct {
	Seasonal  []float64 // the same in every period
	Trend     []float64
	Remainder []float64
}

// SeasonOptions say how a series is taken apart.
type SeasonOptions struct {
	Period int  // steps in a year: 12 months, 52 weeks, 4 quarters
	Robust bool // let single outliers neither bend the trend nor mark their week for all years
}

// STL takes a series apart into a yearly pattern, a trend and the rest: Cleveland,
// Cleveland, McRae & Terpenning (1990), Journal of Official Statistics 6:3, the
// same as R's stl with s.window = "periodic" and its defaults, but for the median
// of a robust fit over an even number of steps, where R 4.2 takes a wrong value (its
// partial sort is asked for the two middle places in the wrong order). Two full
// periods are the least from which a pattern can be told from a trend; with fewer it is a
// [Refusal] for [TooShort], and [CompareYearAgo] is what can be had. A gap has no
// value here: fill it first, with [FitLevel] for one; a value that is not a number
// up to 1e100 in size is refused.
func STL(values []float64, o SeasonOptions) (Season, error) {
	if o.Period < 2 {
		return Season{}, Refuse("period", "%d steps are no season", o.Period)
	}
	for i, v := range values {
		if !(math.Abs(v) <= hugest) {
			return Season{}, Refuse("values", "step %d is %v", i, v)
		}
	}
	if len(values)/2 < o.Period {
		return Season{}, &Refusal{Reason: TooShort, Have: float64(len(values)), Need: 2 * float64(o.Period)}
	}
	d := newDecomposition(values, o.Period)
	inner, outer := 2, 0
	if o.Robust {
		inner, outer = 1, 15
	}
	d.pass(inner)
	for range outer {
		d.reweigh(6 * middle(d.off()))
		d.pass(inner)
	}
	return d.season(), nil
}

// decomposition is the state of the iteration.
type decomposition struct {
	values                   []float64
	period                   int
	cycle, level, trendWidth smoother
	seasonal, trend          []float64
	robust                   []float64 // weights of the values; nil while all count the same
}

// newDecomposition sets the widths: a pattern that is the same every year is the
// limit of one smoothed over ten times the series.
func newDecomposition(values []float64, period int) *decomposition {
	n := len(values)
	cycle := 10*n + 1
	trend := nextOdd(1.5 * float64(period) / (1 - 1.5/float64(cycle)))
	level := nextOdd(float64(period))
	return &decomposition{
		values: values, period: period,
		cycle:      smoother{width: cycle, degree: 0, jump: tenth(cycle)},
		trendWidth: smoother{width: trend, degree: 1, jump: tenth(trend)},
		level:      smoother{width: level, degree: 1, jump: tenth(level)},
		seasonal:   make([]float64, n), trend: make([]float64, n),
	}
}

// nextOdd is the least odd whole number that is not under x.
func nextOdd(x float64) int { return int(math.Ceil(x)) | 1 }

// tenth is the step between points that are fitted; those between are interpolated.
func tenth(width int) int { return (width + 9) / 10 }

// pass runs the inner loop: season from what the trend leaves, trend from what the
// season leaves.
func (d *decomposition) pass(times int) {
	n := len(d.values)
	for range times {
		cycles := d.cycles(minus(d.values, d.trend))
		low := movingAverage(movingAverage(movingAverage(cycles, d.period), d.period), 3)
		d.seasonal = minus(cycles[d.period:d.period+n], d.level.smooth(low, nil))
		d.trend = d.trendWidth.smooth(minus(d.values, d.seasonal), d.robust)
	}
}

// cycles smooths each place of the period by itself over the years, and goes one
// period beyond both ends.
func (d *decomposition) cycles(detrended []float64) []float64 {
	out := make([]float64, len(detrended)+2*d.period)
	for place := range d.period {
		var years, weights []float64
		for i := place; i < len(detrended); i += d.period {
			years = append(years, detrended[i])
			if d.robust != nil {
				weights = append(weights, d.robust[i])
			}
		}
		fit := d.cycle.smooth(years, weights)
		k := len(years)
		first, ok := d.cycle.at(years, weights, reach{at: 0, from: 1, to: min(d.cycle.width, k)})
		if !ok {
			first = fit[0]
		}
		last, ok := d.cycle.at(years, weights, reach{at: k + 1, from: max(1, k-d.cycle.width+1), to: k})
		if !ok {
			last = fit[k-1]
		}
		for year, v := range append(append([]float64{first}, fit...), last) {
			out[year*d.period+place] = v
		}
	}
	return out
}

// off is how far each value lies from the fit.
func (d *decomposition) off() []float64 {
	off := make([]float64, len(d.values))
	for i, v := range d.values {
		off[i] = math.Abs(v - d.trend[i] - d.seasonal[i])
	}
	return off
}

// reweigh gives the values bisquare weights by how far they lie from the fit, in
// units of a scale: six times the median distance.
func (d *decomposition) reweigh(scale float64) {
	d.robust = d.off()
	for i, r := range d.robust {
		d.robust[i] = 0
		switch {
		case r <= 0.001*scale:
			d.robust[i] = 1
		case r <= 0.999*scale:
			u := r / scale
			d.robust[i] = (1 - u*u) * (1 - u*u)
		}
	}
}

// season makes the pattern exactly the same every period.
func (d *decomposition) season() Season {
	n := len(d.values)
	s := Season{Seasonal: make([]float64, n), Trend: slices.Clone(d.trend)}
	for place := range d.period {
		var years []float64
		for i := place; i < n; i += d.period {
			years = append(years, d.seasonal[i])
		}
		mean := stat.Mean(years, nil)
		for i := place; i < n; i += d.period {
			s.Seasonal[i] = mean
		}
	}
	s.Remainder = minus(minus(d.values, s.Seasonal), s.Trend)
	return s
}

func minus(a, b []float64) []float64 { return floats.SubTo(make([]float64, len(a)), a, b) }

// movingAverage has width − 1 values fewer than it is given.
func movingAverage(values []float64, width int) []float64 {
	out := make([]float64, len(values)-width+1)
	var sum float64
	for i, v := range values {
		sum += v
		if i >= width {
			sum -= values[i-width]
		}
		if i >= width-1 {
			out[i-width+1] = sum / float64(width)
		}
	}
	return out
}
