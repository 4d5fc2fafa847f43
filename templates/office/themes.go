package office

import (
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/words"
)

// Themes is what people wrote about beside their scores to one survey.
type Themes struct {
	Page     layouts.Page
	Crumbs   []components.Crumb
	Tabs     components.Tabs
	Title    string
	Lead     string
	Notes    []components.Note
	Progress string // "412 of 1,204 comments are read"; empty: all are
	Address  string // of this page, to look again while comments are being read
	Ranges   []components.SegmentLink
	Dates    Dates
	Filters  []Filter
	Narrow   *Narrow            // nil: there is no further filter
	Printed  Printed            // the days and the groups, for paper
	Edit     *components.Action // nil: the reader may only look
	Empty    *components.Empty  // instead of themes; nil: there are some
	Starters []Deed             // beside Empty: the sets to begin with
	Chart    components.Themes  // the numbers of Rows
	Courses  components.Courses // of Rows
	Rows     []ThemeRow
	Rest     string // comments on no theme
	Caveat   string
	Reading  []words.Sentence // how the comments were read
}

// ThemeRow is one theme in the period.
type ThemeRow struct {
	ID       string
	Name     string
	Share    string // "14 %"
	Count    string // "168 comments"
	Effect   *components.Effect
	Verdict  string // "18 points lower"
	Quote    string // what somebody wrote on it; empty: none is shown here
	Standing components.Standing
	Evidence components.Evidence
	Says     []words.Sentence
	Course   components.Sparkline
	Examples []Comment
	All      components.Action // the answers behind it
}

// SaidMost is the few themes that a report names.
type SaidMost struct {
	Chart components.Themes // the numbers of Rows
	Rows  []ThemeRow
	None  string             // why there are no rows
	Way   *components.Action // out of that, for readers who may follow it
}

// ThemeRules is what a workspace looks for in comments.
type ThemeRules struct {
	Page     layouts.Page
	Crumbs   []components.Crumb
	New      *components.Action
	Empty    *components.Empty
	Starters []Deed // sets to begin with, or to add
	List     []ThemeRule
	Deleted  []ThemeRule
}

// ThemeRule is one theme in the list.
type ThemeRule struct {
	Name     string
	Address  string // of its form; empty: the reader may only look
	Keywords string
	Deed     *Deed // to take it away or bring it back
}

// ThemeForm asks for one theme.
type ThemeForm struct {
	Page     layouts.Page
	Crumbs   []components.Crumb
	Title    string
	Action   string
	Note     *components.Note
	Name     components.TextInput
	Keywords components.TextArea
	Trial    *Trial // nil: it was not tried
	Delete   *Deed  // nil: it is new
	// Suggested names words that could be looked for; empty: none are known.
	Suggested string
}

// Trial is what a theme would find.
type Trial struct {
	Says string
	List []Comment
}

// keywordExamples are the kinds of keywords that the form explains.
func keywordExamples() []string {
	return []string{"word", "phrase", "exact", "beginning", "not", "chinese"}
}
