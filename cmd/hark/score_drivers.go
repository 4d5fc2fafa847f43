package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/drivers"
	"github.com/harkhq/hark/surveys/table"
)

// driver is a column that may drive the score. One of numbers is a column of the
// regression; one of texts is as many as it has values beside the usual one.
type driver struct {
	name    string
	at      int // its column in the file
	texts   bool
	coding  drivers.Categories // of texts
	columns []string           // of the regression
}

const (
	looked     = 200 // how many cells tell numbers from texts
	mostLevels = 20  // more values than that are names or remarks
	leastLevel = 30  // values with fewer rows are put together
)

// drivers finds the columns of --drivers.
func (c *scoreCommand) drivers(header []string, score int) ([]driver, error) {
	var found []driver
	for _, name := range c.Drivers {
		at, err := table.Find(header, name)
		if err != nil {
			return nil, fmt.Errorf("--drivers: %w", err)
		}
		if at == score {
			return nil, fmt.Errorf("--drivers: %q is the score itself", header[at])
		}
		if slices.ContainsFunc(found, func(d driver) bool { return d.at == at }) {
			return nil, fmt.Errorf("--drivers: the column %q is given twice", header[at])
		}
		title := header[at]
		if title == "" || slices.ContainsFunc(found, func(d driver) bool { return d.name == title }) {
			title = strings.TrimSpace(fmt.Sprintf("%s (column %d)", title, at+1))
		}
		found = append(found, driver{name: title, at: at})
	}
	return found, nil
}

// findDrivers finds out which drivers are numbers, and the values of the others.
func (c *scoreColumns) findDrivers(file *source, o table.Options) error {
	if len(c.drivers) == 0 {
		return nil
	}
	return file.look(o, c.lookAtDrivers)
}

// lookAtDrivers goes through rows until every driver's nature is known.
func (c *scoreColumns) lookAtDrivers(reader *table.Reader) error {
	looks := make([]look, len(c.drivers))
	for {
		record, err := reader.Next()
		var row *table.RowError
		switch {
		case errors.As(err, &row):
			continue // it is told when the rows are counted
		case errors.Is(err, io.EOF):
			return c.code(looks)
		case err != nil:
			return err
		}
		open := false
		for i, d := range c.drivers {
			more, err := looks[i].see(d.name, record.Fields[d.at])
			if err != nil {
				return err
			}
			open = open || more
		}
		if !open {
			return c.code(looks)
		}
	}
}

// look is what was seen of a driver's cells.
type look struct {
	cells   int
	numbers bool
	values  map[string]int64 // of texts, until a number comes
}

// see takes a cell in, and reports whether more of them must be seen: until a
// number comes, and of texts all of them.
func (l *look) see(name, cell string) (bool, error) {
	if l.numbers {
		return false, nil
	}
	if seen := l.values[cell]; seen > 0 { // nearly all there is, of texts
		l.values[cell]++
		l.cells++
		return true, nil
	}
	_, err := table.ParseNumber(cell)
	switch {
	case errors.Is(err, table.ErrEmpty):
		return true, nil
	case err == nil && l.cells < looked:
		l.numbers, l.values = true, nil
		return false, nil
	}
	l.cells++
	value := strings.TrimSpace(cell)
	if l.values == nil {
		l.values = make(map[string]int64)
	}
	if l.values[value] == 0 {
		value = strings.Clone(value)
	}
	l.values[value]++
	if len(l.values) > mostLevels {
		some := slices.Sorted(maps.Keys(l.values))[:3]
		return false, fmt.Errorf("--drivers: the column %q holds neither numbers nor a few values that come again, but %s and many more", name, table.Quoted(some))
	}
	return true, nil
}

// code gives the drivers of texts a column for each of their values but the most
// frequent one.
func (c *scoreColumns) code(looks []look) error {
	for i := range c.drivers {
		d, values := &c.drivers[i], looks[i].values
		if len(values) == 0 {
			d.columns = []string{d.name}
			continue
		}
		var err error
		d.coding, err = drivers.NewCategories(d.name, values, leastLevel)
		var refusal *analysis.Refusal
		switch {
		case errors.As(err, &refusal):
			return fmt.Errorf("--drivers: %s", refusalText(refusal))
		case err != nil:
			return fmt.Errorf("--drivers: %w", err)
		}
		d.texts, d.columns = true, d.coding.Columns
	}
	return nil
}

// driverTally adds up the rows that have all drivers.
type driverTally struct {
	columns  []driver
	products *drivers.Products
	row      []float64
	left     int64 // rows with a score that lack a driver
}

func newDriverTally(columns []driver) (*driverTally, error) {
	t := &driverTally{columns: columns}
	var names []string
	for _, column := range columns {
		names = append(names, column.columns...)
	}
	t.row = make([]float64, len(names))
	var err error
	if t.products, err = drivers.NewProducts(names); err != nil {
		return nil, fmt.Errorf("--drivers: %w", err)
	}
	return t, nil
}

// add takes a row with a score in, or says what is wrong with it.
func (t *driverTally) add(record table.Record, score int) *table.RowError {
	row, whole := t.row, true
	for _, d := range t.columns {
		cell := record.Fields[d.at]
		if d.texts {
			whole = d.coding.Mark(row[:len(d.columns)], strings.TrimSpace(cell)) && whole
			row = row[len(d.columns):]
			continue
		}
		number, err := table.ParseNumber(cell)
		if err != nil && !errors.Is(err, table.ErrEmpty) {
			return &table.RowError{Line: record.Line, Column: d.name, Problem: err.Error()}
		}
		whole = whole && err == nil
		row[0], row = number, row[1:]
	}
	if !whole {
		t.left++
		return nil
	}
	if err := t.products.Add(t.row, float64(score)); err != nil {
		return &table.RowError{Line: record.Line, Problem: "cannot be compared by --drivers: " + err.Error()}
	}
	return nil
}

// driven is what the drivers say, or why they say nothing.
type driven struct {
	*drivers.Result
	LeftOut int64    `json:"left_out"` // rows with a score that lack a driver
	Refused *refused `json:"refused"`
}

// refused is why there is no result.
type refused struct {
	Reason analysis.Reason `json:"reason"`
	Have   float64         `json:"have"`
	Need   float64         `json:"need"`
	Name   string          `json:"name,omitempty"`
	Text   string          `json:"text"`
}

// report splits the score's variation among the drivers.
func (t *driverTally) report(confidence float64) (*driven, error) {
	o := drivers.Options{Confidence: confidence}
	for _, d := range t.columns {
		if d.texts {
			o.Groups = append(o.Groups, d.coding.Group())
		}
	}
	found := &driven{LeftOut: t.left}
	result, err := drivers.Importance(t.products, o)
	var refusal *analysis.Refusal
	switch {
	case errors.As(err, &refusal):
		found.Refused = &refused{Reason: refusal.Reason, Have: refusal.Have, Need: refusal.Need, Name: refusal.Name, Text: refusalText(refusal)}
	case err != nil:
		return nil, err
	default:
		found.Result = &result
	}
	return found, nil
}

// refusalText says in English why the drivers say nothing.
func refusalText(r *analysis.Refusal) string {
	switch r.Reason {
	case analysis.TooFewAnswers:
		return fmt.Sprintf("Too few answers: it takes %.0f with every driver rated, and there are %.0f.", r.Need, r.Have)
	case drivers.NothingExplained:
		text := fmt.Sprintf("These columns tell next to nothing about the score: together they account for %.1f%% of its variation", 100*r.Have)
		if r.Need > 0.05 {
			return text + fmt.Sprintf(", and with so few answers chance alone reaches %.0f%%.", 100*r.Need)
		}
		return text + ", and under 5% there is nothing to share out."
	case drivers.ConstantColumn:
		return fmt.Sprintf("%q is the same in every row, so nothing can be said of it: leave it out.", r.Name)
	case drivers.ConstantOutcome:
		return "Everybody gave the same score: there is no variation to explain."
	case drivers.Collinear:
		return fmt.Sprintf("These columns say the same: %s. Leave one of them out.", r.Name)
	}
	return r.Error()
}
