package office

import (
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
)

// Held lists the answers to a survey's mails that are not counted.
type Held struct {
	Page    layouts.Page
	Crumbs  []components.Crumb
	Title   string
	Lead    string // what the survey's setting means
	Undo    *Deed  // takes back what was just counted; nil: nothing was
	Filters []components.SegmentLink
	Rows    []HeldRow
	Empty   *components.Empty // nil: there are rows
	Pager   components.Pager
}

// HeldRow is one answer that is not counted.
type HeldRow struct {
	Score   string
	Comment string
	Who     string
	Person  string // address of their page
	Since   string
	State   components.Tag
	Why     []string // how it came to be held, and what speaks against it
	Deeds   []Deed
}
