package api_test

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/harkhq/hark/handlers/web/webtest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func (b *bundle) record(surveyID, key, body string) reply {
	b.t.Helper()
	c := call{method: http.MethodPost, path: "/api/v1/surveys/" + surveyID + "/responses", body: body}
	if key != "" {
		c.headers = map[string]string{"Idempotency-Key": key}
	}
	return b.do(c)
}

func TestResponseIsStoredAndFound(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		id := b.survey(surveys.NPS).ID
		var stored recorded
		got := b.record(id, "", `{"score":9,"comment":" Good beans. ","locale":"de","answered_at":"2026-03-01T23:30:00Z",
			"person":{"email":"ana@example.com","traits":{"plan":"pro"}},"properties":{"country":"DE"}}`)
		got.read(t, 201, &stored)
		if stored.ID == "" || stored.SurveyID != id || stored.Repeated || got.header.Get("Idempotent-Replayed") != "" {
			t.Errorf("the reply is %+v", stored)
		}
		location := got.header.Get("Location")
		if location != "https://feedback.example/api/v1/surveys/"+id+"/responses/"+stored.ID {
			t.Fatalf("Location is %q", location)
		}
		var found response
		b.do(call{path: strings.TrimPrefix(location, "https://feedback.example")}).read(t, 200, &found)
		if found.Score != 9 || found.Band != "promoter" || found.Comment != "Good beans." || found.Locale != "de" || found.Channel != "api" ||
			found.AnsweredAt != "2026-03-01T23:30:00Z" || found.PersonID == nil || found.InvitationID != nil ||
			found.Segments["plan"] != "pro" || found.Segments["country"] != "DE" {
			t.Errorf("found %+v", found)
		}
	})
}

func TestWholeNumbersAreScores(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	id := b.survey(surveys.CSAT).ID
	for _, body := range []string{`{"score":1}`, `{"score":5}`, `{"score":5.0}`, `{"score":3e0}`} {
		b.record(id, "", body).read(t, 201, &recorded{})
	}
	for _, body := range []string{`{"score":0}`, `{"score":6}`} {
		if p := b.record(id, "", body).problem(t, 422); !strings.Contains(p.Errors[0].Detail, "from 1 to 5") {
			t.Errorf("%s: %+v", body, p)
		}
	}
}

func TestIdempotencyKey(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		id, other := b.survey(surveys.NPS).ID, b.survey(surveys.NPS).ID
		var first, again recorded
		b.record(id, "k-1", `{"score":9,"person":{"email":"ana@example.com"}}`).read(t, 201, &first)
		got := b.record(id, "k-1", `{"score":9,"person":{"email":"ana@example.com"}}`)
		got.read(t, 201, &again)
		if again.ID != first.ID || !again.Repeated || got.header.Get("Idempotent-Replayed") != "true" {
			t.Errorf("the repetition got %+v, want %s", again, first.ID)
		}
		b.record(id, "k-1", `{"score":3}`).problem(t, 409)
		b.record(other, "k-1", `{"score":3}`).read(t, 201, &again)
		if again.ID == first.ID {
			t.Error("a key of one survey is taken for another's")
		}
		b.record(id, strings.Repeat("k", 200), `{"score":9}`).read(t, 201, &again)
		for _, key := range []string{strings.Repeat("k", 201), " "} {
			if p := b.record(id, key, `{"score":9}`).problem(t, 422); p.Errors[0].Path != "Idempotency-Key" {
				t.Errorf("%d characters: %+v", len(key), p)
			}
		}
		if n, err := s.CountResponses(context.Background(), b.workspace.ID, store.ResponseFilter{}); err != nil || n != 3 {
			t.Errorf("%d answers are stored, want 3 (%v)", n, err)
		}
	})
}

// TestSameKeyAtOnce: a client that loses patience sends again while the first
// call is under way.
func TestSameKeyAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		id := b.survey(surveys.NPS).ID
		ids := make([]string, 12)
		var wait sync.WaitGroup
		for i := range ids {
			wait.Go(func() {
				var got recorded
				b.record(id, "k-1", `{"score":9}`).read(t, 201, &got)
				ids[i] = got.ID
			})
		}
		wait.Wait()
		for _, got := range ids {
			if got != ids[0] {
				t.Fatalf("one key stored %v", ids)
			}
		}
		if n, err := s.CountResponses(context.Background(), b.workspace.ID, store.ResponseFilter{}); err != nil || n != 1 {
			t.Errorf("%d answers are stored, want 1 (%v)", n, err)
		}
	})
}

func TestResponsesByPage(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		survey := b.survey(surveys.NPS)
		for score := range 7 { // all at the same moment: the id must decide
			storetest.Answer(t, s, survey, score)
		}
		seen, pages := map[string]bool{}, 0
		for cursor := ""; ; pages++ {
			var page responses
			b.do(call{path: "/api/v1/surveys/" + survey.ID + "/responses?limit=3&cursor=" + cursor}).read(t, 200, &page)
			for _, r := range page.Responses {
				seen[r.ID] = true
			}
			if page.NextCursor == nil {
				break
			}
			cursor = *page.NextCursor
		}
		if len(seen) != 7 || pages != 2 {
			t.Errorf("%d answers on %d pages, want 7 on 3", len(seen), pages+1)
		}
	})
}

func TestResponsesAtTheGreatestLimit(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	b := newBundle(t, s)
	survey := b.survey(surveys.NPS)
	list := make([]surveys.Response, 501)
	for i := range list {
		list[i] = storetest.Response(t, s, survey, 9)
	}
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, list) })
	for limit, want := range map[int]int{499: 499, 500: 500} {
		var page responses
		b.do(call{path: "/api/v1/surveys/" + survey.ID + "/responses?limit=" + strconv.Itoa(limit)}).read(t, 200, &page)
		if len(page.Responses) != want || page.NextCursor == nil {
			t.Errorf("limit %d: %d answers, cursor %v", limit, len(page.Responses), page.NextCursor)
		}
	}
}

func TestResponsesByFilter(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		id := b.survey(surveys.NPS).ID
		for _, body := range []string{
			`{"score":9,"properties":{"plan":"pro"},"answered_at":"2026-03-01T22:30:00Z"}`,
			`{"score":10,"properties":{"plan":"free"},"answered_at":"2026-03-01T23:30:00Z","comment":"Good."}`, // 2 March in Berlin
			`{"score":2,"properties":{"plan":"a:b"},"answered_at":"2026-02-01T12:00:00Z"}`,
		} {
			b.record(id, "", body).read(t, 201, &recorded{})
		}
		for query, want := range map[string][]int{
			"":                              {10, 9, 2},
			"score=9":                       {9},
			"score=9,2":                     {9, 2},
			"score=9&score=10":              {10, 9},
			"from=2026-03-02":               {10},
			"to=2026-03-02":                 {9, 2},
			"from=2026-03-01&to=2026-03-02": {9},
			"segment=plan:pro":              {9},
			"segment=plan:a:b":              {2},
			"segment=channel:api":           {10, 9, 2},
			"segment=plan:gold":             {},
			"comment=true":                  {10},
			"limit=1":                       {10},
		} {
			var page responses
			b.do(call{path: "/api/v1/surveys/" + id + "/responses?" + query}).read(t, 200, &page)
			scores := []int{}
			for _, r := range page.Responses {
				scores = append(scores, r.Score)
			}
			if !slices.Equal(scores, want) {
				t.Errorf("%q: %v, want %v", query, scores, want)
			}
		}
	})
}

func TestBadParameters(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		path := "/api/v1/surveys/" + b.survey(surveys.NPS).ID
		for query, field := range map[string]string{
			"/responses?score=11": "score", "/responses?score=nine": "score", "/responses?score=9,": "score", "/responses?from=yesterday": "from",
			"/responses?to=2026-02-30": "to", "/responses?segment=plan": "segment", "/responses?segment=shoe:43": "segment",
			"/responses?segment=%22:x": "segment", "/responses?segment=plan:%00": "segment", "/responses?segment=plan:%ff": "segment",
			"/responses?limit=0": "limit", "/responses?limit=501": "limit", "/responses?comment=yes": "comment", "/responses?cursor=abc": "cursor",
			"/responses?cursor=OTk5OTk5OTk5OTk5OTk5OTk5OTowMTk1NTUzYi0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDA": "cursor",
			"/responses?scores=9": "scores", "?page=2": "page", "/report?from=1.3.2026": "from", "/report?from=2026-03-02&to=2026-03-02": "to",
			"/report?from=0001-01-01": "from", "/report?interval=fortnight": "interval", "/report?by=shoe": "by", "/report?filter=plan": "filter",
			"/report?filter=shoe:43": "filter", "/report?confidence=95": "confidence", "/report?confidence=NaN": "confidence",
			"/report?confidence=0": "confidence", "/report?confidence=high": "confidence", "/report?interval=day&from=2000-01-01": "interval",
			"/report?segment=plan:pro": "segment",
		} {
			p := b.do(call{path: path + query}).problem(t, 422)
			if len(p.Errors) != 1 || p.Errors[0].Path != field {
				t.Errorf("%s: %+v, want %s", query, p.Errors, field)
			}
		}
		b.do(call{path: path + "/responses?a=%zz"}).problem(t, 422)
	})
}

// TestFullQueueLosesNothing: what cannot be stored right now is refused with
// the time to try again, and stored nowhere.
func TestFullQueueLosesNothing(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	b := newBundle(t, s)
	id := b.survey(surveys.NPS).ID
	stopped := store.NewIngest(s, nil)
	stopped.Close()
	b.site.Answers = flow.NewAnswers(s, b.site.Directory, stopped)
	got := b.record(id, "k-1", `{"score":9}`)
	if p := got.problem(t, 503); got.header.Get("Retry-After") != "1" || !strings.Contains(p.Title, "not stored") {
		t.Errorf("Retry-After %q, %s", got.header.Get("Retry-After"), p.Title)
	}
	if n, err := s.CountResponses(context.Background(), b.workspace.ID, store.ResponseFilter{}); err != nil || n != 0 {
		t.Errorf("%d answers are stored (%v)", n, err)
	}
}

// TestBodyWithoutLength: a body that does not say how long it is meets the
// same limit, over a real connection.
func TestBodyWithoutLength(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	address := webtest.Serve(t, b.handler)
	body := io.MultiReader(strings.NewReader(`{"type":"`), io.LimitReader(endless{}, 2<<20))
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/api/v1/events", body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+surveys.APIKeyPrefix+string(b.key))
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d, want 413", answer.StatusCode)
	}
}

// endless is x for ever.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}
