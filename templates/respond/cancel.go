package respond

import "github.com/harkhq/hark/templates/components"

// Cancel is one step of a cancellation flow.
type Cancel struct {
	Frame   Frame
	Lang    string // of Title and Text, where the team wrote them; empty: that of Frame.L
	Step    string // as the form carries it
	Action  string // where the form is posted
	Script  string // address of js/cancel.js
	Title   string
	Text    string
	Note    TeamNote
	Wrong   string // what is wrong with what was sent; empty: nothing
	Back    string // where somebody goes on to who cancels, should Hark not answer; empty: the page around sees to it
	Hidden  []HiddenField
	Reasons []CancelReason
	Comment *string // what was written; nil where nothing is asked
	Score   *Question
	Buttons []CancelButton
}

// TeamNote is what somebody of the team reads above a page that they try, in a language
// of the office; without a text there is none.
type TeamNote struct{ Text, Lang string }

// CancelReason is one reason to choose.
type CancelReason struct {
	ID, Label, Lang string
	Selected        bool
}

// CancelButton is a way on. The first one is what Enter presses.
type CancelButton struct {
	Deed, Text string
	Quiet      bool
}

// Cancelled is the page at which somebody leaves a flow.
type Cancelled struct {
	Frame  Frame
	Note   TeamNote
	Choice string // "left" or "kept", for the script of the page around
	ID     string // of the cancellation
	Reason string
	Offer  string // id of the offer that was accepted; empty: none
	Title  string
	Text   string
	Go     string // where the page's script goes on to by itself; empty: nowhere
	Link   *Link  // on to where it goes; nil where the page around goes on
}

func (c Cancel) scale() components.Scale { return c.Score.scale() }
