package office

import (
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/i18n"
	"github.com/harkhq/hark/templates/layouts"
)

// DigestSettings is where a member chooses how often a mail tells them what the
// surveys say, and sees what it would say now.
type DigestSettings struct {
	Page         layouts.Page
	Crumbs       []components.Crumb
	Note         *components.Note // what is wrong as a whole
	Unsent       *components.Note // no mail leaves; nil: it does
	Failed       *components.Note // the last one did not arrive; nil: it did
	Next         string           // when the next one comes; empty: it is off
	Last         string           // when the last one was sent; empty: none was
	Action       string
	Every        components.Choices
	Hour         components.Choices
	Surveys      []components.Check // none ticked: all
	SurveysError string
	Comments     components.Check
	Now          *Deed  // sends one; nil: no mail leaves
	Letter       string // address of the letter as it would be; empty: it cannot be shown
}

// DigestOffer offers the digest to somebody who never chose.
type DigestOffer struct {
	L      *i18n.Localizer
	Action string
	Back   string // the page to come back to
}

// DigestStop is the way out of a digest.
type DigestStop struct {
	Page   layouts.Page
	Title  string
	Text   string
	Action string
	Button components.Action
}
