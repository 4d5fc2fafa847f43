package analysis

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

func TestReportHidesTheFew(t *testing.T) {
	t.Parallel()
	in := Input{Metric: surveys.NPS, From: today - 7, To: today, By: "plan",
		Days:     []DayCounts{{today - 3, npsCounts(1, 1, 2)}},
		Segments: map[string][]DayCounts{"retail": {{today - 3, npsCounts(1, 1, 2)}}}}
	r := golden.Must(Build(in))
	if !r.Hidden || r.N != 4 || r.Score != nil || r.Interval != nil || r.Mean != nil || len(r.Distribution) != 0 || len(r.Bands) != 0 || len(r.Segments) != 0 {
		t.Errorf("four answers are shown: %+v", r)
	}
	for _, p := range r.Trend {
		if p.Score != nil || p.Smooth != nil {
			t.Errorf("four answers are drawn: %+v", p)
		}
	}
	in.Limits.Hide = 1
	if r = golden.Must(Build(in)); r.Hidden || r.Score == nil || *r.Score != 25 || !r.Faint {
		t.Errorf("with a limit of one: %+v", r)
	}
}

func TestReportHidesSmallSegments(t *testing.T) {
	t.Parallel()
	in := Input{Metric: surveys.CSAT, From: today - 7, To: today, By: "agent",
		Days: []DayCounts{{today - 3, surveys.Counts{2: 30, 5: 60}}},
		Segments: map[string][]DayCounts{
			"Ann": {{today - 3, surveys.Counts{2: 10, 5: 40}}},
			"Bo":  {{today - 3, surveys.Counts{2: 18, 5: 18}}},
			"Cai": {{today - 3, surveys.Counts{2: 2, 5: 2}}},
			"Dee": {{today - 30, surveys.Counts{5: 9}}},
		}}
	r := golden.Must(Build(in))
	if len(r.Segments) != 3 {
		t.Fatalf("segments %+v", r.Segments)
	}
	for _, s := range r.Segments {
		if hidden := s.Value != "Ann"; s.Hidden != hidden || (s.Score == nil) != hidden || (s.P == nil) != hidden {
			t.Errorf("%s: %+v", s.Value, s)
		}
	}
	if r.Segments[0].Value != "Ann" {
		t.Errorf("the shown segment is not first: %+v", r.Segments)
	}
}

func TestReportJSON(t *testing.T) {
	t.Parallel()
	in := Input{Metric: surveys.NPS, From: today - 7, To: today, By: "plan",
		Days:     []DayCounts{{today - 3, surveys.Counts{0: 1, 7: 3, 9: 2, 10: 4}}, {today - 12, surveys.Counts{8: 7}}},
		Segments: map[string][]DayCounts{"retail": {{today - 3, surveys.Counts{0: 1, 7: 3, 9: 2, 10: 4}}}}}
	raw := golden.Must(json.Marshal(golden.Must(Build(in))))
	for _, want := range []string{
		`"metric":"nps"`, `"from":"2026-11-09"`, `"n":10`, `"score":50`, `"method":"adjusted-wald"`, `"confidence":0.95`,
		`"distribution":{"0":1,"1":0,"2":0,"3":0,"4":0,"5":0,"6":0,"7":3,"8":0,"9":2,"10":4}`,
		`"promoter":{"n":6,"share":0.6}`, `"trend":[{"start":"2026-11-09","n":0,"score":null`,
		`"verdict":{"kind":"too_few","text":"`, `"since":null`, `"changes":[]`,
		`"segments":[{"value":"retail","n":10,"score":50,`, `"p":null,"p_adjusted":null,"shrunk":`,
	} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("the JSON lacks %s:\n%s", want, raw)
		}
	}
	var back Report
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	if again := golden.Must(json.Marshal(back)); string(again) != string(raw) {
		t.Errorf("read and written again:\n%s\n%s", raw, again)
	}
}

func TestDistributionRefusesStrangers(t *testing.T) {
	t.Parallel()
	var d Distribution
	for _, bad := range []string{`{"ten":1}`, `[1]`} {
		if err := d.UnmarshalJSON([]byte(bad)); err == nil {
			t.Errorf("%s was read as %v", bad, d)
		}
	}
}

func TestBuildRefuses(t *testing.T) {
	t.Parallel()
	good := Input{Metric: surveys.NPS, From: today - 7, To: today}
	cases := []struct {
		name, field string
		spoil       func(*Input)
	}{
		{"an unknown metric", "metric", func(in *Input) { in.Metric = "joy" }},
		{"a confidence of 95", "confidence", func(in *Input) { in.Confidence = 95 }},
		{"a period that ends before it starts", "from", func(in *Input) { in.To = in.From }},
		{"a mistyped year", "from", func(in *Input) { in.From -= 2000 * 365 }},
		{"a fortnight", "bucketing", func(in *Input) { in.Bucketing = "fortnight" }},
		{"forty years by day", "bucketing", func(in *Input) { in.From, in.Bucketing = in.To-40*365, ByDay }},
		{"a negative count", "days", func(in *Input) { in.Days = []DayCounts{{today, npsCounts(-1, 0, 0)}} }},
		{"a negative count made up for", "days", func(in *Input) {
			in.Days = []DayCounts{{today, npsCounts(-1, 0, 0)}, {today, npsCounts(1, 0, 0)}}
		}},
		{"counts that overflow", "days", func(in *Input) {
			in.Days = []DayCounts{{today, npsCounts(1<<62, 0, 0)}, {today, npsCounts(1<<62, 0, 0)}}
		}},
		{"a score off the scale", "days", func(in *Input) {
			in.Metric, in.Days = surveys.CES5, []DayCounts{{today, surveys.Counts{7: 1}}}
		}},
		{"a bad segment", "days", func(in *Input) {
			in.By, in.Segments = "plan", map[string][]DayCounts{"x": {{today, npsCounts(0, 0, -3)}}}
		}},
		{"segments of no key", "by", func(in *Input) { in.Segments = map[string][]DayCounts{"x": nil} }},
		{"limits below zero", "limits", func(in *Input) { in.Limits.Faint = -1 }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			in := good
			c.spoil(&in)
			_, err := Build(in)
			refusedFor(t, err, c.field)
		})
	}
}

// TestBuildProperties: whatever the answers, a report is made, says nothing that
// is not a number, and its parts add up.
func TestBuildProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		r, err := Build(in)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := json.Marshal(r); err != nil { // refuses NaN and infinities
			t.Fatal(err)
		}
		var trend int64
		for _, p := range r.Trend {
			trend += p.N
		}
		want := sumDays(in.Days, in.From, in.To)
		if trend != want.N() || r.N != want.N() {
			t.Fatalf("the trend holds %d answers, the headline %d, the days %d", trend, r.N, want.N())
		}
		if r.Verdict.Text == "" || r.Trend == nil || r.Changes == nil || r.Segments == nil {
			t.Fatal("a part is missing")
		}
		turned := in
		turned.Days = append([]DayCounts(nil), in.Days...)
		for i, j := 0, len(turned.Days)-1; i < j; i, j = i+1, j-1 {
			turned.Days[i], turned.Days[j] = turned.Days[j], turned.Days[i]
		}
		if again := golden.Must(Build(turned)); !reflect.DeepEqual(golden.Must(json.Marshal(again)), golden.Must(json.Marshal(r))) {
			t.Fatal("the order of the days matters")
		}
	})
}

func drawInput(t *rapid.T) Input {
	m := drawMetric(t)
	length := Day(rapid.IntRange(1, 200).Draw(t, "length"))
	in := Input{Metric: m, From: today - length, To: today, By: "plan", Segments: map[string][]DayCounts{},
		Bucketing:  rapid.SampledFrom(append(Bucketings(), "")).Draw(t, "bucketing"),
		Confidence: rapid.SampledFrom([]float64{0, 0.8, 0.99}).Draw(t, "confidence")}
	choices := m.Scale().Choices()
	for range rapid.IntRange(0, 60).Draw(t, "days") {
		day := today - Day(rapid.IntRange(-5, 500).Draw(t, "day"))
		var c surveys.Counts
		c[rapid.SampledFrom(choices).Draw(t, "score")] += rapid.Int64Range(0, 1_000_000).Draw(t, "n")
		c[rapid.SampledFrom(choices).Draw(t, "score")] += rapid.Int64Range(0, 3).Draw(t, "n")
		in.Days = append(in.Days, DayCounts{day, c})
		if plan := rapid.SampledFrom([]string{"a", "b", "c", ""}).Draw(t, "plan"); plan != "" {
			in.Segments[plan] = append(in.Segments[plan], DayCounts{day, c})
		}
	}
	return in
}

func BenchmarkBuild(b *testing.B) {
	s := newShop(1)
	for day := today - 364; day < today; day++ {
		for plan := range 10 {
			s.answer(day, string(rune('a'+plan)), 20, 0.5, 0.2)
		}
	}
	in := s.input()
	in.Days = nil
	for day := today - 364; day < today; day++ {
		in.Days = append(in.Days, DayCounts{day, sumDays(s.all, day, day+1)})
	}
	for name, change := range map[string]func(*Input){
		"weeks": func(*Input) {},
		"days":  func(in *Input) { in.Bucketing = ByDay },
	} {
		b.Run(name, func(b *testing.B) {
			in := in
			change(&in)
			b.ReportAllocs()
			for b.Loop() {
				golden.Must(Build(in))
			}
		})
	}
}
