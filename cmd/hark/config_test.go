package main

import (
	"bytes"
	"context"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// hark runs the program in this process and returns its status and what it
// prints.
func hark(t *testing.T, environ []string, args ...string) (status int, out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status = run(context.Background(), args, environ, terminal{in: strings.NewReader(""), out: &stdout, err: &stderr})
	return status, stdout.String(), stderr.String()
}

func TestSettingsAreRefusedWithTheWayOut(t *testing.T) {
	t.Parallel()
	free := "HARK_ADDR=127.0.0.1:0"
	for _, test := range []struct {
		name    string
		environ []string
		args    []string
		want    string
	}{
		{"misspelled variable", []string{"HARK_DATABSE=sqlite:x.db"}, []string{"version"}, "did you mean HARK_DATABASE?"},
		{"misspelled flag", nil, []string{"serve", "--databse=x"}, "--database"},
		{"unknown database", []string{"HARK_DATABASE=mysql://root:secret@db/hark"}, []string{"migrate"}, "sqlite:PATH"},
		{"folder of the database missing", []string{"HARK_DATABASE=sqlite:" + t.TempDir() + "/none/hark.db"}, []string{"migrate"}, "none"},
		{"address without a scheme", []string{"HARK_URL=feedback.example.com", "HARK_DATABASE=sqlite:" + t.TempDir() + "/a.db", free}, []string{"serve"}, "HARK_URL"},
		{"address with a path", []string{"HARK_URL=https://example.com/hark", "HARK_DATABASE=sqlite:" + t.TempDir() + "/b.db", free}, []string{"serve"}, "host of its own"},
		{"mail server without a scheme", []string{"HARK_SMTP=mail.example.com:25", "HARK_DATABASE=sqlite:" + t.TempDir() + "/c.db", free}, []string{"serve"}, "HARK_SMTP"},
		{"mail server without a sender", []string{"HARK_SMTP=smtp+plain://127.0.0.1:2500", "HARK_DATABASE=sqlite:" + t.TempDir() + "/d.db", free}, []string{"serve"}, "HARK_MAIL_FROM is not set: mails need a sender"},
		{"mail from somebody without an address", []string{"HARK_SMTP=smtp+plain://127.0.0.1:2500", "HARK_MAIL_FROM=Ana", "HARK_DATABASE=sqlite:" + t.TempDir() + "/f.db", free}, []string{"serve"}, `HARK_MAIL_FROM "Ana" is not a mail address`},
		{"name that no host has", []string{"HARK_MAIL_HELO=mail server", "HARK_DATABASE=sqlite:" + t.TempDir() + "/g.db", free}, []string{"serve"}, `HARK_MAIL_HELO "mail server" is not the name of a host`},
		{"address of a port alone", []string{"HARK_ADDR=8098"}, []string{"serve"}, "write :8098 or HOST:8098"},
		{"address of a port alone, of the demo", []string{"HARK_ADDR=8098"}, []string{"demo"}, "write :8098 or HOST:8098"},
		{"address of a port alone, of the health", []string{"HARK_ADDR=8098"}, []string{"health"}, "write :8098 or HOST:8098"},
		{"address that is none", []string{"HARK_ADDR=http://localhost:8080"}, []string{"serve"}, "no HOST:PORT"},
		{"address of no port", []string{"HARK_ADDR=localhost:98000"}, []string{"serve"}, "no HOST:PORT"},
		{"proxy that is no network", []string{"HARK_TRUSTED_PROXIES=proxy.local", "HARK_DATABASE=sqlite:" + t.TempDir() + "/e.db", free}, []string{"serve"}, "10.0.0.0/8"},
		{"log of another form", []string{"HARK_LOG=xml"}, []string{"version"}, "json"},
		{"unknown command", nil, []string{"srve"}, "srve"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			status, _, errs := hark(t, test.environ, test.args...)
			if status == 0 || !strings.Contains(errs, test.want) {
				t.Errorf("status %d, says %q; want a failure that says %q", status, errs, test.want)
			}
			if strings.Contains(errs, "NO MAIL") {
				t.Errorf("warns of the mail before it refuses: %q", errs)
			}
			if strings.Contains(errs, "secret") {
				t.Errorf("the message shows a password: %q", errs)
			}
		})
	}
}

// TestSettingsAreCheckedBeforeTheDatabase: what is wrong with them leaves no
// file behind, and all of it is said at once.
func TestSettingsAreCheckedBeforeTheDatabase(t *testing.T) {
	t.Parallel()
	file := t.TempDir() + "/hark.db"
	status, _, errs := hark(t, []string{"HARK_DATABASE=sqlite:" + file, "HARK_ADDR=8098", "HARK_URL=nowhere", "HARK_SMTP=smtp://mx.example.com"}, "serve")
	for _, want := range []string{"HARK_ADDR", "HARK_URL", "HARK_MAIL_FROM"} {
		if status == 0 || !strings.Contains(errs, want) {
			t.Errorf("status %d, says %q, want %s", status, errs, want)
		}
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("the database was made: %v", err)
	}
}

// TestSettingsAreDocumented compares the table of the README with
// the struct: every setting, its default, and no other.
func TestSettingsAreDocumented(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	documented := make(map[string]string)
	for _, row := range regexp.MustCompile("(?m)^\\| `(HARK_[A-Z_]+)` \\|([^|]*)\\|").FindAllStringSubmatch(string(page), -1) {
		documented[row[1]] = strings.Trim(strings.TrimSpace(row[2]), "`")
	}
	kind := reflect.TypeFor[Settings]()
	names := settingNames()
	for i, name := range names {
		said, ok := documented[name]
		if fallback := kind.Field(i).Tag.Get("default"); !ok || said != fallback {
			t.Errorf("the README says %q is %q by default, the program %q", name, said, fallback)
		}
	}
	for name := range documented {
		if !slices.Contains(names, name) {
			t.Errorf("the README has %s, which is no setting", name)
		}
	}
}

// TestServersCallThemselvesByTheirSite unless they are told another name.
func TestServersCallThemselvesByTheirSite(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]Settings{
		"feedback.example.com": {URL: "https://feedback.example.com"},
		"mx7.example.com":      {URL: "https://feedback.example.com", MailHelo: "mx7.example.com"},
		"localhost":            {URL: "http://localhost:8080"},
		"[192.0.2.7]":          {URL: "http://192.0.2.7:8080"},
		"":                     {URL: "http://under_score:8080"}, // the machine's
	} {
		if got, err := s.hello(); err != nil || got != want {
			t.Errorf("%s %s: %q, %v, want %q", s.URL, s.MailHelo, got, err, want)
		}
	}
}

func TestNearestSetting(t *testing.T) {
	t.Parallel()
	for misspelled, want := range map[string]string{"HARK_DATABSE": "HARK_DATABASE", "HARK_ADRESS": "HARK_ADDR", "HARK_MAILFROM": "HARK_MAIL_FROM", "HARK_TRUSTED_PROXY": "HARK_TRUSTED_PROXIES"} {
		if got := nearest(misspelled, settingNames()); got != want {
			t.Errorf("nearest(%s) = %s, want %s", misspelled, got, want)
		}
	}
}
