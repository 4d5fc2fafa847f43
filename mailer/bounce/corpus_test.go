package bounce_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/harkhq/hark/mailer/bounce"
	"github.com/harkhq/hark/surveys"
)

const (
	letterID  = "019a1014-f400-7000-8000-000000000001"
	messageID = "inv-" + letterID + "@shop.example"
)

// shop is the workspace whose letters the corpus is about.
func shop() surveys.Workspace {
	return surveys.Workspace{Key: "hark0000", Secret: []byte("0123456789abcdef0123456789abcdef")}
}

// expected is a line of testdata/expected.tsv: what a message is, by hand.
type expected struct {
	file, kind, class, status, recipient, about string
}

func corpus(tb testing.TB) []expected {
	tb.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "expected.tsv"))
	if err != nil {
		tb.Fatal(err)
	}
	var list []expected
	for row := range strings.Lines(string(raw)) {
		if strings.HasPrefix(row, "#") {
			continue
		}
		f := strings.Split(strings.TrimSpace(row), "\t")
		if len(f) != 6 {
			tb.Fatalf("the line %q has %d fields", row, len(f))
		}
		for i := range f {
			if f[i] == "-" {
				f[i] = ""
			}
		}
		list = append(list, expected{f[0], f[1], f[2], f[3], f[4], f[5]})
	}
	return list
}

func message(tb testing.TB, file string) []byte {
	tb.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", file+".eml"))
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

// TestCorpus reads the corpus as files keep it and with the line ends of SMTP.
// Of the classes at least 98 % have to be right, and no automatic reply may be
// anything that ends mails to somebody.
func TestCorpus(t *testing.T) {
	t.Parallel()
	list := corpus(t)
	if len(list) < 569 {
		t.Fatalf("the corpus has %d messages", len(list))
	}
	wrong := 0
	for _, want := range list {
		raw := message(t, want.file)
		for _, form := range [][]byte{raw, bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n"))} {
			got := bounce.Parse(bytes.NewReader(form))
			if string(got.Kind) != want.kind || string(got.Class) != want.class {
				t.Logf("%s: %s %q, want %s %q (status %q, %q)", want.file, got.Kind, got.Class, want.kind, want.class, got.Status, got.Diagnostic)
				wrong++
			}
			if want.kind == string(bounce.AutoReply) && got.Class.Ends(surveys.PassingBounces) != "" {
				t.Errorf("%s: an automatic reply would end mails", want.file)
			}
			if got.Status != want.status {
				t.Errorf("%s: status %q, want %q", want.file, got.Status, want.status)
			}
			if got.Recipient != want.recipient {
				t.Errorf("%s: about %q, want %q", want.file, got.Recipient, want.recipient)
			}
			if got.Class.Failed() && got.Diagnostic == "" && want.file != "exchange-2003-no-diagnostic" {
				t.Errorf("%s: no words of the mail server", want.file)
			}
			checkAbout(t, want, got)
		}
	}
	t.Logf("%d messages in two forms, %d wrong", len(list), wrong)
	if float64(wrong) > 0.02*float64(2*len(list)) {
		t.Errorf("%d of %d are wrong", wrong, 2*len(list))
	}
}

// checkAbout holds what leads to the letter against what the corpus says.
func checkAbout(t *testing.T, want expected, got bounce.Report) {
	t.Helper()
	kind := surveys.ReturnBounce
	if want.about == "unsub" {
		kind = surveys.ReturnUnsubscribe
	}
	if !slices.ContainsFunc(got.Returns, func(r surveys.Return) bool {
		return r.Kind == kind && r.InvitationID == letterID && r.By(shop())
	}) {
		t.Errorf("%s: no address of the kind %q leads to the letter: %+v", want.file, kind, got.Returns)
	}
	if want.about == "both" && got.OriginalID != messageID {
		t.Errorf("%s: about the message %q", want.file, got.OriginalID)
	}
}
