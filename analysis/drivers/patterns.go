package drivers

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// MaxPatterns is the most different rows of columns that [Patterns] hold. Five
// drivers of seven choices have 16,807.
const MaxPatterns = 1 << 16

// Patterns count how often each combination of the columns' values came with a
// bad, a middle and a good score: the rows of a survey, which has few
// combinations and many rows. Like [Products] they can be merged, and their size
// is limited: when there are more than [MaxPatterns], the patterns are given up
// and [ProportionalOdds] refuses.
type Patterns struct {
	names  []string
	scale  surveys.Scale
	rows   []pattern      // in the order of their first coming, so that sums are the same in every run
	index  map[string]int // by the bits of the values
	key    []byte
	excess bool // there were too many
}

// pattern is one combination of values, and how often each band came with it.
type pattern struct {
	x     []float64
	bands [3]int64 // bad, middle, good
}

// NewPatterns makes empty Patterns of columns with the given names, and of
// scores on a scale, whose bands they count. It refuses names as [NewProducts]
// does, and a scale whose bands are empty, overlap or leave no middle.
func NewPatterns(names []string, scale surveys.Scale) (*Patterns, error) {
	if err := checkNames(names); err != nil {
		return nil, err
	}
	var size [3]int
	steps := uint(scale.Max) - uint(scale.Min) // does not overflow as an int might
	overlap := scale.GoodFrom <= scale.BadTo && scale.BadFrom <= scale.GoodTo
	if scale.Min <= scale.Max && steps < uint(len(surveys.Counts{})) && !overlap {
		for step := range int(steps) + 1 {
			size[level(scale, scale.Min+step)]++
		}
	}
	if slices.Contains(size[:], 0) {
		return nil, analysis.Refuse("scale", "%d–%d is not at most 11 choices in a bad, a middle and a good band", scale.Min, scale.Max)
	}
	return &Patterns{names: slices.Clone(names), scale: scale, index: map[string]int{}}, nil
}

// level is 0, 1 or 2 for the bad, the middle and the good band. By the scale's
// numbers and not its [surveys.Scale.Band], since a scale of one's own may have
// no names for its bands.
func level(s surveys.Scale, score int) int {
	switch {
	case score >= s.GoodFrom && score <= s.GoodTo:
		return 2
	case score >= s.BadFrom && score <= s.BadTo:
		return 0
	default:
		return 1
	}
}

// Add takes n rows in that have the same values and the same score. It refuses
// values as [Products.Add] does, a score outside the scale, and n below zero.
func (p *Patterns) Add(x []float64, score int, n int64) error {
	if err := checkRow(p.names, x); err != nil {
		return err
	}
	if !p.scale.Contains(score) {
		return analysis.Refuse("outcome", "score %d is outside the scale %d–%d", score, p.scale.Min, p.scale.Max)
	}
	if n < 0 {
		return analysis.Refuse("counts", "%d rows", n)
	}
	var bands [3]int64
	bands[level(p.scale, score)] = n
	p.add(x, bands)
	return nil
}

// add counts a checked row.
func (p *Patterns) add(x []float64, bands [3]int64) {
	if p.excess || bands == [3]int64{} {
		return
	}
	p.key = p.key[:0]
	for _, v := range x {
		p.key = binary.LittleEndian.AppendUint64(p.key, math.Float64bits(v+0)) // −0 becomes 0
	}
	at, known := p.index[string(p.key)]
	if !known {
		if len(p.rows) == MaxPatterns {
			p.excess, p.rows, p.index = true, nil, nil
			return
		}
		at = len(p.rows)
		p.index[string(p.key)] = at
		p.rows = append(p.rows, pattern{x: slices.Clone(x)})
	}
	for i, n := range bands {
		p.rows[at].bands[i] += n
	}
}

// Merge adds another's rows; the result is that of all rows in one. Patterns of
// other columns or another scale are refused.
func (p *Patterns) Merge(other *Patterns) error {
	if !slices.Equal(p.names, other.names) || p.scale != other.scale {
		return analysis.Refuse("drivers", "columns %q on %d–%d do not merge with %q on %d–%d",
			p.names, p.scale.Min, p.scale.Max, other.names, other.scale.Min, other.scale.Max)
	}
	if other.excess {
		p.excess, p.rows, p.index = true, nil, nil
	}
	for _, row := range other.rows {
		p.add(row.x, row.bands)
	}
	return nil
}

// bands are the rows by band.
func (p *Patterns) bands() (sum [3]int64) {
	for _, row := range p.rows {
		for i, n := range row.bands {
			sum[i] += n
		}
	}
	return sum
}

// moments are those of the columns and, last, the band as 0, 1, 2.
func (p *Patterns) moments() moments {
	columns := len(p.names) + 1
	all := newMoments(columns)
	point := newMoments(columns)
	for _, row := range p.rows {
		copy(point.mean, row.x)
		for band, n := range row.bands {
			point.n, point.mean[columns-1] = n, float64(band)
			all.merge(point)
		}
	}
	return all
}
