package table

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// MaxRecord bounds a row, in bytes of UTF-8. A longer one is refused without
// being read into memory.
const MaxRecord = 1 << 20

// bufferSize is how much is read at once, and how much [Open] looks at.
const bufferSize = 64 << 10

// Options say how a file is written, where that is known better than by
// looking. Zero fields are found out.
type Options struct {
	Delimiter byte   // ',', ';', '\t' or '|'
	Encoding  string // one of [Encodings]
}

// Record is a row. Its fields are as many as the header's.
type Record struct {
	Line   int      // on which it starts, from 1
	Fields []string // valid until the next row is read
}

// RowError says what is wrong with one row. Reading may go on after it.
type RowError struct {
	Line    int
	Column  string // the header's name; "" when it is the row as a whole
	Problem string
}

// Error names the line, the column and the problem.
func (e *RowError) Error() string {
	if e.Column == "" {
		return fmt.Sprintf("line %d: %s", e.Line, e.Problem)
	}
	return fmt.Sprintf("line %d, column %q: %s", e.Line, e.Column, e.Problem)
}

// Reader reads a table row by row. It is not safe for concurrent use.
type Reader struct {
	in        *bufio.Reader
	delimiter byte
	eol       byte
	encoding  string
	header    []string
	line      int    // lines read so far
	passed    bool   // the end of the line that is too long was read
	raw       []byte // the row as it stands in the file
	plain     []byte // a quoted row without its quotes
	ends      []int  // where each field ends in plain
	fields    []string
	subtitles bool // the next row may be a second header
}

// Open reads the header of a table. An error names what is wrong with the file
// as a whole.
func Open(r io.Reader, o Options) (*Reader, error) {
	t := &Reader{}
	if err := t.decode(r, o.Encoding); err != nil {
		return nil, err
	}
	sample, err := t.in.Peek(bufferSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	if len(bytes.TrimSpace(sample)) == 0 {
		return nil, errors.New("the file is empty: its first line must name the columns")
	}
	t.eol = lineEnd(sample)
	t.delimiter = o.Delimiter
	if declared, length := declaredDelimiter(sample); length > 0 {
		_, _ = t.in.Discard(length) // it was peeked at
		t.line++
		sample = sample[length:]
		if t.delimiter == 0 {
			t.delimiter = declared
		}
	}
	if t.delimiter == 0 {
		t.delimiter = guessDelimiter(sample, t.eol)
	}
	return t, t.readHeader()
}

func (t *Reader) readHeader() error {
	record, err := t.record()
	for err == nil && blank(record.Fields) {
		record, err = t.record()
	}
	var row *RowError
	switch {
	case errors.Is(err, io.EOF):
		return errors.New("the file is empty: its first line must name the columns")
	case errors.As(err, &row):
		return fmt.Errorf("read the header: %w", err)
	case err != nil:
		return err
	}
	for _, name := range record.Fields {
		t.header = append(t.header, strings.TrimSpace(name))
	}
	for len(t.header) > 1 && t.header[len(t.header)-1] == "" {
		t.header = t.header[:len(t.header)-1]
	}
	t.subtitles = true
	return nil
}

// Header lists the names of the columns.
func (t *Reader) Header() []string { return t.header }

// Next returns the next row that is not blank, io.EOF after the last, a
// [RowError] for a row that cannot be read, and any other error when nothing
// more can be.
func (t *Reader) Next() (Record, error) {
	for {
		record, err := t.record()
		if err != nil {
			return record, err
		}
		if blank(record.Fields) || t.subtitle(record.Fields) {
			continue
		}
		return t.fit(record)
	}
}

// fit refuses a row with other columns than the header's. Empty fields beyond
// them are spreadsheets' way to end a line.
func (t *Reader) fit(record Record) (Record, error) {
	n := len(t.header)
	if len(record.Fields) > n && blank(record.Fields[n:]) {
		record.Fields = record.Fields[:n]
	}
	if got := len(record.Fields); got != n {
		return record, &RowError{Line: record.Line, Problem: fmt.Sprintf("has %s, and the header has %d: is a field with a %s in it not quoted?", count(got, "field"), n, t.delimiterName())}
	}
	return record, nil
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// subtitle reports whether the first row after the header is the second header
// that SurveyMonkey's exports have.
func (t *Reader) subtitle(fields []string) bool {
	if !t.subtitles {
		return false
	}
	t.subtitles = false
	found := false
	for _, field := range fields {
		switch strings.TrimSpace(field) {
		case "":
		case "Response", "Open-Ended Response":
			found = true
		default:
			return false
		}
	}
	return found
}

func blank(fields []string) bool {
	for _, field := range fields {
		if strings.TrimSpace(field) != "" {
			return false
		}
	}
	return true
}

// record reads one row, of whatever number of fields.
func (t *Reader) record() (Record, error) {
	record := Record{Line: t.line + 1}
	t.raw = t.raw[:0]
	if err := t.more(); err != nil {
		if errors.Is(err, errLong) {
			return record, t.skipLine(record.Line)
		}
		return record, err
	}
	if bytes.IndexByte(t.raw, '"') < 0 {
		t.split(string(t.withoutEnd()))
	} else if err := t.unquote(record.Line); err != nil {
		return record, err
	}
	record.Fields = t.fields
	return record, t.checkText(record)
}

// errLong says that the row has more than MaxRecord bytes.
var errLong = errors.New("longer than a row may be")

// more appends the next line of the file to the row.
func (t *Reader) more() error {
	for {
		chunk, err := t.in.ReadSlice(t.eol)
		if len(t.raw)+len(chunk) > MaxRecord {
			t.passed = !errors.Is(err, bufio.ErrBufferFull)
			return errLong
		}
		t.raw = append(t.raw, chunk...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(t.raw) > 0 && len(chunk) > 0:
		case err != nil:
			return t.readError(err)
		}
		t.line++
		return nil
	}
}

func (t *Reader) readError(err error) error {
	if errors.Is(err, io.EOF) {
		return io.EOF
	}
	return fmt.Errorf("read line %d: %w", t.line+1, err)
}

// skipLine passes over the rest of a line that is too long.
func (t *Reader) skipLine(line int) error {
	for !t.passed {
		_, err := t.in.ReadSlice(t.eol)
		t.passed = !errors.Is(err, bufio.ErrBufferFull)
		if t.passed && err != nil && !errors.Is(err, io.EOF) {
			return t.readError(err)
		}
	}
	t.line++
	return &RowError{Line: line, Problem: fmt.Sprintf("is longer than %d KB", MaxRecord>>10)}
}

// withoutEnd is the row without its line end.
func (t *Reader) withoutEnd() []byte {
	raw := t.raw
	if n := len(raw); n > 0 && raw[n-1] == t.eol {
		raw = raw[:n-1]
	}
	if n := len(raw); n > 0 && raw[n-1] == '\r' {
		raw = raw[:n-1]
	}
	return raw
}

// split cuts a row that has no quotes.
func (t *Reader) split(row string) {
	t.fields = t.fields[:0]
	for {
		at := strings.IndexByte(row, t.delimiter)
		if at < 0 {
			t.fields = append(t.fields, row)
			return
		}
		t.fields = append(t.fields, row[:at])
		row = row[at+1:]
	}
}

// checkText refuses what no database keeps as text.
func (t *Reader) checkText(record Record) error {
	if utf8.Valid(t.raw) && bytes.IndexByte(t.raw, 0) < 0 && (t.encoding == UTF8 || !bytes.Contains(t.raw, []byte("\uFFFD"))) {
		return nil
	}
	for i, field := range record.Fields {
		problem := ""
		switch {
		case strings.IndexByte(field, 0) >= 0:
			problem = "contains a NUL byte"
		case !utf8.ValidString(field):
			problem = fmt.Sprintf("contains %s, which is not UTF-8: save the file as UTF-8, or say its encoding with --encoding (%s)", firstInvalid(field), strings.Join(Encodings()[1:], ", "))
		case t.encoding != UTF8 && strings.Contains(field, "\uFFFD"):
			problem = "contains bytes that are not " + t.encoding
		default:
			continue
		}
		row := &RowError{Line: record.Line, Problem: problem}
		if i < len(t.header) {
			row.Column = t.header[i]
		}
		return row
	}
	return nil
}

// firstInvalid names the first byte that is not UTF-8.
func firstInvalid(text string) string {
	for i, r := range text {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(text[i:]); size == 1 {
				return fmt.Sprintf("the byte %#02x", text[i])
			}
		}
	}
	return "a byte"
}
