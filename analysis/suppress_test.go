package analysis

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

func TestSuppress(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		sizes []int64
		whole int64
		want  []bool
	}{
		{"all large", []int64{50, 40}, 90, []bool{false, false}},
		{"one small takes the next smallest along", []int64{50, 3, 20}, 73, []bool{false, true, true}},
		{"two small that hide each other", []int64{50, 3, 4}, 57, []bool{false, true, true}},
		{"two tiny need a third", []int64{50, 1, 1, 9}, 61, []bool{false, true, true, true}},
		{"answers outside every group hide one small", []int64{50, 3}, 80, []bool{false, true}},
		{"a few answers outside every group hide nobody", []int64{50, 30}, 82, []bool{false, false}},
		{"one answer outside of a large group", []int64{815}, 816, []bool{false}},
		{"a few answers outside help to hide a small group", []int64{50, 30, 3}, 85, []bool{false, false, true}},
		{"an empty group hides nobody", []int64{50, 0, 30}, 80, []bool{false, true, false}},
		{"only small", []int64{2, 1}, 3, []bool{true, true}},
		{"overlapping groups", []int64{50, 50}, 60, []bool{false, false}},
		{"none", nil, 0, []bool{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := Suppress(c.sizes, c.whole, 5); !reflect.DeepEqual(got, c.want) {
				t.Errorf("Suppress(%v of %d) = %v, want %v", c.sizes, c.whole, got, c.want)
			}
		})
	}
}

// TestSuppressLeavesNoDifference: what can be had by subtracting the shown from
// the whole is nobody, enough people, everything, or nobody that there is a group
// of.
func TestSuppressLeavesNoDifference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOf(rapid.Int64Range(0, 20)).Draw(t, "sizes")
		whole := rapid.Int64Range(0, 9).Draw(t, "outside")
		for _, n := range sizes {
			whole += n
		}
		left, shown, small := whole, 0, false
		for i, hidden := range Suppress(sizes, whole, 5) {
			small = small || sizes[i] > 0 && sizes[i] < 5
			if !hidden {
				if sizes[i] < 5 {
					t.Fatalf("a group of %d is shown", sizes[i])
				}
				left -= sizes[i]
				shown++
			}
		}
		if small && shown > 0 && left > 0 && left < 5 {
			t.Fatalf("%v of %d leaves %d answers to subtract", sizes, whole, left)
		}
	})
}

func TestLimits(t *testing.T) {
	t.Parallel()
	if got := (Limits{Hide: 1}).withDefaults(); got != (Limits{Hide: 1, Faint: 30, Margin: 15, Change: 5}) {
		t.Errorf("defaults: %+v", got)
	}
	refusedFor(t, Limits{Change: -1}.check(), "limits")
	l := Limits{}.withDefaults()
	for _, c := range []struct {
		n     int64
		width float64
		want  bool
	}{{29, 10, true}, {30, 10, false}, {500, 31, true}} {
		if got := l.faint(c.n, 0, c.width); got != c.want {
			t.Errorf("faint(%d answers, width %v) = %v", c.n, c.width, got)
		}
	}
}

func TestDifferencing(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name        string
		part, whole int64
		want        bool
	}{
		{"half", 50, 100, false},
		{"three people", 3, 100, true},
		{"all but three", 97, 100, true},
		{"all but five", 95, 100, false},
		{"five", 5, 100, false},
		{"everybody", 100, 100, false},
		{"nobody", 0, 100, false},
		{"a whole that is small itself", 3, 3, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := Differencing(c.part, c.whole, 5); got != c.want {
				t.Errorf("Differencing(%d of %d) = %v", c.part, c.whole, got)
			}
		})
	}
}

// TestDifferencingIsSymmetric: a filter and its complement show the same.
func TestDifferencingIsSymmetric(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.Int64Range(0, 40).Draw(t, "whole")
		part := rapid.Int64Range(0, whole).Draw(t, "part")
		if least := rapid.Int64Range(1, 12).Draw(t, "least"); Differencing(part, whole, least) != Differencing(whole-part, whole, least) {
			t.Fatalf("%d of %d, least %d", part, whole, least)
		}
	})
}
