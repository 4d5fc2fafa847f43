package api

import (
	"maps"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/drivers"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
)

// ratingsOf are a response's ratings, {} for none.
func ratingsOf(r surveys.Response) map[string]int {
	if r.Ratings == nil {
		return map[string]int{}
	}
	return r.Ratings
}

// readRatings reads the ratings of a call, or says what is wrong with each.
func readRatings(survey surveys.Survey, sent map[string]score) (map[string]int, []surveys.FieldError) {
	var wrong []surveys.FieldError
	ratings := make(map[string]int, len(sent))
	for _, key := range slices.Sorted(maps.Keys(sent)) {
		value := sent[key].value
		if !sent[key].whole {
			value = -1 // on no scale
		}
		wrong = append(wrong, survey.CheckRating(key, value)...)
		ratings[key] = value
	}
	if len(ratings) == 0 || len(wrong) > 0 {
		return nil, wrong
	}
	return ratings, nil
}

// driversView is what moves with a survey's score.
type driversView struct {
	SurveyID   string            `json:"survey_id"`
	From       string            `json:"from"`
	To         string            `json:"to"` // exclusive
	Declared   []surveys.Driver  `json:"declared"`
	Rated      int64             `json:"rated"`
	Complete   int64             `json:"complete"`
	Waiting    int               `json:"waiting_days"`
	Importance *drivers.Result   `json:"importance"`
	Priorities *driverPriorities `json:"priorities"`
	Refused    *driverRefusal    `json:"refused"`
}

// driverPriorities are the places on the map, without the importance that
// stands beside them.
type driverPriorities struct {
	ImpactCut      float64            `json:"impact_cut"`
	PerformanceCut float64            `json:"performance_cut"`
	Drivers        []drivers.Priority `json:"drivers"`
}

// driverRefusal is why nothing can be said.
type driverRefusal struct {
	Reason analysis.Reason `json:"reason"`
	Have   float64         `json:"have"`
	Need   float64         `json:"need"`
	Name   string          `json:"name,omitempty"`
}

// showDrivers says what moves with a survey's score in a period.
func (a *api) showDrivers(c echo.Context) error {
	if err := knownParameters(c, "from", "to", "confidence"); err != nil {
		return err
	}
	survey, err := a.survey(c)
	if err != nil {
		return err
	}
	q := query{c: c}
	wanted := flow.DriversQuery{From: q.day("from"), To: q.day("to"), Confidence: q.confidence("confidence")}
	if err := surveys.Wrong(q.wrong...); err != nil {
		return err
	}
	report, err := a.drivers.Report(c.Request().Context(), officeOf(c), survey, wanted)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, viewDrivers(survey, report))
}

func viewDrivers(survey surveys.Survey, r flow.DriversReport) driversView {
	view := driversView{
		SurveyID: survey.ID, From: r.From.String(), To: r.To.String(), Declared: append([]surveys.Driver{}, r.Declared...),
		Rated: r.Rated, Complete: r.Complete, Waiting: r.Waiting, Importance: r.Importance,
	}
	if p := r.Priorities; p != nil {
		view.Importance = &p.Importance
		view.Priorities = &driverPriorities{ImpactCut: p.ImpactCut, PerformanceCut: p.PerformanceCut, Drivers: p.Drivers}
	}
	if f := r.Refused; f != nil {
		view.Refused = &driverRefusal{Reason: f.Reason, Have: f.Have, Need: f.Need, Name: f.Name}
	}
	return view
}
