package analysis

import "math"

// Observation is one step of a series with known error.
type Observation struct {
	Value    float64
	Variance float64 // of Value's error; must be positive
	Missing  bool    // nothing was observed: Value and Variance are ignored
}

// Level is the smoothed course of a series: a local level, that is a random walk
// seen through the observations' errors.
//
//	y(t) = μ(t) + ε(t), Var ε = v(t) known;  μ(t) = μ(t−1) + η(t), Var η = Q
//
// Durbin & Koopman (2012), Time Series Analysis by State Space Methods, ch. 2.
// The filter starts at the first observation with its variance, which is the
// exact diffuse start; the log-likelihood leaves that observation out.
type Level struct {
	Q             float64   // variance of a step of the level
	LogLikelihood float64   // at Q
	Filtered      []float64 // E μ(t) given the observations up to t
	FilteredVar   []float64
	Smooth        []float64 // E μ(t) given all observations
	SmoothVar     []float64
	first         int // the first step that was observed
}

// SmoothLevel runs the filter and the Rauch–Tung–Striebel smoother with a given
// step variance q ≥ 0. Missing steps are predicted; those before the first
// observation are left out of the run and take the first level. No observation
// at all, or one that is not a number up to 1e100 in size with a variance from 1e-100
// to 1e100, is refused.
func SmoothLevel(observations []Observation, q float64) (Level, error) {
	if err := checkObservations(observations); err != nil {
		return Level{}, err
	}
	if !(q >= 0 && q <= hugest) {
		return Level{}, Refuse("q", "%v is not a variance", q)
	}
	return smoothLevel(observations, q), nil
}

// FitLevel is SmoothLevel at the q of the greatest likelihood, zero included: a
// series that shows no movement beyond its errors becomes a flat line.
func FitLevel(observations []Observation) (Level, error) {
	if err := checkObservations(observations); err != nil {
		return Level{}, err
	}
	return fitLevel(observations), nil
}

func fitLevel(observations []Observation) Level {
	return smoothLevel(observations, bestQ(observations))
}

// hugest is the size of the largest number that a series takes: the square of a
// difference, by the smallest variance, still is a float.
const hugest = 1e100

func checkObservations(observations []Observation) error {
	seen := false
	for i, o := range observations {
		if o.Missing {
			continue
		}
		seen = true
		if !(math.Abs(o.Value) <= hugest && o.Variance >= 1/hugest && o.Variance <= hugest) {
			return Refuse("observations", "step %d has value %v and variance %v", i, o.Value, o.Variance)
		}
	}
	if !seen {
		return Refuse("observations", "nothing was observed")
	}
	return nil
}

func smoothLevel(observations []Observation, q float64) Level {
	n := len(observations)
	l := Level{Q: q, LogLikelihood: logLikelihood(observations, q),
		Filtered: make([]float64, n), FilteredVar: make([]float64, n),
		Smooth: make([]float64, n), SmoothVar: make([]float64, n)}
	first := -1
	var level, p float64
	for t, o := range observations {
		switch {
		case first < 0 && o.Missing:
			continue
		case first < 0:
			first, level, p = t, o.Value, o.Variance
		case o.Missing:
			p += q
		default:
			p += q
			gain := p / (p + o.Variance)
			level += gain * (o.Value - level)
			p *= o.Variance / (p + o.Variance) // 1 − gain, and not 0 where that rounds to it
		}
		l.Filtered[t], l.FilteredVar[t] = level, p
	}
	l.first = first
	l.Smooth[n-1], l.SmoothVar[n-1] = level, p
	for t := n - 2; t >= first; t-- {
		predicted := l.FilteredVar[t] + q
		c := l.FilteredVar[t] / predicted
		l.Smooth[t] = l.Filtered[t] + c*(l.Smooth[t+1]-l.Filtered[t])
		// P + c²·(S − P − q) without the difference, which might leave less than nothing.
		l.SmoothVar[t] = c*q + c*c*l.SmoothVar[t+1]
	}
	for t := first - 1; t >= 0; t-- { // backwards in time the level is a walk too
		l.Filtered[t], l.FilteredVar[t] = l.Filtered[first], l.FilteredVar[first]
		l.Smooth[t], l.SmoothVar[t] = l.Smooth[t+1], l.SmoothVar[t+1]+q
	}
	return l
}

// logLikelihood is the diffuse Gaussian log-likelihood of q.
func logLikelihood(observations []Observation, q float64) float64 {
	started := false
	var level, p, sum float64
	// The logarithms of the variances are taken of products of a few of them: the
	// search for q calls this some sixty times.
	product := 1.0
	const log2Pi = 1.8378770664093454835606594728112
	for _, o := range observations {
		if !started {
			if !o.Missing {
				started, level, p = true, o.Value, o.Variance
			}
			continue
		}
		p += q
		if o.Missing {
			continue
		}
		f := p + o.Variance
		d := o.Value - level
		sum += d*d/f + log2Pi
		if product *= f; product > 1e200 || product < 1e-200 {
			sum += math.Log(product)
			product = 1
		}
		level += p / f * d
		p *= o.Variance / f
	}
	return -(sum + math.Log(product)) / 2
}

// bestQ searches the likelihood: a coarse geometric grid with zero on it, then
// a golden section around the best point.
func bestQ(observations []Observation) float64 {
	top := stepSquares(observations)
	if top == 0 {
		return 0
	}
	const cells = 24
	grid := make([]float64, cells+1)
	best, bestAt := math.Inf(-1), 0
	for i := range grid {
		if i > 0 {
			grid[i] = 4 * top * math.Pow(2, float64(i-cells))
		}
		if ll := logLikelihood(observations, grid[i]); ll > best {
			best, bestAt = ll, i
		}
	}
	low, high := grid[max(0, bestAt-1)], grid[min(cells, bestAt+1)]
	q := goldenSection(low, high, func(q float64) float64 { return logLikelihood(observations, q) })
	if logLikelihood(observations, q) <= best {
		return grid[bestAt]
	}
	return q
}

// stepSquares is the mean squared step between neighbouring observations. Its
// expectation is at least q, so four times of it bounds the search.
func stepSquares(observations []Observation) float64 {
	var last, sum float64
	n := 0
	for _, o := range observations {
		if o.Missing {
			continue
		}
		if n > 0 {
			sum += (o.Value - last) * (o.Value - last)
		}
		last = o.Value
		n++
	}
	if n < 2 {
		return 0
	}
	return sum / float64(n-1)
}
