package themes

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
	"pgregory.net/rapid"
)

func TestEachTerm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"words and pairs", "late again today", "late|late again|again|again today|today"},
		{"pairs end with the clause", "late. again", "late|again"},
		{"characters and pairs", "物流慢", "物|物流|流|流慢|慢"},
		{"pairs end with the clause in Chinese", "慢，贵", "慢|贵"},
		{"no pair of a word and a character", "app慢", "app|慢"},
		{"short numbers tell", "10 out of 10", "10|10 out|out|out of|of|of 10|10"},
		{"long ones point at somebody", "order 471108 late", "order|late"},
		{"emoji", "late 👎", "late|late 👎|👎"},
		{"one", "late", "late"},
		{"nothing", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			eachTerm(scan(c.text), func(key []byte) { got = append(got, string(key)) })
			if strings.Join(got, "|") != c.want {
				t.Errorf("%q has the terms %q, want %q", c.text, strings.Join(got, "|"), c.want)
			}
		})
	}
}

func TestBagOf(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOf(rapid.Int32Range(0, 9)).Draw(t, "numbers")
		want := map[int32]int32{}
		for _, n := range all {
			want[n]++
		}
		b := bagOf(slices.Clone(all))
		if len(b.terms) != len(want) || !slices.IsSorted(b.terms) {
			t.Fatalf("%v gives %+v", all, b)
		}
		for i, n := range b.terms {
			if b.counts[i] != want[n] {
				t.Fatalf("%v gives %+v", all, b)
			}
		}
	})
}

// Three comments by hand: late is in all, so its idf is 1.
func TestWeigh(t *testing.T) {
	t.Parallel()
	var c corpus
	for _, text := range []string{"late, late", "late, wet", "late, wet, torn"} {
		c.add(scan(text))
	}
	v := c.vocabulary([]int{0, 1, 2}, 2, 10)
	if names := []string{c.names[v.kept[0]], c.names[v.kept[1]]}; len(v.kept) != 2 || !slices.Equal(names, []string{"late", "wet"}) {
		t.Fatalf("kept %v", names)
	}
	golden.Near(t, "idf of late", v.idf[0], 1, 1e-12)
	golden.Near(t, "idf of wet", v.idf[1], math.Log(4.0/3)+1, 1e-12)
	m := c.weigh(v, []int{0, 2})
	length := math.Hypot(1, v.idf[1])
	for i, want := range []float64{1, 1 / length, v.idf[1] / length} {
		golden.Near(t, "value", m.values[i], want, 1e-12)
	}
	if !slices.Equal(m.from, []int{0, 1, 3}) {
		t.Errorf("rows begin at %v", m.from)
	}
	c.lexicon = []float64{-0.5, 0, 0.25}
	if m := c.weigh(v, []int{2}); m.columns[2] != 2 || m.values[2] != 0.25 {
		t.Errorf("the lexicon's column is %+v", m)
	}
}

// The most frequent terms stay; of equally frequent ones those that came first.
func TestVocabularyIsBounded(t *testing.T) {
	t.Parallel()
	var c corpus
	for _, text := range []string{"c, b, a", "a, b, d", "a, d, c"} {
		c.add(scan(text))
	}
	v := c.vocabulary([]int{0, 1, 2}, 1, 2)
	var names []string
	for _, n := range v.kept {
		names = append(names, c.names[n])
	}
	if strings.Join(names, "") != "ca" {
		t.Errorf("kept %v", names)
	}
	if v.column[c.numbers["b"]] != -1 || v.column[c.numbers["a"]] != 1 {
		t.Errorf("columns %v", v.column)
	}
	if v := c.vocabulary([]int{0}, 1, 10); len(v.kept) != 3 {
		t.Errorf("of one comment %d terms are kept", len(v.kept))
	}
}

func TestNormalise(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-100, 100), 1, 9).Draw(t, "values")
		var before, after float64
		for _, v := range values {
			before += v * v
		}
		normalise(values)
		for _, v := range values {
			after += v * v
		}
		if before > 1e-200 && math.Abs(after-1) > 1e-9 || before == 0 && after != 0 {
			t.Fatalf("from %v to %v", before, after)
		}
	})
}
