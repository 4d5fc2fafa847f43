package office

import (
	"net/url"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
)

// tabName is one page about a survey.
type tabName string

// The pages about a survey; each is named after the end of its address.
const (
	reportTab   tabName = "report"
	themesTab   tabName = "themes"
	commentsTab tabName = "comments"
	loyaltyTab  tabName = "loyalty"
)

// tabs leads between the pages about a survey. What chooses the period and who
// is meant goes along, so that going round the pages ends where it began.
func (v visit) tabs(survey surveys.Survey, open tabName) components.Tabs {
	query := url.Values{}
	for _, name := range []string{"range", "from", "to", "segment"} {
		for _, value := range v.QueryParams()[name] {
			if value != "" {
				query.Add(name, value)
			}
		}
	}
	tabs := components.Tabs{Label: v.l.T("tabs.label", "survey", survey.Name)}
	for _, name := range []tabName{reportTab, themesTab, commentsTab, loyaltyTab} {
		address := "/surveys/" + survey.ID
		if name != reportTab {
			address += "/" + string(name)
		}
		if len(query) > 0 {
			address += "?" + query.Encode()
		}
		tabs.List = append(tabs.List, components.Tab{Text: v.l.T("tabs." + string(name)), Address: address, Current: name == open})
	}
	return tabs
}
