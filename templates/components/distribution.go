package components

import (
	"strconv"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/i18n"
)

// Distribution is how often each score was given.
type Distribution struct {
	L       *i18n.Localizer
	ID      string // of the chart, once on a page
	Metric  surveys.Metric
	Title   string // "Answers"
	Counts  surveys.Counts
	Answers string // start of the address of the answers with one score, which is put at its end, or a band; empty: no links

	Averages   Averages
	Confidence float64 // of the shares' intervals; 0: 0.95
	Save       *Save   // nil: nobody may take it from here
}

// The chart's measures in px; places across are in percent.
const (
	distTop    = 18.0 // room for the highest bar's count
	distFoot   = 150.0
	distNames  = 169.0
	distRule   = 178.0
	distHeight = 184.0
	distGap    = 0.14 // between bars, as a share of a bar's room
)

// distPlot is where the bars stand: across the page in percent, or in px across
// a picture that is saved.
type distPlot struct{ width float64 }

func (p distPlot) across(share float64) string {
	if p.width > 0 {
		return number(share * p.width)
	}
	return percent(share)
}

// bar is one score.
type bar struct {
	X, Y, Width, Height string
	Middle, CountY      string
	Class               string // the band's place: good, middle or bad
	Count, Choice       string
	Address             string
	Title               string
	Point               string // its row in the sheet
}

// rule is the line below the scores that belong to one band.
type rule struct{ X, Width, Class string }

// key is a band in words.
type key struct{ Class, Text, Share, Count, Address string }

func (v Distribution) bars(p distPlot) []bar {
	choices := v.Metric.Scale().Choices()
	most := int64(1)
	for _, choice := range choices {
		most = max(most, v.Counts[choice])
	}
	room := 1 / float64(len(choices))
	bars, rows := make([]bar, 0, len(choices)), v.Sheet().Rows
	for i, choice := range choices {
		n := v.Counts[choice]
		height := (distFoot - distTop) * float64(n) / float64(most)
		if n > 0 {
			height = max(height, 1.5)
		}
		left := room * float64(i)
		b := bar{
			X: p.across(left + room*distGap/2), Width: p.across(room * (1 - distGap)),
			Y: number(distFoot - height), Height: number(height),
			Middle: p.across(left + room/2), CountY: number(distFoot - height - 6),
			Class: v.class(choice), Count: v.L.Compact(n), Choice: strconv.Itoa(choice), Point: strconv.Itoa(i),
			Title: rows[i].Says,
		}
		if v.Answers != "" {
			b.Address = v.Answers + b.Choice
		}
		bars = append(bars, b)
	}
	return bars
}

// class is the place of a score's band, by which it is coloured.
func (v Distribution) class(score int) string {
	return v.bandClass(v.Metric.Scale().Band(score))
}

func (v Distribution) bandClass(band surveys.Band) string {
	scale := v.Metric.Scale()
	switch band {
	case scale.Good:
		return "good"
	case scale.Bad:
		return "bad"
	}
	return "middle"
}

// spans lists the bands in the order in which their scores stand, with the
// first and the last score of each.
func (v Distribution) spans() []span {
	var spans []span
	for _, choice := range v.Metric.Scale().Choices() {
		band := v.Metric.Scale().Band(choice)
		if len(spans) == 0 || spans[len(spans)-1].band != band {
			spans = append(spans, span{band: band, first: choice})
		}
		last := &spans[len(spans)-1]
		last.last, last.n = choice, last.n+v.Counts[choice]
	}
	return spans
}

type span struct {
	band        surveys.Band
	first, last int
	n           int64
}

// rules tell the bands apart without colour: a line under each one's scores.
func (v Distribution) rules(p distPlot) []rule {
	scale := v.Metric.Scale()
	room := 1 / float64(scale.Max-scale.Min+1)
	var rules []rule
	for _, s := range v.spans() {
		rules = append(rules, rule{
			X:     p.across(room*float64(s.first-scale.Min) + room*distGap/2),
			Width: p.across(room*float64(s.last-s.first+1) - room*distGap),
			Class: v.bandClass(s.band),
		})
	}
	return rules
}

// keys name the bands, their scores and their shares.
func (v Distribution) keys() []key {
	var keys []key
	for _, s := range v.spans() {
		scores := strconv.Itoa(s.first)
		if s.last != s.first {
			scores += "–" + strconv.Itoa(s.last)
		}
		keys = append(keys, key{
			Class: v.bandClass(s.band),
			Text:  v.L.T("components.dist.key", "band", v.L.Band(s.band), "scores", scores),
			Share: v.share(s.n),
			Count: v.L.Number(s.n),
		})
		if v.Answers != "" {
			keys[len(keys)-1].Address = v.Answers + string(s.band)
		}
	}
	return keys
}

// share writes n as a percentage of all answers.
func (v Distribution) share(n int64) string {
	all := v.Counts.N()
	if all == 0 {
		return v.L.Percent(0, 0)
	}
	return v.L.Percent(100*float64(n)/float64(all), 0)
}

// summary is what the picture shows, in a sentence.
func (v Distribution) summary() string {
	return v.L.N("components.dist.summary", v.Counts.N(), "metric", v.L.Metric(v.Metric))
}
