package analysis

import (
	"cmp"
	"math"
	"slices"
)

// BenjaminiHochberg adjusts p-values so that, calling everything under q real,
// the expected share of false calls is at most q (Benjamini & Hochberg 1995):
// p̃(i) = min over j ≥ i of m·p(j)/j. Use it for scans over many groups. The order
// of the input is kept; a value outside 0…1 is refused.
func BenjaminiHochberg(p []float64) ([]float64, error) {
	order, err := ascending(p)
	if err != nil {
		return nil, err
	}
	adjusted := make([]float64, len(p))
	lowest := 1.0
	for rank := len(order); rank >= 1; rank-- {
		i := order[rank-1]
		lowest = min(lowest, p[i]*(float64(len(p))/float64(rank))) // the factor is ≥ 1: never under p
		adjusted[i] = lowest
	}
	return adjusted, nil
}

// Holm adjusts p-values so that the chance of even one false call is at most
// the level (Holm 1979): p̃(i) = max over j ≤ i of (m−j+1)·p(j). Use it for a few
// comparisons declared beforehand. The order of the input is kept; a value
// outside 0…1 is refused.
func Holm(p []float64) ([]float64, error) {
	order, err := ascending(p)
	if err != nil {
		return nil, err
	}
	adjusted := make([]float64, len(p))
	highest := 0.0
	for rank, i := range order {
		highest = max(highest, p[i]*float64(len(p)-rank))
		adjusted[i] = min(1, highest)
	}
	return adjusted, nil
}

// ascending returns the indices of p from the smallest value up.
func ascending(p []float64) ([]int, error) {
	order := make([]int, len(p))
	for i, v := range p {
		if math.IsNaN(v) || v < 0 || v > 1 {
			return nil, Refuse("p", "%v is not between 0 and 1", v)
		}
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	return order, nil
}
