package flow

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// BenchmarkFirstReading is the whole job that reads comments for the first time, on an SQLite file:
// HARK_READ_COMMENTS of them (5,000 unless told), with themes and without, and how
// many it reads a second. Run it with -benchtime=1x.
func BenchmarkFirstReading(b *testing.B) {
	n := 5000
	if asked, err := strconv.Atoi(os.Getenv("HARK_READ_COMMENTS")); err == nil {
		n = asked
	}
	for _, themed := range []string{"themes", "index-only"} {
		b.Run(themed, func(b *testing.B) {
			for range b.N {
				s := storetest.OpenAt(b, store.SQLite, time.Now)
				w := storetest.Workspace(b, s)
				survey := storetest.Survey(b, s, w.ID, surveys.NPS)
				if themed == "themes" {
					storetest.Theme(b, s, w.ID)
				}
				writeComments(b, s, survey, n)
				began := time.Now()
				if err := readComments(b.Context(), s, w.ID); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(n)/time.Since(began).Seconds(), "comments/s")
			}
		})
	}
}

// writeComments stores comments of a year.
func writeComments(b *testing.B, s *store.Store, survey surveys.Survey, n int) {
	b.Helper()
	r := rand.New(rand.NewPCG(1, 1))
	for done := 0; done < n; done += 1000 {
		list := make([]surveys.Response, min(1000, n-done))
		for i := range list {
			list[i] = storetest.Response(b, s, survey, r.IntN(11))
			list[i].AnsweredAt = s.Now().Add(-time.Duration(r.Int64N(int64(365 * 24 * time.Hour))))
			list[i].Day = surveys.Day(list[i].AnsweredAt, time.UTC)
			for range 8 + r.IntN(8) {
				list[i].Comment += fmt.Sprintf("w%d ", int(50/(r.Float64()+0.005))) // few words often, many seldom
			}
			list[i].Comment += "the parcel was late"
		}
		storetest.Write(b, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, list) })
	}
}
