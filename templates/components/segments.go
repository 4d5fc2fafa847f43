package components

import (
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/i18n"
)

// Segments compares the groups of people that a survey is split by.
type Segments struct {
	L       *i18n.Localizer
	ID      string // of the chart, once on a page
	Metric  surveys.Metric
	Title   string  // "Where it differs"
	Head    string  // what the groups are: "Plan"
	Overall float64 // everybody's score, drawn as a line through all rows
	Rows    []SegmentRow

	Confidence float64 // of the intervals; 0: 0.95
	Save       *Save   // nil: nobody may take it from here
}

// SegmentRow is one group. Numbers that must not be shown are nil.
type SegmentRow struct {
	Name             string
	Address          string // the report of this group; empty: no link
	N                int64
	Score, Low, High *float64 // not clipped, not rounded
	Evidence         Evidence
	Standing         Standing
	Verdict          string // in words: "lower than the rest"

	Value         string   // as the answers have it, for a file; empty: Name
	Shrunk        *float64 // drawn towards everybody by how little is known; the rows are in its order
	P, PCorrected *float64 // against everybody else, by itself and among all rows
}

// Standing is where a group lies against the rest.
type Standing string

// The standings. Like also covers groups of which too little is known.
const (
	Like  Standing = ""
	Above Standing = "above"
	Below Standing = "below"
)

// whisker is a row's interval laid out.
type whisker struct{ From, To, At, All string }

// axis covers all intervals and everybody's score.
func (v Segments) axis() axis {
	low, high := v.Overall, v.Overall
	for _, row := range v.Rows {
		if row.Low != nil && row.High != nil {
			low, high = min(low, *row.Low), max(high, *row.High)
		}
	}
	return niceAxis(v.Metric, low, high, 5)
}

func (v Segments) ticks() []tick {
	a := v.axis()
	var ticks []tick
	for _, value := range a.ticks {
		ticks = append(ticks, tick{X: percent(a.share(value)), Text: v.L.Score(v.Metric, value, 0), Anchor: "middle"})
	}
	return ticks
}

// whisker lays a row out; false when it has nothing to draw.
func (v Segments) whisker(row SegmentRow) (whisker, bool) {
	if row.Score == nil || row.Low == nil || row.High == nil {
		return whisker{}, false
	}
	a := v.axis()
	return whisker{
		From: percent(a.share(*row.Low)), To: percent(a.share(*row.High)),
		At: percent(a.share(*row.Score)), All: percent(a.share(v.Overall)),
	}, true
}

// legend says what the dotted line is.
func (v Segments) legend() string {
	return v.L.T("components.segments.legend", "score", v.L.Score(v.Metric, v.Overall, 0))
}

func (v Segments) score(row SegmentRow) string { return v.points(row.Score) }

// interval says what the row's line shows.
func (v Segments) interval(row SegmentRow) string {
	if row.Low == nil || row.High == nil {
		return "–"
	}
	floor, ceiling := limits(v.Metric)
	return v.L.T("components.interval",
		"low", v.L.Score(v.Metric, max(floor, *row.Low), 0), "high", v.L.Score(v.Metric, min(ceiling, *row.High), 0))
}

// rowClass greys what little is known of.
func (row SegmentRow) rowClass() string {
	if row.Evidence == Firm {
		return ""
	}
	return "few"
}
