package components

import (
	"strconv"
	"strings"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// Averages are the other ways in which a metric is told, beside its headline: the
// mean of the scores and, for effort on 1–7, the index. Zero: nothing is told.
type Averages struct {
	Mean    *float64
	MeanIn  *analysis.Interval // nil under two answers
	Index   *analysis.Index    // nil for metrics that have none
	Answers string             // behind both; empty: no link
}

// averageText is one of them, written: its value stands where its language puts it.
type averageText struct{ Before, Value, After, Address string }

// String is all of it, for a picture.
func (t averageText) String() string { return t.Before + t.Value + t.After }

// averageTexts writes them for a page: rounded and clipped. A mean has two decimals
// where its interval is narrow enough for them to say anything.
func (v Distribution) averageTexts() []averageText {
	a, scale := v.Averages, v.Metric.Scale()
	if a.Mean == nil {
		return nil
	}
	places := 2
	if a.MeanIn != nil && a.MeanIn.High-a.MeanIn.Low >= 1 {
		places = 1
	}
	within := func(x float64) string {
		return v.L.Decimal(min(float64(scale.Max), max(float64(scale.Min), x)), places)
	}
	interval := "–"
	switch {
	case a.MeanIn == nil:
	case a.MeanIn.Low == a.MeanIn.High: // t knows no margin where nobody differs
		interval = v.L.T("components.mean.same")
	default:
		interval = v.L.T("components.interval", "low", within(a.MeanIn.Low), "high", within(a.MeanIn.High))
	}
	texts := []averageText{v.averageText("components.mean."+v.better(), within(*a.Mean), "interval", interval, "min", strconv.Itoa(scale.Min), "max", strconv.Itoa(scale.Max))}
	if a.Index == nil {
		return texts
	}
	f := analysis.Display(surveys.NPS, a.Index.Score, analysis.Interval{Low: a.Index.Low, High: a.Index.High})
	points := func(x float64) string { return v.L.Decimal(x, f.Decimals) }
	return append(texts, v.averageText("components.index", points(f.Score), "interval", v.L.T("components.interval", "low", points(f.Low), "high", points(f.High))))
}

// averageText cuts a text of the catalogue at its value.
func (v Distribution) averageText(key, value string, args ...any) averageText {
	before, after, _ := strings.Cut(v.L.T(key, args...), "{value}")
	return averageText{Before: before, Value: value, After: after, Address: v.Averages.Answers}
}

// better says which scores are the good ones.
func (v Distribution) better() string {
	if scale := v.Metric.Scale(); scale.Band(scale.Min) == scale.Good {
		return "lower"
	}
	return "higher"
}

// averageMethod explains them.
func (v Distribution) averageMethod() Method {
	scale := v.Metric.Scale()
	m := Method{L: v.L, ID: "method-mean", Topic: MeanMethod, Words: []any{
		"metric", v.L.Metric(v.Metric), "min", strconv.Itoa(scale.Min), "max", strconv.Itoa(scale.Max), "confidence", v.L.Percent(100*v.confidence(), 0),
	}}
	switch {
	case v.Averages.Index != nil:
		m.Topic = IndexMethod
	case v.better() == "lower":
		m.Topic = EffortMethod
	}
	return m
}

// column and cell put them into a file, beside every row: a table of one line would
// be a second file.
func (a Averages) column() SheetColumn {
	if a.Mean == nil {
		return SheetColumn{}
	}
	keys := []string{"mean", "mean_low", "mean_high"}
	if a.Index != nil {
		keys = append(keys, "index", "index_low", "index_high")
	}
	return SheetColumn{Keys: keys}
}

func (a Averages) cell() Cell {
	values := []any{a.Mean, (*float64)(nil), (*float64)(nil)}
	if a.MeanIn != nil {
		values = []any{a.Mean, a.MeanIn.Low, a.MeanIn.High}
	}
	if a.Index != nil {
		values = append(values, a.Index.Score, a.Index.Low, a.Index.High)
	}
	return Cell{Values: values}
}
