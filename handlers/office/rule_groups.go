package office

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/office"
)

// addGroups adds the folded groups, each of which says what is set in it.
func (f ruleForm) addGroups(view *office.RuleForm) {
	said := ruleWords{visit: f.visit, rule: f.rule, survey: f.survey()}
	view.Window = f.windowGroup(said)
	view.Shares = f.sharesGroup()
	view.Caps = f.capsGroup()
	view.Reminders = f.remindersGroup(said)
	view.Withdraw = f.withdrawGroup()
	view.Thanks = f.thanksGroup()
	view.Link = office.NumberGroup{Fold: f.fold("link", f.l.N("rules.fold.link_days", int64(max(f.rule.ExpiryDays, 0))), "expiry_days"), Number: f.number("expiry_days", f.rule.ExpiryDays)}
}

// fold is a group's head. It is open when something in it is wrong, and after a
// button in it was pressed.
func (f ruleForm) fold(name, says string, paths ...string) office.Fold {
	fold := office.Fold{ID: "fold-" + name, Title: f.l.T("rules.fold." + name), Says: says, Open: f.open == name}
	for path, message := range f.wrong {
		fold.Open = fold.Open || message != "" && slices.ContainsFunc(paths, func(p string) bool { return strings.HasPrefix(path, p) })
	}
	return fold
}

func (f ruleForm) windowGroup(said ruleWords) office.WindowGroup {
	w, says := f.rule.Window, f.l.T("rules.fold.any_time")
	chosen, shown := windowOwn, w
	switch w {
	case surveys.AnyTime():
		chosen, shown = windowAny, surveys.WorkingHours()
	case surveys.WorkingHours():
		chosen = windowWorking
	}
	switch {
	case len(w.Check()) > 0:
		says = unsaid
	case chosen != windowAny:
		says = f.l.T("rules.fold.window_set", "days", said.days(w.Days), "hours", said.hours(w))
	}
	g := office.WindowGroup{
		Fold: f.fold("window", says, "window"), Preset: f.choices(f.field("window"), f.text("window", chosen), windowAny, windowWorking, windowOwn),
		Days: f.l.T("rules.form.days"), DaysError: f.wrong["window.days"],
		From: components.TextInput{Field: f.bare("window.from"), Type: "time", Value: f.text("window.from", clock(max(shown.From, 0)))},
		To:   components.TextInput{Field: f.bare("window.to"), Type: "time", Value: f.text("window.to", clock(max(shown.To, 0)%(24*60)))},
	}
	for _, day := range weekdays() {
		g.Boxes = append(g.Boxes, components.Check{
			Field: components.Field{Name: "window.days", Label: f.l.T("rules.day." + dayName(day))}, Value: dayName(day), Checked: shown.Days.Has(day),
		})
	}
	return g
}

func (f ruleForm) sharesGroup() office.NumbersGroup {
	var set []string
	if f.rule.Sample < 100 {
		set = append(set, f.l.T("rules.fold.sample_set", "share", f.l.Percent(float64(max(f.rule.Sample, 0)), 0)))
	}
	if f.rule.HoldOut > 0 {
		set = append(set, f.l.T("rules.fold.hold_out_set", "share", f.l.Percent(float64(f.rule.HoldOut), 0)))
	}
	says := cmp.Or(f.list(set), f.l.T("rules.fold.everybody"))
	return office.NumbersGroup{Fold: f.fold("shares", says, "sample", "hold_out"),
		Numbers: []components.TextInput{f.number("sample", f.rule.Sample), f.number("hold_out", f.rule.HoldOut)}}
}

func (f ruleForm) capsGroup() office.CapsGroup {
	says := f.l.T("rules.fold.caps_usual")
	if f.rule.CapDays > 0 {
		says = f.l.N("rules.fold.caps_own", int64(f.rule.CapDays))
	}
	if f.rule.WhenCapped == surveys.CapDefer {
		says += f.l.T("rules.fold.caps_defer")
	}
	return office.CapsGroup{
		Fold: f.fold("caps", says, "cap_days", "when_capped"), Lead: f.capsLead(), Days: f.number("cap_days", f.rule.CapDays),
		Policy: f.choices(f.field("when_capped"), string(f.rule.WhenCapped), string(surveys.CapDrop), string(surveys.CapDefer)), For: string(f.rule.Trigger),
	}
}

// capsLead says which limits of the workspace hold whatever the rule says.
func (f ruleForm) capsLead() string {
	caps := f.w.Caps
	if caps.AllDays == 0 {
		return f.l.T("rules.fold.caps_lead_none")
	}
	return f.l.N("rules.fold.caps_lead", int64(caps.AllDays))
}

func (f ruleForm) remindersGroup(said ruleWords) office.RemindersGroup {
	says := f.l.T("rules.fold.no_reminders")
	if n := len(f.rule.Reminders); n > 0 {
		says = f.l.N("rules.fold.reminders_set", int64(n), "after", said.reminderDelays())
	}
	g := office.RemindersGroup{Fold: f.fold("reminders", says, "reminders"), Help: f.l.N("rules.form.reminders_help", int64(f.w.Caps.Reminders)), Error: f.wrong["reminders"]}
	if f.w.Caps.Reminders == 0 {
		g.Help = f.l.T("rules.form.reminders_help_uncapped")
	}
	if len(f.rule.Reminders) < surveys.MaxReminders {
		g.Add = f.l.T("rules.form.add_reminder")
	}
	for i, r := range f.rule.Reminders {
		n, unit := splitDelay(max(r.After, 0))
		name := reminderField(i, "after")
		label := f.l.T("rules.form.reminder", "n", int64(i+1))
		g.Rows = append(g.Rows, office.ReminderRow{
			After:  components.TextInput{Field: components.Field{Name: name, Label: label, Error: f.wrong[name]}, Value: f.text(name, strconv.FormatInt(n, 10))},
			Unit:   f.units(reminderField(i, "unit"), unit),
			Key:    office.Hidden{Name: reminderField(i, "key"), Value: strconv.Itoa(r.Key)},
			Remove: components.Action{Text: f.l.T("rules.form.remove"), Label: f.l.T("rules.form.remove_reminder", "n", int64(i+1)), Kind: components.Quiet, Name: "remove_reminder", Value: strconv.Itoa(i)},
		})
		if r.After > 0 && r.After%time.Hour == 0 {
			g.Rows[i].Unit.Options = g.Rows[i].Unit.Options[1:] // whole hours are the least
		}
	}
	return g
}

func (f ruleForm) withdrawGroup() office.WithdrawGroup {
	says := f.l.T("rules.fold.no_withdraw")
	if events := f.rule.Withdraw.Events; len(events) > 0 {
		says = strings.Join(events, f.l.T("rules.comma"))
	}
	g := office.WithdrawGroup{
		Fold:   f.fold("withdraw", says, "withdraw"),
		Events: components.TextArea{Field: f.field("withdraw"), Value: f.text("withdraw", strings.Join(f.rule.Withdraw.Events, "\n")), Rows: 2, Limit: surveys.MaxWithdraw * 65},
		Same:   components.TextInput{Field: f.field("withdraw_same"), Value: f.text("withdraw_same", f.rule.Withdraw.Same), Placeholder: "ticket_id", Limit: 100},
	}
	g.Events.Optional, g.Same.Optional = f.l.T("office.optional"), f.l.T("office.optional")
	return g
}

func (f ruleForm) thanksGroup() office.ThanksGroup {
	says := f.l.T("rules.fold.no_thanks")
	if f.rule.Thanks.On {
		says = f.l.N("rules.fold.thanks_set", int64(len(f.rule.Thanks.Links)))
	}
	g := office.ThanksGroup{
		Fold: f.fold("thanks", says, "thanks"),
		On:   components.Check{Field: f.field("thanks"), Value: "1", Checked: f.rule.Thanks.On},
	}
	for i, band := range metricOr(f.survey().Metric).Scale().Bands() {
		name := "thanks.links." + ranks()[i]
		g.Links = append(g.Links, components.TextInput{
			Field: components.Field{Name: name, Label: f.l.T("rules.form." + name), Error: f.wrong["thanks.links."+string(band)], Optional: f.l.T("office.optional")},
			Type:  "url", Value: f.text(name, f.rule.Thanks.Links[band]), Placeholder: "https://", Limit: surveys.MaxLink,
		})
	}
	return g
}
