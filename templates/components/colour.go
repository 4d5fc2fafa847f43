package components

import (
	"fmt"
	"math"
	"strconv"
)

// Colour is an opaque sRGB colour, such as the one of a workspace's brand.
type Colour struct{ R, G, B uint8 }

// ParseColour reads "#rrggbb". Nothing else is taken, so that what a workspace
// stores can be written into a style sheet.
func ParseColour(text string) (Colour, error) {
	if len(text) != 7 || text[0] != '#' {
		return Colour{}, fmt.Errorf("colour %q: want # and six hexadecimal digits", text)
	}
	value, err := strconv.ParseUint(text[1:], 16, 32)
	if err != nil {
		return Colour{}, fmt.Errorf("colour %q: want # and six hexadecimal digits", text)
	}
	return Colour{uint8(value >> 16), uint8(value >> 8), uint8(value)}, nil
}

// String writes the colour as "#rrggbb".
func (c Colour) String() string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// Contrast is the contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it.
func Contrast(a, b Colour) float64 {
	light, dark := a.luminance(), b.luminance()
	if light < dark {
		light, dark = dark, light
	}
	return (light + 0.05) / (dark + 0.05)
}

// luminance is the relative luminance of WCAG 2.2, 0 to 1.
func (c Colour) luminance() float64 {
	linear := func(channel uint8) float64 {
		value := float64(channel) / 255
		if value <= 0.04045 {
			return value / 12.92
		}
		return math.Pow((value+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// Ink is the colour, near black or white, in which text on c reads better. Its
// contrast is at least 4.5 on every colour.
func (c Colour) Ink() Colour {
	black := Colour{}
	if white := (Colour{255, 255, 255}); Contrast(c, white) >= Contrast(c, black) {
		return white
	}
	return black
}

// readable is the smallest contrast at which a control may differ from the
// paper: WCAG 2.2, success criterion 1.4.11.
const readable = 3

// OnLight is c, darkened just as far as it needs to be seen on light paper.
// Paper is white; see css/tokens.css.
func (c Colour) OnLight() Colour { return c.towards(Colour{}, Colour{255, 255, 255}) }

// OnDark is c, lightened just as far as it needs to be seen on dark paper.
// Paper is #17191c; see css/tokens.css.
func (c Colour) OnDark() Colour { return c.towards(Colour{255, 255, 255}, Colour{0x17, 0x19, 0x1c}) }

// towards mixes c with end in steps of a twentieth until it is seen on paper.
func (c Colour) towards(end, paper Colour) Colour {
	mixed := c
	for step := 1; step <= 20 && Contrast(mixed, paper) < readable; step++ {
		mixed = Colour{mix(c.R, end.R, step), mix(c.G, end.G, step), mix(c.B, end.B, step)}
	}
	return mixed
}

func mix(from, to uint8, step int) uint8 {
	return uint8((int(from)*(20-step) + int(to)*step) / 20)
}
