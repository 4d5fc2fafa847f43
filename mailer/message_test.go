package mailer

import (
	"bytes"
	"testing"

	"github.com/jhillyerd/enmime/v2"
)

// readMessage parses a message as a mail program does, and fails the test where
// it is malformed.
func readMessage(t testing.TB, raw []byte) *enmime.Envelope {
	t.Helper()
	envelope, err := enmime.ReadEnvelope(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("the message cannot be read: %v", err)
	}
	for _, problem := range envelope.Errors {
		t.Errorf("the message is malformed: %s", problem)
	}
	return envelope
}
