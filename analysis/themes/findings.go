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
	Rows       []Row              // any order, a cell may come in parts; reaching back over the period before, for the change
	Answers    int64              // all answers of the period, with and without a comment; 0 means only comments are known
	Limits     analysis.Limits    // what is too small: Hide and Faint; zero fields mean the defaults
}

// Findings say what people wrote about in a period.
type Findings struct {
	Metric   surveys.Metric     `json:"metric"`
	From     analysis.Day       `json:"from"`
	To       analysis.Day       `json:"to"` // the day after its last
	Interval analysis.Bucketing `json:"interval"`
	Comments int64              `json:"comments"` // of the period: the denominator of every share
	Answers  int64              `json:"answers"`  // as given, or Comments
	Score    *Level             `json:"score"`    // of everybody who commented; nil under Limits.Hide
	Mood     Mood               `json:"mood"`     // of all comments
	Themes   []Finding          `json:"themes"`   // real effects first, by their leverage; then by share; hidden ones last
	NoTheme  Finding            `json:"no_theme"` // comments in which no theme was found
}

// Finding is one theme in the period. A hidden one carries nothing but its id.
type Finding struct {
	Theme  string  `json:"theme"`
	Hidden bool    `json:"hidden"` // under Limits.Hide comments
	Faint  bool    `json:"faint"`  // under Limits.Faint comments
	N      int64   `json:"n"`
	Share  *Share  `json:"share"`  // of the period's comments
	Mood   *Mood   `json:"mood"`   // how these comments feel
	Score  *Level  `json:"score"`  // of those who mention it; nil where so few others are left that theirs could be had from it
	Effect *Effect `json:"effect"` // on the score; nil with Score, and when everybody mentions it
	Change *Change `json:"change"` // of the share, against the period before; nil without comments then
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

// Level is an estimate with its interval.
type Level struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Mood is how comments feel. Only those count whose feeling something could tell:
// Felt of Of.
type Mood struct {
	Felt     int64  `json:"felt"`
	Of       int64  `json:"of"`
	Mean     *Level `json:"mean"`     // −1 (unhappy) … 1 (happy) with its t interval; nil under Limits.Hide
	Negative *Share `json:"negative"` // those of negative tone among Felt; nil under Limits.Hide
}

// Effect is how the score of those who mention a theme stands against that of the
// commenters who do not. It is a difference between people, not proof of a cause.
type Effect struct {
	analysis.Difference         // mentioners − others: points, or percentage points
	PAdjusted           float64 `json:"p_adjusted"` // Benjamini–Hochberg over the themes shown
	Real                bool    `json:"real"`       // PAdjusted is under 1 − confidence
	Verdict             Verdict `json:"verdict"`    // the same in a word, and whether one that is not real may be called none

	// Leverage is how many points the whole score would move if those who mention
	// the theme scored like the other commenters, −n/answers · Difference: what
	// curing a complaint would win, and what losing a strength would cost.
	Leverage     float64 `json:"leverage"`
	LeverageLow  float64 `json:"leverage_low"`
	LeverageHigh float64 `json:"leverage_high"`
}

// Verdict says how those who mention a theme score against the other commenters.
type Verdict string

// The verdicts.
const (
	Lower      Verdict = "lower"
	Higher     Verdict = "higher"
	LikeOthers Verdict = "like_others" // not real, and the whole interval lies within ±10 points: whatever there is, is small
	Untold     Verdict = "untold"      // not real, but the interval leaves room for a large difference: too few comments
)

// likeOthers is how large a difference of scores may be, in points or percentage
// points, to still be called none.
const likeOthers = 10

// verdict says in a word what the numbers say.
func (e Effect) verdict() Verdict {
	switch {
	case e.Real && e.Difference.Difference < 0:
		return Lower
	case e.Real:
		return Higher
	case e.Low >= -likeOthers && e.High <= likeOthers:
		return LikeOthers
	}
	return Untold
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
	Direction  Direction `json:"direction"`  // Steady unless PAdjusted is under 1 − confidence
	Before     *Share    `json:"before"`     // nil where so few mentioned it then that it was hidden
	Difference *Level    `json:"difference"` // of the shares, in percentage points, with Newcombe's interval; nil with Before
	P          float64   `json:"p"`
	PAdjusted  float64   `json:"p_adjusted"` // Benjamini–Hochberg over the themes shown
}

// Point is one step of a theme's trend.
type Point struct {
	Start    analysis.Day `json:"start"`    // of the whole step, which may lie before the period
	Comments int64        `json:"comments"` // all of the step, within the period
	N        int64        `json:"n"`        // of them with the theme
	Share    *Level       `json:"share"`    // in percent; nil under Limits.Hide comments
}
