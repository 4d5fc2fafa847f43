package store_test

import (
	"cmp"
	"context"
	"slices"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestBandDaysAreTheRollups: by band, they say what the rollups say, whatever the
// values look like.
func TestBandDaysAreTheRollups(t *testing.T) {
	t.Parallel()
	plans := []string{"pro", "free", "1 2 3 4 5", " ", "  leads and trails  ", "两 个 字", "e\u0301 combining", "a\nline", "it's, \"quoted\"; --", "🙂🙂", "0"}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		for _, metric := range surveys.Metrics() {
			survey, scale := storetest.Survey(t, s, w.ID, metric), metric.Scale()
			var list []surveys.Response
			for i := range 200 {
				choices := scale.Choices()
				r := storetest.Response(t, s, survey, choices[i*7%len(choices)])
				r.Day, r.Segments = 20_000+i/20, map[string]string{"plan": plans[i*3%len(plans)]}
				list = append(list, r)
			}
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, list) })
			filter := store.RollupFilter{SurveyID: survey.ID, Key: "plan", From: 20_001, To: 20_008}
			rollups, err := s.Rollups(ctx, w.ID, filter)
			if err != nil || len(rollups) < 7 {
				t.Fatalf("%d rollups (%v)", len(rollups), err)
			}
			var want []store.BandDay
			for _, one := range rollups {
				day := store.BandDay{Day: one.Day, Value: one.Value}
				for score, n := range one.Counts {
					switch {
					case n == 0:
					case scale.Band(score) == scale.Good:
						day.Good += n
					case scale.Band(score) == scale.Bad:
						day.Bad += n
					default:
						day.Middle += n
					}
				}
				want = append(want, day)
			}
			got, err := s.BandDays(ctx, w.ID, filter, scale)
			slices.SortFunc(got, byDayAndValue)
			slices.SortFunc(want, byDayAndValue)
			same(t, string(metric), want)(got, err)
		}
		same(t, "a survey without answers", []store.BandDay(nil))(s.BandDays(ctx, w.ID, store.RollupFilter{SurveyID: storetest.ID(t, s), Key: "plan", To: 30_000}, surveys.NPS.Scale()))
	})
}

func byDayAndValue(a, b store.BandDay) int {
	return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Value, b.Value))
}
