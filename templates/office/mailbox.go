package office

import (
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
)

// Mailbox is the demo's letters, as a mail program lists them.
type Mailbox struct {
	Page  layouts.Page
	List  []LetterRow
	Empty *components.Empty
}

// LetterRow is one letter in the list.
type LetterRow struct {
	Address string
	To      string
	Subject string
	When    string
	Unread  bool
}

// Letter is one letter, open.
type Letter struct {
	Page    layouts.Page
	Crumbs  []components.Crumb
	Subject string
	Facts   []Fact
	Tabs    []components.SegmentLink
	HTML    string // address of its picture, when that tab is open; empty: not
	Text    string
	Headers []Fact
}

// class sets a letter that nobody has read apart.
func (r LetterRow) class() string {
	if r.Unread {
		return "unread"
	}
	return "read"
}
