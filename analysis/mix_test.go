package analysis

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

func TestStandardiseByHand(t *testing.T) {
	t.Parallel()
	// Regulars score 50, newcomers −50. Newcomers grow from 20 % to 60 %; regulars
	// fall by 10 on their own.
	groups := []Group{
		{"regular", npsCounts(160, 80, 560), npsCounts(100, 40, 260)},
		{"new", npsCounts(130, 40, 30), npsCounts(390, 120, 90)},
	}
	check := golden.Must(Standardise(surveys.NPS, groups, 0.95))
	// Before: .8·50 + .2·(−50) = 30. After: .4·40 + .6·(−50) = −14.
	golden.Near(t, "difference", check.Difference, -8, 1e-9)
	golden.Near(t, "mix", check.Mix, -36, 1e-9)
	golden.Near(t, "covered", check.Covered, 1, 1e-12)
	if check.Low > -8 || check.High < -8 || check.P > 1e-9 || !check.explains(-44) || check.explains(-15) {
		t.Errorf("%+v", check)
	}
}

func TestStandardiseNeedsGroups(t *testing.T) {
	t.Parallel()
	some, many := npsCounts(3, 4, 5), npsCounts(30, 40, 50)
	cases := []struct {
		name   string
		groups []Group
		ok     bool
	}{
		{"two groups", []Group{{"a", many, some}, {"b", some, many}}, true},
		{"none", nil, false},
		{"one", []Group{{"a", many, many}}, false},
		{"one and nobody", []Group{{"a", many, many}, {"b", surveys.Counts{}, surveys.Counts{}}}, false},
		{"one that came", []Group{{"a", many, many}, {"b", surveys.Counts{}, many}}, true},
		{"one that went, and was most", []Group{{"a", some, some}, {"b", many, surveys.Counts{}}}, false},
		{"a value that was only recorded later", []Group{{"", many, many}, {"a", surveys.Counts{}, many}}, false},
		{"nobody before", []Group{{"a", surveys.Counts{}, many}, {"b", surveys.Counts{}, some}}, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := Standardise(surveys.NPS, c.groups, 0.95)
			var refusal *Refusal
			if refused := errors.As(err, &refusal); refused == c.ok || err != nil && !refused {
				t.Errorf("error %v", err)
			}
			if refusal != nil && (refusal.Reason != NotComparable || !(refusal.Have < refusal.Need)) {
				t.Errorf("refused with %+v", refusal)
			}
		})
	}
	_, err := Standardise(surveys.NPS, []Group{{"a", npsCounts(-1, 0, 0), many}}, 0.95)
	refusedFor(t, err, "counts")
	_, err = Standardise(surveys.NPS, nil, 0)
	refusedFor(t, err, "confidence")
}

// TestStandardiseOfAConstantMix: when the mix does not change, the standardised
// difference is the plain one.
func TestStandardiseOfAConstantMix(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var groups []Group
		var before, after surveys.Counts
		for range rapid.IntRange(2, 5).Draw(t, "k") {
			n := rapid.Int64Range(20, 300).Draw(t, "n")
			good, bad := rapid.Int64Range(0, n).Draw(t, "good"), rapid.Int64Range(0, n).Draw(t, "bad")
			g := Group{"g", npsCounts(0, n-good, good), npsCounts(bad, n-bad, 0)}
			groups = append(groups, g)
			before.Add(g.Before)
			after.Add(g.After)
		}
		check := golden.Must(Standardise(surveys.NPS, groups, 0.95))
		want := golden.Must(Compare(surveys.NPS, before, after, 0.95)).Difference
		if math.Abs(check.Difference-want) > 1e-9 || math.Abs(check.Mix) > 1e-9 || check.P < 1-1e-9 {
			t.Fatalf("%+v, want a difference of %v", check, want)
		}
	})
}

func TestSource(t *testing.T) {
	t.Parallel()
	nps := func(bad, mid, good int64) bands { return bandsOf(surveys.NPS.Scale(), npsCounts(bad, mid, good)) }
	steady := pair{"steady", nps(100, 100, 300), nps(100, 100, 300)}
	fallen := pair{"fallen", nps(50, 50, 150), nps(120, 50, 80)}
	slipped := pair{"slipped", nps(100, 100, 300), nps(130, 100, 270)}
	cases := []struct {
		name  string
		pairs []pair
		want  string
	}{
		{"one of two", []pair{steady, fallen}, "fallen"},
		{"one that moved against a slip of the other", []pair{slipped, fallen}, "fallen"},
		{"all alike", []pair{fallen, fallen, fallen}, ""},
		{"nothing moved", []pair{steady, steady}, ""},
		{"a group without a name", []pair{steady, {"", fallen.before, fallen.after}}, ""},
		{"one group", []pair{fallen}, ""},
		{"nobody", nil, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, ok := source(c.pairs, nil)
			if s.Value != c.want || ok != (c.want != "") {
				t.Errorf("source = %+v, want %q", s, c.want)
			}
		})
	}
	s, _ := source([]pair{steady, fallen}, nil)
	golden.Near(t, "before", s.Before, 40, 1e-9)
	golden.Near(t, "after", s.After, -16, 1e-9)
	golden.Near(t, "share", s.Share, 1, 1e-9)
}

func TestMixShare(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		check MixCheck
		share float64
		only  bool
		most  bool
	}{
		{"four of seven", MixCheck{Difference: -3, Mix: -4}, 4.0 / 7, false, false},
		{"five of eight", MixCheck{Difference: 3, Mix: 5}, 5.0 / 8, false, true},
		{"nine of ten", MixCheck{Difference: 1, Mix: 9}, 0.9, true, true},
		{"more than all", MixCheck{Difference: 2, Mix: -10}, 1.25, true, true},
		{"against the mix", MixCheck{Difference: -10, Mix: 2}, -0.25, false, false},
		{"nothing moved", MixCheck{}, 0, false, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if c.check.Only() != c.only || c.check.Mostly() != c.most {
				t.Errorf("only: %v, mostly: %v", c.check.Only(), c.check.Mostly())
			}
			golden.Near(t, "share", c.check.Share(), c.share, 1e-12)
		})
	}
}

// TestMixPointsAddUp: what is said in whole points adds up to what is said.
func TestMixPointsAddUp(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ mix, difference, whole, moved, rest float64 }{
		{-4.4, -3.1, -8, -5, -3},
		{-4.4, -3.6, -8, -4, -4},
		{5.4, -0.2, 5, 5, 0},
	} {
		check := MixCheck{Mix: c.mix, Difference: c.difference}
		if whole, moved, rest := check.Points(); whole != c.whole || moved != c.moved || rest != c.rest || math.Signbit(rest) != math.Signbit(c.rest) {
			t.Errorf("%+v: %v = %v + %v", check, whole, moved, rest)
		}
	}
}

// TestNothingExplainsNoDifference: where the whole score stayed, the mix and the
// groups may have moved against each other, but there is no difference to explain.
func TestNothingExplainsNoDifference(t *testing.T) {
	t.Parallel()
	for _, atSameMix := range []float64{-12, 12} {
		check := &MixCheck{Difference: atSameMix, Mix: -atSameMix, P: 0.001}
		if check.explains(0) {
			t.Errorf("%+v explains a difference of 0", check)
		}
	}
}
