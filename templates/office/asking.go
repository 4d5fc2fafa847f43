package office

import (
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/words"
)

// Asking is the list of rules.
type Asking struct {
	Page     layouts.Page
	Unsent   *components.Note   // no mail leaves; nil: it does
	New      *components.Action // nil: the reader may not
	Upload   *components.Action // leads to the upload of a list; nil: the reader may not
	Rules    []RuleRow
	Archived []RuleRow // those that were put away
	Empty    *components.Empty
	Curl     string           // a command that sends an event, to try the rules with; empty: no rule waits for one
	Next     []words.Sentence // when the mail about it would leave
}

// RuleRow is one rule in plain words.
type RuleRow struct {
	Name    string
	Address string // of its own page
	Says    []words.Sentence
	Paused  *components.Note // its survey takes no answers; nil: it does
	Status  components.Tag
	Deed    *Deed // pause, resume or bring back; nil: the reader may not
}
