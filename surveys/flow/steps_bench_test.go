package flow_test

import (
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/flow/northwind"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// BenchmarkWriterBesideJobs is the first minute after the start on a filled
// SQLite file: all background jobs at once, and somebody who writes every 10 ms.
// It tells how long they wait for their transaction: half of the time, at the
// 99th percentile, and at most. Run it with -benchtime=1x.
func BenchmarkWriterBesideJobs(b *testing.B) {
	for range b.N {
		s := storetest.OpenAt(b, store.SQLite, time.Now)
		story, err := northwind.Fill(b.Context(), s, s.Now())
		if err != nil {
			b.Fatal(err)
		}
		user := storetest.User(b, s, story.Workspace.ID, surveys.Agent)
		worker, err := flow.NewWorker(s, slog.New(slog.DiscardHandler), func(string, error) {}, nil, nil)
		if err != nil {
			b.Fatal(err)
		}
		if err := worker.Start(b.Context()); err != nil {
			b.Fatal(err)
		}
		team := flow.NewTeam(s)
		var waits []time.Duration
		refused := 0
		for began := time.Now(); time.Since(began) < time.Minute; time.Sleep(10 * time.Millisecond) {
			before := time.Now()
			if _, err := team.SignInLink(b.Context(), story.Workspace, user.ID); err != nil {
				refused++
			}
			waits = append(waits, time.Since(before))
		}
		if err := worker.StopAndCancel(b.Context()); err != nil {
			b.Fatal(err)
		}
		slices.Sort(waits)
		b.ReportMetric(float64(waits[len(waits)/2].Milliseconds()), "ms-p50")
		b.ReportMetric(float64(waits[len(waits)*99/100].Milliseconds()), "ms-p99")
		b.ReportMetric(float64(waits[len(waits)-1].Milliseconds()), "ms-max")
		b.ReportMetric(float64(len(waits)), "writes")
		b.ReportMetric(float64(refused), "refused")
	}
}
