package components

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/harkhq/hark/templates/i18n"
)

// Field is what every control of a form has around it.
type Field struct {
	Name     string
	Label    string
	Help     string // one sentence below the label; empty: none
	Error    string // what is wrong and what to do; empty: nothing is
	Optional string // the word for "optional"; empty: the field is required
	Focus    bool   // the page opens on it; one field of a page at most
	Lang     string // of what is written in it, where that is not the page's: a screen reader reads it so; empty: the page's
}

// ID is the id of the field's control, to which labels and errors point.
func (f Field) ID() string { return "field-" + f.Name }

func (f Field) helpID() string  { return f.ID() + "-help" }
func (f Field) errorID() string { return f.ID() + "-error" }

// described names the elements that explain the control; empty: none.
func (f Field) described() string {
	var ids []string
	if f.Error != "" {
		ids = append(ids, f.errorID())
	}
	if f.Help != "" {
		ids = append(ids, f.helpID())
	}
	return strings.Join(ids, " ")
}

// attributes tie the control to its help and its error.
func (f Field) attributes() templ.Attributes {
	attributes := templ.Attributes{}
	if ids := f.described(); ids != "" {
		attributes["aria-describedby"] = ids
	}
	if f.Error != "" {
		attributes["aria-invalid"] = "true"
	}
	if f.Lang != "" {
		attributes["lang"] = f.Lang
		if i18n.Direction(f.Lang) == "rtl" {
			attributes["dir"] = "rtl"
		}
	}
	if f.Focus {
		attributes["autofocus"] = true
	}
	return attributes
}

// TextInput is a field of one line.
type TextInput struct {
	Field
	Type         string // email, password, number, url, date, search, color …; empty: text
	Value        string
	Placeholder  string            // an example, never the label
	Usual        map[string]string // the placeholders that go with choices of the form, by data attribute; empty: none
	Autocomplete string            // as HTML has it: "username", "current-password", "off" …; empty: not said
	Limit        int               // longest value in characters; 0: none
}

// usual are the placeholders that a script exchanges.
func (v TextInput) usual() templ.Attributes {
	attributes := make(templ.Attributes, len(v.Usual))
	for name, text := range v.Usual {
		attributes["data-usual-"+name] = text
	}
	return attributes
}

func (v TextInput) kind() string {
	if v.Type == "" {
		return "text"
	}
	return v.Type
}

// TextArea is a field of several lines.
type TextArea struct {
	Field
	Value       string
	Placeholder string // an example, never the label
	Rows        int    // 0: three
	Limit       int    // longest value in characters; 0: none
}

func (v TextArea) rows() string {
	if v.Rows == 0 {
		return "3"
	}
	return strconv.Itoa(v.Rows)
}

// Option is one thing to choose.
type Option struct {
	Value    string
	Text     string
	Selected bool
}

// Choices is a field in which one of several options is chosen.
type Choices struct {
	Field
	Options []Option
}

// Check is a field that is ticked or not.
type Check struct {
	Field
	Value   string // what is sent when it is ticked; empty: "on"
	Checked bool
}

func (v Check) value() string {
	if v.Value == "" {
		return "on"
	}
	return v.Value
}

// Action is something to do: a button in a form or a link that looks like one.
type Action struct {
	Text    string
	Label   string // to read out, where Text alone does not say about what; it begins with Text. Empty: Text
	Address string // where a link leads; not for buttons
	Kind    ActionKind
	Name    string // name and value that a button sends; empty: none
	Value   string
	Busy    string // what it says while the server works on what it asked for; empty: that takes no time
}

// ActionKind is how much an action stands out.
type ActionKind string

// The kinds. A page has one primary action.
const (
	Primary   ActionKind = ""
	Secondary ActionKind = "second"
	Quiet     ActionKind = "quiet"
	Danger    ActionKind = "danger" // cannot be taken back
)

// Scale is a row of scores as customers see it.
type Scale struct {
	Question string
	Rank     ScaleRank
	Low      string // caption of the lowest choice; see i18n.Localizer.End
	High     string
	Error    string // empty: nothing is wrong
	Choices  []Choice
}

// ScaleRank is what a scale's question is to its page.
type ScaleRank string

// The ranks: one question among other things, and the heading of the page.
const (
	Part    ScaleRank = ""
	Heading ScaleRank = "heading"
)

// Choice is one place on a scale.
type Choice struct {
	Score    int
	Selected bool
	Name     string // its number as the language writes it, or what its picture stands for
	Drawing  string // SVG, shown in the place of the number; its name is read aloud
}

// ID is the id of the choice's control, to which errors point.
func (c Choice) ID() string { return "score-" + strconv.Itoa(c.Score) }

func (c Choice) text() string { return strconv.Itoa(c.Score) }

// columns is the class by which the style sheet lays out the scale.
func (v Scale) columns() string { return "n" + strconv.Itoa(len(v.Choices)) }

// drawn reports whether the choices are pictures.
func (v Scale) drawn() bool { return len(v.Choices) > 0 && v.Choices[0].Drawing != "" }

// end names what the choice at one of the ends means, so that it is said with it:
// "0, not at all likely".
func (v Scale) end(i int) string {
	switch {
	case i == 0 && v.Low != "":
		return "end-low"
	case i == len(v.Choices)-1 && v.High != "":
		return "end-high"
	}
	return ""
}

// described names the elements that explain the scale.
func (v Scale) described() string {
	var names []string
	if v.Error != "" {
		names = append(names, "error-score")
	}
	if v.Low+v.High != "" {
		names = append(names, "ends")
	}
	return strings.Join(names, " ")
}
