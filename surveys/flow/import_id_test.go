package flow_test

import (
	"slices"
	"testing"

	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestImportOfALaterExport: what an export may say otherwise the next time
// makes no second answer.
func TestImportOfALaterExport(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	for _, c := range []struct {
		name, first, second string
		want                store.ImportCounts // of the second
		comments            []string           // of all that are stored, sorted
	}{
		{"a segment more", "score,date,email\n9,2026-01-05,ada@example.com\n3,2026-01-05,\n",
			"score,date,email,plan\n9,2026-01-05,ada@example.com,pro\n3,2026-01-05,,free\n", store.ImportCounts{Repeated: 2}, []string{"", ""}},
		{"an edited comment of a person", "score,date,email,comment\n9,2026-01-05,ada@example.com,helo\n",
			"score,date,email,comment\n9,2026-01-05,Ada@Example.com,hello\n", store.ImportCounts{Repeated: 1}, []string{"helo"}},
		{"an edited comment with a time of day", "score,date,comment\n9,2026-01-05 10:30,helo\n",
			"score,date,comment\n9,2026-01-05 10:30,hello\n", store.ImportCounts{Repeated: 1}, []string{"helo"}},
		{"a language more", "score,date,email\n9,2026-01-05,ada@example.com\n3,2026-01-05,\n",
			"score,date,email,locale\n9,2026-01-05,ada@example.com,en\n3,2026-01-05,,de\n", store.ImportCounts{Repeated: 2}, []string{"", ""}},
		{"the address of a person with an id", "score,date,customer_id\n9,2026-01-05,7\n",
			"score,date,customer_id,email\n9,2026-01-05,7,ada@example.com\n", store.ImportCounts{Repeated: 1}, []string{""}},
		{"another score of a person", "score,date,email\n9,2026-01-05,ada@example.com\n",
			"score,date,email\n8,2026-01-05,ada@example.com\n", store.ImportCounts{Stored: 1}, []string{"", ""}},
		{"the same person once more", "score,date,email\n9,2026-01-05,ada@example.com\n",
			"score,date,email\n9,2026-01-05,ada@example.com\n9,2026-01-05,ada@example.com\n", store.ImportCounts{Stored: 1, Repeated: 1}, []string{"", ""}},
		{"the newest first, with only a day", "score,date,comment\n9,2026-01-05,old\n9,2026-01-05,\n",
			"score,date,comment\n9,2026-01-05,new\n9,2026-01-05,\n9,2026-01-05,old\n9,2026-01-05,\n", store.ImportCounts{Stored: 2, Repeated: 2}, []string{"", "", "new", "old"}},
		{"an edited comment with only a day", "score,date,comment\n9,2026-01-05,helo\n",
			"score,date,comment\n9,2026-01-05,hello\n", store.ImportCounts{Stored: 1}, []string{"hello", "helo"}}, // the price, see answerIDs
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			in := newImporting(t, s)
			if _, err := in.run(in.plan(c.first)); err != nil {
				t.Fatal(err)
			}
			second, err := in.run(in.plan(c.second))
			if second.People = 0; err != nil || second != c.want {
				t.Errorf("the second import: %+v, %v (bad rows %q), want %+v", second, err, in.bad, c.want)
			}
			var comments []string
			for _, r := range in.responses() {
				comments = append(comments, r.Comment)
			}
			if slices.Sort(comments); !slices.Equal(comments, c.comments) {
				t.Errorf("comments %q, want %q", comments, c.comments)
			}
			in.recounted()
		})
	}
}
