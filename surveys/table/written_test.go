package table

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

func utf16be(text string) string {
	var out []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		out = append(out, byte(unit>>8), byte(unit))
	}
	return string(out)
}

func gb18030(t *testing.T, text string) string {
	t.Helper()
	out, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func windows1252(t *testing.T, text string) string {
	t.Helper()
	out, err := charmap.Windows1252.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// check reads a file and compares its rows, as readAll writes them.
func check(t *testing.T, file string, o Options, want ...string) {
	t.Helper()
	header, rows, err := readAll(t, file, o)
	if err != nil {
		t.Fatalf("error %v", err)
	}
	if got := append([]string{strings.Join(header, "|")}, rows...); !slices.Equal(got, want) {
		t.Errorf("read %q, want %q", got, want)
	}
}

// Each file is the same table: the bytes differ, and what is known of them.
func TestEveryEncodingReadsTheSame(t *testing.T) {
	t.Parallel()
	const western, chinese = "score,naïve\r\n9,“Müller” – 5 €\r\n", "分数,评论\n9,很好，谢谢\n"
	for _, test := range []struct {
		name     string
		file     string
		encoding string
		text     string
	}{
		{"UTF-8", western, "", western},
		{"UTF-8 with a mark", "\uFEFF" + western, "", western},
		{"UTF-8 with a mark, named", "\uFEFF" + western, UTF8, western},
		{"UTF-16 little end first, with a mark", utf16le("\uFEFF" + western), "", western},
		{"UTF-16 big end first, with a mark", utf16be("\uFEFF" + western), "", western},
		{"UTF-16 little end first, without a mark", utf16le(western), "", western},
		{"UTF-16 big end first, without a mark", utf16be(western), "", western},
		{"UTF-16 little end first, named", utf16le(chinese), UTF16LE, chinese},
		{"UTF-16 big end first, named", utf16be(chinese), UTF16BE, chinese},
		{"UTF-16 named, with a mark", utf16le("\uFEFF" + chinese), UTF16LE, chinese},
		{"Chinese in UTF-16 with a mark", utf16be("\uFEFF" + chinese), "", chinese},
		{"GB18030", gb18030(t, chinese), GB18030, chinese},
		{"GB18030 of four bytes", gb18030(t, "分数,评论\n9,很好😀\n"), GB18030, "分数,评论\n9,很好😀\n"},
		{"Windows-1252", windows1252(t, western), Windows1252, western},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			lines := strings.Split(strings.NewReplacer("\r", "", ",", "|").Replace(test.text), "\n")
			check(t, test.file, Options{Encoding: test.encoding}, lines[0], "2: "+lines[1])
		})
	}
}

func TestDelimiterIsFoundOut(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		file string
		want []string
	}{
		{"semicolons beside decimal commas", "score;weight\n9;1,5\n8;2,5\n", []string{"score|weight", "2: 9|1,5", "3: 8|2,5"}},
		{"tabs beside commas in every text", "score\tcomment\n9\tfast, kind\n8\tgood, cheap\n", []string{"score|comment", "2: 9|fast, kind", "3: 8|good, cheap"}},
		{"bars", "score|a,b\n9|x\n8|y\n", []string{"score|a,b", "2: 9|x", "3: 8|y"}},
		{"commas beside semicolons in a text", "score,comment\n9,a;b\n8,c\n", []string{"score|comment", "2: 9|a;b", "3: 8|c"}},
		{"a delimiter inside quotes over lines", "score;comment\n9;\"a,b\nc,d\"\n8;\"e\"\n", []string{"score|comment", "2: 9|a,b\nc,d", "4: 8|e"}},
		{"only a header", "score;date\n", []string{"score|date"}},
		{"a header without a line end", "score\tdate", []string{"score|date"}},
		{"declared in capitals", "SEP=|\na|b,c\n1|2,3\n", []string{"a|b,c", "3: 1|2,3"}},
		{"blank lines before the header", "\n\na;b\n1;2\n", []string{"a|b", "4: 1|2"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			check(t, test.file, Options{}, test.want...)
		})
	}
}

func TestQuotes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		rows string
		want []string
	}{
		{"all quoted", "\"1\",\"2\"\n", []string{"2: 1|2"}},
		{"empty quotes", "\"\",\"2\"\n", []string{"2: |2"}},
		{"only a doubled quote", "\"\"\"\",2\n", []string{`2: "|2`}},
		{"doubled at both ends", "\"\"\"so so\"\"\",2\n", []string{`2: "so so"|2`}},
		{"a stray quote in the middle", "it's 5\" wide,2\n", []string{`2: it's 5" wide|2`}},
		{"a stray quote at the end of the row", "1,5\"\n3,4\n", []string{`2: 1|5"`, "3: 3|4"}},
		{"a quoted last field at the end of the file", "1,\"2\"", []string{"2: 1|2"}},
		{"a delimiter and a line end inside", "\"a,b\nc\",2\n3,4\n", []string{"2: a,b\nc|2", "4: 3|4"}},
		{"blank lines inside", "\"a\n\n\nb\",2\n3,4\n", []string{"2: a\n\n\nb|2", "6: 3|4"}},
		{"windows line ends inside", "\"a\r\nb\",2\r\n3,4\r\n", []string{"2: a\r\nb|2", "4: 3|4"}},
		{"an error after lines inside names its own line", "\"a\nb\",2\n3\n", []string{"2: a\nb|2", "line 4: has 1 field, and the header has 2: is a field with a comma in it not quoted?"}},
		{"a row over lines that is ragged names its first", "\"a\nb\"\n3,4\n", []string{"line 2: has 1 field, and the header has 2: is a field with a comma in it not quoted?", "4: 3|4"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			check(t, "a,b\n"+test.rows, Options{Delimiter: ','}, append([]string{"a|b"}, test.want...)...)
		})
	}
}

func TestTextThatNoDatabaseKeeps(t *testing.T) {
	t.Parallel()
	const advice = ", which is not UTF-8: save the file as UTF-8, or say its encoding with --encoding (utf-16le, utf-16be, gb18030, windows-1252)"
	for _, test := range []struct {
		name string
		row  string
		want string
	}{
		{"a byte that begins nothing", "1,caf\xe9\n", `line 2, column "b": contains the byte 0xe9` + advice},
		{"a letter cut short", "1,caf\xc3\n", `line 2, column "b": contains the byte 0xc3` + advice},
		{"a surrogate", "1,\xed\xa0\x80\n", `line 2, column "b": contains the byte 0xed` + advice},
		{"in the first column", "\xff,2\n", `line 2, column "a": contains the byte 0xff` + advice},
		{"in quotes, after a line end", "1,\"x\ny\xff\"\n", `line 2, column "b": contains the byte 0xff` + advice},
		{"NUL in the first column", "\x00,2\n", `line 2, column "a": contains a NUL byte`},
		{"NUL in quotes", "1,\"\x00\"\n", `line 2, column "b": contains a NUL byte`},
		{"the sign for a lost letter is text", "1,\uFFFD\n", "2: 1|\uFFFD"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			check(t, "a,b\n"+test.row, Options{}, "a|b", test.want)
		})
	}
}

// A line of 64 MB is passed over with the memory of a row.
func TestLongLineIsNotReadIntoMemory(t *testing.T) {
	const size = 64 << 20
	r, err := Open(io.MultiReader(strings.NewReader("a,b\n"), &endless{left: size}, strings.NewReader("\n3,4\n")), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err = r.Next()
	runtime.ReadMemStats(&after)
	var row *RowError
	if !errors.As(err, &row) || row.Line != 2 {
		t.Fatalf("error %v, want one of line 2", err)
	}
	if got := after.TotalAlloc - before.TotalAlloc; got > 8*MaxRecord {
		t.Errorf("%d KB were allocated for a line of %d KB", got>>10, size>>10)
	}
	if record, err := r.Next(); err != nil || record.Line != 3 || !slices.Equal(record.Fields, []string{"3", "4"}) {
		t.Errorf("the row after it is %v, %v", record, err)
	}
}

func TestOnlyTheFirstRowMayBeASecondHeader(t *testing.T) {
	t.Parallel()
	check(t, "id,why\n1,x\n,Response\n", Options{}, "id|why", "2: 1|x", "3: |Response")
}

// FuzzRoundTrip writes a row as RFC 4180 says, and reads it back.
func FuzzRoundTrip(f *testing.F) {
	f.Add("9", "fast, \"kind\"\nand cheap")
	f.Add(" ", "\r\n")
	f.Fuzz(func(t *testing.T, a, b string) {
		if blank([]string{a, b}) || strings.ContainsRune(a+b, 0) || !utf8.ValidString(a) || !utf8.ValidString(b) || len(a)+len(b) > 1000 {
			return
		}
		quote := func(text string) string { return `"` + strings.ReplaceAll(text, `"`, `""`) + `"` }
		r, err := Open(strings.NewReader(fmt.Sprintf("a,b\n%s,%s\n", quote(a), quote(b))), Options{Delimiter: ','})
		if err != nil {
			t.Fatal(err)
		}
		record, err := r.Next()
		if errors.Is(err, io.EOF) {
			return // it is SurveyMonkey's second header, which is passed over
		}
		if err != nil || record.Fields[0] != a || record.Fields[1] != b {
			t.Errorf("%q, %q came back as %q, %v", a, b, record.Fields, err)
		}
	})
}
