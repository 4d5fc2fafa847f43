package office

import (
	"strconv"

	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
)

// listExample is a file that can be uploaded.
const listExample = "email,name,locale,timezone,plan\nana@example.com,Ana Lima,en,Europe/Lisbon,pro\nli.na@example.com,李娜,zh-Hans,Asia/Shanghai,free"

// ListForm uploads a list of people.
type ListForm struct {
	Page   layouts.Page
	Crumbs []components.Crumb
	Unsent *components.Note // no mail leaves; nil: it does
	Action string
	To     components.Choices
	File   components.Field
	Days   components.TextInput
	Start  components.TextInput
	Empty  *components.Empty // there is nothing to ask yet; nil: there is
}

// ListPreview says what would happen with a list.
type ListPreview struct {
	Page     layouts.Page
	Crumbs   []components.Crumb
	Unsent   *components.Note
	Paused   *components.Note // why nobody would be asked for now; nil: they would
	Says     string
	Lines    string // how many the file has
	Days     []ListDay
	Columns  []ListColumn
	Problems []ListProblem
	Action   string
	Back     string
	Hidden   []Hidden
	Confirm  *components.Action // nil: nobody can be asked
}

// ListDay is how many people are asked on a day.
type ListDay struct{ Day, Turns string }

// ListColumn is what a column of the file was taken for.
type ListColumn struct{ Header, Means string }

// ListProblem is why lines are not asked.
type ListProblem struct {
	Title string // with how many lines there are
	Why   string // and what becomes of them
	Lines []ListLine
	More  string // how many are not shown; empty: none
}

// ListLine is a line of the file.
type ListLine struct{ Line, Value string }

// List is an uploaded list, after it was confirmed.
type List struct {
	Page     layouts.Page
	Crumbs   []components.Crumb
	Title    string
	Lead     string
	Unsent   *components.Note
	Paused   *components.Note
	Note     *components.Note
	Run      *ListRun // the people are being stored; nil: they are not
	Waiting  string
	Withdraw string             // what taking back means
	Deed     *Deed              // takes back who waits; nil: nobody does
	More     *components.Action // nil: nobody may be added
	Rule     components.Action
}

// ListRun is how far a running upload is.
type ListRun struct {
	Done, Of int
	Says     string
}

func (r ListRun) done() string { return strconv.Itoa(r.Done) }
func (r ListRun) of() string   { return strconv.Itoa(r.Of) }
