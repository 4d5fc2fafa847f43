package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// themeSet is what programs see of the themes.
type themeSet struct {
	Themes []struct {
		ID       string   `json:"id"`
		Name     string   `json:"name"`
		Keywords []string `json:"keywords"`
	} `json:"themes"`
}

func TestThemesAreSetThroughTheAPI(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		put := func(body string) reply {
			return b.do(call{method: http.MethodPut, path: "/api/v1/themes", body: body})
		}
		var set, again themeSet
		b.do(call{path: "/api/v1/themes"}).read(t, http.StatusOK, &set)
		if set.Themes == nil || len(set.Themes) != 0 {
			t.Errorf("at first: %+v", set)
		}
		put(`{"themes":[{"name":"Delivery","keywords":["parcel","快递"]},{"id":"price","name":"Price","keywords":["price"]}]}`).read(t, http.StatusOK, &set)
		b.do(call{path: "/api/v1/themes"}).read(t, http.StatusOK, &again)
		if len(set.Themes) != 2 || set.Themes[0].ID == "" || set.Themes[1].ID != "price" || fmt.Sprint(set) != fmt.Sprint(again) {
			t.Errorf("set %+v, read %+v", set, again)
		}
		for body, path := range map[string]string{
			`{}`: "themes",
			`{"themes":[{"name":"","keywords":["x y"]}]}`:                "themes.0.name",
			`{"themes":[{"name":"Empty","keywords":[]}]}`:                "themes.0.keywords",
			`{"themes":[{"name":"X","keywords":["x y"],"color":"red"}]}`: "themes.color",
		} {
			if p := put(body).problem(t, http.StatusUnprocessableEntity); len(p.Errors) != 1 || p.Errors[0].Path != path {
				t.Errorf("%s: %+v, want %s", body, p.Errors, path)
			}
		}
		put(`{"themes":[]}`).read(t, http.StatusOK, &set)
		if list, err := s.Themes(context.Background(), b.workspace.ID); err != nil || len(list) != 0 {
			t.Errorf("left: %v, %v", list, err)
		}
		reader := b.addKey(b.workspace, surveys.ScopeRead)
		b.do(call{method: http.MethodPut, path: "/api/v1/themes", body: `{"themes":[]}`, key: &reader}).problem(t, http.StatusForbidden)
	})
}

// TestThemesOfASurvey: what was read is told, and how far.
func TestThemesOfASurvey(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		survey := b.survey(surveys.NPS)
		theme := storetest.Theme(t, s, b.workspace.ID)
		for i := range 40 {
			b.record(survey.ID, fmt.Sprint("k", i), fmt.Sprintf(`{"score":%d,"comment":"%s"}`, []int{2, 9}[i%2], []string{"late parcel", "lovely"}[i%2])).read(t, http.StatusCreated, &recorded{})
		}
		path := "/api/v1/surveys/" + survey.ID + "/themes"
		type seen struct {
			Comments int64             `json:"comments"`
			Names    map[string]string `json:"names"`
			Themes   []struct {
				Theme  string `json:"theme"`
				N      int64  `json:"n"`
				Effect *struct {
					Difference float64 `json:"difference"`
					Verdict    string  `json:"verdict"`
				} `json:"effect"`
			} `json:"themes"`
			Reading struct {
				Comments int64 `json:"comments"`
				Read     int64 `json:"read"`
			} `json:"reading"`
		}
		look := func() (v seen) {
			got := b.do(call{path: path + "?interval=week"})
			if err := json.Unmarshal(got.body, &v); err != nil || got.status != http.StatusOK {
				t.Fatalf("%d %v %s", got.status, err, got.body)
			}
			return v
		}
		if v := look(); v.Reading.Read != 0 || v.Reading.Comments != 40 || v.Comments != 0 {
			t.Errorf("before it was read: %+v", v)
		}
		readAll(t, s, b.workspace.ID, survey, theme)
		v := look()
		if v.Reading.Read != 40 || v.Comments != 40 || v.Names[theme.ID] != "Delivery" || len(v.Themes) != 1 || v.Themes[0].N != 20 || v.Themes[0].Effect.Difference != -200 || v.Themes[0].Effect.Verdict != "lower" {
			t.Errorf("%+v", v)
		}
		b.do(call{path: path + "?from=2026-03-02&to=2026-03-01"}).problem(t, http.StatusUnprocessableEntity)
		b.do(call{path: path + "?by=plan"}).problem(t, http.StatusUnprocessableEntity)
		b.do(call{path: "/api/v1/surveys/nope/themes"}).problem(t, http.StatusNotFound)
	})
}

// readAll does what the job does for comments that are about a theme when their
// score is bad.
func readAll(t *testing.T, s *store.Store, ws surveys.WorkspaceID, survey surveys.Survey, theme themes.Theme) {
	t.Helper()
	list, err := s.Responses(context.Background(), ws, store.ResponseFilter{SurveyID: survey.ID, WithComment: true, Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	batch := store.ReadingBatch{SurveyID: survey.ID, Reader: flow.ReaderOf([]themes.Theme{theme}, "")}
	for _, r := range list {
		one := store.CommentReading{Response: r, Reading: themes.Reading{Language: themes.English}}
		if r.Score < 7 {
			one.Reading.Themes = []string{theme.ID}
		}
		batch.List = append(batch.List, one)
	}
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.StoreReadings(ctx, ws, batch)
		return err
	})
}
