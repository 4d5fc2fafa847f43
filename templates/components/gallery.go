package components

import (
	"math"
	"strconv"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/i18n"
)

// GalleryView is a page with one of every component over invented numbers, for
// those who build pages and for pictures in tests. The demo shows it.
type GalleryView struct {
	L     *i18n.Localizer
	Today time.Time // the invented year ends here
}

func (v GalleryView) headline() Headline {
	figure := analysis.Figure{Score: 38, Low: 31, High: 45, Margin: 7}
	return Headline{
		L: v.L, Metric: surveys.NPS, Score: 38, Margin: 7, N: 486, Answers: "#answers",
		Why: MarginNote(v.L, surveys.NPS, figure, analysis.Interval{Low: 31, High: 45, Confidence: 0.95, Method: analysis.AdjustedWald}),
	}
}

// course is an invented week: a level that falls once, with a swing that looks
// like chance but is the same every time, and with quiet weeks.
func course(week int) (level, swing float64, n int64) {
	level, n = 44, 60+int64(30*math.Sin(float64(week)*1.7))
	if week >= 33 {
		level = 36
	}
	if week >= 18 && week <= 20 {
		n = 4 + int64(week-18)*3
	}
	noise := math.Sin(float64(week)*12.9898) + math.Sin(float64(week)*78.233)
	return level, noise * 52 / math.Sqrt(float64(n)), n
}

func (v GalleryView) trend() Trend {
	const weeks = 52
	trend := Trend{
		L: v.L, ID: "gallery-trend", Metric: surveys.NPS, Period: Week, Confidence: 0.95,
		Title: v.L.T("gallery.trend"), Summary: v.L.T("gallery.trend_summary"),
	}
	monday := v.Today.AddDate(0, 0, -(int(v.Today.Weekday())+6)%7)
	start := monday.AddDate(0, 0, -7*weeks)
	smooth := 44.0
	for week := range weeks {
		level, swing, n := course(week)
		score := level + swing
		smooth += 0.28 * (score - smooth) * min(1, float64(n)/60)
		half := 9.2 * math.Sqrt(60/float64(n+30))
		line, low, high := smooth, smooth-half, smooth+half
		point := TrendPoint{Start: start.AddDate(0, 0, 7*week), N: n, Smooth: &line, SmoothLow: &low, SmoothHigh: &high, Address: "#answers"}
		if margin := 150 / math.Sqrt(float64(n)); n >= 5 {
			lowest, highest := score-margin, score+margin
			point.Score, point.Low, point.High = &score, &lowest, &highest
		}
		trend.Points = append(trend.Points, point)
	}
	trend.Changes = []TrendChange{{At: trend.Points[33].Start, Direction: Fell, Text: v.L.T("gallery.change", "date", v.L.ShortDate(trend.Points[33].Start))}}
	trend.Before, trend.Earlier = v.L.T("gallery.before"), v.yearBefore(trend.Points)
	for i, week := range []int{20, 32, 33} {
		trend.Notes = append(trend.Notes, TrendNote{At: trend.Points[week].Start.AddDate(0, 0, 2), N: i + 1, Text: v.L.T("gallery.happened." + strconv.Itoa(i+1)), Address: "#note"})
	}
	return trend
}

// yearBefore is an invented course a year earlier: a little lower, and calmer.
func (v GalleryView) yearBefore(points []TrendPoint) []TrendPoint {
	earlier := make([]TrendPoint, len(points))
	for i, point := range points {
		score := 37 + 4*math.Sin(float64(i)/7)
		low, high := score-18, score+18
		earlier[i] = TrendPoint{Start: point.Start.AddDate(0, 0, -364), N: 55, Score: &score, Low: &low, High: &high, Smooth: &score, SmoothLow: &low, SmoothHigh: &high}
	}
	return earlier
}

func (v GalleryView) distribution() Distribution {
	return Distribution{
		L: v.L, ID: "answers", Metric: surveys.NPS, Title: v.L.T("gallery.distribution"),
		Counts: surveys.Counts{14, 5, 7, 8, 9, 22, 18, 51, 85, 116, 151}, Answers: "#score-",
	}
}

func (v GalleryView) satisfaction() Distribution {
	return Distribution{
		L: v.L, ID: "gallery-csat", Metric: surveys.CSAT, Title: v.L.T("gallery.satisfaction"),
		Counts: surveys.Counts{0, 310, 402, 1220, 8075, 14901},
	}
}

func (v GalleryView) segments() Segments {
	row := func(name string, n int64, score, low, high float64) SegmentRow {
		shrunk := 38 + (score-38)*float64(n)/float64(n+40)
		p := math.Exp(-math.Abs(score-38) * math.Sqrt(float64(n)) / 60)
		corrected := math.Min(1, 2*p)
		return SegmentRow{Name: v.L.T("gallery.plan." + name), Address: "#" + name, N: n, Score: &score, Low: &low, High: &high, Shrunk: &shrunk, P: &p, PCorrected: &corrected}
	}
	retail, wholesale, gift, subscription := row("retail", 212, 52, 42, 62), row("wholesale", 96, 47, 32, 62), row("gift", 35, 38, 12, 64), row("subscription", 143, 11, -3, 25)
	retail.Standing, retail.Verdict = Above, v.L.T("gallery.verdict.above")
	wholesale.Verdict = v.L.T("gallery.verdict.like")
	gift.Evidence, gift.Verdict = Faint, v.L.T("gallery.verdict.few")
	subscription.Standing, subscription.Verdict = Below, v.L.T("gallery.verdict.below")
	hidden := SegmentRow{Name: v.L.T("gallery.plan.partner"), N: 3, Evidence: Hidden, Verdict: v.L.T("gallery.verdict.hidden")}
	return Segments{
		L: v.L, ID: "gallery-segments", Metric: surveys.NPS, Title: v.L.T("gallery.segments"), Head: v.L.T("gallery.plan"), Overall: 38,
		Rows: []SegmentRow{retail, wholesale, gift, subscription, hidden},
	}
}

func (v GalleryView) sparkline() Sparkline {
	line := Sparkline{Summary: v.L.T("gallery.trend_summary")}
	for week := range 26 {
		level, swing, _ := course(week + 20)
		value := level + swing/2
		line.Values = append(line.Values, &value)
	}
	return line
}

// scale is a metric's question as customers see it.
func (v GalleryView) scale(metric surveys.Metric) Scale {
	texts, scale := v.L.SurveyTexts(metric), metric.Scale()
	view := Scale{
		Question: v.L.Fill(texts.Question, "product", "Northwind", "company", "Northwind", "subject", "Northwind"),
		Low:      v.L.End(scale.Min, texts.Low), High: v.L.End(scale.Max, texts.High),
	}
	for _, score := range scale.Choices() {
		view.Choices = append(view.Choices, Choice{Score: score, Selected: score == scale.Max-1})
	}
	return view
}

// field is an example of a field.
func (v GalleryView) field(name string) Field {
	return Field{Name: "gallery-" + name, Label: v.L.T("gallery.field." + name)}
}

// wrong is an example of a field with everything around it.
func (v GalleryView) wrong() Field {
	field := v.field("sender")
	field.Help, field.Error = v.L.T("gallery.help"), v.L.T("gallery.error")
	return field
}

// options are an example of a choice.
func (v GalleryView) options(name string) Choices {
	return Choices{Field: v.field(name), Options: []Option{
		{Value: "day", Text: v.L.T("gallery.option.day")},
		{Value: "week", Text: v.L.T("gallery.option.week"), Selected: true},
		{Value: "month", Text: v.L.T("gallery.option.month")},
	}}
}

// optional is an example of a field that may stay empty.
func (v GalleryView) optional() Field {
	field := v.field("note")
	field.Optional = v.L.T("gallery.optional")
	return field
}
