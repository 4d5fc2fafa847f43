// Package value asks what a customer will be worth: by simple formulas of a
// margin and a retention, each named for what it assumes, and from their own
// purchases by the BG/NBD model of how often and how long they buy with the
// Gamma–Gamma model of how much.
//
// Its place in the data's way: analysis/loyalty turns each person's orders into
// a [Customer] (how many repeat purchases, the last when, since when a customer,
// how much each); this package fits the models on all of them and predicts for
// one. A prediction is a mean over customers with the same past: a single one
// may do otherwise.
package value
