package dist

import "math"

// Sample is the mean of some values and the sum of squares about it (Welford
// 1962): all that a comparison of means needs. The zero value is ready for use.
type Sample struct{ N, Mean, Squares float64 }

// Add takes in a value that occurred n ≥ 0 times.
func (s *Sample) Add(value, n float64) {
	s.Merge(Sample{N: n, Mean: value})
}

// Merge takes in the values of another sample (Chan, Golub & LeVeque 1983).
func (s *Sample) Merge(o Sample) {
	n := s.N + o.N
	if o.N == 0 {
		return
	}
	d := o.Mean - s.Mean
	s.Squares += o.Squares + d*d*s.N*o.N/n
	s.Mean += d * o.N / n
	s.N = n
}

// Variance is that of one value, with divisor N−1; 0 under two values.
func (s Sample) Variance() float64 {
	if s.N < 2 {
		return 0
	}
	return s.Squares / (s.N - 1)
}

// WelchTest is the outcome of [Welch].
type WelchTest struct {
	Difference float64 // of the means, b − a
	Half       float64 // half the width of its t interval
	T          float64
	DF         float64 // Satterthwaite's
	P          float64 // two-sided
}

// Welch tests two means with unequal variances (Welch 1947), as b minus a:
//
//	t = (x̄b − x̄a)/√(s²a/na + s²b/nb),  df = (s²a/na + s²b/nb)²/(Σ (s²/n)²/(n−1))
//
// False where a sample has under two values, or neither varies.
func Welch(a, b Sample, confidence float64) (WelchTest, bool) {
	va, vb := a.Variance()/a.N, b.Variance()/b.N
	if min(a.N, b.N) < 2 || va+vb == 0 {
		return WelchTest{}, false
	}
	w := WelchTest{Difference: b.Mean - a.Mean}
	w.DF = (va + vb) * (va + vb) / (va*va/(a.N-1) + vb*vb/(b.N-1))
	w.T = w.Difference / math.Sqrt(va+vb)
	w.P = TwoSidedT(w.T, w.DF)
	w.Half = T(confidence, w.DF) * math.Sqrt(va+vb)
	return w, true
}
