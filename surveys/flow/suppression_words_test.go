package flow_test

import (
	"context"
	"testing"

	"golang.org/x/text/encoding/unicode"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestSuppressionFilesOfOtherTools reads lists as other tools write them.
func TestSuppressionFilesOfOtherTools(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	w := storetest.Workspace(t, s)
	const none = surveys.SuppressedByTeam // what the form says
	for row, want := range map[string]struct {
		email  string
		reason surveys.Suppression
	}{
		"a@x.example":                               {"a@x.example", none},
		"a@x.example,Spam Complaint":                {"a@x.example", surveys.SuppressedComplained},
		"a@x.example,Spam Reporting Address,2026":   {"a@x.example", surveys.SuppressedComplained},
		"a@x.example;Hard Bounce":                   {"a@x.example", surveys.SuppressedBounced},
		"HardBounce\ta@x.example":                   {"a@x.example", surveys.SuppressedBounced},
		"a@x.example,550 5.1.1 no such user":        {"a@x.example", surveys.SuppressedBounced},
		"a@x.example,abgemeldet":                    {"a@x.example", surveys.SuppressedUnsubscribed},
		"a@x.example,Opted out":                     {"a@x.example", surveys.SuppressedUnsubscribed},
		"a@x.example,已退订":                           {"a@x.example", surveys.SuppressedUnsubscribed},
		"a@x.example,投诉":                            {"a@x.example", surveys.SuppressedComplained},
		"a@x.example,complained":                    {"a@x.example", surveys.SuppressedComplained},
		"Bounce House Ltd,a@x.example":              {"a@x.example", none},
		"a@x.example,Spam filter newsletter":        {"a@x.example", none},
		"Ada Lovelace <a@x.example>":                {"a@x.example", none},
		`"Lovelace, Ada <A@x.example>",unsubscribe`: {"a@x.example", surveys.SuppressedUnsubscribed},
		"mailto:a@x.example":                        {"a@x.example", none},
		"a@xn--bcher-kva.example":                   {"a@bücher.example", none},
	} {
		for _, encoded := range []string{row, "\ufeff" + row, wide(t, row, unicode.LittleEndian), wide(t, row, unicode.BigEndian)} {
			check, err := flow.NewSuppressions(s).Check(context.Background(), w, []byte(encoded), none)
			if err != nil || len(check.New) != 1 || check.New[0].Email != want.email || check.New[0].Reason != want.reason {
				t.Errorf("%q: %+v, %v", encoded, check, err)
			}
		}
	}
}

// wide is a text in UTF-16, as spreadsheets call Unicode.
func wide(t *testing.T, text string, order unicode.Endianness) string {
	t.Helper()
	out, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
