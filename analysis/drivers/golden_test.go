package drivers

import (
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
)

// readProducts reads columns of a reference data set, each row `times` times.
func readProducts(t testing.TB, file string, columns []string, outcome string, times int) *Products {
	t.Helper()
	p := golden.Must(NewProducts(columns))
	for _, row := range golden.Read(t, file) {
		x := make([]float64, len(columns))
		for i, column := range columns {
			x[i] = row.Num(t, column)
		}
		for range times {
			if err := p.Add(x, row.Num(t, outcome)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return p
}

// TestImportanceMatchesR compares every row of drivers.csv. The classic data
// sets have fewer than ten rows a column, which is refused; each of their rows is
// given twice, which leaves every compared value as it is.
func TestImportanceMatchesR(t *testing.T) {
	t.Parallel()
	sets := map[string][]golden.Row{}
	for _, row := range golden.Read(t, "drivers.csv") {
		sets[row["data"]] = append(sets[row["data"]], row)
	}
	if len(sets) != 4 {
		t.Fatalf("%d data sets, want 4", len(sets))
	}
	for data, rows := range sets {
		t.Run(data, func(t *testing.T) {
			t.Parallel()
			times := 1
			if data != "drivers_input" {
				times = 2
			}
			var columns []string
			for _, row := range rows {
				columns = append(columns, row["predictor"])
			}
			p := readProducts(t, data+".csv", columns, rows[0]["outcome"], times)
			for _, method := range []Method{LMG, Johnson} {
				r, err := Importance(p, Options{Method: method})
				if err != nil {
					t.Fatal(err)
				}
				if r.N != rows[0].Int(t, "n")*int64(times) || r.Method != method {
					t.Errorf("n = %d by %s", r.N, r.Method)
				}
				golden.Near(t, "R²", r.R2, rows[0].Num(t, "r2"), 1e-8)
				for i, row := range rows {
					nearRow(t, r, i, row)
				}
			}
		})
	}
}

// nearRow compares one driver with its row.
func nearRow(t *testing.T, r Result, i int, row golden.Row) {
	t.Helper()
	weight, share := "lmg", "lmg_share"
	if r.Method == Johnson {
		weight, share = "rel_weight", "rel_weight_share"
	}
	d := r.Drivers[i]
	golden.Near(t, d.Name+" weight", d.Weight, row.Num(t, weight), 1e-8)
	golden.Near(t, d.Name+" share", d.Share, row.Num(t, share), 1e-8)
	golden.Near(t, d.Name+" first", d.First, row.Num(t, "first"), 1e-8)
	golden.Near(t, d.Name+" last", d.Last, row.Num(t, "last"), 1e-8)
	golden.Near(t, d.Name+" correlation", d.Columns[0].Correlation, row.Num(t, "corr"), 1e-8)
	golden.Near(t, d.Name+" β", d.Columns[0].Beta, row.Num(t, "beta_std"), 1e-8)
	golden.Near(t, d.Name+" slope", d.Columns[0].Slope, row.Num(t, "b_raw"), 1e-8)
	if positive := row.Num(t, "beta_std") > 0; (d.Sign == 1) != positive || (d.Sign == -1) == positive {
		t.Errorf("the sign of %s is %d", d.Name, d.Sign)
	}
	if !(0 <= d.Interval.Low && d.Interval.Low < d.Share && d.Share < d.Interval.High && d.Interval.High <= 1) {
		t.Errorf("%s: %v is not inside %+v", d.Name, d.Share, d.Interval)
	}
}
