package mailer

import (
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestReturnPath is a letter's envelope and its ways out, with and without a
// domain that takes what comes back.
func TestReturnPath(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		bounces string
		reads   bool
		verp    bool
		byMail  bool
	}{
		"no domain":                         {"", true, false, false},
		"a domain that others read":         {"bounces.shop.example", false, true, false},
		"a domain whose mail comes to Hark": {"bounces.shop.example", true, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := asking()
			a.Invitation.ID, a.Workspace.Key, a.Workspace.Secret = "019a1014-f400-7000-8000-000000000001", "hark0000", []byte("secret")
			a.From = Identity{Address: "feedback@shop.example", Bounces: c.bounces}
			composer := testComposer(t, storetest.Start)
			composer.readsMail = c.reads
			letter, err := composer.Compose(t.Context(), a)
			if err != nil {
				t.Fatal(err)
			}
			r, verp := surveys.ParseReturn(letter.Letter.Sender)
			if verp != c.verp || verp && (!r.By(a.Workspace) || r.Kind != surveys.ReturnBounce || r.InvitationID != a.Invitation.ID) || !verp && letter.Letter.Sender != "feedback@shop.example" {
				t.Errorf("the envelope's sender is %s", letter.Letter.Sender)
			}
			if local, _, _ := strings.Cut(letter.Letter.Sender, "@"); len(local) > 64 || strings.ToLower(local) != local {
				t.Errorf("the local part %s has %d characters", local, len(local))
			}
			message := readMessage(t, letter.Letter.Message)
			ways := strings.Split(message.GetHeader("List-Unsubscribe"), ",")
			if !strings.HasPrefix(ways[0], "<https://") || (len(ways) == 2) != c.byMail {
				t.Fatalf("the ways out are %q", ways)
			}
			if c.byMail {
				address, _, _ := strings.Cut(strings.TrimPrefix(ways[1], "<mailto:"), "?")
				stop, ok := surveys.ParseReturn(address)
				if !ok || stop.Kind != surveys.ReturnUnsubscribe || !stop.By(a.Workspace) || r.Kind == stop.Kind {
					t.Errorf("the way by mail is %s", ways[1])
				}
			}
		})
	}
}
