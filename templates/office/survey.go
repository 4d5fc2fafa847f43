package office

import (
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
)

// SurveyForm creates or edits a survey beside a preview of its page.
type SurveyForm struct {
	Page    layouts.Page
	Crumbs  []components.Crumb
	Title   string
	Note    *components.Note // what is wrong as a whole; nil: nothing
	Action  string           // where the form is posted
	Metric  string           // fixed once the survey exists; empty: to be chosen
	Metrics []MetricChoice   // to choose from
	Name    components.TextInput
	Subject components.TextInput
	Closes  components.TextInput
	Asking  SurveyAsking
	Texts   []TextForm
	Style   *StyleField // nil: the metric has one
	Asks    FollowUpsForm
	Thanks  ThanksForm
	Hidden  components.TextArea
	Fields  Fold
	Langs   LanguagesForm
	Unsaved bool // the form holds what is not stored
	Drivers DriversForm
	Preview Preview
	Link    string // where people answer; empty: there is none yet
	Kiosk   string // where a tablet asks one person after another
	Embed   string // address of how it gets onto a website
	Code    string // address of the link's QR code, but for "svg" or "png" at its end
	Deeds   []Deed // pause, resume, archive
	State   *components.Tag
}

// MetricChoice is one metric, in the words of its question.
type MetricChoice struct {
	Metric   string
	Name     string
	Scale    string // "0–10"
	Question string
	Chosen   bool
}

// TextForm is a survey's texts in one language. Empty fields stand for the
// default, which they show.
type TextForm struct {
	Name    string // of the language
	Default string // which words stand in the place of empty ones, or how many are missing; empty: none is
	Fields  []components.TextInput
	ByBand  []components.TextInput // the comment's question for each band
	Varies  bool                   // there are words for a band
	Thanks  components.TextArea
	Open    bool
}

// Preview is the frame with the page as people will see it.
type Preview struct {
	Address   string // what the frame shows first
	Action    string // where the form is posted to be shown
	Languages []components.Action
	Choose    []components.Option // in the place of Languages where they are many
}

// SurveyAsking sets how often the survey may be asked.
type SurveyAsking struct {
	Fold  Fold
	Kind  components.Choices
	Topic components.TextInput
	Days  components.TextInput

	Machines   components.Choices   // how sure it wants to be that a person answered
	Quarantine components.TextInput // how many minutes it waits to be
}
