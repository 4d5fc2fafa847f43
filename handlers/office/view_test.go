package office

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/handlers/web/webtest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
)

// speaking is a visit without a request, in a language.
func speaking(t *testing.T, tag string) visit {
	t.Helper()
	catalogue := webtest.Catalogue(t)
	return visit{l: catalogue.Match("", tag)}
}

func TestBadges(t *testing.T) {
	t.Parallel()
	v := speaking(t, "en")
	for _, c := range []struct {
		metric surveys.Metric
		score  int
		class  string
		band   string
	}{
		{surveys.NPS, 9, "good", "Promoter"}, {surveys.NPS, 8, "middle", "Passive"}, {surveys.NPS, 6, "bad", "Detractor"},
		{surveys.CSAT, 4, "good", "Satisfied"}, {surveys.CSAT, 3, "middle", "Neutral"}, {surveys.CES, 3, "bad", "Hard"},
		{surveys.CES5, 1, "good", "Easy"}, {surveys.CES5, 5, "bad", "Hard"}, // little effort is good
	} {
		if got := v.badge(surveys.Survey{Metric: c.metric}, c.score); got.Class != c.class || got.Band != c.band {
			t.Errorf("%s %d: %+v, want %s %s", c.metric, c.score, got, c.class, c.band)
		}
	}
}

func TestSplitDelay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		delay time.Duration
		n     int64
		unit  string
	}{
		{0, 0, "hours"}, {time.Minute, 1, "minutes"}, {90 * time.Minute, 90, "minutes"}, {time.Hour, 1, "hours"}, {36 * time.Hour, 36, "hours"}, {48 * time.Hour, 2, "days"}, {-48 * time.Hour, -2, "days"},
	} {
		n, unit := splitDelay(c.delay)
		if n != c.n || unit != c.unit {
			t.Errorf("%s: %d %s, want %d %s", c.delay, n, unit, c.n, c.unit)
		}
		if back := time.Duration(n) * delayUnits()[unit]; back != c.delay {
			t.Errorf("%s comes back as %s", c.delay, back)
		}
	}
}

func TestReadRuleNeverOverflows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ delay, unit string }{
		{"9223372036854775807", "days"}, {"106751991168", "days"}, {"-9223372036854775808", "days"}, {"1", "centuries"}, {"", ""}, {"1e3", "hours"},
	} {
		rule := readRule(url.Values{"delay": {c.delay}, "delay_unit": {c.unit}, "event_type": {"x"}}, surveys.Rule{}, surveys.NPS.Scale())
		if rule.Delay <= surveys.MaxDelay {
			t.Errorf("%s %s became %s", c.delay, c.unit, rule.Delay)
		}
	}
}

func TestJoinFields(t *testing.T) {
	t.Parallel()
	field := surveys.FieldError{Path: "b", Code: "required"}
	wrong := surveys.Wrong(surveys.FieldError{Path: "a", Code: "required"})
	if got := joinFields(nil, []surveys.FieldError{field}); got != nil {
		t.Errorf("an error out of nothing: %v", got)
	}
	outage := surveys.Fail(surveys.Unavailable, "database_gone")
	if got := joinFields(outage, []surveys.FieldError{field}); !errors.Is(got, outage) {
		t.Errorf("an outage became %v", got)
	}
	if got := fieldsOf(joinFields(wrong, []surveys.FieldError{field})); len(got) != 2 || got[0].Path != "a" || got[1].Path != "b" {
		t.Errorf("joined %+v", got)
	}
	if got := fieldsOf(wrong); len(got) != 1 {
		t.Errorf("joining changed the first error: %+v", got)
	}
	if got := fieldsOf(errors.New("x")); got != nil {
		t.Errorf("fields out of nothing: %+v", got)
	}
}

func TestCursorsComeBack(t *testing.T) {
	t.Parallel()
	r := surveys.Response{ID: "019a0000-0000-7000-8000-000000000000", AnsweredAt: time.Date(2026, 3, 2, 9, 0, 0, 123000, time.UTC)}
	if got, lost := readCursor(writeCursor(r)); lost || !got.AnsweredAt.Equal(r.AnsweredAt) || got.ID != r.ID {
		t.Errorf("%+v", got)
	}
	if got, lost := readCursor(""); lost || !got.AnsweredAt.IsZero() {
		t.Errorf("no place: %+v, lost %v", got, lost)
	}
	for _, damaged := range []string{"!", "MTox", strings.Repeat("A", 80)} {
		if got, lost := readCursor(damaged); !lost || !got.AnsweredAt.IsZero() {
			t.Errorf("%q: %+v", damaged, got)
		}
	}
}

func TestEvidence(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		hidden, faint bool
		want          components.Evidence
	}{{true, true, components.Hidden}, {true, false, components.Hidden}, {false, true, components.Faint}, {false, false, components.Firm}} {
		if got := evidence(analysis.Report{Hidden: c.hidden, Faint: c.faint}); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

func TestNothingIsDrawnBeforeTheFirstAnswer(t *testing.T) {
	t.Parallel()
	n := func(list ...int64) []analysis.TrendPoint {
		var points []analysis.TrendPoint
		for _, answers := range list {
			points = append(points, analysis.TrendPoint{N: answers})
		}
		return points
	}
	for _, c := range []struct {
		trend []analysis.TrendPoint
		want  int
	}{{nil, 0}, {n(0, 0, 3, 0, 1), 3}, {n(2, 0), 2}, {n(0, 0), 2}} {
		if got := sinceFirst(c.trend); len(got) != c.want {
			t.Errorf("%d of %d steps are left, want %d", len(got), len(c.trend), c.want)
		}
	}
}

func TestRefusalTitles(t *testing.T) {
	t.Parallel()
	v := speaking(t, "en")
	for status, want := range map[int]string{
		http.StatusForbidden: "You may not do this", http.StatusNotFound: "This page does not exist", http.StatusTooManyRequests: "Too many requests",
		http.StatusServiceUnavailable: "One moment, please", http.StatusInternalServerError: "Something went wrong on our side", http.StatusTeapot: "Something went wrong on our side",
	} {
		if got := refusalTitle(v.l.T, status); got != want {
			t.Errorf("%d: %q, want %q", status, got, want)
		}
	}
}

func TestWithQuery(t *testing.T) {
	t.Parallel()
	for want, parameters := range map[string]map[string]string{
		"/x": {"a": ""}, "/x?a=1&b=%26": {"b": "&", "a": "1", "c": ""},
	} {
		if got := withQuery("/x", parameters); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
