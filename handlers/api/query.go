package api

import (
	"encoding/base64"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// isID reports whether a part of an address is an id as Hark writes it. Others
// are unknown before any database is asked.
func isID(id string) bool {
	parsed, err := uuid.Parse(id)
	return err == nil && parsed.String() == id
}

// knownParameters refuses parameters that a call does not have: a filter that
// is misspelled must not show everything.
func knownParameters(c echo.Context, names ...string) error {
	values, err := url.ParseQuery(c.Request().URL.RawQuery)
	if err != nil {
		return &surveys.Error{Kind: surveys.Invalid, Code: "unknown_parameter", Err: err}
	}
	var wrong []surveys.FieldError
	for name, list := range values {
		switch {
		case !slices.Contains(names, name):
			wrong = append(wrong, surveys.FieldError{Path: strings.ToValidUTF8(name, "�"), Code: "unknown_parameter"})
		case !utf8.ValidString(strings.Join(list, "")) || strings.Contains(strings.Join(list, ""), "\x00"):
			wrong = append(wrong, surveys.FieldError{Path: name, Code: "utf8"})
		}
	}
	slices.SortFunc(wrong, func(a, b surveys.FieldError) int { return strings.Compare(a.Path, b.Path) })
	return surveys.Wrong(wrong...)
}

// query reads the parameters of a call and gathers what is wrong with them.
type query struct {
	c     echo.Context
	wrong []surveys.FieldError
}

func (q *query) fail(f surveys.FieldError) { q.wrong = append(q.wrong, f) }

// day reads a date; zero when there is none.
func (q *query) day(name string) analysis.Day {
	text := q.c.QueryParam(name)
	if text == "" {
		return 0
	}
	day, err := analysis.ParseDay(text)
	if err != nil {
		q.fail(surveys.FieldError{Path: name, Code: "date"})
	}
	return day
}

// midnight reads a date as the moment at which it begins in the zone; the zero
// time when there is none.
func (q *query) midnight(name string, zone *time.Location) time.Time {
	if q.c.QueryParam(name) == "" {
		return time.Time{}
	}
	date := q.day(name).Time()
	return time.Date(date.Year(), date.Month(), date.Day(), 0, 0, 0, 0, zone)
}

// segments reads key:value, as often as it comes.
func (q *query) segments(name string) surveys.Filters {
	var filters surveys.Filters
	for _, text := range q.c.QueryParams()[name] {
		if text == "" {
			continue
		}
		segment, ok := surveys.ParseSegment(text)
		if !ok {
			q.fail(surveys.FieldError{Path: name, Code: "segment_filter"})
			return nil
		}
		filters = filters.With(segment)
	}
	if len(filters) > surveys.MaxFilters {
		q.fail(surveys.FieldError{Path: name, Code: "filters_many", Args: map[string]any{"max": surveys.MaxFilters}})
	}
	return filters
}

// scores reads a list of scores on a scale: score=9,10 or score=9&score=10.
func (q *query) scores(name string, scale surveys.Scale) []int {
	var scores []int
	for _, list := range q.c.QueryParams()[name] {
		for text := range strings.SplitSeq(list, ",") {
			score, err := strconv.Atoi(text)
			if err != nil || !scale.Contains(score) {
				q.fail(surveys.FieldError{Path: name, Code: "score_filter", Args: map[string]any{"min": scale.Min, "max": scale.Max}})
				return nil
			}
			scores = append(scores, score)
		}
	}
	return scores
}

// number reads a number up to most; fallback when there is none.
func (q *query) number(name string, fallback, most int) int {
	text := q.c.QueryParam(name)
	if text == "" {
		return fallback
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		q.fail(surveys.FieldError{Path: name, Code: "limit", Args: map[string]any{"max": most}})
	}
	return n
}

// truth reads true or false; false when there is none.
func (q *query) truth(name string) bool {
	switch q.c.QueryParam(name) {
	case "", "false":
		return false
	case "true":
		return true
	}
	q.fail(surveys.FieldError{Path: name, Code: "boolean"})
	return false
}

// lastMicro is the end of the year 9999, beyond which no database has times.
const lastMicro = 253402300799_000000

// cursor reads a place in the list of responses.
func (q *query) cursor(name string) store.Cursor {
	text := q.c.QueryParam(name)
	if text == "" {
		return store.Cursor{}
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	micros, id, found := strings.Cut(string(raw), ":")
	at, numberErr := strconv.ParseInt(micros, 10, 64)
	if err != nil || numberErr != nil || !found || !isID(id) || at < 0 || at > lastMicro {
		q.fail(surveys.FieldError{Path: name, Code: "cursor"})
		return store.Cursor{}
	}
	return store.Cursor{AnsweredAt: time.UnixMicro(at).UTC(), ID: id}
}

// writeCursor is what cursor reads.
func writeCursor(at store.Cursor) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(at.AnsweredAt.UnixMicro(), 10) + ":" + at.ID))
}

// under puts a name in front of the paths that an error speaks of.
func under(name string, err error) error {
	var e *surveys.Error
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return err
	}
	moved := *e
	moved.Fields = slices.Clone(e.Fields)
	for i := range moved.Fields {
		moved.Fields[i].Path = strings.TrimSuffix(name+"."+moved.Fields[i].Path, ".")
	}
	return &moved
}
