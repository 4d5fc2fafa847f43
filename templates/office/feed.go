package office

import (
	"github.com/harkhq/hark/analysis/search"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
)

// Feed is what people wrote about one survey, under its filters.
type Feed struct {
	Page   layouts.Page
	Crumbs []components.Crumb
	Tabs   components.Tabs
	Title  string // "318 comments"
	Notes  []components.Note
	Ranges []components.SegmentLink
	Dates  Dates
	Paper  Printed // the days, for paper; the chips tell the rest
	Form   FeedForm
	Chips  []FeedChip // what the feed is narrowed to
	Clear  string     // address without filters; empty: there are none
	Export *components.Action
	News   *FeedNews // nil: not on the first page
	List   []FeedComment
	Pager  components.Pager
	Empty  *components.Empty // nil: there are comments
	Relax  []components.Action
}

// FeedForm narrows the feed. It is sent by GET: its address can be kept and
// shared.
type FeedForm struct {
	Action   string
	Hidden   []Hidden // dates and segments that are chosen already
	Search   components.TextInput
	Band     components.Choices
	Segment  *GroupedChoices     // one more; nil: there is none
	Theme    *components.Choices // nil: the workspace looks for none
	Feeling  *components.Choices // nil: comments are not read
	Language *components.Choices // nil: there are not two
	Open     bool                // something in it is wrong or chosen
}

// FeedChip is one filter that can be taken away.
type FeedChip struct{ Text, Remove string }

// FeedNews asks from time to time whether something new came.
type FeedNews struct {
	Ask  string // address that is asked
	Text string // "3 new comments"; empty: nothing new yet
	Show string // address of the feed's beginning
}

// FeedComment is what somebody said.
type FeedComment struct {
	Score         Badge
	Pieces        []search.Piece // what is shown at once
	Before        bool           // something is left out before it
	Behind        bool           // and behind
	Whole         []search.Piece // all of it; empty: Pieces are
	Said          []Answered     // beside the score and the comment
	Person        *Fact          // nil: names are not shown
	When          string
	Machine       string // the same time for programs
	Language      string // "German"; empty: as everybody writes, or unknown
	LanguageCode  string
	Segments      []Fact // each leads to the feed of it
	Themes        []Fact
	Feeling       string
	FeelingStands string // good, middle or bad
}
