package api_test

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// much is a survey that asks all kinds of questions.
const much = `{"name":"After the visit","metric":"csat","style":"smileys","fields":["order_id","plan"],
	"thanks":{"satisfied":{"link":"https://reviews.example","texts":{"en":{"text":"Lovely!","link":"Tell others"}}}},
	"texts":{"en":{"ask":"How was it?","follow_up_bad":"What went wrong?"}},
	"follow_ups":[
		{"id":"what","kind":"one","show":{"bands":["dissatisfied"]},"choices":[{"id":"late","texts":{"en":"It was late","zh-Hans":"太晚"}},{"id":"cold","texts":{"en":"It was cold"}}],
			"texts":{"en":{"ask":"What was it?"},"zh-Hans":{"ask":"怎么了？"}}},
		{"id":"taste","kind":"scale","scale":"1-5","texts":{"en":{"ask":"And the taste?"}}},
		{"id":"comment","kind":"comment","texts":{}},
		{"id":"more","kind":"comment","show":{"after":"what","choices":["late"]},"texts":{"en":{"ask":"How late?"}}},
		{"id":"write","kind":"contact","texts":{}}]}`

// TestSurveysAskMore: what a survey asks beside the score is made, found and
// changed; what a change leaves out stays.
func TestSurveysAskMore(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		var made, found survey
		b.post("/api/v1/surveys", much).read(t, 201, &made)
		path := "/api/v1/surveys/" + made.ID
		b.do(call{path: path}).read(t, 200, &found)
		if !reflect.DeepEqual(found, made) || made.Style != "smileys" || len(made.FollowUps) != 5 || !reflect.DeepEqual(made.Fields, []string{"order_id", "plan"}) {
			t.Errorf("found %+v\nmade %+v", found, made)
		}
		change := func(body string) survey {
			t.Helper()
			var changed survey
			b.do(call{method: http.MethodPatch, path: path, body: body}).read(t, 200, &changed)
			return changed
		}
		want := made
		want.Name = "Visits"
		if got := change(`{"name":"Visits"}`); !reflect.DeepEqual(got, want) {
			t.Errorf("another name: %+v\nwant %+v", got, want)
		}
		if got := change(`{"machines":"strict"}`); got.Machines != "strict" || got.Version != 1 {
			t.Errorf("strict: %+v", got)
		}
		if got := change(`{"locale":"de"}`); got.Locale != "de" || got.Version != 1 {
			t.Errorf("in German: %+v", got)
		}
		if got := change(`{"locale":""}`); got.Locale != "" {
			t.Errorf("as the workspace again: %+v", got)
		}
		if got := change(`{"quarantine_minutes":60}`); got.Quarantine != 60 || got.Version != 1 || got.Machines != "strict" || made.Quarantine != 15 {
			t.Errorf("an hour: %+v, it began with %d minutes", got, made.Quarantine)
		}
		if got := change(`{"machines":"balanced"}`); got.Machines != "balanced" {
			t.Errorf("balanced again: %+v", got)
		}
		if got := change(`{"status":"paused","closes_at":"2027-01-01T00:00:00Z"}`); got.Status != "paused" || got.ClosesAt == nil || got.Version != 1 {
			t.Errorf("paused: %+v", got)
		}
		if got := change(`{"status":"active","closes_at":null,"metric":"csat"}`); got.Status != "active" || got.ClosesAt != nil {
			t.Errorf("active again: %+v", got)
		}
		if got := change(`{"follow_ups":[{"kind":"one","choices":[{"texts":{"en":"Yes"}},{"texts":{"en":"No"}}],"texts":{"en":{"ask":"Again?"}}}]}`); got.Version != 2 || got.FollowUps[0].ID == "" || got.FollowUps[0].Choices[1].ID == "" || got.FollowUps[0].Choices[0].ID == got.FollowUps[0].Choices[1].ID {
			t.Errorf("without ids: %+v", got)
		}
		if got := change(`{"follow_ups":null,"style":"numbers","fields":[],"thanks":{}}`); got.Version != 3 || got.FollowUps != nil || got.Style != "numbers" || len(got.Fields)+len(got.Thanks) != 0 {
			t.Errorf("as usual: %+v", got)
		}
	})
}

// TestBadChanges: a change is refused as a new survey is, and changes nothing.
func TestBadChanges(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	var made, after survey
	b.post("/api/v1/surveys", much).read(t, 201, &made)
	path := "/api/v1/surveys/" + made.ID
	cases := []bad{
		{"another metric", path, `{"metric":"nps"}`, 422, "metric", "keeps its metric"},
		{"no name", path, `{"name":""}`, 422, "name", "missing"},
		{"no status", path, `{"status":"running"}`, 422, "status", "status"},
		{"another kind under an id", path, `{"follow_ups":[{"id":"what","kind":"comment","texts":{"en":{"ask":"x"}}}]}`, 422, "follow_ups.0.kind", "another kind"},
		{"another scale under an id", path, `{"follow_ups":[{"id":"taste","kind":"scale","scale":"1-7","texts":{"en":{"ask":"x"}}}]}`, 422, "follow_ups.0.scale", "another scale"},
		{"a field that is not there", path, `{"version":7}`, 422, "version", "no field of this name"},
		{"a field twice", path, `{"name":"a","name":"b"}`, 422, "name", "twice"},
		{"no object", path, `[]`, 422, "body", ""},
		{"a survey that is not there", "/api/v1/surveys/0195553b-0000-7000-8000-000000000000", `{"name":"x"}`, 404, "", "no such survey"},
	}
	for _, c := range badSurveys() {
		if strings.Contains(c.body, `"name":"x","metric":"csat",`) {
			cases = append(cases, bad{c.name, path, strings.Replace(c.body, `"name":"x","metric":"csat",`, "", 1), c.status, c.field, c.says})
		}
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := b.do(call{method: http.MethodPatch, path: c.path, body: c.body}).problem(t, c.status)
			if text := fmt.Sprint(p); !strings.Contains(text, c.field) || !strings.Contains(text, c.says) {
				t.Errorf("%s", text)
			}
		})
	}
	if b.do(call{path: path}).read(t, 200, &after); !reflect.DeepEqual(after, made) {
		t.Errorf("after: %+v\nmade: %+v", after, made)
	}
}

// TestAnswersToFollowUps are taken, refused by field, and told in the words of
// their version, in the language of the caller.
func TestAnswersToFollowUps(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		var made survey
		b.post("/api/v1/surveys", much).read(t, 201, &made)
		path := "/api/v1/surveys/" + made.ID + "/responses"
		var stored recorded
		b.post(path, `{"score":2,"comment":"hm","fields":{"order_id":"A-7"},"answers":{"what":{"choices":["late"]},"taste":{"value":4},"more":{"text":" an hour "},"write":{"allowed":true,"email":"ada@example.com"}}}`).read(t, 201, &stored)
		b.do(call{method: http.MethodPatch, path: "/api/v1/surveys/" + made.ID, body: `{"follow_ups":[],"texts":{"en":{"ask":"And now?"}}}`}).read(t, 200, &made)
		want := map[string]any{
			"what":  map[string]any{"kind": "one", "ask": "What was it?", "choices": []any{map[string]any{"id": "late", "text": "It was late"}}},
			"taste": map[string]any{"kind": "scale", "ask": "And the taste?", "value": 4.0},
			"more":  map[string]any{"kind": "comment", "ask": "How late?", "text": "an hour"},
			"write": map[string]any{"kind": "contact", "ask": "", "allowed": true, "email": "ada@example.com"},
		}
		var one response
		b.do(call{path: path + "/" + stored.ID}).read(t, 200, &one)
		if !reflect.DeepEqual(one.Answers, want) || one.Fields["order_id"] != "A-7" || one.Comment != "hm" || one.Question != "How was it?" {
			t.Errorf("the answers are %+v", one)
		}
		var list responses
		b.do(call{path: path, headers: map[string]string{"Accept-Language": "zh-CN"}}).read(t, 200, &list)
		if what := fmt.Sprint(list.Responses[0].Answers["what"]); !strings.Contains(what, "怎么了？") || !strings.Contains(what, "太晚") {
			t.Errorf("in Chinese: %s", what)
		}
	})
}

func TestBadAnswersToFollowUps(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	var made survey
	b.post("/api/v1/surveys", much).read(t, 201, &made)
	path := "/api/v1/surveys/" + made.ID + "/responses"
	for _, c := range []bad{
		{"an unknown question", path, `{"score":2,"answers":{"nobody":{"text":"x"}}}`, 422, "answers.nobody", "asks nothing"},
		{"the main comment", path, `{"score":2,"answers":{"comment":{"text":"x"}}}`, 422, "answers.comment", "sent as comment"},
		{"an unknown choice", path, `{"score":2,"answers":{"what":{"choices":["dear"]}}}`, 422, "answers.what.choices.0", "no choice"},
		{"two of one", path, `{"score":2,"answers":{"what":{"choices":["late","cold"]}}}`, 422, "answers.what.choices", "Only one"},
		{"words for a choice", path, `{"score":2,"answers":{"what":{"text":"late"}}}`, 422, "answers.what.text", "choices"},
		{"a choice for a number", path, `{"score":2,"answers":{"taste":{"choices":["late"]}}}`, 422, "answers.taste.choices", "value"},
		{"half a number", path, `{"score":2,"answers":{"taste":{"value":2.5}}}`, 422, "answers.taste.value", "1 to 5"},
		{"a number as text", path, `{"score":2,"answers":{"taste":{"value":"2"}}}`, 422, "answers.taste.value", "1 to 5"},
		{"a number beyond", path, `{"score":2,"answers":{"taste":{"value":6}}}`, 422, "answers.taste.value", "1 to 5"},
		{"an address that is none", path, `{"score":2,"answers":{"write":{"email":"ada"}}}`, 422, "answers.write.email", ""},
		{"too many words", path, `{"score":2,"answers":{"what":{"choices":["late"]},"more":{"text":"` + strings.Repeat("x", 10001) + `"}}}`, 422, "answers.more.text", "10"},
		{"a null character", path, `{"score":2,"answers":{"what":{"choices":["late"]},"more":{"text":"a\u0000"}}}`, 422, "answers.more.text", "null character"},
		{"a property that answers have not", path, `{"score":2,"answers":{"what":{"choice":"late"}}}`, 422, "answers.what.choice", "no field of this name"},
		{"an answer twice", path, `{"score":2,"answers":{"what":{},"what":{}}}`, 422, "answers.what", "twice"},
		{"an answer that is a text", path, `{"score":2,"answers":{"what":"late"}}`, 422, "answers", "object"},
		{"a field that is not declared", path, `{"score":2,"fields":{"colour":"red"}}`, 422, "fields.colour", "no hidden field"},
		{"a field that is a number", path, `{"score":2,"fields":{"order_id":7}}`, 422, "fields", "string"},
		{"a field beyond measure", path, `{"score":2,"fields":{"order_id":"` + strings.Repeat("x", 201) + `"}}`, 422, "fields.order_id", "200"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := b.post(c.path, c.body).problem(t, c.status)
			if text := fmt.Sprint(p); !strings.Contains(text, c.field) || !strings.Contains(text, c.says) {
				t.Errorf("%s", text)
			}
		})
	}
	var list responses
	if b.do(call{path: path}).read(t, 200, &list); len(list.Responses) != 0 {
		t.Errorf("%d answers are stored", len(list.Responses))
	}
}
