package hooks_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/hooks"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/handlers/web/webtest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

const (
	topic      = "arn:aws:sns:eu-west-1:123456789012:bounces"
	certAt     = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem"
	mailgunKey = "key-of-mailgun"
)

// world is a server with a workspace that takes the reports of all providers
// and was sent for one letter.
type world struct {
	t       *testing.T
	store   *store.Store
	clock   *storetest.Clock
	w       surveys.Workspace
	person  surveys.Person
	letter  surveys.Invitation
	handler http.Handler
	rsa     *rsa.PrivateKey
	ecdsa   *ecdsa.PrivateKey
	mu      sync.Mutex // guards what follows
	fetched []string
	named   string // whom the certificate is for; "" for SNS
}

func newWorld(t *testing.T, s *store.Store, clock *storetest.Clock) *world {
	t.Helper()
	x := &world{t: t, store: s, clock: clock, w: storetest.Workspace(t, s)}
	var err error
	if x.rsa, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		t.Fatal(err)
	}
	if x.ecdsa, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	vault, err := surveys.NewVault(strings.Repeat("secret", 8))
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := vault.Seal(rand.Reader, surveys.MailHookPlace(x.w.ID, surveys.BounceByMailgun), []byte(mailgunKey))
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(&x.ecdsa.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(
			tx.SaveMailHook(ctx, surveys.MailHook{WorkspaceID: x.w.ID, Provider: surveys.BounceBySES, Public: topic}),
			tx.SaveMailHook(ctx, surveys.MailHook{WorkspaceID: x.w.ID, Provider: surveys.BounceByMailgun, Secret: sealed}),
			tx.SaveMailHook(ctx, surveys.MailHook{WorkspaceID: x.w.ID, Provider: surveys.BounceByPostmark}),
			tx.SaveMailHook(ctx, surveys.MailHook{WorkspaceID: x.w.ID, Provider: surveys.BounceBySendGrid, Public: base64.StdEncoding.EncodeToString(public)}),
		)
	})
	x.handler = webtest.Handler(webtest.Site(t, s), func(e *echo.Echo, site *web.Site) { hooks.Register(e, site, vault, x.fetch) },
		func(c echo.Context, err error) error { return c.String(web.Status(err), err.Error()) })
	x.renew()
	return x
}

// renew sends another letter to another person.
func (x *world) renew() {
	x.t.Helper()
	survey := storetest.Survey(x.t, x.store, x.w.ID, surveys.NPS)
	x.person = storetest.Person(x.t, x.store, x.w.ID)
	x.letter = storetest.Invitation(x.t, x.store, survey, x.person)
	now := x.store.Now()
	storetest.Write(x.t, x.store, func(ctx context.Context, tx *store.Tx) error {
		from := x.letter.State
		for _, to := range []surveys.InvitationState{surveys.InvitationClaimed, surveys.InvitationSending, surveys.InvitationSent} {
			x.letter.State, x.letter.SentAt = to, &now
			if err := tx.MoveInvitation(ctx, x.letter, from); err != nil {
				return err
			}
			from = to
		}
		return nil
	})
}

// fetch is the network: the certificate of SNS and nothing else.
func (x *world) fetch(_ context.Context, address string) ([]byte, error) {
	x.mu.Lock()
	x.fetched = append(x.fetched, address)
	x.mu.Unlock()
	if address != certAt && !strings.HasPrefix(address, "https://sns.eu-west-1.amazonaws.com/?Action=") {
		return nil, fmt.Errorf("fetched %s", address)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: cmp.Or(x.named, "sns.amazonaws.com")}, NotBefore: x.clock.Now().Add(-time.Hour), NotAfter: x.clock.Now().Add(1000 * time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &x.rsa.PublicKey, x.rsa)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), err
}

// post calls a provider's address.
func (x *world) post(provider, workspace string, body []byte, header http.Header) int {
	x.t.Helper()
	request := httptest.NewRequest(http.MethodPost, hooks.Path+"/"+provider+"/"+workspace, bytes.NewReader(body))
	request.Header = header.Clone()
	request.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	x.handler.ServeHTTP(answer, request)
	return answer.Code
}

// signed is a call of a provider: its body and fields.
type signed struct {
	body   []byte
	header http.Header
}

func (x *world) json(value any) []byte {
	x.t.Helper()
	raw, err := json.Marshal(value)
	if err != nil {
		x.t.Fatal(err)
	}
	return raw
}

type obj = map[string]any

// ses signs a notification as SNS does.
func (x *world) ses(arn string, message any) signed {
	e := map[string]string{
		"Type": "Notification", "MessageId": "m-1", "TopicArn": arn, "Message": string(x.json(message)), "Timestamp": x.clock.Now().Format(time.RFC3339),
		"SignatureVersion": "2", "SigningCertURL": certAt,
	}
	text := "Message\n" + e["Message"] + "\nMessageId\nm-1\nTimestamp\n" + e["Timestamp"] + "\nTopicArn\n" + arn + "\nType\nNotification\n"
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, x.rsa, crypto.SHA256, sum[:])
	if err != nil {
		x.t.Fatal(err)
	}
	e["Signature"] = base64.StdEncoding.EncodeToString(signature)
	return signed{x.json(e), http.Header{}}
}

func (x *world) sesBounce(kind, sub, status, words string) signed {
	return x.ses(topic, obj{
		"notificationType": "Bounce", "mail": obj{"source": x.w.ReturnAddress(surveys.ReturnBounce, x.letter.ID, "bounces.shop.example"), "messageId": "0102"},
		"bounce": obj{"bounceType": kind, "bounceSubType": sub, "feedbackId": "f-1", "bouncedRecipients": []obj{{"emailAddress": x.person.Email, "status": status, "diagnosticCode": words}}},
	})
}

func (x *world) mailgun(event, severity, token string, code int, words string) signed {
	stamp := strconv.FormatInt(x.clock.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(mailgunKey))
	mac.Write([]byte(stamp + token))
	return signed{x.json(obj{
		"signature": obj{"timestamp": stamp, "token": token, "signature": hex.EncodeToString(mac.Sum(nil))},
		"event-data": obj{"id": "e-" + token, "event": event, "severity": severity, "recipient": x.person.Email,
			"message": obj{"headers": obj{"message-id": "inv-" + x.letter.ID + "@shop.example"}}, "delivery-status": obj{"code": code, "message": words}},
	}), http.Header{}}
}

// mailgunKept is a letter that Mailgun did not send, by its own list.
func (x *world) mailgunKept(reason, token string, code int) signed {
	call := x.mailgun("failed", "permanent", token, code, "Not delivering to previous recipient")
	return signed{bytes.Replace(call.body, []byte(`"event-data":{`), []byte(`"event-data":{"reason":"`+reason+`",`), 1), call.header}
}

// postmarkStop is a change of Postmark's own list.
func (x *world) postmarkStop(reason string) signed {
	call := x.postmark("SubscriptionChange", "", "")
	return signed{x.json(obj{"RecordType": "SubscriptionChange", "MessageID": "883953f5", "Recipient": x.person.Email, "SuppressSending": true, "SuppressionReason": reason}), call.header}
}

func (x *world) postmark(record, kind, details string) signed {
	header := http.Header{}
	header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(hooks.PostmarkUser+":"+hooks.PostmarkPassword(x.w))))
	return signed{x.json(obj{"RecordType": record, "Type": kind, "ID": 42, "MessageID": "883953f4", "Email": x.person.Email, "Details": details}), header}
}

func (x *world) sendgrid(events ...obj) signed {
	body, stamp := x.json(events), strconv.FormatInt(x.clock.Now().Unix(), 10)
	sum := sha256.Sum256(append([]byte(stamp), body...))
	signature, err := ecdsa.SignASN1(rand.Reader, x.ecdsa, sum[:])
	if err != nil {
		x.t.Fatal(err)
	}
	header := http.Header{}
	header.Set("X-Twilio-Email-Event-Webhook-Timestamp", stamp)
	header.Set("X-Twilio-Email-Event-Webhook-Signature", base64.StdEncoding.EncodeToString(signature))
	return signed{body, header}
}

func (x *world) sendgridEvent(event, kind, status, reason string) obj {
	return obj{"email": x.person.Email, "event": event, "type": kind, "status": status, "reason": reason, "sg_event_id": "sg-" + event, "smtp-id": "<inv-" + x.letter.ID + "@shop.example>"}
}

// expect holds what became of the person and the letter against what should.
func (x *world) expect(what string, why surveys.Suppression, state surveys.InvitationState) {
	x.t.Helper()
	got, err := x.store.Suppression(context.Background(), x.w, x.person.Email)
	i, failed := x.store.Invitation(context.Background(), x.w.ID, x.letter.ID)
	if err != nil || failed != nil || got != why || i.State != state {
		x.t.Errorf("%s: suppressed %q and %s, want %q and %s (%v, %v)", what, got, i.State, why, state, err, failed)
	}
}

// TestProviders takes what the four providers report.
func TestProviders(t *testing.T) {
	t.Parallel()
	const sent, back = surveys.InvitationSent, surveys.InvitationBounced
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		x := newWorld(t, s, clock)
		for _, c := range []struct {
			name, provider string
			call           func() signed
			why            surveys.Suppression
			state          surveys.InvitationState
		}{
			{"ses, gone", "ses", func() signed { return x.sesBounce("Permanent", "General", "5.1.1", "smtp; 550 5.1.1 user unknown") }, surveys.SuppressedBounced, back},
			{"ses, without words", "ses", func() signed { return x.sesBounce("Permanent", "General", "", "") }, surveys.SuppressedBounced, back},
			{"ses, full", "ses", func() signed { return x.sesBounce("Transient", "MailboxFull", "4.2.2", "") }, "", back},
			{"ses, away", "ses", func() signed { return x.sesBounce("Transient", "General", "", "") }, "", sent},
			{"ses, our fault", "ses", func() signed { return x.sesBounce("Permanent", "General", "5.7.1", "550 5.7.1 blocked") }, "", back},
			{"ses, complaint", "ses", func() signed {
				return x.ses(topic, obj{"eventType": "Complaint", "mail": obj{"headers": []obj{{"name": "Message-ID", "value": "<inv-" + x.letter.ID + "@shop.example>"}}},
					"complaint": obj{"feedbackId": "c-1", "complainedRecipients": []obj{{"emailAddress": x.person.Email}}}})
			}, surveys.SuppressedComplained, sent},
			{"ses, no spam", "ses", func() signed {
				return x.ses(topic, obj{"eventType": "Complaint", "mail": obj{}, "complaint": obj{"complaintFeedbackType": "not-spam", "complainedRecipients": []obj{{"emailAddress": x.person.Email}}}})
			}, "", sent},
			{"mailgun, gone", "mailgun", func() signed { return x.mailgun("failed", "permanent", "t1", 550, "5.1.1 user unknown") }, surveys.SuppressedBounced, back},
			{"mailgun, tries", "mailgun", func() signed { return x.mailgun("failed", "temporary", "t2", 450, "busy") }, "", sent},
			{"mailgun, complaint", "mailgun", func() signed { return x.mailgun("complained", "", "t3", 0, "") }, surveys.SuppressedComplained, sent},
			{"mailgun, stopped", "mailgun", func() signed { return x.mailgun("unsubscribed", "", "t4", 0, "") }, surveys.SuppressedUnsubscribed, sent},
			{"mailgun, kept back since it bounced", "mailgun", func() signed { return x.mailgunKept("suppress-bounce", "t5", 605) }, surveys.SuppressedBounced, back},
			{"mailgun, kept back since they complained", "mailgun", func() signed { return x.mailgunKept("suppress-complaint", "t6", 607) }, surveys.SuppressedComplained, sent},
			{"mailgun, kept back since they stopped", "mailgun", func() signed { return x.mailgunKept("suppress-unsubscribe", "t7", 606) }, surveys.SuppressedUnsubscribed, sent},
			{"mailgun, kept back without a reason", "mailgun", func() signed { return x.mailgunKept("", "t8", 607) }, surveys.SuppressedComplained, sent},
			{"postmark, stopped there", "postmark", func() signed { return x.postmarkStop("ManualSuppression") }, surveys.SuppressedUnsubscribed, sent},
			{"postmark, kept back since it bounced", "postmark", func() signed { return x.postmarkStop("HardBounce") }, surveys.SuppressedBounced, back},
			{"postmark, kept back since they complained", "postmark", func() signed { return x.postmarkStop("SpamComplaint") }, surveys.SuppressedComplained, sent},
			{"postmark, asked to stop", "postmark", func() signed { return x.postmark("Bounce", "Unsubscribe", "") }, surveys.SuppressedUnsubscribed, sent},
			{"sendgrid, stopped", "sendgrid", func() signed { return x.sendgrid(x.sendgridEvent("group_unsubscribe", "", "", "")) }, surveys.SuppressedUnsubscribed, sent},
			{"sendgrid, kept back since they stopped", "sendgrid", func() signed { return x.sendgrid(x.sendgridEvent("dropped", "", "", "Unsubscribed Address")) }, surveys.SuppressedUnsubscribed, sent},
			{"sendgrid, kept back since they complained", "sendgrid", func() signed { return x.sendgrid(x.sendgridEvent("dropped", "", "", "Spam Reporting Address")) }, surveys.SuppressedComplained, sent},
			{"sendgrid, kept back by its own filter", "sendgrid", func() signed { return x.sendgrid(x.sendgridEvent("dropped", "", "", "Spam Content")) }, "", sent},
			{"postmark, gone", "postmark", func() signed { return x.postmark("Bounce", "HardBounce", "550 5.1.1 unknown") }, surveys.SuppressedBounced, back},
			{"postmark, away", "postmark", func() signed { return x.postmark("Bounce", "AutoResponder", "I am out of office, user unknown") }, "", sent},
			{"postmark, filter", "postmark", func() signed { return x.postmark("Bounce", "Blocked", "blocked") }, "", back},
			{"postmark, complaint", "postmark", func() signed { return x.postmark("SpamComplaint", "SpamComplaint", "") }, surveys.SuppressedComplained, sent},
			{"sendgrid, gone", "sendgrid", func() signed {
				return x.sendgrid(x.sendgridEvent("bounce", "bounce", "5.1.1", "550 5.1.1 unknown user"))
			}, surveys.SuppressedBounced, back},
			{"sendgrid, blocked", "sendgrid", func() signed { return x.sendgrid(x.sendgridEvent("bounce", "blocked", "5.7.1", "550 5.7.1 spam")) }, "", back},
			{"sendgrid, complaint", "sendgrid", func() signed { return x.sendgrid(x.sendgridEvent("spamreport", "", "", "")) }, surveys.SuppressedComplained, sent},
			{"sendgrid, several out of order", "sendgrid", func() signed {
				return x.sendgrid(x.sendgridEvent("spamreport", "", "", ""), x.sendgridEvent("deferred", "", "", ""), x.sendgridEvent("delivered", "", "", ""))
			}, surveys.SuppressedComplained, sent},
		} {
			x.renew()
			call := c.call()
			for range 2 { // a second time changes nothing
				if code := x.post(c.provider, x.w.Key, call.body, call.header); code != 200 {
					t.Errorf("%s: answered %d", c.name, code)
				}
				x.expect(c.name, c.why, c.state)
			}
			clock.Advance(time.Minute)
		}
		list, err := s.MailHooks(context.Background(), x.w.ID)
		if err != nil || len(list) != 4 {
			t.Fatalf("%+v, %v", list, err)
		}
		for _, h := range list {
			if h.HeardAt == nil {
				t.Errorf("%s: not heard", h.Provider)
			}
		}
	})
}

// TestForgedCalls refuses what a provider did not sign, signed for another, or
// signed long ago, and does nothing.
func TestForgedCalls(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		x := newWorld(t, s, clock)
		stranger := storetest.Workspace(t, s)
		good := map[string]func() signed{
			"ses":      func() signed { return x.sesBounce("Permanent", "General", "5.1.1", "") },
			"mailgun":  func() signed { return x.mailgun("failed", "permanent", "t", 550, "user unknown") },
			"postmark": func() signed { return x.postmark("Bounce", "HardBounce", "") },
			"sendgrid": func() signed { return x.sendgrid(x.sendgridEvent("bounce", "bounce", "5.1.1", "")) },
		}
		for provider, make := range good {
			call := make()
			if code := x.post(provider, stranger.Key, call.body, call.header); code != 404 {
				t.Errorf("%s at another workspace: %d", provider, code)
			}
			if code := x.post(provider, "AAAAAAAA", call.body, call.header); code != 404 {
				t.Errorf("%s at nobody: %d", provider, code)
			}
			if code := x.post(provider, x.w.Key, []byte("{"), call.header); code != 400 && code != 401 {
				t.Errorf("%s, garbage: %d", provider, code)
			}
			changed := bytes.Replace(call.body, []byte(x.person.Email), []byte("grace@customers.example"), 1)
			if code := x.post(provider, x.w.Key, changed, call.header); code != 401 && provider != "mailgun" && provider != "postmark" {
				t.Errorf("%s, changed: %d", provider, code) // the two others do not sign the body
			}
			if provider != "postmark" {
				old := make()
				clock.Advance(6 * time.Minute)
				if code := x.post(provider, x.w.Key, old.body, old.header); code != 401 && provider != "ses" {
					t.Errorf("%s, six minutes old: %d", provider, code)
				}
				clock.Advance(2 * time.Hour)
				if code := x.post(provider, x.w.Key, old.body, old.header); code != 401 {
					t.Errorf("%s, two hours old: %d", provider, code)
				}
			}
			x.renew()
		}
		if code := x.post("unheard", x.w.Key, nil, http.Header{}); code != 404 {
			t.Errorf("a provider of nobody: %d", code)
		}
		bare := x.postmark("Bounce", "HardBounce", "")
		bare.header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte("hark:wrong")))
		if code := x.post("postmark", x.w.Key, bare.body, bare.header); code != 401 {
			t.Errorf("another password: %d", code)
		}
		foreign := x.ses("arn:aws:sns:eu-west-1:999999999999:mine", obj{"notificationType": "Bounce"})
		if code := x.post("ses", x.w.Key, foreign.body, foreign.header); code != 401 {
			t.Errorf("a topic of somebody else: %d", code)
		}
		x.expect("after all", "", surveys.InvitationSent)
	})
}

// TestCertificateComesFromAmazonOnly fetches nothing from anywhere else.
func TestCertificateComesFromAmazonOnly(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	x := newWorld(t, storetest.OpenAt(t, store.SQLite, clock.Now), clock)
	for _, address := range []string{
		"http://sns.eu-west-1.amazonaws.com/a.pem", "https://sns.eu-west-1.amazonaws.com.evil.example/a.pem", "https://evil.example/sns.eu-west-1.amazonaws.com/a.pem",
		"https://s3.eu-west-1.amazonaws.com/a.pem", "https://sns.eu-west-1.amazonaws.com@evil.example/a.pem", "https://sns.eu-west-1.amazonaws.com:8080/a.pem",
		"https://127.0.0.1/a.pem", "file:///etc/passwd", "https://sns.eu-west-1.amazonaws.com/a.txt", "",
		// a bucket of S3 may be called "sns", and hold a file of any name
		"https://sns.s3-us-west-2.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem", "https://sns.s3.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem",
		"https://sns.dualstack.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem",
		"https://sns.eu-west-1.amazonaws.com/a.pem", "https://sns.eu-west-1.amazonaws.com/a/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem",
		certAt + "?x=y", "https://sns.eu-west-1.amazonaws.com/?Action=x&f=/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem",
	} {
		call := x.sesBounce("Permanent", "General", "5.1.1", "")
		body := bytes.Replace(call.body, []byte(certAt), []byte(address), 1)
		if code := x.post("ses", x.w.Key, body, call.header); code != 401 {
			t.Errorf("%q: answered %d", address, code)
		}
	}
	if len(x.fetched) > 0 {
		t.Errorf("fetched %v", x.fetched)
	}
	x.named = "files.example"
	call := x.sesBounce("Permanent", "General", "5.1.1", "")
	if code := x.post("ses", x.w.Key, call.body, call.header); code != 401 {
		t.Errorf("a certificate for somebody else: answered %d", code)
	}
}

// TestSubscription confirms a subscription of the workspace's own topic once SNS
// has signed it, at SNS only.
func TestSubscription(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	x := newWorld(t, storetest.OpenAt(t, store.SQLite, clock.Now), clock)
	confirm := func(address string) []byte {
		e := map[string]string{
			"Type": "SubscriptionConfirmation", "MessageId": "m-1", "Token": "tok", "TopicArn": topic, "Message": "You have chosen to subscribe", "SubscribeURL": address,
			"Timestamp": clock.Now().Format(time.RFC3339), "SignatureVersion": "2", "SigningCertURL": certAt,
		}
		text := ""
		for _, name := range []string{"Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"} {
			text += name + "\n" + e[name] + "\n"
		}
		sum := sha256.Sum256([]byte(text))
		signature, err := rsa.SignPKCS1v15(rand.Reader, x.rsa, crypto.SHA256, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		e["Signature"] = base64.StdEncoding.EncodeToString(signature)
		return x.json(e)
	}
	const wanted = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=tok"
	if code := x.post("ses", x.w.Key, confirm(wanted), http.Header{}); code != 200 || len(x.fetched) != 2 || x.fetched[1] != wanted {
		t.Errorf("answered %d, fetched %v", code, x.fetched)
	}
	if code := x.post("ses", x.w.Key, confirm("https://evil.example/"), http.Header{}); code != 400 || len(x.fetched) != 2 {
		t.Errorf("elsewhere: answered %d, fetched %v", code, x.fetched)
	}
}
