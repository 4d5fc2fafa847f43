// Package components holds the pieces that pages are made of: fields and
// buttons, tables and notices, the scale that people answer on, and charts that
// show without script. In the data's way a component stands between a page and
// its numbers: it takes one view struct of values and shows it.
//
// Every component says when to use it. None carries a style attribute, because
// the pages' security policy allows none; what is drawn to measure is SVG, and
// its geometry is computed beside the template, in plain Go.
package components
