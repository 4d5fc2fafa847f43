package web

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"
)

// pictureCSP is what a saved picture may do where it is opened by itself: draw
// with its own style, and nothing else.
const pictureCSP = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

// CSV sends rows of values under the names of their columns, as RFC 4180 has it.
// It begins with a byte order mark, because without it Excel takes UTF-8 for the
// system's own encoding and spoils every name that is not ASCII; other programs
// pass over it. Numbers are in full with a point, days are ISO dates, nil is
// empty. A text that a spreadsheet would take for a formula gets an apostrophe
// before it: segments and themes are words that anybody may have sent in.
func CSV(c echo.Context, name string, columns []string, rows [][]any) error {
	buffer := bytes.NewBufferString("\ufeff")
	out := csv.NewWriter(buffer)
	out.UseCRLF = true
	records := [][]string{columns}
	for _, row := range rows {
		record := make([]string, len(row))
		for i, value := range row {
			record[i] = cell(value)
		}
		records = append(records, record)
	}
	if err := out.WriteAll(records); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return attach(c, name+".csv", "text/csv; charset=utf-8; header=present", buffer.Bytes())
}

// cell is one value of a file.
func cell(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return harmless(v)
	case *float64:
		if v == nil {
			return ""
		}
		return cell(*v)
	case float64:
		if math.Abs(v) < 1e-6 && v != 0 {
			return strconv.FormatFloat(v, 'e', -1, 64)
		}
		return strconv.FormatFloat(v, 'f', -1, 64)
	case *int64:
		if v == nil {
			return ""
		}
		return strconv.FormatInt(*v, 10)
	case time.Time:
		return v.Format(time.DateOnly)
	}
	return fmt.Sprint(value)
}

// harmless keeps spreadsheets from computing a text.
func harmless(text string) string {
	text = strings.ReplaceAll(text, "\x00", "")
	if first := strings.TrimLeft(text, " \u00a0\u3000"); first != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(first)[0]) {
		return "'" + text
	}
	return text
}

// SVG sends a picture that stands by itself, as a file.
func SVG(c echo.Context, name string, picture templ.Component) error {
	var buffer strings.Builder
	if err := picture.Render(c.Request().Context(), &buffer); err != nil {
		return fmt.Errorf("draw %s: %w", name, err)
	}
	c.Response().Header().Set("Content-Security-Policy", pictureCSP)
	return attach(c, name+".svg", "image/svg+xml", []byte(`<?xml version="1.0" encoding="UTF-8"?>`+"\n"+written(buffer.String())))
}

// written leaves out what XML cannot say, such as control characters in a name.
func written(text string) string {
	return strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, text)
}

// attach sends a file that is to be saved.
func attach(c echo.Context, name, kind string, content []byte) error {
	c.Response().Header().Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	return c.Blob(http.StatusOK, kind, content)
}

// FileName makes a name for a file out of words: letters and digits of any
// language, with dashes between.
func FileName(words ...string) string {
	parts := strings.FieldsFunc(strings.ToLower(strings.Join(words, " ")), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r)
	})
	name := []rune(strings.Join(parts, "-"))
	if len(name) > longestName {
		name = name[:longestName]
	}
	return strings.Trim(string(name), "-")
}

// longestName keeps names of files within what file systems take: 255 bytes.
const longestName = 60
