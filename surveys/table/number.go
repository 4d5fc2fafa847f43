package table

import (
	"fmt"
	"strconv"
	"strings"
)

// ParseNumber reads a number such as a rating: 4, 4.5, 4,5 where the comma is
// decimal, and ４ from a Chinese keyboard. A cell that is empty, or says in the
// usual ways that nobody answered (N/A, -), is [ErrEmpty].
func ParseNumber(cell string) (float64, error) {
	if len(cell) == 1 && cell[0] >= '0' && cell[0] <= '9' {
		return float64(cell[0] - '0'), nil // nearly all there is
	}
	text := strings.Map(narrow, strings.TrimSpace(cell))
	if unanswered(text) {
		return 0, ErrEmpty
	}
	if whole, fraction, found := strings.Cut(text, ","); found && len(fraction) != 3 { // three digits could be thousands
		text = whole + "." + fraction
	}
	// Not what only programmers write: 0x1p4, Inf, NaN, 1_000.
	plain := !strings.ContainsFunc(text, func(r rune) bool { return !strings.ContainsRune("0123456789.+-eE", r) })
	number, err := strconv.ParseFloat(text, 64)
	if !plain || err != nil {
		return 0, fmt.Errorf("%q is not a number", Short(cell))
	}
	return number, nil
}

// unanswered reports whether a cell says that there is nothing in it.
func unanswered(text string) bool {
	if len(text) > 4 {
		return false
	}
	switch strings.ToLower(text) {
	case "", "-", "–", "—", "n/a", "na", "null", "none":
		return true
	}
	return false
}
