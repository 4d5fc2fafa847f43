package office

import (
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/words"
)

// Rule is a rule's own page.
type Rule struct {
	Page   layouts.Page
	Crumbs []components.Crumb
	Title  string
	Status components.Tag
	Says   []words.Sentence
	Paused *components.Note   // its survey takes no answers; nil: it does
	Unsent *components.Note   // no mail leaves; nil: it does
	Edit   *components.Action // nil: the reader may not
	Deed   *Deed              // pause or resume; nil: the reader may not
}
