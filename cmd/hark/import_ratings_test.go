package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// ratedFile is a file of 200 answers that rate three things.
func ratedFile() (file string, from, to analysis.Day) {
	first := storetest.Start().AddDate(0, 0, -60).Truncate(24 * time.Hour).Add(12 * time.Hour)
	var lines strings.Builder
	lines.WriteString("score,answered_at,rating.delivery,Rating:price,rating.staff,email\n")
	for i := range 200 {
		delivery, price, staff := 1+(i*7+i/5)%5, 1+(i*3+i/7)%5, fmt.Sprint(1+(i*2+i/11)%5)
		if i%17 == 0 {
			staff = "" // is left out by both
		}
		fmt.Fprintf(&lines, "%d,%s,%d,%d,%s,p%d@example.com\n", min(10, delivery+price/2+i%4), first.AddDate(0, 0, i/4).Format(time.RFC3339), delivery, price, staff, i)
	}
	return lines.String(), analysis.DayOf(first, time.UTC), analysis.DayOf(first, time.UTC) + 60
}

// TestDriversOfAFileAndOfTheReportAgree: a file at the terminal, and the same
// answers imported and reported by the server, share the score out alike.
func TestDriversOfAFileAndOfTheReportAgree(t *testing.T) {
	t.Parallel()
	file, from, to := ratedFile()
	scored, _, err := scoring(t, scoreCommand{Metric: "nps", JSON: true, Drivers: []string{"rating.delivery", "Rating:price", "rating.staff"}}, file)
	if err != nil {
		t.Fatal(err)
	}
	type share struct {
		Share    float64
		Interval analysis.Interval
	}
	var told struct {
		Drivers struct {
			N       int64
			R2      float64
			Drivers []share
		}
	}
	if err := json.Unmarshal([]byte(scored), &told); err != nil || told.Drivers.N != 188 {
		t.Fatalf("%v, %+v in %s", err, told, scored)
	}
	s := storetest.Open(t, store.SQLite)
	b := newImportBench(t, s)
	if _, warned, err := b.run(file, "--create", "Rated", "--metric", "nps"); err != nil || warned != "" {
		t.Fatalf("%v, %s", err, warned)
	}
	if err := flow.NewDrivers(s).Compute(context.Background(), b.w.ID); err != nil {
		t.Fatal(err)
	}
	list, err := s.Surveys(context.Background(), b.w.ID)
	if err != nil {
		t.Fatal(err)
	}
	survey := list[len(list)-1]
	report, err := flow.NewDrivers(s).Report(context.Background(), flow.Office{Workspace: b.w, Zone: b.w.Location()}, survey, flow.DriversQuery{From: from, To: to})
	if err != nil || report.Priorities == nil {
		t.Fatalf("%v, %+v", err, report)
	}
	got := report.Priorities.Importance
	if got.N != told.Drivers.N || math.Abs(got.R2-told.Drivers.R2) > 1e-9 {
		t.Errorf("n %d and R² %v, the file says %d and %v", got.N, got.R2, told.Drivers.N, told.Drivers.R2)
	}
	for i, d := range got.Drivers {
		want := told.Drivers.Drivers[i]
		if math.Abs(d.Share-want.Share) > 1e-9 {
			t.Errorf("%s has %v, the file says %v", d.Name, d.Share, want.Share)
		}
		// Days are dealt into shards apart, so that intervals differ a little.
		if math.Abs(d.Interval.Low-want.Interval.Low) > 0.05 || math.Abs(d.Interval.High-want.Interval.High) > 0.05 {
			t.Errorf("%s lies in %+v, the file says %+v", d.Name, d.Interval, want.Interval)
		}
	}
}

func TestImportHoldsRatingsAgainstTheSurvey(t *testing.T) {
	t.Parallel()
	const head = "score,date,"
	for _, c := range []struct{ name, file, flag, want string }{
		{"an undeclared driver", head + "rating.taste\n9,2026-01-05,4\n", "", `rates "taste", and the drivers of`},
		{"it is left out", head + "rating.taste\n9,2026-01-05,4\n", "rating.taste=-", ""},
		{"a declared one", head + "rating.delivery\n9,2026-01-05,4\n", "", ""},
		{"in capitals", head + "Rating: Delivery\n9,2026-01-05,4\n", "", ""},
		{"twice", head + "rating.delivery,rating:delivery\n9,2026-01-05,4,4\n", "", `two columns rate "delivery"`},
		{"no name", head + "rating.\n9,2026-01-05,4\n", "", "names no driver"},
		{"off the scale", head + "rating.delivery\n9,2026-01-05,7\n", "", "nothing was stored"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := storetest.Open(t, store.SQLite)
			b := newImportBench(t, s)
			survey := storetest.Survey(t, s, b.w.ID, surveys.NPS)
			survey.Name, survey.Drivers = "Rated", []surveys.Driver{{Key: "delivery", Names: map[string]string{"en": "Delivery"}, Scale: surveys.RatingFive}}
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
			flags := []string{"--survey", "Rated"}
			if c.flag != "" {
				flags = append(flags, "--map", c.flag)
			}
			_, _, err := b.run(c.file, flags...)
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}
