package office

import (
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
)

// Settings is what a workspace is called, how it looks, and who may send to it.
type Settings struct {
	Page     layouts.Page
	Note     *components.Note // what is wrong as a whole, or that the reader may only look
	Unsent   *components.Note // no mail leaves; nil: it does
	Locked   bool             // the reader may not change anything
	Name     components.TextInput
	Colour   components.TextInput
	Logo     Logo
	Zone     components.TextInput
	Zones    []string
	Locale   components.Choices
	Address  components.TextArea
	Segments components.TextArea
	Caps     CapFields
	Keys     Keys
	Places   []Place // settings with pages of their own
}

// CapFields set how often people are asked at most, and the days on which
// nobody is.
type CapFields struct {
	Title, Lead string
	Numbers     []components.TextInput
	Holidays    components.TextArea
}

// Place is a page that another one leads to, with what is there.
type Place struct {
	Title, Text, Address string
	Alert                string // what needs a look there; "" for nothing
}

// Logo is the field for a picture, with the one in use.
type Logo struct {
	Field   components.Field
	Current string // as a data address; empty: none
	Remove  components.Check
}

// Keys are the programs that may come in. A new one's secret is shown once.
type Keys struct {
	List   []KeyRow
	New    string // the secret of the key just made; empty: none
	Name   components.TextInput
	Scopes []components.Check
	Error  string // of the scopes
}

// KeyRow is one API key.
type KeyRow struct {
	Name, Scopes, Created string
	Delete                *components.Action // leads to the page that asks once more
}
