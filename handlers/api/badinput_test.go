package api_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// bad is a call that must be refused.
type bad struct {
	name   string
	path   string // of a POST
	body   string
	status int
	field  string // whose message is wanted; "" when the problem is of the whole
	says   string // a part of the field's message, or of the title
}

func badScores(path string) []bad {
	var list []bad
	for name, value := range map[string]string{
		"−1": `{"score":-1}`, "11": `{"score":11}`, "6.5": `{"score":6.5}`, `"9"`: `{"score":"9"}`, "null": `{"score":null}`,
		"true": `{"score":true}`, "NaN": `{"score":NaN}`, "-Infinity": `{"score":-Infinity}`, "2^63": `{"score":9223372036854775808}`,
		"1e400": `{"score":1e400}`, "missing": `{}`, "a list": `{"score":[9]}`, "an object": `{"score":{"value":9}}`,
		"with a person": `{"score":11,"person":{"id":"c-77"}}`,
	} {
		list = append(list, bad{"score " + name, path, value, 422, "score", "from 0 to 10"})
	}
	return list
}

func badEvents() []bad {
	const path = "/api/v1/events"
	at := func(moment time.Time) string {
		return fmt.Sprintf(`{"type":"order_completed","person":{"id":"c-1"},"occurred_at":%q}`, moment.Format(time.RFC3339))
	}
	return []bad{
		{"an event without a person", path, `{"type":"order_completed"}`, 422, "person", "email, an id, or both"},
		{"an event of an empty person", path, `{"type":"order_completed","person":{}}`, 422, "person", "email, an id, or both"},
		{"an event of a person without a real address", path, `{"type":"order_completed","person":{"email":"ana at example"}}`, 422, "person.email", "plain form"},
		{"an address that smuggles SMTP", path, `{"type":"order_completed","person":{"email":"\"a b> SIZE=1\"@example.com"}}`, 422, "person.email", "plain form"},
		{"a person in no time zone", path, `{"type":"order_completed","person":{"id":"c-1","timezone":"Mars/Olympus"}}`, 422, "person.timezone", "Europe/Berlin"},
		{"an event of tomorrow", path, at(storetest.Start().AddDate(0, 0, 1)), 422, "occurred_at", "future"},
		{"an event of 1970", path, at(time.Unix(0, 0)), 422, "occurred_at", "30 years"},
		{"an event at a number", path, `{"type":"order_completed","person":{"id":"c-1"},"occurred_at":1772442000}`, 422, "occurred_at", "2026-03-02T09:30:00Z"},
		{"an event at a time without a zone", path, `{"type":"order_completed","person":{"id":"c-1"},"occurred_at":"2026-03-02 09:00"}`, 422, "occurred_at", "with a zone"},
		{"an event of no type", path, `{"person":{"id":"c-1"}}`, 422, "type", "missing"},
		{"an event type with capitals", path, `{"type":"Order Completed","person":{"id":"c-1"}}`, 422, "type", "small letters"},
		{"an event id that is a number", path, `{"type":"order_completed","id":7,"person":{"id":"c-1"}}`, 422, "id", "string"},
		{"a person's id that is a number", path, `{"type":"order_completed","person":{"id":7}}`, 422, "person.id", "string"},
		{"properties that are a list", path, `{"type":"order_completed","person":{"id":"c-1"},"properties":[1]}`, 422, "properties", "object"},
		{"properties beyond measure", path, `{"type":"order_completed","person":{"id":"c-1"},"properties":{"x":"` + strings.Repeat("x", 17<<10) + `"}}`, 422, "properties", "16 KB"},
		{"a negative amount", path, `{"type":"subscription_cancelled","person":{"id":"c-1"},"properties":{"amount":-5}}`, 422, "properties.amount", "not negative"},
		{"an amount with underscores", path, `{"type":"subscription_kept","person":{"id":"c-1"},"properties":{"amount":"1_000"}}`, 422, "properties.amount", "29.90"},
		{"an amount in hexadecimal", path, `{"type":"subscription_kept","person":{"id":"c-1"},"properties":{"amount":"0x1p4"}}`, 422, "properties.amount", "29.90"},
		{"a reason that is a number", path, `{"type":"subscription_cancelled","person":{"id":"c-1"},"properties":{"reason":5}}`, 422, "properties.reason", "payment_failed"},
		{"a cancellation that is a number", path, `{"type":"subscription_cancelled","person":{"id":"c-1"},"properties":{"cancellation":7}}`, 422, "properties.cancellation", "hark:left"},
		{"a cancellation that is no id", path, `{"type":"subscription_cancelled","person":{"id":"c-1"},"properties":{"cancellation":"ID"}}`, 422, "properties.cancellation", "hark:left"},
		{"a subscription that is a list", path, `{"type":"subscription_cancelled","person":{"id":"c-1"},"properties":{"subscription":["a"]}}`, 422, "properties.subscription", "sub_17"},
		{"an amount in words", path, `{"type":"subscription_kept","person":{"id":"c-1"},"properties":{"amount":"ten"}}`, 422, "properties.amount", "29.90"},
		{"a currency that is none", path, `{"type":"subscription_cancelled","person":{"id":"c-1"},"properties":{"amount":"29.90","currency":"EURO"}}`, 422, "properties.currency", "three letters"},
		{"voluntary in words", path, `{"type":"subscription_cancelled","person":{"id":"c-1"},"properties":{"voluntary":"false"}}`, 422, "properties.voluntary", "true or false"},
		{"a null character", path, `{"type":"order_completed","person":{"id":"c\u0000"}}`, 422, "person.id", "null character"},
		{"an unknown field", path, `{"type":"order_completed","person":{"id":"c-1"},"colour":"red"}`, 422, "colour", "no field of this name"},
		{"a field twice", path, `{"type":"order_completed","type":"signed_up","person":{"id":"c-1"}}`, 422, "type", "twice"},
		{"an unknown field within", path, `{"type":"order_completed","person":{"id":"c-1","phone":"1"}}`, 422, "person.phone", "no field of this name"},
		{"deep JSON", path, `{"properties":` + strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40) + `}`, 422, "", "deeper than 16"},
		{"invalid UTF-8", path, "{\"type\":\"order_completed\",\"person\":{\"id\":\"c-\xff\"}}", 422, "", "UTF-8"},
		{"half a JSON", path, `{"type":"order_com`, 422, "", "not valid JSON"},
		{"no body", path, ` `, 422, "", "not valid JSON"},
		{"two bodies", path, `{"type":"order_completed","person":{"id":"c-1"}} {}`, 422, "", "one value"},
		{"a body that is a list", path, `[]`, 422, "body", "object"},
		{"a body too large", path, `{"type":"` + strings.Repeat("x", 300<<10) + `"}`, 413, "", "256 KB"},
	}
}

func badResponses(path string) []bad {
	return []bad{
		{"a comment without end", path, `{"score":9,"comment":"` + strings.Repeat("x", 10001) + `"}`, 422, "comment", "10,000"},
		{"a comment with a null character", path, `{"score":9,"comment":"a\u0000b"}`, 422, "comment", "null character"},
		{"an answer of tomorrow", path, `{"score":9,"answered_at":"2026-03-03T09:00:00Z"}`, 422, "answered_at", "future"},
		{"an answer of 1970", path, `{"score":9,"answered_at":"1970-01-01T00:00:00Z"}`, 422, "answered_at", "30 years"},
		{"an answer at noon", path, `{"score":9,"answered_at":"noon"}`, 422, "answered_at", "2026-03-02T09:30:00Z"},
		{"an answer of nobody", path, `{"score":9,"person":{}}`, 422, "person", "email, an id, or both"},
		{"a locale beyond measure", path, `{"score":9,"locale":"` + strings.Repeat("x", 36) + `"}`, 422, "locale", "35"},
		{"a locale with a null character", path, `{"score":9,"locale":"e\u0000"}`, 422, "locale", "null character"},
		{"a field that responses have not", path, `{"score":9,"rating":9}`, 422, "rating", "no field of this name"},
	}
}

func badSurveys() []bad {
	const path = "/api/v1/surveys"
	return []bad{
		{"a survey without a name", path, `{"metric":"nps"}`, 422, "name", "missing"},
		{"a survey on an unknown metric", path, `{"name":"x","metric":"joy"}`, 422, "metric", "nps, ces, ces5 or csat"},
		{"a survey of another status", path, `{"name":"x","metric":"nps","status":"running"}`, 422, "status", "status"},
		{"a survey that closes at noon", path, `{"name":"x","metric":"nps","closes_at":"noon"}`, 422, "closes_at", "with a zone"},
		{"a survey in a language that is not spoken", path, `{"name":"x","metric":"nps","texts":{"tlh":{"ask":"nuqneH"}}}`, 422, "texts.tlh", "en, zh-Hans"},
		{"a question beyond measure", path, `{"name":"x","metric":"nps","texts":{"en":{"ask":"` + strings.Repeat("x", 301) + `"}}}`, 422, "texts.en.ask", "300"},
		{"stars for nps", path, `{"name":"x","metric":"nps","style":"stars"}`, 422, "style", "Only CSAT"},
		{"no quarantine", path, `{"name":"x","metric":"nps","quarantine_minutes":0}`, 422, "quarantine_minutes", "from 1 to 1,440"},
		{"two days of quarantine", path, `{"name":"x","metric":"nps","quarantine_minutes":2880}`, 422, "quarantine_minutes", "from 1 to 1,440"},
		{"a word for machines that is none", path, `{"name":"x","metric":"nps","machines":"relaxed"}`, 422, "machines", "strict, balanced or eager"},
		{"a usual language that is not spoken", path, `{"name":"x","metric":"nps","locale":"tlh"}`, 422, "locale", "en, zh-Hans"},
		{"a style that is a number", path, `{"name":"x","metric":"csat","style":5}`, 422, "style", ""},
		{"follow-ups that are no list", path, `{"name":"x","metric":"nps","follow_ups":{}}`, 422, "follow_ups", ""},
		{"a follow-up of no kind", path, `{"name":"x","metric":"nps","follow_ups":[{"texts":{"en":{"ask":"x"}}}]}`, 422, "follow_ups.0.kind", "kinds"},
		{"a follow-up's field that is not there", path, `{"name":"x","metric":"nps","follow_ups":[{"kind":"one","required":true}]}`, 422, "follow_ups.required", "no field of this name"},
		{"a follow-up's field twice", path, `{"name":"x","metric":"nps","follow_ups":[{"kind":"one","kind":"many"}]}`, 422, "follow_ups.kind", "twice"},
		{"a question that depends on itself", path, `{"name":"x","metric":"nps","follow_ups":[{"id":"a","kind":"comment","show":{"after":"a","choices":["b"]},"texts":{"en":{"ask":"x"}}}]}`, 422, "follow_ups.0.show.after", "not asked before"},
		{"a choice too few", path, `{"name":"x","metric":"nps","follow_ups":[{"kind":"one","choices":[{"texts":{"en":"x"}}],"texts":{"en":{"ask":"x"}}}]}`, 422, "follow_ups.0.choices", "2 to 20"},
		{"a rule from a half", path, `{"name":"x","metric":"nps","follow_ups":[{"kind":"comment","show":{"after":"a","from":1.5},"texts":{"en":{"ask":"x"}}}]}`, 422, "follow_ups.show.from", ""},
		{"a hidden field that is none", path, `{"name":"x","metric":"nps","fields":["Order id"]}`, 422, "fields.0", "small letters"},
		{"a hidden field that means something", path, `{"name":"x","metric":"nps","fields":["score"]}`, 422, "fields.0", "something else"},
		{"thanks for another metric's band", path, `{"name":"x","metric":"nps","thanks":{"easy":{"texts":{"en":{"text":"x"}}}}}`, 422, "thanks.easy", "no such band"},
		{"thanks that lead to no safe place", path, `{"name":"x","metric":"nps","thanks":{"promoter":{"link":"javascript:alert(1)"}}}`, 422, "thanks.promoter.link", "https"},
		{"a text that surveys have not", path, `{"name":"x","metric":"nps","texts":{"en":{"title":"x"}}}`, 422, "texts.en.title", "no field of this name"},
	}
}

// TestBadInput: each is refused with the right status and a message that names
// the field and the way out; nothing is stored; none of it is Hark's failure.
func TestBadInput(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		nps := b.survey(surveys.NPS)
		storetest.Rule(t, s, nps)
		status := func(status surveys.SurveyStatus) surveys.Survey {
			survey := b.survey(surveys.NPS)
			survey.Status = status
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
			return survey
		}
		closed, yesterday := b.survey(surveys.NPS), storetest.Start().AddDate(0, 0, -1)
		closed.ClosesAt = &yesterday
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, closed) })
		foreign := storetest.Survey(t, s, storetest.Workspace(t, s).ID, surveys.NPS)
		path := func(id string) string { return "/api/v1/surveys/" + id + "/responses" }
		cases := slices.Concat(badScores(path(nps.ID)), badEvents(), badResponses(path(nps.ID)), badSurveys(), []bad{
			{"an unknown survey", path("0195553b-0000-7000-8000-000000000000"), `{"score":9}`, 404, "", "no such survey"},
			{"a survey that is no id", path("nps"), `{"score":9}`, 404, "", "no such survey"},
			{"a survey of null characters", path("%00%ff"), `{"score":9}`, 404, "", "no such survey"},
			{"a survey of another workspace", path(foreign.ID), `{"score":9}`, 404, "", "no such survey"},
			{"a paused survey", path(status(surveys.SurveyPaused).ID), `{"score":9}`, 410, "", "paused"},
			{"an archived survey", path(status(surveys.SurveyArchived).ID), `{"score":9}`, 410, "", "archived"},
			{"a survey that is over", path(closed.ID), `{"score":9}`, 410, "", "end"},
			{"an address that is not there", "/api/v1/nowhere", `{}`, 404, "", "no such route"},
		})
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				p := b.post(c.path, c.body).problem(t, c.status)
				message := p.Title
				if c.field != "" {
					at := slices.IndexFunc(p.Errors, func(f web.ProblemField) bool { return f.Path == c.field })
					if at < 0 {
						t.Fatalf("%s is not named: %+v", c.field, p.Errors)
					}
					message = p.Errors[at].Detail
				}
				if !strings.Contains(message, c.says) {
					t.Errorf("%q does not say %q", message, c.says)
				}
			})
		}
		wantNothing(t, b)
	})
}

// wantNothing fails the test if any answer, person or survey too many is
// stored.
func wantNothing(t *testing.T, b *bundle) {
	t.Helper()
	ctx := context.Background()
	if n, err := b.site.Store.CountResponses(ctx, b.workspace.ID, store.ResponseFilter{}); err != nil || n != 0 {
		t.Errorf("%d answers were stored (%v)", n, err)
	}
	if list, err := b.site.Store.People(ctx, b.workspace.ID, "", 0, 10); err != nil || len(list) != 0 {
		t.Errorf("people were stored: %+v (%v)", list, err)
	}
	if list, err := b.site.Store.Surveys(ctx, b.workspace.ID); err != nil || len(list) != 4 {
		t.Errorf("there are %d surveys, want the test's own 4 (%v)", len(list), err)
	}
}

func TestBadContentType(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "", "application/jsonx"} {
		p := b.do(call{method: http.MethodPost, path: "/api/v1/events", body: `{}`, headers: map[string]string{"Content-Type": kind}}).problem(t, 415)
		if !strings.Contains(p.Title, "Content-Type: application/json") {
			t.Errorf("%q: %s", kind, p.Title)
		}
	}
}

func TestBadMethod(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	b.do(call{method: http.MethodDelete, path: "/api/v1/surveys"}).problem(t, 405)
}
