package office

import (
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/i18n"
	"github.com/harkhq/hark/templates/layouts"
)

// CancelFlows is the list of cancellation flows.
type CancelFlows struct {
	Page  layouts.Page
	New   *components.Action // nil: the reader may make none
	Empty *components.Empty  // nil: there are some
	Rows  []CancelFlowRow
}

// CancelFlowRow is one flow with what came of it lately.
type CancelFlowRow struct {
	Name, Address string
	Says          string
	Status        *components.Tag
}

// CancelForm edits a flow.
type CancelForm struct {
	Page      layouts.Page
	Title     string
	Crumbs    []components.Crumb
	Note      *components.Note
	Action    string
	Name      components.TextInput
	Language  components.Choices // of the words below; other ones stay
	Locale    string             // of the words below
	Reasons   []CancelReasonField
	Wrong     string // what is wrong with the reasons; empty: nothing
	Offers    []CancelOfferField
	HoldOut   components.TextInput
	Score     components.Choices
	Fields    components.TextInput
	Usual     components.Choices
	Submit    string
	Languages string // path that shows the words in another language; empty for a new flow
}

// CancelReasonField is one reason. Path begins the names of its fields.
type CancelReasonField struct {
	Path, ID string
	On       components.Check
	Label    components.TextInput
	Ask      components.TextInput
	More     components.Check
}

// CancelOfferField is one offer.
type CancelOfferField struct {
	Path, ID string
	Title    string // of the box that holds its fields
	Open     bool
	Name     components.TextInput
	Paused   components.Check
	Reasons  []components.Check
	Trait    components.TextInput
	Values   components.TextInput
	Share    components.TextInput
	Words    components.TextInput
	Text     components.TextArea
	Accept   components.TextInput
	Link     components.TextInput
	Drop     components.Check
}

// CancelSite is how a flow gets onto a website.
type CancelSite struct {
	Page     layouts.Page
	Title    string
	Crumbs   []components.Crumb
	Note     *components.Note
	Action   string
	Sites    components.TextArea
	Nowhere  string
	Refused  []RefusedSite // that tried to show it, lately
	Lines    []CancelLines
	Address  string // of the flow's page
	Visitors string // where it is said who looks at the flow
	Mail     string // where a rule is made that asks by mail who said nothing
}

// CancelLines are lines to copy, with what they are for.
type CancelLines struct{ ID, Label, Title, Help, Text string }

// CancelReport is what came of a flow.
type CancelReport struct {
	Page       layouts.Page
	L          *i18n.Localizer
	Title      string
	Crumbs     []components.Crumb
	Status     *components.Tag
	Acts       []components.Action
	Switch     *CancelSwitch // nil: the reader may not
	Ranges     []components.SegmentLink
	By         *components.Choices // nil: there is no segment to split by
	Path       string
	Hidden     []Pair // what the form of By carries along
	Empty      *components.Empty
	Says       []string // what came of it, in words
	Reasons    CancelTable
	Course     *components.RateTrend // of the reason that was picked, or the most frequent
	Offers     []CancelOfferReport
	Groups     *CancelTable // nil: not split
	Comments   []CancelComment
	NoComments string // where there are none
	Picked     string // the reason whose comments are shown; empty: all
	All        string // address that shows all comments
}

// Pair is a parameter of an address.
type Pair struct{ Name, Value string }

// CancelSwitch pauses a flow or has it ask again.
type CancelSwitch struct{ Action, Status, Text string }

// CancelTable is a table of groups.
type CancelTable struct {
	Title, Head string
	Days        []string // after how many it is looked at who is still there
	Rows        []CancelRow
	Known       bool   // some row is shown
	Note        string // on what is not shown; empty: nothing is hidden
}

// CancelRow is one group.
type CancelRow struct {
	Name, Address     string
	Share, Interval   string
	Width, Low, High  float64 // of the bar and its interval, in percent
	Count, Left, Kept string
	Stays             []string // who is still there, some days later
	Saved, Lost       string   // what they are worth
	Hidden            bool
}

// CancelOfferReport is what came of an offer.
type CancelOfferReport struct {
	Name, Says string
	Verdict    string
	Tone       components.Tone
	Rows       []CancelStayRow
}

// CancelStayRow compares after some days.
type CancelStayRow struct{ Days, Made, Held, Difference string }

// CancelComment is what somebody wrote.
type CancelComment struct {
	Text, Lang, Reason, When string
	Person                   Fact
}

// savedColumns are the columns of who is still there.
func savedColumns(l *i18n.Localizer, t CancelTable) []components.Column {
	columns := []components.Column{{Text: t.Head}}
	for _, days := range t.Days {
		columns = append(columns, components.Column{Text: days, Kind: components.Numbers})
	}
	return append(columns, components.Column{Text: l.T("leaving.saved"), Kind: components.Numbers}, components.Column{Text: l.T("leaving.lost"), Kind: components.Numbers})
}
