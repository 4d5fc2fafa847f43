// Package drivers says what moves with a score: how much of its variation each
// rated attribute (speed, price, staff, …) accounts for, how the attributes are
// rated themselves, and so where an improvement is likely to pay.
//
// Its place in the data's way: whoever reads rows (`hark score --drivers`, a job
// over responses) feeds each one to [Products], whose size does not grow with
// the rows and which can be merged; [Importance] and [Prioritise] make results
// of it. [Patterns] and [ProportionalOdds] do the same for the odds of a better
// band.
//
// None of this is causal. A driver that shares much of the variation of a score
// may cause it, be caused by it (who is happy rates everything higher), or share
// a cause with it; only an experiment tells. What a result shows is where to
// look first, and R² says how much the drivers leave unexplained.
//
// Everything here is pure. Shares are fractions, 0…1. Bad input is an
// [analysis.InputError], input that cannot carry the result an
// [analysis.Refusal] with one of the reasons of this package; nothing returned
// is ever NaN or infinite.
package drivers
