package office

import (
	"math"
	"slices"
	"strconv"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/loyalty"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
	"github.com/harkhq/hark/templates/words"
)

// page builds the view.
func (r loyal) page() office.Loyalty {
	page := office.Loyalty{
		Page: r.visit.page(r.l.T("loyalty.title"), layouts.Loyalty), Notes: r.notes(),
		Settings: components.Action{Text: r.l.T("loyalty.settings"), Address: pathPlan, Kind: components.Quiet},
	}
	if r.may(surveys.Manager) {
		page.Compute = &office.Deed{Action: pathCompute, Button: components.Action{Text: r.l.T("loyalty.compute"), Kind: components.Secondary, Name: "by", Value: string(r.by)}}
	}
	if r.waits() {
		page.Address, page.Compute = r.address(map[string]string{"since": strconv.FormatInt(r.asked.UnixMicro(), 10)}), nil
		page.Waiting = &components.Note{Text: r.l.T("loyalty.waiting")}
	}
	if page.Empty = r.empty(); page.Empty != nil {
		page.Settings = components.Action{Text: r.l.T("loyalty.empty.settings"), Address: pathPlan, Kind: components.Secondary}
		return page
	}
	page.Computed = r.computed()
	page.Headline, page.Says, page.Widths = r.headline(), r.says(), r.widths()
	page.Course, page.Rates, page.Cohorts = r.course(), r.rateTable(), r.cohorts()
	page.Stays, page.Value, page.Members, page.Risks = r.stayCards(), r.value(), r.members(), r.riskCard()
	return page
}

// computed says when the numbers were counted, and from what.
func (r loyal) computed() string {
	return r.l.T("loyalty.computed", "at", r.l.DateTime(r.at.In(r.w.Zone)), "events", r.l.N("loyalty.events", r.report.Events))
}

// widths chooses the width of a step.
func (r loyal) widths() []components.SegmentLink {
	var links []components.SegmentLink
	for _, by := range loyalty.Periods() {
		links = append(links, components.SegmentLink{Text: r.l.T("loyalty.by." + string(by)), Address: r.address(map[string]string{"by": string(by)}), Current: by == r.by})
	}
	return links
}

// notes say that amounts are missing in events that should have one.
func (r loyal) notes() []components.Note {
	var notes []components.Note
	for _, m := range r.plan.Meanings {
		if n := r.report.Unreadable[m.EventType]; n > 0 && m.Amount != "" {
			notes = append(notes, components.Note{Kind: components.Warning, Text: r.l.N("loyalty.unreadable", n, "type", m.EventType, "property", m.Amount)})
		}
	}
	return notes
}

// empty teaches what to send; nil when there is something to say.
func (r loyal) empty() *office.LoyaltyEmpty {
	switch {
	case r.at.IsZero():
		return &office.LoyaltyEmpty{Empty: components.Empty{Title: r.l.T("loyalty.empty.soon.title"), Text: r.l.T("loyalty.empty.soon.text")}}
	case r.report.Stay != nil || slices.ContainsFunc(r.report.Periods[loyalty.Monthly].Steps, func(s loyalty.Step) bool { return s.Customers+s.End() > 0 }):
		return nil
	}
	empty := &office.LoyaltyEmpty{Empty: components.Empty{Title: r.l.T("loyalty.empty.events.title"), Text: r.l.T("loyalty.empty.events.text")}}
	if r.report.Events > 0 {
		text := r.l.T("loyalty.empty.customers."+string(r.report.Basis), "date", (r.report.To - 1).Time())
		if since := r.plan.CompleteSince; since != nil {
			text = r.l.T("loyalty.empty.customers.since", "since", analysis.Day(*since).Time())
		}
		empty.Empty = components.Empty{Title: r.l.T("loyalty.empty.customers.title"), Text: text}
	}
	for _, m := range r.plan.Meanings {
		empty.Types = append(empty.Types, office.Fact{Name: m.EventType, Value: r.l.T("loyalty.kind." + string(m.Kind))})
	}
	if len(r.received) > 0 && r.report.Events == 0 {
		empty.Received = r.typeList(r.received)
	}
	if len(r.plan.Meanings) > 0 {
		empty.Curl = r.curl(r.plan.Meanings[0].EventType)
	}
	return empty
}

// typeList names the types of events that came in, and that none is read.
func (r loyal) typeList(types []string) words.Sentence {
	const most = 8
	var list words.Sentence
	for i, name := range types[:min(most, len(types))] {
		if i > 0 {
			list = append(list, words.Part{Text: r.l.T("loyalty.separator")})
		}
		list = append(list, words.Part{Text: name, Code: true})
	}
	return append(words.Sentence{{Text: r.l.T("loyalty.empty.received") + " "}}, list...)
}

// shownRates are the rates that the plan's events can tell, group by group.
func (r loyal) shownRates() map[string][]loyalty.Rate {
	rates := map[string][]loyalty.Rate{"return": {loyalty.Engagement}}
	add := func(group string, rate loyalty.Rate, kinds ...surveys.LoyaltyKind) {
		if slices.ContainsFunc(r.plan.Meanings, func(m surveys.EventMeaning) bool { return slices.Contains(kinds, m.Kind) }) {
			rates[group] = append(rates[group], rate)
		}
	}
	if !r.report.Endless {
		rates["stay"] = []loyalty.Rate{loyalty.RetentionRate, loyalty.ChurnRate}
		add("stay", loyalty.RenewalRate, surveys.LoyaltyRenewed)
		rates["stay"] = append(rates["stay"], loyalty.Lifespan)
		if slices.ContainsFunc(r.plan.Meanings, func(m surveys.EventMeaning) bool {
			return m.Amount != "" && m.Kind != surveys.LoyaltyIssued && m.Kind != surveys.LoyaltyRedeemed
		}) {
			rates["money"] = []loyalty.Rate{loyalty.GrossChurn, loyalty.NetChurn}
		}
	}
	add("return", loyalty.RepeatRate, surveys.LoyaltyBought)
	add("friends", loyalty.Recommending, surveys.LoyaltyRecommended)
	add("friends", loyalty.ReferralRate, surveys.LoyaltyReferred)
	add("programme", loyalty.Participation, surveys.LoyaltyJoined)
	add("programme", loyalty.Redemption, surveys.LoyaltyIssued)
	return rates
}

// points are the steps of a rate since there were customers, and all of their
// events.
func (r loyal) points(rate loyalty.Rate) []loyalty.Point {
	period := r.report.Periods[r.by]
	first := slices.IndexFunc(period.Steps, func(s loyalty.Step) bool {
		return s.Customers > 0 && (r.plan.CompleteSince == nil || s.Start >= analysis.Day(*r.plan.CompleteSince))
	})
	points := period.Rates[rate]
	if first < 0 || first >= len(points) {
		return nil
	}
	return points[first:]
}

// whole is the last step that is over, and the one that is not; nil where there
// is none.
func whole(points []loyalty.Point) (last, now *loyalty.Point) {
	for i := range points {
		if points[i].Partial {
			now = &points[i]
		} else {
			last = &points[i]
		}
	}
	return last, now
}

// rateTable is all rates with their counts.
func (r loyal) rateTable() office.RateTable {
	table := office.RateTable{Title: r.l.T("loyalty.rates.title"), Legend: r.l.T("loyalty.rates.legend"), Courses: r.courses()}
	table.Courses.Save = r.save(ratesChart, table.Title)
	last, now := whole(r.points(loyalty.RetentionRate))
	if last != nil {
		table.Last = r.label(last.Start)
	}
	if now != nil {
		table.Now = r.l.T("loyalty.column.now", "step", r.label(now.Start))
	}
	shown := r.shownRates()
	for _, group := range rateGroups() {
		if len(shown[group]) == 0 {
			continue
		}
		g := office.RateGroup{Name: r.l.T("loyalty.group." + group)}
		for _, rate := range shown[group] {
			row := r.rateRow(rate)
			row.Spark = table.Courses.SparkOf(string(rate))
			g.Rows = append(g.Rows, row)
		}
		table.Groups = append(table.Groups, g)
	}
	return table
}

// rateRow is one rate.
func (r loyal) rateRow(rate loyalty.Rate) office.RateRow {
	row := office.RateRow{
		ID: string(rate), Name: r.rateName(rate), Help: r.help(rate), Current: rate == r.rate, Value: "–",
		Address: r.address(map[string]string{"rate": string(rate)}) + "#course",
	}
	last, now := whole(r.points(rate))
	if last != nil {
		row.Value, row.Interval, row.Count = r.rateValue(rate, last.Ratio), r.rateInterval(rate, last.Ratio), r.rateCount(rate, last.Ratio)
		if last.Hidden {
			row.Evidence = components.Hidden
		}
	}
	if now != nil {
		row.Now = r.rateValue(rate, now.Ratio)
		if (accrues(rate) || rate == loyalty.RetentionRate) && now.Value != nil { // the lead says in words how many stayed so far
			row.Now = r.l.T("loyalty.now.open")
		}
	}
	return row
}

// course is the chosen rate over time.
func (r loyal) course() components.RateTrend {
	c := r.courseOf(r.rate)
	c.Save = r.save(courseChart, c.Title)
	return c
}

// courseOf is a rate over time.
func (r loyal) courseOf(rate loyalty.Rate) components.RateTrend {
	c := components.RateTrend{L: r.l, ID: "course", Title: r.courseTitle(rate), Summary: r.courseTitle(rate), Legend: r.l.T("loyalty.course.legend." + string(r.by))}
	switch rate {
	case loyalty.GrossChurn, loyalty.NetChurn, loyalty.Redemption:
		c.Unit, c.Legend = components.PercentUnit, r.l.T("loyalty.course.plain."+string(r.by))
	case loyalty.Lifespan:
		c.Unit = components.PlainUnit
	}
	for _, p := range r.points(rate) {
		point := components.RatePoint{Start: p.Start.Time(), Label: r.label(p.Start), Tick: r.tick(p.Start), Text: "–", Partial: p.Partial}
		if !p.Partial || !accrues(rate) {
			point.Value, point.Low, point.High = finite(p.Value), finite(p.Low), finite(p.High)
			point.Text, point.Interval, point.Count = r.rateValue(rate, p.Ratio), r.rateInterval(rate, p.Ratio), r.rateCount(rate, p.Ratio)
			if !p.Hidden {
				point.N, point.Of = &p.N, &p.Of
			}
		}
		c.Points = append(c.Points, point)
	}
	return c
}

// courses are all rates over time, for the sparklines of the table.
func (r loyal) courses() components.Courses {
	c := components.Courses{L: r.l, ID: "rate-courses", Title: r.l.T("loyalty.rates.title"), Head: r.l.T("loyalty.column.rate")}
	if last, _ := whole(r.points(loyalty.RetentionRate)); last != nil {
		c.When = r.label(last.Start)
	}
	shown := r.shownRates()
	for _, group := range rateGroups() {
		for _, rate := range shown[group] {
			course := r.courseOf(rate)
			course.ID, course.Title = string(rate), r.rateName(rate)
			c.List = append(c.List, course)
		}
	}
	return c
}

// rateGroups are the groups of rates, in their order.
func rateGroups() []string { return []string{"stay", "money", "return", "friends", "programme"} }

// accrues reports whether a rate only grows, or shrinks, as a step goes on:
// until the step is over it cannot stand beside those that are.
func accrues(rate loyalty.Rate) bool {
	switch rate {
	case loyalty.ChurnRate, loyalty.GrossChurn, loyalty.NetChurn, loyalty.Lifespan, loyalty.Participation, loyalty.Engagement:
		return true
	}
	return false
}

// finite is a value that can be drawn.
func finite(value *float64) *float64 {
	if value == nil || math.IsInf(*value, 0) || math.IsNaN(*value) {
		return nil
	}
	return value
}
