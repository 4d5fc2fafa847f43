package analysis

import (
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

// npsCounts spreads detractors, passives and promoters over one score each.
func npsCounts(bad, mid, good int64) surveys.Counts {
	return surveys.Counts{3: bad, 8: mid, 10: good}
}

// npsRow reads det, pas, pro columns with a suffix.
func npsRow(t *testing.T, r golden.Row, suffix string) surveys.Counts {
	t.Helper()
	return npsCounts(r.Int(t, "det"+suffix), r.Int(t, "pas"+suffix), r.Int(t, "pro"+suffix))
}
