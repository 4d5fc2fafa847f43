package mailer

import (
	"context"
	"crypto/rand"
	chance "math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
	"github.com/harkhq/hark/templates/i18n"
)

// testCatalogue is read once for all tests: nothing changes it.
var testCatalogue = sync.OnceValues(i18n.New)

// testComposer writes letters of feedback.example.com.
func testComposer(t testing.TB, now func() time.Time) *Composer {
	t.Helper()
	catalogue, err := testCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	c, err := NewComposer(ComposerOptions{
		URL: "https://feedback.example.com", From: "Somebody <feedback@shop.example>", Catalogue: catalogue, Random: rand.Reader, Now: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// dispatcher mails from a store over a transport; a nil change keeps the usual options.
func dispatcher(t testing.TB, s *store.Store, transport Transport, change func(*DispatcherOptions)) *Dispatcher {
	t.Helper()
	o := DispatcherOptions{
		Store: s, Composer: testComposer(t, s.Now), Transport: transport, Interval: 10 * time.Millisecond,
		Chance: chance.Float64,
	}
	if change != nil {
		change(&o)
	}
	return NewDispatcher(o)
}

// office is a workspace with a survey, and what tests do with them.
type office struct {
	t         testing.TB
	store     *store.Store
	workspace surveys.Workspace
	survey    surveys.Survey
}

func newOffice(t testing.TB, s *store.Store) office {
	t.Helper()
	w := storetest.Workspace(t, s)
	return office{t, s, w, storetest.Survey(t, s, w.ID, surveys.NPS)}
}

// invite schedules an invitation of a new person for now.
func (o office) invite() surveys.Invitation {
	o.t.Helper()
	return storetest.Invitation(o.t, o.store, o.survey, storetest.Person(o.t, o.store, o.workspace.ID))
}

// inviteMany schedules n invitations of new people for now, in one transaction.
func (o office) inviteMany(n int) {
	o.t.Helper()
	first := o.invite()
	storetest.Write(o.t, o.store, func(ctx context.Context, tx *store.Tx) error {
		for range n - 1 {
			next := first
			next.ID = storetest.ID(o.t, o.store)
			next.Email = next.ID + "@customers.example"
			person, err := tx.SavePerson(ctx, surveys.Person{WorkspaceID: o.workspace.ID, Email: next.Email, Name: "Ada " + next.ID, Locale: "en", Traits: map[string]any{"plan": "pro"}})
			if err != nil {
				return err
			}
			next.PersonID = person.ID
			if err := tx.CreateInvitation(ctx, next); err != nil {
				return err
			}
		}
		return nil
	})
}

// read returns an invitation as it is stored now.
func (o office) read(id string) surveys.Invitation {
	o.t.Helper()
	i, err := o.store.Invitation(context.Background(), o.workspace.ID, id)
	if err != nil {
		o.t.Fatal(err)
	}
	return i
}

// expect checks the state of an invitation, and returns it.
func (o office) expect(id string, want surveys.InvitationState) surveys.Invitation {
	o.t.Helper()
	i := o.read(id)
	if i.State != want {
		o.t.Errorf("the invitation is %s (%s), want %s", i.State, i.Problem, want)
	}
	return i
}

// kept reports whether the bytes of an invitation's letter are stored.
func (o office) kept(id string) bool {
	o.t.Helper()
	_, err := o.store.Letter(context.Background(), o.workspace.ID, id)
	if err != nil && surveys.KindOf(err) != surveys.NotFound {
		o.t.Fatal(err)
	}
	return err == nil
}

// change stores the survey as changed.
func (o office) change(change func(*surveys.Survey)) {
	o.t.Helper()
	survey := o.survey
	change(&survey)
	storetest.Write(o.t, o.store, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
}

// once runs a pass and checks how many letters were handed over.
func once(t testing.TB, d *Dispatcher, want int) {
	t.Helper()
	n, err := runOnce(context.Background(), d)
	if err != nil || n != want {
		t.Fatalf("a pass handed over %d letters, %v, want %d", n, err, want)
	}
}

// runOnce is one pass of a dispatcher: it mails what is due now, in every
// workspace, and returns how many letters were handed to the transport,
// whatever it said of them.
func runOnce(ctx context.Context, d *Dispatcher) (int, error) {
	var handed atomic.Int64
	o := d.DispatcherOptions
	o.Transport = transportFunc(func(ctx context.Context, letter store.Letter) Result {
		handed.Add(1)
		return d.Transport.Deliver(ctx, letter)
	})
	next := NewDispatcher(o)
	next.breaker = d.breaker
	p := next.newPass(ctx)
	defer p.end()
	err := p.run()
	return int(handed.Load()), err
}
