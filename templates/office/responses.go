package office

import (
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
)

// Responses is the list of answers, under its filters.
type Responses struct {
	Page    layouts.Page
	Title   string // "318 answers"
	Filters Filters
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
	Key      components.Choices
	Value    components.TextInput
	Values   []string // known values, to choose from while typing
	Comment  components.Check
	Clear    string // address without filters; empty: there are none
}
