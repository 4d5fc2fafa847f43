package office

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// Every metric's report tells the mean with its interval, and that of effort on 1–7
// the index: on the page, in its file and in the overview's, as the library has them.
func TestReportTellsTheMeanAndTheIndex(t *testing.T) {
	t.Parallel()
	for metric, scores := range map[surveys.Metric][]int{
		surveys.CES: {7, 7, 6, 4, 2}, surveys.CES5: {1, 1, 2, 4}, surveys.CSAT: {5, 4, 4, 1}, surveys.NPS: {10, 9, 7, 0},
	} {
		t.Run(string(metric), func(t *testing.T) {
			t.Parallel()
			x := onSQLite(t)
			survey := storetest.Survey(t, x.store, x.w.ID, metric)
			x.answers(survey, many(60, 2, "pro", scores...)...)
			var counts surveys.Counts
			for i := range 60 {
				counts[scores[i%len(scores)]]++
			}
			want, err := analysis.Score(metric, counts, 0.95)
			if err != nil {
				t.Fatal(err)
			}
			m := x.as(surveys.Viewer)
			p := m.get("/surveys/" + survey.ID)
			places := 2
			if want.MeanIn.High-want.MeanIn.Low >= 1 { // a second decimal would say nothing
				places = 1
			}
			p.says("#answers .averages", fmt.Sprintf("Mean %.*f (%.*f to %.*f)", places, want.Mean, places, want.MeanIn.Low, places, want.MeanIn.High))
			p.has("#answers .averages .method", 1)
			figures := 1
			if want.Index != nil {
				figures = 2
				p.says("#answers .averages", fmt.Sprintf("Index %.0f (%.0f to %.0f)", want.Index.Score, want.Index.Low, want.Index.High))
			}
			p.has("#answers .averages b a", figures)
			m.get(p.Find("#answers .averages b a").AttrOr("href", "")).says("h1", "60 answers")
			for _, path := range []string{"/surveys/" + survey.ID + "/chart/answers.csv", "/scores/chart/scores.csv"} {
				rows := file(t, m.download(path).Body.String())
				column := slices.Index(rows[0], "mean")
				if column < 0 || rows[1][column] != strconv.FormatFloat(want.Mean, 'f', -1, 64) {
					t.Errorf("%s: the mean stands not under column %d of %v", path, column, rows[:2])
				}
			}
		})
	}
}

// Whoever may not see the score sees no mean.
func TestHiddenReportHasNoMean(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.CES)
	x.answers(survey, many(4, 2, "pro", 7)...)
	x.as(surveys.Viewer).get("/surveys/"+survey.ID).has(".averages", 0)
}
