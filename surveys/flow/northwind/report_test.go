package northwind_test

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow/northwind"
	"github.com/harkhq/hark/surveys/store"
)

// report builds a survey's report of a period from the rollups, as the office
// does, split by plan and with every other key for the mix.
func report(t *testing.T, f filled, survey surveys.Survey, period northwind.Span) analysis.Report {
	t.Helper()
	return build(t, answers(t, f, survey), period)
}

func build(t *testing.T, in analysis.Input, period northwind.Span) analysis.Report {
	t.Helper()
	in.From, in.To = analysis.Day(period.From), analysis.Day(period.To)
	r, err := analysis.Build(in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// answers are a survey's, of the whole year.
func answers(t *testing.T, f filled, survey surveys.Survey) analysis.Input {
	t.Helper()
	s, story := f.store, f.story
	ctx, ws := context.Background(), story.Workspace.ID
	in := analysis.Input{Metric: survey.Metric, By: "plan", Mix: map[string]map[string][]analysis.DayCounts{}}
	keys, err := s.SegmentKeys(ctx, ws, survey.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range append(keys, "") {
		rollups, err := s.Rollups(ctx, ws, store.RollupFilter{SurveyID: survey.ID, Key: key, From: story.Year.From, To: story.Year.To})
		if err != nil {
			t.Fatal(err)
		}
		values := make(map[string][]analysis.DayCounts)
		for _, r := range rollups {
			values[r.Value] = append(values[r.Value], analysis.DayCounts{Day: analysis.Day(r.Day), Counts: r.Counts})
		}
		switch key {
		case "":
			in.Days = values[""]
		case "plan":
			in.Segments = values
		default:
			in.Mix[key] = values
		}
	}
	return in
}

// monday is a report that somebody read on a Monday.
type monday struct {
	day     int
	verdict analysis.Verdict
}

// mondays reads the report of the last so many days on every Monday of the year
// up to which there are as many days, twice.
func mondays(t *testing.T, f filled, survey surveys.Survey, days int) []monday {
	t.Helper()
	in := answers(t, f, survey)
	var list []monday
	for day := f.story.Year.From + 2*days; day <= f.story.Year.To; day++ {
		if surveys.DayStart(day).Weekday() == time.Monday {
			list = append(list, monday{day, build(t, in, northwind.Span{From: day - days, To: day}).Verdict})
		}
	}
	return list
}

// testMondays walks the year: what is planted is told in its time, and nothing
// else ever is.
func testMondays(t *testing.T, f filled) {
	for _, days := range []int{28, 90} {
		for _, m := range mondays(t, f, f.story.CSAT, days) {
			switch m.verdict.Kind {
			case analysis.Rise, analysis.Fall, analysis.Mixed:
				t.Errorf("the steady satisfaction over %d days, on %s: %s", days, analysis.Day(m.day), m.verdict.Text)
			}
		}
		testDropMondays(t, f, mondays(t, f, f.story.NPS, days), days)
	}
	// The campaign is over in as many weeks as the shorter report looks back.
	for _, m := range mondays(t, f, f.story.NPS, 28) {
		gifts := m.day >= f.story.Gifts.To-7 && m.day <= f.story.Gifts.To
		if gifts && m.verdict.Kind != analysis.Mixed {
			t.Errorf("the campaign is told of on %s as %q: %s", analysis.Day(m.day), m.verdict.Kind, m.verdict.Text)
		}
		if m.day < f.story.Gifts.From && m.verdict.Kind == analysis.Mixed {
			t.Errorf("on %s, before the campaign: %s", analysis.Day(m.day), m.verdict.Text)
		}
	}
}

// testDropMondays: the drop is told of soon after it happened, with its date and
// its segment; until then there is no change, and afterwards no other one.
func testDropMondays(t *testing.T, f filled, list []monday, days int) {
	soon, named, right := 0, 0, 0
	for _, m := range list {
		v, on := m.verdict, analysis.Day(m.day)
		switch {
		case v.Kind == analysis.Rise:
			t.Errorf("%d days, on %s: %s", days, on, v.Text)
		case v.Kind != analysis.Fall:
		case m.day <= f.story.Drop, m.day > f.story.Drop+2*days, v.Since == nil || math.Abs(float64(int(*v.Since)-f.story.Drop)) > 14:
			t.Errorf("%d days, on %s, %d days after the drop: %s", days, on, m.day-f.story.Drop, v.Text)
		default:
			if soon == 0 {
				soon = m.day - f.story.Drop
			}
			if v.Where != nil {
				named++
				if v.Where.Key == "plan" && v.Where.Value == "subscription" {
					right++
				}
			}
		}
	}
	// Of 90 days so many must lie after the drop that it moves all of them by 5 points.
	if soon == 0 || soon > 28+days*4/10 {
		t.Errorf("%d days: the drop is told of after %d days", days, soon)
	}
	// A neighbouring segment may stand out for a week.
	if right == 0 || right < named-1 {
		t.Errorf("%d days: of %d reports that name a segment, %d name the subscribers", days, named, right)
	}
}
