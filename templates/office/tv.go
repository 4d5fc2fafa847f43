package office

import (
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
}
