package office

import (
	"strings"

	"github.com/harkhq/hark/templates/office"
)

// printed is what paper says in the place of what can be pressed on a screen.
func (r reading) printed() office.Printed {
	p := office.Printed{
		View: r.l.T("report.print.view"+r.suffix(), "span", r.span(r.view.period)),
		Foot: r.l.T("report.print.foot", "date", r.l.DateTime(r.site.Now().In(r.w.Zone)), "confidence", r.l.Percent(100*confidence, 0), "least", leastShown),
	}
	var names []string
	for _, filter := range r.view.filters {
		names = append(names, r.segmentName(filter))
	}
	if len(names) > 0 {
		p.View += " " + r.l.T("report.print.filters", "filters", strings.Join(names, "; "))
	}
	return p
}
