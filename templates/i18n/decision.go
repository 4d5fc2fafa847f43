package i18n

import (
	"strings"
	"time"

	"github.com/harkhq/hark/surveys"
)

// Decision says in a sentence what a rule made of an event: when somebody will
// be asked, or why they are not. Times are those of the zone, and say so.
func (l *Localizer) Decision(d surveys.Decision, zone *time.Location) string {
	when := func(at *time.Time) string {
		if at == nil {
			return "–"
		}
		return l.Moment(at.In(zone))
	}
	key := "decision." + string(d.Outcome)
	switch {
	case d.Outcome == surveys.Capped && d.Detail != "":
		key = "decision.capped_by" // earlier versions kept only until when
	case d.Outcome == surveys.Unsubscribed && d.Detail != "":
		key = "decision.unsubscribed_by"
	}
	return l.T(key, "at", when(d.SendAt), "until", when(d.Until), "detail", l.Problem(d.Detail))
}

// Moment is a time with its zone's distance from UTC.
func (l *Localizer) Moment(t time.Time) string { return l.DateTime(t) + " (" + offset(t) + ")" }

// Problem says what a stored [surveys.Problem] is; another text stays as it is.
func (l *Localizer) Problem(stored string) string {
	problem, ok := surveys.ParseProblem(stored)
	if !ok {
		return stored
	}
	var args []any
	for name, value := range problem.Args {
		args = append(args, name, value)
	}
	return l.T("error."+problem.Code, args...)
}

// offset is a time's distance from UTC: "UTC", "UTC+1", "UTC−3:30". The zones'
// own abbreviations mean several zones each.
func offset(at time.Time) string {
	text := at.Format("-07:00")
	if text == "+00:00" {
		return "UTC"
	}
	sign, text := text[:1], strings.TrimPrefix(text[1:], "0")
	if sign == "-" {
		sign = "−"
	}
	return "UTC" + sign + strings.TrimSuffix(text, ":00")
}
