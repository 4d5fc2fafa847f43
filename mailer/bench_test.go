package mailer

import (
	"io"
	"net/smtp"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/harkhq/hark/mailer/smtptest"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// benchConnections is how many connections the benchmarks keep open.
const benchConnections = 10

// BenchmarkDispatch mails invitations from a store to a server in this process:
// claim, compose, commit, deliver, commit. Beside the letters a second it
// reports the ratio to a bare loop that sends as many ready bytes of the same
// size over as many reused connections to the same server, right after.
func BenchmarkDispatch(b *testing.B) {
	for _, dialect := range storetest.Dialects() {
		b.Run(string(dialect), func(b *testing.B) {
			o := newOffice(b, storetest.Open(b, dialect))
			o.inviteMany(b.N)
			sink := smtptest.NewSink(b)
			d := dispatcher(b, o.store, transportTo(b, sink.Addr(), patient()), func(o *DispatcherOptions) { o.Workers = benchConnections })
			before := processorTime(b)
			b.ResetTimer()
			n, err := runOnce(b.Context(), d)
			b.StopTimer()
			b.ReportMetric(float64((processorTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/letter")
			if err != nil || n != b.N || sink.Mails() != int64(b.N) {
				b.Fatalf("mailed %d, %v, arrived %d, want %d", n, err, sink.Mails(), b.N)
			}
			rate := float64(b.N) / b.Elapsed().Seconds()
			b.ReportMetric(rate, "letters/s")
			b.ReportMetric(rate/bare(b, sink, b.N), "÷bare")
		})
	}
}

// processorTime is what this process has taken of the processors: on a busy
// machine it says more than the clock. A PostgreSQL server's is not in it.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkSink is the bare loop alone: what the server and the network take.
func BenchmarkSink(b *testing.B) {
	sink, before := smtptest.NewSink(b), processorTime(b)
	b.ReportMetric(bare(b, sink, b.N), "letters/s")
	b.ReportMetric(float64((processorTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/letter")
}

// bare sends n copies of a composed letter by the standard library's client and
// returns how many it sent in a second.
func bare(b *testing.B, sink *smtptest.Sink, n int) float64 {
	c, err := testComposer(b, storetest.Start).Compose(b.Context(), asking())
	if err != nil {
		b.Fatal(err)
	}
	work := make(chan struct{}, n)
	for range n {
		work <- struct{}{}
	}
	close(work)
	begun := time.Now()
	var all sync.WaitGroup
	for range benchConnections {
		all.Go(func() {
			client, err := smtp.Dial(sink.Addr())
			if err != nil {
				b.Error(err)
				return
			}
			defer client.Close()
			for range work {
				if err := pour(client, c); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	return float64(n) / time.Since(begun).Seconds()
}

// pour sends one letter on an open connection.
func pour(client *smtp.Client, c Composed) error {
	if err := client.Mail(c.Letter.Sender); err != nil {
		return err
	}
	if err := client.Rcpt(c.Letter.Recipient); err != nil {
		return err
	}
	w, err := client.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(c.Letter.Message); err != nil {
		return err
	}
	return w.Close()
}

// BenchmarkCompose writes letters of one edition.
func BenchmarkCompose(b *testing.B) {
	c := testComposer(b, storetest.Start)
	a := asking()
	a.Edition = new(Edition)
	b.ReportAllocs()
	for b.Loop() {
		composed, err := c.Compose(b.Context(), a)
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Discard.Write(composed.Letter.Message)
		b.SetBytes(int64(len(composed.Letter.Message)))
	}
}
