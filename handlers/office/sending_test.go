package office

import (
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/mailer"
	"github.com/harkhq/hark/mailer/smtptest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/flow/dnstest"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// sendingDesk is a team whose site sends by a mail server of the test, if it has
// one, and asks a DNS of the test.
type sendingDesk struct {
	*team
	dns *dnstest.Server
	m   *member
}

func newSendingDesk(t *testing.T, s *store.Store, vault *surveys.Vault) sendingDesk {
	t.Helper()
	x := sendingDesk{team: newTeam(t, s), dns: dnstest.New(t)}
	_, house, err := net.ParseCIDR("127.0.0.0/8")
	if err != nil {
		t.Fatal(err)
	}
	wait := 2 * time.Second
	x.site.Senders, err = mailer.NewSenders(mailer.SendersOptions{
		Store: s, Vault: vault, From: "feedback@server.example", Networks: []*net.IPNet{house},
		Patience: mailer.Timeouts{Connect: wait, Command: wait, Body: wait, Dot: wait},
	})
	if err != nil {
		t.Fatal(err)
	}
	x.site.Sending = flow.NewSending(flow.SendingOptions{Store: s, Vault: vault, Resolver: x.dns.Resolver(), From: "feedback@server.example"})
	x.m = x.as(surveys.Manager)
	return x
}

// html is a whole page as it is sent.
func (p *page) html() string {
	p.t.Helper()
	text, err := p.Html()
	if err != nil {
		p.t.Fatal(err)
	}
	return text
}

// relayForm is what a browser sends of a mail server.
func relayForm(address, user, password string) url.Values {
	host, port, _ := net.SplitHostPort(address)
	protection := "smtp+plain"
	if user != "" {
		protection = "smtp"
	}
	return url.Values{"relay_host": {host}, "relay_port": {port}, "relay_protection": {protection}, "relay_username": {user}, "relay_password": {password}}
}

func TestSenderIsWritten(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newSendingDesk(t, s, storetest.Vault(t))
		p := x.m.get("/settings/sending").want(http.StatusOK)
		p.says("#says li", "<feedback@server.example> as the sender")
		p.says("#says", "There is no mail server yet")
		p.says("#says", "not signed for server.example")
		good := url.Values{"from_name": {"Kaffee & Co"}, "from_address": {"hallo@bücher.example"}, "reply_to": {"help@shop.example"}, "bounce_domain": {"b.shop.example"}}
		x.m.post("/settings/sending", good).seesOther("/settings/sending")
		p = x.m.get("/settings/sending").want(http.StatusOK)
		p.says("#says", "Kaffee & Co <hallo@bücher.example>, written as hallo@xn--bcher-kva.example as the sender. Their answers go to help@shop.example.")
		p.says("#says", "not signed for xn--bcher-kva.example")
		p.says("#says", "come back to b.shop.example")
		if p.value("from_name") != "Kaffee & Co" || p.value("reply_to") != "help@shop.example" {
			t.Errorf("the form holds %q and %q", p.value("from_name"), p.value("reply_to"))
		}
		for name, c := range map[string]struct{ field, value string }{
			"a header in the name": {"from_name", "Shop\r\nBcc: all@example.com"}, "a link in the name": {"from_name", "https://evil.example"},
			"a header in the address": {"from_address", "a@b.example\r\nBcc: all@example.com"}, "two scripts": {"from_address", "a@аpple.example"},
			"a header in where answers go": {"reply_to", "a@b.example\r\nBcc: all@example.com"}, "a list": {"reply_to", "a@b.example,c@d.example"},
			"a command in the domain": {"bounce_domain", "b.example>\r\nRCPT TO:<a@b.example"}, "one label": {"bounce_domain", "localhost"},
		} {
			form := url.Values{}
			for key, value := range good {
				form[key] = value
			}
			form.Set(c.field, c.value)
			x.m.post("/settings/sending", form).want(http.StatusUnprocessableEntity).has("#field-"+c.field+"-error", 1)
			if stored, err := s.Sender(t.Context(), x.w.ID); err != nil || stored.FromName != "Kaffee & Co" || stored.FromAddress != "hallo@bücher.example" {
				t.Errorf("%s: stored %+v, %v", name, stored, err)
			}
		}
	})
}

// TestPasswordNeverComesBack: not in the page, not in what is wrong, not in a
// test's conversation; and it goes to no other server.
func TestPasswordNeverComesBack(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		const canary = "CANARY-hush-4711"
		x := newSendingDesk(t, s, storetest.Vault(t))
		server := smtptest.New(t)
		hidden := func(what string, p *page) *page {
			t.Helper()
			if strings.Contains(p.html(), canary) {
				t.Errorf("%s: the page has the password", what)
			}
			return p
		}
		form := relayForm("127.0.0.1:2525", "shop", canary)
		x.m.post("/settings/sending/relay", form).seesOther("/settings/sending")
		p := hidden("stored", x.m.get("/settings/sending").want(http.StatusOK))
		p.says("#says", "127.0.0.1, port 2525, over TLS (STARTTLS)")
		p.says("#field-relay_password-help", "One is stored")
		if p.value("relay_password") != "" || p.value("relay_username") != "shop" {
			t.Errorf("the form holds %q for %q", p.value("relay_password"), p.value("relay_username"))
		}
		again := relayForm("127.0.0.1:2525", "shop", "")
		x.m.post("/settings/sending/relay", again).seesOther("/settings/sending")
		sender, err := s.Sender(t.Context(), x.w.ID)
		if err != nil {
			t.Fatal(err)
		}
		if kept, err := flow.OpenRelay(storetest.Vault(t), sender); err != nil || kept.Password != canary {
			t.Errorf("kept %v, %v", kept, err)
		}
		other := relayForm(server.Addr(), "shop", "")
		for _, path := range []string{"/relay", "/test"} {
			hidden("another server", x.m.post("/settings/sending"+path, other).want(http.StatusUnprocessableEntity)).has("#field-relay_password-error", 1)
		}
		if len(server.Messages()) != 0 {
			t.Error("something was sent to another server")
		}
		wrong := relayForm("127.0.0.1:99999", "shop", canary)
		hidden("a wrong port", x.m.post("/settings/sending/relay", wrong).want(http.StatusUnprocessableEntity)).has("#field-relay_port-error", 1)
		hidden("a test that fails", x.m.post("/settings/sending/test", relayForm(server.Addr(), "shop", canary)).want(http.StatusOK)).says("#result h3", "no encryption on this port")
		x.m.post("/settings/sending/drop", nil).seesOther("/settings/sending")
		hidden("dropped", x.m.get("/settings/sending")).says("#says", "There is no mail server yet")
	})
}

// TestTestIsSent: in plain words first, with the conversation below; to whoever
// asks, and to nobody else.
func TestTestIsSent(t *testing.T) {
	t.Parallel()
	x := newSendingDesk(t, storetest.Open(t, store.SQLite), storetest.Vault(t))
	server := smtptest.New(t)
	p := x.m.post("/settings/sending/test", relayForm(server.Addr(), "", "")).want(http.StatusOK)
	p.says("#result.good h3", "The test is on its way")
	p.says("#result .talk", "RCPT TO:<"+x.m.user.Email+">")
	message := server.Wait(t, 1)[0]
	if len(message.To) != 1 || message.To[0] != x.m.user.Email || !strings.Contains(string(message.Data), "Subject: A test from Hark") {
		t.Errorf("sent to %s:\n%s", message.To, message.Data)
	}
	if sender, err := x.store.Sender(t.Context(), x.w.ID); err != nil || sender.Relay != nil {
		t.Errorf("a test stores the server: %v", err)
	}
	server.Fail(smtptest.Fault{Step: smtptest.Recipient, Code: 554, Text: "Relay <b>access</b> denied"})
	p = x.m.post("/settings/sending/test", relayForm(server.Addr(), "", "")).want(http.StatusOK)
	p.says("#result.bad[role=alert] h3", "takes no mail from you for others")
	p.says("#result p", "Sign in with user and password")
	p.says("#result details[open] li:last-child", "554")
	p.has("#result b", 0)
	for address, says := range map[string]string{
		"192.168.3.4:25": "closed to workspaces", "169.254.169.254:80": "closed to workspaces", "no-such-host.invalid:587": "no server of this name",
	} {
		p = x.m.post("/settings/sending/test", relayForm(address, "", "")).want(http.StatusOK)
		p.says("#result.bad h3", says)
		p.has("#result li", 0)
	}
	x.m.cookies = append(x.m.cookies, &http.Cookie{Name: "hark_language", Value: "zh-Hans"})
	x.m.post("/settings/sending/test", relayForm(server.Addr(), "", "")).says("#result h3", "不代你转发邮件")
}

// TestOperatorsServerStaysTheirs: what the server's own mail server says is not
// for a workspace.
func TestOperatorsServerStaysTheirs(t *testing.T) {
	t.Parallel()
	x := newSendingDesk(t, storetest.Open(t, store.SQLite), storetest.Vault(t))
	server := smtptest.New(t)
	settings, err := mailer.ParseSMTP(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	x.site.Senders.Transport = mailer.NewSMTP(mailer.SMTPOptions{Settings: settings})
	x.m.post("/settings/sending/test", url.Values{}).want(http.StatusOK).says("#result.good h3", "on its way")
	server.Fail(smtptest.Fault{Step: smtptest.Sender, Code: 550, Text: "INTERNAL relay7.lan"})
	p := x.m.post("/settings/sending/test", url.Values{}).want(http.StatusOK)
	p.says("#result.bad h3", "did not take it")
	if strings.Contains(p.html(), "INTERNAL") || strings.Contains(p.html(), server.Addr()) {
		t.Error("the page shows what the operator's server says, or where it is")
	}
}

// TestKeysAreMadePublishedAndFound goes the way of a key on the page.
func TestKeysAreMadePublishedAndFound(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newSendingDesk(t, s, storetest.Vault(t))
		x.m.post("/settings/sending/keys", nil).seesOther("/settings/sending")
		p := x.m.get("/settings/sending").want(http.StatusOK)
		p.says("#says", "wait for their records")
		p.has(".keypair", 1)
		p.has(".record", 2)
		if strings.Contains(p.html(), "PRIVATE") {
			t.Error("the page has a private key")
		}
		records := p.Find(".record input")
		name, _ := records.Eq(0).Attr("value")
		value, _ := records.Eq(1).Attr("value")
		if !strings.HasSuffix(name, "-rsa._domainkey.server.example") || !strings.HasPrefix(value, "v=DKIM1; k=rsa; p=MII") {
			t.Errorf("%s TXT %s", name, value)
		}
		x.m.post("/settings/sending/keys", nil).want(http.StatusConflict).says(".note", "wait for their records")
		p = x.m.post("/settings/sending/keys/check", nil).want(http.StatusOK)
		p.says(".record .tag", "Not found")
		p.says("#policy", "SPF: there is no record")
		p.says("#policy", "_dmarc.server.example TXT v=DMARC1")
		x.dns.Set(name, value)
		second, _ := records.Eq(2).Attr("value")
		secondValue, _ := records.Eq(3).Attr("value")
		x.dns.Set(second, secondValue)
		x.dns.Set("server.example", "v=spf1 -all")
		x.dns.Set("_dmarc.server.example", "v=DMARC1; p=reject; rua=mailto:x@server.example")
		p = x.m.post("/settings/sending/keys/check", nil).want(http.StatusOK)
		p.says("#says", "Mails are signed for server.example")
		p.says("#policy", "DMARC: there is a record (p=reject)")
		p.says(".keypair .tag.good", "Signs")
		p.has(`form[action$="/retire"]`, 2)
		x.m.get("/settings").has(".mark", 0)
		x.dns.Set(second)
		if err := x.site.Sending.WatchKeys(t.Context(), slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
		p = x.m.get("/settings/sending")
		p.says("#says", "The DNS has lost a key that signs for server.example; it was last there on")
		p.says(".record + .record", "there is no such record. It was last there on")
		x.m.get("/settings").says(".mark", "lost a key")
		x.dns.Set(second, secondValue)
		x.m.post("/settings/sending/keys/check", nil).want(http.StatusOK).says("#says", "Mails are signed for server.example")
		retire, _ := p.Find(`form[action$="/retire"]`).First().Attr("action")
		x.m.post(retire, nil).seesOther("/settings/sending")
		x.m.post(strings.Replace(retire, "retire", "delete", 1), nil).seesOther("/settings/sending")
		x.m.get("/settings/sending").has(".record", 1)
		x.m.post("/settings/sending/signing", url.Values{"signing": {"relay"}}).seesOther("/settings/sending")
		x.m.get("/settings/sending").says("#says", "Your mail server signs the mails")
		x.m.post("/settings/sending/signing", url.Values{"signing": {"nobody"}}).want(http.StatusUnprocessableEntity)
	})
}

// TestSendingWithoutASecret: the page says which line the operator adds, with a
// fresh value each time, and everything else works.
func TestSendingWithoutASecret(t *testing.T) {
	t.Parallel()
	x := newSendingDesk(t, storetest.Open(t, store.SQLite), nil)
	line := func() string {
		value, _ := x.m.get("/settings/sending").want(http.StatusOK).Find("#secret-line").Attr("value")
		return value
	}
	secret, ok := strings.CutPrefix(line(), "HARK_SECRET=")
	if _, err := surveys.NewVault(secret); !ok || err != nil || line() == "HARK_SECRET="+secret {
		t.Errorf("the line is %q, %v", secret, err)
	}
	p := x.m.get("/settings/sending")
	p.has("#relay-form", 0)
	p.has(`form[action="/settings/sending/keys"]`, 0)
	x.m.post("/settings/sending", url.Values{"from_address": {"a@shop.example"}}).seesOther("/settings/sending")
	x.m.post("/settings/sending/relay", relayForm("127.0.0.1:2525", "", "")).want(http.StatusServiceUnavailable).says(".note.failure", "HARK_SECRET is not set")
	x.m.post("/settings/sending/keys", nil).want(http.StatusServiceUnavailable)
}

// TestSendingSaysWhatCannotBeOpened: a lost secret is said, and nothing breaks.
func TestSendingSaysWhatCannotBeOpened(t *testing.T) {
	t.Parallel()
	other, err := surveys.NewVault("another-secret-of-at-least-32-characters")
	if err != nil {
		t.Fatal(err)
	}
	x := newSendingDesk(t, storetest.Open(t, store.SQLite), other)
	storetest.Sender(t, x.store, x.w.ID)
	storetest.DKIMKeys(t, x.store, x.w.ID, "shop.example", surveys.DKIMSigning)
	p := x.m.get("/settings/sending").want(http.StatusOK)
	p.says("#says", "cannot open its password any more")
	p.says("#says", "The keys for shop.example cannot be opened")
	x.m.post("/settings/sending/relay", relayForm("127.0.0.1:2525", "shop", "new-password")).seesOther("/settings/sending")
	x.m.get("/settings/sending").says("#says", "127.0.0.1, port 2525")
}

// TestEveryFindingHasItsWords: in both languages, what happened and what to do.
func TestEveryFindingHasItsWords(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	for _, l := range x.site.Catalogue.All() {
		for _, finding := range mailer.Findings() {
			for _, key := range []string{"sending.finding." + string(finding), "sending.todo." + string(finding)} {
				if text := l.T(key, "email", "a@b.example"); text == key || strings.Contains(text, "{") {
					t.Errorf("%s: %s says %q", l.Lang(), key, text)
				}
			}
		}
	}
}

func TestSettingsLeadToSending(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	x.as(surveys.Manager).get("/settings").has(`main a[href="/settings/sending"]`, 1)
	viewer := x.as(surveys.Viewer)
	viewer.get("/settings").has(`main a[href="/settings/sending"]`, 0)
	viewer.get("/settings/sending").want(http.StatusForbidden)
	x.as(surveys.Agent).get("/settings/sending").want(http.StatusForbidden)
}
