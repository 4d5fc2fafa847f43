package api_test

import (
	"context"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestReadOnlyDatabase: on a database that takes no changes, such as a standby
// after a failover, reading works, and writing says what is wrong and when to
// try again.
func TestReadOnlyDatabase(t *testing.T) {
	t.Parallel()
	address := storetest.URL(t, store.Postgres)
	primary := storetest.OpenURL(t, address, storetest.Start)
	if err := primary.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	before := newBundle(t, primary)
	id := before.survey(surveys.NPS).ID
	sign := "?"
	if strings.Contains(address, "?") {
		sign = "&"
	}
	b := *before
	b.site, b.handler = onto(t, storetest.OpenURL(t, address+sign+"default_transaction_read_only=on", storetest.Start))
	for path, body := range map[string]string{
		"/api/v1/events":                       `{"type":"order_completed","person":{"email":"ana@example.com"}}`,
		"/api/v1/surveys":                      `{"name":"x","metric":"nps"}`,
		"/api/v1/surveys/" + id + "/responses": `{"score":9}`,
	} {
		got := b.post(path, body)
		if p := got.problem(t, 503); p.Type != "urn:hark:error:database_readonly" || got.header.Get("Retry-After") == "" {
			t.Errorf("%s: %s, Retry-After %q", path, p.Type, got.header.Get("Retry-After"))
		}
	}
	b.do(call{path: "/api/v1/surveys/" + id + "/report"}).read(t, 200, &map[string]any{})
}
