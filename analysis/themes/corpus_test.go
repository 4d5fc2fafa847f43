package themes

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// sentence is a pattern of comments: of "{this|that|}" one part is drawn.
type sentence struct {
	theme string
	mood  byte // + praise, - complaint, ~ both
	text  string
}

// patterns are those of the demo's coffee roaster.
func patterns(t testing.TB, locale string) []sentence {
	t.Helper()
	text, err := os.ReadFile("../../surveys/flow/northwind/comments/" + locale + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	var all []sentence
	var theme string
	var mood byte
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if head, ok := strings.CutPrefix(line, "# "); ok {
			name, sign, _ := strings.Cut(head, " ")
			theme, mood = name, sign[0]
			continue
		}
		if line != "" {
			all = append(all, sentence{theme, mood, line})
		}
	}
	if len(all) < 50 {
		t.Fatalf("only %d patterns in %s", len(all), locale)
	}
	return all
}

// write draws a comment from a pattern.
func write(r *rand.Rand, pattern string) string {
	for {
		end := strings.IndexByte(pattern, '}')
		if end < 0 {
			return strings.ReplaceAll(pattern, "$product", []string{"espresso", "house blend", "decaf"}[r.IntN(3)])
		}
		start := strings.LastIndexByte(pattern[:end], '{')
		parts := strings.Split(pattern[start+1:end], "|")
		pattern = pattern[:start] + parts[r.IntN(len(parts))] + pattern[end+1:]
	}
}

// comments draws n comments with the scores of an NPS survey. One in twelve has a
// score that its words do not show, as people have reasons that they do not write.
func comments(t testing.TB, r *rand.Rand, locale string, n int) []Example {
	return draw(r, patterns(t, locale), locale, n)
}

func draw(r *rand.Rand, from []sentence, locale string, n int) []Example {
	examples := make([]Example, n)
	for i := range examples {
		p := from[r.IntN(len(from))]
		mood := p.mood
		if r.IntN(12) == 0 {
			mood = "+-~"[r.IntN(3)]
		}
		score := 9 + r.IntN(2)
		switch mood {
		case '-':
			score = r.IntN(7)
		case '~':
			score = 7 + r.IntN(2)
		}
		examples[i] = Example{Text: write(r, p.text), Locale: locale, Score: score}
	}
	return examples
}

// halves parts the patterns, so that a model is asked about sentences of which it
// has never seen any variant.
func halves(all []sentence, r *rand.Rand) (seen, unseen []sentence) {
	for _, p := range all {
		if r.IntN(3) == 0 {
			unseen = append(unseen, p)
		} else {
			seen = append(seen, p)
		}
	}
	return seen, unseen
}

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 7)) }
