// Package survival asks how long customers stay: the Kaplan–Meier curve of each
// group with its band, the log-rank test between groups, and Cox's regression of
// the risk of leaving on a score and other features.
//
// Its place in the data's way: analysis/loyalty turns the events of people into
// durations, some of them ended and some still running; this package makes
// curves of them; analysis/loyalty/risk puts the score beside them. Curves and
// tests need only counts by duration ([Lifetimes]), which add up over parts of
// the people; Cox's model needs the rows.
package survival
