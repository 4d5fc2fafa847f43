package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/harkhq/hark/surveys"
)

// BandDay is how many answers of one local day fell into each band, for one
// value of a segment key.
type BandDay struct {
	Day               int // days since 1 January 1970
	Value             string
	Good, Middle, Bad int64
}

// BandDays lists a survey's rollups of a segment key by band, in the order of
// days; the filter's key names it. Whoever asks whether the mix explains a change
// reads every value of many keys on each of two years' days, of which the scores
// by themselves are of no use.
//
// A day comes as one text: to take sixty thousand rows apart column by column
// costs four times as much as to read this text, and is most of a report's time.
func (r reads) BandDays(ctx context.Context, ws surveys.WorkspaceID, f RollupFilter, scale surveys.Scale) ([]BandDay, error) {
	rows, err := r.of(ctx, ws).Model(&rollupRow{}).Select("day, "+r.dayText(scale)).
		Where("survey_id = ? AND key = ? AND day >= ? AND day < ? AND n > 0", f.SurveyID, f.Key, f.From, f.To).Group("day").Order("day").Rows()
	if err != nil {
		return nil, known("list rollups by band", err)
	}
	defer rows.Close()
	var list []BandDay
	for rows.Next() {
		var day int
		var text string
		if err := rows.Scan(&day, &text); err != nil {
			return nil, known("read a day's bands", err)
		}
		if list, err = appendBands(list, day, text); err != nil {
			return nil, fmt.Errorf("read the bands of day %d: %w", day, err)
		}
	}
	return list, known("list rollups by band", rows.Err())
}

// dayText is the expression that writes a day's rows one after the other: the
// three counts, how many characters the value has, and the value.
func (r reads) dayText(scale surveys.Scale) string {
	row := strings.Join([]string{bandSum(scale, scale.Good), bandSum(scale, scale.Middle), bandSum(scale, scale.Bad), "length(value)", "value"}, " || ' ' || ")
	if r.dialect == Postgres {
		return "string_agg(" + row + ", '')"
	}
	return "group_concat(" + row + ", '')"
}

// bandSum adds up the columns of the scores in a band.
func bandSum(scale surveys.Scale, band surveys.Band) string {
	sum := "(0"
	for _, score := range scale.Choices() {
		if scale.Band(score) == band {
			sum += " + c" + strconv.Itoa(score)
		}
	}
	return sum + ")"
}

// errDayText says that a day's text is not what dayText writes.
var errDayText = errors.New("the text of a day's counts ends too soon")

// appendBands takes a day's text apart.
func appendBands(list []BandDay, day int, text string) ([]BandDay, error) {
	for text != "" {
		var numbers [4]int64
		for i := range numbers {
			digits, rest, found := strings.Cut(text, " ")
			n, err := strconv.ParseInt(digits, 10, 64)
			if err != nil || !found {
				return list, errDayText
			}
			numbers[i], text = n, rest
		}
		end := 0
		for range numbers[3] {
			if end >= len(text) {
				return list, errDayText
			}
			_, size := utf8.DecodeRuneInString(text[end:])
			end += size
		}
		list = append(list, BandDay{Day: day, Value: text[:end], Good: numbers[0], Middle: numbers[1], Bad: numbers[2]})
		text = text[end:]
	}
	return list, nil
}
