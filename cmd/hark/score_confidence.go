package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"
)

// certainty is the confidence of intervals, as a share.
type certainty float64

// Decode reads a share; a percentage is told what share it is.
func (c *certainty) Decode(ctx *kong.DecodeContext) error {
	var text string
	if err := ctx.Scan.PopValueInto("confidence", &text); err != nil {
		return err
	}
	number, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
	x, err := strconv.ParseFloat(number, 64)
	switch {
	case err != nil:
		return fmt.Errorf("%q is not a number between 0.5 and 0.9999, such as 0.95", text)
	case percent:
		return fmt.Errorf("%s is to be written as a share: %v", text, asShare(x))
	}
	*c = certainty(x)
	return nil
}

// check refuses what is no confidence.
func (c certainty) check() error {
	switch {
	case c >= 0.5 && c <= 0.9999:
		return nil
	case c >= 50 && c < 100:
		return fmt.Errorf("--confidence %v is to be written as a share: %v", float64(c), asShare(float64(c)))
	}
	return fmt.Errorf("--confidence %v is not between 0.5 and 0.9999, such as 0.95", float64(c))
}

// asShare is a percentage as a share, without the digits that division leaves.
func asShare(percent float64) string {
	return strconv.FormatFloat(percent/100, 'g', 6, 64)
}
