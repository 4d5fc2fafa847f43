package office

import (
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
)

// Responses is the list of answers, under its filters.
type Responses struct {
	Page    layouts.Page
	Title   string           // "318 answers"
	Note    *components.Note // the address names no place in the list; nil: it does
	Filters *Filters         // nil: there is nothing to filter yet
	List    []Comment
	Pager   components.Pager
	Empty   *components.Empty // nil: there are answers
}

// Filters is the form above the list. It is sent by GET: its address can be
// kept and shared.
type Filters struct {
	Survey   components.Choices
	Score    components.Choices // without a survey there is nothing to choose
	From, To components.TextInput
	Search   components.TextInput
	Segment  *GroupedChoices     // one more; nil: there is none
	Hidden   []Hidden            // segments that are chosen already
	Chips    []FeedChip          // the same, each with the way to be rid of it
	Theme    *components.Choices // nil: the workspace looks for none
	Comment  components.Check
	Rated    *components.Check // nil: the answers rate nothing
	Clear    string            // address without filters; empty: there are none
}

// GroupedChoices is a field with many options, in groups. None stands before
// them.
type GroupedChoices struct {
	components.Field
	None   components.Option
	Groups []OptionGroup
}

// OptionGroup is a part of the options, under a name.
type OptionGroup struct {
	Label   string
	Options []components.Option
}
