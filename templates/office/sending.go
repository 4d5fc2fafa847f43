package office

import (
	"github.com/a-h/templ"

	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
)

// Sending is how a workspace's mails leave: in whose name, by which mail server,
// and signed with which keys.
type Sending struct {
	Page   layouts.Page
	Path   string // of the page; what its forms do is below it
	Crumbs []components.Crumb
	Note   *components.Note // what is wrong as a whole, or that nothing leaves
	Says   []SendingLine    // how it stands, in words
	Sender SenderForm
	Relay  RelayForm
	Keys   SendingKeys
	Parts  []templ.Component // sections that stand behind: what came back, how fast mails leave
}

// SendingLine is one thing that is so, and whether that is well.
type SendingLine struct {
	Tag  components.Tag
	Text string
}

// SenderForm asks in whose name mails leave.
type SenderForm struct {
	Name, Address, ReplyTo, Bounces components.TextInput
}

// RelayForm asks for the mail server.
type RelayForm struct {
	Lead       string
	Secret     string // a line for the operator's settings, where nothing can be stored yet; "": the form is there
	Protection components.Choices
	Host, Port components.TextInput
	User, Pass components.TextInput
	Test       string // where a test goes, and as what
	Drop       *Deed  // goes back to the server's own; nil: that is in use
	Result     *TrialResult
}

// TrialResult is what a test mail came to.
type TrialResult struct {
	Good        bool
	Title, Todo string
	Lines       []TalkLine // the conversation; none: it is not for the reader
}

// TalkLine is one line of a conversation with a mail server.
type TalkLine struct {
	Here bool // Hark says it
	Text string
}

// SendingKeys are the keys of DKIM.
type SendingKeys struct {
	Lead        string
	Signer      components.Choices // who signs
	Pairs       []KeyPair
	Make        *Deed // makes a pair; nil: one waits, or none can be stored
	Check       *Deed // asks the DNS; nil: there is nothing to ask for
	PolicyTitle string
	Policy      []SendingLine // what the DNS says beside the keys; none: it was not asked just now
}

// KeyPair is an RSA and an Ed25519 key that were made together.
type KeyPair struct {
	Title  string
	Tag    components.Tag
	Text   string
	Steps  []string // what to do with the records; none: nothing
	Keys   []KeyRecord
	Open   bool  // its records are to be copied
	Anyway *Deed // makes them sign unseen
}

// KeyRecord is one key with its TXT record.
type KeyRecord struct {
	ID, Algorithm     string
	Name, Value, Zone string
	Tag               components.Tag
	Text              string // what the DNS said; "" for nothing
	Retire, Delete    *Deed
}
