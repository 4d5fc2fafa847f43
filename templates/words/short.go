package words

import (
	"math"

	"github.com/harkhq/hark/analysis"
)

// Short is the verdict in three or four words, for lists whose lines are one line
// high; [Report.Brief] is the sentence that stands behind it. A real change that the
// period saw is told before what the whole period came to, as there.
func (w Report) Short() string {
	if c := w.Of.Recent(); c != nil {
		return w.L.T("overview.short.recent_"+direction(c.Difference), "points", w.round(c.Difference), "date", w.L.ShortDate(c.At.Time()))
	}
	v := w.Of.Verdict
	if v.Difference == nil {
		return w.L.T("overview.short." + w.unknown())
	}
	d := v.Difference.Difference
	name := "normal"
	switch v.Kind {
	case analysis.Rise, analysis.Fall:
		return w.L.T("overview.short."+string(v.Kind), "points", w.round(d))
	case analysis.TooFew:
		return w.L.T("overview.short.too_few")
	case analysis.Mixed:
		name = part(*v.Mix)
	case analysis.Unread:
		name = "unread"
	case analysis.Normal:
		if name = w.quiet(); v.Doubt() == analysis.MixMoved {
			name = part(*v.Mix)
		}
	}
	return w.L.T("overview.short."+name, "difference", w.L.Signed(d, 0))
}

// quiet is what a period without a real change is called.
func (w Report) quiet() string {
	if w.Of.Verdict.Over != nil {
		return "over"
	}
	switch w.Of.Verdict.Doubt() {
	case analysis.TooSmall:
		return "small"
	case analysis.Usual:
		return "usual"
	case analysis.Unlearned, analysis.MixLeft:
		return "unsure"
	}
	if direction(w.Of.Verdict.Difference.Difference) == "same" {
		return "same"
	}
	return "normal"
}

// unknown is why there is nothing to compare.
func (w Report) unknown() string {
	switch {
	case w.Of.N == 0:
		return "empty"
	case w.Of.Hidden:
		return "hidden"
	case w.Of.Verdict.Kind == analysis.TooFew:
		return "too_few"
	}
	return "first"
}

// round is the size of a difference as it is read.
func (w Report) round(difference float64) string {
	return w.L.Decimal(math.Abs(difference), 0)
}
