package office

import (
	"github.com/harkhq/hark/analysis/search"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/words"
)

// Report is what the answers to one survey mean.
type Report struct {
	Page        layouts.Page
	Crumbs      []components.Crumb
	Tabs        components.Tabs
	Headline    components.Headline
	Says        []words.Sentence  // what the score means
	Judged      components.Topic  // by what it is called so
	Next        words.Sentence    // where to begin; nil: nothing stands out
	Orientation *Orientation      // what others report; nil: nothing was chosen
	Notes       []components.Note // the survey takes no answers; something that was asked for cannot be had
	Edit        *components.Action
	Link        string             // where people answer
	Share       *components.Action // to links to this report; nil: the reader may make none
	TV          string             // this report on a screen
	Digest      *DigestOffer       // nil: the reader chose already, or no mail leaves
	Ranges      []components.SegmentLink
	Dates       Dates
	Filters     []Filter // none: everybody
	Narrow      *Narrow  // nil: there is nothing to filter by
	Counted     string   // what had to be counted for this view, and how long that took; empty: nothing
	Printed     Printed
	Start       *components.Empty // nobody has ever answered; nothing else is shown
	Trend       *Trend            // nil: nothing to draw
	Timeline    Timeline          // what can be written on it
	Answers     *components.Distribution
	Compare     *Comparison
	Split       *Split
	Comments    Comments
	Themes      components.Action // what people write about
	Asked       *Asked            // who was asked, and who answered; nil: not told
	Drivers     *Drivers          // what moves with the score; nil: nothing to show
	Said        *SaidMost         // the themes that go with the score most; nil: none do
}

// Dates is the form for a period by dates.
type Dates struct {
	Action   string
	From, To string // YYYY-MM-DD, both included
	Error    string
	Hidden   []Hidden
	Current  bool // the period was chosen by dates
	Presets  []components.SegmentLink
}

// Printed is what a sheet of paper says in the place of what can be pressed.
type Printed struct {
	View string // period and filters in words
	Foot string // when it was printed, and how the numbers are made
}

// Hidden is a field of a form that nobody sees.
type Hidden struct{ Name, Value string }

// Filter is a segment that the report is narrowed to.
type Filter struct {
	Text   string // "Plan: pro"
	Remove string // address of the report without it
}

// Narrow is the form that adds a [Filter].
type Narrow struct {
	Action string
	Hidden []Hidden
	Groups []Group
}

// Group is the values of one segment key, to choose one of.
type Group struct {
	Name    string
	Options []components.Option
}

// Trend is the score over time, with the widths to choose from.
type Trend struct {
	Chart components.Trend
	Steps []components.SegmentLink
}

// Comparison puts the period beside an earlier one.
type Comparison struct {
	Title      string
	Ways       []components.SegmentLink // what to compare with; none: there is no choice
	Metric     string
	Rows       []PeriodRow
	Difference words.Sentence   // nil: not comparable
	Save       *components.Save // nil: there is nothing to take, or not by this reader
}

// PeriodRow is one of the two periods.
type PeriodRow struct {
	Name     string
	Dates    string
	Score    string // "–" when it is not shown
	Interval string
	Answers  Fact
}

// Split is the score by one segment key.
type Split struct {
	Keys  []components.SegmentLink
	Table *components.Segments
	Empty string // why there is no table; empty: there is one
	Test  string // what the test over all groups says; empty: nothing
}

// Comments are the newest of the period.
type Comments struct {
	List []Comment
	None string // said where the list is empty
	All  components.Action
}

// Comment is what somebody said.
type Comment struct {
	Score   Badge
	Text    string
	Pieces  []search.Piece // of Text, marked where it says what was searched for; nil: nothing was
	Person  Fact           // empty: anonymous
	When    string         // "6 July 2026, 14:03"
	Survey  Fact           // empty on the page of one survey
	Details []string
	Said    []Answered // beside the score and the comment
}

// Answered is an answer to a follow-up, in the words of its version.
type Answered struct{ Ask, Words string }

// Badge is a score with the place of its band: good, middle or bad.
type Badge struct{ Score, Band, Class string }
