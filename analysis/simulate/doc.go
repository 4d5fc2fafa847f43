// Package simulate measures the methods of package analysis on answers whose
// truth is known: how often an interval holds the true score, how often a quiet
// year raises an alarm, how long a real drop stays unseen. It stands beside the
// way of the data, not in it: no program imports it. `make simulate` runs it at
// full size and writes its tables into docs/methods.md; the tests run it small
// and hold the promises of that page.
//
// What can be enumerated is not simulated: [Tables] names which is which. All
// chance comes from the generator that is passed in, and what runs side by side
// takes its seed from it beforehand, so the tables depend on the seed alone.
package simulate
