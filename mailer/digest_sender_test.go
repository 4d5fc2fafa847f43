package mailer

import (
	"strings"
	"testing"

	"github.com/harkhq/hark/mailer/smtptest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestDigestIsSignedAsLettersAre: it leaves in the workspace's name, signed by
// both keys over what an invitation's signature covers, as two implementers read
// it on arrival; from a domain that nothing vouches for it leaves in the server's.
func TestDigestIsSignedAsLettersAre(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, _ *storetest.Clock) {
		n := newNewsroom(t, o.store)
		n.answers(n.survey, 40, []int{9, 10, 8, 9, 3}, []int{6, 3, 9, 7, 5})
		server := smtptest.New(t)
		transport := transportTo(t, server.Addr(), patient())
		d := digestsTo(t, transport, n.store.Now)
		d.Senders = sendersOf(t, n.store, transport)
		if err := sending(t, n.store).SaveSender(t.Context(), n.workspace, surveys.Sender{FromName: "Shop", FromAddress: "news@shop.example"}); err != nil {
			t.Fatal(err)
		}
		deliver := func(number int) smtptest.Message {
			t.Helper()
			letter, err := d.WriteDigest(t.Context(), n.preview(nil), wayOut)
			if err != nil {
				t.Fatal(err)
			}
			if got := d.DeliverDigest(t.Context(), n.workspace.ID, letter); got.Outcome != flow.DeliverySent {
				t.Fatalf("delivered as %+v", got)
			}
			return server.Wait(t, number)[number-1]
		}
		unproven := deliver(1)
		if from := readMessage(t, unproven.Data).GetHeader("From"); !strings.HasSuffix(from, "<feedback@server.example>") || unproven.From != "feedback@server.example" {
			t.Errorf("before the keys are found it is from %s, %s", from, unproven.From)
		}
		if replies := readMessage(t, unproven.Data).GetHeader("Reply-To"); replies != "<news@shop.example>" || len(signatures(unproven.Data)) != 0 {
			t.Errorf("answers go to %s, signed by %q", replies, signatures(unproven.Data))
		}
		x := signing{keys: storetest.DKIMKeys(t, n.store, n.workspace.ID, "shop.example", surveys.DKIMSigning)}
		signed := deliver(2)
		if from := readMessage(t, signed.Data).GetHeader("From"); !strings.HasSuffix(from, "<news@shop.example>") || signed.From != "news@shop.example" {
			t.Errorf("it is from %s, %s", from, signed.From)
		}
		if good := x.verify(t, signed.Data); good != 2 {
			t.Errorf("%d of 2 signatures hold", good)
		}
		for _, signature := range signatures(signed.Data) {
			for header, n := range map[string]int{"From": 2, "To": 2, "Subject": 2, "Reply-To": 1, "List-Unsubscribe": 2, "List-Unsubscribe-Post": 2, "Date": 1, "Message-ID": 1, "List-Id": 1, "Content-Type": 1} {
				if got := covered(signature, header); got != n {
					t.Errorf("%s is listed %d times, want %d, in %s", header, got, n, signature)
				}
			}
		}
		changed := strings.Replace(string(signed.Data), "\r\nSubject: ", "\r\nSubject: You won\r\nSubject: ", 1)
		if good := x.verify(t, []byte(changed)); good != 0 {
			t.Errorf("with a second subject %d signatures hold", good)
		}
		x.verifyElsewhere(t, map[string][]byte{"digest": signed.Data, "tampered digest": []byte(changed)})
	})
}
