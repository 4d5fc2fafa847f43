package themes

import (
	"slices"

	"github.com/harkhq/hark/analysis"
)

// series is what was counted of one theme, or of all comments: in the period, in
// the one before it, and by step.
type series struct {
	now, before Cell
	steps       []step
}

// step is one bucket of a trend.
type step struct {
	start analysis.Day
	n     int64
}

// sums are the series of everything, of no theme, and of each theme.
type sums struct {
	all, none series
	themes    []series
}

// sum adds the rows up, and refuses what cannot have been counted.
func (in Input) sum() (sums, error) {
	steps := in.steps()
	fresh := func() series { return series{steps: slices.Clone(steps)} }
	s := sums{all: fresh(), none: fresh(), themes: make([]series, len(in.Themes))}
	place := map[string]*series{"": &s.all, NoTheme: &s.none}
	for i, id := range in.Themes {
		s.themes[i] = fresh()
		place[id] = &s.themes[i]
	}
	before := in.From - (in.To - in.From)
	for i := range in.Rows {
		row := &in.Rows[i]
		target := place[row.Theme]
		if target == nil || row.Day < before || row.Day >= in.To {
			continue
		}
		if row.Day < in.From {
			target.before.Add(row.Cell)
			continue
		}
		target.now.Add(row.Cell)
		start := in.Bucketing.Start(row.Day)
		at, _ := slices.BinarySearchFunc(steps, start, func(s step, d analysis.Day) int { return int(s.start - d) })
		target.steps[at].n += row.Counts.N()
	}
	return s, in.check(s, place)
}

// steps are the empty buckets of the period.
func (in Input) steps() []step {
	var steps []step
	for start := in.Bucketing.Start(in.From); start < in.To; start = in.Bucketing.Next(start) {
		steps = append(steps, step{start: start})
	}
	return steps
}

// check refuses sums that no comments add up to: negative ones, scores that the
// metric does not have, or a theme with more comments than there are.
func (in Input) check(s sums, place map[string]*series) error {
	for id, one := range place {
		for _, pair := range [][2]Cell{{one.now, s.all.now}, {one.before, s.all.before}} {
			cell, all := pair[0], pair[1]
			if _, err := analysis.Score(in.Metric, cell.Counts, in.Confidence); err != nil {
				return err
			}
			if cell.Negative < 0 || cell.Neutral < 0 || cell.Positive < 0 || cell.Felt() > cell.Counts.N() || cell.Squares < 0 {
				return analysis.Refuse("rows", "theme %q has tones that its %d comments cannot have", id, cell.Counts.N())
			}
			for score, k := range cell.Counts {
				if k > all.Counts[score] {
					return analysis.Refuse("rows", "theme %q has %d comments with score %d, of %d there are", id, k, score, all.Counts[score])
				}
			}
		}
		for i, step := range one.steps {
			if step.n < 0 || step.n > s.all.steps[i].n {
				return analysis.Refuse("rows", "theme %q has %d of %d comments from %s on", id, step.n, s.all.steps[i].n, step.start)
			}
		}
	}
	return nil
}
