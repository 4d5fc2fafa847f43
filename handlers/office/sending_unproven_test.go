package office

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/harkhq/hark/mailer"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestUnprovenSenderIsTold: who sends by the server's mail server from a domain
// that nothing shows to be theirs is told who people see, and what to do, until
// the DNS has the keys.
func TestUnprovenSenderIsTold(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newSendingDesk(t, s, storetest.Vault(t))
		x.site.Senders.Transport = mailer.NewSMTP(mailer.SMTPOptions{}) // some server; nothing is sent
		says := func(want string, lines int) {
			t.Helper()
			p := x.m.get("/settings/sending").want(http.StatusOK)
			p.says("#says", want)
			p.has("#says li", lines)
		}
		x.m.post("/settings/sending", url.Values{"from_name": {"Shop"}, "from_address": {"hallo@shop.example"}}).seesOther("/settings/sending")
		says("People see Shop <feedback@server.example> as the sender, because nothing shows yet that shop.example is yours", 2)
		says("Answers go to hallo@shop.example.", 2)
		x.m.post("/settings/sending/keys", nil).seesOther("/settings/sending")
		says("until the records of the keys for shop.example are in the DNS", 2)
		x.m.post("/settings/sending/keys/anyway", nil).seesOther("/settings/sending")
		says("until the records of the keys for shop.example are in the DNS", 2)
		keys, err := s.DKIMKeys(t.Context(), x.w.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range keys {
			x.dns.Set(key.RecordName(), key.Record())
		}
		x.m.post("/settings/sending/keys/check", nil).want(http.StatusOK)
		says("People see Shop <hallo@shop.example> as the sender", 3)
		x.dns.Set(keys[0].RecordName(), "v=DKIM1; k=rsa; p=another")
		x.m.post("/settings/sending/keys/check", nil).want(http.StatusOK)
		says("The DNS has lost a key that signs for shop.example", 3)
		p := x.m.get("/settings/sending")
		p.says(".keypair header", "Record lost")
		p.has(".keypair > .record", 2) // open, to be copied
		p.has("nav .mark", 1)
		returns := func(domain string) {
			x.m.post("/settings/sending", url.Values{"from_name": {"Shop"}, "from_address": {"hallo@shop.example"}, "bounce_domain": {domain}}).seesOther("/settings/sending")
		}
		returns("bank.example")
		says("come back to the sender's address and not to bank.example", 4)
		returns("bounces.shop.example")
		says("Mails that cannot be delivered come back to bounces.shop.example.", 4)
		x.m.post("/settings/sending", url.Values{"from_name": {"Shop"}, "from_address": {"hallo@other.example"}, "reply_to": {"help@shop.example"}}).seesOther("/settings/sending")
		says("Answers go to help@shop.example.", 2)
		storetest.Sender(t, s, x.w.ID) // with a mail server of its own
		says("People see Northwind Coffee <feedback@shop.example> as the sender", 4)
	})
}

// TestUnprovenSenderOfNoServer: where the server has no address of its own,
// nothing leaves, and the page says so.
func TestUnprovenSenderOfNoServer(t *testing.T) {
	t.Parallel()
	x := newSendingDesk(t, storetest.Open(t, store.SQLite), storetest.Vault(t))
	var err error
	x.site.Senders, err = mailer.NewSenders(mailer.SendersOptions{Store: x.store, Vault: storetest.Vault(t), Transport: mailer.NewSMTP(mailer.SMTPOptions{})})
	if err != nil {
		t.Fatal(err)
	}
	x.site.Sending.From = ""
	if err := x.site.Sending.SaveSender(t.Context(), x.w, surveys.Sender{FromAddress: "hallo@shop.example"}); err != nil {
		t.Fatal(err)
	}
	x.m.get("/settings/sending").says("#says", "Nothing leaves, because nothing shows yet that shop.example is yours.")
	if way, err := x.site.Senders.Way(t.Context(), x.w.ID); err != nil || way.Transport != nil {
		t.Errorf("%+v, %v", way, err)
	}
}
