package analysis

import (
	"math"
	"slices"
)

// LoessPoint is one point of a scatter that is smoothed.
type LoessPoint struct {
	X, Y   float64
	Weight float64 // such as the number of answers behind Y; positive
}

// Loess returns the smooth at each point's X by local regression (Cleveland &
// Devlin 1988), the same as R's loess with surface = "direct" and the Gaussian
// family: a weighted polynomial of the degree (0, 1 or 2) through the nearest
// ⌊n·span + 10⁻⁵⌋ points, weights tricube (1 − (d/h)³)³ times the points' own, h
// the distance of the furthest of them (times span above 1).
//
// It is for the eye: it has no band, and its end follows the last points. Points
// may come in any order; the result is in theirs. A span that is not positive or
// leaves fewer points than the polynomial has terms, and points that are not
// numbers up to 1e100 with a positive weight (from 1e-100), are refused; so are neighbours all at one X.
func Loess(points []LoessPoint, span float64, degree int) ([]float64, error) {
	if degree < 0 || degree > 2 {
		return nil, Refuse("degree", "%d is not 0, 1 or 2", degree)
	}
	if !(span > 0 && span <= 1e6) {
		return nil, Refuse("span", "%v is not above 0, up to 10⁶", span)
	}
	for i, p := range points {
		if !(math.Abs(p.X) <= hugest && math.Abs(p.Y) <= hugest && p.Weight >= 1/hugest && p.Weight <= hugest) {
			return nil, Refuse("points", "number %d is (%v, %v) with weight %v", i, p.X, p.Y, p.Weight)
		}
	}
	near := int(math.Min(float64(len(points)), float64(len(points))*span+1e-5))
	if near < degree+1 {
		return nil, Refuse("span", "%v leaves %d of %d points: a polynomial of degree %d takes %d", span, near, len(points), degree, degree+1)
	}
	fit := make([]float64, len(points))
	distances := make([]float64, len(points))
	for i, at := range points {
		for j, p := range points {
			distances[j] = math.Abs(p.X - at.X)
		}
		slices.Sort(distances)
		width := distances[near-1] * math.Max(1, span)
		value, ok := localFit(points, at.X, width, degree)
		if !ok {
			return nil, Refuse("span", "%v leaves too few different points around %v", span, at.X)
		}
		fit[i] = value
	}
	return fit, nil
}

// localFit is the value at x of the polynomial through the points within width
// of it. The basis 1, u, u² with u the distance from x over the width is made
// orthogonal under the weights (Gram–Schmidt), so no normal equations lose digits;
// at x itself u is 0. False when the points do not determine the polynomial.
func localFit(points []LoessPoint, x, width float64, degree int) (float64, bool) {
	if width <= 0 {
		return 0, false
	}
	var u, w, y []float64
	for _, p := range points {
		if weight := p.Weight * tricube(math.Abs(p.X-x), width); weight > 0 {
			u, w, y = append(u, (p.X-x)/width), append(w, weight), append(y, p.Y)
		}
	}
	var value float64
	var basis [][]float64
	var atX []float64 // each basis function at u = 0
	for power := range degree + 1 {
		column, zero := make([]float64, len(u)), 0.0
		for i := range u {
			column[i] = math.Pow(u[i], float64(power))
		}
		if power == 0 {
			zero = 1
		}
		before := weightedDot(w, column, column)
		for range 2 { // the second pass takes away what rounding left
			for k, b := range basis {
				share := weightedDot(w, column, b) / weightedDot(w, b, b)
				for i := range column {
					column[i] -= share * b[i]
				}
				zero -= share * atX[k]
			}
		}
		norm := weightedDot(w, column, column)
		if !(norm > 1e-12*before) {
			return 0, false
		}
		value += weightedDot(w, column, y) / norm * zero
		basis, atX = append(basis, column), append(atX, zero)
	}
	return value, true
}

func weightedDot(w, a, b []float64) float64 {
	var sum float64
	for i := range w {
		sum += w[i] * a[i] * b[i]
	}
	return sum
}

// tricube is the weight of a point at a distance within a width.
func tricube(distance, width float64) float64 {
	ratio := distance / width
	if ratio >= 1 {
		return 0
	}
	c := 1 - ratio*ratio*ratio
	return c * c * c
}
