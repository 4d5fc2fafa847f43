package components

import "github.com/harkhq/hark/templates/i18n"

// Save is where a chart can be taken from: its picture and its numbers. Pages
// that nobody may take from leave it nil.
type Save struct {
	L     *i18n.Localizer
	Chart string // the chart's title
	SVG   string // address of the picture, a file by itself; empty: none
	CSV   string // address of the numbers
	File  string // the name of a picture that the browser makes, without extension
}
