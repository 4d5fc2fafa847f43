package respond

import (
	"strconv"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/i18n"
)

// MissingScore is said when no score was chosen.
func MissingScore(l *i18n.Localizer) FieldError {
	return FieldError{Field: "score", Text: l.T("respond.error.score_missing")}
}

// ForeignScore is said when a score is not on the scale.
func ForeignScore(l *i18n.Localizer, scale surveys.Scale) FieldError {
	return FieldError{Field: "score", Text: l.T("respond.error.score_range",
		"low", scale.Min, "high", scale.Max)}
}

// LongComment is said when a comment is longer than [CommentLimit].
func LongComment(l *i18n.Localizer) FieldError {
	return FieldError{Field: "comment", Text: l.T("respond.error.comment_long", "limit", CommentLimit)}
}

// OldPage is said when the page's token has run out: the same answer, sent once
// more, is taken.
func OldPage(l *i18n.Localizer) FieldError {
	return FieldError{Text: l.T("respond.error.page_old")}
}

// ScoreOf writes an answer as a person says it: "9 out of 10", or by the name of
// what was chosen.
func ScoreOf(l *i18n.Localizer, style surveys.Style, score int, scale surveys.Scale) string {
	if style == surveys.StyleNumbers {
		return l.T("respond.score_of", "score", score, "max", scale.Max)
	}
	return ScoreName(l, style, score)
}

// ScoreName is what a score is called where it was chosen: a number, so many
// stars, or what a face or a thumb stands for.
func ScoreName(l *i18n.Localizer, style surveys.Style, score int) string {
	switch style {
	case surveys.StyleStars:
		return l.N("respond.stars", int64(score))
	case surveys.StyleSmileys, surveys.StyleThreeFaces, surveys.StyleThumbs:
		return l.T("respond.choice." + strconv.Itoa(score))
	}
	return l.Number(int64(score))
}

// Scale lists the choices of a metric, with the given score selected. A score
// that is not on the scale selects none: use a negative one for that.
func Scale(scale surveys.Scale, selected int) []Choice {
	choices := make([]Choice, 0, scale.Max-scale.Min+1)
	for _, score := range scale.Choices() {
		choices = append(choices, Choice{Score: score, Selected: score == selected})
	}
	return choices
}

// SendAgain says that the answer is kept, and counts once it is sent again: a
// program may have sent it.
func SendAgain(l *i18n.Localizer) FieldError {
	return FieldError{Text: l.T("respond.error.send_again")}
}
