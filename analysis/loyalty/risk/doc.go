// Package risk links what was known of customers to who left: a logit over a
// fixed horizon, and from it the people at risk now, with the reasons.
//
// Its place in the data's way: the product side makes a [Case] of each person at
// some past day (the score and other features as known before it, and whether
// they left in the time after); [FitLogit] learns from an earlier [Sample];
// [Logit.Validate] holds the model against a later one; and only a [Validation]
// that passed makes a list of people. There is no other way to a person's risk,
// so that no page can show one that was never put to the test.
//
// Three traps are closed here. A feature measured within the time in which
// people leave foretells the past, and is refused. Who did not answer is not
// average, and has a feature of their own ([ScoreFeatures]). And a link is an
// association: see [Logit.Caveats].
package risk
