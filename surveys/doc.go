// Package surveys is Hark's domain: what is asked (survey, question, scale),
// of whom (person), why (event, rule), how it reaches them (invitation) and
// what they say (response), with the pure decisions between them. It stands
// before everything else in the data's way
//
//	event → rule → invitation → mail → response → rollup → analysis → page
//
// and imports nothing but the standard library. Time and chance come in as
// arguments.
package surveys
