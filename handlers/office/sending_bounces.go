package office

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/a-h/templ"

	"github.com/harkhq/hark/handlers/hooks"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// bouncesWithin is how far back the page of sending counts what came back.
const bouncesWithin = 30 * 24 * time.Hour

// hookProviders are the mail providers, as the page lists them.
func hookProviders() []surveys.BounceSource {
	return []surveys.BounceSource{surveys.BounceBySES, surveys.BounceByMailgun, surveys.BounceByPostmark, surveys.BounceBySendGrid}
}

// bouncePart is the part about what comes back; nil when it cannot be read,
// which the log tells, since the rest of the page is of use without it.
func (f sendingForm) bouncePart() templ.Component {
	counts, err := f.site.Store.BounceCounts(f.ctx(), f.w.ID, f.site.Store.Now().Add(-bouncesWithin))
	stored, failed := f.site.Store.MailHooks(f.ctx(), f.w.ID)
	if err != nil || failed != nil {
		f.site.Log.ErrorContext(f.ctx(), "read what came back", "error", err, "hooks", failed)
		return templ.NopComponent
	}
	view := office.SendingBounces{
		Page: f.visit.page(f.l.T("sending.title"), layouts.Settings), Action: pathSending + "/hooks",
		List: components.Action{Text: f.l.T("suppressions.sending.list"), Address: pathSuppressions, Kind: components.Secondary},
	}
	for _, class := range []surveys.BounceClass{surveys.BounceHard, surveys.BounceFull, surveys.BounceSoft, surveys.BouncePolicy, surveys.BounceComplaint} {
		if n := counts[class]; n > 0 {
			tone := components.Plain
			if class == surveys.BouncePolicy || class == surveys.BounceComplaint {
				tone = components.Warn
			}
			view.Says = append(view.Says, office.SendingLine{Tag: components.Tag{Tone: tone, Text: f.l.Number(n)}, Text: f.l.N("suppressions.sending.class."+string(class), n)})
		}
	}
	if len(view.Says) == 0 {
		view.Says = []office.SendingLine{{Tag: components.Tag{Tone: components.Good, Text: f.l.Number(0)}, Text: f.l.T("suppressions.sending.none")}}
	}
	for _, provider := range hookProviders() {
		at := slices.IndexFunc(stored, func(h surveys.MailHook) bool { return h.Provider == provider })
		var hook *surveys.MailHook
		if at >= 0 {
			hook = &stored[at]
		}
		view.Hooks = append(view.Hooks, f.hook(provider, hook))
	}
	return office.SendingBouncesPart(view)
}

// hook is one provider; stored is nil when its reports are not taken.
func (f sendingForm) hook(provider surveys.BounceSource, stored *surveys.MailHook) office.SendingHook {
	name := string(provider)
	h := office.SendingHook{
		Name: f.l.T("suppressions.source." + name), Value: name, ID: "hook-" + name, Address: f.hookAddress(provider), Help: f.l.T("suppressions.sending.help." + name),
		State: components.Tag{Text: f.l.T("suppressions.sending.off")}, Button: components.Action{Text: f.l.T("suppressions.sending.take")},
	}
	if problem := f.fieldErrors(f.problem)[name]; problem != "" {
		h.Open, h.Word.Error = true, problem
	}
	if provider == surveys.BounceByPostmark {
		h.Button.Name, h.Button.Value = "word_"+name, "on"
	} else {
		h.Word.Name, h.Word.Label, h.Word.Limit, h.Word.Autocomplete = "word_"+name, f.l.T("suppressions.sending.word."+name), 400, "off"
		if provider == surveys.BounceByMailgun {
			h.Word.Type = "password"
		}
	}
	if stored == nil {
		return h
	}
	h.State = components.Tag{Text: f.l.T("suppressions.sending.on"), Tone: components.Good}
	if stored.HeardAt != nil {
		h.State.Text = f.l.T("suppressions.sending.heard", "at", f.l.DateTime(stored.HeardAt.In(f.w.Zone)))
	}
	h.Drop = &components.Action{Text: f.l.T("suppressions.sending.drop"), Kind: components.Quiet, Name: "drop", Value: "yes"}
	if h.Word.Name != "" {
		h.Word.Value, h.Word.Optional = stored.Public, f.l.T("office.optional")
	}
	return h
}

// hookAddress is where a provider sends its reports; Postmark signs in with it.
func (f sendingForm) hookAddress(provider surveys.BounceSource) string {
	address := *f.site.URL.JoinPath(hooks.Path, string(provider), f.w.Key)
	if provider == surveys.BounceByPostmark {
		address.User = url.UserPassword(hooks.PostmarkUser, hooks.PostmarkPassword(f.w.Workspace))
	}
	return address.String()
}

// saveHook takes the reports of a provider from now on, or no more.
func (d *desk) saveHook(v visit) error {
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	f, err := v.storedSending()
	if err != nil {
		return err
	}
	provider, word := surveys.BounceSource(form.Get("provider")), form.Get("word_"+form.Get("provider"))
	if form.Get("drop") != "" {
		word = ""
	} else if word == "" {
		f.problem = surveys.Wrong(surveys.FieldError{Path: string(provider), Code: "required"})
		return f.show(http.StatusUnprocessableEntity)
	}
	f.problem = v.site.Sending.SaveHook(v.ctx(), v.w.ID, provider, word)
	return f.done("hook_saved")
}
