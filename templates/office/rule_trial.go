package office

import (
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/i18n"
	"github.com/harkhq/hark/templates/words"
)

// RuleTrial is what a rule would have done.
type RuleTrial struct {
	L        *i18n.Localizer
	Title    string
	How      string            // it was found
	Says     []words.Sentence  // the result first
	Chart    *components.Fates // nil: there is nothing to show
	Days     []TrialDay
	Examples []TrialExample
}

// TrialDay is how many mails would leave on a day.
type TrialDay struct {
	Name, N string
	Part    float64 // of the busiest day, 0…1
}

// TrialExample is somebody who would have been asked.
type TrialExample struct {
	Name, Address string
	Happened      string
	Decision      string
	Properties    []string
}
