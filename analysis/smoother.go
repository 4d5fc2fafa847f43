package analysis

import "math"

// smoother is the local regression that [STL] is made of: over equal steps, of
// degree 0 or 1, fitted at every jump-th step and interpolated between. It differs
// from [Loess] in that its width may be larger than the series.
type smoother struct{ width, degree, jump int }

// reach is one fit: at a place, from the values of a stretch; all count from 1.
type reach struct{ at, from, to int }

// smooth returns the fit at each value. Weights may be nil.
func (s smoother) smooth(values, weights []float64) []float64 {
	n := len(values)
	out := make([]float64, n)
	fit := func(at int) {
		v, ok := s.at(values, weights, s.stretch(at, n))
		if !ok {
			v = values[at-1]
		}
		out[at-1] = v
	}
	jump := max(1, min(s.jump, n-1))
	last := 1
	for at := 1; at <= n; at += jump {
		fit(at)
		interpolate(out, last, at)
		last = at
	}
	if last != n {
		fit(n)
		interpolate(out, last, n)
	}
	return out
}

// stretch is the width's nearest values around a place.
func (s smoother) stretch(at, n int) reach {
	half := (s.width + 1) / 2
	switch {
	case s.width >= n:
		return reach{at: at, from: 1, to: n}
	case at < half:
		return reach{at: at, from: 1, to: s.width}
	case at >= n-half+1:
		return reach{at: at, from: n - s.width + 1, to: n}
	}
	return reach{at: at, from: at - half + 1, to: s.width + at - half}
}

// interpolate draws a straight line between two places that are fitted.
func interpolate(out []float64, from, to int) {
	step := (out[to-1] - out[from-1]) / float64(max(1, to-from))
	for i := from + 1; i < to; i++ {
		out[i-1] = out[from-1] + step*float64(i-from)
	}
}

// at is the fit at one place; false when no value there has a weight.
func (s smoother) at(values, weights []float64, p reach) (float64, bool) {
	n := len(values)
	width := float64(max(p.at-p.from, p.to-p.at))
	if s.width > n {
		width += float64((s.width - n) / 2)
	}
	w := make([]float64, p.to+1)
	var sum, mean float64
	for i := p.from; i <= p.to; i++ {
		w[i] = stlTricube(math.Abs(float64(i-p.at)), width)
		if weights != nil {
			w[i] *= weights[i-1]
		}
		sum += w[i]
		mean += w[i] * float64(i)
	}
	if sum <= 0 {
		return 0, false
	}
	mean /= sum
	slope := 0.0
	if width > 0 && s.degree > 0 {
		slope = tilt(w, sum, mean, p, float64(n-1))
	}
	var value float64
	for i := p.from; i <= p.to; i++ {
		value += w[i] / sum * (1 + slope*(float64(i)-mean)) * values[i-1]
	}
	return value, true
}

// tilt turns a weighted mean into a weighted line's value at the place; 0 when the
// weights lie all at one place.
func tilt(w []float64, sum, mean float64, p reach, whole float64) float64 {
	var spread float64
	for i := p.from; i <= p.to; i++ {
		spread += w[i] / sum * (float64(i) - mean) * (float64(i) - mean)
	}
	if math.Sqrt(spread) <= 0.001*whole {
		return 0
	}
	return (float64(p.at) - mean) / spread
}

// stlTricube is the tricube with the cut-offs of the original program.
func stlTricube(distance, width float64) float64 {
	switch {
	case distance <= 0.001*width:
		return 1
	case distance <= 0.999*width:
		return tricube(distance, width)
	}
	return 0
}
