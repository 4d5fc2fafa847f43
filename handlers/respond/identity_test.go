package respond_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// signer is a company's server, which signs who looks at a survey.
type signer struct {
	b      *bundle
	survey surveys.Survey
	secret string
	tokens int
	locale string // of whom it speaks of
}

// signing makes a key and a survey that a shop may show.
func (b *bundle) signing(metric surveys.Metric) (*signer, string) {
	b.t.Helper()
	survey, path := b.asking(metric, surveys.StyleNumbers)
	b.edit(survey, func(s *surveys.Survey) { s.Origins = []string{"https://shop.example"} })
	_, secret, err := b.site.Visitors.AddKey(context.Background(), b.workspace.ID, surveys.IdentityHS256, "")
	if err != nil {
		b.t.Fatal(err)
	}
	return &signer{b: b, survey: survey, secret: secret}, strings.Replace(path, "/s/", "/e/", 1)
}

// token says that somebody looks at the survey.
func (s *signer) token(sub string) string {
	s.b.t.Helper()
	s.tokens++
	now := s.b.site.Store.Now()
	text, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"iss": s.b.workspace.Key, "aud": s.survey.PublicID(s.b.workspace.Key), "sub": sub, "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(), "jti": fmt.Sprint(sub, s.tokens),
		"traits": map[string]any{"country": "FR"}, "locale": s.locale,
	}).SignedString([]byte(s.secret))
	if err != nil {
		s.b.t.Fatal(err)
	}
	return text
}

// person is somebody whom the server signs for.
func (s *signer) person(sub string) (person surveys.Person) {
	s.b.t.Helper()
	storetest.Write(s.b.t, s.b.site.Store, func(ctx context.Context, tx *store.Tx) (err error) {
		person, err = tx.SavePerson(ctx, surveys.Person{WorkspaceID: s.b.workspace.ID, ExternalID: sub, Email: sub + "@customers.example"})
		return err
	})
	return person
}

// TestEmbedKnowsItsVisitor: the answer of whoever was signed for is theirs, also when
// the token is long over, in another language, on another device and when they change it.
func TestEmbedKnowsItsVisitor(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		b := newBundle(t, s)
		sign, path := b.signing(surveys.NPS)
		visitor := b.browser()
		const host = "?hark-host=https%3A%2F%2Fshop.example&hark-token="
		first := visitor.get(path + host + sign.token("u1"))
		if address := first.Find("form").AttrOr("action", ""); strings.Contains(address, "hark-token") || !strings.Contains(address, "hark-visitor=") {
			t.Errorf("the form goes to %s", address)
		}
		clock.Advance(2 * time.Hour)
		more := visitor.send(first, url.Values{"score": {"3"}, "comment": {"Late"}})
		if list := b.answers(sign.survey); len(list) != 1 || list[0].PersonID == "" || list[0].Channel != surveys.ChannelEmbed || list[0].Score != 3 {
			t.Fatalf("stored %+v", list)
		}
		done := visitor.send(more, nil)
		change := done.Find("a.tap").AttrOr("href", "")
		again := visitor.get(change)
		if again.Find("input[name=score]:checked, input[name=score][checked]").AttrOr("value", "") != "3" {
			t.Errorf("the change shows %s", again.Text())
		}
		visitor.send(again, url.Values{"score": {"5"}, "comment": {"Late"}})
		phone := b.browser()
		there := phone.get(path + host + sign.token("u1") + "&lang=de")
		phone.send(there, url.Values{"score": {"6"}, "comment": {"Late"}})
		list := b.answers(sign.survey)
		if len(list) != 1 || list[0].Score != 6 {
			t.Fatalf("stored %+v", list)
		}
		person, err := s.Person(t.Context(), b.workspace.ID, list[0].PersonID)
		if err != nil || person.ExternalID != "u1" {
			t.Errorf("it is %+v's, %v", person, err)
		}
		clock.Advance(25 * time.Hour)
		phone.send(phone.get(path+host+sign.token("u1")), url.Values{"score": {"9"}})
		if list := b.answers(sign.survey); len(list) != 2 {
			t.Errorf("the next day's answer: %+v", list)
		}
		b.wantRollups(sign.survey, 2)
	})
}

// TestEmbedSpeaksToItsVisitor in their language, unless the page asks for another.
func TestEmbedSpeaksToItsVisitor(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	sign, path := b.signing(surveys.NPS)
	sign.locale = "pt_BR"
	for query, want := range map[string]string{"?hark-token=" + sign.token("u1"): "pt-BR", "?lang=de&hark-token=" + sign.token("u1"): "de", "?": "fr"} {
		visitor := b.browser("Accept-Language", "fr")
		p := visitor.get(path + query)
		if lang := p.Find("html").AttrOr("lang", ""); lang != want {
			t.Errorf("%.8s: the page is in %s, want %s", query, lang, want)
		}
		if again := visitor.send(p, url.Values{}); again.status != 422 || again.Find("html").AttrOr("lang", "") != want {
			t.Errorf("%.8s: then %d in %s", query, again.status, again.Find("html").AttrOr("lang", ""))
		}
	}
}

// TestEmbedForgetsWithItsKey: once a key is removed, nobody is who it said they are.
func TestEmbedForgetsWithItsKey(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	sign, path := b.signing(surveys.NPS)
	visitor := b.browser()
	p := visitor.get(path + "?hark-token=" + sign.token("u1"))
	keys, err := b.site.Store.IdentityKeys(t.Context(), b.workspace.ID)
	if err != nil || len(keys) != 1 {
		t.Fatal(keys, err)
	}
	if err := b.site.Visitors.RemoveKey(t.Context(), b.workspace.ID, keys[0].ID); err != nil {
		t.Fatal(err)
	}
	visitor.send(p, url.Values{"score": {"4"}})
	if list := b.answers(sign.survey); len(list) != 1 || list[0].PersonID != "" {
		t.Errorf("stored %+v", list)
	}
}

// TestEmbedBelievesNobodyElse: what nobody signed, or somebody else, is an answer of a
// visitor who is not known, and never a person's.
func TestEmbedBelievesNobodyElse(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	sign, path := b.signing(surveys.NPS)
	victim := storetest.Person(t, b.site.Store, b.workspace.ID)
	b.edit(sign.survey, func(s *surveys.Survey) { s.Fields = []string{"email"} })
	const host = "?hark-host=https%3A%2F%2Fshop.example"
	sent := 0
	anonymous := func(name, query, doubt string, change func(address string) string) {
		t.Helper()
		visitor := b.browser()
		p := visitor.get(path + host + query)
		if got := p.Find("body").AttrOr("data-doubt", ""); got != doubt {
			t.Errorf("%s: doubts %q, want %q", name, got, doubt)
		}
		form := p.Find("form")
		if change != nil {
			form.SetAttr("action", change(form.AttrOr("action", "")))
		}
		visitor.send(p, url.Values{"score": {"0"}})
		sent++
		list := b.answers(sign.survey)
		if len(list) != sent {
			t.Fatalf("%s: %d answers, want %d", name, len(list), sent)
		}
		for _, r := range list {
			if r.PersonID != "" {
				t.Errorf("%s: stored for %s", name, r.PersonID)
			}
		}
	}
	used := sign.token("u9")
	b.browser().get(path + host + "&hark-token=" + used)
	name := victim.ExternalID
	anonymous("nobody signed", "", "", nil)
	anonymous("a hidden field", "&email="+url.QueryEscape(victim.Email), "", nil)
	anonymous("words", "&hark-token=hello", "unreadable", nil)
	anonymous("another's secret", "&hark-token="+(&signer{b: b, survey: sign.survey, secret: "guess"}).token(name), "signature", nil)
	anonymous("another survey's", "&hark-token="+(&signer{b: b, survey: storetest.Survey(t, b.site.Store, b.workspace.ID, surveys.NPS), secret: sign.secret}).token(name), "aud", nil)
	anonymous("a token of another visit", "&hark-token="+used, "used", nil)
	forged := func(address string) string {
		return address + "&hark-visitor=" + url.QueryEscape("abc."+victim.ID+".AAAA")
	}
	anonymous("a made up visitor", "", "", forged)
	stolen := b.browser().get(path+host+"&hark-token="+sign.token(name)).Find("form").AttrOr("action", "")
	values, err := url.ParseQuery(stolen[strings.Index(stolen, "?")+1:])
	if err != nil || values.Get("hark-visitor") == "" {
		t.Fatalf("the victim's page goes to %s, %v", stolen, err)
	}
	anonymous("another visit's visitor", "", "", func(address string) string {
		return address + "&hark-visitor=" + url.QueryEscape(values.Get("hark-visitor"))
	})
	// The public link cannot reach a known person's answer either.
	link := strings.Replace(path, "/e/", "/s/", 1)
	visitor := b.browser()
	p := visitor.get(link)
	visitor.send(p, url.Values{"score": {"0"}, "form": {victim.ID}, "hark-visitor": {values.Get("hark-visitor")}})
	for _, r := range b.answers(sign.survey) {
		if r.PersonID != "" {
			t.Errorf("by the link: %+v", r)
		}
	}
}

// TestEmbedForKnownVisitorsOnly: with the switch on nobody else is asked within pages,
// and the script of the site's page hears why; the public link asks everybody.
func TestEmbedForKnownVisitorsOnly(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	sign, path := b.signing(surveys.NPS)
	b.edit(sign.survey, func(s *surveys.Survey) { s.Identified = true })
	const host = "?hark-host=https%3A%2F%2Fshop.example"
	for name, query := range map[string]string{"nobody": "", "a bad token": "&hark-token=hello"} {
		p := b.browser().get(path + host + query)
		p.want(t, http.StatusForbidden, "Please sign in first")
		if p.Find("body").AttrOr("data-gone", "") != "unknown" {
			t.Errorf("%s: gone %q", name, p.Find("body").AttrOr("data-gone", ""))
		}
	}
	visitor := b.browser()
	p := visitor.get(path + host + "&hark-token=" + sign.token("u1"))
	form := p.Find("form")
	form.SetAttr("action", strings.Replace(form.AttrOr("action", ""), "hark-visitor", "x", 1))
	visitor.send(p, url.Values{"score": {"0"}}).want(t, http.StatusForbidden, "Please sign in first")
	if list := b.answers(sign.survey); len(list) != 0 {
		t.Errorf("stored %+v", list)
	}
	visitor.send(visitor.get(path+host+"&hark-token="+sign.token("u1")), url.Values{"score": {"8"}})
	if list := b.answers(sign.survey); len(list) != 1 || list[0].PersonID == "" {
		t.Errorf("stored %+v", list)
	}
	if p := b.browser().get(strings.Replace(path, "/e/", "/s/", 1)); p.status != http.StatusOK {
		t.Errorf("the link: %d", p.status)
	}
	// Somebody who was erased is known no more.
	erased := visitor.get(path + host + "&hark-token=" + sign.token("u2"))
	people, err := b.site.Store.People(t.Context(), b.workspace.ID, "u2", 0, 1)
	if err != nil || len(people) != 1 {
		t.Fatalf("%+v, %v", people, err)
	}
	storetest.Write(t, b.site.Store, func(ctx context.Context, tx *store.Tx) error {
		return tx.ErasePerson(ctx, b.workspace.ID, people[0].ID)
	})
	visitor.send(erased, url.Values{"score": {"1"}}).want(t, http.StatusForbidden, "Please sign in first")
}

// TestEmbedSparesWhoWasAsked: a survey that would come up by itself does not before
// somebody who was asked lately, and does where somebody opens it.
func TestEmbedSparesWhoWasAsked(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	sign, path := b.signing(surveys.NPS)
	mailed := storetest.Person(t, b.site.Store, b.workspace.ID)
	storetest.Invitation(t, b.site.Store, storetest.Survey(t, b.site.Store, b.workspace.ID, surveys.CSAT), mailed)
	const host = "?hark-host=https%3A%2F%2Fshop.example&hark-token="
	gone := func(query string) string {
		t.Helper()
		p := b.browser().get(path + host + sign.token(mailed.ExternalID) + query)
		return p.Find("body").AttrOr("data-gone", "")
	}
	if got := gone("&hark-unasked="); got != "asked" {
		t.Errorf("by itself: gone %q", got)
	}
	if got := gone(""); got != "" {
		t.Errorf("opened: gone %q", got)
	}
}
