package office

import (
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
)

// Suppressions is the list of addresses that get no mail.
type Suppressions struct {
	Page    layouts.Page
	Crumbs  []components.Crumb
	Said    *Said                    // what was just done; nil: nothing was
	Search  components.TextInput     // looks one address up
	Found   *SuppressionFound        // nil: nothing was looked up
	Filters []components.SegmentLink // by reason
	Rows    []SuppressionRow
	Pager   components.Pager
	Empty   *components.Empty  // nil: there are some
	Import  *components.Action // nil: the reader may not
	Export  *components.Action
}

// SuppressionFound is what is known of the address that was looked up.
type SuppressionFound struct {
	Text    string
	Detail  string             // who said so, and since when; "" when it gets mail
	Add     *Deed              // nil: it gets no mail, or the reader may not
	Address string             // what Add sends
	Release *components.Action // nil: it gets mail, or the reader may not
}

// SuppressionRow is one address.
type SuppressionRow struct {
	Address string // "" when it was erased
	Person  string // where the person is found; "" for nowhere
	Reason  components.Tag
	Source  string
	Since   string
	Release *components.Action // nil: the reader may not
}

// SuppressionRelease asks before an address gets mail again.
type SuppressionRelease struct {
	Page    layouts.Page
	Crumbs  []components.Crumb
	Title   string
	Address string
	Text    string
	Wish    *components.Check // the person's own wish is needed; nil: it is not
	Hidden  []Hidden
	Action  string
	Button  components.Action
	Back    string
}

// SuppressionImport takes a file of addresses in.
type SuppressionImport struct {
	Page   layouts.Page
	Crumbs []components.Crumb
	Action string
	File   components.Field
	Reason components.Choices
	Back   string
}

// SuppressionPreview says what a file would do, before it does.
type SuppressionPreview struct {
	Page     layouts.Page
	Crumbs   []components.Crumb
	Says     []string
	Problems []SuppressionLines
	Action   string
	Hidden   []Hidden
	Confirm  *components.Action // nil: there is nothing to store
	Back     string
}

// SuppressionLines are lines of a file with the same problem.
type SuppressionLines struct {
	Title string
	Lines []ListLine
	More  string
}
