package api

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
)

// themeBody is one theme, as it is sent and shown.
type themeBody struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Keywords []string `json:"keywords"`
}

// themeSet is GET and PUT /api/v1/themes.
type themeSet struct {
	Themes []themeBody `json:"themes"`
}

// themesView is what people wrote about beside their scores to a survey.
type themesView struct {
	themes.Findings
	Names   map[string]string `json:"names"`
	Reading readingView       `json:"reading"`
}

// readingView says how far the survey's comments are read, and how well.
type readingView struct {
	Comments    int64            `json:"comments"`
	Read        int64            `json:"read"`
	TrainedAt   *time.Time       `json:"trained_at"`
	TrainedFrom int64            `json:"trained_from"`
	Quality     []themes.Quality `json:"quality"`
	Refused     []refusedView    `json:"refused"`
}

// refusedView is a language of which no model was learned, and why.
type refusedView struct {
	Language string  `json:"language"`
	Reason   string  `json:"reason"`
	Have     float64 `json:"have"`
	Need     float64 `json:"need"`
}

func viewThemes(list []themes.Theme) themeSet {
	set := themeSet{Themes: []themeBody{}}
	for _, t := range list {
		set.Themes = append(set.Themes, themeBody{ID: t.ID, Name: t.Name, Keywords: t.Keywords})
	}
	return set
}

// listThemes lists what the workspace looks for in comments.
func (a *api) listThemes(c echo.Context) error {
	if err := knownParameters(c); err != nil {
		return err
	}
	list, err := a.Store.Themes(c.Request().Context(), officeOf(c).ID)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, viewThemes(list))
}

// replaceThemes sets what the workspace looks for. All comments are read again.
func (a *api) replaceThemes(c echo.Context) error {
	var body themeSet
	if err := web.Decode(c, &body); err != nil {
		return err
	}
	if body.Themes == nil { // nothing must be taken away by a body that lacks it
		return surveys.Wrong(surveys.FieldError{Path: "themes", Code: "required"})
	}
	list := make([]themes.Theme, len(body.Themes))
	for i, t := range body.Themes {
		list[i] = themes.Theme{ID: t.ID, Name: t.Name, Keywords: t.Keywords}
	}
	list, err := a.themes.Replace(c.Request().Context(), officeOf(c).ID, list)
	if err != nil {
		return under("themes", err)
	}
	return c.JSON(http.StatusOK, viewThemes(list))
}

// showThemes says what people wrote about beside their scores to a survey.
func (a *api) showThemes(c echo.Context) error {
	if err := knownParameters(c, "from", "to", "interval", "confidence"); err != nil {
		return err
	}
	survey, err := a.survey(c)
	if err != nil {
		return err
	}
	q := query{c: c}
	wanted := flow.ReportQuery{
		From: q.day("from"), To: q.day("to"), Interval: analysis.Bucketing(c.QueryParam("interval")), Confidence: q.confidence("confidence"),
	}
	if err := surveys.Wrong(q.wrong...); err != nil {
		return err
	}
	report, err := a.themes.Report(c.Request().Context(), officeOf(c), survey, wanted)
	if err != nil {
		return err
	}
	view := themesView{Findings: report.Findings, Names: report.Names(), Reading: readingView{
		Comments: report.Comments, Read: report.Read, TrainedAt: report.Reader.TrainedAt, TrainedFrom: report.Reader.TrainedFrom,
		Quality: append([]themes.Quality{}, report.Reader.Quality...), Refused: []refusedView{},
	}}
	for _, r := range report.Reader.Refused {
		if r.Refusal != nil {
			view.Reading.Refused = append(view.Reading.Refused, refusedView{Language: string(r.Language), Reason: string(r.Refusal.Reason), Have: r.Refusal.Have, Need: r.Refusal.Need})
		}
	}
	return c.JSON(http.StatusOK, view)
}
