package office

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestPeopleAreFound(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		m := x.as(surveys.Viewer)
		m.get("/people").says(".empty h2", "Nobody is known yet")
		for i := range 60 {
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.SavePerson(ctx, surveys.Person{WorkspaceID: x.w.ID, ExternalID: fmt.Sprintf("c-%02d", i), Name: fmt.Sprintf("Person %02d", i), Email: fmt.Sprintf("p%02d@example.com", i)})
				return err
			})
		}
		p := m.get("/people").want(http.StatusOK)
		p.has("tbody tr", 50)
		p.has(`a[rel="next"][href="/people?page=2"]`, 1)
		p = m.get("/people?page=2").want(http.StatusOK)
		p.has("tbody tr", 10)
		p.has(`a[rel="prev"]`, 1)
		p = m.get("/people?q=P07%40EXAMPLE").want(http.StatusOK)
		p.has("tbody tr", 1)
		p.says("tbody th", "Person 07")
		if p.value("q") != "P07@EXAMPLE" {
			t.Errorf("the search is lost: %q", p.value("q"))
		}
		m.get("/people?q=nobody%25").says(".empty h2", "Nobody matches “nobody%”")
		for _, page := range []string{"0", "-1", "x", "99999999999999999999"} {
			p := m.get("/people?page=" + page).want(http.StatusOK)
			p.has("tbody tr", 50)
			p.says(".note", "no such page")
		}
	})
}

// TestPersonSaysWhy walks the way: an event, a rule's decision, the invitation
// and the answer stand in the history, the latest first.
func TestPersonSaysWhy(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		survey := storetest.Survey(t, s, x.w.ID, surveys.NPS)
		storetest.Rule(t, s, survey)
		ctx := context.Background()
		person := surveys.Person{Email: "ana@example.com", Name: "Ana", Traits: map[string]any{"plan": "pro"}}
		var received struct{ first, second string }
		for _, step := range []struct {
			at time.Duration
			id *string
		}{{-2 * time.Hour, &received.first}, {-time.Hour, &received.second}} {
			got, err := x.site.Receiver.Receive(ctx, x.w, surveys.Event{Type: "order_completed", OccurredAt: s.Now().Add(step.at), Properties: map[string]any{"total": 1250000.0}}, person)
			if err != nil {
				t.Fatal(err)
			}
			*step.id = got.PersonID
		}
		x.answers(survey, answer{score: 9, personID: received.first, comment: "Lovely", daysAgo: 1})

		p := x.as(surveys.Viewer).get("/people/" + received.first).want(http.StatusOK)
		p.says("h1", "Ana")
		p.says(".person aside", "ana@example.com")
		p.says(".person aside", "pro")
		p.has(".history > li", 4)
		p.says(".history .invitation", "Will be asked: "+survey.Name)
		p.says(".history .invitation .tag", "Scheduled")
		p.says(".history .answer .said", "Lovely")
		p.says(".history .answer .score-badge.good", "9")
		events := p.Find(".history .event")
		if got := events.Eq(0).Text(); !contains(got, "After each order", "nobody who was asked anything within 30 days") {
			t.Errorf("the second event says %q", got)
		}
		if got := events.Eq(1).Text(); !contains(got, "order_completed", "An invitation was set for 2 March 2026, 10:00", "total: 1250000") {
			t.Errorf("the first event says %q", got)
		}
		p.has(`a[href$="/erase"]`, 0)
	})
}

func TestPersonWhoGetsNoMail(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	person := storetest.Person(t, x.store, x.w.ID)
	storetest.Write(t, x.store, func(ctx context.Context, tx *store.Tx) error {
		return tx.Suppress(ctx, x.w, person.Email, surveys.SuppressedUnsubscribed)
	})
	p := x.as(surveys.Viewer).get("/people/" + person.ID).want(http.StatusOK)
	p.says(".note.warning", "asked not to be asked")
	p.says(".person > section", "Nothing has happened yet.")
}

// TestPersonLeadsToWhoSharesTheAddress: what one of them was asked is why another is
// not.
func TestPersonLeadsToWhoSharesTheAddress(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	var ids []string
	storetest.Write(t, x.store, func(ctx context.Context, tx *store.Tx) error {
		for n := range 5 {
			p, err := tx.SavePerson(ctx, surveys.Person{WorkspaceID: x.w.ID, ExternalID: fmt.Sprint("till-", n), Name: fmt.Sprint("Sue ", n), Email: "till@shop.example"})
			if err != nil {
				return err
			}
			ids = append(ids, p.ID)
		}
		return nil
	})
	p := x.as(surveys.Viewer).get("/people/" + ids[4]).want(http.StatusOK)
	p.says(".person aside", "Same address, asked as one")
	p.has(`.person aside a[href="/people/`+ids[0]+`"]`, 1)
	p.has(`.person aside a[href^="/people/"]`, 3)
	p.has(".person aside dt:empty", 0)
	p.has(`.person aside a[href="/people?q=till%40shop.example"]`, 1)
	x.as(surveys.Viewer).get("/people/"+storetest.Person(t, x.store, x.w.ID).ID).has(`.person aside a`, 0)
}

func TestErasingAsksFirst(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	person := storetest.Person(t, x.store, x.w.ID)
	agent := x.as(surveys.Agent)
	agent.get("/people/"+person.ID).want(http.StatusOK).has(`a[href="/people/`+person.ID+`/erase"]`, 1)
	p := agent.get("/people/" + person.ID + "/erase").want(http.StatusOK)
	p.says("h1", "Erase Ada Lovelace?")
	p.has(`form[method="post"][action="/people/`+person.ID+`/erase"]`, 1)
	if _, err := x.store.Person(context.Background(), x.w.ID, person.ID); err != nil {
		t.Fatalf("asking has erased: %v", err)
	}
	agent.post("/people/"+person.ID+"/erase", url.Values{}).seesOther("/people")
	agent.get("/people").says(".note.done", "being erased")
	x.as(surveys.Viewer).post("/people/"+person.ID+"/erase", url.Values{}).want(http.StatusForbidden)
}

func TestPropertiesAsPeopleReadThem(t *testing.T) {
	t.Parallel()
	for want, value := range map[string]any{
		"1250000": 1250000.0, "12.5": 12.5, "pro": "pro", "true": true, "null": nil, `["a",1]`: []any{"a", 1}, `{"a":{"b":2}}`: map[string]any{"a": map[string]any{"b": 2}},
	} {
		if got := written(value); got != want {
			t.Errorf("%v: %q, want %q", value, got, want)
		}
	}
	many := surveys.Event{Properties: map[string]any{}}
	for _, key := range []string{"h", "g", "f", "e", "d", "c", "b", "a"} {
		many.Properties[key] = key
	}
	if got := properties(many); len(got) != maxProperties+1 || got[0] != "a: a" || got[maxProperties] != "…" {
		t.Errorf("%q", got)
	}
}
