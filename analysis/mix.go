package analysis

import (
	"math"
	"slices"

	"github.com/harkhq/hark/analysis/internal/dist"
	"github.com/harkhq/hark/surveys"
)

// Group is one segment's answers in two periods.
type Group struct {
	Value         string
	Before, After surveys.Counts
}

// MixCheck asks whether a score moved, or only the mix of who answered: the
// later period is recomputed with the earlier one's mix of groups.
type MixCheck struct {
	Key        string  `json:"key"`        // the segment key that the groups are values of
	Difference float64 `json:"difference"` // later − earlier at the earlier mix, in points
	Low        float64 `json:"low"`
	High       float64 `json:"high"`
	Mix        float64 `json:"mix"`     // what the mix moved: the whole difference minus Difference
	P          float64 `json:"p"`       // of the χ² test that the mix is the same in both periods
	Covered    float64 `json:"covered"` // share of the earlier answers in groups that answered in both periods
}

// Share is how much of the whole difference the mix moved: 0.6 for 6 of 10
// points. It is over 1 when, at the same mix, the score would have moved the other
// way; 0 when nothing moved.
func (m MixCheck) Share() float64 {
	whole := m.Mix + m.Difference
	if whole == 0 {
		return 0
	}
	return m.Mix / whole
}

// nearlyAll is the share of a difference from which on the mix is called its
// only reason.
const nearlyAll = 0.9

// Only reports whether the mix moved as good as everything.
func (m MixCheck) Only() bool { return m.Share() >= nearlyAll }

// mostOf is the share of a difference above which most of it is the mix's. A mix
// that explains a difference has moved half of it at least: up to here it is
// called about half.
const mostOf = 0.6

// Mostly reports whether the mix moved clearly more than half. Who says how many
// points it moved should take [MixCheck.Points], which add up.
func (m MixCheck) Mostly() bool { return m.Share() > mostOf }

// someOf is the share of a difference from which on the mix's part is worth a word.
const someOf = 0.2

// Partly reports whether the mix changed, beyond chance, and moved a part of the
// difference that is worth a word.
func (m *MixCheck) Partly() bool { return m.moved() && m.Share() >= someOf }

// Points are the whole difference, what the mix moved of it, and what remains at
// the same mix, rounded so that the first is the sum of the others.
func (m MixCheck) Points() (whole, mix, rest float64) {
	whole, rest = math.Round(m.Mix+m.Difference), math.Round(m.Difference)
	return whole + 0, whole - rest, rest + 0 // + 0 turns −0 into 0
}

// Standardise is the direct standardisation Σ w_g·(e_g,after − e_g,before) with
// w_g the group's share of the earlier answers; its interval is normal with the
// groups' adjusted variances. The groups must not overlap; answers of no group
// belong in one with the Value "". Small groups are pooled, and those that came or
// went between the periods cannot be compared: Covered says how much remains.
// Under 80 %, or with but one group, nothing can be said, which is a [Refusal] for
// [NotComparable].
func Standardise(m surveys.Metric, groups []Group, confidence float64) (MixCheck, error) {
	if err := CheckConfidence(confidence); err != nil {
		return MixCheck{}, err
	}
	pairs := make([]pair, len(groups))
	for i, g := range groups {
		if err := checkCounts(m, g.Before, g.After); err != nil {
			return MixCheck{}, err
		}
		pairs[i] = pair{value: g.Value, before: bandsOf(m.Scale(), g.Before), after: bandsOf(m.Scale(), g.After)}
	}
	check, ok := standardise(pairs, confidence)
	if !ok {
		return MixCheck{}, &Refusal{Reason: NotComparable, Have: check.Covered, Need: minCovered}
	}
	return check, nil
}

// NotComparable is the reason of a mix of which nothing can be said. Have is the
// share of the earlier answers in groups that answered in both periods, 0 where
// there are not two groups; Need is the least.
const NotComparable Reason = "not_comparable"

// pair is a group's bands in two periods.
type pair struct {
	value         string
	before, after bands
}

// minPair is the least answers of a group that stands for itself.
const minPair = 5

// minCovered is the least share of the earlier answers that must be comparable.
const minCovered = 0.8

// standardise is Standardise for checked groups; false, with nothing but Covered,
// when nothing can be said.
func standardise(pairs []pair, confidence float64) (MixCheck, bool) {
	usable, whole := comparable(pairs)
	var covered float64
	for _, p := range usable {
		covered += float64(p.before.n())
	}
	named := slices.ContainsFunc(usable, func(p pair) bool { return p.value != "" })
	if !named || answering(pairs) < 2 {
		return MixCheck{}, false
	}
	if covered < minCovered*float64(whole.before.n()) {
		return MixCheck{Covered: covered / float64(whole.before.n())}, false
	}
	var d, v float64
	for _, p := range usable {
		w := float64(p.before.n()) / covered
		_, before := p.before.adjusted()
		_, after := p.after.adjusted()
		d += w * (p.after.score() - p.before.score())
		v += w * w * (before + after)
	}
	half := dist.Z(confidence) * math.Sqrt(v)
	return MixCheck{
		Difference: d, Low: d - half, High: d + half,
		Mix:     whole.after.score() - whole.before.score() - d,
		P:       sameMix(pairs),
		Covered: covered / float64(whole.before.n()),
	}, true
}

// sameMix is the p-value of the χ² test that both periods have the same shares
// of groups.
func sameMix(pairs []pair) float64 {
	var before, after float64
	for _, p := range pairs {
		before += float64(p.before.n())
		after += float64(p.after.n())
	}
	var chi float64
	for _, p := range pairs {
		size := float64(p.before.n() + p.after.n())
		if size == 0 {
			continue
		}
		expected := size * before / (before + after)
		d := float64(p.before.n()) - expected
		chi += d*d/expected + d*d/(size-expected)
	}
	return dist.ChiSquareTail(chi, answering(pairs)-1)
}

// answering counts the groups with an answer in either period.
func answering(pairs []pair) int {
	groups := 0
	for _, p := range pairs {
		if p.before.n()+p.after.n() > 0 {
			groups++
		}
	}
	return groups
}

// comparable returns the groups that answered in both periods, those that are
// small in both pooled, and the sum of all groups. A group that is small in one
// period only came or went; pooling it would pass its coming off as a change of
// the other small ones.
func comparable(pairs []pair) (usable []pair, whole pair) {
	var pooled pair
	for i, p := range pairs {
		if i == 0 {
			whole.before.net, whole.after.net = p.before.net, p.after.net
			pooled.before.net, pooled.after.net = p.before.net, p.after.net
		}
		whole.before, whole.after = whole.before.add(p.before), whole.after.add(p.after)
		switch {
		case p.before.n() >= minPair && p.after.n() >= minPair:
			usable = append(usable, p)
		case max(p.before.n(), p.after.n()) < 4*minPair:
			pooled.before, pooled.after = pooled.before.add(p.before), pooled.after.add(p.after)
		}
	}
	if pooled.before.n() >= minPair && pooled.after.n() >= minPair {
		usable = append(usable, pooled)
	}
	return usable, whole
}

// Source is the one segment that a change came from.
type Source struct {
	Key    string  `json:"key"`
	Value  string  `json:"value"`
	Before float64 `json:"before"` // the segment's score before the change
	After  float64 `json:"after"`
	Share  float64 `json:"share"` // of the change within groups, that this one accounts for
	Then   Stretch `json:"then"`  // what Before stands on
	Now    Stretch `json:"now"`   // what After stands on
	z      float64 // of its change against the others' change; decides between keys
	pair   pair    // its answers
}

// Stretch is what a score stands on: the days whose answers it is of, how many they
// are, and its interval, at the confidence of the report.
type Stretch struct {
	Span
	N    int64   `json:"n"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// source names the group that a change came from, if it is one: it accounts for
// over half of the change at an average mix, and moved differently from all
// others together, at 5 % after Bonferroni over the groups looked at. The untold
// are not named.
func source(pairs []pair, untold map[string]bool) (Source, bool) {
	usable, whole := comparable(pairs)
	if len(usable) < 2 || whole.before.n() == 0 || whole.after.n() == 0 {
		return Source{}, false
	}
	var total float64
	contribution := make([]float64, len(usable))
	for i, p := range usable {
		share := float64(p.before.n())/float64(whole.before.n()) + float64(p.after.n())/float64(whole.after.n())
		contribution[i] = share / 2 * (p.after.score() - p.before.score())
		total += contribution[i]
	}
	var found Source
	for i, p := range usable {
		if p.value == "" || untold[p.value] || contribution[i]*total <= 0 || contribution[i]/total <= 0.5 {
			continue
		}
		rest := pair{before: whole.before.minus(p.before), after: whole.after.minus(p.after)}
		z, ok := moveAgainst(p, rest)
		if ok && z*total > 0 && dist.TwoSided(z)*float64(len(usable)) < 0.05 && math.Abs(z) > math.Abs(found.z) {
			found = Source{Value: p.value, Before: p.before.score(), After: p.after.score(),
				Share: contribution[i] / total, z: z, pair: p}
		}
	}
	return found, found.Value != ""
}

// moveAgainst is the z of a group's change minus the rest's change.
func moveAgainst(p, rest pair) (float64, bool) {
	if rest.before.n() < minPair || rest.after.n() < minPair {
		return 0, false
	}
	var d, v float64
	for _, part := range []struct {
		bands bands
		sign  float64
	}{{p.after, 1}, {p.before, -1}, {rest.after, -1}, {rest.before, 1}} {
		e, variance := part.bands.adjusted()
		d += part.sign * e
		v += variance
	}
	return d / math.Sqrt(v), true
}
