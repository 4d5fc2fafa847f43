package api_test

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// suppression is what programs see of one.
type suppression struct {
	ID      string  `json:"id"`
	Address *string `json:"address"`
	Reason  string  `json:"reason"`
	Source  *string `json:"source"`
	Since   string  `json:"since"`
}

func (s suppression) String() string {
	text := func(p *string) string {
		if p == nil {
			return "null"
		}
		return *p
	}
	return text(s.Address) + " " + s.Reason + " " + text(s.Source)
}

const suppressionsPath = "/api/v1/suppressions"

// suppressions lists them as texts, page by page.
func (b *bundle) suppressions(parameters string) []string {
	b.t.Helper()
	texts := []string{}
	for cursor := ""; ; {
		var list struct {
			Suppressions []suppression `json:"suppressions"`
			NextCursor   *string       `json:"next_cursor"`
		}
		b.do(call{path: suppressionsPath + "?" + parameters + cursor}).read(b.t, http.StatusOK, &list)
		for _, s := range list.Suppressions {
			texts = append(texts, s.String())
		}
		if list.NextCursor == nil {
			return texts
		}
		cursor = "&cursor=" + *list.NextCursor
	}
}

// suppress adds addresses and returns their entries.
func (b *bundle) suppress(body string) []suppression {
	b.t.Helper()
	var added struct {
		Suppressions []suppression `json:"suppressions"`
	}
	b.post(suppressionsPath, body).read(b.t, http.StatusOK, &added)
	return added.Suppressions
}

// releases lets an address through again, for some grounds.
func (b *bundle) release(id, grounds string) reply {
	b.t.Helper()
	path := suppressionsPath + "/" + id
	if grounds != "" {
		path += "?grounds=" + grounds
	}
	return b.do(call{method: http.MethodDelete, path: path})
}

// holds says for what reason an address gets no mail.
func (b *bundle) holds(email string) surveys.Suppression {
	b.t.Helper()
	reason, err := b.site.Store.Suppression(context.Background(), b.workspace, email)
	if err != nil {
		b.t.Fatal(err)
	}
	return reason
}

func (b *bundle) suppressFor(email string, reason surveys.Suppression) {
	b.t.Helper()
	storetest.Write(b.t, b.site.Store, func(ctx context.Context, tx *store.Tx) error {
		return tx.Suppress(ctx, b.workspace, email, reason)
	})
}

func wantTexts(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// TestSuppressionsThroughTheAPI adds one and many, which withdraws what is
// scheduled, lists them and reads one.
func TestSuppressionsThroughTheAPI(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		person := storetest.Person(t, s, b.workspace.ID)
		letter := storetest.Invitation(t, s, b.survey(surveys.NPS), person)
		b.suppressFor("gone@customers.example", surveys.SuppressedUnsubscribed)
		added := b.suppress(`{"addresses":["` + strings.ToUpper(person.Email) + `","gone@customers.example","` + person.Email + `"]}`)
		if len(added) != 3 || added[0].String() != person.Email+" stopped api" || added[1].String() != "gone@customers.example unsubscribed link" || added[2].ID != added[0].ID {
			t.Errorf("added %v", added)
		}
		if i, err := s.Invitation(t.Context(), b.workspace.ID, letter.ID); err != nil || i.State != surveys.InvitationSuppressed {
			t.Errorf("what was scheduled is %s, %v", i.State, err)
		}
		if again := b.suppress(`{"addresses":["` + person.Email + `"]}`); again[0].Since != added[0].Since || again[0].ID != added[0].ID {
			t.Errorf("again it is %+v, first %+v", again, added[0])
		}
		var read suppression
		if b.do(call{path: suppressionsPath + "/" + added[0].ID}).read(t, http.StatusOK, &read); read.String() != added[0].String() {
			t.Errorf("read %v, added %v", read, added[0])
		}
		if wanted := b.suppress(`{"addresses":["` + person.Email + `"],"reason":"unsubscribed"}`); wanted[0].String() != person.Email+" unsubscribed api" {
			t.Errorf("a stronger reason: %v", wanted)
		}
		b.suppress(`{"addresses":["dead@customers.example"],"reason":"bounced"}`)
		wantTexts(t, "bounced", b.suppressions("reason=bounced"), "dead@customers.example bounced api")
		wantTexts(t, "one address", b.suppressions("address="+url.QueryEscape(" Dead@Customers.example ")), "dead@customers.example bounced api")
		wantTexts(t, "an address of another reason", b.suppressions("reason=stopped&address=dead%40customers.example"))
		wantTexts(t, "an address that gets mail", b.suppressions("address=free%40customers.example"))
	})
}

// TestSuppressionsAreReleasedOnGrounds: neither a person's wish nor a dead
// address is released without a word, and a wish that is taken back does not make
// a dead address work.
func TestSuppressionsAreReleasedOnGrounds(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		for reason, c := range map[surveys.Suppression]struct{ enough, short string }{
			surveys.SuppressedByTeam:       {"", "none"},
			surveys.SuppressedBounced:      {"works", "person"},
			surveys.SuppressedUnsubscribed: {"person", "works"},
			surveys.SuppressedComplained:   {"person", ""},
		} {
			email := string(reason) + "@customers.example"
			id := b.suppress(`{"addresses":["` + email + `"],"reason":"` + string(reason) + `"}`)[0].ID
			if c.short != "none" {
				if p := b.release(id, c.short).problem(t, http.StatusUnprocessableEntity); p.Errors[0].Path != "grounds" || b.holds(email) != reason {
					t.Errorf("%s by %q: %+v, and it is %q", reason, c.short, p.Errors, b.holds(email))
				}
			}
			if got := b.release(id, c.enough); got.status != http.StatusNoContent || b.holds(email) != "" {
				t.Errorf("%s by %q: %d %s, and it is %q", reason, c.enough, got.status, got.body, b.holds(email))
			}
			for _, method := range []string{http.MethodGet, http.MethodDelete} {
				b.do(call{method: method, path: suppressionsPath + "/" + id}).problem(t, http.StatusNotFound)
			}
		}
		const both = "both@customers.example"
		b.suppressFor(both, surveys.SuppressedBounced)
		b.suppressFor(both, surveys.SuppressedUnsubscribed)
		id := b.suppress(`{"addresses":["` + both + `"]}`)[0].ID
		var left suppression
		b.release(id, "person").read(t, http.StatusOK, &left)
		if left.ID != id || left.String() != both+" bounced smtp" || b.holds(both) != surveys.SuppressedBounced {
			t.Errorf("left is %v, and it is %q", left, b.holds(both))
		}
		b.release(id, "person").problem(t, http.StatusUnprocessableEntity)
		if got := b.release(id, "works"); got.status != http.StatusNoContent || b.holds(both) != "" {
			t.Errorf("then %d, and it is %q", got.status, b.holds(both))
		}
	})
}

// TestSuppressionsOutliveErasure: the entry of somebody who was erased is
// listed without the address, and found by it.
func TestSuppressionsOutliveErasure(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		person := storetest.Person(t, s, b.workspace.ID)
		id := b.suppress(`{"addresses":["` + person.Email + `"],"reason":"unsubscribed"}`)[0].ID
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.ErasePerson(ctx, b.workspace.ID, person.ID)
		})
		wantTexts(t, "the list", b.suppressions(""), "null unsubscribed api")
		wantTexts(t, "by the address", b.suppressions("address="+url.QueryEscape(person.Email)), "null unsubscribed api")
		var read suppression
		if b.do(call{path: suppressionsPath + "/" + id}).read(t, http.StatusOK, &read); read.Address != nil || read.Reason != "unsubscribed" {
			t.Errorf("read %v", read)
		}
		if again := b.suppress(`{"addresses":["` + person.Email + `"]}`); again[0].ID != id || again[0].Reason != "unsubscribed" {
			t.Errorf("added again it is %v", again)
		}
	})
}

// TestSuppressionsArePaged walks the list while it grows at its head: nothing is
// left out, nothing comes twice.
func TestSuppressionsArePaged(t *testing.T) {
	t.Parallel()
	at := storetest.Start()
	storetest.BothAt(t, func() time.Time { return at }, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		var want []string
		for n := range 11 {
			email := "n" + strconv.Itoa(n) + "@customers.example"
			b.suppressFor(email, surveys.SuppressedBounced)
			want = append(want, email+" bounced smtp")
		}
		for _, limit := range []string{"1", "2", "5", "11", "500"} {
			got := b.suppressions("limit=" + limit)
			seen := strings.Join(got, ", ")
			for _, text := range want {
				if strings.Count(seen, text) != 1 || len(got) != len(want) {
					t.Errorf("pages of %s: %d entries: %s", limit, len(got), seen)
					break
				}
			}
		}
	})
}

// TestManySuppressionsAtOnce: as many as one call may name are stored, whoever
// adds the same ones meanwhile, and one broken address stores none.
func TestManySuppressionsAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		var forth, back []string
		for n := range 600 {
			email := `"n` + strconv.Itoa(n) + `@customers.example"`
			forth, back = append(forth, email), append([]string{email}, back...)
		}
		done := make(chan int)
		for _, list := range [][]string{forth, back} {
			go func() { done <- len(b.suppress(`{"addresses":[` + strings.Join(list, ",") + `]}`)) }()
		}
		if first, second := <-done, <-done; first != 600 || second != 600 {
			t.Errorf("added %d and %d", first, second)
		}
		if n := len(b.suppressions("limit=500")); n != 600 {
			t.Errorf("%d are listed", n)
		}
		p := b.post(suppressionsPath, `{"addresses":["fine@customers.example","\"a b> SIZE=1\"@example.com","no"]}`).problem(t, http.StatusUnprocessableEntity)
		if len(p.Errors) != 2 || p.Errors[0].Path != "addresses.1" || p.Errors[1].Path != "addresses.2" || b.holds("fine@customers.example") != "" {
			t.Errorf("wrong are %+v", p.Errors)
		}
	})
}

func TestBadSuppressions(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	many := strings.TrimSuffix(strings.Repeat(`"a@b.example",`, 1001), ",")
	for _, c := range []bad{
		{"nothing", suppressionsPath, `{}`, 422, "addresses", "1 to 1,000"},
		{"no address", suppressionsPath, `{"addresses":[]}`, 422, "addresses", "1 to 1,000"},
		{"null", suppressionsPath, `{"addresses":null}`, 422, "addresses", "1 to 1,000"},
		{"too many", suppressionsPath, `{"addresses":[` + many + `]}`, 422, "addresses", "1 to 1,000"},
		{"one text", suppressionsPath, `{"addresses":"a@b.example"}`, 422, "addresses", "array"},
		{"a number", suppressionsPath, `{"addresses":[7]}`, 422, "addresses", "string"},
		{"an empty address", suppressionsPath, `{"addresses":[""]}`, 422, "addresses.0", "plain form"},
		{"a null character", suppressionsPath, `{"addresses":["a\u0000@b.example"]}`, 422, "addresses.0", "plain form"},
		{"two lines", suppressionsPath, `{"addresses":["a@b.example\r\nRCPT TO:<c@d.example>"]}`, 422, "addresses.0", "plain form"},
		{"a reason that is none", suppressionsPath, `{"addresses":["a@b.example"],"reason":"bored"}`, 422, "reason", "unsubscribed"},
		{"an empty reason", suppressionsPath, `{"addresses":["a@b.example"],"reason":""}`, 422, "reason", "unsubscribed"},
		{"a source", suppressionsPath, `{"addresses":["a@b.example"],"source":"link"}`, 422, "source", "no field"},
	} {
		p := b.post(c.path, c.body).problem(t, c.status)
		if len(p.Errors) == 0 || p.Errors[0].Path != c.field || !strings.Contains(p.Errors[0].Detail, c.says) {
			t.Errorf("%s: %+v, want %q at %s", c.name, p.Errors, c.says, c.field)
		}
	}
	for _, query := range []string{"?reason=bored", "?address=nobody", "?limit=0", "?limit=501", "?cursor=x", "?cursor=MTIzOg", "?cursor=LTE6MDA", "?state=held", "?offset=1"} {
		b.do(call{path: suppressionsPath + query}).problem(t, http.StatusUnprocessableEntity)
	}
	for _, id := range []string{"zz", "00FF", "00ff", strings.Repeat("0", 64), "%00", "0"} {
		b.do(call{path: suppressionsPath + "/" + id}).problem(t, http.StatusNotFound)
	}
	if got := b.suppressions(""); len(got) != 0 {
		t.Errorf("a bad call stored %s", got)
	}
	id := b.suppress(`{"addresses":["a@b.example"]}`)[0].ID
	b.do(call{method: http.MethodDelete, path: suppressionsPath + "/" + id + "?ground=works"}).problem(t, http.StatusUnprocessableEntity)
	reads := b.addKey(b.workspace, surveys.ScopeRead, surveys.ScopeResponses, surveys.ScopeEvents)
	b.do(call{path: suppressionsPath, key: &reads}).read(t, http.StatusOK, &map[string]any{})
	b.do(call{method: http.MethodPost, path: suppressionsPath, body: `{"addresses":["c@d.example"]}`, key: &reads}).problem(t, http.StatusForbidden)
	b.do(call{method: http.MethodDelete, path: suppressionsPath + "/" + id, key: &reads}).problem(t, http.StatusForbidden)
	writes := b.addKey(b.workspace, surveys.ScopeEvents)
	b.do(call{path: suppressionsPath, key: &writes}).problem(t, http.StatusForbidden)
}
