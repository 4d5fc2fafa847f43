package web

import (
	"encoding/csv"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// StreamCSV is [CSV] for rows that are too many to hold: each is sent as each
// yields it. When that fails halfway, the connection is broken off, so that a
// part is not taken for the whole.
func StreamCSV(c echo.Context, name string, columns []string, each func(row func([]any) error) error) error {
	response := c.Response()
	response.Header().Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": name + ".csv"}))
	response.Header().Set(echo.HeaderContentType, "text/csv; charset=utf-8; header=present")
	// A long file takes longer than a page may.
	if err := http.NewResponseController(response).SetWriteDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return fmt.Errorf("lift the deadline of %s: %w", name, err)
	}
	if _, err := response.Write([]byte("\ufeff")); err != nil {
		return fmt.Errorf("begin %s: %w", name, err)
	}
	out := csv.NewWriter(response)
	out.UseCRLF = true
	row := func(values []any) error {
		record := make([]string, len(values))
		for i, value := range values {
			record[i] = cell(value)
		}
		return out.Write(record)
	}
	err := out.Write(columns)
	if err == nil {
		err = each(row)
	}
	if out.Flush(); err == nil {
		err = out.Error()
	}
	if err != nil {
		c.Logger().Error(fmt.Errorf("write %s: %w", name, err))
		panic(http.ErrAbortHandler)
	}
	return nil
}
