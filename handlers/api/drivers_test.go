package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// rated makes a survey with two drivers by the API.
func (b *bundle) rated() string {
	b.t.Helper()
	var made survey
	b.post("/api/v1/surveys", `{"name":"Rated","metric":"nps","drivers":[
		{"key":"delivery","names":{"en":"Delivery time","zh-Hans":"配送时间"},"scale":"1-5"},{"key":"price","names":{"en":"Price"},"scale":"0-10"}]}`).read(b.t, 201, &made)
	return made.ID
}

func TestRatingsComeAndGo(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		id := b.rated()
		for body, want := range map[string]string{
			`{"score":9,"ratings":{"delivery":4,"price":0}}`: "map[delivery:4 price:0]",
			`{"score":9,"ratings":{"delivery":5.0}}`:         "map[delivery:5]",
			`{"score":9,"ratings":{}}`:                       "map[]",
			`{"score":9,"ratings":null}`:                     "map[]",
			`{"score":9}`:                                    "map[]",
		} {
			var stored recorded
			b.record(id, "", body).read(t, 201, &stored)
			var found response
			b.do(call{path: "/api/v1/surveys/" + id + "/responses/" + stored.ID}).read(t, 200, &found)
			if fmt.Sprint(found.Ratings) != want {
				t.Errorf("%s: found %v, want %s", body, found.Ratings, want)
			}
		}
	})
}

func TestWrongRatingsAreNamed(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	b := newBundle(t, s)
	id, plain := b.rated(), b.survey(surveys.NPS).ID
	for _, c := range []struct{ survey, body, path, says string }{
		{id, `{"score":9,"ratings":{"delivery":6}}`, "ratings.delivery", "from 1 to 5"},
		{id, `{"score":9,"ratings":{"delivery":0}}`, "ratings.delivery", "from 1 to 5"},
		{id, `{"score":9,"ratings":{"price":11}}`, "ratings.price", "from 0 to 10"},
		{id, `{"score":9,"ratings":{"delivery":3.5}}`, "ratings.delivery", "whole number"},
		{id, `{"score":9,"ratings":{"delivery":"4"}}`, "ratings.delivery", "whole number"},
		{id, `{"score":9,"ratings":{"delivery":null}}`, "ratings.delivery", "whole number"},
		{id, `{"score":9,"ratings":{"delivery":1e9}}`, "ratings.delivery", "whole number"},
		{id, `{"score":9,"ratings":{"taste":4}}`, "ratings.taste", "delivery, price"},
		{id, `{"score":9,"ratings":{"Delivery":4}}`, "ratings.Delivery", "delivery, price"},
		{id, `{"score":9,"ratings":{"delivery":4,"delivery":5}}`, "ratings.delivery", "twice"},
		{id, `{"score":9,"ratings":[4]}`, "ratings", ""},
		{id, `{"score":9,"ratings":4}`, "ratings", ""},
		{plain, `{"score":9,"ratings":{"delivery":4}}`, "ratings.delivery", "no drivers"},
	} {
		p := b.record(c.survey, "", c.body).problem(t, 422)
		if len(p.Errors) != 1 || p.Errors[0].Path != c.path || !strings.Contains(p.Errors[0].Detail, c.says) {
			t.Errorf("%s: %+v", c.body, p.Errors)
		}
	}
	if n, err := s.CountResponses(context.Background(), b.workspace.ID, store.ResponseFilter{}); err != nil || n != 0 {
		t.Errorf("%d answers are stored, want none (%v)", n, err)
	}
	for _, c := range []struct{ drivers, path string }{
		{`[{"key":"A","names":{"en":"A"},"scale":"1-5"}]`, "drivers.0.key"},
		{`[{"key":"a","names":{"en":"A"},"scale":"1-4"}]`, "drivers.0.scale"},
		{`[{"key":"a","names":{},"scale":"1-5"}]`, "drivers.0.names"},
		{`[{"key":"a","names":{"xx":"A"},"scale":"1-5"}]`, "drivers.0.names.xx"},
		{`[{"key":"a","names":{"en":"A"},"scale":"1-5"},{"key":"a","names":{"en":"B"},"scale":"1-5"}]`, "drivers.1.key"},
	} {
		p := b.post("/api/v1/surveys", `{"name":"Rated","metric":"nps","drivers":`+c.drivers+`}`).problem(t, 422)
		if len(p.Errors) != 1 || p.Errors[0].Path != c.path {
			t.Errorf("%s: %+v", c.drivers, p.Errors)
		}
	}
}

func TestDriversAreRead(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		id := b.rated()
		for i := range 25 {
			delivery := 1 + i%5
			b.record(id, "", fmt.Sprintf(`{"score":%d,"ratings":{"delivery":%d,"price":%d}}`, 2*delivery-i%2, delivery, (i*7)%11)).read(t, 201, &recorded{})
		}
		type view struct {
			Rated, Complete int
			Waiting         int `json:"waiting_days"`
			Refused         *struct {
				Reason     string
				Have, Need float64
			}
			Importance *struct {
				N  int
				R2 float64
			}
			Priorities *struct {
				Drivers []struct{ Name, Quadrant string }
			}
		}
		read := func(id string) (v view) {
			got := b.do(call{path: "/api/v1/surveys/" + id + "/drivers"})
			if err := json.Unmarshal(got.body, &v); err != nil || got.status != http.StatusOK {
				t.Fatalf("%d %s: %v", got.status, got.body, err)
			}
			return v
		}
		before := read(id)
		if before.Waiting != 1 || before.Refused == nil || before.Refused.Reason != "too_few" {
			t.Errorf("before the job: %+v", before)
		}
		if err := flow.NewDrivers(s).Compute(context.Background(), b.workspace.ID); err != nil {
			t.Fatal(err)
		}
		after := read(id)
		if after.Rated != 25 || after.Waiting != 0 || after.Importance == nil || after.Importance.N != 25 || after.Priorities == nil || len(after.Priorities.Drivers) != 2 {
			t.Errorf("after it: %+v", after)
		}
		b.do(call{path: "/api/v1/surveys/" + id + "/drivers?from=2026-02-30"}).problem(t, 422)
		b.do(call{path: "/api/v1/surveys/" + id + "/drivers?confidence=2"}).problem(t, 422)
		b.do(call{path: "/api/v1/surveys/" + id + "/drivers?by=plan"}).problem(t, 422)
		if none := read(b.survey(surveys.NPS).ID); none.Importance != nil || none.Refused != nil {
			t.Errorf("of a survey without drivers: %+v", none)
		}
	})
}
