package loyalty

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/golden"
)

func TestRetentionAgainstReference(t *testing.T) {
	t.Parallel()
	for _, r := range golden.Read(t, "retention.csv") {
		start, end, gained := r.Int(t, "CS"), r.Int(t, "CE"), r.Int(t, "CN")
		kept, err := Retention(start, end, gained, 0.95)
		lost, err2 := Churn(start, end, gained, 0.95)
		if strings.HasPrefix(r["note"], "error") {
			var input *analysis.InputError
			if !errors.As(err, &input) || !errors.As(err2, &input) {
				t.Errorf("%v: got %v and %v, want both refused", r, err, err2)
			}
			continue
		}
		if err != nil || err2 != nil {
			t.Errorf("%v: %v, %v", r, err, err2)
			continue
		}
		golden.Near(t, "retention", *kept.Value, r.Num(t, "retention_pct"), 1e-9)
		golden.Near(t, "churn", *lost.Value, r.Num(t, "churn_pct"), 1e-9)
	}
}

// transactions reads the orders of transactions_input.csv.
func transactions(t testing.TB) *Ledger {
	t.Helper()
	l := NewLedger(time.UTC)
	for _, r := range golden.Read(t, "transactions_input.csv") {
		at, err := time.Parse(time.DateOnly, r["date"])
		if err != nil {
			t.Fatal(err)
		}
		cents := int64(math.Round(100 * r.Num(t, "amount")))
		if err := l.Add(r["customer"], Event{Kind: Bought, At: at.Add(12 * time.Hour), Amount: cents}); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

// year is 2024 by month.
func year() Frame {
	return Frame{
		Period: Monthly, Basis: ByPurchase, Least: 1,
		From: analysis.DateDay(2024, 1, 1), To: analysis.DateDay(2025, 1, 1),
	}
}

// month is a row's YYYY-MM.
func month(t testing.TB, text string) analysis.Day {
	t.Helper()
	return golden.Must(analysis.ParseDay(text + "-01"))
}

func TestMonthsAgainstReference(t *testing.T) {
	t.Parallel()
	tally := golden.Must(transactions(t).Tally(year()))
	steps := tally.Steps()
	kept := golden.Must(tally.Series(RetentionRate))
	lost := golden.Must(tally.Series(ChurnRate))
	if kept[0].Value != nil {
		t.Errorf("the first month keeps %v of nobody", *kept[0].Value)
	}
	rows := golden.Read(t, "retention_months.csv")
	if len(rows) != len(steps)-1 {
		t.Fatalf("%d months, want %d", len(steps), len(rows)+1)
	}
	for i, r := range rows {
		s := steps[i+1]
		if s.Start != month(t, r["month"]) || s.Partial {
			t.Fatalf("step %d is %+v, want %s", i, s, r["month"])
		}
		got := [4]int64{s.Customers, s.End(), s.New + s.Returned, s.New}
		want := [4]int64{r.Int(t, "CS"), r.Int(t, "CE"), r.Int(t, "CN"), r.Int(t, "first_time")}
		if got != want {
			t.Errorf("%s: CS, CE, CN, first time %v, want %v", r["month"], got, want)
		}
		golden.Near(t, "retention", *kept[i+1].Value, r.Num(t, "retention_pct"), 1e-9)
		golden.Near(t, "churn", *lost[i+1].Value, r.Num(t, "churn_pct"), 1e-9)
		byHand := golden.Must(Retention(s.Customers, s.End(), s.New+s.Returned, 0.95))
		if *byHand.Value != *kept[i+1].Value {
			t.Errorf("%s: the formula gives %v, the series %v", r["month"], *byHand.Value, *kept[i+1].Value)
		}
	}
}

func TestCohortsAgainstReference(t *testing.T) {
	t.Parallel()
	cohorts := golden.Must(transactions(t).Tally(year())).Cohorts()
	cells := 0
	for _, c := range cohorts {
		if c.Size > 0 {
			cells += len(c.Cells)
		}
	}
	rows := golden.Read(t, "cohorts.csv")
	if cells != len(rows) {
		t.Errorf("%d cells, want %d", cells, len(rows))
	}
	for _, r := range rows {
		c := cohorts[month(t, r["cohort_month"]).Time().Month()-1]
		cell := c.Cells[r.Int(t, "month_offset")]
		if c.Size != r.Int(t, "cohort_size") || cell.N != r.Int(t, "active_customers") || cell.Of != c.Size {
			t.Errorf("%v: %+v of %d", r, cell, c.Size)
		}
		golden.Near(t, "share", *cell.Value, r.Num(t, "retention_pct"), 1e-9)
	}
}

func TestPurchasesAgainstReference(t *testing.T) {
	t.Parallel()
	tally := golden.Must(transactions(t).Tally(year()))
	for _, r := range golden.Read(t, "repeat_purchase.csv") {
		p := tally.Purchases()
		if p.Customers != r.Int(t, "customers") || p.Repeat != r.Int(t, "repeat_customers") || p.Orders != r.Int(t, "orders") {
			t.Errorf("%+v, want %v", p, r)
		}
		average, _ := p.AverageOrder()
		frequency, _ := p.Frequency()
		golden.Near(t, "repeat", *tally.RepeatRate().Value, r.Num(t, "repeat_purchase_rate_pct"), 1e-9)
		golden.Near(t, "revenue", float64(p.Revenue)/100, r.Num(t, "revenue"), 1e-9)
		golden.Near(t, "average", average/100, r.Num(t, "aov"), 1e-9)
		golden.Near(t, "frequency", frequency, r.Num(t, "orders_per_customer"), 1e-9)
	}
}
