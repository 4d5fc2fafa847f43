package office

import (
	"slices"
	"strings"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/words"
)

// ruleWords says a rule in plain words, or parts of it.
type ruleWords struct {
	visit
	rule   surveys.Rule // filled
	survey surveys.Survey
}

// says is what the list tells of a rule: what asks whom, when, and how often.
func (w ruleWords) says() []words.Sentence {
	said := []words.Sentence{w.first()}
	said = append(said, w.window()...)
	said = append(said, w.shares()...)
	said = append(said, w.caps()...)
	return append(said, w.reminders()...)
}

// all is everything that a rule does.
func (w ruleWords) all() []words.Sentence {
	said := append(w.says(), w.withdraw()...)
	said = append(said, w.thanks()...)
	return append(said, w.plain(w.l.N("rules.says.expiry", int64(max(w.rule.ExpiryDays, 0)))))
}

// draft is everything that a rule does of which nothing is known yet, and when
// its first mail would leave.
func (w ruleWords) draft(now time.Time) []words.Sentence { return append(w.all(), w.next(now)...) }

func (w ruleWords) plain(text string) words.Sentence { return words.Sentence{{Text: text}} }

// first is what sets the rule off, for whom, and what it asks when.
func (w ruleWords) first() words.Sentence {
	whom := "all"
	if strings.TrimSpace(w.rule.Condition) != "" {
		whom = "some"
	}
	key := "rules.says." + string(w.rule.Trigger) + "_" + whom
	if w.rule.Trigger == surveys.TriggerEvent {
		key = "rules.says." + whom + "_" + w.when()
	}
	survey := words.Part{Text: w.survey.Name, Address: "/surveys/" + w.survey.ID}
	if w.survey.ID == "" {
		survey = words.Part{Text: w.l.T("rules.says.no_survey")}
	}
	event := words.Part{Text: w.rule.EventType, Code: true}
	if w.rule.EventType == "" {
		event = words.Part{Text: unsaid}
	}
	return words.Set(w.l.T(key), map[string]words.Part{
		"event": event, "condition": {Text: strings.TrimSpace(w.rule.Condition), Code: true}, "survey": survey,
		"delay": {Text: w.delay()}, "field": {Text: w.rule.DelayFrom, Code: true}, "every": {Text: w.every()},
	})
}

// unsaid stands for a number of the form that is none.
const unsaid = "…"

// delay is how long after, or before, the rule asks.
func (w ruleWords) delay() string {
	if delay := max(w.rule.Delay, -w.rule.Delay); delay <= surveys.MaxDelay {
		return w.duration(delay)
	}
	return unsaid
}

// every is a series' period.
func (w ruleWords) every() string {
	if w.rule.Every < 1 {
		return unsaid
	}
	return w.l.N("rules.every", int64(w.rule.Every))
}

// when names the sentence by the time at which the rule asks.
func (w ruleWords) when() string {
	switch {
	case w.rule.DelayFrom == "" && w.rule.Delay == 0:
		return "now"
	case w.rule.DelayFrom == "":
		return "later"
	case w.rule.Delay == 0:
		return "at"
	case w.rule.Delay < 0:
		return "before"
	}
	return "after"
}

// window says when mails leave; nothing where they may at any time, and where
// the hours are none.
func (w ruleWords) window() []words.Sentence {
	if w.rule.Window == surveys.AnyTime() || len(w.rule.Window.Check()) > 0 {
		return nil
	}
	return []words.Sentence{w.plain(w.l.T("rules.says.window", "days", w.days(w.rule.Window.Days), "hours", w.hours(w.rule.Window)))}
}

// weekdays are the days of a week as [surveys.Weekdays] counts them.
func weekdays() []time.Weekday {
	return []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}
}

// days names a set of weekdays.
func (w ruleWords) days(set surveys.Weekdays) string {
	switch set {
	case surveys.AllWeek:
		return w.l.T("rules.days.all")
	case surveys.WorkWeek:
		return w.l.T("rules.days.work")
	}
	var names []string
	for _, day := range weekdays() {
		if set.Has(day) {
			names = append(names, w.l.T("rules.day."+dayName(day)))
		}
	}
	return w.list(names)
}

// dayName is how the catalogue calls a weekday: mon, tue, …
func dayName(day time.Weekday) string { return strings.ToLower(day.String()[:3]) }

// hours are a window's times of the clock.
func (w ruleWords) hours(window surveys.Window) string {
	if window.From == 0 && window.To == 24*60 {
		return w.l.T("rules.hours.all")
	}
	return w.l.T("rules.hours", "from", clock(window.From), "to", clock(window.To))
}

// shares says who is left out by lot; nothing when nobody is.
func (w ruleWords) shares() []words.Sentence {
	var said []words.Sentence
	if w.rule.Sample < 100 {
		said = append(said, w.plain(w.l.T("rules.says.sample", "share", w.l.Percent(float64(max(w.rule.Sample, 0)), 0))))
	}
	if w.rule.HoldOut > 0 {
		said = append(said, w.plain(w.l.T("rules.says.hold_out", "share", w.l.Percent(float64(w.rule.HoldOut), 0))))
	}
	return said
}

// caps says how often one person is asked at most, the workspace's part first.
func (w ruleWords) caps() []words.Sentence {
	var said []words.Sentence
	switch days := max(w.w.Caps.AllDays, w.rule.CapDays); days {
	case 0, 1:
		said = append(said, w.plain(w.l.T("rules.says.floor")))
	default:
		said = append(said, w.plain(w.l.N("rules.says.cap", int64(days))))
	}
	if days := w.own(); days > max(w.w.Caps.AllDays, w.rule.CapDays, 1) {
		said = append(said, w.plain(w.l.N("rules.says.cap_survey", int64(days))))
	}
	if days := max(w.own(), w.w.Caps.AllDays, w.rule.CapDays); w.rule.Trigger == surveys.TriggerSeries && w.rule.Every > 0 && days > w.rule.Every*longestMonth {
		said = append(said, w.plain(w.l.N("limits.series", int64(days))))
	}
	if w.rule.WhenCapped == surveys.CapDefer {
		said = append(said, w.plain(w.l.T("rules.says.defer")))
	}
	return said
}

// longestMonth is of how many days a month may be: three of them are never much
// shorter than 90 days.
const longestMonth = 31

// own is how many days lie between two questions of the rule's survey to one
// person by the limits that are about it.
func (w ruleWords) own() int {
	switch w.survey.Kind {
	case surveys.Relational:
		return max(w.survey.CapDays, w.w.Caps.RelationalDays)
	case surveys.Transactional:
		return max(w.survey.CapDays, w.w.Caps.TransactionalDays)
	}
	return w.survey.CapDays
}

// next says when the mail would leave if the event came in now, so that nobody
// who tries a rule on a Sunday waits for a mail of Monday. Nothing where it would
// leave at once, where nobody is asked, and where no event of its own decides.
func (w ruleWords) next(now time.Time) []words.Sentence {
	if w.rule.Trigger != surveys.TriggerEvent || w.rule.DelayFrom != "" || w.rule.Status != surveys.RuleActive {
		return nil
	}
	if w.rule.Delay > surveys.MaxDelay || len(w.rule.Window.Check()) > 0 { // of a form that is wrong
		return nil
	}
	at, open := w.rule.Window.Next(now.Add(w.rule.Delay), w.w.Zone, w.w.Holidays)
	if !open || at.Equal(now) {
		return nil
	}
	at = at.In(w.w.Zone)
	return []words.Sentence{w.plain(w.l.T("rules.says.next", "day", w.l.T("rules.day."+dayName(at.Weekday())), "at", w.l.Moment(at)))}
}

// reminders says what follows when nobody answers; nothing when nothing does.
func (w ruleWords) reminders() []words.Sentence {
	n := len(w.rule.Reminders)
	if n == 0 {
		return nil
	}
	return []words.Sentence{w.plain(w.l.N("rules.says.reminders", int64(n), "after", w.reminderDelays()))}
}

// reminderDelays are the waits before the reminders: "3 and 5 days", or each
// with its own unit where they differ.
func (w ruleWords) reminderDelays() string {
	whole := !slices.ContainsFunc(w.rule.Reminders, func(r surveys.Reminder) bool { return r.After%(24*time.Hour) != 0 })
	var delays []string
	for i, r := range w.rule.Reminders {
		if whole && i < len(w.rule.Reminders)-1 {
			delays = append(delays, w.l.Number(int64(r.After/(24*time.Hour))))
			continue
		}
		delays = append(delays, w.duration(max(r.After, 0)))
	}
	return w.list(delays)
}

// withdraw says what takes an invitation back; nothing when nothing does.
func (w ruleWords) withdraw() []words.Sentence {
	if len(w.rule.Withdraw.Events) == 0 {
		return nil
	}
	key := "rules.says.withdraw"
	if w.rule.Withdraw.Same != "" {
		key = "rules.says.withdraw_same"
	}
	return []words.Sentence{words.Set(w.l.T(key), map[string]words.Part{
		"events": {Text: strings.Join(w.rule.Withdraw.Events, w.l.T("rules.comma")), Code: true}, "property": {Text: w.rule.Withdraw.Same, Code: true},
	})}
}

// thanks says whether an answer is thanked for.
func (w ruleWords) thanks() []words.Sentence {
	switch {
	case !w.rule.Thanks.On:
		return nil
	case len(w.rule.Thanks.Links) == 0:
		return []words.Sentence{w.plain(w.l.T("rules.says.thanks"))}
	}
	return []words.Sentence{w.plain(w.l.T("rules.says.thanks_links"))}
}

// list joins names as a language does: "a, b and c".
func (v visit) list(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return v.l.T("rules.and", "first", strings.Join(names[:last], v.l.T("rules.comma")), "last", names[last])
}

// duration writes a delay in its largest whole unit.
func (v visit) duration(d time.Duration) string {
	n, unit := splitDelay(d)
	return v.l.N("rules.duration."+unit, n)
}

// splitDelay is a delay as a number of its largest whole unit.
func splitDelay(d time.Duration) (n int64, unit string) {
	switch {
	case d%(24*time.Hour) == 0 && d != 0:
		return int64(d / (24 * time.Hour)), "days"
	case d%time.Hour == 0:
		return int64(d / time.Hour), "hours"
	}
	return int64(d / time.Minute), "minutes"
}
