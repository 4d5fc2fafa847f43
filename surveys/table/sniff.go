package table

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// The encodings that are not found out by a byte order mark must be named.
const (
	UTF8        = "utf-8"
	UTF16LE     = "utf-16le"
	UTF16BE     = "utf-16be"
	GB18030     = "gb18030" // and so GBK and GB 2312
	Windows1252 = "windows-1252"
)

// Encodings lists what [Options.Encoding] may be.
func Encodings() []string { return []string{UTF8, UTF16LE, UTF16BE, GB18030, Windows1252} }

func encodingOf(name string) encoding.Encoding {
	switch name {
	case UTF16LE:
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case UTF16BE:
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case GB18030:
		return simplifiedchinese.GB18030
	case Windows1252:
		return charmap.Windows1252
	}
	return nil
}

// decode prepares the bytes of a file to be read as UTF-8, without its mark.
func (t *Reader) decode(r io.Reader, name string) error {
	if name != "" && !slices.Contains(Encodings(), name) {
		return fmt.Errorf("the encoding %q is not one of %s", name, strings.Join(Encodings(), ", "))
	}
	t.in = bufio.NewReaderSize(r, bufferSize)
	start, _ := t.in.Peek(4) // a failure to read comes again, and is told, when the sample is taken
	if name == "" {
		name = guessEncoding(start)
	}
	t.encoding = name
	if name == UTF8 {
		if bytes.HasPrefix(start, []byte("\uFEFF")) {
			_, _ = t.in.Discard(3) // it was peeked at
		}
		return nil
	}
	t.in = bufio.NewReaderSize(transform.NewReader(t.in, encodingOf(name).NewDecoder()), bufferSize)
	return nil
}

// guessEncoding looks for a mark, or for the zero bytes that Latin letters have
// in UTF-16.
func guessEncoding(start []byte) string {
	switch {
	case bytes.HasPrefix(start, []byte{0xff, 0xfe}), len(start) == 4 && start[0] != 0 && start[1] == 0 && start[3] == 0:
		return UTF16LE
	case bytes.HasPrefix(start, []byte{0xfe, 0xff}), len(start) == 4 && start[0] == 0 && start[1] != 0 && start[2] == 0:
		return UTF16BE
	}
	return UTF8
}

// lineEnd is how lines end: in \n, also after \r, or in \r alone.
func lineEnd(sample []byte) byte {
	if bytes.IndexByte(sample, '\n') < 0 && bytes.IndexByte(sample, '\r') >= 0 {
		return '\r'
	}
	return '\n'
}

// declaredDelimiter reads the line "sep=;" that some programs write first.
func declaredDelimiter(sample []byte) (delimiter byte, length int) {
	line, _, found := bytes.Cut(sample, []byte("\n"))
	text := bytes.TrimSuffix(line, []byte("\r"))
	if !found || len(text) != 5 || !bytes.EqualFold(text[:4], []byte("sep=")) {
		return 0, 0
	}
	return text[4], len(line) + 1
}

// delimiters are the candidates, the likeliest first.
const delimiters = ",;\t|"

// sniffed is how many rows a guess looks at.
const sniffed = 30

// guessDelimiter returns the candidate that cuts most rows into as many fields
// as the first, and into more fields where that is equal.
func guessDelimiter(sample []byte, eol byte) byte {
	best, bestRows, bestFields := byte(','), 0, 1
	for i := range len(delimiters) {
		widths := fieldCounts(sample, delimiters[i], eol)
		if len(widths) == 0 || widths[0] < 2 {
			continue
		}
		rows := 0
		for _, n := range widths {
			if n == widths[0] {
				rows++
			}
		}
		if rows > bestRows || rows == bestRows && widths[0] > bestFields {
			best, bestRows, bestFields = delimiters[i], rows, widths[0]
		}
	}
	return best
}

// fieldCounts counts the fields of the first rows, as far as they are complete.
func fieldCounts(sample []byte, delimiter, eol byte) []int {
	var widths []int
	fields, quoted, start := 1, false, true
	for i, b := range sample {
		switch {
		case b == '"' && (start || quoted || i > 0 && sample[i-1] == '"'): // the second of a doubled quote opens again
			quoted = !quoted
		case quoted:
		case b == delimiter:
			fields++
			start = true
			continue
		case b == eol:
			if fields > 1 || i > 0 && sample[i-1] != eol {
				widths = append(widths, fields)
			}
			if len(widths) == sniffed {
				return widths
			}
			fields, start = 1, true
			continue
		}
		start = false
	}
	if len(widths) == 0 {
		widths = append(widths, fields)
	}
	return widths
}

func (t *Reader) delimiterName() string {
	switch t.delimiter {
	case ',':
		return "comma"
	case ';':
		return "semicolon"
	case '\t':
		return "tab"
	}
	return fmt.Sprintf("%q", string(t.delimiter))
}
