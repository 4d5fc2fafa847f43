package office

import (
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
)

// SendingBounces is the part of the page of sending about what comes back.
type SendingBounces struct {
	Page   layouts.Page
	Says   []SendingLine // how much came back, and how it comes in
	List   components.Action
	Action string
	Hooks  []SendingHook
}

// SendingHook is one mail provider whose reports may be taken.
type SendingHook struct {
	Name    string
	State   components.Tag
	Open    bool                 // the form was sent and something is wrong with it
	Value   string               // the provider's, as the form sends it
	ID      string               // of the address to copy
	Address string               // where the provider sends its reports
	Word    components.TextInput // what its reports are recognised by
	Help    string
	Button  components.Action
	Drop    *components.Action // takes no reports any more; nil: none are taken
}
