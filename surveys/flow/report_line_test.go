package flow_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// said is one answer of a small survey.
type said struct {
	ago, score int
	plan       string
}

// hamlet is a survey of some answers.
func hamlet(t *testing.T, s *store.Store, w surveys.Workspace, answers []said) surveys.Survey {
	t.Helper()
	survey := storetest.Survey(t, s, w.ID, surveys.NPS)
	list := make([]surveys.Response, len(answers))
	for i, a := range answers {
		r := storetest.Response(t, s, survey, a.score)
		r.Day -= a.ago
		r.AnsweredAt = surveys.DayStart(r.Day).Add(12 * time.Hour)
		r.Segments["plan"] = a.plan
		list[i] = r
	}
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, list) })
	return survey
}

// ladder is a report at every step that a guest can choose.
func ladder(t *testing.T, s *store.Store, w flow.Office, survey surveys.Survey, q flow.ReportQuery) []flow.SurveyReport {
	t.Helper()
	today := analysis.DayOf(s.Now(), w.Zone)
	var all []flow.SurveyReport
	for by, reach := range map[analysis.Bucketing]analysis.Day{analysis.ByDay: 90, analysis.ByWeek: 365, analysis.ByMonth: 730, analysis.ByQuarter: 1825} {
		q.From, q.To, q.TrendFrom, q.Interval = today-89, today+1, by.Start(today+1-reach), by
		got, err := flow.NewReports(s).Read(context.Background(), w, survey, q)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, got)
	}
	return all
}

// signature names the scores that a guest is shown and that hold an answer of a day.
func signature(all []flow.SurveyReport, day analysis.Day) string {
	var parts []string
	see := func(shown bool, from, to analysis.Day) {
		if shown && day >= from && day < to {
			parts = append(parts, fmt.Sprint(from, to))
		}
	}
	for _, by := range analysis.Bucketings() {
		for _, r := range all {
			if r.Bucketing != by {
				continue
			}
			see(r.Score != nil, r.From, r.To)
			if p := r.Previous; p != nil {
				see(p.Score != nil, p.From, p.To)
			}
			for _, p := range append(r.Trend[:len(r.Trend):len(r.Trend)], r.Earlier...) {
				see(p.Score != nil, p.Start, min(by.Next(p.Start), r.To))
			}
		}
	}
	return fmt.Sprint(parts)
}

// drawn are the trends, by step.
func drawn(all []flow.SurveyReport) map[analysis.Bucketing][2][]analysis.TrendPoint {
	lines := make(map[analysis.Bucketing][2][]analysis.TrendPoint)
	for _, r := range all {
		lines[r.Bucketing] = [2][]analysis.TrendPoint{r.Trend, r.Earlier}
	}
	return lines
}

// TestGuestsLineTellsNoMoreThanTheDots is the attacker who can turn a smoothed line
// back into what it was drawn through: scores change places among answers that lie
// in the same shown scores and in no others, so that a guest's dots stay as they
// were. If any line moved, it would tell of what is hidden.
func TestGuestsLineTellsNoMoreThanTheDots(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	moved, lines := 0, 0
	for seed := range uint64(24) {
		draw := rand.New(rand.NewPCG(seed, 5))
		w := storetest.Workspace(t, s)
		w.Segments = []string{"plan"}
		o := flow.Office{Workspace: w, Zone: w.Location()}
		q := flow.ReportQuery{Guest: true}
		if seed%3 == 1 {
			q.Filters = surveys.Filters{{Key: "plan", Value: "pro"}}
		}
		if seed%4 == 3 {
			q.Against = analysis.YearBefore
		}
		answers := make([]said, 15+draw.IntN(90))
		for i := range answers {
			answers[i] = said{int(float64(60+draw.IntN(500)) * draw.Float64() * draw.Float64()), draw.IntN(11), []string{"pro", "free"}[draw.IntN(5)/4]}
		}
		before := ladder(t, s, o, hamlet(t, s, w, answers), q)
		today := analysis.DayOf(s.Now(), o.Zone)
		places := make(map[string][]int)
		for i, a := range answers {
			name := signature(before, today-analysis.Day(a.ago))
			if len(q.Filters) > 0 {
				name += a.plan
			}
			places[name] = append(places[name], i)
		}
		swapped := append([]said(nil), answers...)
		for _, list := range places {
			for i, j := range draw.Perm(len(list)) {
				if swapped[list[i]].score = answers[list[j]].score; answers[list[i]].score != answers[list[j]].score {
					moved++
				}
			}
		}
		was, is := drawn(before), drawn(ladder(t, s, o, hamlet(t, s, w, swapped), q))
		for _, by := range analysis.Bucketings() {
			for k := range was[by] {
				for i, p := range was[by][k] {
					if p.Smooth != nil {
						lines++
					}
					if !reflect.DeepEqual(p, is[by][k][i]) {
						t.Fatalf("survey %d, by %s: a guest learns of hidden answers from %s: %+v, %+v", seed, by, p.Start, p, is[by][k][i])
					}
				}
			}
		}
	}
	if moved < 200 || lines < 200 {
		t.Errorf("only %d scores changed places, under %d points of lines", moved, lines)
	}
}

// TestLineOfFewAnswersAWeek: of two answers a week no day's and no week's score is
// shown; the line goes through weeks taken together, for a guest through the months
// that are one press away.
func TestLineOfFewAnswersAWeek(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	w := storetest.Workspace(t, s)
	o := flow.Office{Workspace: w, Zone: w.Location()}
	var answers []said
	for week, score := range []int{10, 10, 10, 0, 0, 10, 10, 0, 10, 0, 0, 10} {
		answers = append(answers, said{7 * week, score, ""}, said{7 * week, score, ""})
	}
	survey := hamlet(t, s, w, answers)
	for _, guest := range []bool{true, false} {
		for _, r := range ladder(t, s, o, survey, flow.ReportQuery{Guest: guest}) {
			points := 0
			for _, p := range r.Trend {
				if p.N < 5 && p.Score != nil {
					t.Errorf("guest %v, by %s: the score of %d answers is shown", guest, r.Bucketing, p.N)
				}
				if p.Smooth != nil {
					points++
				}
			}
			if points == 0 {
				t.Errorf("guest %v, by %s: no line", guest, r.Bucketing)
			}
		}
	}
}

// TestGuestsLineStaysWhereItLearns: weeks of two answers of which only February's make
// up a month. A guest's line by week learns from those, and says nothing of the weeks
// before: where December ends, there a week does not.
func TestGuestsLineStaysWhereItLearns(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite) // it is Monday, 2 March
	w := storetest.Workspace(t, s)
	o := flow.Office{Workspace: w, Zone: w.Location()}
	today := analysis.DayOf(s.Now(), o.Zone)
	var answers []said
	for week := range 10 {
		tuesday := analysis.DateDay(2025, 12, 16) + 7*analysis.Day(week)
		sunday := tuesday + 5
		if tuesday == analysis.DateDay(2026, 1, 27) {
			sunday-- // 31 January: the month's answers end with the week's
		}
		answers = append(answers, said{int(today - tuesday), 10 - week, ""}, said{int(today - sunday), 10, ""})
	}
	for _, r := range ladder(t, s, o, hamlet(t, s, w, answers), flow.ReportQuery{Guest: true}) {
		if r.Bucketing != analysis.ByWeek {
			continue
		}
		var under []string
		for _, p := range r.Trend {
			if p.Smooth != nil {
				under = append(under, p.Start.String())
			}
		}
		if want := []string{"2026-02-02", "2026-02-09", "2026-02-16"}; !reflect.DeepEqual(under, want) {
			t.Errorf("the line is over the weeks of %v, want %v", under, want)
		}
	}
}
