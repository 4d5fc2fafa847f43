package office

import (
	"slices"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/words"
)

// words makes the sentences of the report.
func (r reading) words() words.Report {
	return words.Report{L: r.l, Of: r.report.Report, Link: r.segmentAnswers, Span: r.spanAnswers, Ask: r.counting()}
}

// counting is this report split by a key that no filter names: for that every
// answer is counted, by all keys at once.
func (r reading) counting() string {
	by := surveys.SegmentChannel
	for _, key := range r.splits {
		if !slices.Contains(r.view.filters.Keys(), key) {
			by = key
			break
		}
	}
	return r.view.address(map[string]string{"by": by})
}

// says is the paragraph under the headline.
func (r reading) says() []words.Sentence {
	if r.report.N == 0 && !r.ever {
		return nil // the page teaches how to begin instead
	}
	if r.report.Withheld {
		return []words.Sentence{words.Set(r.l.T("report.withheld", "least", leastShown), nil)}
	}
	if r.report.N == 0 {
		return r.nobody()
	}
	return r.words().All()
}

// nobody says why there are no answers, with the way to those that there are.
func (r reading) nobody() []words.Sentence {
	if len(r.view.filters) > 0 {
		return []words.Sentence{words.Set(r.l.T("report.nobody.filtered"), map[string]words.Part{
			"all": {Text: r.l.T("report.nobody.all"), Address: r.links.to(r.view.narrowed(nil))},
		})}
	}
	since := r.view
	since.ranged, since.period = 0, period{max(r.firstDay, r.view.today-farthest), r.view.today + 1}
	return []words.Sentence{words.Set(r.l.T("report.nobody.then"), map[string]words.Part{
		"since": {Text: r.l.T("report.nobody.since", "date", since.period.From.Time()), Address: r.links.to(since.address(nil))},
	})}
}

// change is the mark of a change in the trend.
func (r reading) change(c analysis.Change) components.TrendChange {
	mark := components.TrendChange{At: c.At.Time(), Direction: components.Rose, Text: r.words().Change(c)}
	if c.Difference < 0 {
		mark.Direction = components.Fell
	}
	return mark
}
