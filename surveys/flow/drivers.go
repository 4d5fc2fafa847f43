package flow

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/drivers"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// MaxFilteredAnswers is how many rated answers a report under a filter reads.
// Without a filter it reads a day's products for each day, whatever the number
// of answers.
const MaxFilteredAnswers = 200_000

// Drivers says what moves with a survey's score, by what its answers rate
// beside it.
type Drivers struct{ store *store.Store }

// NewDrivers makes the drivers of a store.
func NewDrivers(s *store.Store) *Drivers { return &Drivers{store: s} }

// DriversQuery says which answers are asked about. Zero fields mean the
// defaults of [ReportQuery].
type DriversQuery struct {
	From, To   analysis.Day // From inclusive, To exclusive
	Filter     surveys.Filters
	Confidence float64
}

// DriversReport is what moves with the score, or why it cannot be said. Of
// Priorities, Importance and Refused at most one is set, and none where the
// survey declares no drivers, the filter leaves too many answers to read, or too few that
// it holds itself against.
type DriversReport struct {
	Declared   []surveys.Driver
	From, To   analysis.Day
	Rated      int64               // answers with any rating
	Complete   int64               // answers that rate every driver: they alone count
	Waiting    int                 // days whose latest ratings are not counted yet
	Priorities *drivers.Priorities // of two or more drivers; their names are keys
	Importance *drivers.Result     // of a single one, which nothing can be set against
	Refused    *analysis.Refusal
	TooMany    bool          // more answers pass the filter than are read
	Withheld   bool          // beside those of another filter, it would tell of a few
	Took       time.Duration // to read answers one by one, under a filter
}

// Report finds what moves with a survey's score in a period.
func (d *Drivers) Report(ctx context.Context, w Office, survey surveys.Survey, q DriversQuery) (DriversReport, error) {
	period, err := ReportQuery{From: q.From, To: q.To, Confidence: q.Confidence}.normal(w, d.store.Now())
	if err != nil {
		return DriversReport{}, err
	}
	q.From, q.To = period.From, period.To
	report := DriversReport{Declared: survey.Drivers, From: q.From, To: q.To}
	if len(survey.Drivers) == 0 {
		return report, nil
	}
	products, err := drivers.NewProducts(survey.DriverKeys())
	if err != nil {
		return report, fmt.Errorf("prepare the drivers of %s: %w", survey, err)
	}
	if len(q.Filter) == 0 {
		err = d.merge(ctx, survey, products, &report)
	} else {
		err = d.read(ctx, w, survey, ratedFilter{products, q.Filter}, &report)
	}
	if err != nil || report.TooMany || report.Withheld {
		return report, err
	}
	return report, report.split(products, drivers.Options{Confidence: q.Confidence})
}

// merge adds up the days of everybody.
func (d *Drivers) merge(ctx context.Context, survey surveys.Survey, into *drivers.Products, report *DriversReport) error {
	days, err := d.store.DriverDays(ctx, survey.WorkspaceID, store.RollupFilter{SurveyID: survey.ID, From: int(report.From), To: int(report.To)})
	if err != nil {
		return err
	}
	keys := survey.DriverKeys()
	for _, day := range days {
		if day.Changes != day.Computed {
			report.Waiting++
		}
		report.Rated += day.Rated
		if day.Products == nil || !slices.Equal(day.Keys, keys) {
			continue
		}
		products, err := drivers.ReadProducts(keys, day.Products)
		if err != nil {
			return fmt.Errorf("read the ratings of day %d of %s: %w", day.Day, survey, err)
		}
		if err := into.Merge(products); err != nil {
			return fmt.Errorf("add up the ratings of %s: %w", survey, err)
		}
	}
	report.Complete = into.N()
	return nil
}

// ratedFilter is where the answers that pass a filter are added up.
type ratedFilter struct {
	products *drivers.Products
	filter   surveys.Filters
}

// errTooMany ends the reading of answers.
var errTooMany = errors.New("too many answers pass the filter")

// withholds reports whether the ratings of a filter's answers would, beside those of
// other filters, tell of a few people's: of the answers that rate every driver, as
// few may be left out of it as of all.
func (d *Drivers) withholds(ctx context.Context, survey surveys.Survey, f surveys.Filters, report *DriversReport) (bool, error) {
	keys := f.Keys()
	rows, err := d.store.Combinations(ctx, survey.WorkspaceID, store.CombinationFilter{
		SurveyID: survey.ID, Keys: keys, Rated: survey.DriverKeys(), From: int(report.From), To: int(report.To),
	})
	return crossed{keys, rows}.giveAway(f, report.From, report.To), err
}

// read adds up answers one by one.
func (d *Drivers) read(ctx context.Context, w Office, survey surveys.Survey, into ratedFilter, report *DriversReport) (err error) {
	if report.Withheld, err = d.withholds(ctx, survey, into.filter, report); err != nil || report.Withheld {
		return err
	}
	began := time.Now()
	t := newRatedTally(survey, into.products)
	err = d.store.EachResponse(ctx, survey.WorkspaceID, store.ResponseFilter{
		SurveyID: survey.ID, Rated: true, Segments: into.filter,
		From: firstMoment(report.From, w.Zone), To: firstMoment(report.To, w.Zone),
	}, func(r surveys.Response) error {
		if t.rated == MaxFilteredAnswers {
			return errTooMany
		}
		return t.add(store.RatedAnswer{Score: r.Score, Ratings: r.Ratings})
	})
	report.Rated, report.Complete, report.Took = t.rated, into.products.N(), time.Since(began)
	if errors.Is(err, errTooMany) {
		report.TooMany = true
		return nil
	}
	return err
}

// firstMoment is when a day begins in a zone.
func firstMoment(day analysis.Day, zone *time.Location) time.Time {
	date := day.Time()
	return time.Date(date.Year(), date.Month(), date.Day(), 0, 0, 0, 0, zone)
}

// split shares the score's variation out among the drivers, or tells why not.
func (r *DriversReport) split(products *drivers.Products, o drivers.Options) error {
	var err error
	if len(r.Declared) == 1 {
		var found drivers.Result
		if found, err = drivers.Importance(products, o); err == nil {
			r.Importance = &found
		}
	} else {
		var found drivers.Priorities
		if found, err = drivers.Prioritise(products, ratingScales(r.Declared), o); err == nil {
			r.Priorities = &found
		}
	}
	if errors.As(err, &r.Refused) {
		return nil
	}
	return err
}

func ratingScales(declared []surveys.Driver) []surveys.Scale {
	scales := make([]surveys.Scale, len(declared))
	for i, d := range declared {
		scales[i], _ = d.Scale.Scale() // checked when declared
	}
	return scales
}

// ratedTally adds up the ratings of answers to one survey.
type ratedTally struct {
	survey   surveys.Survey
	products *drivers.Products
	row      []float64
	rated    int64
}

func newRatedTally(survey surveys.Survey, products *drivers.Products) *ratedTally {
	return &ratedTally{survey: survey, products: products, row: make([]float64, len(survey.Drivers))}
}

// add takes an answer in. One that lacks a driver, or rated it on a scale that
// it no longer has, is not complete.
func (t *ratedTally) add(a store.RatedAnswer) error {
	t.rated++
	for i, d := range t.survey.Drivers {
		value, has := a.Ratings[d.Key]
		if !has || len(t.survey.CheckRating(d.Key, value)) > 0 {
			return nil
		}
		t.row[i] = float64(value)
	}
	return t.products.Add(t.row, outcome(t.survey.Metric, a.Score))
}

// outcome is a score as a number that rises as it gets better.
func outcome(metric surveys.Metric, score int) float64 {
	if scale := metric.Scale(); scale.GoodFrom == scale.Min {
		return -float64(score)
	}
	return float64(score)
}
