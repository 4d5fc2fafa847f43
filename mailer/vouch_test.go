package mailer

import (
	"context"
	"net/mail"
	"strings"
	"testing"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestNobodyMailsInAForeignName: by the server's own mail server letters leave
// from a workspace's domain only once the DNS had its keys; before that from the
// server's, and answers go to the workspace.
func TestNobodyMailsInAForeignName(t *testing.T) {
	t.Parallel()
	const bank = "Service@Bank.example"
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		seen := s.Now().Add(-30 * 24 * time.Hour)
		lately := s.Now().Add(-6 * 24 * time.Hour)
		now := s.Now()
		oldest := storetest.Workspace(t, s)
		for name, c := range map[string]struct {
			from    string
			keys    string // the domain of the keys; "" for none
			state   surveys.DKIMState
			change  func(*surveys.DKIMKey)
			signing surveys.Signing
			first   bool // it is the server's first workspace
			own     bool
		}{
			"no keys":                     {from: bank},
			"keys that wait":              {from: bank, keys: "bank.example", state: surveys.DKIMNew},
			"keys that sign unseen":       {from: bank, keys: "bank.example", state: surveys.DKIMSigning, change: func(k *surveys.DKIMKey) { k.FoundAt = nil }},
			"retired keys":                {from: bank, keys: "bank.example", state: surveys.DKIMRetired, change: func(k *surveys.DKIMKey) { k.FoundAt = &now }},
			"keys of another domain":      {from: bank, keys: "shop.example", state: surveys.DKIMSigning},
			"keys of a domain above":      {from: "a@news.bank.example", keys: "bank.example", state: surveys.DKIMSigning},
			"keys that are gone":          {from: bank, keys: "bank.example", state: surveys.DKIMSigning, change: func(k *surveys.DKIMKey) { k.Finding, k.FoundAt = surveys.DKIMMissing, &seen }},
			"a domain below the server's": {from: "ceo@news.server.example"},
			"the server's own domain":     {from: "shop@Server.example", first: true, own: true},
			"the same, a later workspace": {from: "ceo@Server.example"},
			"the same, with its keys":     {from: "ceo@server.example", keys: "server.example", state: surveys.DKIMSigning, own: true},
			"the server's own sender":     {own: true},
			"keys that were seen":         {from: bank, keys: "bank.example", state: surveys.DKIMSigning, own: true},
			"another domain's letters":    {from: "a@bücher.example", keys: "xn--bcher-kva.example", state: surveys.DKIMSigning, own: true},
			"the relay signs":             {from: bank, keys: "bank.example", state: surveys.DKIMSigning, signing: surveys.SignedByRelay, own: true},
			"keys that are gone lately":   {from: bank, keys: "bank.example", state: surveys.DKIMSigning, change: func(k *surveys.DKIMKey) { k.Finding, k.FoundAt = surveys.DKIMMissing, &lately }, own: true},
			"a DNS that does not answer":  {from: bank, keys: "bank.example", state: surveys.DKIMSigning, change: func(k *surveys.DKIMKey) { k.Finding, k.FoundAt = surveys.DKIMFailed, &seen }, own: true},
		} {
			w := oldest
			if !c.first {
				w = storetest.Workspace(t, s)
			}
			if err := sending(t, s).SaveSender(t.Context(), w, surveys.Sender{FromName: "Shop", FromAddress: c.from, Signing: c.signing}); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if c.keys != "" {
				for _, key := range storetest.DKIMKeys(t, s, w.ID, c.keys, c.state) {
					if c.change != nil {
						c.change(&key)
						storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateDKIMKey(ctx, key) })
					}
				}
			}
			way, err := sendersOf(t, s, noTransport{t}).Way(t.Context(), w.ID)
			if err != nil || way.Transport == nil {
				t.Fatalf("%s: %+v, %v", name, way, err)
			}
			who := way.Identity
			theirs := who.Address != "feedback@server.example"
			if c.from != "" && (theirs != c.own || who.Name != "Shop" || c.own != (who.Replies == "") || !c.own && !strings.EqualFold(who.Replies, c.from)) {
				t.Errorf("%s: leaves as %+v", name, who)
			}
			if !theirs && who.Signer != nil && len(who.Signer.keys) > 0 {
				t.Errorf("%s: signed for %s", name, who.Signer.keys[0].domain)
			}
		}
	})
}

// TestNobodyGetsAnothersReturns: by the server's own mail server letters come back
// to a domain of the sender's organisation or the server's, and to no other; by one
// of the workspace's own, wherever it says.
func TestNobodyGetsAnothersReturns(t *testing.T) {
	t.Parallel()
	senders, err := NewSenders(SendersOptions{From: "feedback@mail.server.co.uk"})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		from, returns string
		relay         bool
		want          bool
	}{
		"none": {"a@shop.example", "", false, true}, "the same": {"a@shop.example", "shop.example", false, true},
		"below": {"a@shop.example", "Bounces.Shop.example", false, true}, "beside": {"a@news.shop.example", "bounces.shop.example", false, true},
		"the server's": {"a@shop.example", "bounces.server.co.uk", false, true}, "the server's, without a sender": {"", "server.co.uk", false, true},
		"another's": {"a@shop.example", "bank.example", false, false}, "one that ends alike": {"a@shop.example", "notshop.example", false, false},
		"of one suffix": {"a@shop.example", "bank.co.uk", false, false}, "the suffix": {"a@shop.example", "co.uk", false, false},
		"of one house that lets names": {"a@shop.github.io", "bank.github.io", false, false}, "without a sender": {"", "shop.example", false, false},
		"other letters": {"a@xn--bcher-kva.example", "post.bücher.example", false, true}, "by its own mail server": {"a@shop.example", "bank.example", true, true},
	} {
		sender := surveys.Sender{FromAddress: c.from, BounceDomain: c.returns}
		if c.relay {
			sender.Relay = []byte("sealed")
		}
		if got := senders.VouchesReturns(sender); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// TestStandInIsTheServersInAll: neither header nor envelope names the domain that
// nothing vouches for, except as where answers go; keys that are found end it,
// and a mail server of the workspace's own never began it.
func TestStandInIsTheServersInAll(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		shared, own := newScripted(t, nil), newScripted(t, nil)
		moves := sending(t, o.store)
		save := func(sender surveys.Sender) {
			t.Helper()
			w := o.workspace
			w.ReplyTo = ""
			if err := moves.SaveSender(t.Context(), w, sender); err != nil {
				t.Fatal(err)
			}
		}
		d := withWays(t, o, transportTo(t, shared.addr, patient()), nil)
		leaves := func(by *scripted) (from, replies, envelope string) {
			t.Helper()
			i := o.invite()
			clock.Advance(time.Second)
			round(t, d)
			o.expect(i.ID, surveys.InvitationSent)
			letters, mails := by.letters(), by.mails()
			letter := letters[len(letters)-1]
			return headerOf(letter, "From"), headerOf(letter, "Reply-To"), mails[len(mails)-1]
		}
		save(surveys.Sender{FromName: "Bank", FromAddress: "service@bank.example", BounceDomain: "bounces.bank.example"})
		from, replies, envelope := leaves(shared)
		if from != `"Bank" <feedback@server.example>` || replies != "<service@bank.example>" || !strings.Contains(envelope, "<feedback@server.example>") {
			t.Errorf("unproven: from %s, answers to %s, %s", from, replies, envelope)
		}
		save(surveys.Sender{FromName: "Bank", FromAddress: "service@bank.example", BounceDomain: "b.server.example"})
		if _, _, envelope = leaves(shared); !strings.Contains(envelope, "@b.server.example>") {
			t.Errorf("the server's own domain for bounces: %s", envelope)
		}
		storetest.DKIMKeys(t, o.store, o.workspace.ID, "bank.example", surveys.DKIMSigning)
		if from, replies, _ = leaves(shared); from != `"Bank" <service@bank.example>` || replies != "" {
			t.Errorf("proven: from %s, answers to %s", from, replies)
		}
		save(surveys.Sender{FromName: "Bank", FromAddress: "service@other.example"})
		if err := moves.SaveRelay(t.Context(), o.workspace.ID, relayAt(t, own.addr)); err != nil {
			t.Fatal(err)
		}
		if from, replies, _ = leaves(own); from != `"Bank" <service@other.example>` || replies != "" {
			t.Errorf("by its own server: from %s, answers to %s", from, replies)
		}
	})
}

// headerOf is a header of a letter; "" when it has none.
func headerOf(letter, name string) string {
	for line := range strings.Lines(letter) {
		if value, found := strings.CutPrefix(line, name+": "); found {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// TestTrialLeavesAsLettersDo: a test by the server's mail server leaves in the
// server's name too, and one by a server in the form in the workspace's.
func TestTrialLeavesAsLettersDo(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		shared, own, w := newScripted(t, nil), newScripted(t, nil), storetest.Workspace(t, s)
		if err := sending(t, s).SaveSender(t.Context(), w, surveys.Sender{FromName: "Bank", FromAddress: "service@bank.example"}); err != nil {
			t.Fatal(err)
		}
		senders := sendersOf(t, s, transportTo(t, shared.addr, patient()))
		trial := RelayTrial{Workspace: w, To: "ana@example.com", Subject: "A test", Text: "Hello"}
		for _, c := range []struct {
			by    *scripted
			relay surveys.Relay
			want  string
		}{{shared, surveys.Relay{}, `"Bank" <feedback@server.example>`}, {own, relayAt(t, own.addr), `"Bank" <service@bank.example>`}} {
			trial.Relay = c.relay
			if got, err := senders.Try(t.Context(), trial); err != nil || got.Finding != Delivered {
				t.Fatalf("%+v, %v", got, err)
			}
			if from := headerOf(c.by.letters()[0], "From"); from != c.want {
				t.Errorf("from %s, want %s", from, c.want)
			}
		}
	})
}

// TestSendersArePlain: a sender that not every mail server can write is refused
// where it is entered, and one that is stored is not used.
func TestSendersArePlain(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		for from, wrong := range map[string]bool{"ü@server.example": true, "a@bücher.example": false, "feedback@shop.example": false, "": false} {
			w.ReplyTo = "help@shop.example"
			if err := sending(t, s).SaveSender(t.Context(), w, surveys.Sender{FromAddress: from}); (err != nil) != wrong {
				t.Errorf("from %q: %v", from, err)
			}
			w.ReplyTo = from
			if err := sending(t, s).SaveSender(t.Context(), w, surveys.Sender{}); (err != nil) != wrong {
				t.Errorf("answers to %q: %v", from, err)
			}
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.SaveSender(ctx, surveys.Sender{WorkspaceID: w.ID, FromAddress: "ü@server.example", Signing: surveys.SignedHere})
		})
		way, err := sendersOf(t, s, noTransport{t}).Way(t.Context(), w.ID)
		if err != nil || way.Identity.Address != "feedback@server.example" {
			t.Errorf("leaves as %+v, %v", way.Identity, err)
		}
	})
	for from, want := range map[string]string{
		"help@shop.example": "Reply-To: <help@shop.example>\r\n", "help@bücher.example": "Reply-To: <help@xn--bcher-kva.example>\r\n", "ü@shop.example": "", "": "",
	} {
		m, err := envelope{from: mail.Address{Address: "a@shop.example"}, to: "ada@customers.example", replyTo: from, id: "a@b", list: "<a.b>"}.message()
		if err != nil {
			t.Fatal(err)
		}
		m.SetBodyString(gomail.TypeTextPlain, "Hello")
		raw, err := encoded(m, nil)
		if err != nil || want != "" && !strings.Contains(string(raw), want) || want == "" && strings.Contains(string(raw), "Reply-To") {
			t.Errorf("answers to %q: %v\n%s", from, err, raw)
		}
	}
}

// TestErrorsNameNobody: what is wrong with an address is logged without it.
func TestErrorsNameNobody(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"ada", "ada@" + strings.Repeat("a", 64) + ".example", "ada@\u202ebücher.example", "Ada <ada@shop.example>"} {
		if _, err := wireAddress(address); err == nil || strings.Contains(err.Error(), "ada") || strings.Contains(err.Error(), "aaa") {
			t.Errorf("%q: %v", address, err)
		}
	}
}
