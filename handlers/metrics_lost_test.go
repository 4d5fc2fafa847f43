package handlers

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
)

// TestMetricsTellLostKeys as they are when they are asked for.
func TestMetricsTellLostKeys(t *testing.T) {
	t.Parallel()
	lost, failed := 2, error(nil)
	m := NewMetrics("test")
	m.LostKeys(func(context.Context) (int, error) { return lost, failed })
	says := func(want string) {
		t.Helper()
		recorder := httptest.NewRecorder()
		if err := m.handler()(echo.New().NewContext(httptest.NewRequest("GET", "/metrics", nil), recorder)); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(recorder.Body.String(), "\nhark_dkim_keys_lost "+want+"\n") {
			t.Errorf("it does not say %s:\n%s", want, recorder.Body)
		}
	}
	says("2")
	lost = 0
	says("0")
	failed = errors.New("no database")
	says("NaN")
}
