package office

import (
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
)

// SendingStreams is the part of the page of sending about how mails go to the
// groups of receivers, and how fast.
type SendingStreams struct {
	Page   layouts.Page
	Alerts []StreamAlert // what does not go, and what to do
	Rows   []StreamRow   // one for each group
	Action string        // of the form below
	Rate   components.TextInput
	Warm   components.Check
	Plan   []string // what warming up means in numbers
	Again  components.Choices

	Receivers ReceiverPaces
}

// ReceiverPaces is how many letters a minute each group of receivers gets.
type ReceiverPaces struct {
	Action string
	Fields []components.TextInput // none for those who may not change it
	Says   string                 // to them
}

// StreamAlert is what somebody should look at.
type StreamAlert struct {
	Bad         bool // nothing leaves
	Title, Text string
	Words       string // the server's own; "" for none
	Todo        string
	GoOn        *Deed // nil: it goes
}

// StreamRow is what went to a group of receivers.
type StreamRow struct {
	Name                      string
	Sent, Refused, Complaints string
	State                     components.Tag
}
