package analysis

import (
	"cmp"
	"math"
)

// VerdictKind says in one word what happened to a score since the period before.
type VerdictKind string

// The kinds.
const (
	Rise   VerdictKind = "rise"    // a real rise: every gate passed
	Fall   VerdictKind = "fall"    // a real fall
	Normal VerdictKind = "normal"  // within normal variation
	TooFew VerdictKind = "too_few" // too few answers to tell; Needed says how many it takes
	Mixed  VerdictKind = "mix"     // the score moved because of who answered, or mostly so: see MixCheck.Only
	Unread VerdictKind = "unread"  // it would be a rise or a fall, but whether only who answered changed was not asked: see Input.MixUnread
	None   VerdictKind = "none"    // nothing to compare: no answers now or before
)

// Side says which of the two periods has too few answers.
type Side string

// The sides. A period is the thin one when it has under a third of the other's
// answers.
const (
	ThinNow    Side = "now"
	ThinBefore Side = "before"
	ThinBoth   Side = "both"
)

// thinShare is the share of the other's answers under which one period alone is
// to blame for a comparison that sees nothing.
const thinShare = 3

// Gate is one condition of a verdict.
type Gate string

// The outcomes of a gate. An unknown gate does not stand in the way: there was
// no data to ask it. An unasked one does: there is, and nobody read it.
const (
	Passed  Gate = "passed"
	Failed  Gate = "failed"
	Unknown Gate = "unknown"
	Unasked Gate = "unasked"
)

// Gates are the four conditions that a change must meet to be called real. Who
// looks every Monday for a year is told of a change in under 12 % of simulated
// quiet years, also where weeks vary by 4 points more than chance (package
// simulate); a comparison of each week with the one before tells of one in nearly
// every year.
type Gates struct {
	Size     Gate `json:"size"`     // at least Limits.Change points
	Interval Gate `json:"interval"` // the difference's interval, stretched by Laney's factor, excludes zero; where the mix moved, at the earlier mix too
	Alarm    Gate `json:"alarm"`    // the newest whole week stands beyond the control chart's limit in that direction; against a year before, the weeks' differences from that year's stand out together
	Mix      Gate `json:"mix"`      // over half of it remains at a constant mix of who answered
}

// Verdict is what a report says about the period against the one before. It is
// a structure, so that each language can make its own sentence; Text is the
// English one, for programs and the terminal.
type Verdict struct {
	Kind       VerdictKind `json:"kind"`
	Text       string      `json:"text"`
	Since      *Day        `json:"since"`                // when a rise or fall began, if a date was found
	Over       *Day        `json:"over,omitempty"`       // for Normal: since when a difference that was real has been made up for
	Difference *Difference `json:"difference,omitempty"` // now minus before; nil for None and hidden periods
	Stretch    float64     `json:"stretch,omitempty"`    // so many times as wide the difference's interval must exclude zero; 0 where there is none
	Needed     *Needed     `json:"needed,omitempty"`     // for TooFew
	Thin       Side        `json:"thin,omitempty"`       // for TooFew: the period that has too few
	Mix        *MixCheck   `json:"mix,omitempty"`        // by the key that explains most
	Where      *Source     `json:"where,omitempty"`      // the one segment that a rise or fall came from
	Gates      Gates       `json:"gates"`
}

// verdict judges the period. Changes are all that were found, oldest first.
func (b *build) verdict(changes []Change) Verdict {
	v := Verdict{Kind: None, Gates: Gates{Size: Unknown, Interval: Unknown, Alarm: Unknown, Mix: Unknown}}
	if b.now.n() == 0 || b.before.n() == 0 {
		return v
	}
	if !b.comparable() {
		v.Kind = TooFew
		v.Needed, v.Thin = b.needed(0, b.alarm(0, changes)), b.thin()
		return v
	}
	d := compare(b.before, b.now, b.in.Confidence)
	groups := b.pairsOf(b.earlier, Span{From: b.in.From, To: b.in.To})
	v.Difference = &d
	v.Mix = b.mixCheck(groups, d.Difference)
	heard := b.alarm(d.Difference, changes)
	v.Gates, v.Stretch = b.gates(d, v.Mix, heard), heard.stretch
	v.Kind = b.kind(d, v.Gates)
	switch v.Kind {
	case TooFew:
		v.Needed, v.Thin = b.needed(d.Difference, heard), b.thin()
	case Rise, Fall:
		v.Where = b.where(groups)
		if v.Since = since(changes, d.Difference, b.earlier.From); b.in.Against == YearBefore {
			v.Since = begun(changes, d.Difference, heard.from)
		}
	case Normal:
		if v.Gates.Size == Passed && v.Gates.Interval == Passed {
			v.Over = over(changes, d.Difference, b.in.From)
		}
	}
	return v
}

// over is the date of the newest change but of mix, if it lies within the period
// and went against the difference: the period differs, but no longer.
func over(changes []Change, difference float64, from Day) *Day {
	for i := len(changes) - 1; i >= 0; i-- {
		if c := changes[i]; !c.ByMix {
			if c.At >= from && c.Difference*difference < 0 {
				return &c.At
			}
			return nil
		}
	}
	return nil
}

// gates asks the four questions.
func (b *build) gates(d Difference, mix *MixCheck, heard alarm) Gates {
	g := Gates{Size: Failed, Interval: Failed, Alarm: heard.gate, Mix: Unknown}
	if math.Abs(d.Difference) >= b.in.Limits.Change {
		g.Size = Passed
	}
	if d.stretched(heard.stretch).Significant() {
		g.Interval = Passed
	}
	switch {
	case mix.explains(d.Difference):
		g.Mix = Failed
	case g.Size == Passed && mix.moved() && !mix.rest().stretched(heard.stretch).Significant():
		g.Mix, g.Interval = Passed, Failed
	case b.in.MixUnread:
		g.Mix = Unasked
	case mix != nil:
		g.Mix = Passed
	}
	return g
}

// kind draws the conclusion from the gates.
func (b *build) kind(d Difference, g Gates) VerdictKind {
	switch {
	case g.Interval == Failed && b.blind(d):
		return TooFew
	case g.Size == Failed || g.Interval == Failed || g.Alarm == Failed:
		return Normal
	case g.Mix == Failed:
		return Mixed
	case g.Mix == Unasked:
		return Unread
	case d.Difference < 0:
		return Fall
	default:
		return Rise
	}
}

// blind reports that the comparison could not have seen much.
func (b *build) blind(d Difference) bool {
	return b.in.Limits.faint(min(b.now.n(), b.before.n()), d.Low, d.High)
}

// thin is the period that too few answers come from.
func (b *build) thin() Side {
	switch now, before := b.now.n(), b.before.n(); {
	case thinShare*before < now:
		return ThinBefore
	case thinShare*now < before:
		return ThinNow
	}
	return ThinBoth
}

// since is the date of the latest change in the direction of the difference,
// within the two periods that were compared.
func since(changes []Change, difference float64, from Day) *Day {
	for i := len(changes) - 1; i >= 0; i-- {
		if c := changes[i]; c.At > from && c.Difference*difference > 0 && !c.ByMix {
			return &c.At
		}
	}
	return nil
}

// moved reports whether the mix did change, beyond chance.
func (m *MixCheck) moved() bool { return m != nil && m.P < 0.05 }

// rest is what remains of the difference at a constant mix.
func (m *MixCheck) rest() Difference {
	return Difference{Difference: m.Difference, Low: m.Low, High: m.High}
}

// sign is −1, 0 or 1. A difference of none has no direction, so that nothing leads
// it or explains it.
func sign(x float64) float64 { return float64(cmp.Compare(x, 0)) }

// explains reports whether the mix did change, beyond chance, and at a constant
// one less than half of the difference remains. A missing check explains nothing.
func (m *MixCheck) explains(difference float64) bool {
	return m.moved() && m.Difference*sign(difference) < math.Abs(difference)/2
}

// keyPairs are one key's groups in two periods.
type keyPairs struct {
	key           string
	before, after Span
	pairs         []pair
	untold        map[string]bool // values that count for the mix, but are never named as a source
}

// pairs are every key's groups over [from, at) and [at, to).
func (b *build) pairs(from, at, to Day) []keyPairs {
	return b.pairsOf(Span{From: from, To: at}, Span{From: at, To: to})
}

// pairsOf sums every key's groups over two spans. Answers that have no value of a
// key make one more group, without a name. A key whose values overlap (an answer
// may have several) has no mix and is left out.
func (b *build) pairsOf(before, after Span) []keyPairs {
	keys := b.in.keys()
	if len(keys) == 0 {
		return nil
	}
	sum := func(days []DayCounts, s Span) bands { return bandsOf(b.scale, sumDays(days, s.From, s.To)) }
	whole := pair{before: sum(b.in.Days, before), after: sum(b.in.Days, after)}
	groups := make([]keyPairs, 0, len(keys))
	for _, key := range sorted(keys) {
		rest := whole
		k := keyPairs{key: key, before: before, after: after, untold: map[string]bool{}}
		for _, value := range sorted(keys[key]) {
			days := keys[key][value]
			p := pair{value: value, before: sum(days, before), after: sum(days, after)}
			rest.before, rest.after = rest.before.minus(p.before), rest.after.minus(p.after)
			k.pairs = append(k.pairs, p)
		}
		if rest.before.negative() || rest.after.negative() {
			continue
		}
		b.hush(k, whole)
		k.pairs = append(k.pairs, rest)
		groups = append(groups, k)
	}
	return groups
}

// hush marks the values that a split by the key would not show in one of the
// periods, or that must not be told for another reason.
func (b *build) hush(k keyPairs, whole pair) {
	then, now := make([]int64, len(k.pairs)), make([]int64, len(k.pairs))
	for i, p := range k.pairs {
		then[i], now[i] = p.before.n(), p.after.n()
	}
	least := max(1, b.in.Limits.Hide)
	hidThen, hidNow := Suppress(then, whole.before.n(), least), Suppress(now, whole.after.n(), least)
	for i := range k.pairs {
		p := k.pairs[i]
		untold := func(s Span) bool { return b.in.Untold != nil && b.in.Untold(k.key, p.value, s) }
		k.untold[p.value] = hidThen[i] || hidNow[i] || untold(k.before) || untold(k.after)
	}
}

// mixCheck returns the check by the key that leaves least of the difference, among
// those whose mix moved beyond chance if there are any; nil when no key can say
// anything.
func (b *build) mixCheck(groups []keyPairs, difference float64) *MixCheck {
	toward := sign(difference)
	var found *MixCheck
	for _, g := range groups {
		check, ok := standardise(g.pairs, b.in.Confidence)
		check.Key = g.key
		switch {
		case !ok:
		case found == nil, check.moved() && !found.moved(),
			check.moved() == found.moved() && check.Difference*toward < found.Difference*toward:
			found = &check
		}
	}
	return found
}

// where returns the segment that a change came from, over all keys the one that
// moved most clearly against the others; nil when it was not one.
func (b *build) where(groups []keyPairs) *Source {
	var found *Source
	for _, g := range groups {
		s, ok := source(g.pairs, g.untold)
		if ok && (found == nil || math.Abs(s.z) > math.Abs(found.z)) {
			s.Key, s.Then, s.Now = g.key, b.stretch(g.before, s.pair.before), b.stretch(g.after, s.pair.after)
			found = &s
		}
	}
	return found
}

// stretch is what the score of some answers of some days stands on.
func (b *build) stretch(days Span, answers bands) Stretch {
	interval := b.interval(answers)
	return Stretch{Span: days, N: answers.n(), Low: interval.Low, High: interval.High}
}
