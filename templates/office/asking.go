package office

import (
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/words"
)

// Asking is the list of rules.
type Asking struct {
	Page   layouts.Page
	Unsent *components.Note   // no mail leaves; nil: it does
	New    *components.Action // nil: the reader may not
	Rules  []RuleRow
	Empty  *components.Empty
	Curl   string // a command that sends an event, to try the rules with
}

// RuleRow is one rule in plain words.
type RuleRow struct {
	Name    string
	Address string // of its form; empty: the reader may not
	Says    []words.Sentence
	Status  components.Tag
	Deed    *Deed // pause or resume; nil: the reader may not
}

// RuleForm creates or edits a rule.
type RuleForm struct {
	Page       layouts.Page
	Crumbs     []components.Crumb
	Title      string
	Note       *components.Note
	Action     string
	Name       components.TextInput
	Event      components.TextInput
	EventTypes []string
	Condition  components.TextArea
	Examples   []Example
	Survey     components.Choices
	Delay      components.TextInput
	Unit       components.Choices
	Cap        components.TextInput
	Status     components.Choices
	NoSurvey   *components.Empty // there is nothing to ask yet; nil: there is
}

// Example is a condition and what it means.
type Example struct{ Code, Text string }
