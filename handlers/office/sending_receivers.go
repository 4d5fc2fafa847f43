package office

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/office"
)

// saveReceivers stores how many letters a minute each group of receivers gets.
func (d *desk) saveReceivers(v visit) error {
	f, err := v.storedSending()
	if err != nil {
		return err
	}
	if f.receivers, err = web.Form(v); err != nil {
		return err
	}
	f.problem = v.site.Sending.SaveReceiverPaces(v.ctx(), v.w.ID, readReceivers(f.receivers))
	return f.done("pace_saved")
}

// receiverField is the name of the field of a group of receivers.
func receiverField(r surveys.Receiver) string { return "pace_" + string(r) }

// readReceivers reads the form; what is left empty is as usual.
func readReceivers(form url.Values) map[surveys.Receiver]int {
	perMinute := make(map[surveys.Receiver]int)
	for _, receiver := range surveys.Receivers() {
		text := strings.TrimSpace(form.Get(receiverField(receiver)))
		n, err := strconv.Atoi(text)
		if perMinute[receiver] = n; text != "" && (err != nil || n == 0) {
			perMinute[receiver] = -1 // it is none
		}
	}
	return perMinute
}

// receiverPaces is how many letters a minute each group of receivers gets: a form
// for owners, a line for others.
func (f sendingForm) receiverPaces(paces []surveys.ReceiverPace, wrong map[string]string) office.ReceiverPaces {
	view := office.ReceiverPaces{Action: pathSending + "/receivers"}
	var says []string
	for _, pace := range paces {
		usual := f.letters(pace.Receiver.UsualPace())
		field := components.TextInput{
			Field: components.Field{Name: receiverField(pace.Receiver), Label: f.receiver(pace.Receiver), Help: f.l.T("streams.receivers.usual", "letters", usual), Error: wrong[receiverField(pace.Receiver)]},
			Limit: 6, Autocomplete: "off",
		}
		if field.Value = f.receivers.Get(field.Name); f.receivers == nil && pace.PerMinute > 0 {
			field.Value = strconv.Itoa(pace.PerMinute)
		}
		view.Fields = append(view.Fields, field)
		if pace.PerMinute > 0 {
			usual = f.letters(pace.PerMinute)
		}
		says = append(says, f.l.T("streams.receivers.one", "receiver", f.receiver(pace.Receiver), "letters", usual))
	}
	if !f.user.Role.Allows(surveys.Owner) {
		view.Fields, view.Says = nil, f.l.T("streams.receivers.owner", "list", strings.Join(says, f.l.T("streams.plan.and")))
	}
	return view
}

// letters is a number of letters, or that there is no bound.
func (f sendingForm) letters(n int) string {
	if n == 0 {
		return f.l.T("streams.receivers.any")
	}
	return f.l.Number(int64(n))
}
