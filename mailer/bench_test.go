package mailer

import (
	"io"
	"net/smtp"
	"sync"
	"testing"

	"github.com/harkhq/hark/mailer/smtptest"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// BenchmarkDispatch mails invitations from a store to a server in this process:
// claim, compose, commit, deliver, commit. Compare it with BenchmarkSink.
func BenchmarkDispatch(b *testing.B) {
	for _, dialect := range storetest.Dialects() {
		b.Run(string(dialect), func(b *testing.B) {
			o := newOffice(b, storetest.Open(b, dialect))
			o.inviteMany(b.N)
			server := smtptest.New(b)
			d := dispatcher(b, o.store, transportTo(b, server.Addr(), patient()), nil)
			b.ResetTimer()
			n, err := runOnce(b.Context(), d)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "letters/s")
			if err != nil || n != b.N || len(server.Messages()) != n {
				b.Fatalf("mailed %d, %v, arrived %d, want %d", n, err, len(server.Messages()), b.N)
			}
		})
	}
}

// BenchmarkSink gives the same server the same bytes over as many connections
// by the standard library's client: what the server and the network take.
func BenchmarkSink(b *testing.B) {
	const connections = 4
	server := smtptest.New(b)
	c, err := testComposer(b, storetest.Start).Compose(b.Context(), asking())
	if err != nil {
		b.Fatal(err)
	}
	work := make(chan struct{}, b.N)
	for range b.N {
		work <- struct{}{}
	}
	close(work)
	b.ResetTimer()
	var all sync.WaitGroup
	for range connections {
		all.Go(func() {
			client, err := smtp.Dial(server.Addr())
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
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "letters/s")
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

// BenchmarkCompose writes letters.
func BenchmarkCompose(b *testing.B) {
	c := testComposer(b, storetest.Start)
	a := asking()
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
