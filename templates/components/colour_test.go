package components

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestParseColour(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want Colour
		ok   bool
	}{
		{"#6b3f1d", Colour{0x6b, 0x3f, 0x1d}, true},
		{"#FFFFFF", Colour{255, 255, 255}, true},
		{"#000000", Colour{}, true},
		{"", Colour{}, false},
		{"6b3f1d", Colour{}, false},
		{"#fff", Colour{}, false},
		{"#6b3f1", Colour{}, false},
		{"#6b3f1d0", Colour{}, false},
		{"#-12345", Colour{}, false},
		{"#+12345", Colour{}, false},
		{"#1_2_3_", Colour{}, false},
		{"red;}a{", Colour{}, false},
		{"#12345}", Colour{}, false},
	} {
		got, err := ParseColour(c.text)
		if (err == nil) != c.ok || got != c.want {
			t.Errorf("ParseColour(%q) = %v, %v", c.text, got, err)
		}
	}
}

// The values are those of WCAG's own definition: black on white 21, and the
// pair that its understanding documents give as just failing 4.5.
func TestContrast(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		a, b Colour
		want float64
	}{
		{"black and white", Colour{}, Colour{255, 255, 255}, 21},
		{"the order does not matter", Colour{255, 255, 255}, Colour{}, 21},
		{"the same", Colour{9, 9, 9}, Colour{9, 9, 9}, 1},
		{"#777777 on white", Colour{0x77, 0x77, 0x77}, Colour{255, 255, 255}, 4.48},
		{"#767676 on white", Colour{0x76, 0x76, 0x76}, Colour{255, 255, 255}, 4.54},
	} {
		if got := Contrast(c.a, c.b); math.Abs(got-c.want) > 0.01 {
			t.Errorf("%s: %.3f, want %.2f", c.name, got, c.want)
		}
	}
}

func TestEveryBrandColourCanBeRead(t *testing.T) {
	t.Parallel()
	white, dark := Colour{255, 255, 255}, Colour{0x17, 0x19, 0x1c}
	rapid.Check(t, func(t *rapid.T) {
		c := Colour{rapid.Uint8().Draw(t, "r"), rapid.Uint8().Draw(t, "g"), rapid.Uint8().Draw(t, "b")}
		if got := Contrast(c, c.Ink()); got < 4.5 {
			t.Fatalf("text on %v has contrast %.2f", c, got)
		}
		if got := Contrast(c.OnLight(), white); got < 3 {
			t.Fatalf("%v on light paper has contrast %.2f", c, got)
		}
		if got := Contrast(c.OnDark(), dark); got < 3 {
			t.Fatalf("%v on dark paper has contrast %.2f", c, got)
		}
	})
}

func TestColourThatCanBeReadIsKept(t *testing.T) {
	t.Parallel()
	brown := Colour{0x6b, 0x3f, 0x1d}
	if got := brown.OnLight(); got != brown {
		t.Errorf("brown became %v on light paper", got)
	}
	if got := brown.OnDark(); got == brown {
		t.Error("brown stayed as it is on dark paper, where it cannot be seen")
	}
	if got := brown.String(); got != "#6b3f1d" {
		t.Errorf("String = %s", got)
	}
}
