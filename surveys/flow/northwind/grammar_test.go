package northwind

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
)

// patterns is how many sentences a pattern makes.
func patterns(p pattern) int {
	n := 1
	for _, part := range p {
		if part.oneOf == nil {
			continue
		}
		sum := 0
		for _, one := range part.oneOf {
			sum += patterns(one)
		}
		n *= sum
	}
	return n
}

func TestGrammarHasManySentencesOfEachTheme(t *testing.T) {
	t.Parallel()
	g := newGrammar()
	least := map[feeling]int{praise: 200, complaint: 200, mixed: 24}
	for _, locale := range surveys.Locales() {
		for _, theme := range []string{themeDelivery, themeFreshness, themeTaste, themePrice, themePause, themePackaging, themeWebsite, themeSupport} {
			for f, want := range least {
				n := 0
				for _, line := range g[topic{locale, theme, f}] {
					n += patterns(line)
				}
				t.Logf("%s %s %s: %d", locale, theme, f, n)
				if n < want {
					t.Errorf("%s: %d sentences on %s %s, want %d", locale, n, theme, f, want)
				}
			}
		}
		if len(g[topic{locale, themeCourier, complaint}]) == 0 || len(g[topic{locale, closing, praise}]) == 0 {
			t.Errorf("%s lacks the courier or a closing", locale)
		}
	}
}

func TestGrammarWritesCleanSentences(t *testing.T) {
	t.Parallel()
	g, r := newGrammar(), rand.New(rand.NewPCG(1, 2))
	for at := range g {
		for range 300 {
			text := g.write(r, at)
			for _, bad := range []string{"{", "}", "|", "$", "  ", " .", " ,", "..", "?.", ".,", ",.", ",,", "。。", "，。", "，，", "？。", "！。", "。，"} {
				if strings.Contains(text, bad) {
					t.Errorf("%v: %q has %q", at, text, bad)
				}
			}
			if text == "" || text != strings.TrimSpace(text) {
				t.Errorf("%v: %q", at, text)
			}
		}
	}
}

func TestParsePattern(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		pattern string
		n       int
		can     []string
	}{
		"plain":       {"So fresh.", 1, []string{"So fresh."}},
		"alternative": {"{a|b}c", 2, []string{"ac", "bc"}},
		"nothing":     {"a{b|}", 2, []string{"ab", "a"}},
		"nested":      {"{a{b|c}|d}e", 3, []string{"abe", "ace", "de"}},
		"open":        {"{a|b", 2, []string{"a", "b"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, _ := parsePattern(c.pattern)
			if n := patterns(p); n != c.n {
				t.Errorf("%d sentences, want %d", n, c.n)
			}
			drawn, r := map[string]bool{}, rand.New(rand.NewPCG(1, 2))
			for range 100 {
				var b strings.Builder
				p.draw(r, &b)
				drawn[b.String()] = true
			}
			for _, text := range c.can {
				if !drawn[text] {
					t.Errorf("%q was never drawn of %v", text, drawn)
				}
			}
			if len(drawn) != len(c.can) {
				t.Errorf("drawn %v, want %v", drawn, c.can)
			}
		})
	}
}

func TestScoresMeetTheirLevels(t *testing.T) {
	t.Parallel()
	const n = 100_000
	headline := func(metric surveys.Metric, score func(place float64) int) float64 {
		var good, bad float64
		scale := metric.Scale()
		for i := range n {
			s := score((float64(i) + 0.5) / n)
			if !scale.Contains(s) {
				t.Fatalf("%s has no score %d", metric, s)
			}
			switch scale.Band(s) {
			case scale.Good:
				good++
			case scale.Bad:
				bad++
			}
		}
		if scale.Net {
			return 100 * (good - bad) / n
		}
		return 100 * good / n
	}
	for _, plan := range append(plans(), "") {
		for _, by := range []courier{usualCourier, newCourier} {
			level := npsLevel(plan, by)
			if got := headline(surveys.NPS, func(at float64) int { return npsScore(level, at) }); math.Abs(got-level) > 0.1 {
				t.Errorf("%q gives an NPS of %.1f, want %.0f", plan, got, level)
			}
			if moved := npsLevel(plan, newCourier) != npsLevel(plan, usualCourier); moved != (plan == planSubscription) {
				t.Errorf("%q moves: %v", plan, moved)
			}
		}
	}
	if got := headline(surveys.CSAT, csatScore); math.Abs(got-84.5) > 0.1 {
		t.Errorf("satisfaction %.1f", got)
	}
	for progress, want := range map[float64]float64{0: 66, 1: 79} {
		if got := headline(surveys.CES, func(at float64) int { return cesScore(progress, at) }); math.Abs(got-want) > 0.1 {
			t.Errorf("ease at %.0f: %.1f, want %.0f", progress, got, want)
		}
	}
}

func TestPlacesAreEven(t *testing.T) {
	t.Parallel()
	p, r := make(places), rand.New(rand.NewPCG(1, 2))
	var tenths [10]int
	for range 10_000 {
		at := p.draw(r, "nps", r.Float64())
		if at < 0 || at >= 1 {
			t.Fatalf("place %v", at)
		}
		tenths[int(at*10)]++
	}
	for i, n := range tenths {
		if n < 900 || n > 1100 {
			t.Errorf("%d of 10,000 places in tenth %d", n, i)
		}
	}
}
