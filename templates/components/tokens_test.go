package components

import (
	"regexp"
	"strings"
	"testing"

	"github.com/harkhq/hark/static"
)

var token = regexp.MustCompile(`--([a-z0-9-]+):(#[0-9a-f]{3,6})\b`)

// tokens reads the colours of a block of a style sheet.
func tokens(t *testing.T, block string) map[string]Colour {
	t.Helper()
	colours := map[string]Colour{}
	for _, match := range token.FindAllStringSubmatch(block, -1) {
		text := match[2]
		if len(text) == 4 { // #abc is short for #aabbcc
			text = "#" + strings.Repeat(text[1:2], 2) + strings.Repeat(text[2:3], 2) + strings.Repeat(text[3:4], 2)
		}
		colour, err := ParseColour(text)
		if err != nil {
			t.Fatalf("--%s: %v", match[1], err)
		}
		colours[match[1]] = colour
	}
	return colours
}

// The style sheets promise the contrasts of WCAG 2.2, level AA, in light and in
// dark: 4.5 for text, 3 for what a control is made of.
func TestStyleSheetsKeepTheirContrasts(t *testing.T) {
	t.Parallel()
	assets, err := static.New()
	if err != nil {
		t.Fatal(err)
	}
	pairs := map[string][]struct {
		front, back string
		least       float64
	}{
		"css/tokens.css": {
			{"ink", "paper", 7}, {"ink", "wash", 7}, {"ink-2", "paper", 4.5}, {"ink-2", "wash", 4.5}, {"ink-3", "paper", 4.5}, {"ink-3", "wash", 4.5},
			{"accent", "paper", 4.5}, {"accent", "wash", 4.5}, {"accent", "accent-wash", 4.5}, {"on-accent", "accent", 4.5},
			{"good-ink", "paper", 4.5}, {"good-ink", "good-wash", 4.5}, {"bad-ink", "paper", 4.5}, {"bad-ink", "bad-wash", 4.5},
			{"warn", "warn-wash", 4.5}, {"ink-2", "middle-wash", 4.5}, {"ink", "hover", 7},
			{"edge", "paper", 3}, {"good", "paper", 3}, {"middle", "paper", 3}, {"bad", "paper", 3},
		},
		"css/survey.css": {
			{"ink", "paper", 7}, {"ink", "wash", 7}, {"ink-2", "paper", 4.5}, {"ink-3", "paper", 4.5}, {"bad", "paper", 4.5}, {"ink", "bad-wash", 7},
			{"edge", "paper", 3}, {"focus", "paper", 3}, {"on-brand", "brand", 4.5},
		},
	}
	for name, wanted := range pairs {
		light, dark, found := strings.Cut(assets.Text(name), "(prefers-color-scheme:dark)")
		if !found {
			t.Fatalf("%s has no dark side", name)
		}
		for side, block := range map[string]string{"light": light, "dark": dark} {
			colours := tokens(t, block)
			for _, pair := range wanted {
				front, ok := colours[pair.front]
				back, ok2 := colours[pair.back]
				if !ok || !ok2 {
					t.Errorf("%s, %s: --%s or --%s is not there", name, side, pair.front, pair.back)
				} else if got := Contrast(front, back); got < pair.least {
					t.Errorf("%s, %s: --%s on --%s has contrast %.2f, want %.1f", name, side, pair.front, pair.back, got, pair.least)
				}
			}
		}
	}
}
