package analysis

import (
	"slices"
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

// split makes an input of one day with the given segments, and answers outside
// of them.
func split(outside surveys.Counts, values map[string]surveys.Counts) Input {
	in := Input{Metric: surveys.NPS, From: today - 7, To: today, By: "plan", Segments: map[string][]DayCounts{}}
	whole := outside
	for value, counts := range values {
		whole.Add(counts)
		in.Segments[value] = []DayCounts{{today - 1, counts}}
	}
	in.Days = []DayCounts{{today - 1, whole}}
	return in
}

func TestSegments(t *testing.T) {
	t.Parallel()
	in := split(surveys.Counts{}, map[string]surveys.Counts{
		"retail": npsCounts(20, 40, 140), "wholesale": npsCounts(17, 26, 57), "gift": npsCounts(6, 8, 15), "subscription": npsCounts(50, 43, 50),
	})
	r := golden.Must(Build(in))
	want := []struct {
		value   string
		verdict SegmentVerdict
		faint   bool
	}{{"retail", Higher, false}, {"wholesale", SegmentUntold, false}, {"gift", SegmentTooFew, true}, {"subscription", Lower, false}}
	if len(r.Segments) != len(want) || r.SegmentsTest == nil || r.SegmentsTest.P > 0.001 {
		t.Fatalf("segments %+v, test %+v", r.Segments, r.SegmentsTest)
	}
	for i, w := range want {
		s := r.Segments[i]
		if s.Value != w.value || s.Verdict != w.verdict || s.Faint != w.faint {
			t.Errorf("%d: %s is %s, faint %v; want %+v", i, s.Value, s.Verdict, s.Faint, w)
		}
		if *s.PAdjusted < *s.P {
			t.Errorf("%s: adjusted p %v under p %v", s.Value, *s.PAdjusted, *s.P)
		}
	}
	// Against the rest, not against the whole that contains it.
	rest := npsCounts(20+17+6, 40+26+8, 140+57+15)
	d := golden.Must(Compare(surveys.NPS, rest, npsCounts(50, 43, 50), 0.95))
	golden.Near(t, "p of subscription", *r.Segments[3].P, d.P, 1e-12)
	// The gift buyers' few answers are drawn towards the mean of the segments.
	if gift := r.Segments[2]; *gift.Shrunk <= 0 || *gift.Shrunk > 45 || *gift.Shrunk == *gift.Score {
		t.Errorf("gift %v shrunk to %v", *gift.Score, *gift.Shrunk)
	}
}

func TestSegmentsEdges(t *testing.T) {
	t.Parallel()
	alike, many := npsCounts(40, 60, 100), npsCounts(400, 600, 1000)
	cases := []struct {
		name     string
		in       Input
		check    func([]Segment, *GlobalTest) bool
		whatelse string
	}{
		{"alike", split(surveys.Counts{}, map[string]surveys.Counts{"a": alike, "b": alike}),
			func(s []Segment, g *GlobalTest) bool {
				return g.P == 1 && s[0].Verdict == SegmentUntold && s[1].Verdict == SegmentUntold
			}, "both not told apart: 200 answers leave room for 15 points"},
		{"alike and many", split(surveys.Counts{}, map[string]surveys.Counts{"a": many, "b": many}),
			func(s []Segment, g *GlobalTest) bool {
				return g.P == 1 && s[0].Verdict == LikeRest && s[1].Verdict == LikeRest
			}, "both like the rest"},
		{"answers outside every segment are part of the rest", split(npsCounts(300, 0, 0), map[string]surveys.Counts{"a": alike}),
			func(s []Segment, _ *GlobalTest) bool { return s[0].Verdict == Higher }, "higher than those without a value"},
		{"the only segment", split(surveys.Counts{}, map[string]surveys.Counts{"a": alike}),
			func(s []Segment, _ *GlobalTest) bool {
				return s[0].P == nil && s[0].Score != nil && s[0].Verdict == Alone
			}, "nobody to compare with"},
		{"one band only", split(surveys.Counts{}, map[string]surveys.Counts{"a": npsCounts(0, 0, 40), "b": npsCounts(0, 0, 50)}),
			func(s []Segment, g *GlobalTest) bool {
				return g.P == 1 && s[0].Verdict == SegmentUntold && s[1].Verdict == SegmentUntold
			}, "no difference"},
		{"told by no other test", split(surveys.Counts{}, map[string]surveys.Counts{"a": npsCounts(15, 20, 25), "b": npsCounts(3, 12, 21)}),
			func(s []Segment, g *GlobalTest) bool {
				return g.P >= 0.05 == (s[0].Verdict == SegmentTooFew || s[0].Verdict == SegmentUntold) && *s[0].PAdjusted >= g.P && (*s[0].PAdjusted < 0.05) == (s[0].Verdict == Higher)
			}, "a corrected p that agrees with the verdict"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := golden.Must(Build(c.in))
			if !c.check(r.Segments, r.SegmentsTest) {
				t.Errorf("want %s: %+v, %+v", c.whatelse, r.Segments, r.SegmentsTest)
			}
		})
	}
}

// TestAnswersWithoutAValue: they end the list, so that it adds up to everybody;
// they hide nobody, but are hidden where another's numbers could be had by them.
func TestAnswersWithoutAValue(t *testing.T) {
	t.Parallel()
	pro, basic, three := npsCounts(10, 30, 60), npsCounts(30, 30, 40), npsCounts(1, 1, 1)
	cases := []struct {
		name    string
		outside surveys.Counts
		values  map[string]surveys.Counts
		want    []string // value, and what is shown of it
	}{
		{"nobody", surveys.Counts{}, map[string]surveys.Counts{"pro": pro, "basic": basic}, []string{"pro shown", "basic shown"}},
		{"one", npsCounts(0, 0, 1), map[string]surveys.Counts{"pro": pro, "basic": basic}, []string{"pro shown", "basic shown", " hidden"}},
		{"many", npsCounts(10, 10, 10), map[string]surveys.Counts{"pro": pro, "basic": basic}, []string{"pro shown", "basic shown", " shown"}},
		{"beside a small group", npsCounts(10, 10, 10), map[string]surveys.Counts{"pro": pro, "beta": three}, []string{"pro shown", "beta hidden", " protects"}},
		{"beside two that hide each other", npsCounts(10, 10, 10), map[string]surveys.Counts{"pro": pro, "beta": three, "alpha": three}, []string{"pro shown", "alpha hidden", "beta hidden", " shown"}},
		{"a small group beside none", surveys.Counts{}, map[string]surveys.Counts{"pro": pro, "basic": basic, "beta": three}, []string{"pro shown", "basic protects", "beta hidden"}},
		{"nobody has a value", npsCounts(10, 10, 10), nil, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := golden.Must(Build(split(c.outside, c.values)))
			var got []string
			sum := int64(0)
			for _, s := range r.Segments {
				sum += s.N
				shown := "shown"
				switch {
				case s.Protects:
					shown = "protects"
				case s.Hidden:
					shown = "hidden"
				}
				got = append(got, s.Value+" "+shown)
				if s.Hidden != (s.Score == nil) || s.Value == "" && (s.Verdict != NoValue || s.P != nil || s.Shrunk != nil || !s.Faint) {
					t.Errorf("%+v", s)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
			if len(got) > 0 && sum != r.N {
				t.Errorf("the segments add up to %d of %d", sum, r.N)
			}
		})
	}
}

// TestOverlappingSegments: themes may share an answer. They are compared, but
// have no global test and no mix.
func TestOverlappingSegments(t *testing.T) {
	t.Parallel()
	in := split(surveys.Counts{}, map[string]surveys.Counts{"late": npsCounts(60, 10, 10), "taste": npsCounts(5, 15, 80)})
	in.Days = []DayCounts{{today - 1, npsCounts(62, 20, 82)}, {today - 9, npsCounts(50, 20, 90)}}
	r := golden.Must(Build(in))
	if r.SegmentsTest != nil || r.Verdict.Mix != nil {
		t.Errorf("test %+v, mix %+v", r.SegmentsTest, r.Verdict.Mix)
	}
	if r.Segments[0].Verdict != Higher || r.Segments[1].Verdict != Lower {
		t.Errorf("segments %+v", r.Segments)
	}
}

// TestGlobalTestComesFirst: without any difference over all segments, one lucky
// segment is not called higher.
func TestGlobalTestComesFirst(t *testing.T) {
	t.Parallel()
	values := map[string]surveys.Counts{}
	for i := range 12 {
		values[string(rune('a'+i))] = npsCounts(25, 30, 45)
	}
	values["lucky"] = npsCounts(14, 30, 56)
	r := golden.Must(Build(split(surveys.Counts{}, values)))
	if r.SegmentsTest.P < 0.05 || r.Segments[0].Value != "lucky" || *r.Segments[0].P > 0.05 {
		t.Fatalf("the case is not the one meant: %+v, %+v", r.SegmentsTest, r.Segments[0])
	}
	if r.Segments[0].Verdict != SegmentUntold || *r.Segments[0].PAdjusted < 0.05 {
		t.Errorf("lucky is %s", r.Segments[0].Verdict)
	}
}
