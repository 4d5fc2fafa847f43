// Package loyalty asks whether customers come back: how many stay, how many
// leave and what they spend, by week, month, quarter and year; what became of
// those who came together; and whether members of a programme fare otherwise
// than the rest.
//
// Its place in the data's way: events of people (orders, contracts, visits,
// referrals, points) come from the store, person by person into a [History] or
// in the order of time into a [Ledger]; a [Tally] counts what happened in each
// step of a [Frame], and makes rates with their counts and [Cohorts] of it.
// Ledgers of parts of the events add up, and so do tallies of parts of the
// people. The durations that a history yields go to analysis/loyalty/survival,
// repeat purchases to analysis/loyalty/value, and what people had done before a
// day to analysis/loyalty/risk.
//
// Everything is pure: days are those of the workspace's own zone, "now" is the
// frame's To, amounts are whole minor units (cents), rates are percent and their
// differences percentage points; shares of survival curves and risks, in the
// packages below, are 0…1. What comes back is never
// NaN or infinite: where there is nothing to divide by there is no number, and
// where too few people stand behind one it is hidden.
package loyalty
