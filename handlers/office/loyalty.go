package office

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/harkhq/hark/analysis/loyalty"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// The addresses of loyalty beside its page.
const (
	pathCompute = layouts.PathLoyalty + "/compute"
	pathRisks   = layouts.PathLoyalty + "/risks"
	pathPlan    = layouts.PathSettings + "/loyalty"
)

// seesPeople is the least role that is told names, as on the pages of people.
const seesPeople = surveys.Viewer

// risksShown is how many people at risk the page names; the others have a page.
const risksShown = 10

// longWait is after how long nobody waits for a computation any more.
const longWait = 10 * time.Minute

// loyal is everything that the page of loyalty is made of.
type loyal struct {
	visit
	plan     surveys.LoyaltyPlan
	report   flow.LoyaltyReport
	at       time.Time // of the computation; zero: there was none yet
	asked    time.Time // when it was asked for again; zero: it was not
	survey   surveys.Survey
	by       loyalty.Period
	rate     loyalty.Rate
	risks    []surveys.Risk
	people   map[string]surveys.Person
	received []string // types of events, where none of them is read
}

// loyalty says who stays and who leaves.
func (d *desk) loyalty(v visit) error {
	r := loyal{visit: v}
	if err := d.readLoyalty(&r); err != nil {
		return err
	}
	if err := r.readRisks(0, risksShown); err != nil {
		return err
	}
	return web.Render(v, http.StatusOK, office.LoyaltyPage(r.page()))
}

// readLoyalty looks up what was computed last, and what the address asks for.
func (d *desk) readLoyalty(r *loyal) (err error) {
	ctx, ws := r.ctx(), r.w.ID
	if r.plan, err = d.stays.Plan(ctx, ws); err != nil {
		return err
	}
	r.report, r.at, err = d.stays.Report(ctx, ws)
	if err != nil && surveys.KindOf(err) != surveys.NotFound {
		return err
	}
	if r.report.Events == 0 {
		if r.received, err = r.site.Store.EventTypes(ctx, ws); err != nil {
			return err
		}
	}
	if r.report.Survey != "" {
		if r.survey, err = r.site.Store.Survey(ctx, ws, r.report.Survey); err != nil {
			return err
		}
	}
	r.by, r.rate = loyalty.Period(r.QueryParam("by")), loyalty.Rate(r.QueryParam("rate"))
	if !r.by.Valid() {
		r.by = usualWidth(r.report)
	}
	if !slices.Contains(loyalty.Rates(), r.rate) {
		r.rate = loyalty.RetentionRate
	}
	if r.report.Endless && !slices.ContainsFunc(slices.Collect(maps.Values(r.shownRates())), func(rates []loyalty.Rate) bool { return slices.Contains(rates, r.rate) }) {
		r.rate = loyalty.Engagement
	}
	if micros, err := strconv.ParseInt(r.QueryParam("since"), 10, 64); err == nil {
		r.asked = time.UnixMicro(micros)
	}
	return nil
}

// usualWidth is the widest step, up to a quarter, of which two whole ones are
// known.
func usualWidth(report flow.LoyaltyReport) loyalty.Period {
	for _, by := range []loyalty.Period{loyalty.Quarterly, loyalty.Monthly} {
		whole := 0
		for _, step := range report.Periods[by].Steps {
			if !step.Partial && step.Customers > 0 {
				whole++
			}
		}
		if whole >= 2 {
			return by
		}
	}
	return loyalty.Weekly
}

// readRisks looks up people at risk, if there is a list.
func (r *loyal) readRisks(offset, limit int) (err error) {
	if r.report.Risks == nil || r.report.Risks.Listed == 0 || !r.may(seesPeople) {
		return nil
	}
	if r.risks, err = r.site.Store.Risks(r.ctx(), r.w.ID, offset, limit); err != nil {
		return err
	}
	ids := make([]string, len(r.risks))
	for i, risk := range r.risks {
		ids[i] = risk.PersonID
	}
	r.people, err = r.site.Store.PeopleByID(r.ctx(), r.w.ID, ids)
	return err
}

// waits reports whether what was asked for is still being computed.
func (r loyal) waits() bool {
	age := r.site.Now().Sub(r.asked)
	return r.at.Before(r.asked) && age >= 0 && age < longWait
}

// address is this page with some of its choices changed.
func (r loyal) address(set map[string]string) string {
	p := map[string]string{"by": string(r.by)}
	if r.rate != loyalty.RetentionRate {
		p["rate"] = string(r.rate)
	}
	for name, value := range set {
		p[name] = value
	}
	return withQuery(layouts.PathLoyalty, p)
}

// computeLoyalty has everything computed anew, and leads to the page that waits
// for it.
func (d *desk) computeLoyalty(v visit) error {
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	since := v.site.Now()
	if err := d.stays.Later(v.ctx(), v.w.ID); err != nil {
		return err
	}
	by := loyalty.Period(form.Get("by"))
	if !by.Valid() {
		by = ""
	}
	return web.SeeOther(v, withQuery(layouts.PathLoyalty, map[string]string{"by": string(by), "since": strconv.FormatInt(since.UnixMicro(), 10)}))
}

// risks lists everybody who may leave.
func (d *desk) risks(v visit) error {
	r := loyal{visit: v}
	if err := d.readLoyalty(&r); err != nil {
		return err
	}
	page, note := v.pageNumber()
	if err := r.readRisks((page-1)*peoplePage, peoplePage+1); err != nil {
		return err
	}
	title := v.l.T("loyalty.risk.title")
	view := office.RiskList{
		Page: v.page(title, layouts.Loyalty), Title: title, Lead: v.l.T("loyalty.risk.lead"), Note: note,
		Crumbs: []components.Crumb{{Text: v.l.T("loyalty.title"), Address: layouts.PathLoyalty}, {Text: title}},
		Pager:  components.Pager{L: v.l, Words: components.ByPlace, Summary: v.l.T("office.people.page", "page", page)},
	}
	at := func(page int) string { return withQuery(pathRisks, map[string]string{"page": strconv.Itoa(page)}) }
	if page > 1 {
		view.Pager.Newer = at(page - 1)
	}
	if len(r.risks) > peoplePage {
		r.risks, view.Pager.Older = r.risks[:peoplePage], at(page+1)
	}
	if len(r.risks) == 0 {
		view.Empty = r.noRisks()
	} else {
		view.Table = r.riskTable()
	}
	return web.Render(v, http.StatusOK, office.RiskListPage(view))
}
