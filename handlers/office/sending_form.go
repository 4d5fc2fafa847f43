package office

import (
	"cmp"
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"golang.org/x/net/idna"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/mailer"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// sendingForm is the page of how mails leave, as stored or as sent.
type sendingForm struct {
	visit
	workspace surveys.Workspace
	sender    surveys.Sender
	stored    surveys.Sender // beside what was sent
	relay     surveys.Relay  // as its form has it, without the stored password
	own       surveys.Relay  // the stored one
	closed    bool           // the stored one cannot be opened
	vouched   bool           // mails leave from the workspace's own address
	keys      []surveys.DKIMKey
	problem   error
	result    *office.TrialResult
	policy    []office.SendingLine
	pace      *surveys.Pace // as it was sent; nil: as stored
	rate      string        // of it, as it was written
	receivers url.Values    // letters a minute, as they were sent; nil: as stored
}

// storedSending is the page as stored.
func (v visit) storedSending() (sendingForm, error) {
	f := sendingForm{visit: v}
	var err error
	if f.workspace, err = v.site.Store.Workspace(v.ctx(), v.w.ID); err != nil { // not the Directory's, which may be a second old
		return f, err
	}
	if f.stored, err = v.site.Store.Sender(v.ctx(), v.w.ID); err != nil {
		return f, err
	}
	if f.keys, err = v.site.Store.DKIMKeys(v.ctx(), v.w.ID); err != nil {
		return f, err
	}
	if f.vouched, err = v.vouched(f.stored, f.keys); err != nil {
		return f, err
	}
	f.sender = f.stored
	if f.own, err = flow.OpenRelay(v.site.Sending.Vault, f.stored); err != nil {
		f.closed = true
	}
	f.own.Password = "" // nothing on the page may know it
	f.relay = f.own
	if f.relay.Protection == "" {
		f.relay.Protection, f.relay.Port = surveys.StartTLS, surveys.StartTLS.Port()
	}
	return f, nil
}

// page builds the view.
func (f sendingForm) page() office.Sending {
	wrong := f.fieldErrors(f.problem)
	title := f.l.T("sending.title")
	view := office.Sending{
		Page: f.visit.page(title, layouts.Settings), Path: pathSending, Note: f.wrongNote(f.problem), Says: f.says(),
		Crumbs: []components.Crumb{{Text: f.l.T("office.settings.title"), Address: layouts.PathSettings}, {Text: title}},
		Sender: f.senderFields(wrong), Relay: f.relayFields(wrong), Keys: f.keySection(wrong), Parts: f.parts(),
	}
	if f.problem != nil && len(wrong) == 0 {
		view.Note = &components.Note{Kind: components.Failure, Text: web.Message(f.l, f.problem), Focus: true}
	}
	return view
}

// parts are the sections that stand behind.
func (f sendingForm) parts() []templ.Component {
	return []templ.Component{f.streamPart(), f.bouncePart()}
}

func (f sendingForm) senderFields(wrong map[string]string) office.SenderForm {
	s := office.SenderForm{
		Name:    components.TextInput{Field: f.field("from_name", wrong), Value: f.sender.FromName, Limit: 80, Autocomplete: "off"},
		Address: components.TextInput{Field: f.field("from_address", wrong), Type: "email", Value: f.sender.FromAddress, Limit: 254, Autocomplete: "off"},
		ReplyTo: components.TextInput{Field: f.field("reply_to", wrong), Type: "email", Value: f.workspace.ReplyTo, Limit: 254, Autocomplete: "off"},
		Bounces: components.TextInput{Field: f.field("bounce_domain", wrong), Value: f.sender.BounceDomain, Limit: 253, Autocomplete: "off", Placeholder: "bounces.example.com"},
	}
	s.Name.Help = f.l.T("sending.from_name_help", "company", f.workspace.Name)
	s.Address.Help = f.l.T("sending.from_address_help_none")
	if server := f.site.Senders.ServerAddress(); server != "" {
		s.Address.Help, s.Address.Optional = f.l.T("sending.from_address_help", "address", server), f.l.T("office.optional")
	}
	for _, field := range []*components.TextInput{&s.Name, &s.ReplyTo, &s.Bounces} {
		field.Optional = f.l.T("office.optional")
	}
	return s
}

func (f sendingForm) field(name string, wrong map[string]string) components.Field {
	return components.Field{Name: name, Label: f.l.T("sending." + name), Help: f.l.T("sending." + name + "_help"), Error: wrong[name]}
}

func (f sendingForm) relayFields(wrong map[string]string) office.RelayForm {
	r := office.RelayForm{Lead: f.l.T("sending.relay.lead_none"), Result: f.result, Test: f.l.T("sending.test.help", "email", f.user.Email)}
	switch {
	case f.stored.Relay != nil && !f.closed:
		r.Lead = f.l.T("sending.relay.lead_own", "server", f.serverName())
	case f.stored.Relay == nil && f.site.Senders.ServerSends():
		r.Lead = f.l.T("sending.relay.lead_server")
	}
	if f.stored.Relay != nil {
		r.Drop = &office.Deed{Action: pathSending + "/drop", Button: components.Action{Text: f.l.T("sending.relay.drop"), Kind: components.Quiet}}
	}
	if !f.site.Sending.Vault.Ready() {
		r.Secret, r.Test = "HARK_SECRET="+f.freshSecret(), f.l.T("sending.test.help_server", "email", f.user.Email)
		return r
	}
	port := ""
	if f.relay.Port > 0 {
		port = strconv.Itoa(f.relay.Port)
	}
	r.Host = components.TextInput{Field: f.field("relay_host", wrong), Value: f.relay.Host, Limit: 253, Autocomplete: "off"}
	r.Port = components.TextInput{Field: f.field("relay_port", wrong), Value: port, Limit: 5, Autocomplete: "off"}
	r.User = components.TextInput{Field: f.field("relay_username", wrong), Value: f.relay.Username, Limit: 254, Autocomplete: "off"}
	r.Pass = components.TextInput{Field: f.field("relay_password", wrong), Type: "password", Limit: 1000, Autocomplete: "new-password"}
	r.User.Optional, r.Pass.Optional = f.l.T("office.optional"), f.l.T("office.optional")
	if f.own.Username != "" {
		r.Pass.Help = f.l.T("sending.relay_password_kept")
	}
	r.Protection = components.Choices{Field: f.field("relay_protection", wrong)}
	for _, p := range surveys.Protections() {
		r.Protection.Options = append(r.Protection.Options, components.Option{Value: string(p), Text: f.l.T("sending.protection." + string(p)), Selected: p == f.relay.Protection})
	}
	return r
}

// freshSecret is a secret that an operator may take.
func (f sendingForm) freshSecret() string {
	secret, err := surveys.NewKey(f.site.Store.Random(), 32)
	if err != nil {
		return "" // the page can be read without
	}
	return secret
}

// says is how it stands, in words.
func (f sendingForm) says() []office.SendingLine {
	lines := append([]office.SendingLine{f.saysFrom()}, f.saysServer())
	if signed, ok := f.saysSigned(); ok && f.vouched {
		lines = append(lines, signed)
	}
	lines = append(lines, f.saysGoing()...)
	switch {
	case f.stored.BounceDomain == "":
		return lines
	case f.site.Senders.ServerSends() && !f.site.Senders.VouchesReturns(f.stored):
		return append(lines, f.line(components.Warn, "sending.says.bounces_foreign", "domain", f.stored.BounceDomain))
	}
	return append(lines, f.line(components.Plain, "sending.says.bounces", "domain", f.stored.BounceDomain))
}

// line is one thing that is so. Its tag says how well in a word.
func (f sendingForm) line(tone components.Tone, key string, args ...any) office.SendingLine {
	words := map[components.Tone]string{
		components.Good: f.l.T("sending.says.fine"), components.Warn: f.l.T("sending.says.look"), components.Bad: f.l.T("sending.says.wrong"), components.Plain: f.l.T("sending.says.so"),
	}
	return office.SendingLine{Tag: components.Tag{Tone: tone, Text: words[tone]}, Text: f.l.T(key, args...)}
}

// vouched reports whether mails may leave from the workspace's own address: by
// the server's mail server only from a domain that is known to be theirs.
func (v visit) vouched(stored surveys.Sender, keys []surveys.DKIMKey) (bool, error) {
	if !v.site.Senders.ServerSends() {
		return true, nil
	}
	return v.site.Senders.Vouches(v.ctx(), stored, keys)
}

// saysUnproven is in whose name mails leave while that is not known, and what
// to do.
func (f sendingForm) saysUnproven() office.SendingLine {
	domain := f.site.Sending.Domain(f.stored)
	server := f.site.Senders.ServerAddress()
	if server == "" {
		return f.line(components.Bad, "sending.says.unproven_none", "domain", domain)
	}
	key := "sending.says.unproven"
	if f.site.Senders.OfServer(f.stored) {
		key = "sending.says.unproven_server"
	}
	if slices.ContainsFunc(f.keys, func(k surveys.DKIMKey) bool { return k.Domain == domain && k.State != surveys.DKIMRetired }) {
		key = "sending.says.unproven_waiting"
	}
	sender := strings.TrimSpace(cmp.Or(f.stored.FromName, surveys.PlainName(f.workspace.Name)) + " <" + server + ">")
	return f.line(components.Warn, key, "sender", sender, "domain", domain, "reply", cmp.Or(f.storedReply(), f.stored.FromAddress))
}

// saysFrom is in whose name mails leave.
func (f sendingForm) saysFrom() office.SendingLine {
	address := cmp.Or(f.stored.FromAddress, f.site.Senders.ServerAddress())
	switch {
	case address == "":
		return f.line(components.Bad, "sending.says.nobody")
	case !f.vouched:
		return f.saysUnproven()
	}
	name := cmp.Or(f.stored.FromName, surveys.PlainName(f.workspace.Name))
	sender := "<" + address + ">"
	if name != "" {
		sender = name + " " + sender
	}
	if ascii := asciiAddress(address); ascii != address {
		sender = f.l.T("sending.says.ascii", "address", sender, "ascii", ascii)
	}
	reply := f.storedReply()
	if reply == "" {
		return f.line(components.Good, "sending.says.from_only", "sender", sender)
	}
	return f.line(components.Good, "sending.says.from", "sender", sender, "reply", reply)
}

// storedReply is where answers go, as stored.
func (f sendingForm) storedReply() string {
	if f.problem == nil {
		return f.workspace.ReplyTo
	}
	return f.w.ReplyTo
}

// asciiAddress is an address with its domain as the DNS has it.
func asciiAddress(address string) string {
	parsed, err := mail.ParseAddress(address)
	if err != nil {
		return address
	}
	ascii, err := idna.Lookup.ToASCII(parsed.Address[len(parsed.Address)-len(surveys.Sender{FromAddress: parsed.Address}.Domain()):])
	if err != nil {
		return address
	}
	return parsed.Address[:len(parsed.Address)-len(surveys.Sender{FromAddress: parsed.Address}.Domain())] + ascii
}

// saysServer is which mail server takes the mails.
func (f sendingForm) saysServer() office.SendingLine {
	switch {
	case f.closed:
		return f.line(components.Bad, "sending.says.relay_closed")
	case f.stored.Relay != nil:
		return f.line(components.Good, "sending.says.relay", "server", f.serverName())
	case f.site.Senders.ServerSends():
		return f.line(components.Good, "sending.says.server")
	}
	return f.line(components.Bad, "sending.says.no_server")
}

// serverName is the stored mail server in words.
func (f sendingForm) serverName() string {
	return f.l.T("sending.server."+string(f.own.Protection), "host", f.own.Host, "port", strconv.Itoa(f.own.Port))
}

// resultOf is a test in words.
func (f sendingForm) resultOf(r mailer.RelayResult) *office.TrialResult {
	result := &office.TrialResult{
		Good: r.Finding == mailer.Delivered, Title: f.l.T("sending.finding." + string(r.Finding)), Todo: f.l.T("sending.todo."+string(r.Finding), "email", f.user.Email),
	}
	for _, line := range r.Lines {
		result.Lines = append(result.Lines, office.TalkLine{Here: line.Speaker == mailer.SpokenHere, Text: line.Text})
	}
	return result
}
