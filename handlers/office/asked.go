package office

import (
	"math"
	"strings"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/components"
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
		card.Calm = r.l.T("asked.nothing")
		return card
	}
	card.When = r.l.T("asked.when", "span", r.span(period{a.From, a.To}))
	card.Bars = r.askedBars()
	card.Says = r.askedSays()
	card.Notes = r.askedNotes()
	card.Tables = r.askedTables()
	return card
}

// askedBars are the steps that are known: none is shown for what nobody can tell,
// such as who opened the mail.
func (r reading) askedBars() []office.AskedBar {
	a := r.asked
	longest := float64(max(1, a.Invited))
	bar := func(name string, n int64) office.AskedBar {
		return office.AskedBar{Name: r.l.T("asked." + name), Number: r.l.Number(n), Part: float64(n) / longest}
	}
	var bars []office.AskedBar
	if a.Invited != a.Sent {
		bars = append(bars, bar("invited", a.Invited))
	}
	answered := bar("answered", a.Answered)
	mailed := surveys.Segment{Key: surveys.SegmentChannel, Value: string(surveys.ChannelMail)}
	answered.Address = r.answersOf(period{a.From, r.view.period.To}, r.view.filters.With(mailed), nil)
	if a.Rate != nil {
		answered.Share = r.percent(*a.Rate)
	}
	return append(bars, bar("sent", a.Sent), answered)
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
	part := func(share float64) words.Part { return words.Part{Text: r.percent(share)} }
	switch {
	case a.Rate == nil:
		return []words.Sentence{words.Set(r.l.T("asked.few"), nil)}
	case a.Young:
		return []words.Sentence{words.Set(r.l.T("asked.rate.young", "days", a.SettleDays), map[string]words.Part{"rate": part(*a.Rate)})}
	}
	says := []words.Sentence{words.Set(r.l.T("asked.rate"), map[string]words.Part{"rate": part(*a.Rate), "low": part(*a.Low), "high": part(*a.High)})}
	if least := a.Reluctant(); least != nil {
		says = append(says, words.Set(r.l.T("asked."+often(least.Share())), map[string]words.Part{
			"key":   {Text: words.KeyWord(r.l, least.Key)},
			"value": {Text: words.ValueName(r.l, least.Key, least.Value), Address: r.segmentAnswers(least.Key, least.Value)},
			"rate":  part(*least.Rate), "rest": part(*least.Rest),
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
	if a.Recent > 0 {
		add(r.l.N("asked.recent", a.Recent, "days", a.SettleDays))
	}
	if a.Counting {
		add(r.l.T("asked.counting"))
	}
	add(r.l.T("asked.how"))
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
		{"failed", r.asked.Failed}, {"suppressed", r.asked.Suppressed}, {"cancelled", r.asked.Cancelled},
		{"expired", r.asked.Expired}, {"waiting", r.asked.Waiting},
	} {
		if reason.n > 0 {
			reasons = append(reasons, r.l.N("asked."+reason.name, reason.n))
		}
	}
	return reasons
}

// askedTables are the rates by each key, the declared order first.
func (r reading) askedTables() []office.AskedTable {
	byKey := make(map[string][]office.AskedRow)
	for _, s := range r.asked.Segments {
		byKey[s.Key] = append(byKey[s.Key], r.askedRow(s))
	}
	var tables []office.AskedTable
	for _, key := range r.w.Segments {
		if rows := byKey[key]; len(rows) > 1 {
			tables = append(tables, office.AskedTable{Key: words.KeyName(r.l, key), Rows: rows})
		}
	}
	return tables
}

func (r reading) askedRow(s analysis.AskedSegment) office.AskedRow {
	row := office.AskedRow{
		Name: words.ValueName(r.l, s.Key, s.Value), Sent: r.l.Number(s.Sent), Answered: "–", Rate: "–", Interval: "–", Faint: s.Faint || s.Hidden,
	}
	if s.Hidden {
		row.Verdict = r.l.T("asked.hidden")
		return row
	}
	row.Address = r.segmentAnswers(s.Key, s.Value)
	row.Answered, row.Rate = r.l.Number(*s.Answered), r.percent(*s.Rate)
	row.Interval = r.l.T("components.interval", "low", r.percent(*s.Low), "high", r.percent(*s.High))
	row.Verdict = r.l.T("asked." + string(s.Verdict))
	switch {
	case r.asked.Young:
		row.Verdict = ""
	case s.Verdict == analysis.Higher:
		row.Standing = components.Above
	case s.Verdict == analysis.Lower:
		row.Standing = components.Below
	}
	return row
}
