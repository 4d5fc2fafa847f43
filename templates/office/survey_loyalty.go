package office

import (
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
)

// SurveyLoyalty is how the scores of one survey go with who stays.
type SurveyLoyalty struct {
	Page   layouts.Page
	Crumbs []components.Crumb
	Tabs   components.Tabs
	Title  string
	Lead   string
	Empty  *components.Empty // instead of Stay and Cost
	Stay   *StayCard         // staying by last score
	Cost   *Findings         // what a low score goes with; nil: it cannot be told
	Rates  *RateTable        // of all customers; nil: nothing was counted yet
	All    components.Action // the page of loyalty
}
