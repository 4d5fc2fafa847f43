package office

import (
	"math"
	"net/http"

	"github.com/harkhq/hark/analysis/loyalty"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
	"github.com/harkhq/hark/templates/words"
)

// surveyLoyalty says whether those who score low in one survey also leave.
func (d *desk) surveyLoyalty(v visit) error {
	survey, err := v.survey()
	if err != nil {
		return err
	}
	r := loyal{visit: v}
	if err := d.readLoyalty(&r); err != nil {
		return err
	}
	return web.Render(v, http.StatusOK, office.SurveyLoyaltyPage(r.pageOf(survey)))
}

// pageOf builds the view of one survey.
func (r loyal) pageOf(survey surveys.Survey) office.SurveyLoyalty {
	title := r.l.T("tabs.loyalty.title")
	page := office.SurveyLoyalty{
		Page: r.visit.page(survey.Name+" · "+title, layouts.Scores), Title: title, Lead: r.l.T("tabs.loyalty.lead"),
		Crumbs: []components.Crumb{
			{Text: r.l.T("office.scores.title"), Address: layouts.PathScores}, {Text: survey.Name, Address: "/surveys/" + survey.ID}, {Text: title},
		},
		Tabs: r.tabs(survey, loyaltyTab),
		All:  components.Action{Text: r.l.T("tabs.loyalty.all"), Address: layouts.PathLoyalty},
	}
	if untold := r.empty(); untold != nil {
		page.Empty = &untold.Empty
		page.Empty.Action = r.action(surveys.Manager, components.Action{Text: r.l.T("loyalty.empty.settings"), Address: pathPlan})
		return page
	}
	rates := r.rateTable()
	page.Rates = &rates
	if page.Empty = r.notHeld(survey); page.Empty != nil {
		return page
	}
	stay := r.stayByScore(*r.report.ByScore)
	page.Stay, page.Cost = &stay, r.cost(*r.report.ByScore)
	return page
}

// notHeld says why this survey's scores do not stand beside who stays, and what
// to do about it; nil when they do.
func (r loyal) notHeld(survey surveys.Survey) *components.Empty {
	says := func(key string, action *components.Action, args ...any) *components.Empty {
		return &components.Empty{Title: r.l.T(key + ".title"), Text: r.l.T(key+".text", args...), Action: action}
	}
	choose := r.action(surveys.Manager, components.Action{Text: r.l.T("tabs.loyalty.choose"), Address: pathPlan, Kind: components.Secondary})
	switch held := r.report.Survey; {
	case r.plan.SurveyID == survey.ID && held != survey.ID:
		return says("tabs.loyalty.soon", nil)
	case held == "":
		return says("tabs.loyalty.none", choose)
	case held != survey.ID:
		if choose == nil {
			choose = &components.Action{Text: r.l.T("tabs.loyalty.show_other", "survey", r.survey.Name), Address: "/surveys/" + held + "/loyalty", Kind: components.Secondary}
		}
		return says("tabs.loyalty.other", choose, "survey", r.survey.Name)
	case r.report.Endless:
		return says("tabs.loyalty.endless", r.action(surveys.Manager, components.Action{Text: r.l.T("loyalty.empty.settings"), Address: pathPlan, Kind: components.Secondary}))
	case r.report.ByScore == nil || len(r.report.ByScore.Curves) == 0:
		return says("tabs.loyalty.young", nil)
	}
	return nil
}

// cost is what a low score goes with, in customers and in money; nil unless the
// bands differ beyond chance and the low one loses more.
func (r loyal) cost(s flow.StayingByScore) *office.Findings {
	if s.Test == nil || s.Test.P >= 1-confidence {
		return nil
	}
	scale := r.survey.Metric.Scale()
	good, bad := curveOf(s, scale.Good), curveOf(s, scale.Bad)
	if good == nil || bad == nil {
		return nil
	}
	days := math.Min(good.Curve.Until, bad.Curve.Until)
	stayGood, _, knownGood := good.Curve.At(days)
	stayBad, _, knownBad := bad.Curve.At(days)
	fewer := 100 * (stayGood - stayBad)
	if !knownGood || !knownBad || fewer < 1 {
		return nil
	}
	card := &office.Findings{ID: "cost", Method: components.CostMethod, Title: r.l.T("tabs.loyalty.cost.title"), Small: []string{r.l.T("tabs.loyalty.cost.caveat")}}
	band := r.l.Band(scale.Bad)
	card.Says = []words.Sentence{r.say("tabs.loyalty.cost.fewer", "days", r.l.N("loyalty.days", int64(days)), "bad_band", band, "good_band", r.l.Band(scale.Good),
		"bad", r.l.Percent(100*stayBad, 0), "good", r.l.Percent(100*stayGood, 0), "fewer", r.l.Decimal(fewer, 0))}
	if v := r.report.Value; v != nil && v.Value != nil && v.Customers > 0 {
		worth := *v.Value / float64(v.Customers)
		card.Says = append(card.Says, r.say("tabs.loyalty.cost.money", "bad_band", band,
			"worth", r.money(int64(math.Round(worth))), "cost", r.money(int64(math.Round(fewer*worth/100))*100)))
	}
	return card
}

// curveOf is a band with its curve; nil when too few people are in it.
func curveOf(s flow.StayingByScore, band surveys.Band) *loyalty.BandCurve {
	for i := range s.Curves {
		if s.Curves[i].Band == band && s.Curves[i].Curve != nil {
			return &s.Curves[i]
		}
	}
	return nil
}
