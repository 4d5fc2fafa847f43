package analysis

import (
	"cmp"
	"slices"
)

// Limits say what is too small: to show, to trust, to matter. Zero fields mean
// the product's defaults.
type Limits struct {
	Hide   int64   // fewer answers than this are not shown at all; default 5
	Faint  int64   // fewer than this are shown greyed; default 30
	Margin float64 // an interval's half-width beyond which it is greyed too, in points; default 15
	Change float64 // the smallest change worth a manager's time, in points; default 5
}

// withDefaults fills the zero fields in.
func (l Limits) withDefaults() Limits {
	return Limits{
		Hide:   cmp.Or(l.Hide, 5),
		Faint:  cmp.Or(l.Faint, 30),
		Margin: cmp.Or(l.Margin, 15),
		Change: cmp.Or(l.Change, 5),
	}
}

// check refuses limits below zero.
func (l Limits) check() error {
	if l.Hide < 0 || l.Faint < 0 || !(l.Margin >= 0) || !(l.Change >= 0) {
		return Refuse("limits", "%+v must not be below zero", l)
	}
	return nil
}

// faint reports whether an estimate should be greyed.
func (l Limits) faint(n int64, low, high float64) bool {
	return n < l.Faint || (high-low)/2 > l.Margin
}

// Suppress says which of the siblings of one whole must be hidden, given how
// many answers each has and how many the whole has. A group is hidden when it
// has under `least` answers; and because what is hidden can be had back by
// subtracting the shown groups from the whole, the next smallest are hidden with
// it until what is in no shown group is at least `least`. Groups without an
// answer are hidden and hide nobody. Answers of no group are none to protect:
// they help to hide a small group, but alone they hide nobody.
func Suppress(sizes []int64, whole, least int64) []bool {
	hidden := make([]bool, len(sizes))
	order := make([]int, len(sizes))
	rest := whole // answers that are in no shown group
	small := false
	for i, n := range sizes {
		order[i] = i
		if hidden[i] = n < least; !hidden[i] {
			rest -= n
		}
		small = small || 0 < n && n < least
	}
	if !small {
		return hidden
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(sizes[a], sizes[b]) })
	for _, i := range order {
		if rest <= 0 || rest >= least {
			break
		}
		if !hidden[i] {
			hidden[i] = true
			rest += sizes[i]
		}
	}
	return hidden
}

// Differencing reports whether showing a filter's answers beside those of the
// whole that it is a filter of would show too few: itself, or, by subtracting the
// one from the other, who is not in it. Pages ask it for every filter that somebody
// sets, since filters may overlap, and [Suppress] knows only siblings. A filter
// that holds nobody or everybody shows nothing that the whole does not.
func Differencing(part, whole, least int64) bool {
	few := func(n int64) bool { return 0 < n && n < least }
	return few(part) || few(whole-part)
}
