package themes

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
	"pgregory.net/rapid"
)

// told is some equal comments.
type told struct {
	day    analysis.Day
	n      int
	score  int
	themes []string
	value  int
}

func rowsOf(all []told) []Row {
	var tally Tally
	for _, c := range all {
		for range c.n {
			r := Reading{Themes: c.themes, Sentiment: Sentiment{Tone: toneOf(c.value), Value: c.value, Source: ByModel}}
			if err := tally.Add(c.day, c.score, r); err != nil {
				panic(err)
			}
		}
	}
	return tally.Rows()
}

// quarter is a period with two themes that matter, one that does not, and one
// that hardly anybody mentions.
func quarter() Input {
	return Input{
		Metric: surveys.NPS, From: 200, To: 290, Answers: 1000,
		Themes: []string{"quality", "delivery", "app", "price", "rare"},
		Rows: rowsOf([]told{
			{210, 60, 2, []string{"delivery"}, -800},
			{220, 20, 9, []string{"delivery"}, 400},
			{230, 100, 10, []string{"quality"}, 900},
			{235, 20, 9, nil, 700},
			{240, 40, 9, []string{"app"}, 100},
			{250, 25, 3, []string{"app"}, -300},
			{260, 5, 8, []string{"quality", "price"}, 0},
			{261, 3, 10, []string{"quality", "price"}, 600},
			{262, 2, 2, []string{"quality", "price"}, -700},
			{270, 4, 1, []string{"rare"}, -900},
			{280, 21, 5, nil, -400},
			{120, 3, 2, []string{"delivery"}, -800},
			{130, 97, 10, []string{"quality"}, 900},
			{140, 50, 9, []string{"app"}, 500},
			{150, 50, 4, nil, -500},
			{20, 500, 0, []string{"price"}, -1000}, // long before: nobody asks
			{290, 500, 0, []string{"price"}, -1000},
		}),
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	f := golden.Must(Find(quarter()))
	if f.Comments != 300 || f.Answers != 1000 || f.Interval != analysis.ByWeek {
		t.Errorf("%d comments of %d answers by %s", f.Comments, f.Answers, f.Interval)
	}
	var order []string
	byID := map[string]Finding{}
	for _, theme := range f.Themes {
		order = append(order, theme.Theme)
		byID[theme.Theme] = theme
	}
	if !slices.Equal(order, []string{"quality", "delivery", "app", "price", "rare"}) {
		t.Errorf("ranked %v", order)
	}

	d := byID["delivery"]
	wilson := golden.Must(analysis.IntervalBy(analysis.Wilson, surveys.CSAT, surveys.Counts{1: 220, 5: 80}, 0.95))
	golden.Near(t, "share", d.Share.Share, 100*80.0/300, 1e-12)
	golden.Near(t, "share's low end", d.Share.Low, wilson.Low, 1e-12)
	golden.Near(t, "share's high end", d.Share.High, wilson.High, 1e-12)
	golden.Near(t, "score", d.Score.Value, 100*(20.0-60)/80, 1e-12)
	golden.Near(t, "mood", d.Mood.Mean.Value, (60*-0.8+20*0.4)/80, 1e-12)
	golden.Near(t, "negative", d.Mood.Negative.Share, 75, 1e-12)

	others := surveys.Counts{1: 4, 2: 2, 3: 25, 5: 21, 8: 5, 9: 60, 10: 103}
	want := golden.Must(analysis.Compare(surveys.NPS, others, surveys.Counts{2: 60, 9: 20}, 0.95))
	if d.Effect.Difference != want || !d.Effect.Real || d.Effect.PAdjusted < want.P {
		t.Errorf("effect %+v, want %+v", d.Effect, want)
	}
	golden.Near(t, "leverage", d.Effect.Leverage, -0.08*want.Difference, 1e-12)
	golden.Near(t, "leverage's low end", d.Effect.LeverageLow, -0.08*want.High, 1e-12)

	if c := d.Change; c.Direction != Up || c.Before != nil || c.Difference != nil {
		t.Errorf("three mentions before are told: %+v", c)
	}
	if c := byID["quality"].Change; c.Direction != Down && c.Direction != Steady || c.Before.N != 97 || c.Before.Of != 200 {
		t.Errorf("quality moved %+v from %+v", c, c.Before)
	}
	if c := byID["price"].Change; c.Before == nil || c.Before.N != 0 || c.Difference.Value <= 0 {
		t.Errorf("price came from nothing: %+v", c)
	}
	if byID["app"].Effect.Real || !byID["price"].Faint || d.Faint {
		t.Errorf("app %+v, price %+v", byID["app"].Effect, byID["price"])
	}
	if rare := byID["rare"]; !rare.Hidden || rare.N != 0 || rare.Share != nil || rare.Trend != nil || rare.Mood != nil {
		t.Errorf("a hidden theme tells %+v", rare)
	}
	if f.NoTheme.N != 41 || f.NoTheme.Hidden {
		t.Errorf("no theme: %+v", f.NoTheme)
	}
}

// Every step of the trend is there, and they add up to the period.
func TestFindTrend(t *testing.T) {
	t.Parallel()
	in := quarter()
	in.Bucketing = analysis.ByMonth
	f := golden.Must(Find(in))
	for _, theme := range f.Themes {
		if theme.Hidden {
			continue
		}
		var n, comments int64
		for _, p := range theme.Trend {
			n, comments = n+p.N, comments+p.Comments
			if (p.Share == nil) != (p.Comments < 5) {
				t.Errorf("%s: %+v", theme.Theme, p)
			}
		}
		if n != theme.N || comments != f.Comments || len(theme.Trend) != 4 {
			t.Errorf("%s: %d of %d in %d steps", theme.Theme, n, comments, len(theme.Trend))
		}
	}
}

// Where nearly everybody mentions a theme, its score would tell that of the rest.
func TestFindProtectsTheRest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		others       int
		score, after bool
	}{{"nobody else", 0, true, false}, {"four others", 4, false, false}, {"five others", 5, true, true}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := golden.Must(Find(Input{
				Metric: surveys.CSAT, From: 1, To: 8, Themes: []string{"a"},
				Rows: rowsOf([]told{{2, 50, 5, []string{"a"}, 500}, {2, c.others, 1, nil, -500}}),
			}))
			if got := f.Themes[0]; (got.Score != nil) != c.score || (got.Effect != nil) != c.after || (got.Mood != nil) != c.score || got.Share == nil {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestFindNothing(t *testing.T) {
	t.Parallel()
	f := golden.Must(Find(Input{Metric: surveys.CES, From: 1, To: 31, Themes: []string{"a"}}))
	if f.Comments != 0 || f.Score != nil || f.Mood.Mean != nil || !f.Themes[0].Hidden || !f.NoTheme.Hidden {
		t.Errorf("%+v", f)
	}
}

func TestFindRefuses(t *testing.T) {
	t.Parallel()
	cell := func(change func(*Cell)) []Row {
		c := Cell{Counts: surveys.Counts{9: 10}, Positive: 10, Sum: 5000, Squares: 2500000}
		change(&c)
		return []Row{{Day: 5, Cell: Cell{Counts: surveys.Counts{9: 12}}}, {Day: 5, Theme: "a", Cell: c}}
	}
	for _, c := range []struct {
		name, field string
		change      func(*Input)
	}{
		{"unknown metric", "metric", func(in *Input) { in.Metric = "x" }},
		{"confidence", "confidence", func(in *Input) { in.Confidence = 95 }},
		{"confidence that is no number", "confidence", func(in *Input) { in.Confidence = math.NaN() }},
		{"period", "from", func(in *Input) { in.To = in.From }},
		{"all days there are", "from", func(in *Input) { in.From, in.To = math.MinInt, math.MaxInt }},
		{"century", "from", func(in *Input) { in.To = in.From + 40000 }},
		{"bucketing", "bucketing", func(in *Input) { in.Bucketing = "hour" }},
		{"limits", "limits", func(in *Input) { in.Limits.Hide = -1 }},
		{"answers", "answers", func(in *Input) { in.Answers = -1 }},
		{"fewer answers than comments", "answers", func(in *Input) { in.Answers = 11 }},
		{"theme twice", "themes", func(in *Input) { in.Themes = []string{"a", "a"} }},
		{"reserved theme", "themes", func(in *Input) { in.Themes = []string{NoTheme} }},
		{"negative count", "counts", func(in *Input) { in.Rows = cell(func(c *Cell) { c.Counts[9] = -1 }) }},
		{"off the scale", "counts", func(in *Input) { in.Metric = surveys.CSAT }},
		{"more than there are", "rows", func(in *Input) { in.Rows = cell(func(c *Cell) { c.Counts[9] = 13 }) }},
		{"tones that were not", "rows", func(in *Input) { in.Rows = cell(func(c *Cell) { c.Positive = 11 }) }},
		{"negative tones", "rows", func(in *Input) { in.Rows = cell(func(c *Cell) { c.Negative = -1 }) }},
		{"a step below zero", "rows", func(in *Input) {
			in.Rows = append(in.Rows, Row{Day: 1, Theme: "a", Cell: Cell{Counts: surveys.Counts{9: -1}}})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			in := Input{Metric: surveys.NPS, From: 1, To: 31, Bucketing: analysis.ByDay, Themes: []string{"a"}, Rows: cell(func(*Cell) {})}
			if _, err := Find(in); err != nil {
				t.Fatal(err)
			}
			c.change(&in)
			var input *analysis.InputError
			if _, err := Find(in); !errors.As(err, &input) || input.Field != c.field {
				t.Errorf("%v, want the field %s", err, c.field)
			}
		})
	}
}

// Whatever was counted: shares lie within their intervals, nothing under five is
// told, no number is NaN, rows may come in any order, and a theme that everybody
// mentions has the score of all.
func TestFindHolds(t *testing.T) {
	t.Parallel()
	comment := rapid.Custom(func(t *rapid.T) told {
		ids := rapid.SampledFrom([][]string{nil, {"a"}, {"b"}, {"a", "b"}}).Draw(t, "themes")
		return told{analysis.Day(rapid.IntRange(1, 60).Draw(t, "day")), rapid.IntRange(1, 20).Draw(t, "n"), rapid.IntRange(1, 5).Draw(t, "score"), append([]string{"all"}, ids...), rapid.IntRange(-1000, 1000).Draw(t, "value")}
	})
	rapid.Check(t, func(t *rapid.T) {
		rows := rowsOf(rapid.SliceOf(comment).Draw(t, "comments"))
		metric := rapid.SampledFrom(surveys.Metrics()).Draw(t, "metric")
		in := Input{Metric: metric, From: 31, To: 61, Themes: []string{"a", "b", "all"}, Rows: rows, Bucketing: analysis.ByWeek}
		f := golden.Must(Find(in))
		text, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		slices.Reverse(rows)
		if again := golden.Must(json.Marshal(golden.Must(Find(in)))); string(again) != string(text) {
			t.Fatal("the order of the rows matters")
		}
		for _, theme := range f.Themes {
			if theme.Hidden {
				continue
			}
			if theme.N < 5 || theme.Share.Low > theme.Share.Share || theme.Share.High < theme.Share.Share {
				t.Fatalf("%+v", theme)
			}
			if theme.Theme == "all" && (theme.Effect != nil || *theme.Score != *f.Score || *theme.Mood.Mean != *f.Mood.Mean) {
				t.Fatalf("%+v against %+v", theme, f)
			}
			if e := theme.Effect; e != nil && (e.PAdjusted < e.P-1e-12 || e.LeverageLow > e.LeverageHigh) {
				t.Fatalf("%+v", e)
			}
		}
	})
}

// The leverage is what it says: with the theme's comments scored like the others
// on average, the score of all comments moves by it.
func TestLeverage(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		with := told{2, rapid.IntRange(5, 50).Draw(t, "with"), rapid.IntRange(0, 10).Draw(t, "score"), []string{"a"}, 0}
		good := told{3, rapid.IntRange(5, 50).Draw(t, "good"), 9, nil, 0}
		bad := told{4, rapid.IntRange(0, 50).Draw(t, "bad"), 3, nil, 0}
		f := golden.Must(Find(Input{Metric: surveys.NPS, From: 1, To: 8, Themes: []string{"a"}, Rows: rowsOf([]told{with, good, bad})}))
		others := 100 * float64(good.n-bad.n) / float64(good.n+bad.n)
		if got := f.Score.Value + f.Themes[0].Effect.Leverage; math.Abs(got-others) > 1e-9 {
			t.Fatalf("%v becomes %v, want %v", f.Score.Value, got, others)
		}
	})
}

// "Like the others" is said of a narrow interval around zero only: a wide one holds
// zero too, and says nothing.
func TestFindTellsLikeFromUntold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		each int // comments of each score, in and outside the theme
		with int // more of the theme that have a bad score
		want Verdict
	}{
		"seven comments":            {3, 1, Untold},
		"many, and much alike":      {3000, 0, LikeOthers},
		"many, and a little apart":  {3000, 60, LikeOthers},
		"many, and surely apart":    {3000, 600, Lower},
		"some, interval of ±20":     {80, 0, Untold},
		"a few, but worlds apart":   {20, 400, Lower},
		"others worse, many of all": {3000, -600, Higher},
	} {
		with, without := []string{"a"}, max(0, -c.with)
		f := golden.Must(Find(Input{Metric: surveys.NPS, From: 1, To: 8, Themes: []string{"a"}, Rows: rowsOf([]told{
			{2, c.each, 9, with, 0}, {2, c.each + max(0, c.with), 2, with, 0}, {3, c.each, 9, nil, 0}, {3, c.each + without, 2, nil, 0},
		})}))
		if e := f.Themes[0].Effect; e.Verdict != c.want {
			t.Errorf("%s: %s of %.1f (%.1f to %.1f), want %s", name, e.Verdict, e.Difference.Difference, e.Low, e.High, c.want)
		}
	}
}

// Lower is better on the classic effort scale: who had it hard pulls the share of
// easy down, whatever the numbers.
func TestFindOnEffort(t *testing.T) {
	t.Parallel()
	f := golden.Must(Find(Input{
		Metric: surveys.CES5, From: 1, To: 8, Themes: []string{"forms"},
		Rows: rowsOf([]told{{2, 40, 5, []string{"forms"}, -500}, {3, 60, 1, nil, 500}}),
	}))
	if e := f.Themes[0].Effect; e.Difference.Difference != -100 || !e.Real || e.Method != analysis.Newcombe {
		t.Errorf("%+v", e)
	}
	if math.Abs(f.Score.Value-60) > 1e-12 {
		t.Errorf("the share of easy is %v", f.Score.Value)
	}
}

// The p-values are those of a scan over the themes that are shown.
func TestFindAdjustsForLooking(t *testing.T) {
	t.Parallel()
	in := Input{Metric: surveys.NPS, From: 31, To: 61}
	var all []told
	for i, n := range []int{30, 22, 14, 40, 3} {
		id := string(rune('a' + i))
		in.Themes = append(in.Themes, id)
		all = append(all, told{40, n, 9 - 2*i%7, []string{id}, 100}, told{10, 20, 8, []string{id}, 100})
	}
	in.Rows = rowsOf(all)
	f := golden.Must(Find(in))
	var effects, changes, gotEffects, gotChanges []float64
	for _, theme := range f.Themes {
		if !theme.Hidden {
			effects, gotEffects = append(effects, theme.Effect.P), append(gotEffects, theme.Effect.PAdjusted)
			changes, gotChanges = append(changes, theme.Change.P), append(gotChanges, theme.Change.PAdjusted)
		}
	}
	if len(effects) != 4 {
		t.Fatalf("%d themes are shown", len(effects))
	}
	if want := golden.Must(analysis.BenjaminiHochberg(effects)); !slices.Equal(gotEffects, want) {
		t.Errorf("effects %v, want %v", gotEffects, want)
	}
	if want := golden.Must(analysis.BenjaminiHochberg(changes)); !slices.Equal(gotChanges, want) {
		t.Errorf("changes %v, want %v", gotChanges, want)
	}
}

// The first and last day belong where they should.
func TestFindEdges(t *testing.T) {
	t.Parallel()
	f := golden.Must(Find(Input{
		Metric: surveys.CSAT, From: 100, To: 110, Bucketing: analysis.ByDay, Themes: []string{"a"},
		Rows: rowsOf([]told{
			{89, 7, 1, []string{"a"}, 0}, {90, 10, 2, []string{"a"}, 0}, {99, 20, 3, nil, 0},
			{100, 30, 4, []string{"a"}, 0}, {109, 40, 5, nil, 0}, {110, 7, 1, []string{"a"}, 0},
		}),
	}))
	a := f.Themes[0]
	if f.Comments != 70 || a.N != 30 || a.Change.Before.N != 10 || a.Change.Before.Of != 30 {
		t.Errorf("%d comments, %d with the theme, before %+v", f.Comments, a.N, a.Change.Before)
	}
	if len(a.Trend) != 10 || a.Trend[0].Start != 100 || a.Trend[0].N != 30 || a.Trend[9].Comments != 40 || a.Trend[5].Share != nil {
		t.Errorf("%+v", a.Trend)
	}
}
