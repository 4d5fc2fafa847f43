package components

import (
	"strconv"
)

// Sheet is the numbers behind a chart. The table under the chart, the card that
// pointer and keyboard call up, and the file that is saved are all made from it,
// so that they cannot be at odds.
type Sheet struct {
	ID      string        // of the table, where sparklines far from it take their cards from it
	Columns []SheetColumn // the first one names the rows
	Rows    []SheetRow
}

// SheetColumn is one column of a [Sheet].
type SheetColumn struct {
	Text string // on the page; empty: in files only
	Kind ColumnKind
	Keys []string // the columns of a file that it becomes, by the names that the API has
}

// SheetRow is one row of a [Sheet].
type SheetRow struct {
	Says  string // the whole row as a sentence, for those who walk the chart by keyboard
	Mark  *Mark  // where the chart shows it; nil: where the script finds its element
	Cells []Cell
	Class string // greys what little is known of; empty: nothing to grey
	Of    string // the course that the row is a step of, where a table holds those of many sparklines
}

// Mark is where a chart shows a row: across as a share of the plot's width, down
// in px. Nothing known is "".
type Mark struct{ X, Y, High, Low string }

// Cell is one number or a few words.
type Cell struct {
	Text    string
	Note    string // small, beside the text
	Address string // of the answers behind it; empty: no link
	Values  []any  // exact, one for each key of the column
}

// Keys heads the columns of a file.
func (s Sheet) Keys() []string {
	var keys []string
	for _, column := range s.Columns {
		keys = append(keys, column.Keys...)
	}
	return keys
}

// Values are the rows of a file, under [Sheet.Keys]: whole numbers, fractions,
// days and words, at full precision and not clipped; nil where nothing is known.
func (s Sheet) Values() [][]any {
	rows := make([][]any, 0, len(s.Rows))
	for _, row := range s.Rows {
		var values []any
		for i, cell := range row.Cells {
			for k := range s.Columns[i].Keys {
				if k < len(cell.Values) {
					values = append(values, cell.Values[k])
				} else {
					values = append(values, nil)
				}
			}
		}
		rows = append(rows, values)
	}
	return rows
}

// last is the number of the last row.
func (s Sheet) last() string { return strconv.Itoa(max(0, len(s.Rows)-1)) }

// lastSays is what a walk through the chart begins with.
func (s Sheet) lastSays() string {
	if len(s.Rows) == 0 {
		return ""
	}
	return s.Rows[len(s.Rows)-1].Says
}
