package office

import (
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/words"
)

// RuleForm creates or edits a rule. What most rules need stands open; the rest
// is in folded groups, each of which says what is set in it.
type RuleForm struct {
	Page      layouts.Page
	Crumbs    []components.Crumb
	Title     string
	Note      *components.Note
	Paused    *components.Note // the chosen survey takes no answers; nil: it does
	Twin      *components.Note // another rule waits for the same event; nil: none
	Action    string           // where it is saved; with /form it is shown again, with /try it is tried
	Back      string
	List      string           // where a list of people is uploaded
	Says      []words.Sentence // the whole rule
	Trial     *RuleTrial       // what a trial found; nil: none was asked for
	Name      components.TextInput
	Trigger   components.Choices
	Event     components.TextInput
	Types     []string // of events, to choose from
	Every     components.TextInput
	Condition components.TextArea
	Examples  []Example
	Survey    components.Choices
	Delay     components.TextInput
	Unit      components.Choices
	Base      components.Choices
	From      components.TextInput
	Window    WindowGroup
	Shares    NumbersGroup
	Caps      CapsGroup
	Reminders RemindersGroup
	Withdraw  WithdrawGroup
	Thanks    ThanksGroup
	Link      NumberGroup
	Status    components.Choices
	NoSurvey  *components.Empty // there is nothing to ask yet; nil: there is
}

// Example is a condition and what it means.
type Example struct{ Code, Text string }

// Fold is the head of a folded group.
type Fold struct {
	ID, Title string
	Says      string // what is set
	Open      bool
}

// WindowGroup sets on which days and hours mails leave.
type WindowGroup struct {
	Fold      Fold
	Preset    components.Choices
	Days      string // the name of the boxes
	DaysError string
	Boxes     []components.Check
	From, To  components.TextInput
}

// NumberGroup sets one number, NumbersGroup several.
type NumberGroup struct {
	Fold   Fold
	Number components.TextInput
}

// NumbersGroup sets several numbers.
type NumbersGroup struct {
	Fold    Fold
	Numbers []components.TextInput
}

// CapsGroup sets how often one person is asked.
type CapsGroup struct {
	Fold   Fold
	Lead   string
	Days   components.TextInput
	Policy components.Choices
	For    string // the trigger whose usual policy is offered
}

// RemindersGroup lists the reminders.
type RemindersGroup struct {
	Fold  Fold
	Help  string
	Error string
	Rows  []ReminderRow
	Add   string // the button; empty: there are as many as there may be
}

// ReminderRow is one reminder.
type ReminderRow struct {
	Key    Hidden
	After  components.TextInput
	Unit   components.Choices
	Remove components.Action
}

// WithdrawGroup sets what takes an invitation back.
type WithdrawGroup struct {
	Fold   Fold
	Events components.TextArea
	Same   components.TextInput
}

// ThanksGroup sets the letter of thanks.
type ThanksGroup struct {
	Fold  Fold
	On    components.Check
	Links []components.TextInput
}
