package components

import (
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/i18n"
)

// Crumb is one step on the way to the page. The last one has no address.
type Crumb struct{ Text, Address string }

// Head opens a page: its title, a sentence, and what can be done.
type Head struct {
	Title  string
	Lead   string // empty: none
	Action *Action
}

// Note is a message that stands on the page.
type Note struct {
	Kind  NoteKind
	Text  string
	Focus bool // the page opens on it: what an action came to
}

// NoteKind is the tone of a [Note].
type NoteKind string

// The tones of notes.
const (
	Info    NoteKind = ""
	Done    NoteKind = "done"
	Warning NoteKind = "warning"
	Failure NoteKind = "failure"
)

// role is how urgently a screen reader says the note.
func (v Note) role() string {
	if v.Kind == Failure {
		return "alert"
	}
	return "status"
}

// Empty is shown where there is nothing yet. It teaches: what will appear
// here, and the one thing to do next.
type Empty struct {
	Title  string
	Text   string
	Action *Action
}

// Tag is a state in one or two words.
type Tag struct {
	Tone Tone
	Text string
}

// Tone is the colour of a state. Each has a shape of its own as well.
type Tone string

// The tones of tags.
const (
	Plain Tone = ""
	Good  Tone = "good"
	Bad   Tone = "bad"
	Warn  Tone = "warn"
)

// Pager leads through a long list. An empty address: there is no such page.
type Pager struct {
	L       *i18n.Localizer
	Summary string // "Answers 51 to 100"
	Newer   string // address
	Older   string // address
	Words   PagerWords
}

// PagerWords is how a list calls its two directions.
type PagerWords string

// The words of pagers: for lists by time, and for all others.
const (
	ByTime  PagerWords = ""
	ByPlace PagerWords = "place"
)

func (v Pager) back() string {
	if v.Words == ByPlace {
		return v.L.T("components.pager.previous")
	}
	return v.L.T("components.pager.newer")
}

func (v Pager) forth() string {
	if v.Words == ByPlace {
		return v.L.T("components.pager.next")
	}
	return v.L.T("components.pager.older")
}

// SegmentLink is one place of a segmented control that leads to addresses.
type SegmentLink struct {
	Text    string
	Address string
	Current bool
}

// Column is the head of a table's column.
type Column struct {
	Text string // empty: a column of actions
	Kind ColumnKind
}

// ColumnKind is what a column holds.
type ColumnKind string

// The kinds of columns: words, and numbers, which stand at the end.
const (
	Words   ColumnKind = ""
	Numbers ColumnKind = "num"
)

// Table is the frame of a table; its rows are the children.
type Table struct {
	Caption string // for screen readers; the heading may say the same
	Columns []Column
}

// Headline is the sentence that a report opens with: "NPS 38 ± 7 from 486
// answers." Score and Margin are rounded and clipped as analysis.Display does.
type Headline struct {
	L        *i18n.Localizer
	Metric   surveys.Metric
	Score    float64 // points or percent, as the metric has it
	Margin   float64 // points or percentage points
	Places   int     // digits after the point of both
	N        int64   // the answers behind the score
	Least    int64   // how many answers a score needs to be shown; said when it is hidden
	Evidence Evidence
	Instead  string  // said in the place of a hidden score, where there are answers enough and another reason; empty: that there are too few
	Answers  string  // address of these answers; empty: no link
	Why      *Method // explains the margin; nil: nothing does
}

// Evidence is how much the answers behind a number can carry.
type Evidence string

// The grades: shown as it is, greyed because it says little, and not shown
// because it would speak of single people.
const (
	Firm   Evidence = ""
	Faint  Evidence = "weak"
	Hidden Evidence = "hidden"
)

// Text is the headline in one line, for pictures: "NPS 38 ± 7 from 486 answers."
func (v Headline) Text() string {
	return v.L.T("components.headline", "metric", v.L.Metric(v.Metric), "score", v.score(), "margin", v.margin(), "answers", v.count())
}

func (v Headline) score() string  { return v.L.Score(v.Metric, v.Score, v.Places) }
func (v Headline) margin() string { return "±\u00a0" + v.L.Decimal(v.Margin, v.Places) }

func (v Headline) count() string { return v.L.N("components.answers", v.N) }
