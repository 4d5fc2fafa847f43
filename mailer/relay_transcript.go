package mailer

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/wneessen/go-mail/log"
)

// Speaker is who says a line of a conversation with a mail server.
type Speaker string

// The speakers.
const (
	SpokenHere     Speaker = "hark"
	SpokenByServer Speaker = "server"
)

// Line is one line of a conversation with a mail server.
type Line struct {
	Speaker Speaker
	Text    string
}

// Bounds of a transcript: a server that talks without end fills no page.
const (
	maxTranscript = 60      // lines
	hidden        = "•••••" // in the place of a password
)

// Transcript writes a conversation with a mail server down. It has only what is
// spoken in SMTP, so that a server of another kind tells nothing of itself, and
// never a password, not even where the server repeats it.
type Transcript struct {
	secrets []string

	mu      sync.Mutex
	lines   []Line
	command string // the last one that was sent, its verb
	over    bool   // signing in was refused: what follows is the library's goodbye
}

// NewTranscript returns an empty transcript of a conversation in which the
// settings' password may be spoken.
func NewTranscript(s SMTPSettings) *Transcript {
	t := new(Transcript)
	if s.Password == "" {
		return t
	}
	for _, text := range []string{s.Password, "\x00" + s.Username + "\x00" + s.Password} {
		t.secrets = append(t.secrets, base64.StdEncoding.EncodeToString([]byte(text)), base64.RawStdEncoding.EncodeToString([]byte(text)))
	}
	t.secrets = append(t.secrets, s.Password)
	return t
}

// say adds what somebody says, without secrets, a line for each of its own.
func (t *Transcript) say(who Speaker, text string) {
	if t == nil {
		return
	}
	for _, secret := range t.secrets {
		text = strings.ReplaceAll(text, secret, hidden)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for line := range strings.SplitSeq(strings.TrimRight(text, "\r\n"), "\n") {
		if len(t.lines) < maxTranscript {
			t.lines = append(t.lines, Line{Speaker: who, Text: problem(line)})
		}
	}
}

// answer adds the reply in an error, if there was one.
func (t *Transcript) answer(err error) {
	if code, words := replyOf(err); code > 0 {
		t.say(SpokenByServer, words)
	}
}

// conclude adds the reply that ended the conversation, unless it was the last
// thing that was written down.
func (t *Transcript) conclude(text string) {
	t.mu.Lock()
	before := len(t.lines)
	t.mu.Unlock()
	t.say(SpokenByServer, text)
	t.mu.Lock()
	defer t.mu.Unlock()
	if said := len(t.lines) - before; said > 0 && before >= said && slices.Equal(t.lines[before:], t.lines[before-said:before]) {
		t.lines = t.lines[:before]
	}
}

// Lines are the conversation so far.
func (t *Transcript) Lines() []Line {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]Line(nil), t.lines...)
}

// last is the verb of the last command that was sent, in capitals.
func (t *Transcript) last() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.command
}

// Debugf takes what the mail library says of the conversation.
func (t *Transcript) Debugf(l log.Log) {
	text := fmt.Sprintf(l.Format, l.Messages...)
	if t.refusal(l.Direction, text) {
		return
	}
	if l.Direction == log.DirServerToClient {
		t.say(SpokenByServer, text)
		return
	}
	verb, _, _ := strings.Cut(strings.ToUpper(text), " ")
	if strings.HasPrefix(text, "<") { // the library's own mark of what belongs to signing in
		verb, text = "AUTH", "AUTH "+hidden
	}
	t.mu.Lock()
	t.command = verb
	t.mu.Unlock()
	t.say(SpokenHere, text)
}

// refusal reports whether signing in was refused before, and notes when it is.
func (t *Transcript) refusal(d log.Direction, text string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over {
		return true
	}
	// The reply itself comes with the error, see [Transcript.end].
	t.over = d == log.DirServerToClient && t.command == "AUTH" && (strings.HasPrefix(text, "4") || strings.HasPrefix(text, "5"))
	return t.over
}

// Infof has nothing to say of a conversation.
func (t *Transcript) Infof(log.Log) {}

// Warnf has nothing to say of a conversation.
func (t *Transcript) Warnf(log.Log) {}

// Errorf has nothing to say of a conversation.
func (t *Transcript) Errorf(log.Log) {}
