package web

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
)

// TestStreamCSVBreaksOff: a file that cannot be finished must not look like one that
// is: the connection ends, and whoever reads it is told.
func TestStreamCSVBreaksOff(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rows  int
		fails error
	}{
		"at once": {0, errors.New("gone")}, "in the middle": {20_000, errors.New("gone")}, "not at all": {20_000, nil},
	} {
		e := echo.New()
		e.Logger.SetOutput(io.Discard)
		e.GET("/", func(c2 echo.Context) error {
			return StreamCSV(c2, "list", []string{"n", "text"}, func(row func([]any) error) error {
				for i := range c.rows {
					if err := row([]any{i, "=1+1"}); err != nil {
						return err
					}
				}
				return c.fails
			})
		})
		server := httptest.NewUnstartedServer(e)
		server.Config.ErrorLog = nil
		server.Start()
		response, err := http.Get(server.URL)
		var body []byte
		if err == nil {
			body, err = io.ReadAll(response.Body)
			response.Body.Close()
		}
		server.Close()
		if (err != nil) != (c.fails != nil) {
			t.Errorf("%s: %v", name, err)
		}
		if rows := strings.Count(string(body), "\r\n") - 1; err == nil && (rows != c.rows || !strings.Contains(string(body), "'=1+1")) {
			t.Errorf("%s: %d rows, want %d", name, rows, c.rows)
		}
	}
}
