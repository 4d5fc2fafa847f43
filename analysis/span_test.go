package analysis

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

func TestSpansAreNamedAsPeopleDo(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ from, to, want, during string }{
		{"2026-01-01", "2027-01-01", "2026", "in"},
		{"2026-01-01", "2026-04-01", "Q1 2026", "in"},
		{"2026-10-01", "2027-01-01", "Q4 2026", "in"},
		{"2024-02-01", "2024-03-01", "February 2024", "in"},
		{"2026-02-01", "2026-05-01", "1 February to 30 April 2026", "from"},
		{"2026-01-01", "2028-01-01", "1 January 2026 to 31 December 2027", "from"},
		{"2025-12-29", "2026-01-05", "29 December 2025 to 4 January 2026", "from"},
		{"2026-03-05", "2026-03-06", "5 March 2026", "on"},
		{"2026-03-05", "2026-03-12", "5 to 11 March 2026", "from"},
	} {
		named := span(t, test.from, test.to)
		if got := named.String(); got != test.want {
			t.Errorf("%s to %s is called %q, want %q", test.from, test.to, got, test.want)
		}
		if got := named.during(); got != test.during+" "+test.want {
			t.Errorf("what was so then was so %q, want %q", got, test.during+" "+test.want)
		}
	}
}

func span(t *testing.T, from, to string) Span {
	t.Helper()
	var s Span
	for text, at := range map[string]*Day{from: &s.From, to: &s.To} {
		day, err := ParseDay(text)
		if err != nil {
			t.Fatal(err)
		}
		*at = day
	}
	return s
}

// spansInput has the counts of two spans, on their first days, split by plan.
func spansInput(before, after Span, plans map[string][2]surveys.Counts) Input {
	in := Input{Metric: surveys.NPS, By: "plan", Segments: map[string][]DayCounts{}}
	for plan, counts := range plans {
		in.Segments[plan] = []DayCounts{{before.From, counts[0]}, {after.From, counts[1]}}
		in.Days = append(in.Days, in.Segments[plan]...)
	}
	return in
}

func TestCompareSpansJudges(t *testing.T) {
	t.Parallel()
	before, after := span(t, "2025-01-01", "2025-04-01"), span(t, "2026-01-01", "2026-04-01")
	big, low := npsCounts(200, 200, 600), npsCounts(500, 200, 300)
	for _, test := range []struct {
		name  string
		plans map[string][2]surveys.Counts
		kind  VerdictKind
		text  string
	}{
		{"a fall of one plan", map[string][2]surveys.Counts{"pro": {big, low}, "free": {big, big}}, Fall,
			"Down 30 on Q1 2025: a real change. It comes from pro (plan): 40 ± 5 in Q1 2025 (1000 answers), -20 ± 5 in Q1 2026 (1000). It is not explained by who answered."},
		{"a rise of all", map[string][2]surveys.Counts{"pro": {low, big}}, Rise, "Up 60 on Q1 2025: a real change."},
		{"only the mix", map[string][2]surveys.Counts{"pro": {big, npsCounts(40, 40, 120)}, "free": {npsCounts(100, 40, 60), low}}, Mixed,
			"Down 40 on Q1 2025, but only because of who answered: with the same mix of plan as then, unchanged ("},
		{"little, seen by many", map[string][2]surveys.Counts{"pro": {npsCounts(20000, 20000, 60000), npsCounts(21000, 20000, 59000)}}, Normal,
			"Down 2 on Q1 2025: beyond chance, but too small to matter."},
		{"chance", map[string][2]surveys.Counts{"pro": {npsCounts(200, 200, 600), npsCounts(220, 200, 580)}}, Normal,
			"Down 4 on Q1 2025: no more than chance would explain. To confirm a change of 4 points it would take about"},
		{"nothing", map[string][2]surveys.Counts{"pro": {big, big}}, Normal, "Cannot be told apart from Q1 2025: the difference may be anything from -7 to +7."},
		{"nothing, seen by many", map[string][2]surveys.Counts{"pro": {npsCounts(2000, 2000, 6000), npsCounts(2000, 2000, 6000)}}, Normal, "Unchanged on Q1 2025: no more than chance would explain."},
		{"beyond chance, but not at the same mix", map[string][2]surveys.Counts{"pro": {npsCounts(60, 60, 280), npsCounts(58, 76, 236)}, "free": {npsCounts(80, 60, 60), npsCounts(104, 70, 66)}}, Normal,
			"Down 10 on Q1 2025: beyond chance, but with the same mix of plan no more than chance would explain ("},
		{"few", map[string][2]surveys.Counts{"pro": {npsCounts(4, 4, 12), npsCounts(5, 4, 11)}}, TooFew,
			"Down 10 on Q1 2025: too few answers to tell. To confirm a change of 10 points it takes about"},
		{"too few to show", map[string][2]surveys.Counts{"pro": {npsCounts(1, 1, 1), big}}, TooFew,
			"Too few answers to compare with Q1 2025, only 3 in Q1 2025."},
		{"nobody after", map[string][2]surveys.Counts{"pro": {big, {}}}, None, "No answers in Q1 2026: there is nothing to compare."},
		{"nobody before", map[string][2]surveys.Counts{"pro": {{}, big}}, None, "No answers in Q1 2025: there is nothing to compare."},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c, err := CompareSpans(spansInput(before, after, test.plans), before, after)
			if err != nil || c.Verdict.Kind != test.kind || !strings.HasPrefix(c.Verdict.Text, test.text) {
				t.Errorf("%v, %s: %s, want %s: %s", err, c.Verdict.Kind, c.Verdict.Text, test.kind, test.text)
			}
			if c.Verdict.Gates.Alarm != Unknown {
				t.Errorf("the alarm is %s", c.Verdict.Gates.Alarm)
			}
		})
	}
}

// TestCompareSpansIsCompare: whatever the counts, order and length, the
// difference and the mix are those of Compare and Standardise, with their signs.
func TestCompareSpansIsCompare(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from, gap := Day(rapid.IntRange(-400, 40000).Draw(t, "from")), Day(rapid.IntRange(0, 400).Draw(t, "gap"))
		a := Span{from, from + Day(rapid.IntRange(1, 400).Draw(t, "length"))}
		b := Span{a.To + gap, a.To + gap + Day(rapid.IntRange(1, 400).Draw(t, "length"))}
		if rapid.Bool().Draw(t, "backwards") {
			a, b = b, a
		}
		draw := rapid.Custom(func(t *rapid.T) surveys.Counts {
			n := rapid.Int64Range(5, 300)
			return npsCounts(n.Draw(t, "d"), n.Draw(t, "p"), n.Draw(t, "s"))
		})
		plans := map[string][2]surveys.Counts{"x": {draw.Draw(t, "x"), draw.Draw(t, "x")}, "y": {draw.Draw(t, "y"), draw.Draw(t, "y")}}
		c, err := CompareSpans(spansInput(a, b, plans), a, b)
		if err != nil {
			t.Fatal(err)
		}
		sum := plans["x"]
		groups := []Group{}
		for i := range sum {
			sum[i].Add(plans["y"][i])
		}
		for _, value := range []string{"x", "y"} {
			groups = append(groups, Group{value, plans[value][0], plans[value][1]})
		}
		want, _ := Compare(surveys.NPS, sum[0], sum[1], 0.95)
		mix, _ := Standardise(surveys.NPS, groups, 0.95)
		if *c.Verdict.Difference != want || c.Before.N != sum[0].N() || c.After.N != sum[1].N() {
			t.Fatalf("%+v, want %+v", c, want)
		}
		if got := c.Verdict.Mix; got.Difference != mix.Difference || got.P != mix.P {
			t.Fatalf("mix %+v, want %+v", got, mix)
		}
	})
}

func TestCompareSpansRefuses(t *testing.T) {
	t.Parallel()
	q1, q2 := span(t, "2026-01-01", "2026-04-01"), span(t, "2026-04-01", "2026-07-01")
	in := Input{Metric: surveys.NPS}
	_, err := CompareSpans(in, q1, span(t, "2026-03-31", "2026-07-01"))
	refusedFor(t, err, "compare")
	_, err = CompareSpans(in, q1, q1)
	refusedFor(t, err, "compare")
	_, err = CompareSpans(in, q1, Span{q2.To, q2.From})
	refusedFor(t, err, "compare")
	_, err = CompareSpans(Input{Metric: "x"}, q1, q2)
	refusedFor(t, err, "metric")
	_, err = CompareSpans(Input{Metric: surveys.NPS, Confidence: 2}, q1, q2)
	refusedFor(t, err, "confidence")
	_, err = CompareSpans(Input{Metric: surveys.NPS, Days: []DayCounts{{q1.From, npsCounts(-1, 0, 0)}}}, q1, q2)
	refusedFor(t, err, "days")
	if c, err := CompareSpans(in, q1, q2); err != nil || c.Verdict.Kind != None || c.After.Score != nil {
		t.Errorf("neighbours without an answer: %v, %+v", err, c)
	}
}

// TestConfirmingIsFoundByCompare: twice the answers that are said to confirm a
// difference do.
func TestConfirmingIsFoundByCompare(t *testing.T) {
	t.Parallel()
	before, after := span(t, "2025-01-01", "2025-04-01"), span(t, "2026-01-01", "2026-04-01")
	seen := [2]surveys.Counts{npsCounts(200, 200, 600), npsCounts(220, 200, 580)}
	c, err := CompareSpans(spansInput(before, after, map[string][2]surveys.Counts{"x": seen}), before, after)
	if err != nil || c.Verdict.Needed == nil {
		t.Fatal(err, c.Verdict)
	}
	golden.Near(t, "points", c.Verdict.Needed.Points, 4, 1e-9)
	times := c.Verdict.Needed.N/1000 + 1
	for i := range seen {
		for score := range seen[i] {
			seen[i][score] *= times
		}
	}
	if d, err := Compare(surveys.NPS, seen[0], seen[1], 0.95); err != nil || !d.Significant() {
		t.Errorf("%d answers a side do not confirm it: %v, %+v", 1000*times, err, d)
	}
}
