package office

import (
	"math"
	"net/url"
	"strings"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
	"github.com/harkhq/hark/templates/words"
)

// readAsked looks up who was asked in the report's period.
func (d *desk) readAsked(r reading) (*flow.AskedReport, error) {
	return d.reports.Asked(r.ctx(), r.w, r.survey, flow.AskedQuery{From: r.view.period.From, To: r.view.period.To, Filters: r.view.filters})
}

// invited is the card of who was asked and who answered.
func (r reading) invited() *office.Asked {
	card := &office.Asked{L: r.l}
	a := r.asked
	switch {
	case a == nil && len(r.view.filters) > 0:
		card.Calm = r.l.T("asked.filtered")
		return card
	case a == nil:
		card.Calm = r.l.T("asked.none")
		return card
	case a.Invited == 0 && a.Recent == 0 && a.Counting:
		card.Calm = r.l.T("asked.counting")
		return card
	case a.Invited == 0 && a.Recent == 0:
		card.Calm = r.nothing("asked.nothing", "asked.nothing_filtered")
		return card
	}
	chart := r.funnel()
	card.Chart, card.Save = &chart, r.save(askedChart, chart.Title)
	card.Says = r.askedSays()
	card.Notes = r.askedNotes()
	return card
}

// nothing is the text of what was not done in the period: by anybody or, where the
// report has filters, by those who pass them.
func (r reading) nothing(byAnybody, byThose string) string {
	if len(r.view.filters) > 0 {
		return r.l.T(byThose)
	}
	return r.l.T(byAnybody)
}

// funnel is the numbers of the card.
func (r reading) funnel() components.Funnel {
	a := r.asked
	f := components.Funnel{
		L: r.l, ID: "asked", Title: r.l.T("asked.title"), When: r.l.T("asked.when", "span", r.span(period{a.From, a.To})), Steps: r.askedSteps(), Groups: r.askedGroups(),
		All: components.FunnelGroup{Name: r.l.T("components.funnel.everybody"), Sent: a.Sent, Answered: &a.Answered, Rate: a.Rate, Low: a.Low, High: a.High, Address: r.mailed(r.view.filters)},
	}
	if a.Invited != a.Sent {
		f.Invited = &a.Invited
	}
	return f
}

// askedSteps are the steps that are known: none is shown for what nobody can tell,
// such as who opened the mail.
func (r reading) askedSteps() []components.FunnelStep {
	a := r.asked
	step := func(name string, n int64) components.FunnelStep {
		return components.FunnelStep{Name: r.l.T("asked." + name), N: n}
	}
	var steps []components.FunnelStep
	if a.Invited != a.Sent {
		steps = append(steps, step("invited", a.Invited))
	}
	arrived := step("sent", a.Sent)
	if a.Failed > 0 || a.Bounced > 0 {
		steps = append(steps, step("handed", a.Sent+a.Bounced+a.Failed))
		arrived.Name = r.l.T("asked.accepted")
	}
	if a.Bounced > 0 {
		steps = append(steps, step("accepted", a.Sent+a.Bounced))
		arrived.Name = r.l.T("asked.arrived")
	}
	if a.Clicked > 0 {
		steps = append(steps, arrived)
		arrived = step("clicked", a.Clicked)
	}
	answered := step("answered", a.Answered)
	answered.Address = r.mailed(r.view.filters)
	if a.Rate != nil {
		answered.Share = r.percent(*a.Rate)
	}
	return append(steps, arrived, answered)
}

// mailed is the address of the answers to the mails that are counted, among those
// that pass the filters.
func (r reading) mailed(filters surveys.Filters) string {
	parameters := url.Values{"survey": {r.survey.ID}, invitedParameter: {mailedIn(period{r.asked.From, r.asked.To})}}
	for _, filter := range filters {
		parameters.Add("segment", filter.String())
	}
	return r.links.to(withValues(layouts.PathResponses, parameters))
}

// percent writes a share of 0…1, with a decimal where a whole number would be
// nothing.
func (r reading) percent(share float64) string {
	if share > 0 && share < 0.0095 {
		return r.l.Percent(100*share, 1)
	}
	return r.l.Percent(math.Round(100*share), 0)
}

func (r reading) askedSays() []words.Sentence {
	a := r.asked
	part := func(share float64) words.Part {
		return words.Part{Text: r.percent(share), Address: r.mailed(r.view.filters)}
	}
	switch {
	case a.Rate == nil:
		return []words.Sentence{words.Set(r.l.T("asked.few"), nil)}
	case a.Young:
		return []words.Sentence{words.Set(r.l.T("asked.rate.young", "span", r.l.N("asked.last_days", int64(a.SettleDays))), map[string]words.Part{"rate": part(*a.Rate)})}
	}
	says := []words.Sentence{words.Set(r.l.T("asked.rate"), map[string]words.Part{"rate": part(*a.Rate), "low": {Text: r.percent(*a.Low)}, "high": {Text: r.percent(*a.High)}})}
	if least := a.Reluctant(); least != nil {
		theirs := r.mailed(surveys.Filters{{Key: least.Key, Value: least.Value}})
		says = append(says, words.Set(r.l.T("asked."+often(least.Share())), map[string]words.Part{
			"key":   {Text: words.KeyWord(r.l, least.Key)},
			"value": {Text: words.ValueName(r.l, least.Key, least.Value), Address: theirs},
			"rate":  {Text: r.percent(*least.Rate), Address: theirs}, "rest": {Text: r.percent(*least.Rest)},
		}))
	}
	if n := a.NonResponse; n != nil {
		if sentence := r.nonResponse(*n); sentence != nil {
			says = append(says, sentence)
		}
	}
	return says
}

// often words how often a group answers for each time that others do.
func often(share float64) string {
	switch {
	case share > 0.28 && share < 0.38:
		return "third"
	case share > 0.42 && share < 0.58:
		return "half"
	case share > 0.62 && share < 0.71:
		return "two_thirds"
	}
	return "less"
}

// nonResponse says whether those who answered are like those who were asked.
func (r reading) nonResponse(n analysis.NonResponse) words.Sentence {
	key := words.Part{Text: words.KeyWord(r.l, n.Key)}
	switch {
	case !n.Differs && r.asked.Reluctant() != nil:
		return nil // the groups' own rates have said otherwise
	case !n.Differs:
		return words.Set(r.l.T("asked.alike"), nil)
	case n.Refused == analysis.EmptyCell:
		return words.Set(r.l.T("asked.empty_cell"), map[string]words.Part{"key": key})
	case n.Score == nil || r.report.Score == nil:
		return nil // who answered cannot be held against who was asked
	}
	weighed, interval := r.figures(*n.Score, n.Interval.Low, n.Interval.High)
	plain, _ := r.figures(*n.Unweighted, *n.Unweighted, *n.Unweighted)
	parts := map[string]words.Part{
		"key": key, "metric": {Text: r.l.Metric(r.survey.Metric)}, "weighed": {Text: weighed}, "plain": {Text: plain}, "interval": {Text: interval},
	}
	if weighed == plain {
		return words.Set(r.l.T("asked.same"), parts)
	}
	return words.Set(r.l.T("asked.weighed"), parts)
}

func (r reading) askedNotes() []words.Sentence {
	a := r.asked
	var notes []words.Sentence
	add := func(text string) { notes = append(notes, words.Sentence{{Text: text}}) }
	if reasons := r.unsent(); len(reasons) > 0 {
		add(r.l.T("asked.unsent", "reasons", strings.Join(reasons, r.l.T("asked.comma"))))
	}
	if taken := a.Sent + a.Bounced; a.Complained != nil && *a.Complained > 0 && taken >= leastForShares {
		if sentence, err := r.mailPart("rules.mail.complained", *a.Complained, taken); err == nil { // it is part of the whole
			notes = append(notes, sentence)
		}
	}
	notes = append(notes, r.heldNotes()...)
	if a.Recent > 0 {
		add(r.l.N("asked.recent", a.Recent, "span", r.l.N("asked.last_days", int64(a.SettleDays))))
	}
	if a.Counting {
		add(r.l.T("asked.counting"))
	}
	add(r.l.T("asked.how"))
	if a.Answers > a.Mailed {
		byMail := surveys.Filters{{Key: surveys.SegmentChannel, Value: string(surveys.ChannelMail)}}
		notes = append(notes, words.Set(r.l.N("asked.others", a.Answers, "mailed", a.Mailed), map[string]words.Part{
			"all": {Address: r.answers(nil)}, "mailed": {Address: r.answersOf(r.view.period, byMail, nil)},
		}))
	}
	return notes
}

// unsent are the reasons why invitations were not sent, the most frequent kind of
// trouble first.
func (r reading) unsent() []string {
	var reasons []string
	for _, reason := range []struct {
		name string
		n    int64
	}{
		{"failed", r.asked.Failed}, {"bounced", r.asked.Bounced}, {"suppressed", r.asked.Suppressed}, {"cancelled", r.asked.Cancelled},
		{"expired", r.asked.Expired}, {"waiting", r.asked.Waiting},
	} {
		if reason.n > 0 {
			reasons = append(reasons, r.l.N("asked."+reason.name, reason.n))
		}
	}
	return reasons
}

// askedGroups are the rates by each key that parts those who were asked, the
// declared order first.
func (r reading) askedGroups() []components.FunnelGroup {
	byKey := make(map[string][]components.FunnelGroup)
	for _, s := range r.asked.Segments {
		byKey[s.Key] = append(byKey[s.Key], r.askedGroup(s))
	}
	var groups []components.FunnelGroup
	for _, key := range r.w.Segments {
		if list := byKey[key]; len(list) > 1 {
			groups = append(groups, list...)
		}
	}
	return groups
}

func (r reading) askedGroup(s analysis.AskedSegment) components.FunnelGroup {
	group := components.FunnelGroup{Key: s.Key, Value: s.Value, Name: r.segmentName(surveys.Segment{Key: s.Key, Value: s.Value}), Sent: s.Sent}
	if s.Hidden {
		group.Evidence, group.Verdict = components.Hidden, r.l.T("asked.hidden")
		return group
	}
	group.Address = r.mailed(surveys.Filters{{Key: s.Key, Value: s.Value}})
	group.Answered, group.Rate, group.Low, group.High = s.Answered, s.Rate, s.Low, s.High
	if s.Faint {
		group.Evidence = components.Faint
	}
	if r.asked.Young {
		return group
	}
	group.Verdict = r.l.T("asked." + string(s.Verdict))
	switch s.Verdict {
	case analysis.Higher:
		group.Standing = components.Above
	case analysis.Lower:
		group.Standing = components.Below
	}
	return group
}

// heldNotes say what machines did, and which answers are not counted.
func (r reading) heldNotes() []words.Sentence {
	var notes []words.Sentence
	if n := r.asked.Machines; n > 0 {
		notes = append(notes, words.Sentence{{Text: r.l.N("held.report.machines", n)}})
	}
	for _, state := range []surveys.HeldState{surveys.HeldWaiting, surveys.HeldAside} {
		n := r.asked.Held[state]
		if n == 0 {
			continue
		}
		address := ""
		if r.may(surveys.Manager) {
			address = r.links.to(withQuery(heldPath(r.survey.ID), map[string]string{"state": string(state)}))
		}
		notes = append(notes, words.Set(r.l.N("held.report."+string(state), n), map[string]words.Part{"all": {Address: address}}))
	}
	return notes
}
