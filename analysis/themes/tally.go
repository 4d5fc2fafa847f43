package themes

import (
	"cmp"
	"slices"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// Cell counts comments: of one day and one theme, or of all together. All fields
// are whole numbers, so that cells add up exactly in any order, and taking one
// comment away again leaves what was there before.
type Cell struct {
	Counts   surveys.Counts // comments by the score beside them
	Negative int64          // comments of that tone
	Neutral  int64
	Positive int64
	Sum      int64 // Σ of [Sentiment.Value] where the tone is known, in thousandths
	Squares  int64 // Σ of its squares, in millionths
}

// Row is the cell of one day and theme; Theme "" counts every comment, whatever
// its themes, and [NoTheme] those of none.
type Row struct {
	Day   analysis.Day
	Theme string
	Cell
}

// NoTheme stands in a [Row] for the comments in which no theme was found. It
// cannot be a theme's id.
const NoTheme = "-"

// add counts one comment k times: 1 to add it, −1 to take it away.
func (c *Cell) add(score int, s Sentiment, k int64) {
	c.Counts[score] += k
	switch s.Tone {
	case Negative:
		c.Negative += k
	case Neutral:
		c.Neutral += k
	case Positive:
		c.Positive += k
	default:
		return
	}
	value := int64(s.Value)
	c.Sum += k * value
	c.Squares += k * value * value
}

// Add adds o to c, field by field.
func (c *Cell) Add(o Cell) {
	c.Counts.Add(o.Counts)
	c.Negative += o.Negative
	c.Neutral += o.Neutral
	c.Positive += o.Positive
	c.Sum += o.Sum
	c.Squares += o.Squares
}

// Felt is the number of comments whose tone is known.
func (c Cell) Felt() int64 { return c.Negative + c.Neutral + c.Positive }

// Tally gathers readings into rows. Its zero value is empty and ready. A tally of
// what changed, removals included, is what an incremental job adds to its table;
// a row may then hold negative numbers. It is not safe for concurrent use.
type Tally struct {
	cells map[cellKey]*Cell
}

type cellKey struct {
	day   analysis.Day
	theme string
}

// Add counts one comment under each of its themes, under everything, and under
// [NoTheme] where it has none. A score outside 0…10 is refused.
func (t *Tally) Add(day analysis.Day, score int, r Reading) error { return t.count(day, score, r, 1) }

// Remove takes away what [Tally.Add] counted, when the answer was changed,
// erased, or is read anew with other themes.
func (t *Tally) Remove(day analysis.Day, score int, r Reading) error {
	return t.count(day, score, r, -1)
}

func (t *Tally) count(day analysis.Day, score int, r Reading, k int64) error {
	if score < 0 || score >= len(surveys.Counts{}) {
		return analysis.Refuse("score", "%d is outside every scale", score)
	}
	if r.Sentiment.Value < -1000 || r.Sentiment.Value > 1000 {
		return analysis.Refuse("sentiment", "%d thousandths are outside −1000…1000", r.Sentiment.Value)
	}
	t.cell(day, "").add(score, r.Sentiment, k)
	for _, theme := range r.Themes {
		t.cell(day, theme).add(score, r.Sentiment, k)
	}
	if len(r.Themes) == 0 {
		t.cell(day, NoTheme).add(score, r.Sentiment, k)
	}
	return nil
}

func (t *Tally) cell(day analysis.Day, theme string) *Cell {
	key := cellKey{day, theme}
	c := t.cells[key]
	if c == nil {
		if t.cells == nil {
			t.cells = map[cellKey]*Cell{}
		}
		c = &Cell{}
		t.cells[key] = c
	}
	return c
}

// Rows returns what was counted, by day and then by theme. Cells that came back
// to zero are left out.
func (t *Tally) Rows() []Row {
	rows := make([]Row, 0, len(t.cells))
	for key, c := range t.cells {
		if *c != (Cell{}) {
			rows = append(rows, Row{Day: key.day, Theme: key.theme, Cell: *c})
		}
	}
	slices.SortFunc(rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Theme, b.Theme))
	})
	return rows
}
