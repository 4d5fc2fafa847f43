package office

import (
	"strconv"

	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/i18n"
	"github.com/harkhq/hark/templates/words"
)

// Asked says how many were asked, how many answered, and who answers less.
type Asked struct {
	L      *i18n.Localizer
	When   string           // of the sending; empty: nothing was sent
	Bars   []AskedBar       // the steps from the invitation to the answer
	Says   []words.Sentence // the rate, and who answers less
	Notes  []words.Sentence // what is left out, and how it is counted
	Calm   string           // why there is nothing to show, instead of all above
	Tables []AskedTable     // the rates by segment
	Save   *components.Save // nil: the reader may take nothing
}

// AskedBar is one step.
type AskedBar struct {
	Name    string
	Number  string
	Share   string  // of those sent; empty for the whole
	Part    float64 // of the longest bar, 0…1
	Address string  // of what it counts; empty: no link
}

// width is the bar's length for the picture.
func (b AskedBar) width() string { return strconv.FormatFloat(100*b.Part, 'f', 2, 64) + "%" }

// AskedTable is the response rate by one segment key.
type AskedTable struct {
	Key  string
	Rows []AskedRow
}

// AskedRow is one segment.
type AskedRow struct {
	Name     string
	Address  string // of its answers; empty: no link
	Sent     string
	Answered string
	Rate     string
	Interval string
	Verdict  string
	Standing components.Standing
	Faint    bool
}
