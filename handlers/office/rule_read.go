package office

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/harkhq/hark/surveys"
)

// The choices of the field delay_base: what the delay counts from.
const (
	fromEvent   = "event"
	afterField  = "after"
	beforeField = "before"
)

// The choices of the field window.
const (
	windowAny     = "any"
	windowWorking = "working"
	windowOwn     = "own"
)

// readRule reads the form over a rule; what the form has no field for stays. A
// number that is none becomes -1, which the rule's own check refuses at its
// field, so that nothing is stored.
func readRule(form url.Values, r surveys.Rule, scale surveys.Scale) surveys.Rule {
	r = r.Filled()
	for name, text := range map[string]*string{"name": &r.Name, "event_type": &r.EventType, "condition": &r.Condition, "survey_id": &r.SurveyID} {
		if form.Has(name) {
			*text = strings.ReplaceAll(form.Get(name), "\r\n", "\n")
		}
	}
	if form.Has("trigger") {
		r.Trigger = surveys.Trigger(form.Get("trigger"))
	}
	if form.Has("status") {
		r.Status = surveys.RuleStatus(form.Get("status"))
	}
	readPolicy(form, &r)
	for name, n := range map[string]*int{"every": &r.Every, "cap_days": &r.CapDays, "sample": &r.Sample, "hold_out": &r.HoldOut, "expiry_days": &r.ExpiryDays} {
		if form.Has(name) {
			*n = number(form.Get(name))
		}
	}
	for _, n := range []*int{&r.Sample, &r.ExpiryDays} {
		if *n == 0 { // would be filled with the usual value
			*n = -1
		}
	}
	readDelay(form, &r)
	readWindow(form, &r)
	readReminders(form, &r)
	readWithdraw(form, &r)
	readThanks(form, &r, scale)
	return ofTrigger(r)
}

// readPolicy reads what happens to somebody for whom it is too early. Where the
// form offered what is usual for another trigger and nobody changed it, the usual
// of this one is meant.
func readPolicy(form url.Values, r *surveys.Rule) {
	if !form.Has("when_capped") {
		return
	}
	r.WhenCapped = surveys.CapPolicy(form.Get("when_capped"))
	if shown := surveys.Trigger(form.Get("when_capped_for")); shown != "" && shown != r.Trigger && r.WhenCapped == usualPolicy(shown) {
		r.WhenCapped = usualPolicy(r.Trigger)
	}
}

// usualPolicy is to leave somebody out after an event, because a late question is
// about something forgotten, and to wait where their next turn is months away or
// never comes.
func usualPolicy(t surveys.Trigger) surveys.CapPolicy {
	if t == surveys.TriggerSeries || t == surveys.TriggerList {
		return surveys.CapDefer
	}
	return surveys.CapDrop
}

// ofTrigger takes away what another trigger had: the form shows it no more.
func ofTrigger(r surveys.Rule) surveys.Rule {
	if r.Trigger != surveys.TriggerEvent {
		r.EventType, r.Delay, r.DelayFrom = "", 0, ""
	}
	if r.Trigger != surveys.TriggerSeries {
		r.Every = 0
	}
	return r
}

func number(text string) int {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return -1
	}
	return n
}

func delayUnits() map[string]time.Duration {
	return map[string]time.Duration{"minutes": time.Minute, "hours": time.Hour, "days": 24 * time.Hour}
}

// span reads a number and its unit; false for what is none. It is bounded, so
// that the product cannot overflow.
func span(form url.Values, name, unitName string) (time.Duration, bool) {
	n, unit := number(form.Get(name)), delayUnits()[form.Get(unitName)]
	if n < 0 || unit == 0 || n > int(surveys.MaxDelay/time.Minute) {
		return 0, false
	}
	return time.Duration(n) * unit, true
}

// readDelay reads how long after what, or before what, the rule asks.
func readDelay(form url.Values, r *surveys.Rule) {
	if !form.Has("delay") {
		return
	}
	delay, ok := span(form, "delay", "delay_unit")
	if !ok {
		delay = surveys.MaxDelay + time.Minute // refused
	}
	r.Delay, r.DelayFrom = delay, ""
	if base := form.Get("delay_base"); base == afterField || base == beforeField {
		r.DelayFrom = form.Get("delay_from")
		if strings.TrimSpace(r.DelayFrom) == "" {
			r.DelayFrom = "?" // named nothing: refused at its field
		}
		if base == beforeField {
			r.Delay = -delay
		}
	}
}

// readWindow reads on which days and hours mails may leave.
func readWindow(form url.Values, r *surveys.Rule) {
	switch form.Get("window") {
	case windowAny:
		r.Window = surveys.AnyTime()
	case windowWorking:
		r.Window = surveys.WorkingHours()
	case windowOwn:
		var days surveys.Weekdays
		for _, day := range weekdays() {
			for _, ticked := range form["window.days"] {
				if ticked == dayName(day) {
					days |= surveys.On(day)
				}
			}
		}
		r.Window = surveys.Window{Days: days, From: minutes(form.Get("window.from")), To: minutes(form.Get("window.to"))}
		if r.Window.To == 0 { // midnight, at the day's end
			r.Window.To = 24 * 60
		}
	}
}

// clock writes minutes after midnight as a field of time has them, and minutes
// reads them; -1 for what is no time.
func clock(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

func minutes(text string) int {
	at, err := time.Parse("15:04", strings.TrimSpace(text))
	if err != nil {
		return -1
	}
	return at.Hour()*60 + at.Minute()
}

// reminderField names a field of a reminder.
func reminderField(i int, name string) string { return fmt.Sprintf("reminders.%d.%s", i, name) }

// tidyReminders takes out the empty rows of a form, so that its rows are those
// of the rule and errors find them.
func tidyReminders(form url.Values) {
	kept := 0
	for i := range surveys.MaxReminders + 1 {
		row := make(map[string][]string)
		for _, name := range []string{"after", "unit", "key"} {
			if field := reminderField(i, name); form.Has(field) {
				row[name] = form[field]
				form.Del(field)
			}
		}
		if after := row["after"]; len(after) == 0 || strings.TrimSpace(after[0]) == "" {
			continue
		}
		for name, values := range row {
			form[reminderField(kept, name)] = values
		}
		kept++
	}
}

// maxReminderKey bounds what a form may say a reminder's key is.
const maxReminderKey = 1 << 20

// nextReminder is the key of a new reminder: one that none has, nor had when the
// form was opened, so that the words of one that was taken out do not come back.
func nextReminder(stored, now []surveys.Reminder) int {
	next := 1
	for _, reminder := range slices.Concat(stored, now) {
		next = max(next, reminder.Key+1)
	}
	return next
}

// readReminders reads the rows of a tidy form that has the list. A form without
// keys means the reminders that are stored, by their places.
func readReminders(form url.Values, r *surveys.Rule) {
	if !form.Has("reminders") {
		return
	}
	stored := r.Reminders
	r.Reminders = nil
	for i := range surveys.MaxReminders + 1 {
		if !form.Has(reminderField(i, "after")) {
			return
		}
		after, ok := span(form, reminderField(i, "after"), reminderField(i, "unit"))
		if !ok {
			after = -1
		}
		reminder := surveys.Reminder{After: after}
		if key := number(form.Get(reminderField(i, "key"))); key > 0 && key < maxReminderKey {
			reminder.Key = key
		} else if !form.Has(reminderField(i, "key")) && i < len(stored) {
			reminder.Key = stored[i].Key
		}
		r.Reminders = append(r.Reminders, reminder)
	}
}

// readWithdraw reads the types of events that take an invitation back.
func readWithdraw(form url.Values, r *surveys.Rule) {
	if !form.Has("withdraw") {
		return
	}
	r.Withdraw = surveys.Withdrawal{Events: strings.FieldsFunc(form.Get("withdraw"), func(c rune) bool { return strings.ContainsRune(", ;\r\n\t，；、", c) })}
	if len(r.Withdraw.Events) > 0 {
		r.Withdraw.Same = form.Get("withdraw_same")
	}
}

// readThanks reads the letter of thanks, with a link for each band of the
// survey's scale.
func readThanks(form url.Values, r *surveys.Rule, scale surveys.Scale) {
	if !form.Has("thanks.links.good") {
		return
	}
	r.Thanks = surveys.Thanks{On: form.Has("thanks"), Links: make(map[surveys.Band]string)}
	for i, band := range scale.Bands() {
		if link := strings.TrimSpace(form.Get("thanks.links." + ranks()[i])); link != "" {
			r.Thanks.Links[band] = link
		}
	}
}

// ranks are what the form calls the bands, whatever the survey's metric: the
// good one first.
func ranks() []string { return []string{"good", "middle", "bad"} }
