package mailer

import (
	"crypto/tls"
	"encoding/base64"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// tryout is a workspace that tries mail servers.
type tryout struct {
	t       *testing.T
	senders *Senders
	w       surveys.Workspace
}

func newTryout(t *testing.T, trust *tls.Config) tryout {
	t.Helper()
	s := storetest.Open(t, store.SQLite)
	x := tryout{t: t, senders: sendersOf(t, s, nil), w: storetest.Workspace(t, s)}
	x.senders.TLS, x.senders.Patience = trust, Timeouts{Connect: 2 * time.Second, Command: 2 * time.Second, Body: 2 * time.Second, Dot: 2 * time.Second}
	return x
}

func (x tryout) try(relay surveys.Relay) RelayResult {
	x.t.Helper()
	result, err := x.senders.Try(x.t.Context(), RelayTrial{Workspace: x.w, Relay: relay, To: "ana@customers.example", Subject: "Ein Test, ganz schön", Text: "It works.\n"})
	if err != nil {
		x.t.Fatal(err)
	}
	return result
}

// says joins a transcript to one text.
func says(lines []Line) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(string(l.Speaker) + ": " + l.Text + "\n")
	}
	return b.String()
}

func TestTrialShowsTheConversation(t *testing.T) {
	t.Parallel()
	server := newScripted(t, nil)
	x := newTryout(t, nil)
	result := x.try(relayAt(t, server.addr))
	if result.Finding != Delivered || len(server.letters()) != 1 {
		t.Fatalf("%+v", result)
	}
	text := says(result.Lines)
	for _, want := range []string{"hark: EHLO", "server: 250 scripted", "hark: MAIL FROM:<feedback@server.example>", "hark: RCPT TO:<ana@customers.example>", "hark: DATA", "bytes", "server: 250 2.0.0 taken", "hark: QUIT"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	message := readMessage(t, []byte(server.letters()[0]))
	if message.GetHeader("Subject") != "Ein Test, ganz schön" || !strings.Contains(message.Text, "It works.") {
		t.Errorf("arrived %q, %q", message.GetHeader("Subject"), message.Text)
	}
}

// TestTrialHasTheSenderOfLetters: a server that refuses what letters carry in the
// envelope refuses the test.
func TestTrialHasTheSenderOfLetters(t *testing.T) {
	t.Parallel()
	x := newTryout(t, nil)
	if err := sending(t, x.senders.Store).SaveSender(t.Context(), x.w, surveys.Sender{FromAddress: "feedback@shop.example", BounceDomain: "bounces.shop.example"}); err != nil {
		t.Fatal(err)
	}
	text := says(x.try(relayAt(t, newScripted(t, nil).addr)).Lines)
	if !strings.Contains(text, "hark: MAIL FROM:<b+") || !strings.Contains(text, "@bounces.shop.example>") {
		t.Errorf("leaves as\n%s", text)
	}
}

// TestTrialFindsWhatIsWrong scripts the usual failures, one by one.
func TestTrialFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		replies map[string]string
		want    Finding
		says    string // in the transcript
	}{
		"greets with a refusal":    {map[string]string{"GREETING": "554 5.7.1 your address is listed"}, Unwelcome, "server: 554 5.7.1 your address is listed"},
		"too busy to greet":        {map[string]string{"GREETING": "421 4.3.2 later"}, Unwelcome, "421"},
		"closes at once":           {map[string]string{"GREETING": drop}, Dropped, ""},
		"says nothing":             {map[string]string{"GREETING": hang}, Silent, ""},
		"is no mail server":        {map[string]string{"GREETING": "SSH-2.0-OpenSSH_9.6 BANNER"}, Silent, ""},
		"is a database":            {map[string]string{"GREETING": "-ERR unknown BANNER command"}, NotSMTP, ""},
		"refuses the sender":       {map[string]string{"MAIL": "550 5.7.60 not allowed to send as this"}, SenderRefused, "server: 550 5.7.60"},
		"wants a sign-in":          {map[string]string{"MAIL": "530 5.7.0 Authentication required"}, SignInNeeded, "530"},
		"does not relay":           {map[string]string{"RCPT": "554 5.7.1 <ana>: Relay access denied"}, RelayDenied, "Relay access denied"},
		"does not relay, bare":     {map[string]string{"RCPT": "550 relaying denied"}, RelayDenied, "550"},
		"knows nobody like that":   {map[string]string{"RCPT": "550 5.1.1 no such user"}, RecipientRefused, "5.1.1"},
		"is grey about it":         {map[string]string{"RCPT": "450 4.7.1 greylisted"}, NotNow, "450"},
		"refuses the letter":       {map[string]string{"DOT": "554 5.7.26 unauthenticated"}, ContentRefused, "5.7.26"},
		"is full":                  {map[string]string{"DOT": "452 4.3.1 no space"}, NotNow, "452"},
		"drops it after the dot":   {map[string]string{"DOT": drop}, Unsettled, "bytes"},
		"hangs at the sender":      {map[string]string{"MAIL": hang}, Stalled, "hark: MAIL"},
		"refuses the sender late":  {map[string]string{"RCPT": "553 5.7.1 <feedback@server.example>: Sender address rejected: not owned by user shop"}, SenderRefused, "not owned"},
		"does not know the sender": {map[string]string{"DOT": "554 Message rejected: Email address is not verified. The following identities failed the check: feedback@server.example"}, SenderRefused, "554"},
		"has a quota":              {map[string]string{"MAIL": "550 5.4.5 Daily user sending limit exceeded"}, Quota, "5.4.5"},
		"drops it in the middle":   {map[string]string{"DATA": drop}, Dropped, "hark: DATA"},
		"says a lot":               {map[string]string{"MAIL": "550-" + strings.Repeat("x", 2000) + "\r\n550-" + strings.Repeat("y\r\n550-", 500) + "\r\n550 end"}, SenderRefused, "550"},
		"hangs after the letter":   {map[string]string{"DOT": hang}, Unsettled, "bytes"},
		"writes control into it":   {map[string]string{"MAIL": "550 5.7.1 \x1b[31mred\x07"}, SenderRefused, "5.7.1"},
		"refuses even the hello":   {map[string]string{"EHLO": "502 no", "HELO": "504 5.5.2 who are you"}, Unwelcome, "502"},
		"takes it after a warning": {nil, Delivered, "250"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result := newTryout(t, nil).try(relayAt(t, newScripted(t, test.replies).addr))
			text := says(result.Lines)
			if result.Finding != test.want || !strings.Contains(text, test.says) {
				t.Errorf("found %s, want %s, in\n%s", result.Finding, test.want, text)
			}
			if n := len(result.Lines); n > 1 && n < maxTranscript && result.Lines[n-1] == result.Lines[n-2] {
				t.Errorf("the last line is there twice:\n%s", text)
			}
			if strings.Contains(text, "BANNER") {
				t.Errorf("a server of another kind tells of itself:\n%s", text)
			}
			if len(result.Lines) > maxTranscript || strings.ContainsAny(text, "\x1b\x07") || len(text) > maxTranscript*(maxProblem+20) {
				t.Errorf("%d lines, %d bytes", len(result.Lines), len(text))
			}
		})
	}
}

// TestTrialFindsWhatIsWrongWithTLS tries certificates, kinds of connection and
// passwords, and looks for the password in all that is shown.
func TestTrialFindsWhatIsWrongWithTLS(t *testing.T) {
	t.Parallel()
	const right, wrong = "p:/@ss", "CANARY-hush"
	for name, test := range map[string]struct {
		server     Security // that the server speaks
		protection surveys.Protection
		user, pass string
		trusted    bool
		host       string
		want       Finding
	}{
		"STARTTLS":                    {StartTLS, surveys.StartTLS, "shop@example.com", right, true, "", Delivered},
		"TLS from the first byte":     {ImplicitTLS, surveys.ImplicitTLS, "shop@example.com", right, true, "", Delivered},
		"a wrong password":            {StartTLS, surveys.StartTLS, "shop@example.com", wrong, true, "", SignInWrong},
		"a wrong password, direct":    {ImplicitTLS, surveys.ImplicitTLS, "shop@example.com", wrong, true, "", SignInWrong},
		"nobody signs in":             {StartTLS, surveys.StartTLS, "", "", true, "", SignInNeeded},
		"an unknown authority":        {StartTLS, surveys.StartTLS, "shop@example.com", wrong, false, "", TLSUnknown},
		"an unknown authority, too":   {ImplicitTLS, surveys.ImplicitTLS, "shop@example.com", wrong, false, "", TLSUnknown},
		"another name":                {StartTLS, surveys.StartTLS, "shop@example.com", wrong, true, "localhost", TLSName},
		"TLS at once, where not yet":  {StartTLS, surveys.ImplicitTLS, "shop@example.com", wrong, true, "", TLSNotYet},
		"STARTTLS, where TLS at once": {ImplicitTLS, surveys.StartTLS, "shop@example.com", wrong, true, "", Silent},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, trust := secureServer(t, test.server)
			if !test.trusted {
				trust = nil
			}
			relay := relayAt(t, address)
			relay.Protection, relay.Username, relay.Password = test.protection, test.user, test.pass
			if test.host != "" {
				relay.Host = test.host
			}
			result := newTryout(t, trust).try(relay)
			text := says(result.Lines)
			if result.Finding != test.want {
				t.Errorf("found %s, want %s, in\n%s", result.Finding, test.want, text)
			}
			for _, secret := range []string{wrong, right, base64.StdEncoding.EncodeToString([]byte(wrong)), base64.StdEncoding.EncodeToString([]byte("\x00" + test.user + "\x00" + wrong))} {
				if strings.Contains(text+result.Server, secret) {
					t.Errorf("the password is shown:\n%s", text)
				}
			}
		})
	}
}

// TestTrialWithoutTLS: a server that offers none is told from one that fails.
func TestTrialWithoutTLS(t *testing.T) {
	t.Parallel()
	relay := relayAt(t, newScripted(t, nil).addr)
	relay.Protection = surveys.StartTLS
	if result := newTryout(t, nil).try(relay); result.Finding != TLSNone {
		t.Errorf("%+v", result)
	}
}

func TestTrialWithoutAServer(t *testing.T) {
	t.Parallel()
	x := newTryout(t, nil)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := relayAt(t, listener.Addr().String())
	listener.Close()
	unknown := closed
	unknown.Host = "no-such-host.invalid"
	inside, odd := closed, closed
	inside.Host, inside.Port, odd.Host, odd.Port = "192.168.77.7", 25, "8.8.8.8", 6379
	for name, c := range map[string]struct {
		relay surveys.Relay
		want  []Finding
	}{
		"nobody listens": {closed, []Finding{PortRefused}}, "no such name": {unknown, []Finding{HostUnknown}},
		"an inner network": {inside, []Finding{HostForbidden}}, "another port": {odd, []Finding{PortForbidden}},
		"none": {surveys.Relay{}, []Finding{NoServer}},
	} {
		if result := x.try(c.relay); !slices.Contains(c.want, result.Finding) {
			t.Errorf("%s: %+v", name, result)
		}
	}
}

// TestTranscriptHidesWhatAServerRepeats: also where the server says the password
// back.
func TestTranscriptHidesWhatAServerRepeats(t *testing.T) {
	t.Parallel()
	settings := SMTPSettings{Username: "shop", Password: "CANARY"}
	transcript := NewTranscript(settings)
	for _, text := range []string{"535 wrong: CANARY", "535 " + base64.StdEncoding.EncodeToString([]byte("\x00shop\x00CANARY")), "334 " + base64.RawStdEncoding.EncodeToString([]byte("CANARY"))} {
		transcript.say(SpokenByServer, text)
	}
	for _, line := range transcript.Lines() {
		if !strings.Contains(line.Text, hidden) || strings.Contains(line.Text, "CANARY") || strings.Contains(line.Text, "Q0FOQVJZ") {
			t.Errorf("shows %s", line.Text)
		}
	}
}

func TestTrialOfTheServersOwn(t *testing.T) {
	t.Parallel()
	server := newScripted(t, nil)
	x := newTryout(t, nil)
	x.senders.Transport = transportTo(t, server.addr, patient())
	if result := x.try(surveys.Relay{}); result.Finding != Delivered || len(result.Lines) != 0 || result.Server != "" {
		t.Errorf("%+v", result)
	}
	server.change("MAIL", "550 5.7.1 INTERNAL relay.lan says no")
	if result := x.try(surveys.Relay{}); result.Finding != ServerTrouble || len(result.Lines) != 0 {
		t.Errorf("what the operator's server says is shown: %+v", result)
	}
	nobody, err := NewSenders(SendersOptions{Store: x.senders.Store})
	if err != nil {
		t.Fatal(err)
	}
	x.senders = nobody
	if result := x.try(surveys.Relay{}); result.Finding != NoSender {
		t.Errorf("nobody to send as: %+v", result)
	}
}

// TestTrialEnds: a server that dribbles holds a page no longer than is bearable.
func TestTrialEnds(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				for {
					if _, err := io.WriteString(conn, "2"); err != nil {
						return
					}
					time.Sleep(20 * time.Millisecond)
				}
			}()
		}
	}()
	x := newTryout(t, nil)
	x.senders.Patience = Timeouts{Connect: 300 * time.Millisecond, Command: 300 * time.Millisecond, Body: 300 * time.Millisecond, Dot: 300 * time.Millisecond}
	begun := time.Now()
	result := x.try(relayAt(t, listener.Addr().String()))
	if took := time.Since(begun); took > 5*time.Second || result.Finding == Delivered {
		t.Errorf("took %s, found %s", took, result.Finding)
	}
}
