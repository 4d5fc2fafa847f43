// Package layouts holds the frames that pages stand in: the back office with
// its bar, and the plain one of sign-in and error pages. In the data's way they
// are the last thing around what the pages show. Respondents' pages carry their
// own small frame, in package respond.
package layouts

import (
	"github.com/harkhq/hark/static"
	"github.com/harkhq/hark/templates/i18n"
)

// The addresses that the bar links to. Handlers register them by these names.
const (
	PathScores        = "/scores"
	PathResponses     = "/responses"
	PathPeople        = "/people"
	PathLoyalty       = "/loyalty"
	PathCancellations = "/cancellations"
	PathAsking        = "/asking"
	PathSettings      = "/settings"
	PathAccount       = "/account"
	PathLanguage      = "/language" // POST lang, back: keeps the language in a cookie
	PathSignIn        = "/sign-in"
	PathSignOut       = "/sign-out" // POST
	PathMailbox       = "/mailbox"  // the demo's letters
	PathGallery       = "/gallery"  // the demo's page of components.Gallery
)

// Section is a place in the bar.
type Section string

// The sections, in the bar's order. A page that is in none has the empty one.
const (
	Scores        Section = "scores"
	Responses     Section = "responses"
	People        Section = "people"
	Loyalty       Section = "loyalty"
	Cancellations Section = "cancellations"
	Asking        Section = "asking"
	Settings      Section = "settings"
)

// Page is what every page of the back office has, whatever it shows.
type Page struct {
	Title   string
	Section Section // which place in the bar is marked
	Address string  // path and query of this page, to come back to after a change of language
	Nonce   string  // of this response's Content-Security-Policy
	Assets  *static.Assets
	L       *i18n.Localizer
	User    *User  // nil when nobody is signed in
	Flash   *Flash // nil when there is nothing to say
	Demo    *Demo  // nil outside of `hark demo`
	Mark    *Mark  // nil when nothing needs a look
}

// Mark is a sign on a place of the bar that something there needs a look.
type Mark struct {
	Section Section
	Text    string // what, in the reader's language
	Alert   string // the same as a sentence, for the place itself
}

// User is who is signed in.
type User struct {
	Name      string
	Email     string
	Workspace string
}

// Flash is said once, at the top of the page after an action.
type Flash struct {
	Kind FlashKind
	Text string // in the reader's language
}

// FlashKind is the tone of a [Flash].
type FlashKind string

// The tones. Each is shown by a word or a sign as well as by its colour.
const (
	Done    FlashKind = "done"
	Warning FlashKind = "warning"
	Failure FlashKind = "failure"
)

// Demo is what the banner of the demo needs.
type Demo struct {
	Unread int64 // letters in the mailbox that nobody has opened
}
