package layouts

import (
	"strings"
	"unicode/utf8"

	"github.com/harkhq/hark/templates/components"
)

// place is one entry of the bar.
type place struct {
	Section Section
	Address string
}

func places() []place {
	return []place{
		{Scores, PathScores},
		{Responses, PathResponses},
		{People, PathPeople},
		{Loyalty, PathLoyalty},
		{Cancellations, PathCancellations},
		{Asking, PathAsking},
		{Settings, PathSettings},
	}
}

// text is the entry's name in the reader's language.
func (p Page) text(section Section) string { return p.L.T("layouts.nav." + string(section)) }

// mailbox is the link to the demo's letters, with how many are new.
func (p Page) mailbox() string {
	if p.Demo.Unread == 0 {
		return p.L.T("layouts.mailbox_none")
	}
	return p.L.N("layouts.mailbox", p.Demo.Unread)
}

// fullTitle is what the browser's tab says.
func (p Page) fullTitle() string {
	if p.Title == "" {
		return "Hark"
	}
	return p.Title + " · Hark"
}

// back is where a change of language returns to: only ever a path on this
// server.
func (p Page) back() string {
	if strings.HasPrefix(p.Address, "/") && !strings.HasPrefix(p.Address, "//") && !strings.HasPrefix(p.Address, `/\`) {
		return p.Address
	}
	return "/"
}

// note is the flash as the component takes it.
func (f Flash) note() components.Note {
	return components.Note{Kind: components.NoteKind(f.Kind), Text: f.Text, Focus: true}
}

// initials are one or two letters for the account's button.
func (u User) initials() string {
	name := strings.TrimSpace(u.Name)
	if name == "" {
		name = u.Email
	}
	words := strings.Fields(name)
	if len(words) == 0 {
		return "?"
	}
	first, _ := utf8.DecodeRuneInString(words[0])
	if len(words) == 1 || first > 0x2e7f { // one character of Chinese says enough
		return strings.ToUpper(string(first))
	}
	last, _ := utf8.DecodeRuneInString(words[len(words)-1])
	return strings.ToUpper(string(first) + string(last))
}

// called is how the account's menu calls the user.
func (u User) called() string {
	if u.Name != "" {
		return u.Name
	}
	return u.Email
}

// htmxConfig keeps htmx within the pages' security policy: it writes no style
// of its own, evaluates nothing, and talks to this server only.
const htmxConfig = `{"includeIndicatorStyles":false,"allowEval":false,"allowScriptTags":false,"selfRequestsOnly":true,"historyCacheSize":0}`
