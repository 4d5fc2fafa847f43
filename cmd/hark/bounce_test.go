package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestBounceByPipe runs the command as a mail server's pipe does: with the
// mail on its standard input, and an exit status that the mail server knows.
func TestBounceByPipe(t *testing.T) {
	t.Parallel()
	for _, dialect := range storetest.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			address := storetest.URL(t, dialect)
			s := storetest.OpenURL(t, address, storetest.Start)
			if err := s.Migrate(context.Background()); err != nil {
				t.Fatal(err)
			}
			w := storetest.Workspace(t, s)
			person := storetest.Person(t, s, w.ID)
			letter := storetest.Invitation(t, s, storetest.Survey(t, s, w.ID, surveys.NPS), person)
			to := w.ReturnAddress(surveys.ReturnBounce, letter.ID, "bounces.shop.example")
			raw, err := os.ReadFile(filepath.Join("..", "..", "mailer", "bounce", "testdata", "postfix-unknown-user.eml"))
			if err != nil {
				t.Fatal(err)
			}
			mail := strings.Replace(string(raw), "\n", "\nX-Original-To: "+to+"\n", 1)
			for _, c := range []struct {
				name, database, mail string
				args                 []string
				status               int
				why                  surveys.Suppression
			}{
				{"a database that is not there", "postgres://nobody@127.0.0.1:1/none", mail, []string{"--to", to}, 75, ""},
				{"a forged address", address, string(raw), []string{"--to", "b+" + strings.Repeat("a", 36) + "-" + strings.Repeat("a", 13) + "@x"}, 69, ""},
				{"no address", address, "Subject: x\n\nhello", nil, 69, ""},
				{"by the mail's own words, and fifty megabytes long", address, mail, nil, 0, surveys.SuppressedBounced},
			} {
				var errs bytes.Buffer
				var in io.Reader = strings.NewReader(c.mail)
				if c.status == 0 {
					in = io.MultiReader(in, io.LimitReader(filling{}, 50<<20))
				}
				args := append([]string{"bounce", "--database", c.database}, c.args...)
				if status := run(context.Background(), args, nil, terminal{in: in, out: io.Discard, err: &errs}); status != c.status {
					t.Errorf("%s: status %d, want %d: %s", c.name, status, c.status, errs.String())
				}
				if n, _ := io.Copy(io.Discard, in); n > 0 && c.status == 0 {
					t.Errorf("%s: %d bytes are left on the pipe", c.name, n)
				}
				if why, err := s.Suppression(context.Background(), w, person.Email); err != nil || why != c.why {
					t.Errorf("%s: suppressed %q, %v; want %q", c.name, why, err, c.why)
				}
			}
		})
	}
}

type filling struct{}

func (filling) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '\n'
	}
	return len(p), nil
}
