package flow_test

import (
	"context"
	"strconv"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// BenchmarkReport reads a quarter's report with a split, over two years of
// counts by day under two keys of ten values each. How many answers are behind
// a count makes no difference.
func BenchmarkReport(b *testing.B) {
	for _, dialect := range storetest.Dialects() {
		b.Run(string(dialect), func(b *testing.B) {
			s := storetest.Open(b, dialect)
			w := storetest.Workspace(b, s)
			survey := storetest.Survey(b, s, w.ID, surveys.NPS)
			var list []surveys.Response
			for i := range 730 * 10 {
				r := storetest.Response(b, s, survey, i*7%11)
				r.Day -= i / 10
				r.Segments["plan"], r.Segments["country"] = "plan "+strconv.Itoa(i%10), "country "+strconv.Itoa(i/3%10)
				list = append(list, r)
			}
			storetest.Write(b, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, list) })
			reports, office := flow.NewReports(s), flow.Office{Workspace: w, Zone: w.Location()}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := reports.Report(context.Background(), office, survey, flow.ReportQuery{By: "plan"}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
