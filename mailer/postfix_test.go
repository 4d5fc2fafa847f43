package mailer

import (
	"bytes"
	"context"
	"errors"
	"net/mail"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/mailer/mtatest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// postfixLetters is how many letters of each database TestPostfixDelivers mails;
// HARK_TEST_LETTERS=10000 has it mail as many as the promise is about, which
// takes some minutes.
const postfixLetters = 500

// verifiedElsewhere is of how many of them the second implementer of DKIM reads
// one, since it takes some milliseconds for each. The first reads all.
const verifiedElsewhere = 20

// TestPostfixDelivers mails invitations to a real Postfix, which puts them into
// mailboxes: each arrives once and whole, with a sender that leads back to it, as
// both implementers of DKIM read its signatures. A day later nothing more comes.
func TestPostfixDelivers(t *testing.T) {
	t.Parallel()
	n := postfixLetters
	if asked, err := strconv.Atoi(os.Getenv("HARK_TEST_LETTERS")); err == nil {
		n = asked
	}
	for _, dialect := range storetest.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			clock := storetest.NewClock()
			o := newOffice(t, storetest.OpenAt(t, dialect, clock.Now))
			x := o.signs(t)
			maildir, err := os.MkdirTemp("", "hark-mail")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = os.RemoveAll(maildir) })
			if err := os.Chmod(maildir, 0o755); err != nil { // its user walks through
				t.Fatal(err)
			}
			transport := transportTo(t, mtatest.Postfix(t, mtatest.World{Maildir: maildir}), Timeouts{})
			senders, err := NewSenders(SendersOptions{Store: o.store, Vault: storetest.Vault(t), From: "feedback@shop.example", Transport: transport})
			if err != nil {
				t.Fatal(err)
			}
			d := dispatcher(t, o.store, transport, func(o *DispatcherOptions) { o.Senders = senders })
			o.inviteMany(n)
			if err := wholePass(d); err != nil {
				t.Fatal(err)
			}
			arrived := waitForMails(t, filepath.Join(maildir, "all", "new"), n)
			checkMailbox(t, o, x, arrived)
			clock.Advance(24 * time.Hour)
			if err := wholePass(d); err != nil {
				t.Fatal(err)
			}
			if later := waitForMails(t, filepath.Join(maildir, "all", "new"), n); len(later) != n {
				t.Errorf("a day later there are %d mails, want %d", len(later), n)
			}
		})
	}
}

// wholePass has a dispatcher look once, by the ways that it has.
func wholePass(d *Dispatcher) error {
	p := d.newPass(context.Background())
	defer p.end()
	return p.run()
}

// signs gives the workspace a sender of its own whose letters are signed, and
// come back by an address of each.
func (o office) signs(t *testing.T) signing {
	t.Helper()
	x := signing{keys: storetest.DKIMKeys(t, o.store, o.workspace.ID, "shop.example", surveys.DKIMSigning)}
	storetest.Write(t, o.store, func(ctx context.Context, tx *store.Tx) error {
		return tx.SaveSender(ctx, surveys.Sender{
			WorkspaceID: o.workspace.ID, FromName: "Example Shop", FromAddress: "feedback@shop.example", BounceDomain: mtatest.Reports,
			Signing: surveys.SignedHere, UpdatedAt: o.store.Now(),
		})
	})
	return x
}

// waitForMails waits until a mailbox has so many mails, or more.
func waitForMails(t *testing.T, dir string, n int) map[string][]byte {
	t.Helper()
	for end := time.Now().Add(time.Minute + time.Duration(n)*50*time.Millisecond); ; time.Sleep(50 * time.Millisecond) {
		files, err := os.ReadDir(dir)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		if len(files) < n {
			if time.Now().After(end) {
				t.Fatalf("%d of %d mails arrived", len(files), n)
			}
			continue
		}
		mails := make(map[string][]byte, len(files))
		for _, file := range files {
			raw, err := os.ReadFile(filepath.Join(dir, file.Name()))
			if err != nil {
				t.Fatal(err)
			}
			mails[file.Name()] = bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n"))
		}
		return mails
	}
}

// checkMailbox holds the mails that arrived against the invitations that were
// mailed.
func checkMailbox(t *testing.T, o office, x signing, mails map[string][]byte) {
	t.Helper()
	counts, err := o.store.InvitationCounts(t.Context(), o.workspace.ID, "")
	if err != nil || counts[surveys.InvitationSent] != int64(len(mails)) || len(counts) != 1 {
		t.Errorf("%d mails arrived, and the invitations are %v, %v", len(mails), counts, err)
	}
	people, ids, sample := make(map[string]bool), make(map[string]bool), make(map[string][]byte)
	for _, raw := range mails {
		m, err := mail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		to, id := m.Header.Get("Delivered-To"), m.Header.Get("Message-Id")
		if people[to] || ids[id] || m.Header.Get("To") != "<"+to+">" {
			t.Errorf("a second mail for %s (%s), or one that says it is for %s", to, id, m.Header.Get("To"))
		}
		people[to], ids[id] = true, true
		back, ours := surveys.ParseReturn(strings.Trim(m.Header.Get("Return-Path"), "<>"))
		if !ours || !back.By(o.workspace) || !strings.Contains(id, back.InvitationID) {
			t.Errorf("the sender %s does not lead back to %s", m.Header.Get("Return-Path"), id)
		}
		if good := x.verify(t, raw); good != 2 {
			t.Errorf("%s: %d of 2 signatures hold", id, good)
		}
		if len(people)%verifiedElsewhere == 0 {
			sample["letter-"+strconv.Itoa(len(sample))] = raw
		}
	}
	if len(people) != len(mails) {
		t.Errorf("%d people got %d mails", len(people), len(mails))
	}
	x.verifyElsewhere(t, sample)
}
