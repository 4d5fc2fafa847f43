package flow_test

import (
	"context"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestReceiveTheSameEventTwice(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newCounter(t, s)
		storetest.Rule(t, s, storetest.Survey(t, s, k.w.ID, surveys.CSAT)) // a second decision
		e := k.order()
		e.ExternalID, e.OccurredAt = "order-1", s.Now().Add(-1234567*time.Nanosecond).In(time.FixedZone("", 3600))

		first := k.receive(t, e, k.caller())
		e.Properties = map[string]any{"total": 1.0} // a repetition may even be told otherwise
		again := k.receive(t, e, surveys.Person{ExternalID: k.person.ExternalID, Name: "Somebody else"})

		want := first
		want.Repeated = true
		if !reflect.DeepEqual(again, want) {
			t.Errorf("the second time = %+v, want %+v", again, want)
		}
		if n := len(k.invitations(t, k.person.ID)); n != 1 {
			t.Errorf("%d invitations, want 1", n)
		}
		if p, err := s.Person(context.Background(), k.w.ID, k.person.ID); err != nil || p.Name != k.person.Name {
			t.Errorf("the person is %q, %v: a repetition changes nothing", p.Name, err)
		}
		other := newCounter(t, s)
		if foreign := other.receive(t, e, other.caller()); foreign.Repeated {
			t.Error("another workspace's event with the same id is another event")
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.ErasePerson(ctx, k.w.ID, k.person.ID) })
		if erased := k.receive(t, e, k.caller()); !erased.Repeated || erased.EventID != first.EventID || len(erased.Decisions) != 0 {
			t.Errorf("after the person was erased = %+v, want a repetition without decisions", erased)
		}
	})
}

func TestReceiveOneIDForSeveralTypes(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newCounter(t, s)
		k.rule.Withdraw = surveys.Withdrawal{Events: []string{"order_refunded"}}
		k.rule.Delay = 48 * time.Hour
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateRule(ctx, k.rule) })
		order := k.order()
		order.ExternalID = "1042"
		refund := order
		refund.Type = "order_refunded"

		asked := k.receive(t, order, k.caller())
		took := k.receive(t, refund, k.caller())
		if took.Repeated || took.EventID == asked.EventID || len(took.Decisions) != 1 || took.Decisions[0].Outcome != surveys.Withdrew {
			t.Errorf("the refund of an order under the order's id = %+v, want what was planned taken back", took)
		}
		for _, e := range []struct {
			event surveys.Event
			first flow.Received
		}{{order, asked}, {refund, took}} {
			e.first.Repeated = true
			if again := k.receive(t, e.event, k.caller()); !reflect.DeepEqual(again, e.first) {
				t.Errorf("%s once more = %+v, want %+v", e.event.Type, again, e.first)
			}
		}
	})
}

// Before ids belonged to a type, an event's id was claimed whatever its type.
func TestReceiveFindsEventsOfEarlierReleases(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newCounter(t, s)
		e := k.order()
		first := k.receive(t, e, k.caller()) // without an id, so that nothing is claimed yet
		e.ExternalID = "1042"
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, _, err := tx.Claim(ctx, k.w.ID, store.Once{Key: store.OnceKey("event", "1042"), Body: []byte{}, Repeat: store.Change, ExpiresAt: s.Now().Add(time.Hour)}, first.EventID)
			return err
		})
		first.Repeated = true
		if again := k.receive(t, e, k.caller()); !reflect.DeepEqual(again, first) {
			t.Errorf("an event stored before the upgrade, once more = %+v, want %+v", again, first)
		}
		other := e
		other.Type = "order_refunded"
		if received := k.receive(t, other, k.caller()); received.Repeated {
			t.Errorf("another type under an id of before the upgrade = %+v, want an event of its own", received)
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.ErasePerson(ctx, k.w.ID, k.person.ID) })
		if erased := k.receive(t, e, k.caller()); !erased.Repeated || erased.EventID != first.EventID {
			t.Errorf("after the person was erased = %+v, want a repetition", erased)
		}
	})
}

func TestReceiveRemembersEventsLongerThanTheyAsk(t *testing.T) {
	t.Parallel()
	for _, dialect := range storetest.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			clock := storetest.NewClock()
			k := newCounter(t, storetest.OpenAt(t, dialect, clock.Now))
			e := k.order()
			e.ExternalID = "order-1"
			k.receive(t, e, k.caller())
			clock.Advance(flow.EventMemory - time.Second)
			if !k.receive(t, e, k.caller()).Repeated {
				t.Error("the event is forgotten before its time")
			}
			clock.Advance(2 * time.Second)
			forgotten := k.receive(t, e, k.caller())
			if forgotten.Repeated || forgotten.Decisions[0].Outcome != surveys.TooOld {
				t.Errorf("a forgotten event = %+v, want it too old to ask", forgotten)
			}
		})
	}
}

// servers returns n stores on one database of a dialect, as n processes have
// them; SQLite allows one.
func servers(t *testing.T, dialect store.Dialect, n int) []*store.Store {
	t.Helper()
	address := storetest.URL(t, dialect)
	if dialect == store.SQLite {
		n = 1
	}
	list := make([]*store.Store, n)
	for i := range list {
		list[i] = storetest.OpenURL(t, address, storetest.Start)
	}
	if err := list[0].Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return list
}

// atOnce calls do n times at the same moment.
func atOnce(n int, do func(i int)) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			do(i)
		})
	}
	close(start)
	wg.Wait()
}

func TestReceiveConcurrently(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name      string
		id        func(i int) string
		caller    func(k *counter, i int) surveys.Person
		decisions map[surveys.Outcome]int // of those that are no repetition
	}{
		{"one event twenty times", func(int) string { return "order-1" },
			func(k *counter, _ int) surveys.Person { return k.caller() }, map[surveys.Outcome]int{surveys.Scheduled: 1}},
		{"twenty events of one person", func(i int) string { return fmt.Sprint("order-", i) },
			func(k *counter, _ int) surveys.Person { return k.caller() }, map[surveys.Outcome]int{surveys.Scheduled: 1, surveys.Capped: 19}},
		{"twenty events of a person nobody knew", func(i int) string { return fmt.Sprint("order-", i) },
			func(*counter, int) surveys.Person {
				return surveys.Person{ExternalID: "new", Email: "new@customers.example"}
			}, map[surveys.Outcome]int{surveys.Scheduled: 1, surveys.Capped: 19}},
		{"twenty events of an address nobody knew", func(int) string { return "" },
			func(*counter, int) surveys.Person { return surveys.Person{Email: "new@customers.example"} },
			map[surveys.Outcome]int{surveys.Scheduled: 1, surveys.Capped: 19}},
	}
	for _, dialect := range storetest.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			processes := servers(t, dialect, 2)
			var receivers []*flow.Receiver
			for _, s := range processes {
				receivers = append(receivers, flow.NewReceiver(s, nil))
			}
			for _, c := range cases {
				t.Run(c.name, func(t *testing.T) {
					k := newCounter(t, processes[0])
					var mu sync.Mutex
					decisions, people := map[surveys.Outcome]int{}, map[string]bool{}
					atOnce(20, func(i int) {
						e := k.order()
						e.ExternalID = c.id(i)
						received, err := receivers[i%len(receivers)].Receive(context.Background(), k.w, e, c.caller(k, i))
						mu.Lock()
						defer mu.Unlock()
						if err != nil || len(received.Decisions) != 1 {
							t.Errorf("Receive = %+v, %v", received, err)
							return
						}
						people[received.PersonID] = true
						if !received.Repeated {
							decisions[received.Decisions[0].Outcome]++
						}
					})
					if !reflect.DeepEqual(decisions, c.decisions) {
						t.Errorf("decisions = %v, want %v", decisions, c.decisions)
					}
					if len(people) != 1 {
						t.Errorf("%d people, want 1", len(people))
					}
					for id := range people {
						if n := len(k.invitations(t, id)); n != 1 {
							t.Errorf("%d invitations, want 1", n)
						}
					}
				})
			}
		})
	}
}

func TestReceiveKnowsPeople(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		told   []surveys.Person // one event each
		people int
		want   surveys.Person // the last one's
	}{
		{"by their id, with news laid over", []surveys.Person{
			{ExternalID: "7", Email: "old@customers.example", Name: "Ada", Traits: map[string]any{"plan": "free", "country": "DE"}},
			{ExternalID: "7", Email: "New@Customers.example ", Traits: map[string]any{"plan": "pro", "country": nil}},
		}, 1, surveys.Person{ExternalID: "7", Email: "new@customers.example", Name: "Ada", Traits: map[string]any{"plan": "pro"}}},
		{"by their address", []surveys.Person{
			{Email: "ada@customers.example", Name: "Ada"},
			{Email: "ADA@customers.example", Locale: "de"},
		}, 1, surveys.Person{Email: "ada@customers.example", Name: "Ada", Locale: "de", Traits: map[string]any{}}},
		{"by the address, before the id was known", []surveys.Person{
			{Email: "ada@customers.example", Name: "Ada"},
			{ExternalID: "7", Email: "ada@customers.example"},
		}, 1, surveys.Person{ExternalID: "7", Email: "ada@customers.example", Name: "Ada", Traits: map[string]any{}}},
		{"by the address of somebody with an id", []surveys.Person{
			{ExternalID: "7", Email: "ada@customers.example"},
			{Email: "ada@customers.example", Name: "Ada"},
		}, 1, surveys.Person{ExternalID: "7", Email: "ada@customers.example", Name: "Ada", Traits: map[string]any{}}},
		{"two ids with one address are two people", []surveys.Person{
			{ExternalID: "7", Email: "office@customers.example"},
			{ExternalID: "8", Email: "office@customers.example"},
		}, 2, surveys.Person{ExternalID: "8", Email: "office@customers.example", Traits: map[string]any{}}},
	}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				k := newCounter(t, s)
				ids, last := map[string]bool{}, ""
				for _, p := range c.told {
					last = k.receive(t, k.order(), p).PersonID
					ids[last] = true
				}
				if len(ids) != c.people {
					t.Errorf("%d people, want %d", len(ids), c.people)
				}
				got, err := s.Person(context.Background(), k.w.ID, last)
				if err != nil {
					t.Fatal(err)
				}
				got.WorkspaceID, got.ID, got.CreatedAt, got.UpdatedAt = "", "", time.Time{}, time.Time{}
				if !reflect.DeepEqual(got, c.want) {
					t.Errorf("the person = %+v, want %+v", got, c.want)
				}
			})
		}
	})
}

func TestReceiveWakesTheDispatcher(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newCounter(t, s)
		var told []time.Time
		r := flow.NewReceiver(s, func(at time.Time) { told = append(told, at) })
		for _, id := range []string{"order-1", "order-1", "order-2"} { // scheduled, repeated, capped
			e := k.order()
			e.ExternalID = id
			if _, err := r.Receive(context.Background(), k.w, e, k.caller()); err != nil {
				t.Fatal(err)
			}
		}
		if want := []time.Time{s.Now().Add(time.Hour)}; !reflect.DeepEqual(told, want) {
			t.Errorf("the dispatcher was told of %v, want %v", told, want)
		}
	})
}
