package drivers

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

// three is a scale of three choices, one a band.
func three() surveys.Scale {
	return surveys.Scale{Min: 1, Max: 3, BadFrom: 1, BadTo: 1, GoodFrom: 3, GoodTo: 3}
}

// housing is the example of R's polr, coded as R codes it: the first level of
// each factor is the one that others are compared with.
func housing(t *testing.T) *Patterns {
	t.Helper()
	names := []string{"InflMedium", "InflHigh", "TypeApartment", "TypeAtrium", "TypeTerrace", "ContHigh"}
	p := golden.Must(NewPatterns(names, three()))
	for _, row := range golden.Read(t, "housing.csv") {
		x := make([]float64, len(names))
		for _, level := range []string{"Infl" + row["infl"], "Type" + row["type"], "Cont" + row["cont"]} {
			if i := slices.Index(names, level); i >= 0 {
				x[i] = 1
			}
		}
		for i, band := range []string{"low", "medium", "high"} {
			if err := p.Add(x, i+1, row.Int(t, band)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return p
}

// npsPatterns are the synthetic survey's.
func npsPatterns(t *testing.T) *Patterns {
	t.Helper()
	names := []string{"speed", "quality", "price", "staff", "app"}
	p := golden.Must(NewPatterns(names, surveys.NPS.Scale()))
	for _, row := range golden.Read(t, "drivers_input.csv") {
		x := make([]float64, len(names))
		for i, name := range names {
			x[i] = row.Num(t, name)
		}
		if err := p.Add(x, int(row.Int(t, "nps")), 1); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func TestOddsMatchPolr(t *testing.T) {
	t.Parallel()
	fits := map[string]Odds{
		"MASS::housing (published example in ?polr / V&R4)": golden.Must(ProportionalOdds(housing(t), 0)),
		"drivers_input": golden.Must(ProportionalOdds(npsPatterns(t), 0)),
	}
	rows := golden.Read(t, "ordinal_logit.csv")
	if len(rows) != 15 {
		t.Fatalf("%d rows, want 15", len(rows))
	}
	thresholds := map[string]int{"Low|Medium": 0, "Medium|High": 1, "det|pas": 0, "pas|pro": 1}
	for _, row := range rows {
		o, known := fits[row["data"]]
		if !known {
			t.Fatalf("no fit of %q", row["data"])
		}
		golden.Near(t, "log likelihood", o.LogLikelihood, row.Num(t, "loglik"), 1e-8)
		golden.Near(t, "deviance", o.Deviance, -2*row.Num(t, "loglik"), 1e-8)
		if o.N != row.Int(t, "n") {
			t.Errorf("n = %d, want %s", o.N, row["n"])
		}
		var estimate, se float64
		if i, cut := thresholds[row["term"]]; cut {
			estimate, se = o.Thresholds[i].Estimate, o.Thresholds[i].Error
		} else {
			i := slices.IndexFunc(o.Terms, func(e Term) bool { return e.Name == row["term"] })
			estimate, se = o.Terms[i].Estimate, o.Terms[i].Error
			golden.Near(t, "ratio", o.Terms[i].Ratio, math.Exp(estimate), 1e-12)
			golden.Near(t, "low", o.Terms[i].Interval.Low, math.Exp(estimate-1.959963984540054*se), 1e-9)
			golden.Near(t, "high", o.Terms[i].Interval.High, math.Exp(estimate+1.959963984540054*se), 1e-9)
		}
		golden.Near(t, row["term"], estimate, row.Num(t, "estimate"), 1e-4)
		golden.Near(t, row["term"]+" SE", se, row.Num(t, "se"), 1e-4)
	}
	golden.Near(t, "published deviance", fits["MASS::housing (published example in ?polr / V&R4)"].Deviance, 3479.15, 1e-5)
}

// TestOddsRefuse: what has no maximum, or no meaning, is refused by reason and
// name.
func TestOddsRefuse(t *testing.T) {
	t.Parallel()
	type row struct {
		x, other float64
		score    int
		n        int64
	}
	mixed := []row{{1, 3, 1, 9}, {2, 1, 2, 9}, {3, 2, 3, 9}, {3, 1, 1, 3}, {1, 2, 3, 3}, {2, 3, 1, 2}}
	with := func(more ...row) []row { return append(slices.Clone(mixed), more...) }
	for _, c := range []struct {
		name   string
		rows   []row
		reason analysis.Reason
		about  string
	}{
		{"in order", mixed, "", ""},
		{"too few", []row{{1, 2, 1, 6}, {2, 1, 2, 6}, {2, 2, 3, 7}}, analysis.TooFewAnswers, ""},
		{"none", nil, analysis.TooFewAnswers, ""},
		{"no middle", []row{{1, 1, 1, 20}, {2, 2, 3, 20}}, EmptyBand, "middle"},
		{"no bad", []row{{1, 1, 2, 20}, {2, 2, 3, 20}}, EmptyBand, "bad"},
		{"constant", []row{{1, 7, 1, 20}, {2, 7, 2, 20}, {3, 7, 3, 20}}, ConstantColumn, "other"},
		{"a multiple", []row{{1, 2, 1, 20}, {2, 4, 2, 20}, {3, 6, 3, 20}, {2, 4, 1, 5}}, Collinear, "x, other"},
		{"told apart by x", []row{{1, 1, 1, 20}, {2, 2, 2, 20}, {3, 1, 3, 20}, {3, 2, 3, 4}}, Separated, "x"},
		{"good told apart, bad and middle not", []row{{1, 1, 1, 20}, {1, 2, 2, 20}, {9, 1, 3, 20}, {9, 2, 3, 5}, {1, 1, 2, 9}, {1, 2, 1, 9}}, Separated, "x"},
		{"a rare level that is always good", with(row{1, 40, 3, 4}, row{2, 40, 3, 4}), "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := golden.Must(NewPatterns([]string{"x", "other"}, three()))
			for _, r := range c.rows {
				if err := p.Add([]float64{r.x, r.other}, r.score, r.n); err != nil {
					t.Fatal(err)
				}
			}
			o, err := ProportionalOdds(p, 0.9)
			var refusal *analysis.Refusal
			switch {
			case c.reason == "" && err != nil:
				t.Errorf("refused: %v", err)
			case c.reason != "" && !errors.As(err, &refusal):
				t.Errorf("not refused: %+v, %v", o, err)
			case c.reason != "" && (refusal.Reason != c.reason || refusal.Name != c.about):
				t.Errorf("refused for %q of %q, want %q of %q", refusal.Reason, refusal.Name, c.reason, c.about)
			}
		})
	}
}

// TestOddsOfALevelThatIsAlwaysGood: one of the commonest cases of separation, a
// small country where everybody is happy.
func TestOddsOfALevelThatIsAlwaysGood(t *testing.T) {
	t.Parallel()
	p := golden.Must(NewPatterns([]string{"speed", "country=LI"}, three()))
	for score := 1; score <= 3; score++ {
		for speed := 1; speed <= 3; speed++ {
			if err := p.Add([]float64{float64(speed), 0}, score, int64(10+score*speed)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := ProportionalOdds(p, 0); err == nil {
		t.Error("a column without variance has odds")
	}
	for speed := 1; speed <= 3; speed++ {
		if err := p.Add([]float64{float64(speed), 1}, 3, 2); err != nil {
			t.Fatal(err)
		}
	}
	_, err := ProportionalOdds(p, 0)
	var refusal *analysis.Refusal
	if !errors.As(err, &refusal) || refusal.Reason != Separated || refusal.Name != "country=LI" {
		t.Errorf("not refused as separated: %v", err)
	}
}

// TestOddsOfOneBinaryColumn: with one column of two values, e^β lies between the
// odds ratios at both cuts, (500/300)/(400/600) = 2.5 and (300/500)/(200/800) =
// 2.4.
func TestOddsOfOneBinaryColumn(t *testing.T) {
	t.Parallel()
	p := golden.Must(NewPatterns([]string{"renewed"}, three()))
	for x, bands := range [][3]int64{{600, 200, 200}, {300, 200, 300}} {
		for i, n := range bands {
			if err := p.Add([]float64{float64(x)}, i+1, n); err != nil {
				t.Fatal(err)
			}
		}
	}
	o := golden.Must(ProportionalOdds(p, 0))
	if o.Terms[0].Ratio < 2.4 || o.Terms[0].Ratio > 2.5 || o.Terms[0].P > 1e-9 {
		t.Errorf("the ratio is %+v, want between the cuts' own", o.Terms[0])
	}
}

// TestOddsOfRowsAndCounts: patterns, rows one by one, and merged parts are the
// same data.
func TestOddsOfRowsAndCounts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		names := []string{"a", "b"}
		make := func() *Patterns { return golden.Must(NewPatterns(names, surveys.CES5.Scale())) }
		counted, single, left, right := make(), make(), make(), make()
		for range rapid.IntRange(30, 60).Draw(t, "patterns") {
			x := []float64{float64(rapid.IntRange(1, 5).Draw(t, "a")), float64(rapid.IntRange(-2, 2).Draw(t, "b"))}
			score, n := rapid.IntRange(1, 5).Draw(t, "score"), rapid.Int64Range(0, 3).Draw(t, "n")
			part := left
			if rapid.Bool().Draw(t, "side") {
				part = right
			}
			for _, err := range []error{counted.Add(x, score, n), part.Add(x, score, n)} {
				if err != nil {
					t.Fatal(err)
				}
			}
			for range n {
				if err := single.Add(x, score, 1); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := left.Merge(right); err != nil {
			t.Fatal(err)
		}
		want, refused := ProportionalOdds(counted, 0)
		for _, p := range []*Patterns{single, left} {
			got, err := ProportionalOdds(p, 0)
			if (err == nil) != (refused == nil) {
				t.Fatalf("%v, but %v", err, refused)
			}
			if err == nil {
				nearOdds(t, got, want)
			}
		}
	})
}

// nearOdds compares two fits of the same data.
func nearOdds(t *rapid.T, got, want Odds) {
	t.Helper()
	if got.N != want.N || math.Abs(got.LogLikelihood-want.LogLikelihood) > 1e-8*math.Abs(want.LogLikelihood) {
		t.Fatalf("%+v, want %+v", got, want)
	}
	for i, term := range got.Terms {
		if math.Abs(term.Estimate-want.Terms[i].Estimate) > 1e-6 || math.Abs(term.Error-want.Terms[i].Error) > 1e-6 {
			t.Fatalf("%+v, want %+v", term, want.Terms[i])
		}
	}
}

// TestOddsTurnWithTheScale: turning the bands round turns the signs, a column in
// other units has the slope in those units, and another origin changes nothing
// but the thresholds.
func TestOddsTurnWithTheScale(t *testing.T) {
	t.Parallel()
	p := housing(t)
	turned := golden.Must(NewPatterns(p.names, three()))
	moved := golden.Must(NewPatterns(p.names, three()))
	for _, row := range p.rows {
		x := slices.Clone(row.x)
		for i := range x {
			x[i] = 1e6 + 1000*x[i]
		}
		for i, n := range row.bands {
			for _, err := range []error{turned.Add(row.x, 3-i, n), moved.Add(x, i+1, n)} {
				if err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	want, back, far := golden.Must(ProportionalOdds(p, 0)), golden.Must(ProportionalOdds(turned, 0)), golden.Must(ProportionalOdds(moved, 0))
	golden.Near(t, "deviance turned", back.Deviance, want.Deviance, 1e-12)
	golden.Near(t, "deviance moved", far.Deviance, want.Deviance, 1e-10)
	golden.Near(t, "threshold turned", back.Thresholds[0].Estimate, -want.Thresholds[1].Estimate, 1e-9)
	for i, term := range want.Terms {
		golden.Near(t, "turned "+term.Name, back.Terms[i].Estimate, -term.Estimate, 1e-9)
		golden.Near(t, "moved "+term.Name, 1000*far.Terms[i].Estimate, term.Estimate, 1e-7)
		golden.Near(t, "moved SE "+term.Name, 1000*far.Terms[i].Error, term.Error, 1e-7)
	}
}

// TestOddsStayFinite: a step of one may be enormous in the column's own unit.
func TestOddsStayFinite(t *testing.T) {
	t.Parallel()
	p := golden.Must(NewPatterns([]string{"share of a billion"}, three()))
	for i, n := range []int64{30, 20, 10, 10, 20, 30} {
		if err := p.Add([]float64{float64(i/3) * 1e-9}, i%3+1, n); err != nil {
			t.Fatal(err)
		}
	}
	o := golden.Must(ProportionalOdds(p, 0))
	if r := o.Terms[0]; r.Ratio != math.MaxFloat64 || math.IsInf(r.Interval.High, 0) || r.Interval.Low != math.MaxFloat64 {
		t.Errorf("%+v", r)
	}
}

func TestPatternsRefuse(t *testing.T) {
	t.Parallel()
	nps := surveys.NPS.Scale()
	p := golden.Must(NewPatterns([]string{"a"}, nps))
	other := golden.Must(NewPatterns([]string{"a"}, surveys.CSAT.Scale()))
	two := surveys.Scale{Min: 0, Max: 1, GoodFrom: 1, GoodTo: 1}
	for _, c := range []struct {
		name string
		err  error
	}{
		{"no columns", second(NewPatterns(nil, nps))},
		{"a name twice", second(NewPatterns([]string{"a", "a"}, nps))},
		{"no middle", second(NewPatterns([]string{"a"}, two))},
		{"no choices", second(NewPatterns([]string{"a"}, surveys.Scale{Min: 5, Max: 1}))},
		{"a percentage", second(NewPatterns([]string{"a"}, surveys.Scale{Max: 100, BadTo: 20, GoodFrom: 80, GoodTo: 100}))},
		{"no limits", second(NewPatterns([]string{"a"}, surveys.Scale{Min: math.MinInt, Max: math.MaxInt, GoodFrom: 1, GoodTo: 1}))},
		{"bands that overlap", second(NewPatterns([]string{"a"}, surveys.Scale{Min: 1, Max: 7, BadFrom: 1, BadTo: 4, GoodFrom: 4, GoodTo: 6}))},
		{"the largest numbers", second(NewPatterns([]string{"a"}, surveys.Scale{Min: math.MaxInt - 3, Max: math.MaxInt}))},
		{"not made by New", new(Patterns).Add(nil, 0, 1)},
		{"odds of none", second(ProportionalOdds(new(Patterns), 0))},
		{"NaN", p.Add([]float64{math.NaN()}, 5, 1)},
		{"two values", p.Add([]float64{1, 2}, 5, 1)},
		{"11 of 10", p.Add([]float64{1}, 11, 1)},
		{"a negative number", p.Add([]float64{1}, 5, -1)},
		{"another scale", p.Merge(other)},
		{"a confidence of 95", second(ProportionalOdds(p, 95))},
	} {
		var input *analysis.InputError
		if !errors.As(c.err, &input) {
			t.Errorf("%s: %v is not an input error", c.name, c.err)
		}
	}
	if p.bands() != [3]int64{} {
		t.Errorf("refused rows were counted: %v", p.bands())
	}
}

func second[T any](_ T, err error) error { return err }

// TestPatternsGiveUp: beyond the limit nothing is held, and nothing is said.
func TestPatternsGiveUp(t *testing.T) {
	t.Parallel()
	full, more := golden.Must(NewPatterns([]string{"a"}, three())), golden.Must(NewPatterns([]string{"a"}, three()))
	for i := range MaxPatterns {
		if err := full.Add([]float64{float64(i)}, 1+i%3, 1); err != nil {
			t.Fatal(err)
		}
	}
	if full.excess {
		t.Fatal("gave up at the limit")
	}
	for _, x := range []float64{-1, 0} {
		if err := more.Add([]float64{x}, 1, 1); err != nil {
			t.Fatal(err)
		}
	}
	if err := full.Merge(more); err != nil {
		t.Fatal(err)
	}
	_, err := ProportionalOdds(full, 0)
	var refusal *analysis.Refusal
	if !errors.As(err, &refusal) || refusal.Reason != TooManyPatterns || full.rows != nil {
		t.Errorf("%v with %d patterns held", err, len(full.rows))
	}
	if err := more.Merge(full); err != nil || !more.excess {
		t.Error("patterns merged with given-up ones are not given up")
	}
}
