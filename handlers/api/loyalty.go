package api

import (
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
)

// maxRiskPage is how many people at risk one page may hold.
const maxRiskPage = 200

// loyaltyView is what was computed of loyalty, and when; null before the first
// time.
type loyaltyView struct {
	ComputedAt *time.Time          `json:"computed_at"`
	Report     *flow.LoyaltyReport `json:"report"`
}

// planBody is PUT /api/v1/loyalty/plan.
type planBody struct {
	Basis         surveys.LoyaltyBasis   `json:"basis"`
	LapseDays     int                    `json:"lapse_days"`
	CompleteSince *string                `json:"complete_since"` // a date; null when all history is there
	Currency      string                 `json:"currency"`
	SurveyID      *string                `json:"survey_id"`
	Meanings      []surveys.EventMeaning `json:"meanings"`
}

// planView is a plan as the API shows it.
type planView struct {
	planBody
	UpdatedAt *time.Time `json:"updated_at"` // null while nobody has chosen
}

// riskView is a person at risk.
type riskView struct {
	PersonID   string               `json:"person_id"`
	ExternalID string               `json:"external_id"`
	Email      string               `json:"email"`
	Name       string               `json:"name"`
	Chance     float64              `json:"chance"`
	Reasons    []surveys.RiskReason `json:"reasons"`
}

type riskList struct {
	ComputedAt *time.Time `json:"computed_at"`
	Days       int        `json:"days"`
	Total      int        `json:"total"` // everybody at risk, of whom the likeliest are listed
	Risks      []riskView `json:"risks"`
	NextOffset *int       `json:"next_offset"`
}

// showLoyalty says who stays and who leaves, as computed last.
func (a *api) showLoyalty(c echo.Context) error {
	if err := knownParameters(c); err != nil {
		return err
	}
	view, err := a.computedLoyalty(c)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, view)
}

func (a *api) computedLoyalty(c echo.Context) (loyaltyView, error) {
	report, at, err := a.loyalty.Report(c.Request().Context(), officeOf(c).ID)
	if surveys.KindOf(err) == surveys.NotFound {
		return loyaltyView{}, nil
	}
	return loyaltyView{ComputedAt: &at, Report: &report}, err
}

// showLoyaltyPlan says how the events are read.
func (a *api) showLoyaltyPlan(c echo.Context) error {
	if err := knownParameters(c); err != nil {
		return err
	}
	plan, err := a.loyalty.Plan(c.Request().Context(), officeOf(c).ID)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, viewPlan(plan))
}

// replaceLoyaltyPlan lays a whole plan over the stored one, and has everything
// computed anew.
func (a *api) replaceLoyaltyPlan(c echo.Context) error {
	var body planBody
	if err := web.Decode(c, &body); err != nil {
		return err
	}
	plan := surveys.LoyaltyPlan{
		WorkspaceID: officeOf(c).ID, Basis: body.Basis, LapseDays: body.LapseDays, Currency: body.Currency, Meanings: body.Meanings,
	}
	if body.SurveyID != nil {
		plan.SurveyID = *body.SurveyID
	}
	if plan.SurveyID != "" && !isID(plan.SurveyID) {
		return surveys.Wrong(surveys.FieldError{Path: "survey_id", Code: "survey_unknown"})
	}
	if body.CompleteSince != nil {
		day, err := analysis.ParseDay(*body.CompleteSince)
		if err != nil {
			return surveys.Wrong(surveys.FieldError{Path: "complete_since", Code: "loyalty_since"})
		}
		since := int(day)
		plan.CompleteSince = &since
	}
	plan, err := a.loyalty.ChangePlan(c.Request().Context(), plan)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, viewPlan(plan))
}

func viewPlan(p surveys.LoyaltyPlan) planView {
	view := planView{planBody: planBody{Basis: p.Basis, LapseDays: p.LapseDays, Currency: p.Currency, SurveyID: orNull(p.SurveyID), Meanings: p.Meanings}}
	if view.Meanings == nil {
		view.Meanings = []surveys.EventMeaning{}
	}
	if p.CompleteSince != nil {
		since := analysis.Day(*p.CompleteSince).String()
		view.CompleteSince = &since
	}
	if !p.UpdatedAt.IsZero() {
		view.UpdatedAt = &p.UpdatedAt
	}
	return view
}

// listRisks lists the people who may leave, the likeliest first.
func (a *api) listRisks(c echo.Context) error {
	if err := knownParameters(c, "limit", "offset"); err != nil {
		return err
	}
	q := query{c: c}
	limit, offset := q.number("limit", 50, maxRiskPage), q.offset("offset")
	if err := surveys.Wrong(q.wrong...); err != nil {
		return err
	}
	found, err := a.computedLoyalty(c)
	if err != nil {
		return err
	}
	list := riskList{ComputedAt: found.ComputedAt, Risks: []riskView{}}
	if found.Report == nil || found.Report.Risks == nil {
		return c.JSON(http.StatusOK, list)
	}
	list.Days, list.Total = found.Report.Risks.Days, found.Report.Risks.Total
	risks, err := a.Store.Risks(c.Request().Context(), officeOf(c).ID, offset, limit+1)
	if err != nil {
		return err
	}
	if len(risks) > limit {
		risks = risks[:limit]
		next := offset + limit
		list.NextOffset = &next
	}
	list.Risks, err = a.viewRisks(c, risks)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, list)
}

// viewRisks are people at risk with who they are. Whoever was erased since is
// left out.
func (a *api) viewRisks(c echo.Context, risks []surveys.Risk) ([]riskView, error) {
	ids := make([]string, len(risks))
	for i, risk := range risks {
		ids[i] = risk.PersonID
	}
	people, err := a.Store.PeopleByID(c.Request().Context(), officeOf(c).ID, ids)
	if err != nil {
		return nil, err
	}
	views := make([]riskView, 0, len(risks))
	for _, risk := range risks {
		person, known := people[risk.PersonID]
		if !known {
			continue
		}
		view := riskView{PersonID: person.ID, ExternalID: person.ExternalID, Email: person.Email, Name: person.Name, Chance: risk.Chance, Reasons: []surveys.RiskReason{}}
		for _, reason := range risk.Reasons {
			view.Reasons = append(view.Reasons, flow.InDays(reason))
		}
		views = append(views, view)
	}
	return views, nil
}

// maxOffset bounds how far a list can be leafed through.
const maxOffset = 1_000_000

// offset reads how many entries to pass over; 0 when there is none.
func (q *query) offset(name string) int {
	text := q.c.QueryParam(name)
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > maxOffset {
		q.fail(surveys.FieldError{Path: name, Code: "offset", Args: map[string]any{"max": maxOffset}})
	}
	return n
}
