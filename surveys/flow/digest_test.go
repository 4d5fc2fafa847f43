package flow_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// postbox keeps what it gets, and answers as the test wants.
type postbox struct {
	mu       sync.Mutex
	editions []flow.Edition
	stops    []surveys.Token
	handed   int
	answer   func(n int) flow.Delivery // of the nth hand-over, from 1; nil: sent
}

// WriteDigest keeps what would be told.
func (p *postbox) WriteDigest(_ context.Context, e flow.Edition, stop surveys.Token) (store.Letter, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.editions, p.stops = append(p.editions, e), append(p.stops, stop)
	return store.Letter{Recipient: e.User.Email}, nil
}

// DeliverDigest answers.
func (p *postbox) DeliverDigest(context.Context, surveys.WorkspaceID, store.Letter) flow.Delivery {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.handed++
	if p.answer != nil {
		return p.answer(p.handed)
	}
	return flow.Delivery{Outcome: flow.DeliverySent}
}

func (p *postbox) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.handed
}

func (p *postbox) last() flow.Edition {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.editions[len(p.editions)-1]
}

// reader is a member with a digest, in a workspace with a survey.
type reader struct {
	t       *testing.T
	store   *store.Store
	clock   *storetest.Clock
	digests *flow.Digests
	w       flow.Office
	user    surveys.User
	survey  surveys.Survey
	box     *postbox
}

// readers runs a test on both databases with a digest every Monday.
func readers(t *testing.T, test func(x *reader)) {
	t.Helper()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		x := &reader{store: s, clock: clock, digests: flow.NewDigests(s)}
		test(x.fresh(t))
	})
}

// each runs named cases one after the other, each in a workspace of its own on
// the same two databases.
func each[C any](t *testing.T, cases map[string]C, test func(x *reader, c C)) {
	t.Helper()
	readers(t, func(x *reader) {
		for name, c := range cases {
			x.t.Run(name, func(t *testing.T) { test(x.fresh(t), c) })
		}
	})
}

// fresh is a reader in a new workspace on the same database.
func (x *reader) fresh(t *testing.T) *reader {
	t.Helper()
	w := storetest.Workspace(t, x.store)
	n := &reader{
		t: t, store: x.store, clock: x.clock, digests: x.digests, w: flow.Office{Workspace: w, Zone: w.Location()},
		user: storetest.User(t, x.store, w.ID, surveys.Viewer), survey: storetest.Survey(t, x.store, w.ID, surveys.NPS), box: &postbox{},
	}
	n.choose(flow.Wish{On: true, Every: surveys.DigestWeekly, Hour: 8})
	return n
}

func (x *reader) choose(w flow.Wish) {
	x.t.Helper()
	if _, err := x.digests.Choose(x.t.Context(), x.w, x.user, w); err != nil {
		x.t.Fatal(err)
	}
}

func (x *reader) stored() surveys.Digest {
	x.t.Helper()
	d, err := x.store.Digest(x.t.Context(), x.w.ID, x.user.ID)
	if err != nil {
		x.t.Fatal(err)
	}
	return d
}

// answer stores answers to the survey now.
func (x *reader) answer(scores ...int) {
	x.t.Helper()
	for _, score := range scores {
		r := storetest.Response(x.t, x.store, x.survey, score)
		r.Day = surveys.Day(x.store.Now(), x.w.Zone)
		storetest.Write(x.t, x.store, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, []surveys.Response{r}) })
	}
}

// toDue moves the clock to when the digest is due, and so much further.
func (x *reader) toDue(late time.Duration) {
	x.t.Helper()
	x.clock.Advance(x.stored().DueAt.Sub(x.clock.Now()) + late)
}

// pass is one look at what is due, with the jobs that follow from it worked off
// at once, as the worker does it. Failed jobs are returned.
func (x *reader) pass() error {
	x.t.Helper()
	jobs, err := flow.ClaimDigests(x.t.Context(), x.store, x.w.ID)
	if err != nil {
		x.t.Fatal(err)
	}
	for _, job := range jobs {
		err = errors.Join(err, flow.DeliverDigest(x.t.Context(), x.store, x.box, job))
	}
	return err
}

func TestDigestComesWhenItIsDue(t *testing.T) {
	t.Parallel()
	readers(t, func(x *reader) {
		x.answer(9, 3)
		if err := x.pass(); err != nil || x.box.count() != 0 {
			x.t.Fatalf("before its time: %d, %v", x.box.count(), err)
		}
		x.toDue(0)
		if err := x.pass(); err != nil || x.box.count() != 1 {
			x.t.Fatalf("at its time: %d, %v", x.box.count(), err)
		}
		e := x.box.last()
		if len(e.News) != 1 || e.News[0].New != 2 || e.News[0].Survey.ID != x.survey.ID || !e.News[0].Large || e.News[0].Report.N != 2 {
			x.t.Errorf("the digest tells %+v", e.News)
		}
		if got := x.stored(); got.SentAt == nil || got.Problem != "" || got.ToldDay != int(e.To) || got.Told[x.survey.ID].Answers != 2 || !got.DueAt.After(x.store.Now()) {
			x.t.Errorf("stored as %+v", got)
		}
		if err := x.pass(); err != nil || x.box.count() != 1 {
			x.t.Errorf("a second look: %d, %v", x.box.count(), err)
		}
		x.answer(10)
		x.toDue(0)
		if err := x.pass(); err != nil || x.box.count() != 2 || x.box.last().News[0].New != 1 || x.box.last().Since != e.To {
			x.t.Errorf("the next Monday: %d, %v, %+v", x.box.count(), err, x.box.last().News)
		}
	})
}

func TestDigestIsQuiet(t *testing.T) {
	t.Parallel()
	readers(t, func(x *reader) {
		x.answer(9)
		x.toDue(0)
		if err := x.pass(); err != nil || x.box.count() != 1 {
			x.t.Fatalf("%d, %v", x.box.count(), err)
		}
		told := x.stored()
		for range 3 {
			x.toDue(0)
			if err := x.pass(); err != nil {
				x.t.Fatal(err)
			}
		}
		if x.box.count() != 1 {
			x.t.Errorf("%d mails, of which only one had news", x.box.count())
		}
		if got := x.stored(); got.ToldDay != told.ToldDay || !got.SentAt.Equal(*told.SentAt) {
			x.t.Errorf("a quiet Monday changed %+v to %+v", told, got)
		}
		// Another survey has news: the first is named among the quiet.
		quiet := x.survey
		x.survey = storetest.Survey(x.t, x.store, x.w.ID, surveys.CSAT)
		x.answer(5)
		x.toDue(0)
		if err := x.pass(); err != nil || x.box.count() != 2 {
			x.t.Fatalf("%d, %v", x.box.count(), err)
		}
		e := x.box.last()
		if len(e.News) != 1 || e.News[0].Survey.ID != x.survey.ID || len(e.Quiet) != 1 || e.Quiet[0].ID != quiet.ID {
			x.t.Errorf("news of %d, quiet %+v", len(e.News), e.Quiet)
		}
		if int(e.Since) != told.ToldDay {
			x.t.Errorf("since %d, want the day of the last mail, %d", e.Since, told.ToldDay)
		}
	})
}

func TestLateDigest(t *testing.T) {
	t.Parallel()
	type kase struct {
		late time.Duration
		want int
	}
	each(t, map[string]kase{
		"an hour":         {time.Hour, 1},
		"a day, just":     {24*time.Hour - time.Second, 1},
		"more than a day": {24*time.Hour + time.Minute, 0},
		"five days":       {5 * 24 * time.Hour, 0},
	}, func(x *reader, c kase) {
		x.answer(9)
		x.toDue(c.late)
		if err := x.pass(); err != nil || x.box.count() != c.want {
			x.t.Errorf("%d mails, %v, want %d", x.box.count(), err, c.want)
		}
		if due := x.stored().DueAt; !due.After(x.store.Now()) || due.Sub(x.store.Now()) > 7*24*time.Hour {
			x.t.Errorf("the next one is due %s after %s", due, x.store.Now())
		}
		// Whatever was missed is told by the next one.
		x.toDue(0)
		if err := x.pass(); err != nil || x.box.count() != 1 || x.box.last().News[0].New != 1 {
			x.t.Errorf("the next: %d, %v", x.box.count(), err)
		}
	})
}

func TestWhatTheMailServerSays(t *testing.T) {
	t.Parallel()
	type kase struct {
		first  flow.Delivery
		handed int  // after a second try of the same job
		failed bool // the job, the first time
		told   int64
		on     bool
	}
	each(t, map[string]kase{
		"sent":           {flow.Delivery{Outcome: flow.DeliverySent}, 1, false, 1, true},
		"later":          {flow.Delivery{Outcome: flow.DeliveryLater, Problem: "450 later"}, 2, true, 1, true},
		"refused":        {flow.Delivery{Outcome: flow.DeliveryRefused, Problem: "550 no"}, 1, false, 0, true},
		"nobody there":   {flow.Delivery{Outcome: flow.DeliveryNobody, Problem: "550 5.1.1 who?"}, 1, false, 0, false},
		"nobody knows":   {flow.Delivery{Outcome: flow.DeliveryUnknown, Problem: "EOF"}, 1, false, 0, true},
		"not even words": {flow.Delivery{Outcome: flow.DeliveryUnknown}, 1, false, 0, true},
	}, func(x *reader, c kase) {
		x.box.answer = func(n int) flow.Delivery {
			if n == 1 {
				return c.first
			}
			return flow.Delivery{Outcome: flow.DeliverySent}
		}
		x.answer(9)
		x.toDue(0)
		jobs, err := flow.ClaimDigests(x.t.Context(), x.store, x.w.ID)
		if err != nil || len(jobs) != 1 {
			x.t.Fatalf("%d jobs, %v", len(jobs), err)
		}
		err = flow.DeliverDigest(x.t.Context(), x.store, x.box, jobs[0])
		if (err != nil) != c.failed {
			x.t.Errorf("the job: %v", err)
		}
		if got := x.stored(); got.Problem != c.first.Problem {
			x.t.Errorf("the problem is %q", got.Problem)
		}
		if err := flow.DeliverDigest(x.t.Context(), x.store, x.box, jobs[0]); err != nil {
			x.t.Errorf("the job a second time: %v", err)
		}
		got := x.stored()
		if x.box.count() != c.handed || got.Told[x.survey.ID].Answers != c.told || got.On() != c.on {
			x.t.Errorf("handed over %d times, told %d answers, on: %t", x.box.count(), got.Told[x.survey.ID].Answers, got.On())
		}
	})
}

// TestCrashBetween dies after it was noted that the mail leaves, and before.
func TestCrashBetween(t *testing.T) {
	t.Parallel()
	type kase struct {
		noted bool
		want  int
	}
	each(t, map[string]kase{"before it was noted": {false, 1}, "after it was noted": {true, 0}}, func(x *reader, c kase) {
		x.answer(9)
		x.toDue(0)
		jobs, err := flow.ClaimDigests(x.t.Context(), x.store, x.w.ID)
		if err != nil || len(jobs) != 1 {
			x.t.Fatalf("%d jobs, %v", len(jobs), err)
		}
		if c.noted {
			storetest.Write(x.t, x.store, func(ctx context.Context, tx *store.Tx) error { return tx.BeginDigest(ctx, x.stored(), jobs[0].Due) })
		}
		if err := flow.DeliverDigest(x.t.Context(), x.store, x.box, jobs[0]); err != nil || x.box.count() != c.want {
			x.t.Errorf("the job again: %d mails, %v, want %d", x.box.count(), err, c.want)
		}
		x.toDue(0)
		if err := x.pass(); err != nil || x.box.count() != 1 || x.box.last().News[0].New != 1 {
			x.t.Errorf("the news were lost or told twice: %d mails, %v", x.box.count(), err)
		}
	})
}

// TestTwoServersSendOnce works off one PostgreSQL and one SQLite with two
// workers each.
func TestTwoServersSendOnce(t *testing.T) {
	t.Parallel()
	readers(t, func(x *reader) {
		x.answer(9)
		x.toDue(0)
		sh := &shift{news: make(chan struct{}, 1)}
		for range 2 {
			worker, err := flow.NewWorker(x.store, slog.New(slog.DiscardHandler), sh.finished, x.box, nil)
			if err != nil {
				x.t.Fatal(err)
			}
			if err := worker.Start(context.Background()); err != nil {
				x.t.Fatal(err)
			}
			x.t.Cleanup(func() {
				ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
				defer cancel()
				if err := worker.Stop(ctx); err != nil {
					x.t.Error(err)
				}
			})
		}
		// Beside the periodic job: everybody looks at the same time.
		storetest.Write(x.t, x.store, func(ctx context.Context, tx *store.Tx) error {
			for range 6 {
				if err := tx.Enqueue(ctx, flow.DigestsArgs{}); err != nil {
					return err
				}
			}
			return nil
		})
		sh.wait(x.t, "send_digest", 1)
		sh.wait(x.t, "find_digests", 6)
		if n := x.box.count(); n != 1 {
			x.t.Errorf("%d mails, want 1", n)
		}
	})
}
