package web

import (
	"encoding/csv"
	"mime"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"
)

// saving calls a handler that sends a file.
func saving(t *testing.T, send func(echo.Context) error) *httptest.ResponseRecorder {
	t.Helper()
	recorder := httptest.NewRecorder()
	if err := send(echo.New().NewContext(httptest.NewRequest(http.MethodGet, "/", nil), recorder)); err != nil {
		t.Fatal(err)
	}
	return recorder
}

func TestCellsOfAFile(t *testing.T) {
	t.Parallel()
	score, none, count := -12.345678901234567, (*float64)(nil), int64(318)
	cases := []struct {
		name  string
		value any
		want  string
	}{
		{"nothing", nil, ""},
		{"no number", none, ""},
		{"a number in full", &score, "-12.345678901234567"},
		{"a negative number is no formula", -3.5, "-3.5"},
		{"a tiny number", 2.2e-16, "2.2e-16"},
		{"zero", 0.0, "0"},
		{"a count", int64(1234567), "1234567"},
		{"a count that may be hidden", &count, "318"},
		{"a hidden count", (*int64)(nil), ""},
		{"a day", time.Date(2026, 7, 6, 0, 0, 0, 0, time.UTC), "2026-07-06"},
		{"words", "retail, small", "retail, small"},
		{"a formula", "=HYPERLINK(1)", "'=HYPERLINK(1)"},
		{"plus", "+49", "'+49"},
		{"minus", "-cmd", "'-cmd"},
		{"at", "@SUM(A1)", "'@SUM(A1)"},
		{"a tab", "\t=1", "'\t=1"},
		{"a line break", "\r=1", "'\r=1"},
		{"spaces before", "  =1", "'  =1"},
		{"wide signs", "＝1", "'＝1"},
		{"a sign within", "a=b", "a=b"},
		{"a zero byte", "a\x00b", "ab"},
		{"nothing said", "", ""},
	}
	for _, c := range cases {
		if got := cell(c.value); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestCSVIsReadBack(t *testing.T) {
	t.Parallel()
	r := saving(t, func(c echo.Context) error {
		return CSV(c, "客户-nps", []string{"value", "n"}, [][]any{{"a \"b\",\nc", 3}, {"零售", int64(4)}})
	})
	body := r.Body.String()
	rest, marked := strings.CutPrefix(body, "\ufeff")
	if !marked || !strings.Contains(rest, "value,n\r\n") {
		t.Errorf("%q has no byte order mark or no line ends as RFC 4180 has them", body)
	}
	records, err := csv.NewReader(strings.NewReader(rest)).ReadAll()
	if err != nil || len(records) != 3 || records[1][0] != "a \"b\",\nc" || records[2][0] != "零售" || records[2][1] != "4" {
		t.Errorf("read back as %q (%v)", records, err)
	}
	_, parameters, err := mime.ParseMediaType(r.Header().Get("Content-Disposition"))
	if err != nil || parameters["filename"] != "客户-nps.csv" {
		t.Errorf("the name is %q (%v)", parameters["filename"], err)
	}
	if kind := r.Header().Get("Content-Type"); !strings.HasPrefix(kind, "text/csv; charset=utf-8") {
		t.Errorf("the type is %q", kind)
	}
}

func TestSVGIsAFileByItself(t *testing.T) {
	t.Parallel()
	r := saving(t, func(c echo.Context) error { return SVG(c, "chart", templ.Raw("<svg>a\x0bb\x01</svg>")) })
	if got := r.Body.String(); got != "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg>ab</svg>" {
		t.Errorf("sent %q", got)
	}
	policy := r.Header().Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "style-src 'unsafe-inline'", "sandbox"} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy %q lacks %s", policy, want)
		}
	}
	if strings.Contains(policy, "script-src") || !strings.Contains(r.Header().Get("Content-Disposition"), "attachment; filename=chart.svg") {
		t.Errorf("headers %v", r.Header())
	}
}

func TestFileName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, want, in string }{
		{"words", "relationship-nps-trend", "Relationship NPS trend"},
		{"signs", "a-b", "../A//b…"},
		{"Chinese", "关系调查-trend", "关系调查 trend"},
		{"nothing", "", "///"},
		{"a long one", strings.Repeat("x", longestName), strings.Repeat("x", 300)},
	} {
		if got := FileName(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
