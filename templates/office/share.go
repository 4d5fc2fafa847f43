package office

import (
	"strings"
	"unicode/utf8"

	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/words"
)

// Shares is the page on which links to a report are made and ended.
type Shares struct {
	Page    layouts.Page
	Crumbs  []components.Crumb
	New     string // the link that was just made, this once; empty: none was
	NewTV   string // the same for a screen on a wall
	Note    *components.Note
	Wishes  []components.Note // what the address asks for and no link can show
	What    string            // what is shared, in words
	Form    ShareForm
	Open    []ShareRow
	Ended   []ShareRow
	Columns []components.Column
}

// ShareForm asks for one link.
type ShareForm struct {
	Action   string
	Label    components.TextInput
	Days     components.Choices
	Until    components.TextInput
	Comments components.Check
}

// ShareRow is one link; the link itself cannot be shown again.
type ShareRow struct {
	Label    string
	What     string
	Comments string // that comments are part of it; empty: they are not
	Made     string // by whom, and when
	Until    string
	Opened   string
	Revoke   *components.Action // nil: it has ended
	Restore  *Deed              // opens it again; nil: it is open, or it is too late
}

// Brand is whose report a reader without an account sees.
type Brand struct {
	Name string
	Logo string // address; empty: none
}

// initial is the first letter of the brand's name.
func (b Brand) initial() string {
	first, width := utf8.DecodeRuneInString(strings.TrimSpace(b.Name))
	if width == 0 {
		return ""
	}
	return strings.ToUpper(string(first))
}

// Shared is a report for readers without an account. Nothing on it leads to
// answers, people or other pages.
type Shared struct {
	Page      layouts.Page
	Brand     Brand
	Languages []LanguageLink
	Survey    string
	What      []string // period and filters in words
	Headline  components.Headline
	Next      words.Sentence // where to begin; nil: nothing stands out
	Says      []words.Sentence
	Judged    components.Topic // by what the score is called changed
	Empty     string           // instead of all that follows: nobody has answered
	Trend     *Trend
	Answers   *components.Distribution
	Compare   *Comparison
	Asked     *Asked
	Segments  *components.Segments
	Drivers   *Drivers
	Said      *SaidMost
	Comments  *SharedComments // nil: they are not part of it
	Foot      string
}

// SharedComments are what people said, without who said it.
type SharedComments struct {
	List []Comment
	None string // said where the list is empty
}

// LanguageLink leads to the same page in another language.
type LanguageLink struct {
	Tag, Name, Address string
	Current            bool
}

// SharedGone says that a link shows nothing, or no longer.
type SharedGone struct {
	Page      layouts.Page
	Brand     Brand
	Languages []LanguageLink
	Title     string
	Text      string
	Reference string
}

// column is the name of a column, for a screen that is too narrow for a head.
func (v Shares) column(i int) string {
	if i < len(v.Columns) {
		return v.Columns[i].Text
	}
	return ""
}
