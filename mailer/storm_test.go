package mailer

import (
	"bytes"
	"context"
	chance "math/rand/v2"
	"testing"
	"time"

	"github.com/harkhq/hark/mailer/smtptest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestStorm mails to a server that fails at random, and checks what is promised
// whatever happens: a letter that is called sent was taken, one that is called
// failed was not, nobody gets two unless the server left a dot unanswered, and
// all copies of a letter are the same.
func TestStorm(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		const people = 60
		seed := chance.Uint64()
		t.Logf("seed %d", seed)
		r := chance.New(chance.NewPCG(seed, 0))
		server := smtptest.New(t)
		d := dispatcher(t, o.store, transportTo(t, server.Addr(), patient()), nil)
		invitations := make(map[string]surveys.Invitation, people)
		for range people {
			i := o.invite()
			invitations[i.Email] = i
			for range r.IntN(4) {
				server.Fail(smtptest.Fault{
					Step: []smtptest.Step{smtptest.Sender, smtptest.Recipient, smtptest.Recipient, smtptest.Dot, smtptest.Dot}[r.IntN(5)], Recipient: i.Email,
					Code: []int{smtptest.Drop, smtptest.Drop, 421, 450, 451, 452, 550, 554}[r.IntN(8)], Times: 1,
				})
			}
		}
		for range 200 {
			if _, err := runOnce(context.Background(), d); err != nil {
				t.Fatal(err)
			}
			clock.Advance(20 * time.Minute)
		}
		taken, unanswered, bytesOf := make(map[string]int), make(map[string]int), make(map[string][]byte)
		for _, message := range server.Messages() {
			to := message.To[0]
			switch message.Reply {
			case 250:
				taken[to]++
			case smtptest.Drop:
				unanswered[to]++
			}
			if bytesOf[to] != nil && !bytes.Equal(bytesOf[to], message.Data) {
				t.Errorf("%s got two different letters", to)
			}
			bytesOf[to] = message.Data
		}
		states := make(map[surveys.InvitationState]int)
		for email, i := range invitations {
			i = o.read(i.ID)
			states[i.State]++
			switch {
			case taken[email] > 1:
				t.Errorf("%s got %d letters", email, taken[email])
			case i.State == surveys.InvitationSent && taken[email] != 1, i.State == surveys.InvitationFailed && taken[email] != 0,
				i.State == surveys.InvitationUnknown && unanswered[email] == 0:
				t.Errorf("an invitation is %s, %d letters were taken and %d left unanswered", i.State, taken[email], unanswered[email])
			case i.State != surveys.InvitationSent && i.State != surveys.InvitationFailed && i.State != surveys.InvitationUnknown:
				t.Errorf("an invitation is still %s", i.State)
			}
			if o.kept(i.ID) {
				t.Errorf("the bytes of an invitation that is %s are kept", i.State)
			}
		}
		t.Logf("states %v", states)
	})
}
