package office

import (
	"math"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/loyalty"
	"github.com/harkhq/hark/analysis/loyalty/survival"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/office"
	"github.com/harkhq/hark/templates/words"
)

// cohortsShown is how large the table of cohorts is.
const cohortsShown = 13

// cohorts is what became of those who came in the same month; nil without any.
func (r loyal) cohorts() *office.Cohorts {
	var list []loyalty.Cohort
	for _, c := range r.report.Cohorts {
		if c.Size > 0 {
			c.Cells = c.Cells[:min(len(c.Cells), cohortsShown)]
			list = append(list, c)
		}
	}
	if len(list) == 0 {
		return nil
	}
	card := &office.Cohorts{
		Chart: components.Cohorts{L: r.l, ID: "cohorts", Title: r.l.T("loyalty.cohort.title"), Legend: r.l.T("loyalty.cohort.legend")},
		Says:  r.say("loyalty.cohort.says." + string(r.report.Basis)),
	}
	card.Chart.Save = r.save(cohortsChart, card.Chart.Title)
	if before := r.before(); before != "" {
		card.Small = []string{before}
	}
	for _, c := range list[max(0, len(list)-cohortsShown):] {
		row := components.CohortRow{Start: c.Start.Time(), Size: c.Size, Partial: c.Partial}
		for _, cell := range c.Cells {
			row.Cells = append(row.Cells, components.CohortCell{Offset: cell.Offset, N: cell.N, Share: cell.Value, Low: cell.Low, High: cell.High, Partial: cell.Partial})
		}
		card.Chart.Rows = append(card.Chart.Rows, row)
	}
	return card
}

// before says who counts as new though they are not; "" where nobody can. A
// contract tells since when; purchases of which the earlier ones are missing do not.
func (r loyal) before() string {
	if r.plan.CompleteSince == nil || r.report.Basis == surveys.LoyaltyByContract {
		return ""
	}
	return r.l.T("loyalty.cohort.before", "date", analysis.Day(*r.plan.CompleteSince).Time())
}

// stayCards are how long customers stay: all of them, and by their last score.
func (r loyal) stayCards() []office.StayCard {
	var cards []office.StayCard
	if r.report.ByScore != nil && r.survey.ID != "" {
		cards = append(cards, r.stayByScore(*r.report.ByScore))
	}
	if stay := r.report.Stay; stay != nil && stay.Curve.Until > 0 {
		cards = append(cards, r.stayOfAll(*stay))
	}
	return cards
}

// mostTimes is at how many times curves are told in numbers, about.
const mostTimes = 60

// times are the days at which curves are told in numbers: every so many, and the
// last of which something is known.
func (r loyal) times(until float64) []components.StayTime {
	every := 1.0
	for _, step := range []float64{7, 14, 30, 91, 182, 365} {
		if until/every > mostTimes {
			every = step
		}
	}
	var times []components.StayTime
	add := func(days float64) {
		times = append(times, components.StayTime{Days: days, Text: r.l.N("loyalty.stay.after", int64(days))})
	}
	for days := every; days <= until; days += every {
		add(days)
	}
	if last := math.Floor(until); last > 0 && (len(times) == 0 || last > times[len(times)-1].Days) {
		add(last)
	}
	return times
}

// stays begins a chart of curves that reach so far, in days.
func (r loyal) stays(id string, until float64) components.Stays {
	chart := components.Stays{L: r.l, ID: id, Legend: r.l.T("loyalty.stay.legend"), Until: until}
	every := 30.0
	for until/every > 7 {
		every = map[float64]float64{30: 91, 91: 182, 182: 365}[every]
		if every == 0 {
			every = 365 * math.Ceil(until/(7*365))
			break
		}
	}
	for day := 0.0; day <= until; day += every {
		chart.Ticks = append(chart.Ticks, components.StayTick{Time: day, Text: r.l.Number(int64(day))})
	}
	chart.Times = r.times(until)
	return chart
}

// curve is a group's curve.
func (r loyal) curve(c survival.Curve) components.StayCurve {
	curve := components.StayCurve{People: r.l.N("loyalty.people", c.N), N: c.N, Left: c.Events, Until: c.Until}
	for _, s := range c.Steps {
		step := components.StayStep{Time: s.Time, Share: s.Share}
		if s.Bounds != nil {
			step.Low, step.High = &s.Bounds.Low, &s.Bounds.High
		}
		curve.Steps = append(curve.Steps, step)
	}
	return curve
}

// stayOfAll is how long all customers stay.
func (r loyal) stayOfAll(s flow.Staying) office.StayCard {
	card := office.StayCard{Chart: r.stays("stay", s.Curve.Until)}
	card.Chart.Title = r.l.T("loyalty.stay.title")
	card.Chart.Summary, card.Chart.Save = card.Chart.Title, r.save(stayChart, card.Chart.Title)
	curve := r.curve(s.Curve)
	curve.Name, curve.Key, curve.Class = r.l.T("loyalty.stay.all"), "all", components.WholeCurve
	card.Chart.Curves = []components.StayCurve{curve}
	days := func(x float64) string { return r.l.N("loyalty.days", int64(math.Round(x))) }
	if s.Median != nil {
		card.Says = append(card.Says, r.say("loyalty.stay.median", "days", days(*s.Median)))
	} else {
		card.Says = append(card.Says, r.say("loyalty.stay.no_median", "days", days(s.Curve.Until)))
	}
	if m := s.Mean; m != nil {
		card.Says = append(card.Says, r.say("loyalty.stay.mean", "horizon", days(m.Horizon), "mean", r.l.Decimal(m.Value, 0), "staying", r.l.Percent(100*m.Staying, 0)))
	}
	if since := r.plan.CompleteSince; since != nil {
		card.Small = append(card.Small, r.l.T("loyalty.stay.since", "date", analysis.Day(*since).Time()))
	}
	if before := r.before(); before != "" {
		card.Small = append(card.Small, before)
	}
	if r.report.Basis != surveys.LoyaltyByContract {
		card.Small = append(card.Small, r.l.T("loyalty.stay.silence", "days", days(float64(r.report.Lapse))))
	}
	return card
}

// stayByScore is how long customers stay by the band of their last score.
func (r loyal) stayByScore(s flow.StayingByScore) office.StayCard {
	until := 0.0
	for _, band := range s.Curves {
		if band.Curve != nil {
			until = max(until, band.Curve.Until)
		}
	}
	card := office.StayCard{Chart: r.stays("by-score", until), Small: r.caveats(s.Caveats)}
	card.Chart.Title = r.l.T("loyalty.band.title")
	card.Chart.Summary, card.Chart.Save = card.Chart.Title, r.save(byScoreChart, card.Chart.Title)
	scale := r.survey.Metric.Scale()
	var shown []loyalty.BandCurve
	for _, band := range s.Curves {
		curve := components.StayCurve{People: r.l.N("loyalty.people", band.People), Note: r.l.T("loyalty.few")}
		if band.Curve != nil {
			curve = r.curve(*band.Curve)
			shown = append(shown, band)
			if band.Band == loyalty.NoAnswer {
				card.Small = append(card.Small, r.l.T("loyalty.band.silent"))
			}
		}
		curve.Name, curve.Key, curve.Class = r.band(band.Band), bandKey(band.Band), curveClass(scale, band.Band)
		card.Chart.Curves = append(card.Chart.Curves, curve)
	}
	card.Says = append(card.Says, words.Set(r.l.T("loyalty.band.says", "date", s.Day.Time()), map[string]words.Part{"survey": {Text: r.survey.Name, Address: "/surveys/" + r.survey.ID}}))
	if s.Test == nil {
		card.Says = append(card.Says, r.say("loyalty.band.untested"))
	} else {
		card.Says = append(card.Says, r.bandTest(*s.Test, shown)...)
	}
	return card
}

// bandTest says whether the bands that are shown differ beyond chance, and which
// one lost most.
func (r loyal) bandTest(test survival.LogRank, shown []loyalty.BandCurve) []words.Sentence {
	var says []words.Sentence
	worst, most := -1, 1.0
	for i := range min(len(shown), len(test.Observed)) {
		if ratio := float64(test.Observed[i]) / test.Expected[i]; ratio > most {
			worst, most = i, ratio
		}
	}
	if worst >= 0 && test.P < 0.05 {
		says = append(says, r.say("loyalty.band.worst", "band", r.band(shown[worst].Band), "n", shown[worst].People,
			"left", test.Observed[worst], "expected", r.l.Decimal(test.Expected[worst], 0)))
	}
	return append(says, r.chance(test.P))
}

// bandKey names a band in a file.
func bandKey(band surveys.Band) string {
	if band == loyalty.NoAnswer {
		return "no_answer"
	}
	return string(band)
}

// curveClass is how a band's curve is drawn.
func curveClass(scale surveys.Scale, band surveys.Band) components.CurveClass {
	switch band {
	case scale.Good:
		return components.GoodCurve
	case scale.Bad:
		return components.BadCurve
	case loyalty.NoAnswer:
		return components.SilentCurve
	}
	return components.MiddleCurve
}

// value is what customers are expected to buy and bring; nil when nobody bought
// anything.
func (r loyal) value() *office.Findings {
	v := r.report.Value
	if v == nil {
		return nil
	}
	card := &office.Findings{ID: "value", Method: components.ValueMethod, Title: r.l.T("loyalty.value.title")}
	number := func(x float64) string { return r.l.Number(int64(math.Round(x))) }
	told := func(key, text string, value float64) {
		name := r.l.T("loyalty.value." + key)
		card.Facts = append(card.Facts, office.Fact{Name: name, Value: text})
		card.Measures = append(card.Measures, components.Measure{Key: key, Name: name, Text: text, Value: value, Of: v.Customers})
	}
	if v.Purchases != nil && v.Alive != nil {
		card.Says = append(card.Says, r.say("loyalty.value.purchases", "buyers", r.l.N("loyalty.value.buyers", v.Customers), "purchases", r.l.N("loyalty.purchases", int64(math.Round(*v.Purchases)))))
		each := *v.Purchases / float64(v.Customers)
		told("alive", r.l.T("loyalty.of.repeat", "n", number(*v.Alive), "of", v.Customers), *v.Alive)
		told("per_customer", r.l.Decimal(each, 1), each)
		card.Small = append(card.Small, r.l.T("loyalty.value.caveat"))
	}
	if v.Value != nil {
		card.Says = append(card.Says, r.say("loyalty.value.worth", "value", r.money(int64(math.Round(*v.Value/100))*100)))
		each := *v.Value / float64(v.Customers)
		told("worth_each", r.money(int64(math.Round(each))), each/100)
	}
	if v.Refused != nil {
		card.Says = append(card.Says, r.refused(*v.Refused))
	}
	if len(card.Facts) > 0 {
		card.Save = r.save(valueChart, card.Title)
	}
	return card
}

// members is how members of the programme fared against the others; nil where
// nobody is one.
func (r loyal) members() *office.Findings {
	m := r.report.Members
	if m == nil {
		return nil
	}
	card := &office.Findings{ID: "members", Method: components.MembersMethod, Title: r.l.T("loyalty.members.title")}
	if m.Refused != nil {
		card.Says = append(card.Says, r.say("loyalty.members.refused"), r.refused(*m.Refused))
	}
	c := m.Contrast
	if c == nil {
		return card
	}
	percent := func(ratio loyalty.Ratio) string { return r.rateValue(loyalty.RetentionRate, ratio) }
	card.Says = append(card.Says,
		r.say("loyalty.members.kept", "from", m.From.Time(), "to", (m.To-1).Time(),
			"members", r.l.N("loyalty.member", c.Kept.Members.Of), "kept", percent(c.Kept.Members), "others", c.Kept.Others.Of, "other_kept", percent(c.Kept.Others)),
		r.say("loyalty.members.difference", "points", r.l.Signed(c.Kept.Difference, 1), "low", r.l.Signed(c.Kept.Low, 1), "high", r.l.Signed(c.Kept.High, 1)),
		r.chance(c.Kept.PAdjusted))
	if c.Spent != nil {
		minor := func(x float64) string { return r.money(int64(math.Round(x))) }
		card.Says = append(card.Says, r.say("loyalty.members.spent", "member", minor(c.Spent.Members), "other", minor(c.Spent.Others)), r.chance(c.Spent.PAdjusted))
	}
	card.Small = r.caveats(c.Caveats)
	return card
}
