package analysis

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

// shop is a made-up survey: answers per day by plan, drawn with a fixed seed.
type shop struct {
	chance *rand.Rand
	plans  map[string][]DayCounts
	all    []DayCounts
}

func newShop(seed uint64) *shop {
	return &shop{chance: rand.New(rand.NewPCG(seed, 1)), plans: map[string][]DayCounts{}}
}

// answer adds n answers of a plan on a day: promoters with chance good,
// detractors with chance bad.
func (s *shop) answer(day Day, plan string, n int, good, bad float64) {
	var c surveys.Counts
	for range n {
		switch u := s.chance.Float64(); {
		case u < good:
			c[9+s.chance.IntN(2)]++
		case u < good+bad:
			c[s.chance.IntN(7)]++
		default:
			c[7+s.chance.IntN(2)]++
		}
	}
	s.plans[plan] = append(s.plans[plan], DayCounts{Day: day, Counts: c})
	s.all = append(s.all, DayCounts{Day: day, Counts: c})
}

// input asks for the last 90 days before today, with the year's trend.
func (s *shop) input() Input {
	return Input{Metric: surveys.NPS, From: today - 90, To: today, TrendFrom: today - 364,
		Bucketing: ByWeek, Days: s.all, By: "plan", Segments: s.plans}
}

// today is 2026-11-16, a Monday.
const today = Day(20773)

// drop is a year in which subscription customers turn away in the week of
// 2026-08-17, where the period begins; everybody else stays.
func drop(seed uint64) Input {
	s := newShop(seed)
	for day := today - 364; day < today; day++ {
		s.answer(day, "retail", 10, 0.6, 0.15)
		s.answer(day, "wholesale", 4, 0.55, 0.15)
		if day < today-91 {
			s.answer(day, "subscription", 8, 0.6, 0.15)
		} else {
			s.answer(day, "subscription", 8, 0.3, 0.45)
		}
	}
	return s.input()
}

// mix is a year in which nobody changes their mind, but many more of the
// critical newcomers answer in the last 90 days.
func mix() Input {
	s := newShop(8)
	for day := today - 364; day < today; day++ {
		new := 3
		if day >= today-91 {
			new = 20
		}
		s.answer(day, "regular", 15, 0.65, 0.1)
		s.answer(day, "new", new, 0.3, 0.4)
	}
	return s.input()
}

func quiet(seed uint64) Input {
	s := newShop(seed)
	for day := today - 364; day < today; day++ {
		s.answer(day, "retail", 5, 0.55, 0.2)
		s.answer(day, "wholesale", 3, 0.55, 0.2)
	}
	return s.input()
}

func TestReportFindsThePlantedDrop(t *testing.T) {
	t.Parallel()
	r := golden.Must(Build(drop(9)))
	v := r.Verdict
	if v.Kind != Fall || v.Gates != (Gates{Passed, Passed, Passed, Passed}) {
		t.Fatalf("verdict %+v", v)
	}
	if v.Since == nil || *v.Since != today-91 {
		t.Errorf("since %v, want %v", v.Since, today-91)
	}
	if v.Where == nil || v.Where.Key != "plan" || v.Where.Value != "subscription" || v.Where.Share < 0.8 {
		t.Errorf("where %+v", v.Where)
	}
	then, now := r.Verdict.Where.Then, r.Verdict.Where.Now
	if then.Span != (Span{today - 180, today - 90}) || now.Span != (Span{today - 90, today}) || then.N != 90*8 || now.N != 90*8 {
		t.Errorf("it stands on %+v and %+v", then, now)
	}
	if then.Low >= v.Where.Before || then.High <= v.Where.Before || now.Low >= v.Where.After || now.High <= v.Where.After {
		t.Errorf("the intervals are of others: %+v", v.Where)
	}
	if len(r.Changes) != 1 || r.Changes[0].At != today-91 || r.Changes[0].ByMix || r.Changes[0].Where == nil {
		t.Errorf("changes %+v", r.Changes)
	}
	verdicts := map[string]SegmentVerdict{}
	for _, s := range r.Segments {
		verdicts[s.Value] = s.Verdict
	}
	if verdicts["subscription"] != Lower || verdicts["retail"] != Higher {
		t.Errorf("segments %+v", verdicts)
	}
	for _, want := range []string{"Down ", "a real change, since the week of 17 August 2026", "It comes from subscription (plan)", "not explained by who answered"} {
		if !strings.Contains(v.Text, want) {
			t.Errorf("text %q lacks %q", v.Text, want)
		}
	}
}

// TestDropsAreDated: in every one of 30 such years the fall is called one, and
// its date is at most a week off; chance allows no better at 150 answers a week.
func TestDropsAreDated(t *testing.T) {
	t.Parallel()
	exact := 0
	for seed := range uint64(30) {
		r := golden.Must(Build(drop(seed)))
		if r.Verdict.Kind != Fall || r.Verdict.Since == nil {
			t.Fatalf("seed %d: %+v", seed, r.Verdict)
		}
		switch off := *r.Verdict.Since - (today - 91); off {
		case 0:
			exact++
		case -7, 7:
		default:
			t.Errorf("seed %d: %d days off", seed, off)
		}
	}
	if exact < 24 {
		t.Errorf("only %d of 30 dates are exact", exact)
	}
}

func TestReportCallsMixMix(t *testing.T) {
	t.Parallel()
	r := golden.Must(Build(mix()))
	v := r.Verdict
	if v.Kind != Mixed || v.Since != nil || v.Where != nil {
		t.Fatalf("verdict %+v", v)
	}
	if v.Mix == nil || v.Mix.Key != "plan" || math.Abs(v.Mix.Difference) > 5 || v.Mix.Mix > -10 {
		t.Errorf("mix %+v", v.Mix)
	}
	if !strings.Contains(v.Text, "only because of who answered") {
		t.Errorf("text %q", v.Text)
	}
	if len(r.Changes) == 0 {
		t.Error("the shift of the score has no date")
	}
	for _, c := range r.Changes {
		if !c.ByMix || c.Where != nil {
			t.Errorf("change %+v is not called mix", c)
		}
	}
	// The same answers without the split: the fall has no other explanation.
	in := mix()
	in.By, in.Segments = "", nil
	if blind := golden.Must(Build(in)); blind.Verdict.Kind != Fall || blind.Verdict.Gates.Mix != Unknown {
		t.Errorf("without segments: %+v", blind.Verdict)
	}
	// A key that is not shown answers the question as well.
	in.Mix = map[string]map[string][]DayCounts{"plan": mix().Segments}
	if hidden := golden.Must(Build(in)); hidden.Verdict.Kind != Mixed || len(hidden.Segments) != 0 {
		t.Errorf("with a hidden key: %+v", hidden.Verdict)
	}
}

// TestQuietYears: of 60 years without a change few may be called one. Three
// gates at 5 % each leave about one in a hundred.
func TestQuietYears(t *testing.T) {
	t.Parallel()
	called, changed := 0, 0
	for seed := range uint64(60) {
		r := golden.Must(Build(quiet(100 + seed)))
		if r.Verdict.Kind == Rise || r.Verdict.Kind == Fall || r.Verdict.Kind == Mixed {
			called++
		}
		if len(r.Changes) > 0 {
			changed++
		}
	}
	if called > 3 || changed > 5 {
		t.Errorf("of 60 quiet years %d were called a change and %d dated", called, changed)
	}
}

// TestVerdictKnowsTheDirection: in classic effort a low answer is good, so more
// effort is a fall; and a rise is found as well as a fall.
func TestVerdictKnowsTheDirection(t *testing.T) {
	t.Parallel()
	year := func(m surveys.Metric, before, after surveys.Counts) Input {
		in := Input{Metric: m, From: today - 84, To: today, TrendFrom: today - 364}
		for day := today - 364; day < today; day += 7 {
			counts := before
			if day >= today-84 {
				counts = after
			}
			in.Days = append(in.Days, DayCounts{day, counts})
		}
		return in
	}
	cases := []struct {
		name          string
		metric        surveys.Metric
		before, after surveys.Counts
		want          VerdictKind
	}{
		{"more effort", surveys.CES5, surveys.Counts{1: 30, 3: 10, 5: 10}, surveys.Counts{1: 15, 3: 10, 5: 25}, Fall},
		{"less effort", surveys.CES5, surveys.Counts{1: 15, 3: 10, 5: 25}, surveys.Counts{1: 30, 3: 10, 5: 10}, Rise},
		{"easier", surveys.CES, surveys.Counts{2: 20, 6: 30}, surveys.Counts{2: 8, 6: 42}, Rise},
		{"less satisfied", surveys.CSAT, surveys.Counts{2: 8, 5: 42}, surveys.Counts{2: 20, 5: 30}, Fall},
		{"delighted without exception", surveys.NPS, surveys.Counts{10: 50}, surveys.Counts{10: 50}, Normal},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := golden.Must(Build(year(c.metric, c.before, c.after)))
			if r.Verdict.Kind != c.want {
				t.Fatalf("verdict %+v", r.Verdict)
			}
			if real := c.want != Normal; real != (r.Verdict.Since != nil) || (real && *r.Verdict.Since != today-84) {
				t.Errorf("since %v", r.Verdict.Since)
			}
		})
	}
}

func TestVerdictKinds(t *testing.T) {
	t.Parallel()
	few, none, noBefore := newShop(3), newShop(4), newShop(5)
	for day := today - 180; day < today; day += 15 {
		few.answer(day, "retail", 2, 0.5, 0.3)
	}
	for day := today - 90; day < today; day++ {
		noBefore.answer(day, "retail", 3, 0.5, 0.3)
	}
	tiny := newShop(6)
	tiny.answer(today-100, "retail", 40, 0.5, 0.2)
	tiny.answer(today-10, "retail", 3, 0.5, 0.2)
	cases := []struct {
		name string
		in   Input
		kind VerdictKind
		text string
	}{
		{"a quiet year", quiet(1), Normal, "within normal variation"},
		{"a dozen answers", few.input(), TooFew, "too few answers to tell. To confirm a change of"},
		{"three answers now", tiny.input(), TooFew, "Too few answers to compare with the 90 days before, only 3 now. To confirm a change of"},
		{"nobody", none.input(), None, "No answers in this period."},
		{"nobody before", noBefore.input(), None, "No answers in the period before to compare with."},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := golden.Must(Build(c.in)).Verdict
			if v.Kind != c.kind || !strings.Contains(v.Text, c.text) {
				t.Errorf("%s: %q", v.Kind, v.Text)
			}
			if (v.Kind == TooFew) != (v.Needed != nil) {
				t.Errorf("needed %+v", v.Needed)
			}
		})
	}
}

// TestThinSide: who is told that the answers are too few is also told when.
func TestThinSide(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name        string
		before, now int64
		want        Side
	}{
		{"a year without a year before", 67, 23618, ThinBefore},
		{"a week after launch", 900, 12, ThinNow},
		{"both", 12, 12, ThinBoth},
		{"a third is not thin", 10, 30, ThinBoth},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			counts := func(n int64) surveys.Counts { return npsCounts(n/3, n/3, n-n/3-n/3) }
			in := Input{Metric: surveys.NPS, From: today - 7, To: today, Days: []DayCounts{{today - 8, counts(c.before)}, {today - 1, counts(c.now)}}}
			v := golden.Must(Build(in)).Verdict
			if v.Kind != TooFew || v.Thin != c.want {
				t.Errorf("%s, thin %q, want %q", v.Kind, v.Thin, c.want)
			}
		})
	}
}

// TestMixUnread: what other keys might explain is not called real, nor dated, while
// they are unread; one that is read and does explain it is told.
func TestMixUnread(t *testing.T) {
	t.Parallel()
	in := drop(1)
	in.MixUnread = true
	r, err := Build(in)
	if err != nil {
		t.Fatal(err)
	}
	if v := r.Verdict; v.Kind != Unread || v.Gates.Mix != Unasked || len(r.Changes) > 0 || v.Since != nil || v.Where != nil {
		t.Errorf("a fall: %+v, %d changes", v, len(r.Changes))
	}
	if !strings.Contains(r.Verdict.Text, "was not looked at") {
		t.Errorf("it says %q", r.Verdict.Text)
	}
	in = mix()
	in.MixUnread = true
	if r, err = Build(in); err != nil || r.Verdict.Kind != Mixed {
		t.Errorf("a mix: %+v (%v)", r.Verdict, err)
	}
}

// TestVersionExplainsNothing: split by the question's version, a fall is not put
// down to the new question.
func TestVersionExplainsNothing(t *testing.T) {
	t.Parallel()
	in := drop(1)
	in.By, in.Mix, in.Segments = surveys.SegmentVersion, nil, map[string][]DayCounts{}
	for _, day := range in.Days {
		version := "1"
		if day.Day >= today-91 {
			version = "2"
		}
		in.Segments[version] = append(in.Segments[version], day)
	}
	r, err := Build(in)
	if err != nil {
		t.Fatal(err)
	}
	if r.Verdict.Kind != Fall || r.Verdict.Mix != nil {
		t.Errorf("%+v", r.Verdict)
	}
}

// TestLastChangeIsToldWhateverTheTrendShows.
func TestLastChangeIsToldWhateverTheTrendShows(t *testing.T) {
	t.Parallel()
	in := drop(1)
	in.From, in.TrendFrom, in.Bucketing = in.To-28, in.To-28, ByDay
	r, err := Build(in)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Changes) > 0 || r.Last == nil || r.Last.Difference > 0 || !strings.Contains(r.Verdict.Text, "The last real change was a fall") {
		t.Errorf("%q; %d changes shown, last %+v", r.Verdict.Text, len(r.Changes), r.Last)
	}
}
