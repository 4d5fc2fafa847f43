package office

import (
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
)

// Timeline is what can be done about the notes under a trend; the notes
// themselves stand in the picture and its list.
type Timeline struct {
	Said *Said     // what was just done; nil: nothing was
	Form *NoteForm // nil: the reader may only look
}

// Said is what an action came to, with the way back where there is one.
type Said struct {
	Text string
	Undo *Deed
}

// NoteForm asks for one note.
type NoteForm struct {
	Action string
	Open   bool // the form was sent and something is wrong with it
	Text   components.TextInput
	Day    components.TextInput
	All    components.Check
	Button components.Action
}

// NotePage is the page on which one note is changed.
type NotePage struct {
	Page    layouts.Page
	Crumbs  []components.Crumb
	Title   string
	Written string // by whom, and when
	Note    *components.Note
	Form    NoteForm
	Delete  Deed
	Back    string // address of the way out
}
