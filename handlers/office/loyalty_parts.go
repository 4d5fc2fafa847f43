package office

import (
	"math"
	"strconv"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/loyalty"
	"github.com/harkhq/hark/analysis/loyalty/survival"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/office"
	"github.com/harkhq/hark/templates/words"
)

// How large the table of cohorts is, and in how many shades.
const (
	cohortsShown = 13
	shades       = 8
)

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
	list = list[max(0, len(list)-cohortsShown):]
	low, high := shareRange(list)
	table := &office.Cohorts{
		Title: r.l.T("loyalty.cohort.title"), Says: r.say("loyalty.cohort.says." + string(r.report.Basis)), Legend: r.l.T("loyalty.cohort.legend"),
	}
	if before := r.before(); before != "" {
		table.Small = []string{before}
	}
	for _, c := range list {
		row := office.CohortRow{Label: r.l.Month(c.Start.Time()), Size: r.l.Number(c.Size), Partial: c.Partial}
		for _, cell := range c.Cells {
			if len(row.Cells) == len(table.Heads) {
				table.Heads = append(table.Heads, strconv.Itoa(cell.Offset))
			}
			row.Cells = append(row.Cells, r.heatCell(cell, low, high))
		}
		table.Rows = append(table.Rows, row)
	}
	for i := 1; i <= shades; i++ {
		table.Scale = append(table.Scale, office.HeatKey{Class: "h" + strconv.Itoa(i)})
	}
	table.Scale[0].Text, table.Scale[shades-1].Text = r.l.Percent(low, 0), r.l.Percent(high, 0)
	return table
}

// before says who counts as new though they are not; "" where nobody can. A
// contract tells since when; purchases of which the earlier ones are missing do not.
func (r loyal) before() string {
	if r.plan.CompleteSince == nil || r.report.Basis == surveys.LoyaltyByContract {
		return ""
	}
	return r.l.T("loyalty.cohort.before", "date", analysis.Day(*r.plan.CompleteSince).Time())
}

// shareRange is the least and the greatest share among the cells, percent.
func shareRange(list []loyalty.Cohort) (low, high float64) {
	low, high = 100, 0
	for _, c := range list {
		for _, cell := range c.Cells {
			if cell.Value != nil {
				low, high = min(low, *cell.Value), max(high, *cell.Value)
			}
		}
	}
	return min(low, high), high
}

func (r loyal) heatCell(cell loyalty.CohortCell, low, high float64) office.HeatCell {
	if cell.Value == nil {
		return office.HeatCell{Text: "–", Says: r.l.T("loyalty.few")}
	}
	shade := shades
	if high-low >= 1 {
		shade = 1 + int(math.Round((shades-1)*(*cell.Value-low)/(high-low)))
	}
	return office.HeatCell{
		Text: r.l.Decimal(*cell.Value, 0), Class: "h" + strconv.Itoa(shade), Says: r.l.T("loyalty.of", "n", cell.N, "of", cell.Of), Partial: cell.Partial,
	}
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

// horizons are the days at which curves are told in numbers.
func horizons(until float64) []float64 {
	var list []float64
	for _, days := range []float64{30, 91, 182, 365, 730, 1095} {
		if days <= until {
			list = append(list, days)
		}
	}
	if len(list) > 4 {
		list = list[len(list)-4:]
	}
	if len(list) == 0 || until > 1.3*list[len(list)-1] {
		list = append(list, math.Floor(until))
	}
	return list
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
	for _, days := range horizons(until) {
		chart.Head = append(chart.Head, r.l.N("loyalty.stay.after", int64(days)))
	}
	return chart
}

// curve is a group's curve with its numbers at the horizons.
func (r loyal) curve(c survival.Curve, until float64) components.StayCurve {
	curve := components.StayCurve{People: r.l.N("loyalty.people", c.N), Left: r.l.Number(c.Events), Until: c.Until}
	for _, s := range c.Steps {
		step := components.StayStep{Time: s.Time, Share: s.Share}
		if s.Bounds != nil {
			step.Low, step.High = &s.Bounds.Low, &s.Bounds.High
		}
		curve.Steps = append(curve.Steps, step)
	}
	for _, days := range horizons(until) {
		share, bounds, known := c.At(days)
		switch {
		case !known:
			curve.Cells = append(curve.Cells, "–")
		case bounds == nil:
			curve.Cells = append(curve.Cells, r.l.Percent(100*share, 0))
		default:
			curve.Cells = append(curve.Cells, r.l.T("loyalty.stay.cell", "share", r.l.Percent(100*share, 0), "low", r.l.Percent(100*bounds.Low, 0), "high", r.l.Percent(100*bounds.High, 0)))
		}
	}
	return curve
}

// stayOfAll is how long all customers stay.
func (r loyal) stayOfAll(s flow.Staying) office.StayCard {
	card := office.StayCard{Chart: r.stays("stay", s.Curve.Until)}
	card.Chart.Title = r.l.T("loyalty.stay.title")
	card.Chart.Summary = card.Chart.Title
	curve := r.curve(s.Curve, s.Curve.Until)
	curve.Name, curve.Class = r.l.T("loyalty.stay.all"), components.WholeCurve
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
	card.Chart.Summary = card.Chart.Title
	scale := r.survey.Metric.Scale()
	var shown []loyalty.BandCurve
	for _, band := range s.Curves {
		curve := components.StayCurve{People: r.l.N("loyalty.people", band.People), Left: "–", Note: r.l.T("loyalty.few")}
		if band.Curve != nil {
			curve = r.curve(*band.Curve, until)
			shown = append(shown, band)
			if band.Band == loyalty.NoAnswer {
				card.Small = append(card.Small, r.l.T("loyalty.band.silent"))
			}
		}
		curve.Name, curve.Class = r.band(band.Band), curveClass(scale, band.Band)
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
	card := &office.Findings{ID: "value", Title: r.l.T("loyalty.value.title")}
	number := func(x float64) string { return r.l.Number(int64(math.Round(x))) }
	if v.Purchases != nil && v.Alive != nil {
		card.Says = append(card.Says, r.say("loyalty.value.purchases", "buyers", r.l.N("loyalty.value.buyers", v.Customers), "purchases", r.l.N("loyalty.purchases", int64(math.Round(*v.Purchases)))))
		card.Facts = append(card.Facts, office.Fact{Name: r.l.T("loyalty.value.alive"), Value: r.l.T("loyalty.of.repeat", "n", number(*v.Alive), "of", v.Customers)})
		card.Facts = append(card.Facts, office.Fact{Name: r.l.T("loyalty.value.per_customer"), Value: r.l.Decimal(*v.Purchases/float64(v.Customers), 1)})
		card.Small = append(card.Small, r.l.T("loyalty.value.caveat"))
	}
	if v.Value != nil {
		card.Says = append(card.Says, r.say("loyalty.value.worth", "value", r.money(int64(math.Round(*v.Value/100))*100)))
		card.Facts = append(card.Facts, office.Fact{Name: r.l.T("loyalty.value.worth_each"), Value: r.money(int64(math.Round(*v.Value / float64(v.Customers))))})
	}
	if v.Refused != nil {
		card.Says = append(card.Says, r.refused(*v.Refused))
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
	card := &office.Findings{ID: "members", Title: r.l.T("loyalty.members.title")}
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
