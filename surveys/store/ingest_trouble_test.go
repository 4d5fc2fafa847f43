package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// stall keeps the writer waiting until it is released: it holds the one writer
// of SQLite, and the rollups of PostgreSQL.
func stall(t *testing.T, s *store.Store) (release func()) {
	t.Helper()
	held, done, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		if err := s.InTx(context.Background(), func(tx *store.Tx) error {
			if s.Dialect() == store.Postgres {
				if err := tx.Exec(context.Background(), "LOCK TABLE rollups IN ACCESS EXCLUSIVE MODE"); err != nil {
					return err
				}
			}
			close(held)
			<-done
			return nil
		}); err != nil {
			t.Error(err)
		}
	}()
	<-held
	return sync.OnceFunc(func() {
		close(done)
		<-ended
	})
}

// TestFullQueueRefusesAndLosesNothing lets more answers come than may wait.
func TestFullQueueRefusesAndLosesNothing(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		survey := storetest.Survey(t, s, storetest.Workspace(t, s).ID, surveys.NPS)
		in := store.NewIngest(s, nil)
		release := stall(t, s)
		defer release()
		const excess = 100
		var wg sync.WaitGroup
		var stored atomic.Int64
		refused := make(chan error, store.QueueSize)
		for i := range store.QueueSize + store.MaxBatch + excess {
			sub := store.Submission{Response: storetest.Response(t, s, survey, i%11)}
			wg.Go(func() {
				if _, err := in.Submit(context.Background(), sub); err != nil {
					refused <- err
					return
				}
				stored.Add(1)
			})
		}
		for range excess { // while the writer still waits, so that no place becomes free
			unavailable(t, <-refused, "queue_full")
		}
		release()
		wg.Wait()
		in.Close()
		_, err := in.Submit(context.Background(), store.Submission{Response: storetest.Response(t, s, survey, 1)})
		unavailable(t, err, "queue_full")
		consistent(t, s, survey, stored.Load())
	})
}

func TestCloseStoresWhatWaits(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		survey := storetest.Survey(t, s, storetest.Workspace(t, s).ID, surveys.NPS)
		in := store.NewIngest(s, nil)
		release := stall(t, s)
		var wg sync.WaitGroup
		var stored atomic.Int64
		for i := range 500 {
			sub := store.Submission{Response: storetest.Response(t, s, survey, i%11)}
			wg.Go(func() {
				if _, err := in.Submit(context.Background(), sub); err == nil {
					stored.Add(1)
				}
			})
		}
		time.AfterFunc(50*time.Millisecond, release)
		time.Sleep(20 * time.Millisecond) // until most of them wait
		in.Close()
		in.Close() // a second time is nothing
		wg.Wait()
		if stored.Load() == 0 {
			t.Error("nothing waited")
		}
		consistent(t, s, survey, stored.Load())
	})
}

func TestSubmitGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	survey := storetest.Survey(t, s, storetest.Workspace(t, s).ID, surveys.NPS)
	in := newIngest(t, s)
	release := stall(t, s)
	defer release()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if _, err := in.Submit(ctx, store.Submission{Response: storetest.Response(t, s, survey, 1)}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the context's end", err)
	}
}

// TestKilledConnectionsLoseNothing ends the writer's connection again and
// again: an answer that was acknowledged is there, once.
func TestKilledConnectionsLoseNothing(t *testing.T) {
	t.Parallel()
	address := storetest.Postgres(t)
	s := storetest.OpenURL(t, address+"&application_name=killer", storetest.Start)
	if err := s.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	survey := storetest.Survey(t, s, storetest.Workspace(t, s).ID, surveys.NPS)
	in := newIngest(t, storetest.OpenURL(t, address, time.Now))
	var stop atomic.Bool
	var wg sync.WaitGroup
	var acknowledged sync.Map
	var stored, failed atomic.Int64
	for range 16 {
		wg.Go(func() {
			for i := 0; !stop.Load(); i++ {
				sub := store.Submission{Response: storetest.Response(t, s, survey, i%11)}
				if _, err := in.Submit(context.Background(), sub); err == nil {
					acknowledged.Store(sub.Response.ID, true)
					stored.Add(1)
				} else if failed.Add(1); surveys.KindOf(err) != surveys.Unavailable {
					t.Errorf("a killed connection gives %v, want unavailable", err)
				}
			}
		})
	}
	for range 20 {
		time.Sleep(20 * time.Millisecond)
		texts(t, s.Readers(), "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE application_name = 'hark' AND datname = current_database()")
	}
	stop.Store(true)
	wg.Wait()
	if _, err := in.Submit(context.Background(), store.Submission{Response: storetest.Response(t, s, survey, 1)}); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	there := 0
	if err := s.EachResponse(context.Background(), survey.WorkspaceID, store.ResponseFilter{}, func(r surveys.Response) error {
		if _, ok := acknowledged.LoadAndDelete(r.ID); ok {
			there++
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if int64(there) != stored.Load() || there == 0 {
		t.Errorf("%d of %d acknowledged answers are there", there, stored.Load())
	}
	if differences, err := s.Recount(context.Background(), survey.WorkspaceID); err != nil || len(differences) > 0 {
		t.Errorf("the rollups differ: %+v, %v", differences, err)
	}
	t.Logf("%d stored, %d refused over 20 killings", stored.Load(), failed.Load())
}

// TestABrokenConnectionIsNotTheCustomersProblem ends the writer's idle
// connection, as a restart of PostgreSQL does: the next answer goes through.
func TestABrokenConnectionIsNotTheCustomersProblem(t *testing.T) {
	t.Parallel()
	address := storetest.Postgres(t)
	s := storetest.OpenURL(t, address+"&application_name=killer", storetest.Start)
	if err := s.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	survey := storetest.Survey(t, s, storetest.Workspace(t, s).ID, surveys.NPS)
	in := newIngest(t, storetest.OpenURL(t, address, storetest.Start))
	for i := range 3 {
		if _, err := in.Submit(context.Background(), store.Submission{Response: storetest.Response(t, s, survey, i)}); err != nil {
			t.Errorf("answer %d: %v", i, err)
		}
		texts(t, s.Readers(), "SELECT pg_terminate_backend(pid, 5000)::text FROM pg_stat_activity WHERE application_name = 'hark' AND datname = current_database()")
	}
	consistent(t, s, survey, 3)
}

// TestTwoServersTakeRollupsInOneOrder stores new answers to the same cells by
// two processes at once: if their locks crossed, one would have to look.
func TestTwoServersTakeRollupsInOneOrder(t *testing.T) {
	t.Parallel()
	address := storetest.Postgres(t)
	first, second := storetest.OpenURL(t, address, storetest.Start), storetest.OpenURL(t, address, storetest.Start)
	if err := first.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	survey := storetest.Survey(t, first, storetest.Workspace(t, first).ID, surveys.NPS)
	const n, rounds = 150, 10
	var wg sync.WaitGroup
	for _, s := range []*store.Store{first, second} {
		wg.Go(func() {
			for range rounds {
				var list []store.Submission
				for i := range n {
					r := storetest.Response(t, first, survey, i%11)
					r.Segments["agent"] = fmt.Sprint(i)
					list = append(list, store.Submission{Response: r})
				}
				if _, _, straight := store.StoreBatch(s, list); !straight {
					t.Error("a batch crossed another")
				}
			}
		})
	}
	wg.Wait()
	consistent(t, first, survey, 2*n*rounds)
}

// TestTwoServersDoNotBlockEachOther lets two processes store the same keys,
// invitations and cells at once, each in its own order.
func TestTwoServersDoNotBlockEachOther(t *testing.T) {
	t.Parallel()
	address := storetest.Postgres(t)
	first, second := storetest.OpenURL(t, address, storetest.Start), storetest.OpenURL(t, address, storetest.Start)
	if err := first.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	w := storetest.Workspace(t, first)
	survey := storetest.Survey(t, first, w.ID, surveys.NPS)
	person := storetest.Person(t, first, w.ID)
	const n, rounds = 60, 5
	var owned int64
	for round := range rounds {
		var forward []store.Submission
		for i := range n {
			sub := store.Submission{Response: storetest.Response(t, first, survey, i%11)}
			sub.Response.Segments["plan"] = fmt.Sprint(i % 5)
			switch i % 3 {
			case 0:
				sub.Response.InvitationID = storetest.Invitation(t, first, survey, person).ID
			case 1:
				sub.Once = onceOf(fmt.Sprint(round, i), 1, store.Change, first.Now().Add(time.Hour))
			}
			forward = append(forward, sub)
		}
		backward := make([]store.Submission, n)
		for i, sub := range forward {
			sub.Response.ID, sub.Response.Score = storetest.ID(t, first), (sub.Response.Score+1)%11
			backward[n-1-i] = sub
		}
		owned += n + n/3 // keys and invitations once, plain ones twice
		var wg sync.WaitGroup
		for s, list := range map[*store.Store][]store.Submission{first: forward, second: backward} {
			wg.Go(func() {
				_, errs, _ := store.StoreBatch(s, list)
				for _, err := range errs {
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
	}
	consistent(t, first, survey, owned)
}

// TestRebuildWhileAnswersComeIn counts anew under load.
func TestRebuildWhileAnswersComeIn(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		survey := storetest.Survey(t, s, storetest.Workspace(t, s).ID, surveys.NPS)
		in := newIngest(t, s)
		var stop atomic.Bool
		var stored atomic.Int64
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for i := 0; !stop.Load(); i++ {
					r := storetest.Response(t, s, survey, i%11)
					r.Day += i // new rows of the rollups all the time
					if _, err := in.Submit(context.Background(), store.Submission{Response: r}); err != nil {
						t.Error(err)
						return
					}
					stored.Add(1)
				}
			})
		}
		for range 10 {
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.RebuildRollups(ctx, survey.WorkspaceID) })
			if differences, err := s.Recount(context.Background(), survey.WorkspaceID); err != nil || len(differences) > 0 {
				t.Errorf("the rollups differ: %+v, %v", differences, err)
			}
		}
		stop.Store(true)
		wg.Wait()
		consistent(t, s, survey, stored.Load())
	})
}
