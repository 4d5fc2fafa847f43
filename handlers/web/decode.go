package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/surveys"
)

// maxJSONDepth bounds how deep a body may nest.
const maxJSONDepth = 16

// Decode reads a JSON body into v, a struct, strictly: one value that is not
// null, no unknown fields, names written exactly as they are, no field twice,
// valid UTF-8, not nested deeper than maxJSONDepth. Errors name the field.
func Decode(c echo.Context, v any) error {
	if kind, _, _ := mime.ParseMediaType(c.Request().Header.Get(echo.HeaderContentType)); kind != echo.MIMEApplicationJSON {
		return echo.NewHTTPError(http.StatusUnsupportedMediaType)
	}
	body, err := io.ReadAll(c.Request().Body)
	if err != nil {
		return ReadFailure(err)
	}
	if !utf8.Valid(body) {
		return surveys.Fail(surveys.Invalid, "utf8_body")
	}
	if err := checkDepth(body); err != nil {
		return err
	}
	if loneSurrogate(body) {
		return surveys.Wrong(surveys.FieldError{Path: "body", Code: "utf8"})
	}
	if err := surveys.Wrong(checkNames(body, v)...); err != nil {
		return err
	}
	if bytes.Equal(bytes.TrimSpace(body), []byte("null")) {
		return surveys.Wrong(surveys.FieldError{Path: "body", Code: "type", Args: map[string]any{"want": "object", "got": "null"}})
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber() // where anything may stand: [Plain] makes values of it
	if err := decoder.Decode(v); err != nil {
		return jsonFailure(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return surveys.Fail(surveys.Invalid, "json_trailing")
	}
	return nil
}

// ReadFailure tells a body that is too large from a connection that broke.
func ReadFailure(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		if large.Limit == 0 {
			return &surveys.Error{Kind: surveys.TooLarge, Code: "body_none", Err: err}
		}
		return &surveys.Error{Kind: surveys.TooLarge, Code: "body_large", Args: map[string]any{"max": large.Limit >> 10}, Err: err}
	}
	return &surveys.Error{Kind: surveys.Invalid, Code: "body_unreadable", Err: err}
}

func checkDepth(body []byte) error {
	depth, quoted, escaped := 0, false, false
	for _, b := range body {
		switch {
		case escaped:
			escaped = false
		case quoted && b == '\\':
			escaped = true
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '{' || b == '[':
			if depth++; depth > maxJSONDepth {
				return &surveys.Error{Kind: surveys.Invalid, Code: "json_deep", Args: map[string]any{"max": maxJSONDepth}}
			}
		case b == '}' || b == ']':
			depth--
		}
	}
	return nil
}

func jsonFailure(err error) error {
	var field *surveys.Error
	if errors.As(err, &field) {
		return field
	}
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		path := kind.Field
		if path == "" {
			path = "body"
		}
		return surveys.Wrong(surveys.FieldError{Path: path, Code: "type", Args: map[string]any{"want": jsonType(kind.Type.Kind().String()), "got": kind.Value}})
	}
	return &surveys.Error{Kind: surveys.Invalid, Code: "json", Err: err}
}

func jsonType(kind string) string {
	switch {
	case strings.HasPrefix(kind, "int"), strings.HasPrefix(kind, "uint"), strings.HasPrefix(kind, "float"):
		return "number"
	case kind == "struct", kind == "map":
		return "object"
	case kind == "slice":
		return "array"
	case kind == "bool":
		return "boolean"
	}
	return "string"
}

// Form reads a posted form.
func Form(c echo.Context) (form url.Values, err error) {
	if kind, _, _ := mime.ParseMediaType(c.Request().Header.Get(echo.HeaderContentType)); kind == echo.MIMEMultipartForm {
		err = c.Request().ParseMultipartForm(256 << 10)
	} else {
		err = c.Request().ParseForm()
	}
	if err != nil {
		return nil, ReadFailure(fmt.Errorf("read the form: %w", err))
	}
	return c.Request().PostForm, nil
}
