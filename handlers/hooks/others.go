package hooks

import (
	"crypto/ecdsa"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/harkhq/hark/mailer/bounce"
	"github.com/harkhq/hark/surveys"
)

// mailgun reads the events of Mailgun. Its signature covers a time and a word,
// and not the event: so each word is good for one call.
type mailgun struct {
	vault *surveys.Vault
	words once
}

type mailgunEvent struct {
	Signature struct{ Timestamp, Token, Signature string }
	Data      struct {
		ID, Event, Severity, Reason, Recipient string
		Envelope                               struct{ Sender string }
		Message                                struct {
			Headers map[string]any
		}
		Status struct {
			Code                 int
			EnhancedCode         string `json:"enhanced-code"`
			Message, Description string
		} `json:"delivery-status"`
	} `json:"event-data"`
}

func (m *mailgun) read(c call) ([]report, error) {
	var e mailgunEvent
	if err := json.Unmarshal(c.body, &e); err != nil {
		return nil, errRead
	}
	key, err := m.vault.Open(surveys.MailHookPlace(c.workspace.ID, surveys.BounceByMailgun), c.hook.Secret)
	if err != nil {
		return nil, fmt.Errorf("open Mailgun's key: %w", err)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(e.Signature.Timestamp + e.Signature.Token))
	given, err := hex.DecodeString(e.Signature.Signature)
	seconds, wrong := strconv.ParseInt(e.Signature.Timestamp, 10, 64)
	if err != nil || wrong != nil || !hmac.Equal(given, mac.Sum(nil)) || !fresh(time.Unix(seconds, 0), c.now) {
		return nil, errSignature
	}
	if m.words.used(e.Signature.Token, c.now) {
		return nil, nil
	}
	return e.reports(), nil
}

// spend makes the word of a call that was taken in worthless.
func (m *mailgun) spend(c call) {
	var e mailgunEvent
	if json.Unmarshal(c.body, &e) == nil {
		m.words.spend(e.Signature.Token, c.now)
	}
}

func (e mailgunEvent) reports() []report {
	d := e.Data
	r := report{email: d.Recipient, letter: d.Envelope.Sender + " <" + fmt.Sprint(d.Message.Headers["message-id"]) + ">", bounce: surveys.Bounce{Key: d.ID}}
	words := strings.TrimSpace(d.Status.Message + " " + d.Status.Description)
	switch {
	case d.Event == "complained":
		r.bounce.Class = surveys.BounceComplaint
	case d.Event == "unsubscribed":
		r.stopped = true
	case d.Event == "delivered":
		r.bounce.Class = surveys.BounceDelivered
	case d.Event == "failed" && d.Severity == "permanent":
		if d.Status.Code > 0 {
			words = strconv.Itoa(d.Status.Code) + " " + words
		}
		r.bounce.Diagnostic = words
		r.bounce.Status, r.bounce.Class = bounce.Classify(d.Status.EnhancedCode, words)
		r.keptBack(d.Reason, d.Status.Code)
	default:
		return nil
	}
	return []report{r}
}

// keptBack reads why Mailgun did not even try: its own list has the address. It
// says so by a reason, and by a code that no mail server uses.
func (r *report) keptBack(reason string, code int) {
	switch {
	case reason == "suppress-bounce" || code == 605:
		r.bounce.Class = surveys.BounceHard
	case reason == "suppress-unsubscribe" || code == 606:
		r.bounce.Status, r.bounce.Class, r.stopped = "", "", true
	case reason == "suppress-complaint" || code == 607:
		r.bounce.Class = surveys.BounceComplaint
	}
}

// PostmarkUser is the name that Postmark signs in with.
const PostmarkUser = "hark"

// PostmarkPassword is the password of Postmark's webhook: Postmark does not sign,
// it signs in. It follows from the workspace's secret, and is nowhere stored.
func PostmarkPassword(w surveys.Workspace) string {
	mac := hmac.New(sha256.New, w.Secret)
	mac.Write([]byte("hook:postmark"))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// postmark reads the records of Postmark.
type postmark struct{}

func (postmark) read(c call) ([]report, error) {
	user, password, ok := (&http.Request{Header: c.header}).BasicAuth()
	if !ok || user != PostmarkUser || subtle.ConstantTimeCompare([]byte(password), []byte(PostmarkPassword(c.workspace))) != 1 {
		return nil, errSignature
	}
	var e struct {
		RecordType, Type, Email, Recipient, Description, Details, MessageID, From string
		ID                                                                        json.Number
		SuppressSending                                                           bool
		SuppressionReason                                                         string
	}
	if err := json.Unmarshal(c.body, &e); err != nil {
		return nil, errRead
	}
	r := report{email: e.Email + e.Recipient, bounce: surveys.Bounce{Key: e.MessageID + ":" + e.ID.String(), Diagnostic: e.Details}}
	switch {
	case e.RecordType == "SpamComplaint" || e.Type == "SpamComplaint":
		r.bounce.Class = surveys.BounceComplaint
	case e.RecordType == "Delivery":
		r.bounce.Class = surveys.BounceDelivered
	case e.RecordType == "SubscriptionChange" && e.SuppressSending:
		r.bounce.Class = postmarkLists[e.SuppressionReason]
		r.stopped = e.SuppressionReason == "ManualSuppression"
	case e.RecordType == "Bounce" && e.Type == "Unsubscribe":
		r.stopped = true
	case e.RecordType == "Bounce":
		r.bounce.Status, r.bounce.Class = postmarkClass(e.Type, e.Details+" "+e.Description)
	}
	if r.bounce.Class == "" && !r.stopped {
		return nil, nil
	}
	return []report{r}, nil
}

// postmarkLists are the classes of why Postmark's own list has an address.
var postmarkLists = map[string]surveys.BounceClass{"HardBounce": surveys.BounceHard, "SpamComplaint": surveys.BounceComplaint}

// postmarkClass is the class of Postmark's names for bounces.
func postmarkClass(kind, words string) (string, surveys.BounceClass) {
	status, class := bounce.Classify("", words)
	switch kind {
	case "HardBounce", "BadEmailAddress":
		if class == surveys.BouncePolicy || class == surveys.BounceFull {
			return status, class
		}
		return status, surveys.BounceHard
	case "Blocked", "SpamNotification", "ISPBlock", "DMARCPolicy", "TemplateRenderingFailed", "VirusNotification":
		return status, surveys.BouncePolicy
	case "SoftBounce", "DnsError", "Undeliverable":
		if class == surveys.BounceHard {
			class = surveys.BounceSoft
		}
		return status, class
	case "AutoResponder", "Transient", "AddressChange", "OpenRelayTest", "ChallengeVerification":
		return status, surveys.BounceAuto
	}
	return status, ""
}

// sendgrid reads the events of SendGrid, signed by ECDSA.
type sendgrid struct{}

// The fields of SendGrid's signature.
const (
	sendgridSignature = "X-Twilio-Email-Event-Webhook-Signature"
	sendgridTimestamp = "X-Twilio-Email-Event-Webhook-Timestamp"
)

func (sendgrid) read(c call) ([]report, error) {
	der, err := base64.StdEncoding.DecodeString(c.hook.Public)
	if err != nil {
		return nil, errSignature
	}
	parsed, err := x509.ParsePKIXPublicKey(der)
	key, ok := parsed.(*ecdsa.PublicKey)
	if err != nil || !ok {
		return nil, errSignature
	}
	stamp := c.header.Get(sendgridTimestamp)
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	signature, wrong := base64.StdEncoding.DecodeString(c.header.Get(sendgridSignature))
	sum := sha256.Sum256(append([]byte(stamp), c.body...))
	if err != nil || wrong != nil || !ecdsa.VerifyASN1(key, sum[:], signature) || !fresh(time.Unix(seconds, 0), c.now) {
		return nil, errSignature
	}
	var events []struct {
		Email, Event, Type, Reason, Status string
		SMTPID                             string `json:"smtp-id"`
		ID                                 string `json:"sg_event_id"`
	}
	if err := json.Unmarshal(c.body, &events); err != nil {
		return nil, errRead
	}
	var list []report
	for _, e := range events {
		r := report{email: e.Email, letter: e.SMTPID, bounce: surveys.Bounce{Key: e.ID, Diagnostic: e.Reason}}
		switch {
		case e.Event == "bounce":
			if r.bounce.Status, r.bounce.Class = bounce.Classify(e.Status, e.Reason); e.Type == "blocked" && r.bounce.Class == surveys.BounceHard {
				r.bounce.Class = surveys.BounceSoft
			}
		case e.Event == "spamreport" || e.Event == "dropped" && e.Reason == "Spam Reporting Address":
			r.bounce.Class = surveys.BounceComplaint
		case e.Event == "dropped" && (e.Reason == "Bounced Address" || e.Reason == "Invalid"):
			r.bounce.Class = surveys.BounceHard
		case e.Event == "unsubscribe" || e.Event == "group_unsubscribe" || e.Event == "dropped" && e.Reason == "Unsubscribed Address":
			r.stopped = true
		case e.Event == "delivered":
			r.bounce.Class = surveys.BounceDelivered
		default:
			continue
		}
		list = append(list, r)
	}
	return list, nil
}
