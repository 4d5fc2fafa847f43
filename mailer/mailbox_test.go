package mailer

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func openMailbox(t *testing.T, now func() time.Time) (*Mailbox, string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "mail")
	m, err := OpenMailbox(folder, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m, folder
}

func TestMailboxShowsALetter(t *testing.T) {
	t.Parallel()
	m, _ := openMailbox(t, storetest.Start)
	a := asking()
	a.Person.Name, a.Workspace.Name = "Żółć", "Bäckerei Süß"
	c, _ := composed(t, a)
	if got := m.Deliver(t.Context(), c.Letter); got != (Result{Outcome: Sent}) {
		t.Fatalf("result %+v", got)
	}
	heads, err := m.List(10)
	if err != nil || len(heads) != 1 {
		t.Fatalf("List = %v, %v", heads, err)
	}
	got, err := m.Get(heads[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	want := MailHead{
		ID: "20260302T090000.000000000-0000", From: `"Bäckerei Süß" <feedback@shop.example>`, To: "<ana@customers.example>",
		Subject: "Żółć, one question from Bäckerei Süß", Date: storetest.Start(),
	}
	listed := want
	listed.Unread = true
	listed.From = heads[0].From
	want.From = got.From // its quotes are the decoder's choice; checked below
	if got.MailHead != want || heads[0] != listed || !strings.Contains(got.From, "Bäckerei Süß") {
		t.Errorf("head %+v, listed %+v, want %+v", got.MailHead, heads[0], want)
	}
	if !strings.Contains(got.HTML, "Hello Żółć") || !strings.Contains(got.Text, "Hello Żółć") || string(got.Raw) != string(c.Letter.Message) {
		t.Errorf("letter %+v", got)
	}
	headers := make(map[string]string)
	for _, header := range got.Headers {
		if headers[header.Name] != "" {
			t.Errorf("header %s twice", header.Name)
		}
		headers[header.Name] = header.Value
	}
	if headers["Subject"] != want.Subject || headers["List-Unsubscribe-Post"] != "List-Unsubscribe=One-Click" || !strings.HasPrefix(headers["Content-Type"], "multipart/alternative; boundary=") {
		t.Errorf("headers %+v", got.Headers)
	}
}

func TestMailboxListsTheNewestFirst(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	m, folder := openMailbox(t, clock.Now)
	for n := range 25 {
		if n%3 == 0 {
			clock.Advance(time.Millisecond)
		}
		m.Deliver(t.Context(), store.Letter{Message: fmt.Appendf(nil, "Subject: %d\r\n\r\nhello\r\n", n)})
	}
	for _, stranger := range []string{"notes.txt", "x.eml", "20260302T090000.000000000-0000.part"} {
		if err := os.WriteFile(filepath.Join(folder, stranger), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for limit, want := range map[int]int{0: 0, 10: 10, 100: 25} {
		heads, err := m.List(limit)
		if err != nil || len(heads) != want {
			t.Fatalf("List(%d) gives %d, %v, want %d", limit, len(heads), err, want)
		}
		for i, head := range heads {
			if head.Subject != fmt.Sprint(24-i) {
				t.Errorf("place %d has letter %s", i, head.Subject)
			}
		}
	}
}

func TestMailboxKeepsAllOfOneMoment(t *testing.T) {
	t.Parallel()
	m, _ := openMailbox(t, storetest.Start)
	var all sync.WaitGroup
	for n := range 40 {
		all.Go(func() {
			if got := m.Deliver(t.Context(), aLetter(n)); got.Outcome != Sent {
				t.Errorf("%+v", got)
			}
		})
	}
	all.Wait()
	if heads, err := m.List(100); err != nil || len(heads) != 40 {
		t.Errorf("%d letters, %v, want 40", len(heads), err)
	}
}

func TestMailboxGetsOnlyItsOwn(t *testing.T) {
	t.Parallel()
	m, folder := openMailbox(t, storetest.Start)
	secret := filepath.Join(filepath.Dir(folder), "20260302T090000.000000000-0001.eml")
	if err := os.WriteFile(secret, []byte("Subject: secret\r\n\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(folder, "20260302T090000.000000000-0007.eml")); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{
		"", ".", "..", "../20260302T090000.000000000-0001", "..%2f20260302T090000.000000000-0001", "/etc/passwd", "20260302T090000.000000000-0001",
		"20260302T090000.000000000-0001\x00", "20260302T090000.000000000-0001/..", `..\20260302T090000.000000000-0001`, "20260302T090000.000000000-0001.eml\n",
	} {
		if got, err := m.Get(id); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("Get(%q) = %+v, %v, want NotFound", id, got, err)
		}
	}
	if got, err := m.Get("20260302T090000.000000000-0007"); err == nil {
		t.Errorf("a link out of the folder was followed: %+v", got)
	}
}

func TestMailboxThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	m, folder := openMailbox(t, storetest.Start)
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if got := m.Deliver(t.Context(), aLetter(1)); got.Outcome != Outage || got.Problem == "" {
		t.Errorf("result %+v, want an outage with its reason", got)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenMailbox(file, storetest.Start); err == nil {
		t.Error("a file was opened as a mailbox")
	}
}
