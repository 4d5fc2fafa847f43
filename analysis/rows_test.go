package analysis

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/surveys"
)

func TestRows(t *testing.T) {
	t.Parallel()
	rows := must(CollectRows(surveys.CSAT))
	for _, a := range []struct {
		day   Day
		score int
		value string
	}{{today, 5, "Ann"}, {today - 2, 4, ""}, {today, 5, "Ann"}, {today, 1, "Bo"}} {
		if err := rows.Add(a.day, a.score, a.value); err != nil {
			t.Fatal(err)
		}
	}
	refusedFor(t, rows.Add(today, 0, ""), "score")
	refusedFor(t, rows.Add(today, 6, ""), "score")
	in := rows.Input("agent")
	if in.From != today-2 || in.To != today+1 || len(in.Days) != 2 || in.Days[1].Counts != (surveys.Counts{1: 1, 5: 2}) {
		t.Errorf("input %+v", in)
	}
	if len(in.Segments) != 2 || in.Segments["Ann"][0].Counts != (surveys.Counts{5: 2}) {
		t.Errorf("segments %+v", in.Segments)
	}
	if whole := rows.Input(""); whole.Segments != nil || must(Build(whole)).N != 4 {
		t.Errorf("without a key: %+v", whole)
	}
	_, err := CollectRows("joy")
	refusedFor(t, err, "metric")
	if r := must(Build(must(CollectRows(surveys.NPS)).Input("plan"))); r.N != 0 || r.Verdict.Kind != None {
		t.Errorf("no rows: %+v", r)
	}
}

// TestRowsAgreeWithCounts: one report, whether the answers come one by one or
// counted.
func TestRowsAgreeWithCounts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawMetric(t)
		rows := must(CollectRows(m))
		counted := Input{Metric: m, From: today - 60, To: today, By: "plan", Segments: map[string][]DayCounts{}}
		for range rapid.IntRange(0, 200).Draw(t, "answers") {
			day := today - Day(rapid.IntRange(1, 120).Draw(t, "day"))
			score := rapid.SampledFrom(m.Scale().Choices()).Draw(t, "score")
			value := rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "value")
			if err := rows.Add(day, score, value); err != nil {
				t.Fatal(err)
			}
			var one surveys.Counts
			one[score] = 1
			counted.Days = append(counted.Days, DayCounts{day, one})
			if value != "" {
				counted.Segments[value] = append(counted.Segments[value], DayCounts{day, one})
			}
		}
		in := rows.Input("plan")
		in.From, in.To = counted.From, counted.To
		a, b := must(json.Marshal(must(Build(in)))), must(json.Marshal(must(Build(counted))))
		if string(a) != string(b) {
			t.Fatalf("rows:   %s\ncounts: %s", a, b)
		}
	})
}
