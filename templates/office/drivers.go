package office

import "github.com/harkhq/hark/templates/components"

// Drivers is what moves with the score, or why that cannot be said.
type Drivers struct {
	Chart  *components.Drivers // nil: only the words
	Title  string
	Says   string
	Notes  []string
	Action *components.Action
}

// DriversForm declares what answers may rate beside the score.
type DriversForm struct {
	Title string
	Help  string
	How   string // ratings come in
	Error string // of the list as a whole
	Rows  []DriverRow
	Open  bool
}

// DriverRow is one driver of a [DriversForm], or a free place.
type DriverRow struct {
	Title    string
	Names    []components.TextInput
	Key      components.TextInput
	Declared bool // its key stays as it is
	Scale    components.Choices
	Remove   *components.Check // nil: a free place
	Error    string            // something in it is wrong
}
