package office

import (
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/i18n"
	"github.com/harkhq/hark/templates/layouts"
)

// Embed is how a survey gets onto a website.
type Embed struct {
	Page     layouts.Page
	Title    string
	Crumbs   []components.Crumb
	Note     *components.Note    // what is wrong; nil when nothing is
	Path     string              // of this page
	Action   string              // where the sites are posted
	Sites    components.TextArea // that may show it
	Nowhere  string              // that no site may, where one has to; empty: it is fine
	Refused  []RefusedSite       // that tried to, lately
	Form     components.Choices
	Open     *components.Choices // when it comes; nil for a form that is there at once
	Says     string              // what the form is for
	Lines    string              // to be copied
	Visitors string              // address of how they are known; empty for a form that asks everybody
	Example  string              // address of a page that shows it
}

// RefusedSite is a site that tried to show the survey, and a button that lets it.
type RefusedSite struct {
	Text    string
	Allow   string
	Origins string // with it
}

// EmbedExample is a page like a website's. Its survey is a preview.
type EmbedExample struct {
	L       *i18n.Localizer
	Nonce   string
	Title   string
	Script  string
	Survey  string
	Mode    string // of the element, or "frame" or "link"
	Preview string // address of what the element shows
	Button  string // opens it; empty: it comes by itself
}

// open is when the survey comes in the example: nobody should have to wait.
func (e EmbedExample) open() string {
	if e.Button != "" {
		return "click"
	}
	return "now"
}
