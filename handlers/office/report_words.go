package office

import (
	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/words"
)

// words makes the sentences of the report.
func (r reading) words() words.Report {
	return words.Report{L: r.l, Of: r.report.Report, Link: r.segmentAnswers, Span: r.spanAnswers}
}

// says is the paragraph under the headline.
func (r reading) says() []words.Sentence {
	if r.report.N == 0 && !r.ever {
		return nil // the page teaches how to begin instead
	}
	if r.report.Withheld {
		return []words.Sentence{words.Set(r.l.T("report.withheld", "least", leastShown), nil)}
	}
	return r.words().All()
}

// briefly is the verdict in one sentence, for lists.
func (v visit) briefly(report analysis.Report) words.Sentence {
	if sentences := (words.Report{L: v.l, Of: report}).Verdict(); len(sentences) > 0 {
		return sentences[0]
	}
	return nil
}

// change is the mark of a change in the trend.
func (r reading) change(c analysis.Change) components.TrendChange {
	mark := components.TrendChange{At: c.At.Time(), Direction: components.Rose, Text: r.words().Change(c)}
	if c.Difference < 0 {
		mark.Direction = components.Fell
	}
	return mark
}
