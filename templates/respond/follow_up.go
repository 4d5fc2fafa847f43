package respond

import (
	"strconv"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/i18n"
)

// FollowUp is a question beside the score. All of them are optional.
type FollowUp struct {
	Name       string // of its field; "comment" for the main comment
	Kind       surveys.FollowUpKind
	Lang       string // of Ask, the ends and the choices; empty: that of the page
	Ask        string
	Low, High  string           // of a scale: what its ends mean; empty for nothing
	Choices    []FollowUpChoice // of one, many and a scale
	Text       string           // of a comment: what was written
	Allowed    bool             // of a contact
	Email      string
	WantsEmail bool // of a contact: nobody knows the address
	Shared     bool // the device is everybody's
	Variant    int  // tells apart what is asked in several wordings on one page; 0 for the first
}

// FollowUpChoice is something that can be chosen.
type FollowUpChoice struct {
	Value    string
	Text     string
	Selected bool
}

// id is that of the field, or of its first choice: where errors lead.
func (f FollowUp) id() string {
	switch {
	case f.Variant > 0:
		return f.Name + "-" + strconv.Itoa(f.Variant)
	case f.Name == surveys.MainComment:
		return f.Name
	}
	return "q-" + f.Name
}

func (f FollowUp) choiceID(i int) string {
	if i == 0 {
		return f.id()
	}
	return f.id() + "-" + strconv.Itoa(i)
}

// fieldID is that of everything about the follow-up.
func (f FollowUp) fieldID() string { return "field-" + f.id() }

func (f FollowUp) errorID() string { return "error-" + f.Name }

// remembered is what a browser may fill in, and keep: on a device of everybody's nothing.
func (f FollowUp) remembered() string {
	if f.Shared {
		return "off"
	}
	return "email"
}

func (f FollowUp) endsID() string { return "ends-" + f.Name }

// inputType is the control of a choice.
func (f FollowUp) inputType() string {
	if f.Kind == surveys.FollowUpMany {
		return "checkbox"
	}
	return "radio"
}

// described names the elements that explain the field.
func (f FollowUp) described(wrong string) string {
	switch {
	case wrong != "":
		return f.errorID()
	case f.Kind == surveys.FollowUpScale && f.Low+f.High != "":
		return f.endsID()
	}
	return ""
}

// WrongAnswer says what is wrong with the answer to a follow-up.
func WrongAnswer(l *i18n.Localizer, f surveys.FollowUp, wrong surveys.FieldError) FieldError {
	e := FieldError{Field: "a." + f.ID}
	switch wrong.Code {
	case "choice_one":
		e.Text = l.T("respond.error.choice_one")
	case "choice":
		e.Text = l.T("respond.error.choice_gone")
	case "email":
		e.Text = l.T("respond.error.email")
	case "score":
		scale, _ := f.Scale.Scale()
		e.Text = ForeignScore(l, scale).Text
	default:
		e.Text = LongComment(l).Text
	}
	return e
}
