package intake_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/harkhq/hark/mailer/bounce"
	"github.com/harkhq/hark/mailer/intake"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// desk is an intake with a letter that was sent.
type desk struct {
	t      *testing.T
	store  *store.Store
	w      surveys.Workspace
	person surveys.Person
	letter surveys.Invitation
	log    *bytes.Buffer
	in     *intake.Intake
}

func newDesk(t *testing.T, s *store.Store) *desk {
	t.Helper()
	d := &desk{t: t, store: s, w: storetest.Workspace(t, s), log: new(bytes.Buffer)}
	survey := storetest.Survey(t, s, d.w.ID, surveys.NPS)
	d.person = storetest.Person(t, s, d.w.ID)
	d.letter = storetest.Invitation(t, s, survey, d.person)
	now := s.Now()
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
		from := d.letter.State
		for _, to := range []surveys.InvitationState{surveys.InvitationClaimed, surveys.InvitationSending, surveys.InvitationSent} {
			d.letter.State, d.letter.SentAt = to, &now
			if err := tx.MoveInvitation(ctx, d.letter, from); err != nil {
				return err
			}
			from = to
		}
		return nil
	})
	d.in = &intake.Intake{Bounces: flow.NewBounces(s, flow.NewDirectory(s)), Log: slog.New(slog.NewTextHandler(d.log, nil))}
	return d
}

func (d *desk) address(kind surveys.ReturnKind) string {
	return d.w.ReturnAddress(kind, d.letter.ID, "bounces.shop.example")
}

// mail is a message of the corpus that is about the desk's letter.
func (d *desk) mail(file string) string {
	d.t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "bounce", "testdata", file+".eml"))
	if err != nil {
		d.t.Fatal(err)
	}
	sample := surveys.Workspace{Key: "hark0000", Secret: []byte("0123456789abcdef0123456789abcdef")}
	const id = "019a1014-f400-7000-8000-000000000001"
	return strings.NewReplacer(
		sample.ReturnAddress(surveys.ReturnBounce, id, "bounces.shop.example"), d.address(surveys.ReturnBounce),
		sample.ReturnAddress(surveys.ReturnUnsubscribe, id, "bounces.shop.example"), d.address(surveys.ReturnUnsubscribe),
		"inv-"+id, "inv-"+d.letter.ID, "\n", "\r\n").Replace(string(raw))
}

// expect holds the address and the letter against what they should be.
func (d *desk) expect(what string, why surveys.Suppression, state surveys.InvitationState) {
	d.t.Helper()
	got, err := d.store.Suppression(context.Background(), d.w, d.person.Email)
	i, failed := d.store.Invitation(context.Background(), d.w.ID, d.letter.ID)
	if err != nil || failed != nil || got != why || i.State != state {
		d.t.Errorf("%s: suppressed %q and %s, want %q and %s (%v %v)", what, got, i.State, why, state, err, failed)
	}
}

// listen starts the listener and returns its address.
func (d *desk) listen(way intake.Way) string {
	d.t.Helper()
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		d.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- intake.NewListener(d.in, way, "feedback.shop.example").Serve(ctx, socket) }()
	d.t.Cleanup(func() {
		stop()
		select {
		case err := <-done:
			if err != nil {
				d.t.Errorf("the listener ended with %v", err)
			}
		case <-time.After(10 * time.Second):
			d.t.Error("the listener does not stop")
		}
	})
	return socket.Addr().String()
}

// hand gives a mail to the listener and returns the code of a refusal, 250 for
// none.
func (d *desk) hand(way intake.Way, address, from, to string, body io.Reader) int {
	d.t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		d.t.Fatal(err)
	}
	client := smtp.NewClient(conn)
	if way == intake.LMTP {
		client = smtp.NewClientLMTP(conn)
	}
	defer client.Close()
	err = client.Hello("mx.customers.example")
	if err == nil {
		err = client.Mail(from, nil)
	}
	if err == nil {
		err = client.Rcpt(to, nil)
	}
	if err == nil {
		err = d.data(client, body)
	}
	var refused *smtp.SMTPError
	if errors.As(err, &refused) {
		return refused.Code
	}
	if err != nil {
		d.t.Fatalf("hand a mail to %s: %v", to, err)
	}
	return 250
}

func (d *desk) data(client *smtp.Client, body io.Reader) error {
	w, err := client.Data()
	if err != nil {
		return err
	}
	if _, err := io.Copy(w, body); err != nil {
		return err
	}
	return w.Close()
}

// TestListener hands mails over by both protocols and both databases.
func TestListener(t *testing.T) {
	t.Parallel()
	const postmaster = "mailer-daemon@mx.customers.example"
	bounceTo := func(d *desk) string { return d.address(surveys.ReturnBounce) }
	stopTo := func(d *desk) string { return d.address(surveys.ReturnUnsubscribe) }
	for _, c := range []struct {
		name, file, from string
		to               func(*desk) string
		code             int
		why              surveys.Suppression
		state            surveys.InvitationState
	}{
		{"a hard bounce", "postfix-unknown-user", "", bounceTo, 250, surveys.SuppressedBounced, surveys.InvitationBounced},
		{"in capitals", "postfix-unknown-user", "", func(d *desk) string { return strings.ToUpper(bounceTo(d)) }, 250, surveys.SuppressedBounced, surveys.InvitationBounced},
		{"a full mailbox", "gmail-overquota", "", bounceTo, 250, "", surveys.InvitationBounced},
		{"our own fault", "outlook-policy-515", "", bounceTo, 250, "", surveys.InvitationBounced},
		{"a delay", "postfix-delayed", "", bounceTo, 250, "", surveys.InvitationSent},
		{"an automatic reply", "ooo-en-exchange", "", bounceTo, 250, "", surveys.InvitationSent},
		{"an automatic reply with a sender", "ooo-zh", "ada@customers.example", bounceTo, 250, "", surveys.InvitationSent},
		{"a bounce with a sender", "postfix-unknown-user", postmaster, bounceTo, 550, "", surveys.InvitationSent},
		{"a person's words", "human-reply", "ada@customers.example", bounceTo, 550, "", surveys.InvitationSent},
		{"a complaint to the letter's address", "arf-headers-only", "fbl@isp.example", bounceTo, 250, surveys.SuppressedComplained, surveys.InvitationSent},
		{"a complaint to the mailbox for them", "arf-comcast-redacted", "fbl@isp.example", func(*desk) string { return "FBL@bounces.shop.example" }, 250, surveys.SuppressedComplained, surveys.InvitationSent},
		{"a bounce to the mailbox for complaints", "postfix-unknown-user", "", func(*desk) string { return "fbl@bounces.shop.example" }, 550, "", surveys.InvitationSent},
		{"a wish to stop", "human-unsubscribe", "ada@customers.example", stopTo, 250, surveys.SuppressedUnsubscribed, surveys.InvitationSent},
		{"a machine's answer to the wish's address", "ooo-de", "", stopTo, 250, "", surveys.InvitationSent},
		{"our own letter", "human-reply", "self", bounceTo, 554, "", surveys.InvitationSent},
		{"nobody", "postfix-unknown-user", "", func(*desk) string { return "someone@bounces.shop.example" }, 550, "", surveys.InvitationSent},
		{"a forged signature", "postfix-unknown-user", "", func(d *desk) string {
			return strings.Replace(bounceTo(d), "-", "-a", 1)[:52] + "@bounces.shop.example"
		}, 550, "", surveys.InvitationSent},
		{"the bounce's signature for the wish", "human-unsubscribe", "", func(d *desk) string {
			return "unsub+" + strings.TrimPrefix(bounceTo(d), "b+")
		}, 550, "", surveys.InvitationSent},
		{"another server's address", "postfix-unknown-user", "", func(d *desk) string {
			return surveys.Workspace{Key: d.w.Key, Secret: []byte("another")}.ReturnAddress(surveys.ReturnBounce, d.letter.ID, "x.example")
		}, 550, "", surveys.InvitationSent},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			storetest.Both(t, func(t *testing.T, s *store.Store) {
				for _, way := range []intake.Way{intake.LMTP, intake.SMTP} {
					d := newDesk(t, s)
					from := c.from
					if from == "self" {
						from = d.address(surveys.ReturnBounce)
					}
					if code := d.hand(way, d.listen(way), from, c.to(d), strings.NewReader(d.mail(c.file))); code != c.code {
						t.Errorf("%s: answered %d, want %d", way, code, c.code)
					}
					d.expect(string(way), c.why, c.state)
				}
			})
		})
	}
}

// TestListenerAndHugeMail takes the beginning of fifty megabytes and stays well.
func TestListenerAndHugeMail(t *testing.T) {
	t.Parallel()
	d := newDesk(t, storetest.Open(t, store.SQLite))
	address := d.listen(intake.SMTP)
	raw := d.mail("postfix-unknown-user")
	raw = raw[:strings.LastIndex(raw, "--BOUND.1--")]
	body := io.MultiReader(strings.NewReader(raw), io.LimitReader(filler{}, 50<<20))
	if code := d.hand(intake.SMTP, address, "", d.address(surveys.ReturnBounce), body); code != 250 {
		t.Errorf("answered %d", code)
	}
	d.expect("fifty megabytes", surveys.SuppressedBounced, surveys.InvitationBounced)
	if code := d.hand(intake.SMTP, address, "", d.address(surveys.ReturnBounce), strings.NewReader(d.mail("gmail-nosuchuser"))); code != 250 {
		t.Errorf("then answered %d", code)
	}
}

type filler struct{}

func (filler) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = "0123456789012345678901234567890123456789\r\n"[i%42]
	}
	return len(p), nil
}

// TestLoop refuses a mail that passed too many servers.
func TestLoop(t *testing.T) {
	t.Parallel()
	d := newDesk(t, storetest.Open(t, store.SQLite))
	raw := strings.Repeat("Received: from a.example by b.example; Mon, 2 Mar 2026 09:00:00 +0000\r\n", 31) + d.mail("postfix-unknown-user")
	err := d.in.Receive(context.Background(), intake.Incoming{To: []string{d.address(surveys.ReturnBounce)}, Body: strings.NewReader(raw)})
	if !intake.Refused(err) || !strings.Contains(err.Error(), "loop") {
		t.Errorf("a loop: %v", err)
	}
	d.expect("a loop", "", surveys.InvitationSent)
}

// TestNothingIsLostToATrouble: when the database is away, the mail server is
// told to try again.
func TestNothingIsLostToATrouble(t *testing.T) {
	t.Parallel()
	d := newDesk(t, storetest.Open(t, store.SQLite))
	address := d.listen(intake.LMTP)
	if err := d.store.Close(); err != nil {
		t.Fatal(err)
	}
	if code := d.hand(intake.LMTP, address, "", d.address(surveys.ReturnBounce), strings.NewReader(d.mail("postfix-unknown-user"))); code != 451 {
		t.Errorf("answered %d, want 451", code)
	}
}

// TestLogHoldsNoAddress reads the log: it names letters by their ids only.
func TestLogHoldsNoAddress(t *testing.T) {
	t.Parallel()
	d := newDesk(t, storetest.Open(t, store.SQLite))
	for _, file := range []string{"postfix-unknown-user", "arf-yahoo"} {
		if err := d.in.Receive(context.Background(), intake.Incoming{To: []string{d.address(surveys.ReturnBounce)}, Body: strings.NewReader(d.mail(file))}); err != nil {
			t.Fatal(err)
		}
	}
	if log := d.log.String(); strings.Contains(log, "@") || !strings.Contains(log, d.letter.ID) {
		t.Errorf("the log is %s", log)
	}
}

// TestParseSettings reads the setting.
func TestParseSettings(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "{ }", "pipe": "{pipe }", "lmtp://127.0.0.1:2424": "{lmtp 127.0.0.1:2424}", "smtp://:25": "{smtp :25}",
		"http://x:1": "error", "lmtp://127.0.0.1": "error", "lmtp://a:99999": "error", "smtp://a:25/x": "error", "smtp://u:p@a:25": "error", "2424": "error",
	} {
		got, err := intake.ParseSettings(text)
		said := fmt.Sprint(got)
		if err != nil {
			said = "error"
			if !strings.Contains(err.Error(), "HARK_BOUNCES") || !strings.Contains(err.Error(), "lmtp://127.0.0.1:2424") {
				t.Errorf("%q: the error %q shows no way out", text, err)
			}
		}
		if said != want {
			t.Errorf("%q: %s, want %s", text, said, want)
		}
	}
	if bounce.MaxBytes != 1<<20 {
		t.Error("the docs say 1 MiB")
	}
}
