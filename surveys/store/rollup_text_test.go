package store

import "testing"

// TestADaysTextEndsWhereItShould: what is no text of counts is an error, and
// never a wrong count.
func TestADaysTextEndsWhereItShould(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		n    int // days' rows; -1: an error
	}{
		"nothing": {"", 0}, "one": {"1 2 3 3 pro", 1}, "two": {"1 2 3 3 pro4 5 6 2 两个", 2}, "an empty value": {"1 2 3 0 ", 1},
		"too short a value": {"1 2 3 4 pro", -1}, "no number": {"1 x 3 3 pro", -1}, "no value": {"1 2 3 3", -1}, "half": {"1 2", -1},
	} {
		list, err := appendBands(nil, 7, c.text)
		if c.n < 0 && err == nil || c.n >= 0 && (err != nil || len(list) != c.n) {
			t.Errorf("%s: %v, %v", name, list, err)
		}
	}
}
