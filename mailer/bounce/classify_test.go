package bounce_test

import (
	"testing"

	"github.com/harkhq/hark/mailer/bounce"
	"github.com/harkhq/hark/surveys"
)

// TestClassify holds codes that servers give for something else beside those
// that mean what they say.
func TestClassify(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status, words string
		want          surveys.BounceClass
	}{
		{"5.7.1", "550 5.7.1 No such user! 1712048400-qRfx", surveys.BounceHard},
		{"5.7.1", "550 5.7.1 Sender address rejected: undeliverable address: user unknown", surveys.BouncePolicy},
		{"5.7.1", "554 5.7.1 mail from an unknown user is blocked", surveys.BouncePolicy},
		{"5.7.1", "550 5.7.1 Command rejected", surveys.BouncePolicy},
		{"5.7.26", "550 5.7.26 no such user, and this mail is unauthenticated", surveys.BouncePolicy},
		{"4.0.0", "DNS type 'mx' lookup of customers.example responded with code NXDOMAIN", surveys.BounceHard},
		{"4.0.0", "DNS type 'mx' lookup of customers.example responded with code SERVFAIL", surveys.BounceSoft},
		{"4.4.3", "nxdomain", surveys.BounceSoft},
		{"4.2.2", "451 4.2.2 The mailbox is over quota", surveys.BounceFull},
		{"4.3.1", "452 4.3.1 the user's mailbox is full", surveys.BounceFull},
		{"5.2.122", "554 5.2.122 The recipient has exceeded their limit for the number of messages", surveys.BounceSoft},
		{"5.0.0", "554 MI:SPB 163 mx14", surveys.BouncePolicy},
		{"5.0.0", "550 mi:user unknown", surveys.BounceHard},
		{"5.0.0", "550 permanent failure for one or more recipients (a@b.example:blocked)", surveys.BouncePolicy},
		{"", "ERROR CODE :552 - mailbox quota exceeded", surveys.BounceFull},
		{"", "something else altogether", surveys.BounceSoft},
	} {
		if _, got := bounce.Classify(c.status, c.words); got != c.want {
			t.Errorf("%s %q: %s, want %s", c.status, c.words, got, c.want)
		}
	}
}
