package analysis

import (
	"cmp"
	"slices"
)

// SegmentVerdict says how a segment stands against everybody else.
type SegmentVerdict string

// The verdicts of segments.
const (
	Higher        SegmentVerdict = "higher"
	Lower         SegmentVerdict = "lower"
	LikeRest      SegmentVerdict = "like_rest" // whatever difference there is, is small: the whole interval lies within [alike]
	SegmentUntold SegmentVerdict = "untold"    // not called different, but the interval leaves room for a large difference
	SegmentTooFew SegmentVerdict = "too_few"
	NoValue       SegmentVerdict = "no_value" // the answers that have no value of the key; not compared
	Alone         SegmentVerdict = "alone"    // all answers are its own: there is no rest to compare with
)

// alike is how large a difference of scores may be, in points or percentage points, to
// be called none.
const alike = 10

// unlike is what is said of a segment that is not called different from the rest: that
// no difference is seen does not mean that there is none.
func unlike(d Difference, within float64, faint bool) SegmentVerdict {
	switch {
	case d.Low >= -within && d.High <= within:
		return LikeRest
	case faint:
		return SegmentTooFew
	}
	return SegmentUntold
}

// Segment is one value of the segment key in the period. The last one may be the
// answers without a value, whose Value is "" and whose Verdict is [NoValue]: with
// it the segments add up to everybody.
type Segment struct {
	Value     string         `json:"value"`
	N         int64          `json:"n"`
	Score     *float64       `json:"score"` // nil when Hidden, as all numbers below
	Low       *float64       `json:"low"`
	High      *float64       `json:"high"`
	P         *float64       `json:"p"`          // against everybody else; nil when there is nobody else
	PAdjusted *float64       `json:"p_adjusted"` // Benjamini–Hochberg over the segments shown; never under that of the test of all together
	Shrunk    *float64       `json:"shrunk"`     // empirical Bayes; rank by this
	Verdict   SegmentVerdict `json:"verdict"`
	Hidden    bool           `json:"hidden"`             // too few answers, or needed to hide another segment's
	Protects  bool           `json:"protects,omitempty"` // hidden only because another's numbers could be had from it
	Faint     bool           `json:"faint"`
}

// segments compares each value of the key with everybody else in the period:
// best first by shrunk score, hidden ones last. The global test is nil when the
// segments overlap; where it is there, a segment is called higher or lower only
// if the test finds any difference at all.
func (b *build) segments() ([]Segment, *GlobalTest) {
	list := make([]Segment, 0, len(b.in.Segments))
	if !b.shown(b.now.n()) {
		return list, nil
	}
	var table []bands
	for _, value := range sorted(b.in.Segments) {
		g := bandsOf(b.scale, sumDays(b.in.Segments[value], b.in.From, b.in.To))
		if g.n() > 0 {
			list = append(list, Segment{Value: value, N: g.n(), Verdict: SegmentTooFew})
			table = append(table, g)
		}
	}
	none := b.withoutValue(table)
	table = b.suppress(list, table)
	var test *GlobalTest
	if len(table) > 0 {
		test = b.globalTest(list, table)
		b.judge(list, table, test)
		slices.SortStableFunc(list, bestFirst)
	}
	if len(list) > 0 && none.n() > 0 {
		list = append(list, b.noValue(none, list))
	}
	return list, test
}

// withoutValue are the answers of no segment, shown or not; none when segments
// overlap, since then nobody can tell.
func (b *build) withoutValue(table []bands) bands {
	none := b.now
	for _, g := range table {
		none = none.minus(g)
	}
	if none.negative() {
		return bands{net: b.scale.Net}
	}
	return none
}

// noValue describes the answers without a value. They are not compared with
// anybody: that they have no value says nothing about who they are. Their numbers
// are hidden too when a hidden segment's could be had by subtracting them.
func (b *build) noValue(none bands, list []Segment) Segment {
	var hidden int64
	for _, s := range list {
		if s.Hidden {
			hidden += s.N
		}
	}
	s := Segment{N: none.n(), Verdict: NoValue, Faint: true}
	s.Protects = b.shown(s.N) && hidden > 0 && !b.shown(hidden)
	s.Hidden = !b.shown(s.N) || s.Protects
	if !s.Hidden {
		score, interval := none.score(), b.interval(none)
		s.Score, s.Low, s.High = &score, &interval.Low, &interval.High
	}
	return s
}

// globalTest asks whether the segments differ at all. Answers of no visible
// segment make one more group. It is nil when the segments overlap.
func (b *build) globalTest(list []Segment, table []bands) *GlobalTest {
	outside := b.now
	for _, g := range table {
		outside = outside.minus(g)
	}
	var answers int64
	for _, s := range list {
		answers += s.N
	}
	if outside.negative() || answers > b.now.n() {
		return nil
	}
	test := testGroups(append(slices.Clone(table), outside))
	return &test
}

// suppress marks the segments that must be hidden, and returns the bands of
// those that are not.
func (b *build) suppress(list []Segment, table []bands) []bands {
	sizes := make([]int64, len(list))
	for i := range list {
		sizes[i] = list[i].N
	}
	visible := make([]bands, 0, len(table))
	for i, hidden := range Suppress(sizes, b.now.n(), max(1, b.in.Limits.Hide)) {
		if list[i].Hidden = hidden; !hidden {
			visible = append(visible, table[i])
		}
		list[i].Protects = hidden && b.shown(sizes[i])
	}
	return visible
}

// judge fills in the numbers and verdicts of the visible segments, whose bands
// are in table in the same order.
func (b *build) judge(list []Segment, table []bands, test *GlobalTest) {
	shrunk := shrink(table).Values
	var p []float64
	var tested []*Segment
	var told []Difference
	at := 0
	for i := range list {
		s := &list[i]
		if s.Hidden {
			continue
		}
		g := table[at]
		score, interval := g.score(), b.interval(g)
		s.Score, s.Low, s.High, s.Shrunk = &score, &interval.Low, &interval.High, &shrunk[at]
		s.Faint = b.in.Limits.faint(s.N, interval.Low, interval.High)
		if rest := b.now.minus(g); !rest.negative() && rest.n() > 0 {
			d := compare(rest, g, b.in.Confidence)
			s.P = &d.P
			s.Verdict = direction(d)
			p, tested, told = append(p, d.P), append(tested, s), append(told, d)
		} else if !rest.negative() {
			s.Verdict = Alone
		}
		at++
	}
	adjusted, err := BenjaminiHochberg(p)
	if err != nil { // p-values of compare are always within 0…1
		return
	}
	for i, s := range tested {
		if test != nil {
			adjusted[i] = max(adjusted[i], test.P)
		}
		if s.PAdjusted = &adjusted[i]; adjusted[i] >= 1-b.in.Confidence {
			s.Verdict = unlike(told[i], alike, s.Faint)
		}
	}
}

// direction is the verdict if the difference from the rest is real.
func direction(d Difference) SegmentVerdict {
	if d.Z < 0 {
		return Lower
	}
	return Higher
}

// bestFirst orders by shrunk score, then score, then value; hidden ones last.
func bestFirst(a, b Segment) int {
	if a.Hidden || b.Hidden {
		if a.Hidden && b.Hidden {
			return cmp.Compare(a.Value, b.Value)
		}
		if a.Hidden {
			return 1
		}
		return -1
	}
	return cmp.Or(cmp.Compare(*b.Shrunk, *a.Shrunk), cmp.Compare(*b.Score, *a.Score), cmp.Compare(a.Value, b.Value))
}
