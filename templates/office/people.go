package office

import (
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/words"
)

// People is the list of those who may be asked.
type People struct {
	Page   layouts.Page
	Search string
	Note   *components.Note // the address names no page; nil: it does
	Rows   []PersonRow
	Pager  components.Pager
	Empty  *components.Empty // nil: there are people
}

// PersonRow is one of them.
type PersonRow struct {
	Name, Address string
	Email, ID     string
	Changed       string
}

// Person is one person with everything that happened between them and the
// company.
type Person struct {
	Page    layouts.Page
	Crumbs  []components.Crumb
	Name    string
	Note    *components.Note // "this address gets no mail"; nil: it does
	Unsent  *components.Note // no mail leaves at all; nil: it does
	Facts   []Fact
	Traits  []Fact
	History []Moment
	Stop    *Deed              // ends all mails to the person, or takes that back; nil: the reader may not
	Erase   *components.Action // nil: the reader may not
}

// Moment is one entry of a history.
type Moment struct {
	Kind       string // event, invitation or answer; a class of the style sheet
	When       string
	Title      words.Sentence
	Text       string // what was said, or why; empty: nothing
	Score      *Badge // of an answer
	Tag        *components.Tag
	Said       []Answered       // beside the score and the comment
	Properties []string         // of an event: "total: 42"
	Details    []words.Sentence // each rule's decision
	Deed       *Deed            // what may be done about it; nil for nothing
}
