package api

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
)

// benchmarkBody is what a call says of a benchmark.
type benchmarkBody struct {
	Metric surveys.Metric `json:"metric"`
	Name   string         `json:"name"`
	Low    *float64       `json:"low"`
	High   *float64       `json:"high"`
	Year   int            `json:"year"`
	Source string         `json:"source"`
	Note   string         `json:"note"`
	Shown  bool           `json:"shown"`
}

// benchmarkView is a benchmark as the API shows it.
type benchmarkView struct {
	ID        string         `json:"id"`
	Metric    surveys.Metric `json:"metric"`
	Name      string         `json:"name"`
	Low       float64        `json:"low"`
	High      float64        `json:"high"`
	Year      int            `json:"year"`
	Source    string         `json:"source"`
	Note      string         `json:"note"`
	Shown     bool           `json:"shown"`
	CreatedAt time.Time      `json:"created_at"`
	UpdatedAt time.Time      `json:"updated_at"`
}

type benchmarkList struct {
	Benchmarks []benchmarkView `json:"benchmarks"`
}

func viewBenchmark(b surveys.Benchmark) benchmarkView {
	return benchmarkView{
		ID: b.ID, Metric: b.Metric, Name: b.Name, Low: b.Low, High: b.High, Year: b.Year, Source: b.Source, Note: b.Note, Shown: b.Shown,
		CreatedAt: b.CreatedAt, UpdatedAt: b.UpdatedAt,
	}
}

// listBenchmarks lists the scores of others that the workspace keeps.
func (a *api) listBenchmarks(c echo.Context) error {
	if err := knownParameters(c); err != nil {
		return err
	}
	list, err := a.Store.Benchmarks(c.Request().Context(), officeOf(c).ID)
	if err != nil {
		return err
	}
	views := make([]benchmarkView, len(list))
	for i, b := range list {
		views[i] = viewBenchmark(b)
	}
	return c.JSON(http.StatusOK, benchmarkList{Benchmarks: views})
}

// createBenchmark adds a benchmark.
func (a *api) createBenchmark(c echo.Context) error {
	b, err := decodeBenchmark(c, surveys.Benchmark{})
	if err != nil {
		return err
	}
	if b, err = a.benchmarks.Save(c.Request().Context(), officeOf(c).ID, b); err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, a.Link("/api/v1/benchmarks/"+b.ID))
	return c.JSON(http.StatusCreated, viewBenchmark(b))
}

// showBenchmark shows one benchmark.
func (a *api) showBenchmark(c echo.Context) error {
	if err := knownParameters(c); err != nil {
		return err
	}
	b, err := a.benchmark(c)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, viewBenchmark(b))
}

// replaceBenchmark lays a whole benchmark over a stored one.
func (a *api) replaceBenchmark(c echo.Context) error {
	stored, err := a.benchmark(c)
	if err != nil {
		return err
	}
	b, err := decodeBenchmark(c, stored)
	if err != nil {
		return err
	}
	if b, err = a.benchmarks.Save(c.Request().Context(), officeOf(c).ID, b); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, viewBenchmark(b))
}

// deleteBenchmark takes a benchmark away.
func (a *api) deleteBenchmark(c echo.Context) error {
	b, err := a.benchmark(c)
	if err != nil {
		return err
	}
	if err := a.benchmarks.Delete(c.Request().Context(), b.WorkspaceID, b.ID); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// benchmark is the one that the call's address names, in the key's workspace.
func (a *api) benchmark(c echo.Context) (surveys.Benchmark, error) {
	if !isID(c.Param("benchmark")) {
		return surveys.Benchmark{}, surveys.Fail(surveys.NotFound, "not_found")
	}
	return a.Store.Benchmark(c.Request().Context(), officeOf(c).ID, c.Param("benchmark"))
}

// decodeBenchmark reads the body over a benchmark. Without an upper end it is
// one value.
func decodeBenchmark(c echo.Context, b surveys.Benchmark) (surveys.Benchmark, error) {
	var body benchmarkBody
	if err := web.Decode(c, &body); err != nil {
		return b, err
	}
	if body.Low == nil {
		return b, surveys.Wrong(surveys.FieldError{Path: "low", Code: "required"})
	}
	if body.High == nil {
		body.High = body.Low
	}
	b.Metric, b.Name, b.Low, b.High, b.Year = body.Metric, body.Name, *body.Low, *body.High, body.Year
	b.Source, b.Note, b.Shown = body.Source, body.Note, body.Shown
	return b, nil
}
