package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// unquote cuts a row that has quotes, and reads on while a quoted field goes
// over the end of a line. A quote in the middle of an unquoted field stands for
// itself, as people write 5" pipe.
func (t *Reader) unquote(line int) error {
	t.plain, t.ends = t.plain[:0], t.ends[:0]
	for at := 0; ; {
		next, err := t.field(at, line)
		if err != nil {
			return err
		}
		t.ends = append(t.ends, len(t.plain))
		if next >= len(t.raw) || t.raw[next] != t.delimiter {
			break
		}
		at = next + 1
	}
	text := string(t.plain)
	t.fields = t.fields[:0]
	start := 0
	for _, end := range t.ends {
		t.fields = append(t.fields, text[start:end])
		start = end
	}
	return nil
}

// field appends the field at a place of the row to plain and returns the place
// of what ends it: a delimiter, or the end of the row.
func (t *Reader) field(at, line int) (int, error) {
	if at >= len(t.raw) || t.raw[at] != '"' {
		end := len(t.withoutEnd())
		if found := bytes.IndexByte(t.raw[at:end], t.delimiter); found >= 0 {
			end = at + found
		}
		t.plain = append(t.plain, t.raw[at:end]...)
		return end, nil
	}
	opened := t.line
	for at++; ; {
		found := bytes.IndexByte(t.raw[at:], '"')
		if found < 0 {
			t.plain = append(t.plain, t.raw[at:]...)
			at = len(t.raw)
			if err := t.more(); err != nil {
				return at, t.neverClosed(err, opened)
			}
			continue
		}
		t.plain = append(t.plain, t.raw[at:at+found]...)
		at += found + 1
		if at < len(t.raw) && t.raw[at] == '"' {
			t.plain = append(t.plain, '"')
			at++
			continue
		}
		if at >= len(t.withoutEnd()) || t.raw[at] == t.delimiter {
			return at, nil
		}
		return at, &RowError{Line: line, Problem: fmt.Sprintf("has a quote inside a quoted field, before %q: a quote in a text must be doubled", preview(t.raw[at:]))}
	}
}

// neverClosed tells the end of the file, or too much of it, inside a quoted
// field. Where the next row begins cannot be known then.
func (t *Reader) neverClosed(err error, opened int) error {
	switch {
	case errors.Is(err, io.EOF):
		return fmt.Errorf("the quoted field that opens on line %d is never closed", opened)
	case errors.Is(err, errLong):
		return fmt.Errorf("the quoted field that opens on line %d is not closed within %d KB", opened, MaxRecord>>10)
	}
	return err
}

func preview(text []byte) []byte {
	return text[:min(len(text), 12)]
}
