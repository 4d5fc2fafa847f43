package components

import (
	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/i18n"
)

// Method says in plain words what a number is and how it was made. It stands
// behind the number itself or behind a small button beside it.
type Method struct {
	L     *i18n.Localizer
	ID    string // of the note, once on a page
	Topic Topic
	Name  string // of the method, as those who compute call it: "adjusted Wald, 95%"; empty: the topic's own
	Words []any  // what fills the placeholders of the topic's text, as for i18n.Localizer.T
}

// Topic is what a [Method] is about: the middle of its texts' keys, which are
// method.<topic>, the text; method.<topic>.title, what is explained; and
// method.<topic>.name, the method.
type Topic string

// The topics.
const (
	MarginMethod    Topic = "margin"      // of a score; needs score, margin, low, high and confidence
	TrendMethod     Topic = "trend"       // the line, its band and the change dates
	VerdictMethod   Topic = "verdict"     // whether a change is real
	SharesMethod    Topic = "shares"      // of the answers
	MeanMethod      Topic = "mean"        // of the scores as they were given
	IndexMethod     Topic = "mean_index"  // the mean and the index of effort on 1–7
	EffortMethod    Topic = "mean_effort" // the mean of classic effort, where low is good
	SegmentsMethod  Topic = "segments"    // their order, and what is called a difference
	ThemesMethod    Topic = "themes"      // how a theme goes with the score
	DriversMethod   Topic = "drivers"     // the share of each in the score
	RateMethod      Topic = "rate"        // how many of those who were asked did something
	BenchmarkMethod Topic = "benchmark"   // what others report

	VerdictYearMethod Topic = "verdict_year" // whether a change on the year before is real
	// What stands in for the gate that the weeks are asked at, where they cannot tell.
	VerdictUnheardMethod     Topic = "verdict_unheard"
	VerdictYearUnheardMethod Topic = "verdict_year_unheard"

	OverviewMethod Topic = "overview" // the lines of the overview
	CompareMethod  Topic = "compare"  // two periods side by side
	LoyaltyMethod  Topic = "loyalty"  // rates of staying and coming back
	StaysMethod    Topic = "stays"    // curves of how many are still there
	CohortsMethod  Topic = "cohorts"  // what became of those who came together
	RiskMethod     Topic = "risk"     // who may leave
	ValueMethod    Topic = "value"    // what customers will buy
	MembersMethod  Topic = "members"  // members against others
	CostMethod     Topic = "cost"     // what a low score goes with
)

// title is what is explained.
func (v Method) title() string { return v.L.T("method." + string(v.Topic) + ".title") }

// text explains it.
func (v Method) text() string { return v.L.T("method."+string(v.Topic), v.Words...) }

// name is the method.
func (v Method) name() string {
	if v.Name != "" {
		return v.Name
	}
	return v.L.T("method." + string(v.Topic) + ".name")
}

// MethodName is a method of an interval as people write it: "adjusted Wald".
func MethodName(l *i18n.Localizer, method analysis.Method) string {
	return l.T("method.name." + string(method))
}

// MarginNote explains the ± of a score.
func MarginNote(l *i18n.Localizer, metric surveys.Metric, figure analysis.Figure, interval analysis.Interval) *Method {
	points := func(x float64) string { return l.Score(metric, x, figure.Decimals) }
	confidence := l.Percent(100*interval.Confidence, 0)
	return &Method{
		L: l, ID: "method-margin", Topic: MarginMethod,
		Name: l.T("method.named", "method", MethodName(l, interval.Method), "confidence", confidence),
		Words: []any{
			"metric", l.Metric(metric), "margin", l.Decimal(figure.Margin, figure.Decimals),
			"low", points(figure.Low), "high", points(figure.High), "confidence", confidence,
		},
	}
}

func (v Trend) method() Method {
	return Method{L: v.L, ID: "method-" + v.ID, Topic: TrendMethod, Words: []any{"confidence", v.L.Percent(v.Confidence*100, 0)}}
}

func (v Distribution) method() Method {
	return Method{L: v.L, ID: "method-" + v.ID, Topic: SharesMethod, Words: []any{"confidence", v.L.Percent(100*v.confidence(), 0)}}
}

func (v Segments) method() Method { return Method{L: v.L, ID: "method-" + v.ID, Topic: SegmentsMethod} }
