package i18n

import (
	"time"

	"github.com/harkhq/hark/surveys"
)

// Decision says in a sentence what a rule made of an event: when somebody will
// be asked, or why they are not. Times are those of the zone.
func (l *Localizer) Decision(d surveys.Decision, zone *time.Location) string {
	when := func(at *time.Time) string {
		if at == nil {
			return "–"
		}
		return l.DateTime(at.In(zone))
	}
	return l.T("decision."+string(d.Outcome), "at", when(d.SendAt), "until", when(d.Until), "detail", d.Detail)
}
