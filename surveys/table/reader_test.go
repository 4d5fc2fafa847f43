package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// readAll returns the header and every row as text: fields joined by a bar, or
// the error of a row that cannot be read.
func readAll(t *testing.T, file string, o Options) (header, rows []string, err error) {
	t.Helper()
	r, err := Open(strings.NewReader(file), o)
	if err != nil {
		return nil, nil, err
	}
	for {
		record, err := r.Next()
		var row *RowError
		switch {
		case errors.Is(err, io.EOF):
			return r.Header(), rows, nil
		case errors.As(err, &row):
			rows = append(rows, row.Error())
		case err != nil:
			return r.Header(), rows, err
		default:
			rows = append(rows, fmt.Sprintf("%d: %s", record.Line, strings.Join(record.Fields, "|")))
		}
	}
}

func utf16le(text string) string {
	var out []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		out = append(out, byte(unit), byte(unit>>8))
	}
	return string(out)
}

func gbk(t *testing.T, text string) string {
	t.Helper()
	out, err := simplifiedchinese.GBK.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestReader(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", MaxRecord)
	for _, test := range []struct {
		name    string
		file    string
		options Options
		header  string
		rows    []string
		err     string // of the file as a whole
	}{
		{name: "plain", file: "score,date\n9,2026-03-01\n7,2026-03-02\n", header: "score|date", rows: []string{"2: 9|2026-03-01", "3: 7|2026-03-02"}},
		{name: "no line end at the end", file: "a,b\n1,2", header: "a|b", rows: []string{"2: 1|2"}},
		{name: "byte order mark", file: "\uFEFFscore,b\n9,1\n", header: "score|b", rows: []string{"2: 9|1"}},
		{name: "semicolons", file: "a;b\n1,5;2\n", header: "a|b", rows: []string{"2: 1,5|2"}},
		{name: "tabs", file: "a\tb, c\n1\t2\n", header: "a|b, c", rows: []string{"2: 1|2"}},
		{name: "bars", file: "a|b\n1|2\n", header: "a|b", rows: []string{"2: 1|2"}},
		{name: "one column", file: "score\n9\n10\n", header: "score", rows: []string{"2: 9", "3: 10"}},
		{name: "declared delimiter", file: "sep=;\r\na;b\r\n1;2\r\n", header: "a|b", rows: []string{"3: 1|2"}},
		{name: "named delimiter", file: "a;b,c\n1;2,3\n", options: Options{Delimiter: ','}, header: "a;b|c", rows: []string{"2: 1;2|3"}},
		{name: "commas in quotes do not vote", file: "a;b\n\"1,2,3\";x\n\"4,5,6\";y\n", header: "a|b", rows: []string{"2: 1,2,3|x", "3: 4,5,6|y"}},
		{name: "windows line ends", file: "a,b\r\n1,2\r\n\r\n3,4\r\n", header: "a|b", rows: []string{"2: 1|2", "4: 3|4"}},
		{name: "old mac line ends", file: "a,b\r1,2\r3,4\r", header: "a|b", rows: []string{"2: 1|2", "3: 3|4"}},
		{name: "quotes", file: "a,b\n\"x, \"\"y\"\"\",\"\"\n", header: "a|b", rows: []string{`2: x, "y"|`}},
		{name: "a quoted field over lines", file: "a,b\n\"one\ntwo\r\n\",2\n3,4\n", header: "a|b", rows: []string{"2: one\ntwo\r\n|2", "5: 3|4"}},
		{name: "a quote that stands for itself", file: "a,b\n5\" pipe,2\n", header: "a|b", rows: []string{`2: 5" pipe|2`}},
		{name: "a quote not doubled", file: "a,b\n\"the \"best\" one\",2\n3,4\n", header: "a|b",
			rows: []string{`line 2: has a quote inside a quoted field, before "best\" one\",2": a quote in a text must be doubled`, "3: 3|4"}},
		{name: "a quote never closed", file: "a,b\n1,2\n\"3,4\n5,6\n", header: "a|b", rows: []string{"2: 1|2"}, err: "the quoted field that opens on line 3 is never closed"},
		{name: "a quote never closed in a large file", file: "a,b\n\"3,4\n" + strings.Repeat("x\n", MaxRecord), header: "a|b", err: "the quoted field that opens on line 2 is not closed within 1024 KB"},
		{name: "too few fields", file: "a,b,c\n1,2\n1,2,3\n", header: "a|b|c", rows: []string{"line 2: has 2 fields, and the header has 3: is a field with a comma in it not quoted?", "3: 1|2|3"}},
		{name: "too many fields", file: "a,b\n1,2,3\n", header: "a|b", rows: []string{"line 2: has 3 fields, and the header has 2: is a field with a comma in it not quoted?"}},
		{name: "empty fields at the end", file: "a,b,,\n1,2,,\n,,,\n3,4\n", header: "a|b", rows: []string{"2: 1|2", "4: 3|4"}},
		{name: "a line too long", file: "a,b\n" + long + ",1\n3,4\n", header: "a|b", rows: []string{"line 2: is longer than 1024 KB", "3: 3|4"}},
		{name: "a last line too long", file: "a,b\nx" + long, header: "a|b", rows: []string{"line 2: is longer than 1024 KB"}},
		{name: "invalid UTF-8", file: "a,b\n1,M\xfcller\n3,4\n", header: "a|b",
			rows: []string{`line 2, column "b": contains the byte 0xfc, which is not UTF-8: save the file as UTF-8, or say its encoding with --encoding (utf-16le, utf-16be, gb18030, windows-1252)`, "3: 3|4"}},
		{name: "NUL", file: "a,b\n1,x\x00y\n", header: "a|b", rows: []string{`line 2, column "b": contains a NUL byte`}},
		{name: "UTF-16 with a mark", file: utf16le("\uFEFFa\tb\n9\t好\n"), header: "a|b", rows: []string{"2: 9|好"}},
		{name: "UTF-16 without a mark", file: utf16le("a,b\n9,é\n"), header: "a|b", rows: []string{"2: 9|é"}},
		{name: "GBK", file: gbk(t, "分数,评论\n9,很好\n"), options: Options{Encoding: GB18030}, header: "分数|评论", rows: []string{"2: 9|很好"}},
		{name: "GBK unnamed", file: gbk(t, "分数,评论\n9,很好\n"), err: "read the header: line 1: contains the byte"},
		{name: "not GBK after all", file: "a,b\n1,\xff\n", options: Options{Encoding: GB18030}, header: "a|b", rows: []string{`line 2, column "b": contains bytes that are not gb18030`}},
		{name: "Windows-1252", file: "a,b\n1,M\xfcller\n", options: Options{Encoding: Windows1252}, header: "a|b", rows: []string{"2: 1|Müller"}},
		{name: "SurveyMonkey's second header", file: "Respondent ID,How likely?,Why?\n,Response,Open-Ended Response\n1,9,x\n", header: "Respondent ID|How likely?|Why?", rows: []string{"3: 1|9|x"}},
		{name: "empty", file: "", err: "the file is empty"},
		{name: "only a mark", file: "\uFEFF", err: "the file is empty"},
		{name: "only blank lines", file: "\n \n\n", err: "the file is empty"},
		{name: "unknown encoding", file: "a\n", options: Options{Encoding: "latin9"}, err: `the encoding "latin9" is not one of utf-8, utf-16le`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			header, rows, err := readAll(t, test.file, test.options)
			switch {
			case test.err == "" && err != nil:
				t.Fatalf("error %v", err)
			case test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)):
				t.Fatalf("error %v, want %q", err, test.err)
			}
			if got := strings.Join(header, "|"); got != test.header {
				t.Errorf("header %q, want %q", got, test.header)
			}
			if !slices.Equal(rows, test.rows) {
				t.Errorf("rows %q, want %q", rows, test.rows)
			}
		})
	}
}

// endless is a line of so many bytes that does not exist anywhere.
type endless struct{ left int64 }

func (e *endless) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n := int(min(int64(len(p)), e.left))
	for i := range p[:n] {
		p[i] = 'x'
	}
	e.left -= int64(n)
	return n, nil
}

func TestLineOfTwoGigabytesIsNotHeld(t *testing.T) {
	r, err := Open(io.MultiReader(strings.NewReader("a,b\n1,2\n"), &endless{left: 2 << 30}, strings.NewReader("\n3,4\n")), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	_, err = r.Next()
	runtime.GC()
	runtime.ReadMemStats(&after)
	var row *RowError
	if !errors.As(err, &row) || row.Line != 3 {
		t.Fatalf("error %v, want one of line 3", err)
	}
	if held := int64(after.HeapAlloc) - int64(before.HeapAlloc); held > 4*MaxRecord {
		t.Errorf("holds %d MB after the line", held>>20)
	}
	if record, err := r.Next(); err != nil || record.Line != 4 || record.Fields[0] != "3" {
		t.Errorf("the row after it is %v, %v", record, err)
	}
}

// broken fails after what it holds.
type broken struct{ text io.Reader }

func (b broken) Read(p []byte) (int, error) {
	n, err := b.text.Read(p)
	if errors.Is(err, io.EOF) {
		err = io.ErrClosedPipe
	}
	return n, err
}

func TestReaderTellsFailures(t *testing.T) {
	t.Parallel()
	r, err := Open(broken{strings.NewReader("a,b\n" + strings.Repeat("1,2\n", bufferSize))}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = r.Next()
	}
	if !errors.Is(err, io.ErrClosedPipe) || !strings.Contains(err.Error(), "read line") {
		t.Errorf("error %v, want the failure with its line", err)
	}
}

func FuzzReader(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "a;b\n\"x\"\"\";\n", "\xff\xfea\x00", "a\n\"", "sep=\t\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		r, err := Open(bytes.NewReader(file), Options{})
		if err != nil {
			return
		}
		for last := 0; ; {
			record, err := r.Next()
			var row *RowError
			if err != nil && !errors.As(err, &row) {
				return
			}
			if err == nil && (len(record.Fields) != len(r.Header()) || record.Line <= last) {
				t.Fatalf("%d fields on line %d after line %d under %q", len(record.Fields), record.Line, last, r.Header())
			}
			last = record.Line
		}
	})
}

func BenchmarkReader(b *testing.B) {
	file := "score,date,email,comment\n" + strings.Repeat("9,2026-03-01 10:00:00,somebody@example.com,\"Fast, and kind\"\n", 100_000)
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		r, err := Open(strings.NewReader(file), Options{})
		for err == nil {
			_, err = r.Next()
		}
		if !errors.Is(err, io.EOF) {
			b.Fatal(err)
		}
	}
}
