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

// TestBriefSaysTheSame: over years of every kind the verdict of a brief report is
// that of the whole one.
func TestBriefSaysTheSame(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	w := storetest.Workspace(t, s)
	office, reports := flow.Office{Workspace: w, Zone: w.Location()}, flow.NewReports(s)
	draw := rand.New(rand.NewPCG(4, 4))
	seen := map[analysis.VerdictKind]int{}
	for i := range 9 {
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		shift, mix := []float64{0, .12, -.25}[i/3], []float64{.4, .5, .95}[i%3]
		var list []surveys.Response
		for ago := range 7 * 52 {
			pro, good := .5, .5
			if ago < 91 {
				pro, good = mix, .5+shift
			}
			for range 4 {
				r, plan, happy := storetest.Response(t, s, survey, 10), "basic", good
				if draw.Float64() < pro {
					plan, happy = "pro", good-.35
				}
				if draw.Float64() > happy {
					r.Score = []int{3, 8}[draw.IntN(2)]
				}
				r.Day, r.Segments["plan"] = r.Day-ago, plan
				list = append(list, r)
			}
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, list) })
		whole, err := reports.Report(context.Background(), office, survey, flow.ReportQuery{})
		if err != nil {
			t.Fatal(err)
		}
		brief, err := reports.Brief(context.Background(), office, survey, flow.ReportQuery{})
		if err != nil {
			t.Fatal(err)
		}
		if brief.Verdict.Kind != whole.Verdict.Kind || brief.Verdict.Text != whole.Verdict.Text || brief.N != whole.N || *brief.Score != *whole.Score {
			t.Errorf("brief: %s %q, whole: %s %q", brief.Verdict.Kind, brief.Verdict.Text, whole.Verdict.Kind, whole.Verdict.Text)
		}
		seen[whole.Verdict.Kind]++
	}
	if seen[analysis.Normal] == 0 || seen[analysis.Fall] == 0 || seen[analysis.Mixed] == 0 {
		t.Errorf("not every kind of year was tried: %v", seen)
	}
	if _, err := reports.Brief(context.Background(), office, surveys.Survey{WorkspaceID: w.ID, Metric: surveys.NPS}, flow.ReportQuery{From: 10, To: 5}); surveys.KindOf(err) != surveys.Invalid {
		t.Errorf("a query that cannot be meant: %v", err)
	}
}
