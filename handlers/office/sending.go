package office

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/mailer"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// pathSending is where it is said how mails leave.
const pathSending = layouts.PathSettings + "/sending"

// sendingRoutes are the addresses of how mails leave. Only those who may change
// it see it: it names the company's mail server and its user there.
func (d *desk) sendingRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return []route{
		{get, pathSending, surveys.Manager, d.sending},
		{post, pathSending, surveys.Manager, d.saveSender},
		{post, pathSending + "/relay", surveys.Manager, d.saveRelay},
		{post, pathSending + "/drop", surveys.Manager, d.dropRelay},
		{post, pathSending + "/test", surveys.Manager, d.trySending},
		{post, pathSending + "/signing", surveys.Manager, d.saveSigning},
		{post, pathSending + "/keys", surveys.Manager, d.makeKeys},
		{post, pathSending + "/keys/check", surveys.Manager, d.checkKeys},
		{post, pathSending + "/keys/anyway", surveys.Manager, d.signAnyway},
		{post, pathSending + "/keys/:id/retire", surveys.Manager, d.retireKey},
		{post, pathSending + "/keys/:id/delete", surveys.Manager, d.deleteDKIMKey},
	}
}

// sending shows how mails leave.
func (d *desk) sending(v visit) error {
	f, err := v.storedSending()
	if err != nil {
		return err
	}
	return f.show(http.StatusOK)
}

// saveSender stores in whose name mails leave, and where answers go.
func (d *desk) saveSender(v visit) error {
	f, err := v.storedSending()
	if err != nil {
		return err
	}
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	f.sender.FromName, f.sender.FromAddress, f.sender.BounceDomain = form.Get("from_name"), form.Get("from_address"), form.Get("bounce_domain")
	f.workspace.ReplyTo = form.Get("reply_to")
	f.problem = v.site.Sending.SaveSender(v.ctx(), f.workspace, f.sender)
	return f.done("sender_saved")
}

// saveRelay stores the workspace's own mail server.
func (d *desk) saveRelay(v visit) error {
	f, err := v.sentRelay()
	if err != nil {
		return err
	}
	f.problem = v.site.Sending.SaveRelay(v.ctx(), v.w.ID, f.relay)
	return f.done("relay_saved")
}

// sentRelay is the page with the mail server as the form has it.
func (v visit) sentRelay() (sendingForm, error) {
	f, err := v.storedSending()
	if err != nil {
		return f, err
	}
	form, err := web.Form(v)
	if err != nil {
		return f, err
	}
	f.relay = readRelay(form)
	return f, nil
}

// readRelay reads the form of a mail server. A port that is left out is the usual
// one of the connection.
func readRelay(form url.Values) surveys.Relay {
	r := surveys.Relay{
		Protection: surveys.Protection(form.Get("relay_protection")), Host: form.Get("relay_host"),
		Username: form.Get("relay_username"), Password: form.Get("relay_password"),
	}
	if r.Port = r.Protection.Port(); strings.TrimSpace(form.Get("relay_port")) != "" {
		r.Port, _ = strconv.Atoi(strings.TrimSpace(form.Get("relay_port"))) // what is no number is no port
	}
	return r
}

// dropRelay goes back to the server's own mail server.
func (d *desk) dropRelay(v visit) error {
	if err := v.site.Sending.DropRelay(v.ctx(), v.w.ID); err != nil {
		return err
	}
	return v.done("relay_dropped", pathSending)
}

// trySending mails a test to whoever asks for it, by the mail server in the form,
// stored or not; without one by the server's own. The page comes back with what
// came of it.
func (d *desk) trySending(v visit) error {
	f, err := v.sentRelay()
	if err != nil {
		return err
	}
	asked := mailer.RelayTrial{
		Workspace: f.workspace, To: v.user.Email,
		Subject: v.l.T("sending.test.subject"), Text: v.l.T("sending.test.text", "company", f.workspace.Name),
	}
	if f.relay.Host != "" {
		if asked.Relay, f.problem = v.site.Sending.CompleteRelay(f.sender, f.relay); f.problem != nil {
			return f.done("")
		}
	}
	result, err := v.site.Senders.Try(v.ctx(), asked)
	if surveys.KindOf(err) == surveys.Unavailable { // what is sealed cannot be opened
		f.problem = err
		return f.done("")
	}
	if err != nil {
		return err
	}
	f.result = f.resultOf(result)
	return f.show(http.StatusOK)
}

// saveSigning stores who signs.
func (d *desk) saveSigning(v visit) error {
	f, err := v.storedSending()
	if err != nil {
		return err
	}
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	f.sender.Signing = surveys.Signing(form.Get("signing"))
	if f.sender.Signing == "" {
		f.sender.Signing = "?" // no choice is none of them
	}
	f.problem = v.site.Sending.SaveSender(v.ctx(), f.workspace, f.sender)
	return f.done("signing_saved")
}

// makeKeys makes a pair of keys.
func (d *desk) makeKeys(v visit) error {
	f, err := v.storedSending()
	if err != nil {
		return err
	}
	f.problem = v.site.Sending.MakeKeys(v.ctx(), v.w.ID)
	return f.done("keys_made")
}

// checkKeys asks the DNS, and shows what it says.
func (d *desk) checkKeys(v visit) error {
	if err := v.site.Sending.CheckKeys(v.ctx(), v.w.ID); err != nil {
		return err
	}
	f, err := v.storedSending()
	if err != nil {
		return err
	}
	if domain := v.site.Sending.Domain(f.sender); domain != "" {
		f.policy = f.policyOf(domain, v.site.Sending.Policy(v.ctx(), domain))
	}
	return f.show(http.StatusOK)
}

// signAnyway makes the keys that wait sign unseen.
func (d *desk) signAnyway(v visit) error {
	if err := v.site.Sending.SignAnyway(v.ctx(), v.w.ID); err != nil {
		return err
	}
	return v.done("keys_signing", pathSending)
}

// retireKey ends that a key signs.
func (d *desk) retireKey(v visit) error {
	if err := v.site.Sending.RetireKey(v.ctx(), v.w.ID, v.Param("id")); err != nil {
		return err
	}
	return v.done("key_retired", pathSending)
}

// deleteDKIMKey takes a key away that does not sign.
func (d *desk) deleteDKIMKey(v visit) error {
	if err := v.site.Sending.DeleteKey(v.ctx(), v.w.ID, v.Param("id")); err != nil {
		return err
	}
	return v.done("dkim_deleted", pathSending)
}

// show renders the page.
func (f sendingForm) show(status int) error {
	return web.Render(f, status, office.SendingPage(f.page()))
}

// done leads on after what was asked for, or comes back with what is wrong.
func (f sendingForm) done(flash string) error {
	switch surveys.KindOf(f.problem) {
	case surveys.Invalid, surveys.Conflict, surveys.Unavailable:
		return f.show(web.Status(f.problem))
	}
	if f.problem != nil {
		return f.problem
	}
	return f.visit.done(flash, pathSending)
}
