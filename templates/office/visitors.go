package office

import (
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
)

// Visitors is how a company's servers say who looks at a survey within its pages.
type Visitors struct {
	Page     layouts.Page
	Title    string
	Lead     string
	Use      string // what the page does with the lines
	Crumbs   []components.Crumb
	Note     *components.Note // what is wrong; nil when nothing is
	Path     string           // of this page
	Secret   string           // of the key that was just made, shown this once; empty: none was
	Keys     []VisitorKey
	Full     bool                // as many keys live as may
	Public   components.TextArea // a public key of the company's own
	Language components.Choices
	Code     string            // to be copied
	OwnKey   string            // what to change of the code for a key of the company's own; empty: nothing
	Known    *components.Check // whether only visitors who are known are asked; nil: everybody is
}

// VisitorKey is a key, with what it does.
type VisitorKey struct {
	Name, Algorithm, Made, Used string
	Tag                         components.Tag // that it cannot be used; empty: it can
	Remove                      components.Action
}
