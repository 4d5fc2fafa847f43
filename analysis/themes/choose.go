package themes

import (
	"math"
	"slices"
	"strings"

	"github.com/harkhq/hark/analysis"
)

// Comment is one that [Choose] may show.
type Comment struct {
	ID   string
	Text string
	Tone Tone // as it was read
}

const (
	maxChosenFrom = 2000 // the first ones given, so the newest
	alike         = 0.6  // cosine from which on two comments say the same
	freshWeight   = 0.5  // how much saying something else counts against saying what most say
)

// Choose picks up to `most` comments to stand beside a finding, from those of one
// theme and period, the newest first. They say what most say (close to the
// centre of all by TF-IDF), in the proportion of tones that all have, each
// something else than the ones before it, and are of a length to read. Comments
// with a mail address or a long number are not picked, since those point at
// somebody; neither are repetitions. Under Limits.Hide comments (5 by default)
// nothing is shown at all. Equal input gives equal picks.
func Choose(comments []Comment, most int, limits analysis.Limits) ([]Comment, error) {
	if most < 0 || limits.Hide < 0 {
		return nil, analysis.Refuse("most", "%d comments, hidden under %d", most, limits.Hide)
	}
	if limits.Hide == 0 {
		limits.Hide = 5
	}
	if int64(len(comments)) < limits.Hide {
		return nil, nil
	}
	c := newChoice(comments[:min(len(comments), maxChosenFrom)])
	var chosen []Comment
	for len(chosen) < most {
		next := c.next()
		if next < 0 {
			break
		}
		chosen = append(chosen, comments[next])
	}
	return chosen, nil
}

// choice is a choosing under way.
type choice struct {
	comments []Comment
	m        rows
	worth    []float64 // closeness to the centre times readability; 0: not to be shown
	likeness []float64 // to the nearest of the chosen ones
	taken    []bool
	wanted   map[Tone]float64 // share of the tone among all
	picked   map[Tone]float64
	n        float64 // picked so far
}

func newChoice(comments []Comment) *choice {
	c := &choice{
		comments: comments, worth: make([]float64, len(comments)), likeness: make([]float64, len(comments)), taken: make([]bool, len(comments)),
		wanted: map[Tone]float64{}, picked: map[Tone]float64{},
	}
	var terms corpus
	members := make([]int, len(comments))
	for i, comment := range comments {
		members[i] = i
		tokens := scan(comment.Text)
		terms.add(tokens)
		c.worth[i] = readability(tokens, comment.Text)
		c.wanted[comment.Tone] += 1 / float64(len(comments))
	}
	v := terms.vocabulary(members, 1, math.MaxInt32)
	c.m = terms.weigh(v, members)
	centre := make([]float64, len(v.kept))
	for k, column := range c.m.columns {
		centre[column] += c.m.values[k]
	}
	normalise(centre)
	for i := range c.worth {
		c.worth[i] *= c.dot(i, centre)
	}
	return c
}

// next takes the best comment that is left, of the tone that is furthest behind
// its share; −1 when there is none.
func (c *choice) next() int {
	best, value, behind := -1, math.Inf(-1), math.Inf(-1)
	for i, comment := range c.comments {
		if c.taken[i] || c.worth[i] <= 0 || c.likeness[i] >= alike {
			continue
		}
		lag := c.wanted[comment.Tone]*(c.n+1) - c.picked[comment.Tone]
		v := c.worth[i] - freshWeight*c.likeness[i]
		if lag > behind+1e-9 || lag > behind-1e-9 && v > value {
			best, value, behind = i, v, lag
		}
	}
	if best < 0 {
		return -1
	}
	c.taken[best] = true
	c.picked[c.comments[best].Tone]++
	c.n++
	row := map[int32]float64{}
	for k := c.m.from[best]; k < c.m.from[best+1]; k++ {
		row[c.m.columns[k]] = c.m.values[k]
	}
	for i := range c.likeness {
		var dot float64
		for k := c.m.from[i]; k < c.m.from[i+1]; k++ {
			dot += row[c.m.columns[k]] * c.m.values[k]
		}
		c.likeness[i] = max(c.likeness[i], dot)
	}
	return best
}

func (c *choice) dot(i int, dense []float64) float64 {
	var dot float64
	for k := c.m.from[i]; k < c.m.from[i+1]; k++ {
		dot += c.m.values[k] * dense[c.m.columns[k]]
	}
	return dot
}

// readability is 1 for a sentence or two, less for a word or an essay, and 0 for
// what is not to be shown. A character weighs half a word.
func readability(tokens []token, text string) float64 {
	var words float64
	for _, t := range tokens {
		if t.char {
			words += 0.5
		} else {
			words++
		}
	}
	switch {
	case words < 2 || words > 200 || pointsAtSomebody(text):
		return 0
	case words < 6:
		return words / 6
	case words > 45:
		return 45 / words
	}
	return 1
}

// pointsAtSomebody reports a mail address, or a number so long that it is a
// telephone's, an order's or an account's.
func pointsAtSomebody(text string) bool {
	digits := 0
	for _, r := range text {
		switch {
		case '0' <= r && r <= '9' || '０' <= r && r <= '９':
			digits++
		case !strings.ContainsRune(" -./()", r) || digits == 0:
			digits = 0
		}
		if digits >= 6 {
			return true
		}
	}
	return slices.ContainsFunc(strings.Fields(text), func(word string) bool {
		at := strings.IndexAny(word, "@＠")
		return at > 0 && at < len(word)-1
	})
}
