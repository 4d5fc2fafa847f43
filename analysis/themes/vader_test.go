package themes

import (
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
)

// Reference values of the original in Python.
func TestColdStartAgainstTheOriginal(t *testing.T) {
	t.Parallel()
	cold := newColdStart()
	for _, row := range golden.Read(t, "text_vader.csv") {
		text := row["text"]
		got := cold.analyzer.PolarityScores(text)
		golden.Near(t, text+": neg", got.Negative, row.Num(t, "neg"), 5e-4)
		golden.Near(t, text+": neu", got.Neutral, row.Num(t, "neu"), 5e-4)
		golden.Near(t, text+": pos", got.Positive, row.Num(t, "pos"), 5e-4)
		golden.Near(t, text+": compound", cold.compound(text), row.Num(t, "compound"), 1e-4)
	}
}
