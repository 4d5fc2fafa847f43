package table

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ErrEmpty says that a cell holds nothing.
var ErrEmpty = errors.New("is empty")

// ParseScore reads a whole number, as people and spreadsheets write it: 9, 9.0.
// Whether a scale contains it is for the caller to say.
func ParseScore(cell string) (int, error) {
	text := strings.TrimSpace(cell)
	if text == "" {
		return 0, ErrEmpty
	}
	if whole, fraction, found := strings.Cut(text, "."); found && fraction != "" && strings.Trim(fraction, "0") == "" {
		text = whole
	}
	score, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("%q is not a whole number", Short(cell))
	}
	return score, nil
}

// Short cuts a cell for a message.
func Short(cell string) string {
	if runes := []rune(cell); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return cell
}
