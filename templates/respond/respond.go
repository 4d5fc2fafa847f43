// Package respond holds the pages that customers see: the question, the
// thank-you, the way out of being asked, and what is said when a link no longer
// works. In the data's way they follow the letter and precede the answer:
// handlers/respond fills one of the view structs below.
//
// A page is complete in itself: its style is within, it loads nothing, needs no
// script and weighs less than 14 KB compressed, so that it opens at once on a
// bad line. It names its style element by a nonce, for the security policy.
package respond

import (
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/i18n"
)

// Frame is what every page for customers has.
type Frame struct {
	L         *i18n.Localizer // the language of Hark's own words
	Nonce     string          // of this response's Content-Security-Policy
	Style     string          // the content of css/survey.css
	Brand     Brand
	Languages []LanguageLink // none or one: no menu is shown
	Privacy   string         // address of the privacy notice; empty: no link
	Stop      string         // address of "stop asking me"; empty when there is nothing to stop
	Embed     Embed          // for a page in another site's frame; zero for others
}

// Embed is what a page in another site's frame has beside what all have.
type Embed struct {
	Style  string // the content of css/embed.css
	Script string // address of js/frame.js
	Host   string // the site's origin, which may hear of the page; empty: nobody
	Theme  string // "light" or "dark"; anything else: as the person's system prefers
	Gone   Gone   // why the page asks nothing; empty: it asks
	Doubt  string // why the site's word about its visitor is not believed, a [surveys.IdentityProblem]; empty: it is, or there is none
}

// Gone is why an embedded page asks nothing. The script of the site's page hears of it,
// and a survey that would have come up by itself does not.
type Gone string

// The reasons.
const (
	GoneAsked   Gone = "asked"   // the person was asked lately
	GoneClosed  Gone = "closed"  // the survey takes no answers
	GoneUnknown Gone = "unknown" // nobody has said who the visitor is, and the survey wants to know
	GoneFailed  Gone = "failed"
)

// Brand is how a workspace shows itself.
type Brand struct {
	Name   string
	Colour string // "#rrggbb"; anything else is as if there were none
	Logo   string // address on this server; empty: the colour with the name's first letter
}

// LanguageLink leads to the same page in another language.
type LanguageLink struct {
	Tag     string
	Name    string // the language's own name for itself
	Address string
	Current bool
}

// Words are texts that the survey's author wrote, and their language, which
// need not be the one of Hark's own words.
type Words struct {
	Lang     string // BCP 47; empty: that of Frame.L
	Question string
	Low      string // meaning of the lowest choice
	High     string
	FollowUp string // asks for the reason; empty: the page has no comment field
}

// Choice is one place on the scale.
type Choice = components.Choice

// Question is the survey page.
type Question struct {
	Frame     Frame
	Words     Words
	Style     surveys.Style
	Choices   []Choice // lowest first
	FollowUps []FollowUp
	More      bool   // the score was given before: only the follow-ups are asked
	Earlier   string // "You answered 5 …", above a form that changes an answer; empty: it does not
	Action    string // where the form is posted
	Script    string // address of js/respond.js; empty: the page has none
	Keys      string // address of js/keys.js, where there is a Script
	Shelf     string // where the device keeps what could not be sent, of this visitor alone; empty: by the page's address
	Seen      string // where the script reports that the page was looked at; empty: nowhere
	Known     string // when the answer that the page shows was changed last, in nanoseconds since 1970; "0" where it shows none, empty where that does not matter
	Asked     string // the names of FollowUps and of those on pages before, as the form carries them
	Hidden    []HiddenField
	Errors    []FieldError
	Preview   components.Mode // components.Preview: the form cannot be sent
}

// HiddenField goes with the answer unseen, such as the page's token.
type HiddenField struct{ Name, Value string }

// FieldError says what is wrong with an answer and what to do. Field is
// "score", "comment", or empty for the form as a whole.
type FieldError struct{ Field, Text string }

// Thanks follows an answer.
type Thanks struct {
	Frame  Frame
	Lang   string // language of Text; empty: that of Frame.L
	Text   string // the survey's own words; empty: the usual ones
	Score  string // what was answered, as a person reads it: "9 out of 10"; empty: not shown
	Change string // address at which the answer can be changed; empty: it cannot
	Link   *Link  // the author's link for this band, such as a review site
}

// Link is an address and its words.
type Link struct{ Address, Text string }

// Reason is why a page has no question.
type Reason string

// The reasons. Each has its own title and explanation in the catalogue.
const (
	Paused   Reason = "paused"    // the survey rests
	Closed   Reason = "closed"    // the survey is over or archived
	Expired  Reason = "expired"   // the invitation is too old
	NotFound Reason = "not_found" // there is no such link
	Busy     Reason = "busy"      // too many answers at this moment; try again
	Broken   Reason = "broken"    // the server failed
	Stuck    Reason = "stuck"     // nothing can be stored until somebody mends the server
	Unknown  Reason = "unknown"   // the survey is for people who are signed in
	Invalid  Reason = "invalid"   // what was sent could not be read
)

// Notice says why there is no question, and what to do.
type Notice struct {
	Frame     Frame
	Reason    Reason
	Retry     string   // address to try again; empty: none
	Reference string   // the request's id, for a report to the operator; empty: not shown
	Words     []string // what was written and is not stored
}

// Unsubscribe asks whether to stop, or says that it is done.
type Unsubscribe struct {
	Frame   Frame
	Address string // the person's address, masked; empty: not shown
	Action  string // where the buttons post to
	State   UnsubscribeState
}

// UnsubscribeState is how far somebody is in unsubscribing.
type UnsubscribeState string

// The states: asked to confirm, all stopped, one survey stopped, and stopped
// but taken back.
const (
	Confirm       UnsubscribeState = "confirm"
	Stopped       UnsubscribeState = "stopped"
	SurveyStopped UnsubscribeState = "survey_stopped"
	Restarted     UnsubscribeState = "restarted"
	Sure          UnsubscribeState = "sure" // asked once more
)
