package mailer

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// inviteAt schedules an invitation to an address that no form would have taken,
// as a row of a database that others write to, too.
func (o office) inviteAt(address string) surveys.Invitation {
	o.t.Helper()
	person := storetest.Person(o.t, o.store, o.workspace.ID)
	person.Email = address
	return storetest.Invitation(o.t, o.store, o.survey, person)
}

// recipient is an address, what it is in RCPT TO, and what becomes of a letter.
type recipient struct {
	address string
	offers  string // what the server offers beside the usual
	rcpt    string // "" for nothing said to it
	to      string // in the letter
	want    surveys.InvitationState
	says    string
}

// TestRecipientsOfEveryKind invites addresses that carry commands, lead back to
// Hark itself, or have letters beyond ASCII. What cannot be sent fails for good and
// says why; nobody is told of it but the team, nobody is suppressed, and the
// server hears of nothing but whole addresses.
func TestRecipientsOfEveryKind(t *testing.T) {
	const sent, failed = surveys.InvitationSent, surveys.InvitationFailed
	cases := map[string]recipient{
		"a domain beyond ASCII":                {address: "ana@bücher.example", rcpt: "RCPT TO:<ana@xn--bcher-kva.example>", to: "To: <ana@xn--bcher-kva.example>", want: sent},
		"a local part beyond ASCII":            {address: "añá@customers.example", want: failed, says: "5.6.7"},
		"a local part beyond ASCII, offered":   {address: "añá@customers.example", offers: "SMTPUTF8", rcpt: "RCPT TO:<añá@customers.example>", to: "To: <añá@customers.example>", want: sent},
		"both beyond ASCII, offered":           {address: "añá@bücher.example", offers: "SMTPUTF8", rcpt: "RCPT TO:<añá@xn--bcher-kva.example>", want: sent},
		"a domain that is none":                {address: "ana@" + strings.Repeat("ü", 70) + ".example", want: failed, says: "5.1.3"},
		"a domain of two scripts, as it is":    {address: "ana@аpple.example", rcpt: "RCPT TO:<ana@xn--pple-43d.example>", want: sent},
		"an address that Hark made":            {address: "own", want: failed, says: "Hark"},
		"an address to stop that Hark made":    {address: "own stop", want: failed, says: "Hark"},
		"an address that another Hark made":    {address: "other", want: failed, says: "Hark"},
		"the longest local part, and one more": {address: strings.Repeat("a", 65) + "@customers.example", want: failed, says: "address"},
	}
	for name, address := range map[string]string{
		"a parameter":        `"a b> SIZE=1"@customers.example`,
		"another recipient":  "a@customers.example>\r\nRCPT TO:<victim@customers.example",
		"a bare line feed":   "a@customers.example>\nDATA",
		"a bare return":      "a@customers.example>\rDATA",
		"a header":           "a@customers.example\r\nBcc: victim@customers.example",
		"a NUL":              "a\x00b@customers.example",
		"another line end":   "a\u2028b@customers.example",
		"next line":          "a\u0085b@customers.example",
		"what is not seen":   "a\u200bb@customers.example",
		"two of them":        "a@customers.example, victim@customers.example",
		"a group":            "undisclosed-recipients:;",
		"a route":            "@evil.example:a@customers.example",
		"a name":             "Ada <a@customers.example>",
		"a comment":          "a(x)@customers.example",
		"an encoded word":    "=?utf-8?q?a=0D=0ABcc:_v@x.example?=@customers.example",
		"two signs":          "a@b@customers.example",
		"an address literal": "a@[127.0.0.1]",
		"nothing":            "",
		"no domain":          "postmaster",
		"a space":            "a b@customers.example",
		"a percent hack":     "victim%evil.example@customers.example>",
		"bytes":              "a\xff\xfe@customers.example",
	} {
		if utf8.ValidString(address) && !strings.Contains(address, "\x00") { // PostgreSQL stores no others
			cases["smuggled: "+name] = recipient{address: address, want: failed, says: "address"}
		}
	}
	casesOnBoth(t, cases, func(t *testing.T, o office, _ *storetest.Clock, c recipient) {
		server := newScripted(t, map[string]string{"EHLO": "250-scripted\r\n250-8BITMIME\r\n250 " + c.offers})
		d := dispatcher(t, o.store, transportTo(t, server.addr, patient()), nil)
		other := surveys.Workspace{Key: o.workspace.Key, Secret: []byte("another server's")}
		switch id := storetest.ID(t, o.store); c.address {
		case "own":
			c.address = o.workspace.ReturnAddress(surveys.ReturnBounce, id, "bounces.shop.example")
		case "own stop":
			c.address = o.workspace.ReturnAddress(surveys.ReturnUnsubscribe, id, "bounces.shop.example")
		case "other":
			c.address = strings.ToUpper(other.ReturnAddress(surveys.ReturnBounce, id, "bounces.elsewhere.example"))
		}
		i := o.inviteAt(c.address)
		if _, err := runOnce(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		if got := o.expect(i.ID, c.want); !strings.Contains(got.Problem, c.says) || strings.ContainsAny(got.Problem, "\r\n\x00\u2028") {
			t.Errorf("%q: the problem is %q, want one that says %q", c.address, got.Problem, c.says)
		}
		if got := strings.Join(server.rcpts(), "; "); got != c.rcpt {
			t.Errorf("%q: the server heard %q, want %q", c.address, got, c.rcpt)
		}
		if letters := server.letters(); c.to != "" && (len(letters) != 1 || !strings.Contains(letters[0], "\r\n"+c.to+"\r\n")) {
			t.Errorf("%q: no letter says %q", c.address, c.to)
		}
		if why, err := o.store.Suppression(t.Context(), o.workspace, c.address); err != nil || why != "" {
			t.Errorf("%q: suppressed as %q, %v", c.address, why, err)
		}
	})
}
