package office

import (
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/i18n"
	"github.com/harkhq/hark/templates/words"
)

// Asked says how many were asked, how many answered, and who answers less.
type Asked struct {
	L     *i18n.Localizer
	Chart *components.Funnel // nil: there is nothing to show
	Calm  string             // why not
	Says  []words.Sentence   // the rate, and who answers less
	Notes []words.Sentence   // what is left out, and how it is counted
	Save  *components.Save   // nil: the reader may take nothing
}
