package store_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// durableStore is a migrated store with the settings of production.
func durableStore(b *testing.B, dialect store.Dialect) *store.Store {
	b.Helper()
	if dialect == store.SQLite {
		return storetest.OpenAt(b, dialect, time.Now)
	}
	s := storetest.OpenURL(b, storetest.Durable(b), time.Now)
	if err := s.Migrate(context.Background()); err != nil {
		b.Fatal(err)
	}
	return s
}

// benchResponses makes answers as a busy survey gets them: six segment keys
// beside everybody, so seven rollup rows each.
func benchResponses(b *testing.B, s *store.Store, survey surveys.Survey, n int) []surveys.Response {
	b.Helper()
	list := make([]surveys.Response, n)
	for i := range list {
		r := storetest.Response(b, s, survey, i%11)
		if i%4 == 0 {
			r.Comment = "The coffee was warm, the driver was friendly, the box was dented."
		}
		for key, values := range map[string]int{"plan": 3, "country": 9, "product": 5, "agent": 12} {
			r.Segments[key] = fmt.Sprint(key, " ", i%values)
		}
		list[i] = r
	}
	return list
}

// BenchmarkIngest measures durably accepted answers per second, each with an
// idempotency key, from 64 submitters at once; and beside it, in the same run
// on the same database, what a plain single-row INSERT per request reaches.
func BenchmarkIngest(b *testing.B) {
	for _, dialect := range storetest.Dialects() {
		s := durableStore(b, dialect)
		survey := storetest.Survey(b, s, storetest.Workspace(b, s).ID, surveys.NPS)
		b.Run(string(dialect)+"/submit-64", func(b *testing.B) {
			in := store.NewIngest(s, nil)
			defer in.Close()
			list := benchResponses(b, s, survey, b.N)
			var next atomic.Int64
			b.SetParallelism(64 / 2) // by GOMAXPROCS
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					r := list[next.Add(1)-1]
					once := &store.Once{Key: store.OnceKey("bench", r.ID), Body: []byte{1}, ExpiresAt: s.Now().Add(time.Hour)}
					if _, err := in.Submit(context.Background(), store.Submission{Response: r, Once: once}); err != nil {
						b.Error(err)
						return
					}
				}
			})
			pipelined, careful := in.Batches()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "answers/s")
			b.ReportMetric(float64(b.N)/float64(pipelined+careful), "answers/batch")
		})
		b.Run(string(dialect)+"/insert-64", func(b *testing.B) {
			list := benchResponses(b, s, survey, b.N)
			var next atomic.Int64
			b.SetParallelism(64 / 2)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := store.InsertOne(context.Background(), s, list[next.Add(1)-1]); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "answers/s")
		})
		b.Run(string(dialect)+"/add-10000", func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				list := benchResponses(b, s, survey, 10_000)
				b.StartTimer()
				if err := s.InTx(context.Background(), func(tx *store.Tx) error { return tx.AddResponses(context.Background(), list) }); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(10_000*float64(b.N)/b.Elapsed().Seconds(), "answers/s")
		})
		b.Run(string(dialect)+"/recount", func(b *testing.B) {
			for range b.N {
				if differences, err := s.Recount(context.Background(), survey.WorkspaceID); err != nil {
					b.Fatal(differences, err)
				}
			}
		})
	}
}
