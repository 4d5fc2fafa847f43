package drivers

import "math/bits"

// maxPlayers is the most drivers whose 2^k subsets are all looked at.
const maxPlayers = 15

// singular is the share of a column's variance that must remain after what
// others explain. With less, half the digits of a float are gone before anything
// is split, and a correlation of 0.99999995 is no second driver anyway.
const singular = 1e-7

// lmg splits R² among drivers as Lindeman, Merenda & Gold (1980) do, which is
// the Shapley value of the game R²: a driver's part is the mean of what it adds
// to R² over all orders in which the drivers can enter,
//
//	φ(j) = Σ over S without j of |S|!(k−|S|−1)!/k! · (R²(S∪j) − R²(S)).
//
// bounds are the first column of each driver, and the number of columns; a
// driver of several columns enters with all of them.
func lmg(c correlations, bounds []int) []float64 {
	k := len(bounds) - 1
	g := game{bounds: bounds, r2: make([]float64, 1<<k), left: make([][]float64, k+1), size: c.k + 1}
	for i := range g.left {
		g.left[i] = make([]float64, g.size*g.size)
	}
	for i := range c.k {
		copy(g.left[0][i*g.size:], c.x[i*c.k:(i+1)*c.k])
		g.left[0][i*g.size+c.k] = c.y[i]
	}
	g.play(0, 0, 0)
	weight := make([]float64, k+1) // |S|!(k−|S|−1)!/k!, and 0 for everybody
	weight[0] = 1 / float64(k)
	for s := 1; s < k; s++ {
		weight[s] = weight[s-1] * float64(s) / float64(k-s)
	}
	parts := make([]float64, k)
	var without float64
	for set, r2 := range g.r2[1:] {
		set++
		size := bits.OnesCount(uint(set))
		without += weight[size] * r2
		both := (weight[size-1] + weight[size]) * r2
		for rest := uint(set); rest != 0; rest &= rest - 1 {
			parts[bits.TrailingZeros(rest)] += both
		}
	}
	for j := range parts {
		parts[j] = max(0, parts[j]-without) // below zero only by rounding
	}
	return parts
}

// game knows R² of every subset of drivers.
type game struct {
	bounds []int
	r2     []float64   // by subset, bit j for driver j
	left   [][]float64 // by depth: correlations that remain after the subset's columns are regressed out
	size   int         // of a row in left: the columns and the outcome
}

// play visits all subsets that extend set by drivers from `from` on. Each is
// its parent plus a later driver, so that only columns after that one are
// carried on: most steps touch one or two, and all 2^15 take a millisecond.
func (g *game) play(depth, from, set int) {
	for p := from; p < len(g.bounds)-1; p++ {
		gain := 0.0
		source := g.left[depth]
		for column := g.bounds[p]; column < g.bounds[p+1]; column++ {
			gain += g.eliminate(g.left[depth+1], source, column)
			source = g.left[depth+1]
		}
		with := set | 1<<p
		g.r2[with] = g.r2[set] + gain
		g.play(depth+1, p+1, with)
	}
}

// eliminate regresses a column out of those after it and the outcome, and
// returns what it explains of the outcome. Only the upper triangle is kept.
func (g *game) eliminate(into, from []float64, column int) float64 {
	pivot := from[column*g.size+column : (column+1)*g.size] // this column with itself, those after, the outcome
	d := pivot[0]
	if d < singular { // it is a mixture of columns that are in already
		for i := column + 1; i < g.size-1; i++ {
			copy(into[i*g.size+i:(i+1)*g.size], from[i*g.size+i:(i+1)*g.size])
		}
		return 0
	}
	for i := 1; i < len(pivot)-1; i++ {
		f := pivot[i] / d
		at := (column+i)*g.size + column + i
		to, old, by := into[at:at+len(pivot)-i], from[at:at+len(pivot)-i], pivot[i:]
		for j := range to {
			to[j] = old[j] - f*by[j]
		}
	}
	last := pivot[len(pivot)-1]
	return last * last / d
}
