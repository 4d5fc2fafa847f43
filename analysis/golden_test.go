package analysis

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/harkhq/hark/surveys"
)

// row is one line of a reference file by column name. The files in testdata are
// outputs of R, scipy, statsmodels and metafor, or published values; each says
// so in its first lines.
type row map[string]string

// reference reads a file of testdata.
func reference(t *testing.T, name string) []row {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	records, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(records) < 2 {
		t.Fatalf("%s has no rows", name)
	}
	rows := make([]row, 0, len(records)-1)
	for _, record := range records[1:] {
		line := row{}
		for i, column := range records[0] {
			line[column] = record[i]
		}
		rows = append(rows, line)
	}
	return rows
}

// num reads a column as a number; "nan" is NaN.
func (r row) num(t *testing.T, column string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(r[column], 64)
	if err != nil {
		t.Fatalf("column %q: %v in %v", column, err, r)
	}
	return v
}

func (r row) int(t *testing.T, column string) int64 {
	t.Helper()
	return int64(r.num(t, column))
}

// near fails unless got is within a relative tolerance of want, or an absolute
// one of the same size for values under 1. NaN is never near.
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Max(1, math.Abs(want))) {
		t.Errorf("%s = %.15g, want %.15g ± %g", what, got, want, tolerance)
	}
}

// npsCounts spreads detractors, passives and promoters over one score each.
func npsCounts(bad, mid, good int64) surveys.Counts {
	return surveys.Counts{3: bad, 8: mid, 10: good}
}

// npsRow reads det, pas, pro columns with a suffix.
func npsRow(t *testing.T, r row, suffix string) surveys.Counts {
	t.Helper()
	return npsCounts(r.int(t, "det"+suffix), r.int(t, "pas"+suffix), r.int(t, "pro"+suffix))
}

// must unwraps a value that the test's own input makes certain.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
