package table

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ErrEmpty says that a cell holds nothing.
var ErrEmpty = errors.New("is empty")

// ParseScore reads a whole number, as people and spreadsheets write it: 9, 9.0,
// 9,0 where the comma is decimal, and ９ from a Chinese keyboard. Whether a
// scale contains it is for the caller to say.
func ParseScore(cell string) (int, error) {
	text := strings.Map(narrow, strings.TrimSpace(cell))
	if text == "" {
		return 0, ErrEmpty
	}
	if whole, fraction, found := strings.Cut(text, "."); found && fraction != "" && strings.Trim(fraction, "0") == "" {
		text = whole
	}
	if whole, fraction, found := strings.Cut(text, ","); found && (fraction == "0" || fraction == "00") {
		text = whole // three zeros could be thousands
	}
	score, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("%q is not a whole number", Short(cell))
	}
	return score, nil
}

// narrow is a full-width digit as ASCII has it, and any other rune as it is.
func narrow(r rune) rune {
	if r >= '０' && r <= '９' {
		return r - '０' + '0'
	}
	return r
}

// Short cuts a cell for a message.
func Short(cell string) string {
	if runes := []rune(cell); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return cell
}
