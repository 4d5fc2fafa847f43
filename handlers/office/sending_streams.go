package office

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// streamRoutes are the addresses of how mails go, and how fast.
func (d *desk) streamRoutes() []route {
	return []route{
		{http.MethodPost, pathSending + "/streams/:receiver", surveys.Manager, d.goOn},
		{http.MethodPost, pathSending + "/pace", surveys.Manager, d.savePace},
		{http.MethodPost, pathSending + "/receivers", surveys.Owner, d.saveReceivers},
	}
}

// goOn lets mails to a receiver leave again.
func (d *desk) goOn(v visit) error {
	receiver, err := url.PathUnescape(v.Param("receiver"))
	if err != nil {
		return surveys.Fail(surveys.NotFound, "not_found")
	}
	group := slices.Contains(append(surveys.Receivers(), surveys.AllAtOnce), surveys.Receiver(receiver))
	err = v.site.Sending.GoOn(v.ctx(), v.w.ID, surveys.Receiver(receiver))
	if err != nil && (!group || surveys.KindOf(err) != surveys.NotFound) { // else it went on by itself in the meantime
		return err
	}
	return v.done("stream_resumed", pathSending)
}

// savePace stores how fast mails leave.
func (d *desk) savePace(v visit) error {
	f, err := v.storedSending()
	if err != nil {
		return err
	}
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	stored, err := v.site.Store.Pace(v.ctx(), v.w.ID)
	if err != nil {
		return err
	}
	pace := readPace(form, stored, v.site.Store.Now())
	f.problem = v.site.Sending.SavePace(v.ctx(), pace)
	f.pace, f.rate = &pace, form.Get("pace_per_second")
	return f.done("pace_saved")
}

// readPace reads the form of the pace. Who warms up already goes on where they
// are.
func readPace(form url.Values, stored surveys.Pace, now time.Time) surveys.Pace {
	pace := surveys.Pace{WorkspaceID: stored.WorkspaceID, WarmUpSince: stored.WarmUpSince, Unresolved: surveys.Unresolved(form.Get("pace_unresolved"))}
	if text := strings.TrimSpace(form.Get("pace_per_second")); text != "" {
		n, err := strconv.Atoi(text)
		if pace.PerSecond = n; err != nil || n == 0 {
			pace.PerSecond = -1 // it is none
		}
	}
	if pace.Unresolved == "" {
		pace.Unresolved = "?" // no choice is none of them
	}
	switch warm := form.Get("pace_warm") != ""; {
	case !warm:
		pace.WarmUpSince = nil
	case stored.WarmUpDay(now) == 0: // it begins, or begins again
		pace.WarmUpSince = &now
	}
	return pace
}

// streamPart is the part about how mails go; nothing when it cannot be read, which
// the log tells, since the rest of the page is of use without it.
func (f sendingForm) streamPart() templ.Component {
	going, err := f.site.Sending.Going(f.ctx(), f.w.ID)
	if err != nil {
		f.site.Log.ErrorContext(f.ctx(), "read how mails go", "error", err)
		return templ.NopComponent
	}
	now, wrong := f.site.Store.Now(), f.fieldErrors(f.problem)
	view := office.SendingStreams{
		Page: f.visit.page(f.l.T("sending.title"), layouts.Settings), Alerts: f.streamAlerts(going, now), Action: pathSending + "/pace",
		Rate: components.TextInput{Field: f.streamField("pace_per_second", wrong), Limit: 5, Autocomplete: "off"},
		Warm: components.Check{Field: f.streamField("pace_warm", wrong)}, Again: components.Choices{Field: f.streamField("pace_unresolved", wrong)},
	}
	view.Receivers = f.receiverPaces(going.Paces, wrong)
	view.Rate.Optional = f.l.T("office.optional")
	for n, s := range going.Streams {
		sum := going.Week[n]
		view.Rows = append(view.Rows, office.StreamRow{
			Name: f.receiver(s.Receiver), Sent: f.l.Number(int64(sum.Sent)), Refused: f.l.Number(int64(sum.Refused + sum.Bounced)), Complaints: f.l.Number(int64(sum.Complaints)), State: f.streamState(s, going.Guard, now),
		})
	}
	pace := going.Pace
	if f.pace != nil {
		pace = *f.pace
	}
	if view.Rate.Value = f.rate; f.pace == nil && pace.PerSecond > 0 {
		view.Rate.Value = strconv.Itoa(pace.PerSecond)
	}
	view.Warm.Checked, view.Plan = pace.WarmUpDay(now) > 0, f.warmPlan(pace, now)
	for _, choice := range []surveys.Unresolved{surveys.ResendOnce, surveys.ResendNever} {
		view.Again.Options = append(view.Again.Options, components.Option{Value: string(choice), Text: f.l.T("streams.unresolved." + string(choice)), Selected: pace.Unresolved == choice})
	}
	return office.SendingStreamsPart(view)
}

func (f sendingForm) streamField(name string, wrong map[string]string) components.Field {
	return components.Field{Name: name, Label: f.l.T("streams." + name), Help: f.l.T("streams." + name + "_help"), Error: wrong[name]}
}

// receiver is what people call a group of receivers, or a domain.
func (f sendingForm) receiver(r surveys.Receiver) string {
	switch r {
	case surveys.Gmail, surveys.Microsoft, surveys.Yahoo, surveys.Others:
		return f.l.T("streams.receiver." + string(r))
	}
	return string(r)
}

// streamState is how a stream fares, in a word or two.
func (f sendingForm) streamState(s, guard surveys.Stream, now time.Time) components.Tag {
	switch {
	case guard.Rests(now):
		return components.Tag{Tone: components.Bad, Text: f.l.T("streams.state.stopped")}
	case s.Rests(now):
		return components.Tag{Tone: components.Bad, Text: f.l.T("streams.state.rests")}
	case s.Cause == surveys.StreamBusy && s.Troubled(now):
		return components.Tag{Tone: components.Warn, Text: f.l.T("streams.state.slow")}
	case s.Troubled(now):
		return components.Tag{Tone: components.Warn, Text: f.l.T("streams.state.tries")}
	}
	return components.Tag{Tone: components.Good, Text: f.l.T("streams.state.flows")}
}

// clock is a moment of today or tomorrow.
func (f sendingForm) clock(at time.Time) string { return f.l.DateTime(at.In(f.w.Zone)) }

// streamAlerts are what somebody should look at, the worst first.
func (f sendingForm) streamAlerts(g flow.Going, now time.Time) []office.StreamAlert {
	var alerts []office.StreamAlert
	sent, complaints := f.l.Number(int64(g.Complained.Sent)), f.l.Number(int64(g.Complained.Complaints))
	switch {
	case g.Guard.Cause != "":
		complaints, sent, _ = strings.Cut(g.Guard.Why, "/")
		alerts = append(alerts, office.StreamAlert{
			Bad: true, Title: f.l.T("streams.complaints.title"), Text: f.l.T("streams.complaints.text", "complaints", complaints, "sent", sent),
			Todo: f.l.T("streams.complaints.todo"), GoOn: f.goOnDeed(surveys.AllAtOnce),
		})
	case g.Warn:
		alerts = append(alerts, office.StreamAlert{
			Title: f.l.T("streams.warn.title"), Text: f.l.T("streams.warn.text", "complaints", complaints, "sent", sent), Todo: f.l.T("streams.warn.todo"),
		})
	}
	for _, s := range append(g.Streams, g.Domains...) {
		if s.Troubled(now) {
			alerts = append(alerts, f.streamAlert(s, now))
		}
	}
	return alerts
}

// streamAlert is a stream in trouble.
func (f sendingForm) streamAlert(s surveys.Stream, now time.Time) office.StreamAlert {
	receiver, cause := f.l.T("streams.to.named", "name", f.receiver(s.Receiver)), string(s.Cause)
	if s.Receiver == surveys.Others {
		receiver = f.l.T("streams.to.others")
	}
	a := office.StreamAlert{
		Title: f.l.T("streams.tries.title", "receiver", receiver), Text: f.l.T("streams."+cause+".text", "receiver", receiver), Words: s.Why,
		Todo: f.l.T("streams."+cause+".todo", "receiver", receiver),
	}
	if s.Cause == surveys.StreamReturned {
		came, sent, _ := strings.Cut(s.Why, "/")
		a.Text, a.Words = f.l.T("streams.returned.text", "receiver", receiver, "returned", came, "sent", sent), ""
		a.Todo = f.l.T("streams.refused.todo")
	}
	switch {
	case s.Rests(now):
		a.Bad = s.Cause != surveys.StreamBusy
		a.Title, a.GoOn = f.l.T("streams.rests.title", "receiver", receiver, "time", f.clock(*s.Until)), f.goOnDeed(s.Receiver)
	case s.Cause == surveys.StreamBusy:
		a.Title, a.GoOn = f.l.T("streams.slow.title", "receiver", receiver), f.goOnDeed(s.Receiver)
	}
	return a
}

func (f sendingForm) goOnDeed(r surveys.Receiver) *office.Deed {
	return &office.Deed{Action: pathSending + "/streams/" + url.PathEscape(string(r)), Button: components.Action{Text: f.l.T("streams.go_on"), Kind: components.Secondary}}
}

// warmPlan is what warming up means in numbers, and how far it is.
func (f sendingForm) warmPlan(pace surveys.Pace, now time.Time) []string {
	var steps []string
	for _, day := range []int{1, 2, 3, 7, 14} {
		steps = append(steps, f.l.T("streams.plan.day", "day", f.l.Number(int64(day)), "letters", f.l.Number(int64(surveys.WarmUp(day)))))
	}
	days := surveys.WarmUpDays(surveys.WarmUpEnough)
	lines := []string{
		f.l.T("streams.plan.each", "first", surveys.WarmUpFirst), strings.Join(steps, f.l.T("streams.plan.and")),
		f.l.T("streams.plan.until", "day", days, "letters", f.l.Number(surveys.WarmUpEnough)),
	}
	if day := pace.WarmUpDay(now); day > 0 {
		done := surveys.DayStart(surveys.StreamDayOf(now) + days - day)
		lines = append([]string{f.l.T("streams.plan.today", "day", day, "letters", f.l.Number(int64(surveys.WarmUp(day))), "date", f.l.Date(done))}, lines...)
	}
	return lines
}

// saysGoing is one line of how it stands where mails do not go as they should.
func (f sendingForm) saysGoing() []office.SendingLine {
	troubles, err := f.site.Sending.Troubles(f.ctx(), f.w.ID)
	if err != nil || len(troubles) == 0 {
		return nil // the part about streams tells of the error
	}
	now, tone, key := f.site.Store.Now(), components.Warn, "streams.says.slow"
	for _, s := range troubles {
		if s.Rests(now) && s.Cause != surveys.StreamBusy {
			tone, key = components.Bad, "streams.says.rests"
		}
	}
	line := f.line(tone, key)
	line.Tag.Text = f.l.T("streams.says.tag")
	return []office.SendingLine{line}
}
