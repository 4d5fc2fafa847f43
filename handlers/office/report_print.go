package office

import (
	"strings"

	"github.com/harkhq/hark/templates/office"
)

// printed is what paper says in the place of what can be pressed on a screen.
func (r reading) printed() office.Printed {
	return office.Printed{
		View: r.l.T("report.print.view"+r.suffix(), "span", r.span(r.view.period)) + r.narrowed(),
		Foot: r.l.T("report.print.foot", "date", r.l.DateTime(r.site.Now().In(r.w.Zone)), "confidence", r.l.Percent(100*confidence, 0), "least", leastShown),
	}
}

// printedDays is the same for a page that compares nothing: paper has to tell
// which 90 days they were.
func (r reading) printedDays() office.Printed {
	return office.Printed{View: r.l.T("report.print.days", "span", r.span(r.view.period)) + r.narrowed()}
}

// narrowed names the groups that the page is narrowed to; empty: everybody.
func (r reading) narrowed() string {
	var names []string
	for _, filter := range r.view.filters {
		names = append(names, r.segmentName(filter))
	}
	if len(names) == 0 {
		return ""
	}
	return " " + r.l.T("report.print.filters", "filters", strings.Join(names, "; "))
}
