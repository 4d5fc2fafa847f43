package office

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// rated makes a survey with drivers and n answers that rate them, whose score
// follows the delivery, and computes its days.
func (x *team) rated(t *testing.T, n int, keys ...string) surveys.Survey {
	t.Helper()
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	for _, key := range keys {
		survey.Drivers = append(survey.Drivers, surveys.Driver{Key: key, Names: map[string]string{"en": "The " + key, "zh-Hans": "这" + key}, Scale: surveys.RatingFive})
	}
	storetest.Write(t, x.store, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.UpdateSurvey(ctx, survey); err != nil {
			return err
		}
		var list []surveys.Response
		for i := range n {
			r := storetest.Response(t, x.store, survey, 0)
			r.AnsweredAt = x.store.Now().Add(-time.Duration(i%80) * 24 * time.Hour)
			r.Day, r.Ratings = surveys.Day(r.AnsweredAt, x.w.Location()), make(map[string]int)
			for k, key := range keys {
				r.Ratings[key] = 1 + (i*(k*k+1)+i/(5*k+3)+k)%5
			}
			r.Score = max(0, min(10, 2*r.Ratings["delivery"]-1+i%3))
			list = append(list, r)
		}
		return tx.AddResponses(ctx, list)
	})
	if err := flow.NewDrivers(x.store).Compute(context.Background(), x.w.ID); err != nil {
		t.Fatal(err)
	}
	return survey
}

func TestDriversOnTheReport(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		survey := x.rated(t, 120, "delivery", "price", "website")
		p := x.as(surveys.Viewer).get("/surveys/" + survey.ID).want(http.StatusOK)
		p.has("figure.drivers .area tbody tr", 3)
		p.says("figure.drivers tbody tr:first-child th", "The delivery")
		p.has("figure.drivers .driver-map [role=img]", 1)
		p.has("figure.drivers .driver-map circle", 3)
		p.has("figure.drivers .driver-map rect.box", 3)
		p.has("figure.drivers td.share svg line.whisker", 9)
		p.says("figure.drivers .note-under", "120 answers. Association, not proof.")
		p.says(`figure.drivers .note-under a[href*="rated=1"]`, "See all 120 answers with ratings")
		report, err := flow.NewDrivers(s).Report(context.Background(), flow.Office{Workspace: x.w, Zone: x.w.Location()}, survey, flow.DriversQuery{})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range report.Priorities.Importance.Drivers {
			if want := fmt.Sprintf("%.0f%%", 100*d.Share); !strings.Contains(p.text("figure.drivers tbody"), want) {
				t.Errorf("%s has %s, which the card does not say: %s", d.Name, want, p.text("figure.drivers tbody"))
			}
		}
		answers := x.as(surveys.Viewer).get("/responses?survey=" + survey.ID + "&rated=1").want(http.StatusOK)
		answers.says("main", "120")
		answers.says("main", "The delivery: ")
	})
}

func TestDriversSayWhyTheySayNothing(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	for _, c := range []struct {
		name  string
		n     int
		keys  []string
		query string
		want  string
	}{
		{"too few", 34, []string{"delivery", "price", "staff", "taste", "website"}, "", "Too few answers with ratings: 34 of 50 needed."},
		{"nothing in the period", 30, []string{"delivery", "price"}, "?from=2020-01-01&to=2020-02-01", "Nothing was rated in this period."},
		{"a filter without answers", 30, []string{"delivery", "price"}, "?segment=channel:mail", "Nobody who passes the filters rated anything in this period."},
	} {
		t.Run(c.name, func(t *testing.T) {
			survey := x.rated(t, c.n, c.keys...)
			p := x.as(surveys.Viewer).get("/surveys/" + survey.ID + c.query).want(http.StatusOK)
			p.has("figure.drivers", 0)
			p.says("#drivers", c.want)
		})
	}
}

// TestOnlyManagersAreTaughtToDeclareDrivers: others could not follow the link.
func TestOnlyManagersAreTaughtToDeclareDrivers(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := x.rated(t, 0)
	x.answers(survey, many(30, 3, "pro", 9, 3)...)
	for role, want := range map[surveys.Role]int{surveys.Viewer: 0, surveys.Agent: 0, surveys.Manager: 1, surveys.Owner: 1} {
		x.as(role).get("/surveys/"+survey.ID).want(http.StatusOK).has(`#drivers a[href="/surveys/`+survey.ID+`/edit#drivers"]`, want)
	}
}

func TestASingleDriverHasNoMap(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := x.rated(t, 40, "delivery")
	p := x.as(surveys.Viewer).get("/surveys/" + survey.ID).want(http.StatusOK)
	p.has("figure.drivers .area tbody tr", 1)
	p.has("figure.drivers .driver-map", 0)
}

func TestDriversAreDeclared(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		m := x.as(surveys.Manager)
		survey := storetest.Survey(t, s, x.w.ID, surveys.NPS)
		path := "/surveys/" + survey.ID
		save := func(form url.Values) *page {
			form.Set("name", "Shop")
			form.Set("metric", "nps")
			return m.post(path, form)
		}
		stored := func() string {
			found, err := s.Survey(context.Background(), x.w.ID, survey.ID)
			if err != nil {
				t.Fatal(err)
			}
			return fmt.Sprint(found.Drivers)
		}
		m.get(path+"/edit").want(http.StatusOK).has(".driver-row", freeDrivers)
		save(url.Values{"drivers.0.key": {""}, "drivers.0.names.en": {" Delivery time "}, "drivers.0.scale": {"1-5"},
			"drivers.2.names.zh-Hans": {"价格"}, "drivers.2.scale": {"0-10"}}).seesOther(path)
		if want := "[{delivery_time map[en:Delivery time] 1-5} {driver map[zh-Hans:价格] 0-10}]"; stored() != want {
			t.Errorf("stored %s, want %s", stored(), want)
		}
		edit := m.get(path + "/edit").want(http.StatusOK)
		edit.has(".driver-row", 2+freeDrivers)
		edit.has(".driver-row code", 2)
		save(url.Values{}).seesOther(path)
		if stored() == "[]" {
			t.Error("a form without the list took the drivers away")
		}
		p := save(url.Values{"drivers.0.key": {"delivery_time"}, "drivers.0.names.en": {"Delivery"}, "drivers.0.scale": {"1-7"}}).want(http.StatusUnprocessableEntity)
		p.says(".driver-row", "another scale")
		p = save(url.Values{"drivers.0.key": {"Bad key"}, "drivers.0.names.en": {"Delivery"}, "drivers.0.scale": {"1-5"}}).want(http.StatusUnprocessableEntity)
		if p.value("drivers.0.key") != "Bad key" {
			t.Error("the key that was sent is gone")
		}
		save(url.Values{"drivers.0.key": {"delivery_time"}, "drivers.0.names.en": {"Delivery"}, "drivers.0.scale": {"1-5"}, "drivers.0.remove": {"1"}}).seesOther(path)
		if stored() != "[]" {
			t.Errorf("stored %s, want none", stored())
		}
	})
}

// TestDriversKeepTheirNames: a name in a language that the survey does not speak,
// which came by the API, is in the form and survives it.
func TestDriversKeepTheirNames(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		survey := storetest.Survey(t, s, x.w.ID, surveys.NPS)
		names := map[string]string{"en": "Price", "de": "Preis", "ar": "السعر"}
		survey.Drivers = []surveys.Driver{{Key: "price", Names: names, Scale: surveys.RatingFive}}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
		m, at := x.as(surveys.Manager), "/surveys/"+survey.ID
		p := m.get(at + "/edit").want(http.StatusOK)
		if p.value("drivers.0.names.de") != "Preis" {
			t.Error("the German name is not in the form")
		}
		p.has(`input[name="drivers.0.names.fi"]`, 0)
		m.post(at, p.sends()).seesOther(at)
		found, err := s.Survey(context.Background(), x.w.ID, survey.ID)
		if err != nil || len(found.Drivers) != 1 || !maps.Equal(found.Drivers[0].Names, names) {
			t.Errorf("stored %v, want the names %v: %v", found.Drivers, names, err)
		}
	})
}

func TestKeysAreMadeOfNames(t *testing.T) {
	t.Parallel()
	if got := keyOf(map[string]string{"ar": "السعر", "de": "Preis & Leistung"}, nil); got != "preis_leistung" {
		t.Errorf("a German name makes the key %q", got)
	}
	for _, c := range []struct{ name, want string }{
		{"Delivery time", "delivery_time"}, {"  Price & value ", "price_value"}, {"24-hour help", "hour_help"}, {"价格", "driver"}, {"", "driver"},
		{"Taken", "taken_2"}, {strings.Repeat("long ", 20), "long_long_long_long_long_long_long_l"},
	} {
		if got := keyOf(map[string]string{"en": c.name}, []surveys.Driver{{Key: "taken"}}); got != c.want {
			t.Errorf("%q is %q, want %q", c.name, got, c.want)
		}
	}
}

// TestDriversKeepToTheirWorkspace: another workspace's survey shows nothing.
func TestDriversKeepToTheirWorkspace(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := x.rated(t, 40, "delivery", "price")
	x.in(storetest.Workspace(t, x.store), surveys.Owner).get("/surveys/" + survey.ID).want(http.StatusNotFound)
}

func TestASurveyNeedsNoDrivers(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	p := x.as(surveys.Manager).get("/surveys/new").want(http.StatusOK)
	if p.Find("#drivers input").Length() == 0 {
		t.Fatal("the form has no place for drivers")
	}
	p.has("#drivers [required]", 0)
}
