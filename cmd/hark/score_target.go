package main

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/table"
)

// mostCells bounds how many combinations of their values targets may have.
const mostCells = 10_000

// strangers is how many values that no target names are remembered by name.
const strangers = 50

// rounding is how far shares may be from 100 in all, in percentage points: three
// times 33.3 is meant.
const rounding = 0.1001

// target is what is known of everybody by one column, by --target.
type target struct {
	column string // as it was written, then the header's name
	at     int    // in the file
	values []string
	shares []float64 // of the values, in percent
	place  map[string]int
}

// parseTargets reads what --target was given.
func parseTargets(texts []string) ([]target, error) {
	targets, crossed := make([]target, 0, len(texts)), 1
	for _, text := range texts {
		one, err := parseTarget(text)
		if err != nil {
			return nil, fmt.Errorf("--target %q %w", text, err)
		}
		if crossed *= len(one.values); crossed > mostCells {
			return nil, fmt.Errorf("--target: these values cross to over %s combinations: weight by fewer columns or values", grouped(mostCells))
		}
		targets = append(targets, one)
	}
	return targets, nil
}

// parseTarget reads plan=free:60,pro:40. A value may have a colon in it, and no
// comma.
func parseTarget(text string) (target, error) {
	column, list, named := strings.Cut(text, "=")
	t := target{column: strings.TrimSpace(column), at: -1, place: make(map[string]int)}
	if !named || t.column == "" {
		return t, errors.New(`is not written like "plan=free:60,pro:40", shares in percent`)
	}
	sum := 0.0
	for part := range strings.SplitSeq(list, ",") {
		colon := strings.LastIndex(part, ":")
		value := strings.TrimSpace(part[:max(colon, 0)])
		if value == "" {
			return t, fmt.Errorf(`has %q where a value and its share belong, such as "free:60"`, strings.TrimSpace(part))
		}
		written := strings.TrimSpace(part[colon+1:])
		share, err := strconv.ParseFloat(strings.TrimSuffix(written, "%"), 64)
		if err != nil || !(share > 0 && share <= 100) {
			return t, fmt.Errorf("gives %s the share %q, which is not a percentage over 0", value, written)
		}
		if _, twice := t.place[value]; twice {
			return t, fmt.Errorf("names %s twice", value)
		}
		t.place[value] = len(t.values)
		t.values, t.shares, sum = append(t.values, value), append(t.shares, share), sum+share
	}
	if math.Abs(sum-100) > rounding {
		return t, fmt.Errorf("has shares that add up to %s, not to 100", strconv.FormatFloat(sum, 'f', -1, 64))
	}
	return t, nil
}

// findTargets finds the targets' columns.
func (c *scoreCommand) findTargets(header []string, score int) ([]target, error) {
	targets, err := parseTargets(c.Target)
	if err != nil {
		return nil, err
	}
	for i := range targets {
		t := &targets[i]
		if t.at, err = table.Find(header, t.column); err != nil {
			return nil, fmt.Errorf("--target: %w", err)
		}
		t.column = header[t.at]
		switch {
		case t.at == score:
			return nil, fmt.Errorf("--target: %q is the score itself", t.column)
		case slices.ContainsFunc(targets[:i], func(o target) bool { return o.at == t.at }):
			return nil, fmt.Errorf("--target: the column %q is given twice", t.column)
		}
	}
	return targets, nil
}

// crossing counts answers by the combinations of the targets' values. It is as
// large as the targets are, however long the file is.
type crossing struct {
	targets []target
	cells   []surveys.Counts
	strange []map[string]int64 // by target: answers with values that it does not name
}

func newCrossing(targets []target) *crossing {
	size := 1
	c := &crossing{targets: targets}
	for _, t := range targets {
		size *= len(t.values)
		c.strange = append(c.strange, make(map[string]int64))
	}
	c.cells = make([]surveys.Counts, size)
	return c
}

// add counts a row.
func (c *crossing) add(record table.Record, score int) {
	cell, whole := 0, true
	for i, t := range c.targets {
		value := strings.TrimSpace(record.Fields[t.at])
		place, named := t.place[value]
		if !named {
			c.meet(i, value)
			whole = false
		}
		cell = cell*len(t.values) + place
	}
	if whole {
		c.cells[cell][score]++
	}
}

// meet counts a value that a target does not name; of very many, the later ones
// under no name of their own.
func (c *crossing) meet(target int, value string) {
	seen := c.strange[target]
	if seen[value] == 0 {
		if len(seen) >= strangers {
			value = surveys.OtherValue
		}
		value = strings.Clone(value)
	}
	seen[value]++
}

// filled are the cells with answers, as the analysis takes them.
func (c *crossing) filled() []analysis.Cell {
	var cells []analysis.Cell
	for at, counts := range c.cells {
		if counts.N() == 0 {
			continue
		}
		values, rest := make([]string, len(c.targets)), at
		for i, t := range slices.Backward(c.targets) {
			values[i], rest = t.values[rest%len(t.values)], rest/len(t.values)
		}
		cells = append(cells, analysis.Cell{Values: values, Counts: counts})
	}
	return cells
}

// margins are the targets as the analysis takes them.
func (c *crossing) margins() []analysis.Margin {
	margins := make([]analysis.Margin, len(c.targets))
	for i, t := range c.targets {
		sum := 0.0
		for _, share := range t.shares {
			sum += share
		}
		margins[i] = analysis.Margin{Key: t.column, Shares: make(map[string]float64, len(t.values))}
		for k, value := range t.values {
			margins[i].Shares[value] = t.shares[k] / sum
		}
	}
	return margins
}

// weighted is the score of answers that are weighted to look like the targets, or
// why there is none.
type weighted struct {
	By           []string           `json:"by"` // the targets' columns
	N            int64              `json:"n"`
	Score        *float64           `json:"score"`
	Interval     *analysis.Interval `json:"interval"`
	Effective    *float64           `json:"effective"`     // answers of equal weight that these are worth
	DesignEffect *float64           `json:"design_effect"` // n/effective
	Trimmed      int64              `json:"trimmed"`       // answers whose weight stands at a bound
	Missed       float64            `json:"missed"`        // how far a weighted share stayed from its target, in percentage points
	Unweighted   *unweighted        `json:"unweighted"`
	Refused      *refused           `json:"refused"`
}

// unweighted is the score as it was answered, with its interval.
type unweighted struct {
	Score    float64           `json:"score"`
	Interval analysis.Interval `json:"interval"`
}

// unnamed is the reason for no weights that this file alone knows.
const unnamed analysis.Reason = "unnamed_value"

// report weighs the answers.
func (c *crossing) report(metric surveys.Metric, confidence float64) (*weighted, error) {
	w := &weighted{}
	for _, t := range c.targets {
		w.By = append(w.By, t.column)
	}
	for i, t := range c.targets {
		if len(c.strange[i]) > 0 {
			w.Refused = t.unnamed(c.strange[i])
			return w, nil
		}
	}
	cells := c.filled()
	var n int64
	for _, cell := range cells {
		n += cell.Counts.N()
	}
	if n < fewestShown {
		w.Refused = &refused{Reason: analysis.TooFewAnswers, Have: float64(n), Need: fewestShown, Text: fmt.Sprintf("Too few answers to weight: it takes %d, and there are %d.", fewestShown, n)}
		return w, nil
	}
	weights, err := analysis.Rake(c.margins(), cells, analysis.Trim{})
	if err == nil {
		var found analysis.Weighted
		if found, err = analysis.Weigh(metric, cells, weights.Values, confidence); err == nil {
			w.N, w.Score, w.Interval = found.N, &found.Score, &found.Interval
			w.Effective, w.DesignEffect = &found.Effective, &found.DesignEffect
			w.Trimmed, w.Missed = weights.Trimmed, 100*weights.Missed
			w.Unweighted = &unweighted{found.Unweighted.Score, found.Unweighted.Interval}
			return w, nil
		}
	}
	var refusal *analysis.Refusal
	if !errors.As(err, &refusal) {
		return nil, err
	}
	w.Refused = &refused{Reason: refusal.Reason, Have: refusal.Have, Need: refusal.Need, Name: refusal.Name, Text: c.refusalText(refusal)}
	return w, nil
}

// unnamed refuses values that the target does not name.
func (t target) unnamed(seen map[string]int64) *refused {
	none := seen[""]
	named := slices.DeleteFunc(slices.Sorted(maps.Keys(seen)), func(value string) bool { return value == "" })
	slices.SortStableFunc(named, func(a, b string) int { return int(seen[b] - seen[a]) })
	var n int64
	for _, value := range named {
		n += seen[value]
	}
	r := &refused{Reason: unnamed, Have: float64(n + none), Name: t.column}
	switch more := len(named) - 3; {
	case n == 0:
		r.Text = fmt.Sprintf("%s no %s, so that they cannot be weighted by it: fill it in, or leave these rows out.", have(none), oneLine(t.column))
	case more > 0:
		r.Text = fmt.Sprintf("%s a %s that the target does not name, such as %s: name them all, with their shares.", have(n), oneLine(t.column), table.Quoted(named[:3]))
	default:
		r.Text = fmt.Sprintf("%s a %s that the target does not name, %s: give it a share, or leave these rows out.", have(n), oneLine(t.column), table.Quoted(named))
	}
	return r
}

// have begins a sentence about some answers.
func have(n int64) string {
	if n == 1 {
		return "1 answer has"
	}
	return grouped(n) + " answers have"
}

// refusalText says in English why there are no weights.
func (c *crossing) refusalText(r *analysis.Refusal) string {
	switch r.Reason {
	case analysis.EmptyCell:
		column, value, _ := strings.Cut(r.Name, "=")
		return fmt.Sprintf("Nobody in the file has the %s %q, and no weight makes up for that: leave it out of the target, and the score is that of the others.", oneLine(column), value)
	case analysis.NotConverged:
		return fmt.Sprintf("No weights meet all targets: with the combinations that these answers have, one stays %.1f points away. Leave one of the targets out.", 100*r.Have)
	}
	return r.Error()
}
