package store_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// history makes a batch of n people, each with an event, its decision, an
// answered invitation and the answer.
func history(t *testing.T, s *store.Store, survey surveys.Survey, rule surveys.Rule, n int) store.Batch {
	t.Helper()
	var b store.Batch
	at := s.Now().Add(-time.Hour)
	sent := at.Add(time.Minute)
	for i := range n {
		ws := survey.WorkspaceID
		p := surveys.Person{WorkspaceID: ws, ID: storetest.ID(t, s), ExternalID: fmt.Sprintf("customer-%d", i), Email: fmt.Sprintf("p%d@mail.example", i),
			Name: "王芳", Locale: "zh-Hans", TimeZone: "Asia/Shanghai", Traits: map[string]any{"plan": "gift"}, CreatedAt: at, UpdatedAt: at}
		e := surveys.Event{WorkspaceID: ws, ID: storetest.ID(t, s), ExternalID: fmt.Sprintf("order-%d", i), Type: "order_completed", PersonID: p.ID,
			OccurredAt: at, ReceivedAt: at, Properties: map[string]any{"total": 12.5}}
		r := storetest.Response(t, s, survey, i%11)
		r.PersonID, r.Segments["plan"], r.Comment = p.ID, "gift", []string{"", "Lovely"}[i%2]
		inv := surveys.Invitation{WorkspaceID: ws, ID: storetest.ID(t, s), SurveyID: survey.ID, RuleID: rule.ID, EventID: e.ID, PersonID: p.ID, Email: p.Email,
			State: surveys.InvitationSent, SendAt: at, Attempts: 1, SentAt: &sent, AnsweredAt: &r.AnsweredAt, ResponseID: r.ID, ExpiresAt: at.Add(surveys.AnswerWindow), CreatedAt: at}
		r.InvitationID, r.Channel = inv.ID, surveys.ChannelMail
		b.People, b.Events, b.Invitations, b.Responses = append(b.People, p), append(b.Events, e), append(b.Invitations, inv), append(b.Responses, r)
		b.Decisions = append(b.Decisions, store.Fate{EventID: e.ID, DecidedAt: at, Decision: surveys.Decision{RuleID: rule.ID, RuleName: rule.Name, SurveyID: survey.ID,
			Outcome: surveys.Scheduled, SendAt: &at, InvitationID: inv.ID}})
	}
	b.Suppressions = []store.Suppressed{{Email: "p1@mail.example", Reason: surveys.SuppressedBounced, At: at}}
	b.Claims = []store.Claimed{{ResultID: b.Events[0].ID, Once: store.Once{Key: store.OnceKey("event", "order-0"), Body: []byte{}, ExpiresAt: s.Now().Add(time.Hour)}}}
	return b
}

// batches gives the batches one after the other.
func batches(list ...store.Batch) iter.Seq[store.Batch] {
	return func(yield func(store.Batch) bool) {
		for _, b := range list {
			if !yield(b) {
				return
			}
		}
	}
}

func TestLoadReadsBackAsIfItHadBeenStoredOneByOne(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		rule := storetest.Rule(t, s, survey)
		b := history(t, s, survey, rule, 60) // two full inserts and a part of one
		if err := s.Load(ctx, w, batches(b, store.Batch{})); err != nil {
			t.Fatal(err)
		}
		consistent(t, s, survey, 60)
		for _, i := range []int{0, 1, 59} {
			p, err := s.Person(ctx, w.ID, b.People[i].ID)
			if err != nil || fmt.Sprint(p) != fmt.Sprint(b.People[i]) {
				t.Errorf("person %d: %+v, %v", i, p, err)
			}
			e, err := s.Event(ctx, w.ID, b.Events[i].ID)
			if err != nil || fmt.Sprint(e) != fmt.Sprint(b.Events[i]) {
				t.Errorf("event %d: %+v, %v", i, e, err)
			}
			r, err := s.Response(ctx, w.ID, b.Responses[i].ID)
			if err != nil || fmt.Sprint(r) != fmt.Sprint(b.Responses[i]) {
				t.Errorf("response %d: %+v, want %+v, %v", i, r, b.Responses[i], err)
			}
			inv, err := s.Invitation(ctx, w.ID, b.Invitations[i].ID)
			if err != nil || inv.ResponseID != r.ID || inv.SentAt == nil || !inv.SentAt.Equal(*b.Invitations[i].SentAt) || inv.LeaseUntil != nil || inv.State != surveys.InvitationSent {
				t.Errorf("invitation %d: %+v, %v", i, inv, err)
			}
			decisions, err := s.Decisions(ctx, w.ID, []string{e.ID})
			if err != nil || len(decisions[e.ID]) != 1 || decisions[e.ID][0].InvitationID != inv.ID || decisions[e.ID][0].Until != nil {
				t.Errorf("decisions of event %d: %+v, %v", i, decisions, err)
			}
		}
		if reason, err := s.Suppression(ctx, w, "p1@mail.example"); err != nil || reason != surveys.SuppressedBounced {
			t.Errorf("suppression %q, %v", reason, err)
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			mine, result, err := tx.Claim(ctx, w.ID, store.Once{Key: store.OnceKey("event", "order-0"), Body: []byte{}, Repeat: store.Change, ExpiresAt: s.Now().Add(time.Hour)}, storetest.ID(t, s))
			if err == nil && (mine || result != b.Events[0].ID) {
				err = fmt.Errorf("the key is taken by %q (mine: %v)", result, mine)
			}
			return err
		})
	})
}

func TestLoadStoresAllOrNothing(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*store.Batch){
		"a score that no rollup counts": func(b *store.Batch) { b.Responses[len(b.Responses)-1].Score = 11 },
		"the same event twice":          func(b *store.Batch) { b.Events = append(b.Events, b.Events[0]) },
		"traits that are no JSON":       func(b *store.Batch) { b.People[0].Traits = map[string]any{"plan": func() {}} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Both(t, func(t *testing.T, s *store.Store) {
				w := storetest.Workspace(t, s)
				survey := storetest.Survey(t, s, w.ID, surveys.NPS)
				rule := storetest.Rule(t, s, survey)
				good, bad := history(t, s, survey, rule, 30), store.Batch{}
				bad.Events, bad.Responses, bad.People = good.Events[:1:1], good.Responses, good.People[:1]
				good.Responses, good.Events, good.People = nil, good.Events[1:], good.People[1:]
				good.Decisions, good.Invitations = nil, nil
				spoil(&bad)
				if err := s.Load(context.Background(), w, batches(good, bad)); err == nil {
					t.Fatal("it was stored")
				}
				consistent(t, s, survey, 0)
				if people, err := s.People(context.Background(), w.ID, "", 0, 10); err != nil || len(people) != 0 {
					t.Errorf("%d people are left behind, %v", len(people), err)
				}
				if _, err := s.Event(context.Background(), w.ID, good.Events[5].ID); surveys.KindOf(err) != surveys.NotFound {
					t.Errorf("an event is left behind: %v", err)
				}
			})
		})
	}
}

func TestLoadStopsWhenItIsCancelled(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		ctx, cancel := context.WithCancel(context.Background())
		endless := func(yield func(store.Batch) bool) {
			for i := 0; ; i++ {
				r := storetest.Response(t, s, survey, i%11)
				if i == 300 {
					cancel()
				}
				if !yield(store.Batch{Responses: []surveys.Response{r}}) {
					return
				}
				if i == 1_000_000 {
					t.Error("it does not stop")
					return
				}
			}
		}
		if err := s.Load(ctx, w, endless); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
		consistent(t, s, survey, 0)
	})
}

// After a load the writer must again survive the loss of power and look after
// foreign keys, whether the load went well or not.
func TestLoadLeavesTheWriterAsItWas(t *testing.T) {
	t.Parallel()
	for name, score := range map[string]int{"stored": 7, "refused": 11} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := storetest.Open(t, store.SQLite)
			w := storetest.Workspace(t, s)
			survey := storetest.Survey(t, s, w.ID, surveys.NPS)
			r := storetest.Response(t, s, survey, score)
			if err := s.Load(context.Background(), w, batches(store.Batch{Responses: []surveys.Response{r}})); (err == nil) != (name == "stored") {
				t.Fatalf("load: %v", err)
			}
			for pragma, want := range map[string]int{"synchronous": 2, "foreign_keys": 1, "cache_size": -24000, "wal_autocheckpoint": 4000, "temp_store": 0} {
				var got int
				if err := s.Writers().QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
					t.Errorf("%s is %d, want %d (%v)", pragma, got, want, err)
				}
			}
		})
	}
}
