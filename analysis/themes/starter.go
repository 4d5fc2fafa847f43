package themes

import (
	"embed"
	"slices"
	"strings"

	"github.com/harkhq/hark/analysis"
)

// Kind is the kind of business that a starter set suits.
type Kind string

// The kinds.
const (
	Commerce Kind = "commerce" // shops: delivery, quality, returns, …
	Software Kind = "software" // programs and services online: ease of use, bugs, …
	Support  Kind = "support"  // help desks: waiting time, resolution, …
)

// Kinds lists every kind, in the order in which a page offers them.
func Kinds() []Kind { return []Kind{Commerce, Software, Support} }

// starters are the starter sets. A block is "# id | English name | Chinese name",
// then a line of English keywords and one of Chinese ones, with commas.
//
//go:embed starter/*.txt
var starters embed.FS

// StarterSet returns the themes that a workspace of a kind may begin with, named
// in Chinese for a Chinese locale and in English for others. Their keywords are
// English and Chinese at once, since the comments may be, those of the locale
// first; the team goes on from there. The same id in two sets means the same theme. An unknown kind is
// refused.
func StarterSet(kind Kind, locale string) ([]Theme, error) {
	text, err := starters.ReadFile("starter/" + string(kind) + ".txt")
	if err != nil {
		return nil, analysis.Refuse("kind", "%q is not one of %v", string(kind), Kinds())
	}
	var set []Theme
	for block := range strings.SplitSeq(strings.TrimSpace(string(text)), "\n\n") {
		lines := strings.Split(block, "\n")
		head := strings.Split(strings.TrimPrefix(lines[0], "# "), " | ")
		t := Theme{ID: head[0], Name: head[1]}
		words := lines[1:]
		if baseOf(locale) == Chinese {
			t.Name = head[2]
			slices.Reverse(words)
		}
		for _, line := range words {
			t.Keywords = append(t.Keywords, strings.Split(line, ", ")...)
		}
		set = append(set, t)
	}
	return set, nil
}
