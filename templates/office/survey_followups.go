package office

import "github.com/harkhq/hark/templates/components"

// StyleField chooses how the choices of a question are drawn.
type StyleField struct {
	Field  components.Field
	Styles []StyleChoice
}

// StyleChoice is one style with a little drawing of it.
type StyleChoice struct {
	Value, Text string
	Marks       []string // of the drawing: numbers, or the names of faces, stars and thumbs
	Chosen      bool
}

// FollowUpsForm is the list of what a survey asks beside its score.
type FollowUpsForm struct {
	Error string
	Draft string // where the form is sent to be changed and shown again
	Cards []FollowUpCard
	Add   []FollowUpKind // kinds to add; empty: there are enough
	Undo  *FollowUpUndo  // nil: nothing was removed just now
}

// FollowUpKind is a kind of question that can be added.
type FollowUpKind struct{ Do, Name, Says string }

// FollowUpUndo brings back what was removed.
type FollowUpUndo struct {
	Text    string // "Removed: What was it?"
	Removed string // the question, as the form sends it back
}

// FollowUpCard is one question.
type FollowUpCard struct {
	Path   string // of its fields: "follow_ups.0"
	ID     string
	Kind   string
	Number string
	Name   string // of its kind
	Says   string // the question, as far as there is one
	Shown  string // to whom, in short
	Open   bool
	Error  string // of the card as a whole

	Up, Down, Remove FollowUpMove
	Asks             []components.TextInput // the first language's
	More             []components.TextInput // those of others
	MoreTitle        string
	Note             string // in the place of the fields
	Scale            *components.Choices
	Choices          []ChoiceRow
	ChoicesError     string
	Show             ShowForm
}

// FollowUpMove is a button of a card; without Do there is none.
type FollowUpMove struct {
	Do, Label string
	Focus     bool
}

// ChoiceRow is one place of a question's choices.
type ChoiceRow struct {
	Name, ID string // of the hidden field
	Texts    []components.TextInput
}

// ShowForm says to whom a question is shown.
type ShowForm struct {
	When   components.Choices
	Error  string
	Bands  []components.Check
	After  *components.Choices // nil: there is no question before it that could be meant
	Groups []ShowGroup
	From   components.TextInput
	To     components.TextInput
	Scales bool // a scale may be meant: From and To are of use
}

// ShowGroup are the choices of one earlier question.
type ShowGroup struct {
	Title   string
	Choices []components.Check
}

// ThanksForm are the thank-yous by band.
type ThanksForm struct {
	Fold  Fold
	Help  string
	Bands []ThanksBand
}

// ThanksBand is the thank-you of one band.
type ThanksBand struct {
	Title string
	Class string // good, middle or bad
	Link  components.TextInput
	Texts []components.TextInput
}

// LanguagesForm are the languages that the form shows.
type LanguagesForm struct {
	Tags    []string           // that are kept
	Missing []string           // "Deutsch: 3 of 9 texts are missing"
	Usual   components.Choices // of people of whom no language is known
	Add     *components.Choices
	Draft   string
}
