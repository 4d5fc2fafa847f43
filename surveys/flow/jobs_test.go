package flow_test

import (
	"context"
	"errors"
	"log/slog"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// shift works off jobs and writes down what ended, until the test ends.
type shift struct {
	mu    sync.Mutex
	ended []string // kinds, with the error behind
	news  chan struct{}
}

// work starts one worker on each store.
func work(t *testing.T, stores ...*store.Store) *shift {
	t.Helper()
	sh := &shift{news: make(chan struct{}, 1)}
	for _, s := range stores {
		worker, err := flow.NewWorker(s, slog.New(slog.DiscardHandler), sh.finished, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := worker.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			if err := worker.Stop(ctx); err != nil {
				t.Errorf("stop the worker: %v", err)
			}
		})
	}
	return sh
}

func (sh *shift) finished(kind string, err error) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if err != nil {
		kind += ": " + err.Error()
	}
	sh.ended = append(sh.ended, kind)
	select {
	case sh.news <- struct{}{}:
	default:
	}
}

// count says how many jobs of a kind ended well.
func (sh *shift) count(kind string) int {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	n := 0
	for _, ended := range sh.ended {
		if ended == kind {
			n++
		}
	}
	return n
}

// wait waits until n jobs of a kind have ended well.
func (sh *shift) wait(t *testing.T, kind string, n int) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for sh.count(kind) < n {
		select {
		case <-sh.news:
		case <-deadline:
			t.Fatalf("waited for %d of %s; ended: %v", n, kind, sh.ended)
		}
	}
}

func TestEraseLater(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, k, team := context.Background(), newTill(t, s), flow.NewTeam(s)
		in := k.invite(t)
		token := k.link(t, surveys.PurposeAnswer, in.Invitation.ID)
		if _, err := k.answers.AnswerInvitation(ctx, in, flow.Given{Score: 2, Comment: "Call me: Ada, 030 123"}); err != nil {
			t.Fatal(err)
		}
		k.record(t, flow.Recorded{Given: flow.Given{Score: 10}, Person: &surveys.Person{ExternalID: "somebody else"}})
		k.checkCounts(t, k.survey, map[int]int64{2: 1, 10: 1})

		wantKind(t, team.EraseLater(ctx, newCounter(t, s).w.ID, k.person.ID), surveys.NotFound, "not_found")
		for range 2 { // asked for twice, by two members of the team
			if err := team.EraseLater(ctx, k.w.ID, k.person.ID); err != nil {
				t.Fatal(err)
			}
		}
		work(t, s).wait(t, flow.EraseArgs{}.Kind(), 2)

		if _, err := s.Person(ctx, k.w.ID, k.person.ID); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("the person is still there: %v", err)
		}
		if _, err := k.answers.OpenInvitation(ctx, token); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("the link still opens: %v", err)
		}
		if events, err := s.PersonEvents(ctx, k.w.ID, k.person.ID, 10); err != nil || len(events)+len(k.invitations(t, k.person.ID)) != 0 {
			t.Errorf("events %v, %v or invitations are left", events, err)
		}
		k.checkCounts(t, k.survey, map[int]int64{10: 1})
	})
}

func TestJobsOfARolledBackTransactionNeverRun(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, k := context.Background(), newCounter(t, s)
		kept := storetest.Person(t, s, k.w.ID)
		failure := errors.New("something else went wrong")
		err := s.InTx(ctx, func(tx *store.Tx) error {
			if err := tx.Enqueue(ctx, flow.EraseArgs{Workspace: k.w.ID, Person: kept.ID}); err != nil {
				return err
			}
			return failure
		})
		if !errors.Is(err, failure) {
			t.Fatalf("InTx = %v, want the failure", err)
		}
		if err := flow.NewTeam(s).EraseLater(ctx, k.w.ID, k.person.ID); err != nil {
			t.Fatal(err)
		}
		sh := work(t, s)
		sh.wait(t, flow.EraseArgs{}.Kind(), 1)
		sh.wait(t, flow.PurgeArgs{}.Kind(), 1)
		if _, err := s.Person(ctx, k.w.ID, kept.ID); err != nil || sh.count(flow.EraseArgs{}.Kind()) != 1 {
			t.Errorf("the person = %v after %v: a job ran that was never committed", err, sh.ended)
		}
	})
}

func TestAnotherTimeZoneMovesTheDays(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, k, team := context.Background(), newTill(t, s), flow.NewTeam(s)
		day := func(text string) int { // a local day, as rollups count it
			at, err := time.Parse(time.DateOnly, text)
			if err != nil {
				t.Fatal(err)
			}
			return surveys.Day(at, time.UTC)
		}
		days := func() map[int]int64 {
			rollups, err := s.Rollups(ctx, k.w.ID, store.RollupFilter{SurveyID: k.survey.ID, To: 1 << 20})
			if err != nil {
				t.Fatal(err)
			}
			counted := make(map[int]int64)
			for _, r := range rollups {
				counted[r.Day] += r.Counts.N()
			}
			return counted
		}
		at := time.Date(2026, 2, 20, 12, 0, 0, 0, time.UTC) // 13:00 in Berlin, 20:00 in Shanghai
		for hours, score := range map[time.Duration]int{0: 1, 5: 2, 11: 3} {
			k.record(t, flow.Recorded{Given: flow.Given{Score: score, Comment: "!"}, AnsweredAt: at.Add(hours * time.Hour), Properties: map[string]any{"plan": "pro"}})
		}
		if want := (map[int]int64{day("2026-02-20"): 2, day("2026-02-21"): 1}); !reflect.DeepEqual(days(), want) {
			t.Fatalf("in Berlin the days are %v, want %v", days(), want)
		}
		moved := k.w
		moved.TimeZone = "Asia/Shanghai"
		if _, err := team.ChangeWorkspace(ctx, moved); err != nil {
			t.Fatal(err)
		}
		recounting := func(ws surveys.WorkspaceID) bool {
			waits, err := flow.Recounting(ctx, s, ws)
			if err != nil {
				t.Fatal(err)
			}
			return waits
		}
		if other := storetest.Workspace(t, s); !recounting(k.w.ID) || recounting(other.ID) {
			t.Error("that the days are to be counted is not known of the one workspace alone")
		}
		work(t, s).wait(t, flow.RecountArgs{}.Kind(), 1)
		for wait := 0; recounting(k.w.ID); wait++ { // the queue notes the end after it told us
			if time.Sleep(50 * time.Millisecond); wait == 100 {
				t.Fatal("the days are counted, and said to be waiting for it")
			}
		}
		if want := (map[int]int64{day("2026-02-20"): 1, day("2026-02-21"): 2}); !reflect.DeepEqual(days(), want) {
			t.Errorf("in Shanghai the days are %v, want %v", days(), want)
		}
		k.checkCounts(t, k.survey, map[int]int64{1: 1, 2: 1, 3: 1})
	})
}

func TestChangeWorkspace(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name     string
		edit     func(*surveys.Workspace)
		want     map[string]string // path → code; nil when it is stored
		recounts int
	}{
		{"name, colour, address", func(w *surveys.Workspace) { w.Name, w.Color, w.Address = " Southwind ", "#ABCDEF", "Rome" }, nil, 0},
		{"segments", func(w *surveys.Workspace) { w.Segments = []string{"agent"} }, nil, 0},
		{"the zone", func(w *surveys.Workspace) { w.TimeZone = "Asia/Tokyo" }, nil, 1},
		{"key and secret, which stay", func(w *surveys.Workspace) { w.Key, w.Secret = "AAAAAAAA", []byte("mine") }, nil, 0},
		{"no name", func(w *surveys.Workspace) { w.Name = "" }, map[string]string{"name": "required"}, 0},
		{"a zone that is none", func(w *surveys.Workspace) { w.TimeZone = "Mars/Base" }, map[string]string{"timezone": "timezone"}, 0},
	}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, team := context.Background(), flow.NewTeam(s)
		recounts := 0
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				w := storetest.Workspace(t, s)
				edited := w
				edited.Segments = slices.Clone(w.Segments)
				c.edit(&edited)
				changed, err := team.ChangeWorkspace(ctx, edited)
				if c.want != nil {
					wantFields(t, err, c.want)
					changed = w
				} else if err != nil {
					t.Fatal(err)
				}
				recounts += c.recounts
				changed.Key, changed.Secret = w.Key, w.Secret
				if stored, err := s.Workspace(ctx, w.ID); err != nil || !reflect.DeepEqual(stored, changed) {
					t.Errorf("stored %+v, %v, want %+v", stored, err, changed)
				}
			})
		}
		unknown := storetest.Workspace(t, s)
		unknown.ID = surveys.WorkspaceID(storetest.ID(t, s))
		_, err := team.ChangeWorkspace(ctx, unknown)
		wantKind(t, err, surveys.NotFound, "not_found")
		sh := work(t, s)
		sh.wait(t, flow.RecountArgs{}.Kind(), recounts)
		sh.wait(t, flow.PurgeArgs{}.Kind(), 1)
		if got := sh.count(flow.RecountArgs{}.Kind()); got != recounts {
			t.Errorf("%d recounts, want %d", got, recounts)
		}
	})
}

func TestPurgeDropsWhatExpired(t *testing.T) {
	t.Parallel()
	for _, dialect := range storetest.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			ctx, clock := context.Background(), storetest.NewClock()
			s := storetest.OpenAt(t, dialect, clock.Now)
			k := newTill(t, s)
			short := storetest.Token(t, s, k.w, surveys.PurposeSession, storetest.ID(t, s)) // for a day
			endless := k.link(t, surveys.PurposeAnswer, storetest.ID(t, s))
			once := store.Once{Key: store.OnceKey("test", "k"), Body: []byte{}, Repeat: store.Change, ExpiresAt: s.Now().Add(time.Hour)}
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
				_, _, err := tx.Claim(ctx, k.w.ID, once, storetest.ID(t, s))
				return err
			})
			before := s.Now()
			clock.Advance(25 * time.Hour)
			work(t, s).wait(t, flow.PurgeArgs{}.Kind(), 1)
			if _, err := s.Grant(ctx, k.w.ID, surveys.PurposeSession, short, before); surveys.KindOf(err) != surveys.NotFound {
				t.Errorf("the session of yesterday is kept: %v", err)
			}
			if _, err := s.Grant(ctx, k.w.ID, surveys.PurposeAnswer, endless, before); err != nil {
				t.Errorf("a link without an end is gone: %v", err)
			}
			if _, taken, err := s.Taken(ctx, k.w.ID, once, before); taken || err != nil {
				t.Errorf("the key of yesterday is kept: %t, %v", taken, err)
			}
		})
	}
}

func TestTwoWorkersDoAJobOnce(t *testing.T) {
	t.Parallel()
	processes := servers(t, store.Postgres, 2)
	s := processes[0]
	ctx, k, team := context.Background(), newCounter(t, s), flow.NewTeam(s)
	const people = 20
	for range people {
		if err := team.EraseLater(ctx, k.w.ID, storetest.Person(t, s, k.w.ID).ID); err != nil {
			t.Fatal(err)
		}
	}
	sh := work(t, processes...)
	sh.wait(t, flow.EraseArgs{}.Kind(), people)
	// The last job of all comes after everything that was to be done twice.
	if err := team.EraseLater(ctx, k.w.ID, k.person.ID); err != nil {
		t.Fatal(err)
	}
	sh.wait(t, flow.EraseArgs{}.Kind(), people+1)
	if n := sh.count(flow.EraseArgs{}.Kind()); n != people+1 {
		t.Errorf("%d erasures ended, want %d: a job was done twice", n, people+1)
	}
}
