package office

import (
	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
)

// links say where the numbers and names on a report's page lead. Every address
// that leaves the page goes through [links.to], and "" from it means that there is
// nothing to lead to for this reader: the components then show plain text. The
// zero value leads nowhere: a page for readers without an account, who may change
// the view (those addresses are made by [reportView.address], of the page itself)
// but see no single answers, no people and no other page.
type links struct {
	inside bool
	files  func(file string) string // the address of a chart's file; nil: inside, where the view makes it, and else nothing may be taken
}

// insideLinks are those of a member of the team.
func insideLinks() links { return links{inside: true} }

// to is an address of the office, for those who are in it.
func (l links) to(address string) string {
	if !l.inside {
		return ""
	}
	return address
}

// tabs are the pages beside this one, for those who are in the office.
func (l links) tabs(all components.Tabs) components.Tabs {
	if !l.inside {
		all.List = nil
	}
	return all
}

// answers is the address of the answers that the page speaks of. More sets
// further parameters of the list: score, comment, theme.
func (r reading) answers(more map[string]string) string {
	return r.answersOf(r.view.period, r.view.filters, more)
}

// answersOf is the one place that makes addresses of answers: of a period, and
// of those who pass the filters.
func (r reading) answersOf(p period, filters surveys.Filters, more map[string]string) string {
	return r.links.to(answersIn(r.survey, p, filters, more))
}

// spanAnswers are the answers of some days, among those that pass the filters.
func (r reading) spanAnswers(s analysis.Span) string {
	return r.answersOf(period{s.From, s.To}, r.view.filters, nil)
}

// segmentAnswers are the answers of one segment on some days, among those that
// pass the filters of other keys.
func (r reading) segmentAnswers(s surveys.Segment, days analysis.Span) string {
	return r.answersOf(period{days.From, days.To}, r.view.filters.Only(s), nil)
}

// withoutAnswers are the answers without a value of the key by which the page is
// split; "" where none can lack it.
func (r reading) withoutAnswers() string {
	if !r.lacks(r.view.by) {
		return ""
	}
	return r.answers(map[string]string{withoutParameter: r.view.by})
}
