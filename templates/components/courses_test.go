package components

import (
	"slices"
	"testing"
	"time"
)

// TestCoursesSayWhatTheirValuesAre: a score is no rate, in the table and in the
// picture.
func TestCoursesSayWhatTheirValuesAre(t *testing.T) {
	t.Parallel()
	l := english(t)
	for name, c := range map[string]struct{ value, want string }{"rates": {"", "Rate"}, "levels": {"Smoothed level", "Smoothed level"}} {
		v := Courses{L: l, ID: "k", Title: "Courses", Head: "Survey", Value: c.value, List: []RateTrend{{L: l, ID: "a", Title: "A", Points: []RatePoint{
			{Start: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), Label: "2 March", Value: number64(40), Text: "40", Interval: "37 to 43", Count: "120 answers"},
		}}}}
		var heads []string
		for _, column := range v.Sheet().Columns {
			heads = append(heads, column.Text)
		}
		if heads[2] != c.want {
			t.Errorf("%s: the table's columns are %q", name, heads)
		}
		if _, texts := drawn(t, v.Picture(Picture{L: l})); !slices.Contains(texts, c.want) {
			t.Errorf("%s: the picture says %q", name, texts)
		}
	}
}
