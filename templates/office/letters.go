package office

import (
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/i18n"
	"github.com/harkhq/hark/templates/layouts"
)

// Letters is where a team writes one letter of a rule in a language.
type Letters struct {
	Page      layouts.Page
	Crumbs    []components.Crumb
	Title     string
	Lead      string
	Note      *components.Note // what came of the form; nil: nothing yet
	Unsent    *components.Note // no mail leaves; nil: it does
	Letters   components.Tabs
	Languages []components.SegmentLink
	Others    components.Choices // languages that the letter can be written in besides
	More      string             // letters that the rule does not send yet; empty: none
	Edit      string             // where the rule is edited
	Survey    string             // where the question is edited
	Settings  string             // where the missing postal address is written; empty: it is there
	Action    string
	Unsaved   bool // the texts are not those that are stored: the preview has to ask for them
	Hidden    []Hidden
	Lines     []components.TextInput
	Texts     []components.TextArea
	Names     []Filler           // what can be filled in
	Test      *components.Action // mails it to the reader; nil: no mail leaves
	Reset     *components.Action // takes the own words away; nil: there are none
	Preview   Preview
}

// LetterHead is what a list of mails shows of a letter, and its text part.
type LetterHead struct {
	Lang      string
	Subject   string
	Preheader string
	Text      string
	Wrong     []string // what keeps texts of the form from being shown, in the reader's own language
}

func (v LetterHead) dir() string { return i18n.Direction(v.Lang) }

// Filler is what can be filled into a letter, as it is written.
type Filler struct{ Write, Text string }
