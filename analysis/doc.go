// Package analysis turns counts of answers into estimates that say how sure
// they are: a score with its interval, a trend with its band, a comparison with
// its p-value, and a verdict that tells a real change from noise.
//
// Its place in the data's way: the rollups of surveys/store hold how often each
// score was given on each local day, for everybody and per segment; [Build]
// makes a [Report] of them; handlers show the report and templates put its
// verdict into words. `hark score` feeds the same function from a file.
//
// Where people answer more than once, [Repeats] keeps their answers from counting
// as many people's; where those who answered are unlike those they stand for, [Rake]
// and [Weigh] weigh them. Two metrics are never added: see [Pool].
//
// Everything here is pure: no clock, no chance but what [Bootstrap] is given, no
// database. Counts are [surveys.Counts]; days are [Day], days of the workspace's
// own zone. Scores are points for NPS (−100…100) and percent for the share metrics
// (0…100), at full precision and with intervals that are not clipped to the scale:
// [Display] rounds and clips for people. Nothing returned is ever NaN or infinite;
// where there is no answer there is no number (a nil pointer, JSON null), input
// that cannot be meant is refused with an [InputError], and what the input does
// not carry with a [Refusal].
package analysis
