package flow_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// crowd is a year of answers of which the newest differ from the others.
type crowd struct {
	days, each int
	newest     int     // how many days differ
	pro        float64 // the share of pro customers then; half before
	better     float64 // how many more are happy then
	spell      int     // days before those on which more were happy
}

// answers draws the crowd's. Who is on pro is less happy by far.
func (c crowd) answers(tb testing.TB, s *store.Store, survey surveys.Survey) {
	tb.Helper()
	draw := rand.New(rand.NewPCG(4, 4))
	var list []surveys.Response
	for ago := range c.days {
		pro, good := .5, .5
		if ago < c.newest {
			pro, good = c.pro, good+c.better
		} else if ago < c.newest+c.spell {
			good += .3
		}
		for range c.each {
			r, plan, happy := storetest.Response(tb, s, survey, 10), "basic", good
			if draw.Float64() < pro {
				plan, happy = "pro", good-.35
			}
			if draw.Float64() > happy {
				r.Score = []int{3, 8}[draw.IntN(2)]
			}
			r.Day, r.Segments["plan"], r.Segments["country"] = r.Day-ago, plan, "gb"
			list = append(list, r)
		}
	}
	storetest.Write(tb, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, list) })
}

// TestOverviewIsOfOneMindWithTheReport in every kind of year: about the verdict, and
// about what changed within the period.
func TestOverviewIsOfOneMindWithTheReport(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), storetest.Open(t, store.SQLite)
	w := storetest.Workspace(t, s)
	office, reports := flow.Office{Workspace: w, Zone: w.Location()}, flow.NewReports(s)
	var list []surveys.Survey
	for _, c := range []crowd{
		{days: 364, each: 4}, {364, 4, 91, .95, 0, 0}, {364, 4, 91, .6, .02, 0}, {364, 4, 91, .5, -.25, 0}, {364, 4, 91, .95, -.25, 0}, {364, 8, 49, .5, 0, 91},
	} {
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		c.answers(t, s, survey)
		list = append(list, survey)
	}
	lines, err := reports.Overview(ctx, office, list)
	if err != nil {
		t.Fatal(err)
	}
	seen, changed := map[analysis.VerdictKind]int{}, 0
	for i, line := range lines {
		whole, err := reports.Report(ctx, office, list[i], flow.ReportQuery{TrendFrom: line.Report.Trend[0].Start, Interval: analysis.ByWeek})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := line.Report.Verdict, whole.Verdict; got.Kind != want.Kind || got.Gates.Interval != want.Gates.Interval || got.Gates.Size != want.Gates.Size {
			t.Errorf("%d: %s %+v, its report %s %+v", i, got.Kind, got.Gates, want.Kind, want.Gates)
		}
		got, want := line.Report.Recent(), whole.Recent()
		if (got == nil) != (want == nil) || got != nil && got.At != want.At {
			t.Errorf("%d: changed %+v, its report %+v", i, got, want)
		}
		if seen[whole.Verdict.Kind]++; want != nil {
			changed++
		}
	}
	if seen[analysis.Normal] == 0 || seen[analysis.Fall] == 0 || seen[analysis.Mixed] == 0 || changed == 0 {
		t.Errorf("not every kind of year was tried: %v, %d changed within the period", seen, changed)
	}
}

// TestMixIsAskedUnderAFilter: a move of the mix is not called real because a filter
// stands that lets everybody through, whatever the table below is split by; and is
// told as unread where too many answers would have to be read for that.
func TestMixIsAskedUnderAFilter(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		w.Segments = []string{"plan", "country"}
		office, reports := flow.Office{Workspace: w, Zone: w.Location()}, flow.NewReports(s)
		few, many := storetest.Survey(t, s, w.ID, surveys.NPS), storetest.Survey(t, s, w.ID, surveys.NPS)
		crowd{280, 6, 91, .95, 0, 0}.answers(t, s, few)
		crowd{182, flow.MaxUnasked/182 + 1, 91, .95, 0, 0}.answers(t, s, many)
		gb := surveys.Filters{{Key: "country", Value: "gb"}}
		for name, test := range map[string]struct {
			of   surveys.Survey
			q    flow.ReportQuery
			want analysis.VerdictKind
			gate analysis.Gate
		}{
			"everybody":         {few, flow.ReportQuery{}, analysis.Mixed, analysis.Failed},
			"filtered":          {few, flow.ReportQuery{Filters: gb}, analysis.Mixed, analysis.Failed},
			"by the filter":     {few, flow.ReportQuery{Filters: gb, By: "country"}, analysis.Mixed, analysis.Failed},
			"by the mix":        {few, flow.ReportQuery{Filters: gb, By: "plan"}, analysis.Mixed, analysis.Failed},
			"many":              {many, flow.ReportQuery{Filters: gb}, analysis.Unread, analysis.Unasked},
			"many by the other": {many, flow.ReportQuery{Filters: gb, By: "plan"}, analysis.Mixed, analysis.Failed},
		} {
			got, err := reports.Read(context.Background(), office, test.of, test.q)
			if err != nil {
				t.Fatal(err)
			}
			if got.Verdict.Kind != test.want || got.Verdict.Gates.Mix != test.gate {
				t.Errorf("%s: %s %+v, want %s", name, got.Verdict.Kind, got.Verdict.Gates, test.want)
			}
			if test.want == analysis.Unread && len(got.Changes) > 0 {
				t.Errorf("%s: unread, and dated %v", name, got.Changes)
			}
		}
	})
}
