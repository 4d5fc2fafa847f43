package office

import (
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/words"
)

// Rule is a rule's own page.
type Rule struct {
	Page    layouts.Page
	Crumbs  []components.Crumb
	Title   string
	Status  components.Tag
	Says    []words.Sentence
	Funnel  *components.Fates        // what became of its events; nil: none came
	Periods []components.SegmentLink // the days that it may look back
	Mail    []words.Sentence         // how the letters fared
	Unseen  string                   // what of them nobody can tell
	Empty   *components.Empty        // in its place
	Paused  *components.Note         // why it asks nobody at the moment; nil: it does
	Unsent  *components.Note         // no mail leaves; nil: it does
	Trial   *RuleTrial               // what a trial found; nil: none was asked for
	Try     *components.Action       // nil: the reader may not
	Letters *components.Action       // nil: the reader may not
	List    *components.Action       // who waits, of a rule about lists; nil: it is none, or the reader may not
	Edit    *components.Action       // nil: the reader may not
	Deed    *Deed                    // pause, resume or bring back; nil: the reader may not
	Copy    *Deed                    // nil: the reader may not
	Archive *components.Action       // nil: it is archived, or the reader may not
}

// RuleEvents lists events of a rule, each with what became of it.
type RuleEvents struct {
	Page   layouts.Page
	Crumbs []components.Crumb
	Title  string
	Lead   string
	Note   *components.Note
	Rows   []RuleEventRow
	Pager  components.Pager
	Empty  *components.Empty
}

// RuleEventRow is one event.
type RuleEventRow struct {
	When       string
	Person     string
	Address    string // of the person's history; empty: they were erased
	Reason     string
	Properties []string
}
