package flow_test

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/flow/dnstest"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// post is a workspace that changes how it sends.
type post struct {
	*flow.Sending
	t     *testing.T
	store *store.Store
	clock *storetest.Clock
	dns   *dnstest.Server
	w     surveys.Workspace
}

func eachPost(t *testing.T, try func(post)) {
	t.Helper()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		dns := dnstest.New(t)
		try(post{t: t, store: s, clock: clock, dns: dns, w: storetest.Workspace(t, s), Sending: flow.NewSending(flow.SendingOptions{
			Store: s, Vault: storetest.Vault(t), Resolver: dns.Resolver(), From: "feedback@server.example",
		})})
	})
}

// must fails the test on an error.
func (x post) must(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

// keys are the workspace's keys, "rsa signing found", the newest pair first.
func (x post) keys() []string {
	x.t.Helper()
	list, err := x.store.DKIMKeys(x.t.Context(), x.w.ID)
	x.must(err)
	var texts []string
	for _, k := range list {
		texts = append(texts, strings.TrimSpace(string(k.Algorithm)+" "+string(k.State)+" "+string(k.Finding)))
	}
	return texts
}

// publish puts the records of all keys into the DNS.
func (x post) publish() {
	x.t.Helper()
	list, err := x.store.DKIMKeys(x.t.Context(), x.w.ID)
	x.must(err)
	for _, k := range list {
		x.dns.Set(k.RecordName(), k.Record())
	}
}

func (x post) want(what string, want ...string) {
	x.t.Helper()
	if got := x.keys(); !slices.Equal(got, want) {
		x.t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// TestKeysSignWhenTheirRecordsAreFound goes the way of a key: made, looked for,
// found, followed by another, retired.
func TestKeysSignWhenTheirRecordsAreFound(t *testing.T) {
	t.Parallel()
	eachPost(t, func(x post) {
		ctx := x.t.Context()
		x.must(x.MakeKeys(ctx, x.w.ID))
		x.want("made", "rsa new", "ed25519 new")
		if err := x.MakeKeys(ctx, x.w.ID); surveys.KindOf(err) != surveys.Conflict {
			x.t.Errorf("a second pair while one waits: %v", err)
		}
		x.must(x.CheckKeys(ctx, x.w.ID))
		x.want("no record yet", "rsa new missing", "ed25519 new missing")
		list, err := x.store.DKIMKeys(ctx, x.w.ID)
		x.must(err)
		if list[0].Domain != "server.example" || list[0].CheckedAt == nil || list[0].FoundAt != nil {
			x.t.Errorf("%+v", list[0])
		}
		x.dns.Set(list[0].RecordName(), "v=DKIM1; k=rsa; p=MIIBother")
		x.dns.Set(list[1].RecordName(), list[1].Record())
		x.must(x.CheckKeys(ctx, x.w.ID))
		x.want("one of two, and another's", "rsa new other", "ed25519 signing found")
		x.publish()
		x.must(x.CheckKeys(ctx, x.w.ID))
		x.want("both", "rsa signing found", "ed25519 signing found")

		x.clock.Advance(90 * 24 * time.Hour)
		x.must(x.MakeKeys(ctx, x.w.ID))
		x.must(x.CheckKeys(ctx, x.w.ID))
		x.want("a new pair waits", "rsa new missing", "ed25519 new missing", "rsa signing found", "ed25519 signing found")
		x.publish()
		x.must(x.CheckKeys(ctx, x.w.ID))
		x.want("the new pair signs", "rsa signing found", "ed25519 signing found", "rsa retired found", "ed25519 retired found")

		x.dns.Break()
		x.must(x.CheckKeys(ctx, x.w.ID))
		x.want("no answer is no reason to stop", "rsa signing failed", "ed25519 signing failed", "rsa retired found", "ed25519 retired found")
		list, err = x.store.DKIMKeys(ctx, x.w.ID)
		x.must(err)
		if err := x.DeleteKey(ctx, x.w.ID, list[0].ID); surveys.KindOf(err) != surveys.Conflict {
			x.t.Errorf("a key that signs is deleted: %v", err)
		}
		x.must(x.RetireKey(ctx, x.w.ID, list[0].ID))
		x.must(x.DeleteKey(ctx, x.w.ID, list[3].ID))
		x.want("by hand", "rsa retired failed", "ed25519 signing failed", "rsa retired found")
	})
}

func TestKeysSignAnyway(t *testing.T) {
	t.Parallel()
	eachPost(t, func(x post) {
		x.must(x.MakeKeys(x.t.Context(), x.w.ID))
		x.must(x.SignAnyway(x.t.Context(), x.w.ID))
		x.want("unseen", "rsa signing", "ed25519 signing")
		x.clock.Advance(time.Hour)
		x.must(x.MakeKeys(x.t.Context(), x.w.ID))
		x.must(x.SignAnyway(x.t.Context(), x.w.ID))
		x.want("followed unseen", "rsa signing", "ed25519 signing", "rsa retired", "ed25519 retired")
	})
}

func TestPolicyIsRead(t *testing.T) {
	t.Parallel()
	eachPost(t, func(x post) {
		ctx := x.t.Context()
		if p := x.Policy(ctx, "mail.shop.example"); p != (flow.Policy{Asked: true}) {
			x.t.Errorf("nothing there: %+v", p)
		}
		x.dns.Set("mail.shop.example", "other=1", "v=spf1 include:relay.example -all")
		x.dns.Set("_dmarc.shop.example", "v=DMARC1; p=none")
		if p := x.Policy(ctx, "mail.shop.example"); p.SPF == "" || p.DMARC != "v=DMARC1; p=none" || !p.Asked {
			x.t.Errorf("the domain above: %+v", p)
		}
		x.dns.Set("_dmarc.mail.shop.example", "v=DMARC1; p=reject")
		if p := x.Policy(ctx, "mail.shop.example"); p.DMARC != "v=DMARC1; p=reject" {
			x.t.Errorf("its own first: %+v", p)
		}
		x.dns.Break()
		if p := x.Policy(ctx, "mail.shop.example"); p.Asked {
			x.t.Errorf("broken: %+v", p)
		}
	})
}

func TestSenderIsSaved(t *testing.T) {
	t.Parallel()
	eachPost(t, func(x post) {
		ctx := x.t.Context()
		x.must(x.SaveRelay(ctx, x.w.ID, surveys.Relay{Protection: surveys.StartTLS, Host: "smtp.example.com", Port: 587, Username: "shop", Password: "CANARY-hush"}))
		w := x.w
		w.ReplyTo, w.Name = "help@shop.example", "Renamed by a form that should not"
		x.must(x.SaveSender(ctx, w, surveys.Sender{FromName: "Shop", FromAddress: "hallo@bücher.example"}))
		sender, err := x.store.Sender(ctx, x.w.ID)
		x.must(err)
		stored, err := x.store.Workspace(ctx, x.w.ID)
		x.must(err)
		if sender.FromAddress != "hallo@bücher.example" || sender.Relay == nil || stored.ReplyTo != "help@shop.example" || stored.Name != x.w.Name || x.Domain(sender) != "xn--bcher-kva.example" {
			x.t.Errorf("%+v of %+v, %q", sender, stored, x.Domain(sender))
		}
		if relay, err := flow.OpenRelay(x.Vault, sender); err != nil || relay.Password != "CANARY-hush" {
			x.t.Errorf("the mail server: %v, %v", relay, err)
		}
		for name, sender := range map[string]surveys.Sender{
			"a domain of two scripts": {FromAddress: "feedback@аpple.example"}, "another one": {BounceDomain: "αbc.example"},
			"a domain that is none": {FromAddress: "a@" + strings.Repeat("ü", 80) + ".example"}, "a header": {FromName: "Shop\r\nBcc: x@example.com"},
		} {
			if err := x.SaveSender(ctx, x.w, sender); surveys.KindOf(err) != surveys.Invalid {
				x.t.Errorf("%s: %v", name, err)
			}
		}
		bad := x.w
		bad.ReplyTo = "help@shop.example\r\nBcc: all@example.com"
		if err := x.SaveSender(ctx, bad, surveys.Sender{}); surveys.KindOf(err) != surveys.Invalid {
			x.t.Errorf("a header in where answers go: %v", err)
		}
		for _, fine := range []string{"客服@北风.example", "a@カフェ東京.example", "a@bücher.example"} {
			if err := x.SaveSender(ctx, x.w, surveys.Sender{FromAddress: fine}); err != nil && !strings.HasPrefix(fine, "客服") {
				x.t.Errorf("%s: %v", fine, err)
			}
		}
		x.must(x.DropRelay(ctx, x.w.ID))
		if sender, err = x.store.Sender(ctx, x.w.ID); err != nil || sender.Relay != nil {
			x.t.Errorf("the mail server is still there: %v", err)
		}
	})
}

// TestPasswordIsNotSentElsewhere: a form without a password keeps the stored one
// for the same account only.
func TestPasswordIsNotSentElsewhere(t *testing.T) {
	t.Parallel()
	eachPost(t, func(x post) {
		ctx := x.t.Context()
		relay := surveys.Relay{Protection: surveys.StartTLS, Host: "smtp.example.com", Port: 587, Username: "shop", Password: "CANARY-hush"}
		x.must(x.SaveRelay(ctx, x.w.ID, relay))
		again := relay
		again.Password, again.Host = "", " SMTP.example.com"
		x.must(x.SaveRelay(ctx, x.w.ID, again))
		sender, err := x.store.Sender(ctx, x.w.ID)
		x.must(err)
		if kept, err := flow.OpenRelay(x.Vault, sender); err != nil || kept != relay {
			x.t.Errorf("kept %v, %v", kept, err)
		}
		for name, change := range map[string]func(*surveys.Relay){
			"host": func(r *surveys.Relay) { r.Host = "evil.example" }, "port": func(r *surveys.Relay) { r.Port = 25 }, "user": func(r *surveys.Relay) { r.Username = "eve" },
		} {
			other := again
			change(&other)
			if got, err := x.CompleteRelay(sender, other); surveys.KindOf(err) != surveys.Invalid || got.Password != "" {
				x.t.Errorf("another %s gets %v, %v", name, got, err)
			}
		}
	})
}

// TestNothingSecretIsInTheDatabase reads every table for what was sealed.
func TestNothingSecretIsInTheDatabase(t *testing.T) {
	t.Parallel()
	eachPost(t, func(x post) {
		ctx := x.t.Context()
		x.must(x.SaveRelay(ctx, x.w.ID, surveys.Relay{Protection: surveys.StartTLS, Host: "smtp.example.com", Port: 587, Username: "shop", Password: "CANARY-hush"}))
		x.must(x.MakeKeys(ctx, x.w.ID))
		sender, err := x.store.Sender(ctx, x.w.ID)
		x.must(err)
		keys, err := x.store.DKIMKeys(ctx, x.w.ID)
		x.must(err)
		if bytes.Contains(sender.Relay, []byte("CANARY")) || bytes.Contains(sender.Relay, []byte("smtp.example.com")) {
			x.t.Error("the mail server is stored in the open")
		}
		for _, key := range keys {
			if _, err := surveys.DKIMSigner(key.Secret); err == nil {
				x.t.Errorf("the key %s is stored in the open", key.Selector)
			}
		}
		none := flow.NewSending(flow.SendingOptions{Store: x.store, Resolver: x.dns.Resolver(), From: "a@server.example"})
		if err := none.SaveRelay(ctx, x.w.ID, surveys.Relay{Protection: surveys.StartTLS, Host: "a.example", Port: 25}); surveys.KindOf(err) != surveys.Unavailable {
			x.t.Errorf("stored without a secret: %v", err)
		}
		if err := none.MakeKeys(ctx, x.w.ID); surveys.KindOf(err) != surveys.Unavailable {
			x.t.Errorf("made without a secret: %v", err)
		}
	})
}

// TestSecretIsChanged: everything is sealed again under the new secret, and
// doctor's look sees what is not.
func TestSecretIsChanged(t *testing.T) {
	t.Parallel()
	eachPost(t, func(x post) {
		ctx := x.t.Context()
		x.must(x.SaveRelay(ctx, x.w.ID, surveys.Relay{Protection: surveys.StartTLS, Host: "smtp.example.com", Port: 587}))
		x.must(x.MakeKeys(ctx, x.w.ID))
		hook := surveys.MailHook{WorkspaceID: x.w.ID, Provider: surveys.BounceByMailgun}
		var err error
		hook.Secret, err = x.Vault.Seal(x.store.Random(), surveys.MailHookPlace(x.w.ID, hook.Provider), []byte("signing key"))
		x.must(err)
		storetest.Write(x.t, x.store, func(ctx context.Context, tx *store.Tx) error { return tx.SaveMailHook(ctx, hook) })
		faults := func(v *surveys.Vault) (closed, stale int) {
			list, err := flow.SealedFaults(ctx, x.store, v, x.w.ID)
			x.must(err)
			for _, f := range list {
				if f.Err != nil {
					closed++
				} else {
					stale++
				}
			}
			return closed, stale
		}
		const fresh = "another-secret-of-at-least-32-characters"
		both, err := surveys.NewVault(fresh, storetest.Secret)
		x.must(err)
		alone, err := surveys.NewVault(fresh)
		x.must(err)
		for _, c := range []struct {
			name          string
			vault         *surveys.Vault
			closed, stale int
		}{{"the old one", x.Vault, 0, 0}, {"none", nil, 4, 0}, {"both", both, 0, 4}, {"the new one alone", alone, 4, 0}} {
			if closed, stale := faults(c.vault); closed != c.closed || stale != c.stale {
				x.t.Errorf("%s: %d closed and %d stale", c.name, closed, stale)
			}
		}
		y := flow.NewSending(flow.SendingOptions{Store: x.store, Vault: both, Resolver: x.dns.Resolver()})
		for _, want := range []int{4, 0} {
			if n, err := y.Reseal(ctx); n != want || err != nil {
				x.t.Errorf("sealed %d again, %v, want %d", n, err, want)
			}
		}
		if closed, stale := faults(alone); closed+stale != 0 {
			x.t.Errorf("after that %d are closed and %d stale", closed, stale)
		}
	})
}

// TestSendingKeepsWorkspacesApart: no move reaches another workspace's keys.
func TestSendingKeepsWorkspacesApart(t *testing.T) {
	t.Parallel()
	eachPost(t, func(x post) {
		ctx, stranger := x.t.Context(), storetest.Workspace(x.t, x.store)
		x.must(x.MakeKeys(ctx, x.w.ID))
		keys, err := x.store.DKIMKeys(ctx, x.w.ID)
		x.must(err)
		for name, move := range map[string]func() error{
			"retire": func() error { return x.RetireKey(ctx, stranger.ID, keys[0].ID) },
			"delete": func() error { return x.DeleteKey(ctx, stranger.ID, keys[0].ID) },
		} {
			if err := move(); surveys.KindOf(err) != surveys.NotFound {
				x.t.Errorf("%s: %v", name, err)
			}
		}
		x.publish()
		x.must(x.CheckKeys(ctx, stranger.ID))
		x.must(x.SignAnyway(ctx, stranger.ID))
		x.must(x.DropRelay(ctx, stranger.ID))
		x.want("untouched", "rsa new", "ed25519 new")
		if err := x.SaveSender(ctx, surveys.Workspace{ID: "nope"}, surveys.Sender{}); err == nil {
			x.t.Error("the sender of no workspace is saved")
		}
	})
}

// TestKeysAreWatched: a record that disappears is told once, with when it was last
// there, and so is its return; a DNS that does not answer says nothing, and neither
// does a record that never was.
func TestKeysAreWatched(t *testing.T) {
	t.Parallel()
	eachPost(t, func(x post) {
		ctx, told := x.t.Context(), new(strings.Builder)
		log := slog.New(slog.NewTextHandler(told, nil))
		look := func(what string, gone int, says ...string) {
			x.t.Helper()
			told.Reset()
			x.clock.Advance(time.Hour)
			x.must(x.WatchKeys(ctx, log))
			keys, err := x.GoneKeys(ctx, x.w.ID)
			if x.must(err); len(keys) != gone {
				x.t.Errorf("%s: %d keys are gone, want %d", what, len(keys), gone)
			}
			if n := strings.Count(told.String(), "\n"); n != len(says) {
				x.t.Errorf("%s: the log says %q, want %q", what, told, says)
			}
			for _, text := range says {
				if !strings.Contains(told.String(), text) {
					x.t.Errorf("%s: the log says %q, not %q", what, told, text)
				}
			}
		}
		look("no keys", 0)
		x.must(x.MakeKeys(ctx, x.w.ID))
		look("never seen", 0)
		x.publish()
		look("found, and they sign", 0)
		x.want("found", "rsa signing found", "ed25519 signing found")
		list, err := x.store.DKIMKeys(ctx, x.w.ID)
		x.must(err)
		seen := x.clock.Now()

		x.dns.Set(list[0].RecordName())
		look("one is gone", 1, "record="+list[0].RecordName()+" finding=missing seen="+seen.Format(time.RFC3339))
		look("an hour later", 1)
		x.dns.Set(list[1].RecordName(), "v=DKIM1; k=ed25519; p=other")
		look("the other one has another value", 2, "finding=other")
		x.publish()
		look("both are back", 0, list[0].RecordName(), list[1].RecordName())

		x.dns.Break()
		look("no answer", 0)
		list, err = x.store.DKIMKeys(ctx, x.w.ID)
		if x.must(err); list[0].Finding != surveys.DKIMFailed || list[0].FoundAt.Equal(*list[0].CheckedAt) {
			x.t.Errorf("%+v", list[0])
		}
	})
}
