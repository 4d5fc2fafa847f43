package hooks

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // SNS signs its version 1 with it
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/harkhq/hark/mailer/bounce"
	"github.com/harkhq/hark/surveys"
)

// ses reads the notifications of Amazon SES, which come through SNS. SNS signs
// for every topic of every customer, so that the topic must be the workspace's.
type ses struct {
	fetch Fetch
	mu    sync.Mutex
	certs map[string]*x509.Certificate
}

// envelope is a message of SNS.
type envelope struct {
	Type, MessageId, TopicArn, Subject, Message, Timestamp, SignatureVersion, Signature, SigningCertURL, SubscribeURL, Token string
}

// snsAge is how long SNS tries to deliver a message.
const snsAge = time.Hour

func (s *ses) read(c call) ([]report, error) {
	var e envelope
	if err := json.Unmarshal(c.body, &e); err != nil {
		return nil, errRead
	}
	if e.TopicArn != c.hook.Public || c.hook.Public == "" {
		return nil, errSignature
	}
	if err := s.verify(c, e); err != nil {
		return nil, err
	}
	switch e.Type {
	case "SubscriptionConfirmation":
		if !amazon(e.SubscribeURL) {
			return nil, errRead
		}
		if _, err := s.fetch(c, e.SubscribeURL); err != nil {
			return nil, fmt.Errorf("confirm the subscription: %w", err)
		}
		return nil, nil
	case "Notification":
		return sesReports(e)
	}
	return nil, nil
}

// signed are the fields that SNS signs, in their order.
func (e envelope) signed() string {
	var b strings.Builder
	add := func(name, value string) { b.WriteString(name + "\n" + value + "\n") }
	add("Message", e.Message)
	add("MessageId", e.MessageId)
	if e.Type == "Notification" {
		if e.Subject != "" {
			add("Subject", e.Subject)
		}
	} else {
		add("SubscribeURL", e.SubscribeURL)
	}
	add("Timestamp", e.Timestamp)
	if e.Type != "Notification" {
		add("Token", e.Token)
	}
	add("TopicArn", e.TopicArn)
	add("Type", e.Type)
	return b.String()
}

func (s *ses) verify(c call, e envelope) error {
	at, err := time.Parse(time.RFC3339, e.Timestamp)
	if err != nil || c.now.Sub(at) > snsAge || at.Sub(c.now) > maxAge {
		return errSignature
	}
	signature, err := base64.StdEncoding.DecodeString(e.Signature)
	if err != nil {
		return errSignature
	}
	cert, err := s.certificate(c, e.SigningCertURL)
	if err != nil {
		return err
	}
	key, ok := cert.PublicKey.(*rsa.PublicKey)
	if !ok || c.now.Before(cert.NotBefore) || c.now.After(cert.NotAfter) {
		return errSignature
	}
	hash, sum := crypto.SHA256, sha256.Sum256([]byte(e.signed()))
	digest := sum[:]
	if e.SignatureVersion == "1" {
		old := sha1.Sum([]byte(e.signed())) //nolint:gosec // as SNS signs
		hash, digest = crypto.SHA1, old[:]
	}
	if rsa.VerifyPKCS1v15(key, hash, digest, signature) != nil {
		return errSignature
	}
	return nil
}

// SNS has one host in each region, us-east-1 or cn-north-1. Other services of
// Amazon have names of the customers' choice in theirs: a bucket called "sns" is
// sns.s3-us-west-2.amazonaws.com.
var (
	amazonHost = regexp.MustCompile(`^sns\.[a-z]{2}(-[a-z]{2,12}){1,3}-[0-9]{1,2}\.amazonaws\.com(\.cn)?$`)
	signerPath = regexp.MustCompile(`^/SimpleNotificationService-[0-9a-f]{16,64}\.pem$`)
	signerName = regexp.MustCompile(`^sns(\.[a-z0-9-]{4,40})?\.amazonaws\.com(\.cn)?$`)
)

// amazon reports whether an address is one of SNS itself: only such ones are
// ever fetched.
func amazon(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "https" && u.User == nil && u.Port() == "" && amazonHost.MatchString(u.Host)
}

// signer reports whether an address is where SNS publishes what it signs with.
func signer(address string) bool {
	u, err := url.Parse(address)
	return err == nil && amazon(address) && signerPath.MatchString(u.EscapedPath()) && u.RawQuery == "" && u.Fragment == ""
}

// ofSNS reports whether a certificate was made for SNS. Its chain is not looked
// at: SNS publishes the certificate alone, at the host that TLS has shown to be
// Amazon's.
func ofSNS(cert *x509.Certificate) bool {
	return slices.ContainsFunc(append(cert.DNSNames, cert.Subject.CommonName), signerName.MatchString)
}

// maxCerts is how many certificates are remembered.
const maxCerts = 20

// certificate fetches what SNS signs with, once.
func (s *ses) certificate(ctx context.Context, address string) (*x509.Certificate, error) {
	if !signer(address) {
		return nil, errSignature
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if cert := s.certs[address]; cert != nil {
		return cert, nil
	}
	raw, err := s.fetch(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("fetch the certificate of SNS: %w", err)
	}
	block, _ := pem.Decode(raw)
	if block == nil {
		return nil, errSignature
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil || !ofSNS(cert) {
		return nil, errSignature
	}
	if s.certs == nil || len(s.certs) >= maxCerts {
		s.certs = make(map[string]*x509.Certificate)
	}
	s.certs[address] = cert
	return cert, nil
}

// notification is what SES tells in a message of SNS.
type notification struct {
	NotificationType, EventType string
	Bounce                      struct {
		BounceType, BounceSubType, FeedbackId string
		BouncedRecipients                     []struct{ EmailAddress, Status, DiagnosticCode string }
	}
	Complaint struct {
		FeedbackId, ComplaintFeedbackType string
		ComplainedRecipients              []struct{ EmailAddress string }
	}
	Delivery struct{ Recipients []string }
	Mail     struct {
		Source, MessageId string
		Headers           []struct{ Name, Value string }
	}
}

func sesReports(e envelope) ([]report, error) {
	var n notification
	if err := json.Unmarshal([]byte(e.Message), &n); err != nil {
		return nil, nil // such as the test message of a new topic
	}
	letter := n.Mail.Source
	for _, h := range n.Mail.Headers {
		if strings.EqualFold(h.Name, "Message-ID") {
			letter += " " + h.Value
		}
	}
	var list []report
	add := func(email, key string, b surveys.Bounce) {
		b.Key = key + ":" + strings.ToLower(email)
		list = append(list, report{email: email, letter: letter, bounce: b})
	}
	switch n.NotificationType + n.EventType {
	case "Bounce":
		for _, r := range n.Bounce.BouncedRecipients {
			b := surveys.Bounce{Diagnostic: r.DiagnosticCode}
			b.Status, b.Class = sesClass(n.Bounce.BounceType, n.Bounce.BounceSubType, r.Status, r.DiagnosticCode)
			add(r.EmailAddress, n.Bounce.FeedbackId, b)
		}
	case "Complaint":
		if n.Complaint.ComplaintFeedbackType == "not-spam" {
			return nil, nil
		}
		for _, r := range n.Complaint.ComplainedRecipients {
			add(r.EmailAddress, n.Complaint.FeedbackId, surveys.Bounce{Class: surveys.BounceComplaint, Diagnostic: n.Complaint.ComplaintFeedbackType})
		}
	case "Delivery":
		for _, email := range n.Delivery.Recipients {
			add(email, n.Mail.MessageId, surveys.Bounce{Class: surveys.BounceDelivered})
		}
	}
	return list, nil
}

// sesClass is the class of a bounce. What SES calls transient without any words
// is often somebody who is away.
func sesClass(kind, sub, status, words string) (string, surveys.BounceClass) {
	switch sub {
	case "NoEmail", "Suppressed", "OnAccountSuppressionList":
		return status, surveys.BounceHard
	case "MailboxFull":
		return status, surveys.BounceFull
	case "MessageTooLarge", "ContentRejected", "AttachmentRejected":
		return status, surveys.BouncePolicy
	}
	if kind == "Transient" && words == "" {
		return status, surveys.BounceAuto
	}
	status, class := bounce.Classify(status, words)
	if kind == "Permanent" && words == "" && status == "" {
		class = surveys.BounceHard
	}
	if kind != "Permanent" && class == surveys.BounceHard {
		class = surveys.BounceSoft
	}
	return status, class
}
