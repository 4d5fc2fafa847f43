package northwind_test

import (
	"context"
	"testing"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow/northwind"
	"github.com/harkhq/hark/surveys/store"
)

// report builds a survey's report of a period from the rollups, as the office
// does, split by plan and with every other key for the mix.
func report(t *testing.T, f filled, survey surveys.Survey, period northwind.Span) analysis.Report {
	t.Helper()
	s, story := f.store, f.story
	ctx, ws := context.Background(), story.Workspace.ID
	in := analysis.Input{Metric: survey.Metric, From: analysis.Day(period.From), To: analysis.Day(period.To), By: "plan", Mix: map[string]map[string][]analysis.DayCounts{}}
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
	r, err := analysis.Build(in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
