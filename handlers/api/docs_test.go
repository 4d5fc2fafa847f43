package api_test

import (
	"cmp"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestDocumentedCallsWork sends every curl line of docs/api.md.
func TestDocumentedCallsWork(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "api.md"))
	if err != nil {
		t.Fatal(err)
	}
	s := storetest.Open(t, store.SQLite)
	b := newBundle(t, s)
	csat := b.survey(surveys.CSAT)
	storetest.Rule(t, s, csat)
	shell := regexp.MustCompile("(?s)```sh\n(curl.*?)\n```")
	address := regexp.MustCompile(`curl (?:-X ([A-Z]+) )?"\$HARK([^"]+)"`)
	header := regexp.MustCompile(`-H "([^:"]+): ([^"]+)"`)
	body := regexp.MustCompile(`(?s)--json '(.*)'`)
	examples := shell.FindAllStringSubmatch(string(text), -1)
	if len(examples) < 8 {
		t.Fatalf("only %d examples were found", len(examples))
	}
	for _, example := range examples {
		line := strings.ReplaceAll(example[1], "$SURVEY", csat.ID)
		to := address.FindStringSubmatch(line)
		c := call{method: to[1], path: to[2], headers: map[string]string{}}
		for _, h := range header.FindAllStringSubmatch(line, -1) {
			c.headers[h[1]] = strings.ReplaceAll(h[2], "$KEY", surveys.APIKeyPrefix+string(b.key))
		}
		if sent := body.FindStringSubmatch(line); sent != nil {
			c.method, c.body = cmp.Or(c.method, http.MethodPost), sent[1]
		}
		if got := b.do(c); got.status >= 300 || got.status < 200 {
			t.Errorf("%s\n%d %s", line, got.status, got.body)
		}
	}
	for _, outcome := range []surveys.Outcome{
		surveys.Scheduled, surveys.RuleIsPaused, surveys.SurveyNotOpen, surveys.NotMatched, surveys.ConditionFailed, surveys.TooOld,
		surveys.NoAddress, surveys.Unsubscribed, surveys.Bounced, surveys.Capped,
	} {
		if !strings.Contains(string(text), "`"+string(outcome)+"`") {
			t.Errorf("the decision %s is not explained", outcome)
		}
	}
	for _, scope := range surveys.Scopes() {
		if !strings.Contains(string(text), "| `"+string(scope)+"` |") {
			t.Errorf("the scope %s is not explained", scope)
		}
	}
}
