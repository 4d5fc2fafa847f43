package leaving

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// Input is what a report is made of.
type Input struct {
	Asked      []surveys.Cancellation // the ways through one flow that began in the period
	Unasked    []surveys.Cancellation // subscriptions that ended in the period without one
	Elsewhere  []surveys.Cancellation // the ways through other flows: who stayed in one may leave by another
	From, To   analysis.Day           // local days, To exclusive
	Bucketing  analysis.Bucketing     // of the courses
	Zone       *time.Location
	Now        time.Time
	By         string  // a segment's key; "" for none
	Least      int64   // a smaller group is not shown; at least 1
	Confidence float64 // of the intervals, such as 0.95
}

// reckoning is a report that is being made.
type reckoning struct {
	Input
	people    []person         // who was asked
	gone      map[string][]end // when people left, by person
	divisions []division       // the groups whose sums are shown
}

// Report is what came of a cancellation flow in a period. Everybody who is known counts once:
// by the first time that they chose, or, while they have not chosen, by the last time.
type Report struct {
	N       int64 // people who went through the flow
	Left    Part  // went on to cancel; hidden where N is too small
	Kept    Part  // chose to stay; hidden with it
	Open    int64 // closed the page
	Reasons []Group
	Groups  []Group // by the segment that was asked for
	Offers  []Offer // in no order
	Stays   []Stay  // of those who chose to stay
	Saved   []Money // of those who chose to stay and are still there
	Lost    []Money // by wish, of those who were asked
	Unasked int64   // subscriptions that ended without a reason, by wish
	Payment int64   // … and by payments that failed
	Missed  []Money // what those who were not asked took along
	Failed  []Money // what failed payments cost
}

// Part is a share of a whole with its interval, in percent. The share is unknown (nil)
// where there is nobody, or where it is hidden.
type Part struct {
	N, Of            int64
	Value, Low, High *float64
}

// Group is those who gave one reason, or have one value of a segment.
type Group struct {
	Key         string // "" for those without
	Hidden      bool   // too few to show; nothing else is set then
	Share       Part   // of all
	Kept, Left  int64
	Stays       []Stay // of all of them
	Saved, Lost []Money
	Course      []Step
}

// Step is a group's share in one step of the course.
type Step struct {
	Start analysis.Day
	Share Part
}

// Report makes the report. It refuses a confidence that is none.
func (in Input) Report() (Report, error) {
	if err := analysis.CheckConfidence(in.Confidence); err != nil {
		return Report{}, err
	}
	reckon := reckoning{Input: in, people: people(in.Asked), gone: in.ends()}
	return reckon.report(), nil
}

func (in *reckoning) report() Report {
	r := Report{N: int64(len(in.people))}
	stayed := chose(in.people, surveys.CancelKept)
	left := int64(len(chose(in.people, surveys.CancelLeft)))
	r.Left, r.Kept, r.Open = in.least(left, r.N), in.least(int64(len(stayed)), r.N), r.N-left-int64(len(stayed))
	unasked, all := people(in.Unasked), people(slices.Concat(in.Asked, in.Unasked))
	r.Saved, r.Lost = in.sums(in.people, in.saved), in.sums(in.people, lost(surveys.LostByWish))
	r.Unasked, r.Payment = subscriptions(unasked, lost(surveys.LostByWish)), subscriptions(all, lost(surveys.LostPayment))
	r.Missed, r.Failed = in.sums(unasked, lost(surveys.LostByWish)), in.sums(all, lost(surveys.LostPayment))
	r.Reasons = in.groups(func(p person) string { return p.Reason })
	if in.By != "" {
		r.Groups = in.groups(func(p person) string { return p.Segments[in.By] })
	}
	r.Offers = in.offers()
	r.Stays = in.stays(stayed)
	return r
}

// subscriptions counts what people have, or had.
func subscriptions(list []person, of worth) (n int64) {
	for _, p := range list {
		n += int64(len(of(p)))
	}
	return n
}

// part is a share with its Wilson interval.
func (in *reckoning) part(x, n int64) Part {
	p := Part{N: x, Of: n}
	interval, err := analysis.Proportion(x, n, in.Confidence)
	if err != nil {
		return p
	}
	value := 100 * float64(x) / float64(n)
	p.Value, p.Low, p.High = &value, &interval.Low, &interval.High
	return p
}

// groups are those asked by a key, the most frequent first. What would tell of too few is
// hidden.
func (in *reckoning) groups(key func(person) string) []Group {
	by := make(map[string][]person)
	for _, p := range in.people {
		by[key(p)] = append(by[key(p)], p)
	}
	keys := slices.SortedFunc(maps.Keys(by), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(by[b]), len(by[a])), cmp.Compare(a, b))
	})
	sizes := make([]int64, len(keys))
	for i, k := range keys {
		sizes[i] = int64(len(by[k]))
	}
	hidden := analysis.Suppress(sizes, int64(len(in.people)), in.Least)
	courses := in.courses(keys, by)
	groups := make([]Group, len(keys))
	for i, k := range keys {
		if groups[i] = (Group{Key: k, Hidden: true}); !hidden[i] {
			groups[i] = in.group(k, by[k])
			groups[i].Course = courses[i]
		}
	}
	in.hideSums(groups, savedOf, in.saved)
	in.hideSums(groups, lostOf, lost(surveys.LostByWish))
	in.divisions = append(in.divisions, division{groups, by})
	return groups
}

func savedOf(g *Group) *[]Money { return &g.Saved }
func lostOf(g *Group) *[]Money  { return &g.Lost }

func (in *reckoning) group(key string, list []person) Group {
	return Group{
		Key: key, Share: in.part(int64(len(list)), int64(len(in.people))), Stays: in.stays(list),
		Kept: int64(len(chose(list, surveys.CancelKept))), Left: int64(len(chose(list, surveys.CancelLeft))),
		Saved: in.sums(list, in.saved), Lost: in.sums(list, lost(surveys.LostByWish)),
	}
}

// courses are the groups' shares in each step. A step that would tell of too few, also by
// subtracting the other groups, has none.
func (in *reckoning) courses(keys []string, by map[string][]person) [][]Step {
	starts, all := in.starts(), in.steps(in.people)
	counts, courses := make([][]int64, len(keys)), make([][]Step, len(keys))
	for g, k := range keys {
		counts[g] = in.steps(by[k])
	}
	for i, start := range starts {
		sizes := make([]int64, len(keys))
		for g := range keys {
			sizes[g] = counts[g][i]
		}
		hidden := analysis.Suppress(sizes, all[i], in.Least)
		for g, n := range sizes {
			step := Step{Start: start}
			if n == 0 || !hidden[g] {
				step.Share = in.part(n, all[i])
			}
			courses[g] = append(courses[g], step)
		}
	}
	return courses
}

// starts are the first days of the course's steps.
func (in *reckoning) starts() []analysis.Day {
	var list []analysis.Day
	for day := in.Bucketing.Start(in.From); day < in.To; day = in.Bucketing.Next(day) {
		list = append(list, day)
	}
	return list
}

// steps counts those that began in each step.
func (in *reckoning) steps(list []person) []int64 {
	starts := in.starts()
	counts := make([]int64, len(starts))
	for _, p := range list {
		day := analysis.Day(surveys.Day(p.StartedAt, in.Zone))
		at, exact := slices.BinarySearch(starts, day)
		if !exact {
			at--
		}
		if at >= 0 {
			counts[at]++
		}
	}
	return counts
}
