package main

import (
	"slices"
	"strings"
	"testing"
)

func TestCells(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"": 0, "NPS": 3, "−100 ·├●┤": 9, "套餐": 4, "café": 4, "cafe\u0301": 4, "プラン": 6, "한국": 4, "，": 2, "😀": 2, "█▏": 2} {
		if got := cells(text); got != want {
			t.Errorf("%q takes %d, want %d", text, got, want)
		}
	}
}

func TestShort(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text  string
		width int
		want  string
	}{{"enterprise", 10, "enterprise"}, {"enterprise", 9, "enterpri…"}, {"专业版套餐", 10, "专业版套餐"}, {"专业版套餐", 8, "专业版…"}, {"ab", 1, "a…"}} {
		if got := short(test.text, test.width); got != test.want {
			t.Errorf("%q in %d is %q, want %q", test.text, test.width, got, test.want)
		}
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text  string
		width int
		want  []string
	}{
		{"", 10, []string{""}},
		{"one two three", 7, []string{"one two", "three"}},
		{"from 3 to -12 by pro-4", 40, []string{"from 3 to −12 by pro-4"}},
		{"down 2 (-14 to +9) (-)", 40, []string{"down 2 (−14 to +9) (-)"}},
		{"a 专业版套餐包 b", 8, []string{"a", "专业版套", "餐包 b"}},
	} {
		if got := wrap(test.text, test.width); !slices.Equal(got, test.want) {
			t.Errorf("%q in %d is %q, want %q", test.text, test.width, got, test.want)
		}
	}
}

func TestBars(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		share float64
		width int
		want  string
	}{{0, 8, ""}, {0.001, 8, "▏"}, {0.5, 8, "████"}, {0.5625, 8, "████▌"}, {1, 3, "███"}, {1, 0, ""}} {
		if got := bar(test.share, test.width); got != test.want {
			t.Errorf("%v of %d is %q, want %q", test.share, test.width, got, test.want)
		}
	}
}

func TestIntervalsStandBelowEachOther(t *testing.T) {
	t.Parallel()
	r := rulerFor(11, 0, 100)
	for _, test := range []struct {
		low, score, high float64
		want             string
	}{
		{0, 50, 100, "├────●────┤"},
		{20, 30, 50, "··├●─┤·····"},
		{49, 50, 51, "·····●·····"},
		{-50, 0, 10, "●┤·········"}, // clipped to the ruler
		{90, 100, 180, "·········├●"},
	} {
		if got := r.interval(test.low, test.score, test.high, "·"); got != test.want {
			t.Errorf("%v, %v, %v is drawn %q, want %q", test.low, test.score, test.high, got, test.want)
		}
	}
	if got := rulerFor(5, 7, 7).interval(7, 7, 7, " "); got != "  ●  " {
		t.Errorf("a ruler of one point draws %q", got)
	}
}

func TestSparks(t *testing.T) {
	t.Parallel()
	at := func(x float64) *float64 { return &x }
	var line strings.Builder
	for _, score := range []*float64{at(-100), at(0), nil, at(99), at(100)} {
		line.WriteString(spark(score, -100, 100))
	}
	if line.String() != "▁▅·██" || spark(at(3), 3, 3) != "▅" {
		t.Errorf("%s, %s", line.String(), spark(at(3), 3, 3))
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ got, want string }{
		{number(-0.2, 0), "0"}, {number(-12.34, 1), "−12.3"}, {number(10, 0), "10"}, {number(-0.04, 1), "0.0"}, {number(0, 2), "0.00"},
		{signed(-10.2, -16.4, -4.4, 0.95), "−10, 95% confidence −16 to −4"},
		{signed(0.04, -0.3, 0.4, 0.9), "0.0, 90% confidence −0.3 to +0.4"},
		{probability(0.0004), "p < 0.001"}, {probability(0.0416), "p = 0.042"},
		{percent(0.555), "56%"}, {slope(0.5), "+0.50"}, {slope(-0.5), "−0.50"},
	} {
		if test.got != test.want {
			t.Errorf("%q, want %q", test.got, test.want)
		}
	}
}

func TestGridKeepsItsColumns(t *testing.T) {
	t.Parallel()
	g := &grid{right: []bool{false, true}}
	g.add(nil, "plan", "n", "")
	g.add([]string{"", toneStrong}, "套餐", "1,000", "last")
	want := []string{"  plan      n", "  套餐  1,000  last"}
	if got := g.lines(plainly); !slices.Equal(got, want) || g.width() != cells(want[1]) {
		t.Errorf("%q, %d wide, want %q", got, g.width(), want)
	}
	if got := g.lines(colourfully)[1]; got != "  套餐  \x1b[1m1,000\x1b[0m  last" {
		t.Errorf("%q", got)
	}
}
