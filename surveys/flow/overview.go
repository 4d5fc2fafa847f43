package flow

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// Spans of the overview, in days.
const (
	OverviewDays   = 90  // what a survey's score is of
	overviewCourse = 364 // how far its course reaches back
)

// Line is one survey in the overview. Of the report's dated changes only those
// within the 90 days may be told: the mix of older ones was not asked.
type Line struct {
	Survey surveys.Survey
	Report analysis.Report
	Asked  *analysis.Asked // of the invitations that had time to be answered; nil when nobody was invited
}

// Overview is the report, without its segments, and the response rate of many
// surveys' last 90 days, in their order. All counts are read at once, and the reports are built on every
// processor; only where a change stands to be told is a survey read again, with
// the segments that its mix is asked for.
func (r *Reports) Overview(ctx context.Context, w Office, list []surveys.Survey) ([]Line, error) {
	q, err := r.overviewQuery(w)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(list))
	lines := make([]Line, len(list))
	for i, survey := range list {
		ids[i], lines[i].Survey = survey.ID, survey
	}
	filter := store.OverviewFilter{Surveys: ids, From: int(monday(q.TrendFrom - reportHistory)), To: int(q.To), Daily: int(monday(q.From - (q.To - q.From)))}
	days, err := r.store.Overview(ctx, w.ID, filter)
	if err != nil {
		return nil, err
	}
	rates, err := r.responseRates(ctx, w, ids, q.From)
	if err != nil {
		return nil, err
	}
	errs := make([]error, len(lines))
	each(len(lines), func(i int) { lines[i].Report, errs[i] = r.line(ctx, w, lines[i].Survey, q, days[ids[i]]) })
	for i := range lines {
		if errs[i] != nil {
			return nil, errs[i]
		}
		if rate, ok := rates[ids[i]]; ok && rate.Invited > 0 {
			lines[i].Asked = &rate
		}
	}
	return lines, nil
}

// overviewQuery is the one report of every survey. Its course begins on a Monday,
// because all that is older than the period before is summed up by week.
func (r *Reports) overviewQuery(w Office) (ReportQuery, error) {
	to := analysis.DayOf(r.store.Now(), w.Zone) + 1
	return ReportQuery{From: to - OverviewDays, To: to, TrendFrom: monday(to - overviewCourse), Interval: analysis.ByWeek}.normal(w, r.store.Now())
}

func (r *Reports) line(ctx context.Context, w Office, survey surveys.Survey, q ReportQuery, days []analysis.DayCounts) (analysis.Report, error) {
	report, err := analysis.Build(analysis.Input{Metric: survey.Metric, From: q.From, To: q.To, TrendFrom: q.TrendFrom, Bucketing: q.Interval, Days: days})
	if err != nil {
		return report, fmt.Errorf("build the line of %s: %w", survey, err)
	}
	if asksMix(report, q.From) {
		return r.Report(ctx, w, survey, q)
	}
	return report, nil
}

// monday is the first day of a day's week. Day 0 was a Thursday.
func monday(day analysis.Day) analysis.Day { return day - (day+3)%7 }

// each calls do for 0 to n−1, on every processor.
func each(n int, do func(i int)) {
	var workers sync.WaitGroup
	next := make(chan int, n)
	for i := range n {
		next <- i
	}
	close(next)
	for range min(n, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	workers.Wait()
}
