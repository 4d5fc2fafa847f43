package mailer

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/mail"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jhillyerd/enmime/v2"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// Mailbox is a transport for trying things out: it keeps letters as files in a
// folder, named so that they sort by time, and reads them as a mail program
// does. Nothing leaves the machine.
type Mailbox struct {
	folder *os.Root
	now    func() time.Time
	opened sync.Map // the ids of letters that were read since the start
}

// MailHead is a letter as a list shows it.
type MailHead struct {
	ID      string
	From    string
	To      string
	Subject string
	Date    time.Time
	Unread  bool // in a list: nobody has read it since the start
}

// MailHeader is one header field, decoded and in one line.
type MailHeader struct{ Name, Value string }

// Mail is a letter as a mail program shows it.
type Mail struct {
	MailHead
	HTML    string
	Text    string
	Headers []MailHeader // as they stand in the letter
	Raw     []byte
}

const mailExtension = ".eml"

var mailIDPattern = regexp.MustCompile(`^\d{8}T\d{6}\.\d{9}-\d{4}$`)

// OpenMailbox opens the mailbox in a folder, which is created when missing.
func OpenMailbox(folder string, now func() time.Time) (*Mailbox, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("create the mailbox: %w", err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("open the mailbox: %w", err)
	}
	return &Mailbox{folder: root, now: now}, nil
}

// Close releases the folder.
func (m *Mailbox) Close() error { return m.folder.Close() }

// Deliver keeps a letter. It is an outage when the folder cannot be written.
func (m *Mailbox) Deliver(_ context.Context, letter store.Letter) Result {
	if err := m.write(letter.AppendTo(nil)); err != nil {
		return Result{Outcome: Outage, Problem: problem(err.Error())}
	}
	return Result{Outcome: Sent}
}

// write stores a message under the next free name. A message appears whole or
// not at all: it is linked to its name when all of it is written.
func (m *Mailbox) write(message []byte) error {
	stamp := m.now().UTC().Format("20060102T150405.000000000")
	for n := range 10_000 {
		name := fmt.Sprintf("%s-%04d", stamp, n)
		partial := name + ".part"
		file, err := m.folder.OpenFile(partial, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("create a letter in the mailbox: %w", err)
		}
		_, err = file.Write(message)
		err = errors.Join(err, file.Close())
		if err == nil {
			err = m.folder.Link(partial, name+mailExtension)
		}
		err = errors.Join(err, m.folder.Remove(partial))
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("write a letter to the mailbox: %w", err)
		}
		return nil
	}
	return errors.New("the mailbox has too many letters of one moment")
}

// List returns the heads of up to limit letters, the newest first.
func (m *Mailbox) List(limit int) ([]MailHead, error) {
	entries, err := fs.ReadDir(m.folder.FS(), ".")
	if err != nil {
		return nil, fmt.Errorf("list the mailbox: %w", err)
	}
	var heads []MailHead
	for _, entry := range slices.Backward(entries) {
		id, isMail := strings.CutSuffix(entry.Name(), mailExtension)
		if !isMail || !mailIDPattern.MatchString(id) {
			continue
		}
		if len(heads) == limit {
			break
		}
		head, err := m.head(id)
		if err != nil {
			return nil, err
		}
		_, opened := m.opened.Load(id)
		head.Unread = !opened
		heads = append(heads, head)
	}
	return heads, nil
}

// head reads the headers of a letter only.
func (m *Mailbox) head(id string) (MailHead, error) {
	file, err := m.folder.Open(id + mailExtension)
	if err != nil {
		return MailHead{}, fmt.Errorf("open the letter %s: %w", id, err)
	}
	defer file.Close()
	parsed, err := mail.ReadMessage(file)
	if err != nil {
		return MailHead{}, fmt.Errorf("read the head of the letter %s: %w", id, err)
	}
	return headOf(id, parsed.Header.Get), nil
}

// headOf reads a head; a date that cannot be read is the zero time.
func headOf(id string, header func(string) string) MailHead {
	date, err := mail.ParseDate(header("Date"))
	if err != nil {
		date = time.Time{}
	}
	return MailHead{ID: id, From: decoded(header("From")), To: decoded(header("To")), Subject: decoded(header("Subject")), Date: date.UTC()}
}

// decoded turns the encoded words of RFC 2047 into text.
func decoded(value string) string {
	text, err := new(mime.WordDecoder).DecodeHeader(value)
	if err != nil {
		return value
	}
	return text
}

// Get reads a letter. It is NotFound when there is none of that id, whatever
// the id looks like.
func (m *Mailbox) Get(id string) (Mail, error) {
	if !mailIDPattern.MatchString(id) {
		return Mail{}, surveys.Fail(surveys.NotFound, "not_found")
	}
	file, err := m.folder.Open(id + mailExtension)
	if errors.Is(err, fs.ErrNotExist) {
		return Mail{}, surveys.Fail(surveys.NotFound, "not_found")
	}
	if err != nil {
		return Mail{}, fmt.Errorf("open the letter %s: %w", id, err)
	}
	defer file.Close()
	raw, err := io.ReadAll(file)
	if err != nil {
		return Mail{}, fmt.Errorf("read the letter %s: %w", id, err)
	}
	envelope, err := enmime.ReadEnvelope(bytes.NewReader(raw))
	if err != nil {
		return Mail{}, fmt.Errorf("understand the letter %s: %w", id, err)
	}
	m.opened.Store(id, true)
	return Mail{
		MailHead: headOf(id, envelope.Root.Header.Get),
		HTML:     withPictures(envelope), Text: envelope.Text, Headers: headersOf(raw), Raw: raw,
	}, nil
}

// withPictures is the HTML of a letter with the pictures that it carries put into
// their places, as a mail program shows it.
func withPictures(envelope *enmime.Envelope) string {
	html := envelope.HTML
	for _, part := range slices.Concat(envelope.Inlines, envelope.OtherParts, envelope.Attachments) {
		if part.ContentID != "" && strings.HasPrefix(part.ContentType, "image/") {
			html = strings.ReplaceAll(html, "cid:"+part.ContentID, "data:"+part.ContentType+";base64,"+base64.StdEncoding.EncodeToString(part.Content))
		}
	}
	return html
}

// Unread counts the letters that nobody has read since the start.
func (m *Mailbox) Unread() int64 {
	entries, err := fs.ReadDir(m.folder.FS(), ".")
	if err != nil {
		return 0 // the list says what is wrong
	}
	var unread int64
	for _, entry := range entries {
		id, isMail := strings.CutSuffix(entry.Name(), mailExtension)
		if _, opened := m.opened.Load(id); isMail && !opened {
			unread++
		}
	}
	return unread
}

// headersOf reads the header fields in their order, unfolded and decoded.
func headersOf(raw []byte) []MailHeader {
	head, _, _ := bytes.Cut(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\n\n"))
	var fields []MailHeader
	for line := range strings.SplitSeq(string(head), "\n") {
		name, value, found := strings.Cut(line, ":")
		switch folded := strings.TrimLeft(line, " \t"); {
		case folded != line && len(fields) > 0:
			fields[len(fields)-1].Value += " " + folded
		case found:
			fields = append(fields, MailHeader{Name: name, Value: strings.TrimSpace(value)})
		}
	}
	for i := range fields {
		fields[i].Value = decoded(strings.TrimSpace(fields[i].Value))
	}
	return fields
}
