package office

import (
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/words"
)

// Loyalty says who stays and who leaves, from the events.
type Loyalty struct {
	Page     layouts.Page
	Address  string           // of this page, to look again while it is being computed
	Headline words.Sentence   // "Of 1,830 customers …, 92.8% stayed."; empty: there is nothing to say yet
	Says     []words.Sentence // what it means
	Waiting  *components.Note // it is being computed; nil: it is not
	Notes    []components.Note
	Widths   []components.SegmentLink
	Computed string // "Computed 21 November 2026, 22:46, from …"
	Compute  *Deed  // nil: the reader may only look
	Settings components.Action
	Empty    *LoyaltyEmpty // instead of all that follows
	Course   components.RateTrend
	Rates    RateTable
	Cohorts  *Cohorts
	Stays    []StayCard
	Value    *Findings
	Members  *Findings
	Risks    *RiskCard
}

// LoyaltyEmpty teaches what to send.
type LoyaltyEmpty struct {
	Empty    components.Empty
	Types    []Fact         // the event types that are read, and what each means
	Received words.Sentence // what has come in instead; empty: nothing
	Curl     string         // sends the first event
}

// RateTable is all rates of one width.
type RateTable struct {
	Title  string
	Legend string
	Last   string // the last step that is over: "Q3 2026"
	Now    string // the one that is not: "Q4 2026 so far"; empty: there is none
	Groups []RateGroup

	Courses components.Courses // the numbers behind the sparklines
}

// RateGroup is rates of one subject.
type RateGroup struct {
	Name string
	Rows []RateRow
}

// RateRow is one rate.
type RateRow struct {
	ID, Name string
	Address  string // shows its course
	Current  bool   // its course is shown
	Help     string // what is counted, in one sentence
	Value    string
	Interval string // "89.5% to 92.1%"; empty: there is none
	Count    string // "1,663 of 1,830"
	Evidence components.Evidence
	Spark    components.Sparkline
	Now      string // of the step that is not over
}

// Cohorts is what became of those who came together, with what it means.
type Cohorts struct {
	Chart components.Cohorts
	Says  words.Sentence
	Small []string // what must be said beside it
}

// StayCard is a chart of how long people stay, with what it means.
type StayCard struct {
	Chart components.Stays
	Says  []words.Sentence
	Small []string // what must be said beside it
}

// Findings is a card of sentences with the numbers that they rest on.
type Findings struct {
	ID, Title string
	Method    components.Topic // what its note says
	Says      []words.Sentence
	Facts     []Fact
	Measures  []components.Measure // the same, for a file
	Small     []string             // what must be said beside it
	Save      *components.Save     // nil: there are no numbers to take
}

// RiskCard is the people who may leave, or why there is no such list.
type RiskCard struct {
	Title   string
	Says    []words.Sentence
	Table   *RiskTable // nil: there is no list
	All     *components.Action
	Tested  []words.Sentence // how the list was put to the test
	Tenths  []RiskTenth
	Caveats []string
}

// RiskTable is people at risk.
type RiskTable struct {
	Chance string // the head of its column: "Chance within 13 weeks"
	Rows   []RiskRow
}

// RiskRow is one of them.
type RiskRow struct {
	Name, Address string
	Chance        string
	Reasons       string
}

// RiskTenth is a tenth of the people on whom the list was tried.
type RiskTenth struct{ Name, People, Foretold, Left, Interval string }

// RiskList is all people at risk.
type RiskList struct {
	Page   layouts.Page
	Crumbs []components.Crumb
	Title  string
	Lead   string
	Note   *components.Note
	Table  RiskTable
	Empty  *components.Empty
	Pager  components.Pager
}

// LoyaltyForm says what the events mean.
type LoyaltyForm struct {
	Page   layouts.Page
	Crumbs []components.Crumb
	Action string
	Note   *components.Note
	Locked bool // the reader may not change anything
	Basis  []BasisChoice
	// BasisError is what is wrong with it; empty: nothing is.
	BasisError string
	FocusBasis bool // the page opens on it
	Lapse      components.TextInput
	Since      components.TextInput // a date
	Currency   components.TextInput
	Survey     components.Choices
	Meanings   MeaningTable
	Kinds      []Fact // each kind and what it means
}

// BasisChoice is one of the ways to be a customer.
type BasisChoice struct {
	Value, Name, Help string
	Chosen            bool
}

// MeaningTable is what each type of event means.
type MeaningTable struct {
	Error string
	Rows  []MeaningRow
	Types []string // known types, offered while typing
	Add   components.Action
	// Suggested adds a row for a type that came in and is not read.
	Suggested []components.Action
}

// MeaningRow is one type of event.
type MeaningRow struct {
	Event, Amount components.TextInput
	Kind          components.Choices
	Error         string
	Remove        components.Action
	RemoveLabel   string // with what it removes, for those who do not see the row
	ID            string // of the row, once on a page
	Focus         string // the name of the field on which the page opens; empty: none
}
