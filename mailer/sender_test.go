package mailer

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// house is the operator's own network in tests: this machine.
func house(t testing.TB) []*net.IPNet {
	t.Helper()
	_, four, err := net.ParseCIDR("127.0.0.0/8")
	if err != nil {
		t.Fatal(err)
	}
	return []*net.IPNet{four}
}

// relayAt is a mail server of a test.
func relayAt(t testing.TB, address string) surveys.Relay {
	t.Helper()
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return surveys.Relay{Protection: surveys.NoTLS, Host: host, Port: n}
}

// sendersOf are the ways of a store's workspaces, with the server's transport.
func sendersOf(t testing.TB, s *store.Store, transport Transport) *Senders {
	t.Helper()
	senders, err := NewSenders(SendersOptions{Store: s, Vault: storetest.Vault(t), From: "Hark <feedback@server.example>", Transport: transport, Networks: house(t)})
	if err != nil {
		t.Fatal(err)
	}
	return senders
}

// sending are the moves that change a store's senders.
func sending(t testing.TB, s *store.Store) *flow.Sending {
	t.Helper()
	return flow.NewSending(flow.SendingOptions{Store: s, Vault: storetest.Vault(t), From: "feedback@server.example"})
}

func TestWayOfAWorkspace(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, senders := t.Context(), sendersOf(t, s, noTransport{t})
		w, other := storetest.Workspace(t, s), storetest.Workspace(t, s)
		way, err := senders.Way(ctx, w.ID)
		if err != nil || way.Transport != senders.Transport || way.Own || way.Identity != (Identity{Address: "feedback@server.example"}) {
			t.Fatalf("who never said anything: %+v, %v", way, err)
		}
		if err := sending(t, s).SaveSender(ctx, w, surveys.Sender{FromName: "Shop", FromAddress: "Hallo@Bücher.example", BounceDomain: "b.Bücher.example"}); err != nil {
			t.Fatal(err)
		}
		storetest.DKIMKeys(t, s, w.ID, "xn--bcher-kva.example", surveys.DKIMSigning)
		storetest.DKIMKeys(t, s, w.ID, "server.example", surveys.DKIMSigning)
		if way, err = senders.Way(ctx, w.ID); err != nil || way.Identity.Address != "Hallo@xn--bcher-kva.example" || way.Identity.Name != "Shop" || way.Identity.Bounces != "b.xn--bcher-kva.example" || len(way.Identity.Signer.keys) != 2 {
			t.Errorf("its own: %+v, %v", way, err)
		}
		if way.Identity.Signer.keys[0].domain != "xn--bcher-kva.example" {
			t.Errorf("signed by %s", way.Identity.Signer.keys[0].domain)
		}
		if way, err = senders.Way(ctx, other.ID); err != nil || way.Identity.Signer != nil || way.Identity.Name != "" {
			t.Errorf("another workspace: %+v, %v", way, err)
		}
		if err := sending(t, s).SaveSender(ctx, w, surveys.Sender{Signing: surveys.SignedByRelay}); err != nil {
			t.Fatal(err)
		}
		if way, err = senders.Way(ctx, w.ID); err != nil || way.Identity.Signer != nil {
			t.Errorf("signed by the relay: %+v, %v", way, err)
		}
	})
}

// TestWayByItsOwnServer keeps its connections from one batch to the next, until
// the settings change.
func TestWayByItsOwnServer(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, senders, first, second := t.Context(), sendersOf(t, s, nil), newScripted(t, nil), newScripted(t, nil)
		w, without := storetest.Workspace(t, s), storetest.Workspace(t, s)
		save := func(relay surveys.Relay) {
			if err := sending(t, s).SaveRelay(ctx, w.ID, relay); err != nil {
				t.Fatal(err)
			}
		}
		deliver := func(n int) {
			way, err := senders.Way(ctx, w.ID)
			if err != nil || !way.Own {
				t.Fatalf("%+v, %v", way, err)
			}
			if got := way.Transport.Deliver(ctx, aLetter(n)); got.Outcome != Sent {
				t.Fatalf("%+v", got)
			}
		}
		save(relayAt(t, first.addr))
		for n := range 3 {
			deliver(n + 1)
		}
		if first.dialled() != 1 || len(first.letters()) != 3 {
			t.Errorf("%d letters on %d connections", len(first.letters()), first.dialled())
		}
		save(relayAt(t, second.addr))
		deliver(4)
		if len(second.letters()) != 1 || len(first.letters()) != 3 {
			t.Errorf("after the change %d and %d letters", len(first.letters()), len(second.letters()))
		}
		if way, err := senders.Way(ctx, without.ID); err != nil || way.Transport != nil {
			t.Errorf("who has no server: %+v, %v", way, err)
		}
		if err := sending(t, s).DropRelay(ctx, w.ID); err != nil {
			t.Fatal(err)
		}
		if way, err := senders.Way(ctx, w.ID); err != nil || way.Transport != nil || way.Own {
			t.Errorf("dropped: %+v, %v", way, err)
		}
	})
}

// TestNothingLeavesInAnotherName: what cannot be opened makes letters wait,
// rather than go by another server or without a signature.
func TestNothingLeavesInAnotherName(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		other, err := surveys.NewVault("another-secret-of-at-least-32-characters")
		if err != nil {
			t.Fatal(err)
		}
		withRelay, withKeys := storetest.Workspace(t, s), storetest.Workspace(t, s)
		storetest.Sender(t, s, withRelay.ID)
		storetest.DKIMKeys(t, s, withKeys.ID, "server.example", surveys.DKIMSigning)
		for name, vault := range map[string]*surveys.Vault{"no secret": nil, "another secret": other} {
			senders, err := NewSenders(SendersOptions{Store: s, Vault: vault, From: "feedback@server.example", Transport: noTransport{t}})
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range []surveys.Workspace{withRelay, withKeys} {
				if way, err := senders.Way(t.Context(), w.ID); surveys.KindOf(err) != surveys.Unavailable || way.Transport != nil || strings.Contains(err.Error(), "hush") {
					t.Errorf("%s: %+v, %v", name, way, err)
				}
			}
		}
		none, err := NewSenders(SendersOptions{Store: s, Transport: noTransport{t}})
		if err != nil {
			t.Fatal(err)
		}
		if way, err := none.Way(t.Context(), storetest.Workspace(t, s).ID); err != nil || way.Transport != nil {
			t.Errorf("nobody to send as: %+v, %v", way, err)
		}
	})
}

// TestWayIsPrintedWithoutSecrets: no way of printing it shows a password or a
// key, nor does its JSON.
func TestWayIsPrintedWithoutSecrets(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	senders, w := sendersOf(t, s, nil), storetest.Workspace(t, s)
	relay := surveys.Relay{Protection: surveys.StartTLS, Host: "smtp.example.com", Port: 587, Username: "shop", Password: "CANARY-hush"}
	if err := sending(t, s).SaveRelay(t.Context(), w.ID, relay); err != nil {
		t.Fatal(err)
	}
	way, err := senders.Way(t.Context(), w.ID)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	slog.New(slog.NewTextHandler(&out, nil)).Info("a mistake", "settings", SettingsOf(relay), "relay", relay, "way", way)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("a mistake", "settings", SettingsOf(relay).String(), "way", way.Identity)
	if strings.Contains(out.String(), "CANARY") {
		t.Errorf("printed %s", out.String())
	}
	if text, err := json.Marshal(way.Identity); err != nil || strings.Contains(string(text), "CANARY") {
		t.Errorf("%s, %v", text, err)
	}
}
