package api_test

import (
	"context"
	"reflect"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestSurveyIsMadeAndFound(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		var made, found survey
		got := b.post("/api/v1/surveys", `{"name":" After the order ","metric":"csat","subject":"your order","closes_at":"2026-06-01T02:00:00+02:00",
			"texts":{"en":{"ask":"Did {subject} please you?","thank_you":"Thanks!"},"zh-Hans":{}}}`)
		got.read(t, 201, &made)
		want := survey{
			ID: made.ID, Drivers: []surveys.Driver{}, Style: "numbers", Machines: "balanced", Quarantine: 15, Origins: []string{}, Fields: []string{}, Thanks: map[string]any{}, Name: "After the order", Metric: "csat", Scale: map[string]int{"min": 1, "max": 5}, Subject: "your order", Status: "active",
			ClosesAt: made.ClosesAt, Version: 1, Texts: map[string]map[string]string{"en": {"ask": "Did {subject} please you?", "thank_you": "Thanks!"}},
			Link: made.Link, CreatedAt: "2026-03-02T09:00:00Z", UpdatedAt: "2026-03-02T09:00:00Z",
		}
		if made.ID == "" || made.ClosesAt == nil || *made.ClosesAt != "2026-06-01T00:00:00Z" || !reflect.DeepEqual(made, want) {
			t.Errorf("made %+v\nwant %+v", made, want)
		}
		if location := got.header.Get("Location"); location != "https://feedback.example/api/v1/surveys/"+made.ID {
			t.Errorf("Location is %q", location)
		}
		b.do(call{path: "/api/v1/surveys/" + made.ID}).read(t, 200, &found)
		if !reflect.DeepEqual(found, made) {
			t.Errorf("found %+v\nmade %+v", found, made)
		}
		stored, err := s.Survey(context.Background(), b.workspace.ID, made.ID)
		if err != nil || made.Link != "https://feedback.example/s/"+stored.PublicID(b.workspace.Key) {
			t.Errorf("the link is %q (%v)", made.Link, err)
		}
	})
}

func TestSurveysAreListed(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	var list struct{ Surveys []survey }
	got := b.do(call{path: "/api/v1/surveys"})
	got.read(t, 200, &list)
	if list.Surveys == nil {
		t.Errorf("no survey is not an empty list: %s", got.body)
	}
	nps, ces := b.survey(surveys.NPS), b.survey(surveys.CES)
	b.do(call{path: "/api/v1/surveys"}).read(t, 200, &list)
	if len(list.Surveys) != 2 || list.Surveys[0].ID != nps.ID || list.Surveys[1].ID != ces.ID {
		t.Errorf("listed %+v", list.Surveys)
	}
}
