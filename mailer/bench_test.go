package mailer

import (
	"context"
	"errors"
	"io"
	"net/smtp"
	"os"
	"path/filepath"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/harkhq/hark/mailer/smtptest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// benchConnections is how many connections the benchmarks keep open; another
// number stands in HARK_BENCH_CONNECTIONS.
func benchConnections() int {
	if n, err := strconv.Atoi(os.Getenv("HARK_BENCH_CONNECTIONS")); err == nil {
		return n
	}
	return 10
}

// BenchmarkDispatch mails invitations from a store to a server in this process:
// claim, look up, compose, sign, commit, deliver, commit. Beside the letters a
// second it reports the ratio to a bare loop that signs and sends as many ready
// bytes of the same size over as many reused connections to the same server,
// right after, and the most memory that the process held. With
// HARK_BENCH_QUEUED=1000000 a million are queued, of which b.N are mailed.
func BenchmarkDispatch(b *testing.B) {
	for _, dialect := range storetest.Dialects() {
		for key, name := range []string{"rsa-2048", "ed25519", "unsigned"} {
			b.Run(string(dialect)+"/"+name, func(b *testing.B) { benchmarkDispatch(b, dialect, key) })
		}
	}
}

// benchmarkDispatch signs with one of the two keys of a pair, or with none.
func benchmarkDispatch(b *testing.B, dialect store.Dialect, key int) {
	s, settle := durable(b, dialect)
	o := newOffice(b, s)
	for n, k := range storetest.DKIMKeys(b, o.store, o.workspace.ID, "shop.example", surveys.DKIMSigning) {
		if n != key {
			storetest.Write(b, o.store, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteDKIMKey(ctx, o.workspace.ID, k.ID) })
		}
	}
	queued, _ := strconv.Atoi(os.Getenv("HARK_BENCH_QUEUED"))
	if b.N == 1 { // the trial run, which need not be filled
		queued = 0
	}
	queue(b, o, max(queued, b.N))
	settle()
	sink := smtptest.NewSink(b)
	transport := transportTo(b, sink.Addr(), patient())
	senders, err := NewSenders(SendersOptions{
		Store: o.store, Vault: storetest.Vault(b), From: "feedback@shop.example", Transport: transport,
	})
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	d := dispatcher(b, o.store, nil, func(o *DispatcherOptions) {
		o.Workers, o.Senders, o.Interval = benchConnections(), senders, 0
		o.Observe = func(Outcome) {
			if queued > b.N && sink.Mails() >= int64(b.N) {
				stop()
			}
		}
	})
	p := d.newPass(ctx)
	defer debug.SetGCPercent(debug.SetGCPercent(200)) // as `hark serve` has it
	debug.FreeOSMemory()
	peak := watchMemory()
	before, servers := processorTime(b), serversTime(b)
	b.ResetTimer()
	err = p.run()
	b.StopTimer()
	p.end()
	b.ReportMetric(float64((processorTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/letter")
	b.ReportMetric(float64((serversTime(b)-servers).Microseconds())/float64(b.N), "database-µs/letter")
	b.ReportMetric(peak(), "MB")
	if mails := int(sink.Mails()); err != nil && ctx.Err() == nil || mails != b.N && queued <= b.N {
		b.Fatalf("%v, %d letters arrived, want %d", err, mails, b.N)
	}
	way, err := senders.Way(b.Context(), o.workspace.ID)
	if err != nil {
		b.Fatal(err)
	}
	rate := float64(b.N) / b.Elapsed().Seconds()
	b.ReportMetric(rate, "letters/s")
	b.ReportMetric(rate/bare(b, sink, way.Identity.Signer), "÷bare")
}

// queue schedules n invitations of new people for now: a million in a minute.
func queue(b *testing.B, o office, n int) {
	b.Helper()
	first, now := o.invite(), o.store.Now()
	err := o.store.Load(b.Context(), o.workspace, func(yield func(store.Batch) bool) {
		for left := n - 1; left > 0; left -= 1000 {
			var batch store.Batch
			for range min(left, 1000) {
				next := first
				next.ID, next.PersonID = storetest.ID(b, o.store), storetest.ID(b, o.store)
				next.Email = next.ID + "@customers.example"
				batch.Invitations = append(batch.Invitations, next)
				batch.People = append(batch.People, surveys.Person{
					WorkspaceID: o.workspace.ID, ID: next.PersonID, ExternalID: next.ID, Email: next.Email, Name: "Ada " + next.ID,
					Locale: "en", Traits: map[string]any{"plan": "pro"}, CreatedAt: now, UpdatedAt: now,
				})
			}
			if !yield(batch) {
				return
			}
		}
	})
	if err != nil {
		b.Fatal(err)
	}
}

// durable is a database that waits for the disk as one in use does. When it is
// filled, settle has PostgreSQL look at what its tables hold, as it does by itself
// within minutes: until then it goes through all of a table for a few rows.
func durable(b *testing.B, dialect store.Dialect) (s *store.Store, settle func()) {
	if dialect == store.SQLite {
		return storetest.Open(b, dialect), func() {}
	}
	address := storetest.Durable(b)
	s = storetest.OpenURL(b, address, storetest.Start)
	if err := s.Migrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	return s, func() {
		conn, err := pgx.Connect(b.Context(), address)
		if err != nil {
			b.Fatal(err)
		}
		_, err = conn.Exec(b.Context(), "VACUUM ANALYZE")
		if err := errors.Join(err, conn.Close(b.Context())); err != nil {
			b.Fatal(err)
		}
	}
}

// watchMemory looks at what the process holds until the returned function is
// called, which says the most of it in MB.
func watchMemory() (peak func() float64) {
	done, most := make(chan struct{}), make(chan float64)
	held := func() float64 {
		list := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
		metrics.Read(list)
		return float64(list[0].Value.Uint64()-list[1].Value.Uint64()) / 1e6
	}
	go func() {
		n := held()
		for {
			select {
			case <-time.After(50 * time.Millisecond):
				n = max(n, held())
			case <-done:
				most <- max(n, held())
				return
			}
		}
	}()
	return func() float64 {
		close(done)
		return <-most
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

// serversTime is what the programs that this process has started, and theirs,
// have taken of the processors.
func serversTime(b *testing.B) time.Duration {
	b.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		b.Fatal(err)
	}
	used, children := make(map[string]int), make(map[string][]string)
	for _, file := range files {
		text, _ := os.ReadFile(file) // it may have ended in the meantime
		id, after, found := strings.Cut(string(text), " (")
		if !found {
			continue
		}
		field := strings.Fields(after[strings.LastIndex(after, ")"):]) // from the second of proc(5)
		children[field[2]] = append(children[field[2]], id)
		for _, ticks := range field[12:16] { // its own, and those of children that ended
			n, _ := strconv.Atoi(ticks)
			used[id] += n
		}
	}
	ticks := 0
	for next := children[strconv.Itoa(os.Getpid())]; len(next) > 0; next = append(next[1:], children[next[0]]...) {
		ticks += used[next[0]]
	}
	return time.Duration(ticks) * (time.Second / 100) // USER_HZ
}

// BenchmarkSink is the bare loop alone: what the server and the network take.
func BenchmarkSink(b *testing.B) {
	sink, before := smtptest.NewSink(b), processorTime(b)
	b.ReportMetric(bare(b, sink, nil), "letters/s")
	b.ReportMetric(float64((processorTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/letter")
}

// bare signs and sends b.N copies of a composed letter by the standard library's
// client and returns how many it sent in a second.
func bare(b *testing.B, sink *smtptest.Sink, signer *Signer) float64 {
	c, err := testComposer(b, storetest.Start).Compose(b.Context(), asking())
	if err != nil {
		b.Fatal(err)
	}
	work := make(chan struct{}, b.N)
	for range b.N {
		work <- struct{}{}
	}
	close(work)
	begun := time.Now()
	var all sync.WaitGroup
	for range benchConnections() {
		all.Go(func() {
			client, err := smtp.Dial(sink.Addr())
			if err != nil {
				b.Error(err)
				return
			}
			defer client.Close()
			for range work {
				if err := pour(client, c, signer); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	return float64(b.N) / time.Since(begun).Seconds()
}

// pour sends one letter on an open connection.
func pour(client *smtp.Client, c Composed, signer *Signer) error {
	message, err := signer.Sign(c.Letter.Message)
	if err != nil {
		return err
	}
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
	if _, err := w.Write(message); err != nil {
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
