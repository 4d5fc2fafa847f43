// Package themes reads what people write beside their scores: in which language,
// about which themes, and how they feel about it. Nothing leaves the machine, and
// no language model is asked: themes are keyword rules that the team edits, and
// sentiment comes from a small linear model trained on the workspace's own
// scores, the labels that every comment brings along for free.
//
// Its place in the data's way, which is all there is to call:
//
//	StarterSet → Theme.Check → NewMatcher ┐
//	                Train → Model         ┴→ NewReader → Read → Tally.Add
//	                                         Tally.Rows → Find → Findings → a page
//
// A [Matcher] is the compiled rules of a workspace. A [Model] belongs to one
// question of one survey, because feeling depends on what was asked: "Nothing."
// is praise under "What could we improve?". [Train] refuses where there is too
// little to learn from; then English gets VADER, a general word list, and other
// languages an honest "unknown". A [Reader] puts both to one comment and gives a
// [Reading], which is stored beside the answer and counted by a [Tally] per day
// and theme. The tally adds up and takes away exactly, so a changed or erased
// answer is one subtraction, and [Find] makes a page's findings from its rows
// alone. [Suggest] proposes words that set the unhappy apart, [Choose] picks
// comments to show beside a finding.
//
// Everything is pure and deterministic: no clock, no chance, no network. Errors
// are [analysis.InputError] and [analysis.Refusal], as in package analysis;
// what a person typed into the editor of themes comes back as
// [surveys.FieldError].
package themes
