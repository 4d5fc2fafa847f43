package analysis

import (
	"math"

	"github.com/harkhq/hark/surveys"
)

// maxExact is the most answers of which an exact test is made; beyond it the
// normal one says the same.
const maxExact = 10_000_000

// fewExpected is the expected count of a cell under which a normal or χ² test of
// a 2×2 table is not trusted (Cochran 1954).
const fewExpected = 5

// FisherExact is the exact two-sided p-value of two groups' shares of good answers
// (promoters, for NPS): the chance, given both sizes and how many were good in
// all, of a table no likelier than the one seen (Fisher 1935; R's fisher.test). It
// never calls too much, and mostly too little. A group without answers is refused,
// and so are over ten million answers.
func FisherExact(m surveys.Metric, a, b surveys.Counts) (float64, error) {
	if err := checkCounts(m, a, b); err != nil {
		return 0, err
	}
	before, after := bandsOf(m.Scale(), a), bandsOf(m.Scale(), b)
	if before.n() == 0 || after.n() == 0 {
		return 0, Refuse("counts", "a comparison needs answers on both sides")
	}
	if before.n()+after.n() > maxExact {
		return 0, Refuse("counts", "%d answers are too many for an exact test", before.n()+after.n())
	}
	return fisher(before, after), nil
}

// small reports that an expected count of the groups' 2×2 table is under five.
func small(a, b bands) bool {
	n, good := float64(a.n()+b.n()), float64(a.good+b.good)
	return float64(min(a.n(), b.n()))*math.Min(good, n-good) < fewExpected*n
}

// fisher sums the hypergeometric probabilities that are not above that of the
// table seen. They are taken relative to the likeliest table, from it outwards, so
// that neither factorials nor logarithms lose digits; R's tolerance of 1e-7 keeps
// ties ties.
func fisher(a, b bands) float64 {
	rows, good, n := float64(a.n()), float64(a.good+b.good), float64(a.n()+b.n())
	low, high := math.Max(0, rows+good-n), math.Min(rows, good)
	mode := math.Min(high, math.Max(low, math.Floor((rows+1)*(good+1)/(n+2))))
	next := func(x float64) float64 { // the probability of x+1 over that of x
		return (rows - x) * (good - x) / ((x + 1) * (n - rows - good + x + 1))
	}
	seen := 1.0
	for x := mode; x < float64(a.good); x++ {
		seen *= next(x)
	}
	for x := mode; x > float64(a.good); x-- {
		seen /= next(x - 1)
	}
	var sum, tail float64
	count := func(p float64) {
		sum += p
		if p <= seen*(1+1e-7) {
			tail += p
		}
	}
	count(1)
	p := 1.0
	for x := mode; x < high && p > 0; x++ {
		p *= next(x)
		count(p)
	}
	p = 1
	for x := mode; x > low && p > 0; x-- {
		p /= next(x - 1)
		count(p)
	}
	return math.Min(1, tail/sum)
}
