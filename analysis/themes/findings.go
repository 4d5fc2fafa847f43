package themes

import (
	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// Input is what [Find] needs: the rows of a [Tally], as they came back from a
// table.
type Input struct {
	Metric     surveys.Metric
	Confidence float64            // of every interval, 0.5…0.9999; 0 means 0.95
	From, To   analysis.Day       // the period: From inclusive, To exclusive
	Bucketing  analysis.Bucketing // of the trends; "" chooses one that suits the period
	Themes     []string           // ids, in the team's order; rows of others are passed over
	Rows       []Row              // any order; reaching back over the period before, for the change
	Answers    int64              // all answers of the period, with and without a comment; 0 where unknown
	Limits     analysis.Limits    // what is too small; zero fields mean the defaults
}

// Findings say what people wrote about in a period.
type Findings struct {
	Metric   surveys.Metric     `json:"metric"`
	From     analysis.Day       `json:"from"`
	To       analysis.Day       `json:"to"`
	Comments int64              `json:"comments"` // of the period: the denominator of every share
	Answers  int64              `json:"answers"`  // as given, or Comments
	Step     analysis.Bucketing `json:"interval"`
	Mood     Mood               `json:"mood"`   // of all comments
	Themes   []Finding          `json:"themes"` // strongest pull on the score first, then by share; hidden ones last
	NoTheme  Finding            `json:"no_theme"`
}

// Finding is one theme in the period. Hidden ones carry nothing but their id.
type Finding struct {
	Theme  string  `json:"theme"`
	Hidden bool    `json:"hidden"` // under Limits.Hide comments
	Faint  bool    `json:"faint"`  // under Limits.Faint comments
	N      int64   `json:"n"`
	Share  *Share  `json:"share"`            // of the period's comments
	Mood   *Mood   `json:"mood"`             // how these comments feel
	Score  *Level  `json:"score"`            // of those who mention it
	Effect *Effect `json:"effect,omitempty"` // on the score; nil where either side is too small
	Change *Change `json:"change,omitempty"` // of the share, against the period before
	Trend  []Point `json:"trend"`
}

// Share is a part of a whole, in percent, with its Wilson interval.
type Share struct {
	N     int64   `json:"n"`
	Of    int64   `json:"of"`
	Share float64 `json:"share"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Level is a score with its interval, as [analysis.Score] gives it.
type Level struct {
	Score float64 `json:"score"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Mood is how comments feel. Comments whose feeling nothing could tell are not in
// it: Felt of Of are.
type Mood struct {
	Felt     int64  `json:"felt"`
	Of       int64  `json:"of"`
	Mean     *Level `json:"mean"`     // −1…1 with its t interval; nil under two
	Negative *Share `json:"negative"` // share of Felt in the negative tone; nil under Limits.Hide
}

// Effect is how the score of those who mention a theme stands against that of the
// commenters who do not. It is a difference between people, not proof of a cause.
type Effect struct {
	analysis.Difference         // mentioners − others, in points
	PAdjusted           float64 `json:"p_adjusted"` // Benjamini–Hochberg over the themes
	Real                bool    `json:"real"`       // PAdjusted is under 1 − confidence

	// Leverage is how many points the whole score would move if those who mention
	// the theme scored like the other commenters: −n/answers · Difference.
	Leverage     float64 `json:"leverage"`
	LeverageLow  float64 `json:"leverage_low"`
	LeverageHigh float64 `json:"leverage_high"`
}

// Direction says where a share went.
type Direction string

// The directions.
const (
	Up     Direction = "up"
	Down   Direction = "down"
	Steady Direction = "steady" // within what chance does
)

// Change is how a theme's share moved against the period of equal length before.
type Change struct {
	Direction  Direction `json:"direction"`
	Before     *Share    `json:"before"`     // nil where so few mentioned it then that it is hidden
	Difference *float64  `json:"difference"` // of the shares, in percentage points; nil with Before
	Low        *float64  `json:"low"`        // Newcombe's interval
	High       *float64  `json:"high"`
	P          float64   `json:"p"`
	PAdjusted  float64   `json:"p_adjusted"` // Benjamini–Hochberg over the themes
}

// Point is one step of a theme's trend.
type Point struct {
	Start    analysis.Day `json:"start"`
	Comments int64        `json:"comments"` // all of the step
	N        *int64       `json:"n"`        // with the theme; nil where too few to show
	Share    *float64     `json:"share"`    // in percent; nil with N
}
