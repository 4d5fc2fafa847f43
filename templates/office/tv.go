package office

import (
	"cmp"
	"strconv"

	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/words"
)

// TV is a report for a screen on a wall: nothing on it can be pressed, and it
// keeps itself up to date.
type TV struct {
	Page     layouts.Page
	Brand    string
	Survey   string
	Look     string // "dark", "light" or "auto"
	What     []string
	Headline components.Headline
	Verdict  words.Sentence
	Empty    string // nobody has answered
	Trend    *components.Trend
	Answers  *components.Distribution
	Updated  string // "14:03"
	Turn     Turn
}

// Turn is what comes after a report on a screen.
type Turn struct {
	Here    string // address of the page itself, to be read anew
	Next    string // of the report that comes after it; empty: there is one only
	Back    string // of the one before
	Place   string // "2 of 5"; empty: there is one only
	Seconds int    // until then
}

// after is the address that follows.
func (t Turn) after() string { return cmp.Or(t.Next, t.Here) }

// refresh is what a browser without script is told.
func (t Turn) refresh() string { return strconv.Itoa(t.Seconds) + ";url=" + t.after() }
