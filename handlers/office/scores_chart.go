package office

import (
	"math"
	"strconv"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/words"
)

// The charts of the overview that can be saved.
const (
	scoresChart  = "scores"  // a line for each survey
	coursesChart = "courses" // the steps of all sparklines
)

// leastStretch is how many points of the scale the overview's lines are high at least.
const leastStretch = 20

// courseTable is the ID of the table behind the sparklines.
const courseTable = "courses"

// overview is the lines of the page of scores as numbers.
type overview struct {
	visit
	lines []flow.Line // in the order of the page, archived surveys left out
}

// saveScoresChart sends the overview as a file.
func (d *desk) saveScoresChart(v visit) error {
	lines, err := d.overviewLines(v)
	if err != nil {
		return err
	}
	return sendChart(v, newOverview(v, lines))
}

// newOverview keeps the surveys that the page shows unfolded.
func newOverview(v visit, lines []flow.Line) overview {
	o := overview{visit: v}
	for _, line := range lines {
		if line.Survey.Status != surveys.SurveyArchived {
			o.lines = append(o.lines, line)
		}
	}
	return o
}

// chart is what the page shows under a name; nil when it shows no such thing.
func (o overview) chart(name string) components.Chart {
	switch {
	case len(o.lines) == 0:
	case name == scoresChart:
		return o.scores()
	case name == coursesChart:
		return o.scores().Courses(courseTable)
	}
	return nil
}

// scores are the numbers of the page.
func (o overview) scores() components.Overview {
	list := components.Overview{L: o.l, Title: o.l.T("components.overview.title")}
	list.Line = o.l.T("office.scores.line")
	list.Save = o.save(scoresChart, list.Title)
	for _, line := range o.lines {
		list.Rows = append(list.Rows, o.row(line))
	}
	alike(list.Rows)
	return list
}

// courses are the same for the sparklines.
func (o overview) courses() components.Courses {
	c := o.scores().Courses(courseTable)
	c.Save = o.save(coursesChart, c.Title)
	return c
}

// row is one survey.
func (o overview) row(line flow.Line) components.OverviewRow {
	survey, report := line.Survey, line.Report
	row := components.OverviewRow{
		Name: survey.Name, Address: reportPath(survey), Metric: survey.Metric, N: report.N, Score: report.Score, Evidence: evidence(report),
		Verdict: words.Report{L: o.l, Of: report}.Brief().String(), Course: o.course(line),
		Averages: components.Averages{Mean: report.Mean, MeanIn: report.MeanInterval, Index: report.Index},
	}
	if report.Interval != nil {
		row.Low, row.High = &report.Interval.Low, &report.Interval.High
	}
	if line.Asked != nil {
		row.Rate, row.RateLow, row.RateHigh = line.Asked.Rate, line.Asked.Low, line.Asked.High
	}
	return row
}

// course is a survey's level by week since its first answer.
func (o overview) course(line flow.Line) components.RateTrend {
	survey := line.Survey
	c := components.RateTrend{L: o.l, ID: survey.ID, Title: survey.Name, Summary: o.l.T("office.scores.course", "survey", survey.Name)}
	level := components.Trend{L: o.l, Metric: survey.Metric, Period: components.Week}
	c.Before = len(line.Report.Trend) - len(sinceFirst(line.Report.Trend)) // one year for all: a young survey's line is short
	for n, p := range line.Report.Trend {
		if p.Start+7 <= line.Report.From {
			c.Since++
		}
		if n >= c.Before {
			c.Points = append(c.Points, level.Step(components.TrendPoint{Start: p.Start.Time(), N: p.N, Smooth: p.Smooth, SmoothLow: p.SmoothLow, SmoothHigh: p.SmoothHigh}))
		}
	}
	return c
}

// alike draws all courses of a metric to the same scale: as high as the one that
// moved most, and the others in proportion.
func alike(rows []components.OverviewRow) {
	most := make(map[surveys.Metric]float64)
	for _, row := range rows {
		low, high := math.Inf(1), math.Inf(-1)
		for _, point := range row.Course.Points {
			if point.Value != nil {
				low, high = min(low, *point.Value), max(high, *point.Value)
			}
		}
		most[row.Metric] = max(most[row.Metric], high-low, leastStretch)
	}
	for i := range rows {
		rows[i].Course.Stretch = most[rows[i].Metric]
	}
}

// save is where the overview can be taken from. Whoever sees it may.
func (o overview) save(name, title string) *components.Save {
	at := layouts.PathScores + "/chart/" + name
	return &components.Save{L: o.l, Chart: title, SVG: at + ".svg", CSV: at + ".csv", File: o.fileName(name)}
}

// fileName names a file after the workspace and the day.
func (o overview) fileName(chart string) string {
	return web.FileName(o.w.Name, chart, o.today().String())
}

// picture frames the overview: of which workspace, and of which days.
func (o overview) picture(title string) components.Picture {
	return components.Picture{
		L: o.l, Title: o.l.T("report.picture.title", "survey", o.w.Name, "chart", title),
		Lead: o.l.T("share.last_days", "days", strconv.Itoa(flow.OverviewDays)),
		Foot: []string{o.l.T("report.picture.saved", "date", o.site.Now().In(o.w.Zone))},
	}
}
