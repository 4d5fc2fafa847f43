package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/harkhq/hark/analysis/drivers"
)

// drivers shows what goes with the score.
func (p printer) drivers(s scored) {
	if s.Drivers == nil {
		return
	}
	p.title("What goes with the score")
	defer p.lacking(s.Drivers.LeftOut)
	if s.Drivers.Refused != nil {
		p.say("", s.Drivers.Refused.Text, "")
		return
	}
	r := s.Drivers.Result
	p.say("", fmt.Sprintf("Together these columns account for %s of its variation: R² %.2f, adjusted for their number %.2f, %g%% confidence %.2f to %.2f, from %s.",
		percent(r.AdjustedR2), r.R2, r.AdjustedR2, 100*s.confidence, r.R2Interval.Low, r.R2Interval.High, count(r.N, "answer")), "")
	p.line("")
	p.importance(sortedDrivers(r.Drivers), s.confidence)
	p.say("  ", fmt.Sprintf("The other %s has other reasons. This shows what goes together, not what causes what.", percent(1-r.AdjustedR2)), toneFaint)
}

// importance shows the drivers' table, with bars where there is room.
func (p printer) importance(list []drivers.Driver, confidence float64) {
	most := list[0].Share
	var last *grid
	for _, form := range []struct {
		step func(drivers.Driver) string
		head string
		bars int
	}{{step, "a step more", drawing}, {step, "a step more", 0}, {sign, "+/−", 0}} {
		last = &grid{right: []bool{false, true, true}}
		last.add([]string{toneFaint, toneFaint, toneFaint, toneFaint}, "driver", "importance", fmt.Sprintf("%g%% interval", 100*confidence), form.head)
		for _, d := range list {
			last.add([]string{"", toneStrong, "", "", toneGood}, oneLine(d.Name), percent(d.Share),
				percent(d.Interval.Low)+" to "+percent(d.Interval.High), form.step(d), bar(d.Share/most, form.bars))
		}
		if last.width() <= p.width {
			break
		}
	}
	p.grid(last)
}

// lacking tells of the answers that could not be compared.
func (p printer) lacking(n int64) {
	if n > 0 {
		p.say("  ", fmt.Sprintf("%s without all of these columns left out of this part.", count(n, "answer")), toneFaint)
	}
}

// sortedDrivers are the drivers, the greatest first.
func sortedDrivers(list []drivers.Driver) []drivers.Driver {
	return slices.SortedStableFunc(slices.Values(list), func(a, b drivers.Driver) int { return cmp.Compare(b.Share, a.Share) })
}

// step is what the score does where a driver is one more, all others alike; of
// texts, how far apart its values are.
func step(d drivers.Driver) string {
	if len(d.Columns) == 1 && d.Sign != 0 {
		return slope(d.Columns[0].Slope)
	}
	low, high := 0.0, 0.0 // the usual value's
	for _, column := range d.Columns {
		low, high = min(low, column.Slope), max(high, column.Slope)
	}
	return strings.TrimPrefix(slope(high-low), "+") + " apart"
}

// sign is the direction of a step.
func sign(d drivers.Driver) string { return []string{"−", "", "+"}[d.Sign+1] }

func slope(x float64) string {
	text := number(x, 2)
	if x > 0 {
		text = "+" + text
	}
	return text
}

func percent(share float64) string { return number(100*share, 0) + "%" }
