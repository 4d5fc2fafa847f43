package api

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"regexp"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
)

// score reads a score as programs may write it: a JSON number that is whole,
// so 10 and 10.0, but neither 6.5 nor "9" nor null. It never fails by itself,
// because only the survey knows the range that the message names.
type score struct {
	value int
	whole bool
}

// UnmarshalJSON keeps the number, or that it was none.
func (s *score) UnmarshalJSON(raw []byte) error {
	number, err := strconv.ParseFloat(string(raw), 64)
	*s = score{}
	if err == nil && number == math.Trunc(number) && math.Abs(number) <= 1000 {
		*s = score{value: int(number), whole: true}
	}
	return nil
}

// check returns the score, or what is wrong with it on the metric's scale.
func (s score) check(metric surveys.Metric) (int, []surveys.FieldError) {
	if !s.whole {
		return 0, metric.CheckScore(metric.Scale().Max + 1)
	}
	return s.value, metric.CheckScore(s.value)
}

// moment reads a time as RFC 3339 has it. A wrong one is kept until the field
// can be named.
type moment struct {
	at    time.Time // zero when none is given
	wrong bool
}

// UnmarshalJSON keeps the time, or that it was none.
func (m *moment) UnmarshalJSON(raw []byte) error {
	*m = moment{}
	if string(raw) == "null" {
		return nil
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		m.wrong = true
		return nil
	}
	at, err := time.Parse(time.RFC3339, text)
	*m = moment{at: at, wrong: err != nil || at.IsZero()}
	return nil
}

// check says what is wrong with the time under its path.
func (m moment) check(path string) []surveys.FieldError {
	if !m.wrong {
		return nil
	}
	return []surveys.FieldError{{Path: path, Code: "time"}}
}

// person is how a call names somebody.
type person struct {
	ID       string         `json:"id"`
	Email    string         `json:"email"`
	Name     string         `json:"name"`
	Locale   string         `json:"locale"`
	TimeZone string         `json:"timezone"`
	Traits   map[string]any `json:"traits"`
}

func (p person) domain() surveys.Person {
	return surveys.Person{ExternalID: p.ID, Email: p.Email, Name: p.Name, Locale: p.Locale, TimeZone: p.TimeZone, Traits: web.Plain(p.Traits)}
}

// orNull is nil for an empty text, so that JSON says null.
func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// notANumber finds a score that some languages write into JSON although JSON
// has no such value.
var notANumber = regexp.MustCompile(`"score"\s*:\s*[+-]?(?:NaN|nan|Inf)`)

// decodeScored decodes a body whose score belongs to a metric. A score that is
// not even JSON is named like every other wrong score.
func decodeScored(c echo.Context, metric surveys.Metric, v any) error {
	var sent bytes.Buffer
	body := c.Request().Body
	c.Request().Body = struct {
		io.Reader
		io.Closer
	}{io.TeeReader(body, &sent), body}
	err := web.Decode(c, v)
	if err != nil && notANumber.Match(sent.Bytes()) {
		return surveys.Wrong(metric.CheckScore(metric.Scale().Max + 1)...)
	}
	return err
}
