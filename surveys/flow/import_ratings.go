package flow

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/harkhq/hark/surveys/table"
)

// ratings understands the ratings of a row; an empty cell rates nothing.
func (r *importReader) ratings(record table.Record) (map[string]int, *table.RowError) {
	var ratings map[string]int
	for _, key := range r.rated {
		at := r.plan.Ratings[key]
		cell := strings.TrimSpace(record.Fields[at])
		number, err := table.ParseNumber(cell)
		if errors.Is(err, table.ErrEmpty) {
			continue
		}
		bad := func(problem string) *table.RowError {
			return &table.RowError{Line: record.Line, Column: r.header[at], Problem: problem}
		}
		if err != nil || number != math.Trunc(number) || math.Abs(number) > 1000 {
			return nil, bad(fmt.Sprintf("%q is not a rating in a whole number", table.Short(cell)))
		}
		if wrong := r.plan.Survey.CheckRating(key, int(number)); len(wrong) > 0 {
			return nil, bad(fmt.Sprintf("%v is not a rating from %v to %v", number, wrong[0].Args["min"], wrong[0].Args["max"]))
		}
		if ratings == nil {
			ratings = make(map[string]int, len(r.rated))
		}
		ratings[key] = int(number)
	}
	return ratings, nil
}
