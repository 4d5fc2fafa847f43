package mailer

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/mailer/smtptest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// Environment of the process that TestCrash kills.
const (
	crashStore  = "HARK_TEST_CRASH_STORE"
	crashServer = "HARK_TEST_CRASH_SERVER"
	crashMoment = "HARK_TEST_CRASH_MOMENT"
)

// Moments at which the process is killed.
const (
	beforeDelivery = "bytes committed, nothing said to the server"
	afterDelivery  = "taken by the server, outcome not stored"
)

// TestCrash kills a dispatching process with the one signal that it cannot
// handle, between the commit of the bytes and that of the outcome. The next
// dispatcher sends the same bytes once, after the lease and a wait.
func TestCrash(t *testing.T) {
	if address := os.Getenv(crashStore); address != "" {
		dispatchUntilKilled(t, address)
		return
	}
	t.Parallel()
	for moment, copies := range map[string]int{beforeDelivery: 1, afterDelivery: 2} {
		for _, dialect := range storetest.Dialects() {
			t.Run(moment+" on "+string(dialect), func(t *testing.T) {
				t.Parallel()
				clock := storetest.NewClock()
				address := storetest.URL(t, dialect)
				s := storetest.OpenURL(t, address, clock.Now)
				if err := s.Migrate(t.Context()); err != nil {
					t.Fatal(err)
				}
				o := newOffice(t, s)
				invitation := o.invite()
				server := smtptest.New(t)
				killAt(t, moment, address, server.Addr())

				left, err := s.Letter(t.Context(), o.workspace.ID, invitation.ID)
				if err != nil {
					t.Fatalf("the committed bytes: %v", err)
				}
				o.expect(invitation.ID, surveys.InvitationSending)
				d := dispatcher(t, s, transportTo(t, server.Addr(), patient()), nil)
				clock.Advance(sendingLease)
				once(t, d, 0)
				o.expect(invitation.ID, surveys.InvitationSending)
				clock.Advance(time.Second)
				once(t, d, 0)
				o.expect(invitation.ID, surveys.InvitationUnknown)
				clock.Advance(resendAfter + time.Second)
				once(t, d, 1)
				o.expect(invitation.ID, surveys.InvitationSent)
				clock.Advance(24 * time.Hour)
				once(t, d, 0)

				messages := server.Messages()
				if len(messages) != copies {
					t.Errorf("%d copies arrived, want %d", len(messages), copies)
				}
				for _, message := range messages {
					if !bytes.Equal(message.Data, left.Message) || !bytes.Contains(message.Data, []byte("Message-ID: <"+left.MessageID+">")) {
						t.Error("a copy differs from the committed bytes")
					}
				}
			})
		}
	}
}

// killAt runs a dispatching process and kills it at the moment.
func killAt(t *testing.T, moment, address, server string) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestCrash$", "-test.v")
	child.Env = append(os.Environ(), crashStore+"="+address, crashServer+"="+server, crashMoment+"="+moment)
	output, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	reached := false
	var said []string
	for lines := bufio.NewScanner(output); !reached && lines.Scan(); {
		said = append(said, lines.Text())
		reached = strings.Contains(lines.Text(), "now: "+moment)
	}
	_ = child.Process.Kill() // it may have ended by itself, which the next line shows
	_ = child.Wait()         // "signal: killed", as we did
	if !reached {
		t.Fatalf("the process never came to %q:\n%s", moment, strings.Join(said, "\n"))
	}
}

// dispatchUntilKilled is the child's part.
func dispatchUntilKilled(t *testing.T, address string) {
	s := storetest.OpenURL(t, address, storetest.Start)
	over := transportTo(t, os.Getenv(crashServer), patient())
	moment := os.Getenv(crashMoment)
	d := dispatcher(t, s, transportFunc(func(ctx context.Context, letter store.Letter) Result {
		if moment == afterDelivery {
			if result := over.Deliver(ctx, letter); result.Outcome != Sent {
				fmt.Println("the delivery failed:", result)
			}
		}
		fmt.Println("now: " + moment)
		time.Sleep(time.Minute) // until the kill
		return Result{}
	}), nil)
	_, _ = runOnce(t.Context(), d)
}

func TestClaimOfADeadDispatcherIsTakenOver(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		invitation := o.invite()
		storetest.Write(t, o.store, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.ClaimDue(ctx, o.workspace.ID, clock.Now(), claimLease, 10)
			return err
		})
		server := smtptest.New(t)
		d := dispatcher(t, o.store, transportTo(t, server.Addr(), patient()), nil)
		clock.Advance(claimLease)
		once(t, d, 0)
		clock.Advance(time.Second)
		once(t, d, 1)
		if sent := o.expect(invitation.ID, surveys.InvitationSent); sent.Attempts != 1 {
			t.Errorf("sent after %d tries, want 1", sent.Attempts)
		}
	})
}
