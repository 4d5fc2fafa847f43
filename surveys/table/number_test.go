package table

import (
	"errors"
	"strings"
	"testing"
)

func TestNumbersAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		cell   string
		number float64
		err    string
	}{
		{"a digit", "4", 4, ""},
		{"a half", "4.5", 4.5, ""},
		{"a decimal comma", "4,5", 4.5, ""},
		{"with spaces", " 12 ", 12, ""},
		{"negative", "-3", -3, ""},
		{"full-width", "４．５", 0, "is not a number"},
		{"full-width, whole", "１２", 12, ""},
		{"with an exponent", "1.2e3", 1200, ""},
		{"might be thousands", "4,500", 0, `"4,500" is not a number`},
		{"two commas", "4,5,6", 0, "is not a number"},
		{"out of five", "4/5", 0, "is not a number"},
		{"a percentage", "90%", 0, "is not a number"},
		{"infinite", "Inf", 0, "is not a number"},
		{"not a number", "NaN", 0, "is not a number"},
		{"beyond a float", "1e999", 0, "is not a number"},
		{"hexadecimal", "0x10", 0, "is not a number"},
		{"a word", "good", 0, `"good" is not a number`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			number, err := ParseNumber(test.cell)
			if test.err == "" && err != nil || test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
				t.Fatalf("error %v, want %q", err, test.err)
			}
			if number != test.number {
				t.Errorf("%v, want %v", number, test.number)
			}
		})
	}
	for _, cell := range []string{"", " ", "N/A", "n/a", "NA", "-", "–", "null"} {
		if _, err := ParseNumber(cell); !errors.Is(err, ErrEmpty) {
			t.Errorf("%q: %v, want that nobody answered", cell, err)
		}
	}
}
