package surveys

import "slices"

// Style is how the choices of a question are drawn.
type Style string

// The styles. Only [CSAT] has others than numbers. Hearts are not among them:
// people give friendlier answers to a heart than to a number.
const (
	StyleNumbers    Style = ""         // the numbers of the metric's scale
	StyleStars      Style = "stars"    // one to five stars
	StyleSmileys    Style = "smileys"  // five faces
	StyleThreeFaces Style = "smileys3" // three faces, which stand for 1, 3 and 5
	StyleThumbs     Style = "thumbs"   // down and up, which stand for 1 and 5
)

// Styles lists the styles that a metric's question can have, numbers first.
func (m Metric) Styles() []Style {
	if m == CSAT {
		return []Style{StyleNumbers, StyleStars, StyleSmileys, StyleThreeFaces, StyleThumbs}
	}
	return []Style{StyleNumbers}
}

// Choices lists the scores that the style offers of a scale, lowest first. A
// style of fewer places takes them from the ends and the middle of the scale,
// so that its answers stay in the metric's series.
func (st Style) Choices(scale Scale) []int {
	switch st {
	case StyleThreeFaces:
		return []int{scale.Min, (scale.Min + scale.Max) / 2, scale.Max}
	case StyleThumbs:
		return []int{scale.Min, scale.Max}
	}
	return scale.Choices()
}

// Choices lists the scores that the survey's page offers, lowest first.
func (s Survey) Choices() []int { return s.Question.Style.Choices(s.Metric.Scale()) }

// Offers reports whether the survey's page offers a score.
func (s Survey) Offers(score int) bool { return slices.Contains(s.Choices(), score) }

func (s Survey) checkStyle() []FieldError {
	if !s.Metric.Valid() || slices.Contains(s.Metric.Styles(), s.Question.Style) {
		return nil
	}
	return []FieldError{{Path: "style", Code: "style"}}
}
