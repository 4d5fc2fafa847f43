package analysis

import "math"

// alarm is what the weeks' control chart says about a difference: its gate, and
// by how much the difference's interval must be stretched before it is believed.
type alarm struct {
	gate    Gate
	unrest  float64 // Laney's factor: by how much the weeks vary more than chance
	stretch float64 // Laney's factor, and more where the gate is unknown
	from    Day     // against a year before: the week from which on the difference has lasted; 0 where unknown
}

// alarm is what is heard of a difference: of the weeks just before the period, or
// against a year before of the weeks of both years.
func (b *build) alarm(direction float64, changes []Change) alarm {
	if b.in.Against == YearBefore {
		return b.recall(direction)
	}
	return b.listen(direction, changes)
}

// unasked is the alarm of a comparison that somebody chose and looks at once.
func unasked() alarm { return alarm{gate: Unknown, unrest: 1, stretch: 1} }

const (
	// minBaseline is the least weeks with answers from which a control chart knows
	// what is normal.
	minBaseline = 20
	// unheard stretches the interval while the chart does not know yet: the one
	// gate that is left, looked at every Monday, would be passed by chance in
	// every second quiet year.
	unheard = 1.5
	// lasting is the EWMA limit of a verdict, in standard errors. A little wider
	// than a chart's own, since a report looks in both directions and its baseline
	// moves along.
	lasting = 3.3
)

// listen asks the control chart over the weeks, whose baseline is the 26 weeks
// before the period, or fewer where the level has changed in them before either
// period began: what rang then would ring on for half a year. The EWMA must stand
// beyond its limit in the newest whole week. An alarm that is over is no reason to
// call the period's change real. The stretch is Laney's factor: what makes weeks
// vary more than chance makes periods vary too.
func (b *build) listen(direction float64, changes []Change) alarm {
	o := DefaultControl()
	o.Limit = lasting
	first := 0
	for first < len(b.weeks) && b.weeks[first].start < ByWeek.Start(b.in.From) {
		first++
	}
	from := max(0, first-o.Baseline)
	for from < first && b.weeks[from].start < b.settled(changes) {
		from++
	}
	if o.Baseline = first - from; o.Baseline == 0 {
		return alarm{gate: Unknown, unrest: 1, stretch: unheard}
	}
	table := make([]bands, 0, len(b.weeks)-from)
	for _, week := range b.weeks[from:] {
		table = append(table, week.bands)
	}
	chart, ok := control(table, o)
	if !ok {
		return alarm{gate: Unknown, unrest: 1, stretch: unheard}
	}
	if len(withAnswers(b.weeks[from:first])) < minBaseline {
		factor := math.Max(chart.Inflation, b.unrestSince(b.weeks[from].start))
		return alarm{gate: Unknown, unrest: factor, stretch: unheard * factor}
	}
	heard := alarm{gate: Failed, unrest: chart.Inflation, stretch: chart.Inflation}
	for i := len(table) - 1; i >= o.Baseline; i-- {
		p := chart.Points[i]
		if partial := b.weeks[from+i].start+7 > b.in.To; p.Empty || partial && i > o.Baseline {
			continue
		}
		if direction < 0 && p.EWMA < p.EWMALow || direction > 0 && p.EWMA > p.EWMAHigh {
			heard.gate = Passed
		}
		break
	}
	if b.stands(changes, direction, b.weeks[(from+first)/2].start) {
		heard.gate = Passed
	}
	return heard
}

// unrestSince is Laney's factor of the weeks since a day, those of the period too,
// since a few weeks alone seldom know how much they vary.
func (b *build) unrestSince(day Day) float64 {
	var table []bands
	for _, week := range withAnswers(b.weeks) {
		if week.start >= day {
			table = append(table, week.bands)
		}
	}
	return unrestOf(table)
}

// stands reports that the newest change but of mix lies within the earlier period,
// before a day, and went in the direction. A baseline of which more than half came
// after a change cannot alarm at it: in a report of a year, whose earlier period is
// longer than the baseline, the change's date is the better evidence.
func (b *build) stands(changes []Change, direction float64, day Day) bool {
	for i := len(changes) - 1; i >= 0; i-- {
		if c := changes[i]; !c.ByMix {
			return c.At > b.earlier.From && c.At <= day && c.Difference*direction > 0
		}
	}
	return false
}

// settled is the date of the last change before both periods; the first of all
// days where there is none.
func (b *build) settled(changes []Change) Day {
	for i := len(changes) - 1; i >= 0; i-- {
		if at := changes[i].At; at <= b.earlier.From {
			return at
		}
	}
	return math.MinInt
}
