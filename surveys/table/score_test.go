package table

import (
	"strings"
	"testing"
)

func TestScoresAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		cell  string
		score int
		err   string
	}{
		{"a number", "9", 9, ""},
		{"as spreadsheets export it", "9.0", 9, ""},
		{"with spaces", " 9 ", 9, ""},
		{"with a space that does not break", "9\u00a0", 9, ""},
		{"with a full-width space", "\u30009", 9, ""},
		{"with a decimal comma", "9,0", 9, ""},
		{"full-width", "９", 9, ""},
		{"full-width, ten", "１０", 10, ""},
		{"with zeros before it", "07", 7, ""},
		{"with a sign", "+9", 9, ""},
		{"a score below the scale is the caller's", "-1", -1, ""},
		{"out of ten", "9/10", 0, `"9/10" is not a whole number`},
		{"a half", "6.5", 0, `"6.5" is not a whole number`},
		{"a half with a comma", "6,5", 0, `"6,5" is not a whole number`},
		{"thousands", "9,000", 0, `"9,000" is not a whole number`},
		{"empty", "", 0, "is empty"},
		{"only spaces", " \t", 0, "is empty"},
		{"not available", "N/A", 0, `"N/A" is not a whole number`},
		{"with its label", "10 - Extremely likely", 0, "is not a whole number"},
		{"a percentage", "90%", 0, "is not a whole number"},
		{"2^63", "9223372036854775808", 0, "is not a whole number"},
		{"a long text is cut", strings.Repeat("好", 50), 0, `"` + strings.Repeat("好", 40) + `…" is not`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			score, err := ParseScore(test.cell)
			if test.err == "" && err != nil || test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
				t.Fatalf("error %v, want %q", err, test.err)
			}
			if score != test.score {
				t.Errorf("%d, want %d", score, test.score)
			}
		})
	}
}
