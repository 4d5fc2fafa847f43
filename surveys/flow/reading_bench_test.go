package flow

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// BenchmarkReadComments reads 10,000 new comments with the themes for shops,
// and stores what was read.
func BenchmarkReadComments(b *testing.B) {
	const comments = 10_000
	for _, dialect := range storetest.Dialects() {
		b.Run(string(dialect), func(b *testing.B) {
			s := storetest.Open(b, dialect)
			ctx, w := context.Background(), storetest.Workspace(b, s)
			survey := storetest.Survey(b, s, w.ID, surveys.NPS)
			set, err := themes.StarterSet(themes.Commerce, "en")
			if err != nil {
				b.Fatal(err)
			}
			list := make([]surveys.Response, comments)
			for i := range list {
				list[i] = storetest.Response(b, s, survey, i%11)
				list[i].AnsweredAt = list[i].AnsweredAt.Add(-time.Duration(i) * 10 * time.Minute)
				list[i].Day = surveys.Day(list[i].AnsweredAt, time.UTC)
				list[i].Comment = fmt.Sprintf("The parcel came %d days late and the box was damaged, but the coffee itself was good and worth its price.", i%9)
			}
			storetest.Write(b, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, list) })
			n := 0
			for b.Loop() {
				n++ // other keywords each time, so that all is read again
				set[0].Keywords[0] = fmt.Sprintf("delivery%d", n)
				storetest.Write(b, s, func(ctx context.Context, tx *store.Tx) error { return tx.SetThemes(ctx, w.ID, set) })
				if err := readComments(ctx, s, w.ID); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(comments*n)/b.Elapsed().Seconds(), "comments/s")
		})
	}
}
