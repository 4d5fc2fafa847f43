package office

import (
	"net/http"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestTabsKeepThePeriodAndTheFilters(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(survey, many(60, 2, "pro", 10, 7, 3)...)
	m := x.as(surveys.Viewer)
	page := "/surveys/" + survey.ID
	for path, open := range map[string]string{page: "Report", page + "/themes": "Themes", page + "/comments": "Comments", page + "/loyalty": "Loyalty"} {
		p := m.get(path + "?range=365&segment=plan%3Apro&junk=1")
		p.t = t
		p.want(http.StatusOK).has("nav.tabs a", 4)
		p.has(`nav.tabs a[aria-current="page"]`, 1)
		p.says(`nav.tabs a[aria-current="page"]`, open)
		p.has(`nav.tabs a[href="`+page+`/themes?range=365&segment=plan%3Apro"]`, 1)
		p.has(`nav.tabs a[href="`+page+`?range=365&segment=plan%3Apro"]`, 1)
		p.has(`nav.tabs a[href*="junk"]`, 0)
		if label := p.Find("nav.tabs").AttrOr("aria-label", ""); !strings.Contains(label, survey.Name) {
			t.Errorf("%s: the tabs are named %q", path, label)
		}
	}
	m.get(page+"/loyalty").has(`nav.tabs a[href="`+page+`"]`, 1) // nothing chosen, nothing carried
}

func TestSurveyLoyalty(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		survey := x.shop(240)
		p := x.as(surveys.Manager).get("/surveys/" + survey.ID + "/loyalty").want(http.StatusOK)
		p.says("h1", "Loyalty")
		p.says("#by-score h2", "Staying by last score")
		p.says("#by-score", "Detractors")
		p.has("#by-score table[data-points] thead th", 5) // three bands and those who gave no score
		p.has("#rates tbody tr", x.as(surveys.Manager).get("/loyalty").Find("#rates tbody tr").Length())
		p.says("#cost", "Still customers after 182 days:")
		p.says("#cost .caveats", "not proof")
		p.has(".empty", 0)
		p.has(`main a[href="/loyalty"]`, 1)
		zh := x.as(surveys.Viewer)
		zh.cookies = append(zh.cookies, &http.Cookie{Name: "hark_language", Value: "zh-Hans"})
		zh.get("/surveys/"+survey.ID+"/loyalty").says("#cost", "仍是客户的：“贬损者”中有")
	})
}

func TestSurveyLoyaltySaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		prepare func(*team) surveys.Survey
		role    surveys.Role
		says    string
		action  string // the address that the empty state leads to; "" for none
	}{
		{"nothing computed", func(x *team) surveys.Survey { return storetest.Survey(x.t, x.store, x.w.ID, surveys.NPS) }, surveys.Manager, "Nothing has been computed yet", pathPlan},
		{"no events", func(x *team) surveys.Survey {
			x.compute()
			return storetest.Survey(x.t, x.store, x.w.ID, surveys.NPS)
		}, surveys.Manager, "No event tells who stays yet", pathPlan},
		{"a viewer may not change what counts", func(x *team) surveys.Survey {
			x.compute()
			return storetest.Survey(x.t, x.store, x.w.ID, surveys.NPS)
		}, surveys.Viewer, "No event tells who stays yet", ""},
		{"another survey", func(x *team) surveys.Survey {
			x.shop(60)
			return storetest.Survey(x.t, x.store, x.w.ID, surveys.CSAT)
		}, surveys.Manager, "held against another survey", pathPlan},
		{"no survey", func(x *team) surveys.Survey {
			survey := x.shop(60)
			x.hold("")
			x.compute()
			return survey
		}, surveys.Manager, "not held against a survey yet", pathPlan},
		{"chosen, but not computed", func(x *team) surveys.Survey {
			x.shop(60)
			survey := storetest.Survey(x.t, x.store, x.w.ID, surveys.CSAT)
			x.hold(survey.ID)
			return survey
		}, surveys.Manager, "is being held against who stays", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			x := onSQLite(t)
			survey := c.prepare(x)
			p := x.as(c.role).get("/surveys/" + survey.ID + "/loyalty").want(http.StatusOK)
			p.says(".empty", c.says)
			p.has("#by-score, #cost", 0)
			if got := p.Find(".empty a").AttrOr("href", ""); got != c.action {
				t.Errorf("the empty state leads to %q, want %q", got, c.action)
			}
		})
	}
}

func TestSurveyLoyaltyLeadsAViewerToTheOtherSurvey(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	held := x.shop(60)
	other := storetest.Survey(t, x.store, x.w.ID, surveys.CSAT)
	m := x.as(surveys.Viewer)
	p := m.get("/surveys/" + other.ID + "/loyalty")
	p.has("#rates", 1)
	m.get(p.Find(".empty a").AttrOr("href", "")).want(http.StatusOK).has("#by-score", 1)
	if got := p.Find(".empty a").AttrOr("href", ""); got != "/surveys/"+held.ID+"/loyalty" {
		t.Errorf("leads to %q", got)
	}
}

// hold chooses the survey whose scores stand beside who stays.
func (x *team) hold(survey string) {
	x.t.Helper()
	moves := flow.NewLoyalty(x.store)
	plan, err := moves.Plan(x.t.Context(), x.w.ID)
	if err != nil {
		x.t.Fatal(err)
	}
	plan.SurveyID = survey
	if _, err := moves.ChangePlan(x.t.Context(), plan); err != nil {
		x.t.Fatal(err)
	}
}
