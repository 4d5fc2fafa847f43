// Package office holds the pages that the team sees: sign-in, scores, reports,
// answers, people, asking and settings. In the data's way they come last:
// handlers/office and handlers/auth fill one of the view structs, and the page
// shows it, with no look-ups and no arithmetic of its own.
package office

import (
	"github.com/a-h/templ"

	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
)

// Fact is a name and its value, for lists of details.
type Fact struct {
	Name    string
	Value   string
	Address string // a link of the value; empty: none
	Also    []Fact // further values of the name, without names
}

// Refusal is what a page says instead of what was asked for.
type Refusal struct {
	Page      layouts.Page
	Title     string
	Text      string
	Action    *components.Action
	Reference string // the request's id; empty: not shown
}

// Confirm asks once more before something that cannot be taken back.
type Confirm struct {
	Page   layouts.Page
	Crumbs []components.Crumb
	Title  string
	Text   string
	Points []string // what will happen, one thing each
	Action string   // where the answer is posted
	Button string
	Back   string // address of the way out
}

// Deed is a button that posts to an address by itself.
type Deed struct {
	Action string
	Button components.Action
}

// described are the attributes that tie a control of one's own to its help and
// its error, as package components does for its fields.
func described(f components.Field) templ.Attributes {
	attributes := templ.Attributes{}
	switch {
	case f.Error != "" && f.Help != "":
		attributes["aria-describedby"] = f.ID() + "-error " + f.ID() + "-help"
	case f.Error != "":
		attributes["aria-describedby"] = f.ID() + "-error"
	case f.Help != "":
		attributes["aria-describedby"] = f.ID() + "-help"
	}
	if f.Error != "" {
		attributes["aria-invalid"] = "true"
	}
	if f.Focus {
		attributes["autofocus"] = true
	}
	return attributes
}
