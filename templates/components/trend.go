package components

import (
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/i18n"
)

// Trend is a score over time. The values are those of analysis.Report, not
// clipped and not rounded.
type Trend struct {
	L          *i18n.Localizer
	ID         string // of the chart, once on a page
	Metric     surveys.Metric
	Period     Period
	Title      string  // "By week"
	Summary    string  // what the picture shows, for those who do not see it
	Confidence float64 // of the intervals, for example 0.95
	Points     []TrendPoint
	Changes    []TrendChange
	Span       *TrendSpan // what the headline is about; nil: all that is drawn

	Notes   []TrendNote  // what the team wrote on the timeline, by date
	Earlier []TrendPoint // of an earlier time: the step at i is drawn under Points[i], and keeps its own Start; empty: none
	Before  string       // what Earlier is, for the legend: "a year before"

	Taller float64 // px by which the picture is higher than on a page: a screen on a wall has the room

	Save *Save // nil: nobody may take it from here
}

// TrendNote is what happened on a day, as somebody of the team wrote it down.
type TrendNote struct {
	At      time.Time // the day
	Text    string
	By      string // who wrote it; empty: not said
	Address string // where the note is changed; empty: no link
	N       int    // its number in the picture, from 1
}

// TrendSpan is the part of a trend that the page's headline speaks of.
type TrendSpan struct {
	From, To time.Time // From inclusive, To exclusive
	Text     string    // "these 90 days"
}

// Period is the length of a trend's step.
type Period string

// The periods.
const (
	Day     Period = "day"
	Week    Period = "week"
	Month   Period = "month"
	Quarter Period = "quarter"
)

// TrendPoint is one step. Numbers that must not be shown, or do not exist, are
// nil.
type TrendPoint struct {
	Start                         time.Time // the step's first day
	N                             int64
	Score, Low, High              *float64 // of the step by itself
	Smooth, SmoothLow, SmoothHigh *float64 // of the level that runs through the steps
	Address                       string   // of the step's answers; empty: no link
}

// TrendChange is a date at which the score really changed.
type TrendChange struct {
	At        time.Time // the first day after it
	Direction Direction
	Text      string // "fell by 9, week of 6 July"
}

// Direction is where a change led.
type Direction string

// The directions of a change.
const (
	Fell Direction = "fell"
	Rose Direction = "rose"
)
