package office

import (
	"net/http"
	"reflect"
	"testing"

	"github.com/harkhq/hark/analysis/drivers"
	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestReportSaysWhereToBegin: the theme that the unhappy write about, with what
// one of them said, and nothing where nothing stands out.
func TestReportSaysWhereToBegin(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		m := x.as(surveys.Viewer)
		survey, theme := storetest.Survey(t, s, x.w.ID, surveys.NPS), storetest.Theme(t, s, x.w.ID)
		x.comments(survey, 60)
		x.answers(survey, many(40, 1, "pro", 10)...)
		m.get("/surveys/"+survey.ID).want(http.StatusOK).has(".lead .next", 0)
		x.read(survey, theme)
		x.index(survey)
		p := m.get("/surveys/" + survey.ID).want(http.StatusOK)
		p.says(".lead .next", "Look first at what people write about Delivery: 33% of comments, 200 points lower than other commenters.")
		p.has(`.lead .next b a[href="#said"]`, 1)
		p.says("#said li q", "My parcel was late again")
		p.has("#said li", 1)
		m.get("/surveys/"+survey.ID+"?segment=plan:pro").has(".lead .next", 0)
	})
}

// TestFixFirst: only a driver that is clearly in that corner is named, and of
// several the one with the greatest share.
func TestFixFirst(t *testing.T) {
	t.Parallel()
	of := func(list ...drivers.Priority) *drivers.Priorities { return &drivers.Priorities{Drivers: list} }
	fix := func(name string, impact float64) drivers.Priority {
		return drivers.Priority{Name: name, Impact: impact, Quadrant: drivers.FixFirst}
	}
	doubtful := fix("doubtful", .9)
	doubtful.Doubt = "near"
	for name, c := range map[string]struct {
		found *drivers.Priorities
		want  string
	}{
		"nothing was found": {nil, ""},
		"none":              {of(drivers.Priority{Name: "kept", Impact: .8, Quadrant: drivers.Keep}), ""},
		"one":               {of(drivers.Priority{Name: "kept", Impact: .8, Quadrant: drivers.Keep}, fix("slow", .3)), "slow"},
		"the greatest":      {of(fix("a", .2), fix("b", .4), fix("c", .3)), "b"},
		"no doubtful one":   {of(doubtful, fix("a", .2)), "a"},
	} {
		first := reading{moves: flow.DriversReport{Priorities: c.found}}.fixFirst()
		if got := first; (got == nil) != (c.want == "") || got != nil && got.Name != c.want {
			t.Errorf("%s: %+v, want %q", name, got, c.want)
		}
	}
}

// TestBandScores: what is quoted goes the theme's way, on scales that run either way.
func TestBandScores(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		metric  surveys.Metric
		verdict themes.Verdict
		want    []int
	}{
		{surveys.NPS, themes.Lower, []int{0, 1, 2, 3, 4, 5, 6}}, {surveys.NPS, themes.Higher, []int{9, 10}},
		{surveys.CES, themes.Lower, []int{1, 2, 3}}, {surveys.CES5, themes.Lower, []int{4, 5}}, {surveys.CES5, themes.Higher, []int{1, 2}},
	} {
		if got := bandScores(c.metric, c.verdict); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s %s: %v, want %v", c.metric, c.verdict, got, c.want)
		}
	}
}
