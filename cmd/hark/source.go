package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/harkhq/hark/surveys/table"
)

// source is a file that is read more than once: to look how it is written, and
// then for what is in it. Of the standard input, which can be read only once, the
// head is held in memory, since most looks end there; where one goes on, all of it
// is kept in a temporary file.
type source struct {
	name  string    // for messages
	path  string    // "" of a standard input that is not kept
	pipe  io.Reader // the standard input behind its head; nil of a file
	head  []byte
	whole bool // the head is all there is
}

// headSize is how much of the standard input is held in memory.
const headSize = 4 << 20

// openSource finds the file of a name; - is the standard input.
func openSource(name string, in io.Reader) (*source, error) {
	if name == "-" {
		head, err := io.ReadAll(io.LimitReader(in, headSize))
		if err != nil {
			return nil, fmt.Errorf("read the standard input: %w", err)
		}
		return &source{name: "the standard input", pipe: in, head: head, whole: len(head) < headSize}, nil
	}
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no file %s", name)
	case err != nil:
		return nil, fmt.Errorf("open the file: %w", err)
	case info.IsDir():
		return nil, fmt.Errorf("%s is a folder, not a file", name)
	}
	return &source{name: name, path: name}, nil
}

// open opens the file at its start.
func (s *source) open() (io.ReadCloser, error) {
	if s.path == "" {
		return &headReader{source: s}, nil
	}
	file, err := os.Open(s.path)
	if err != nil {
		return nil, fmt.Errorf("open the file: %w", err)
	}
	return file, nil
}

// last opens the file at its start for the last time, so that the standard input
// need not be kept.
func (s *source) last() (io.ReadCloser, error) {
	if s.path == "" {
		return io.NopCloser(io.MultiReader(bytes.NewReader(s.head), s.pipe)), nil
	}
	return s.open()
}

// keep writes the whole standard input to a temporary file.
func (s *source) keep() error {
	file, err := os.CreateTemp("", "hark-*.csv")
	if err != nil {
		return fmt.Errorf("keep the standard input: %w", err)
	}
	s.path = file.Name()
	_, err = io.Copy(file, io.MultiReader(bytes.NewReader(s.head), s.pipe))
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("keep the standard input: %w", err)
	}
	return nil
}

// close removes what was kept.
func (s *source) close() {
	if s.pipe != nil && s.path != "" {
		_ = os.Remove(s.path) // the system clears its temporary files too
	}
}

// headReader reads the head of the standard input, and has it kept when more is
// asked for.
type headReader struct {
	source *source
	at     int
	kept   *os.File
}

func (r *headReader) Read(p []byte) (int, error) {
	if r.at < len(r.source.head) {
		n := copy(p, r.source.head[r.at:])
		r.at += n
		return n, nil
	}
	if r.source.whole {
		return 0, io.EOF
	}
	if r.kept == nil {
		if err := r.goOn(); err != nil {
			return 0, err
		}
	}
	return r.kept.Read(p)
}

// goOn opens what was kept, behind the head.
func (r *headReader) goOn() error {
	if r.source.path == "" {
		if err := r.source.keep(); err != nil {
			return err
		}
	}
	file, err := os.Open(r.source.path)
	if err != nil {
		return fmt.Errorf("open the kept standard input: %w", err)
	}
	r.kept = file
	_, err = file.Seek(int64(r.at), io.SeekStart)
	return err
}

// Close closes what was kept.
func (r *headReader) Close() error {
	if r.kept == nil {
		return nil
	}
	return r.kept.Close()
}

// written are the flags that say how a file is written.
type written struct {
	TZ         string `name:"tz" help:"The time zone of times that name none, such as Europe/Berlin." placeholder:"ZONE"`
	DateFormat string `help:"How dates are written: ymd, dmy, mdy, name, unix or unix-ms. Found out, if the dates tell." placeholder:"FORM"`
	Delimiter  string `help:"What stands between the fields: comma, semicolon, tab, bar. Found out." placeholder:"NAME"`
	Encoding   string `help:"The encoding: utf-8, utf-16le, utf-16be, gb18030 or windows-1252. A byte order mark tells." placeholder:"NAME"`
}

// table is how the file is written, as far as the flags say.
func (w written) table() (table.Options, error) {
	o := table.Options{Encoding: w.Encoding}
	switch w.Delimiter {
	case "":
	case "comma", ",":
		o.Delimiter = ','
	case "semicolon", ";":
		o.Delimiter = ';'
	case "tab", "\t", `\t`:
		o.Delimiter = '\t'
	case "bar", "|":
		o.Delimiter = '|'
	default:
		return o, fmt.Errorf("--delimiter %q is not one of comma, semicolon, tab, bar", w.Delimiter)
	}
	return o, nil
}

// dates is how the file's dates are read; usual is the zone without --tz.
func (w written) dates(usual *time.Location) (table.Dates, error) {
	d := table.Dates{Zone: usual}
	if w.TZ != "" {
		zone, err := time.LoadLocation(w.TZ)
		if err != nil || w.TZ == "Local" {
			return d, fmt.Errorf("--tz %q is not a time zone: it is written like Europe/Berlin or UTC", w.TZ)
		}
		d.Zone = zone
	}
	if w.DateFormat == "" {
		return d, nil
	}
	var err error
	d.Form, err = table.ParseDateForm(w.DateFormat)
	return d, err
}

// header reads the names of a file's columns. It refuses a first line that
// names nothing: the answer in it would be lost.
func (s *source) header(o table.Options) (*table.Reader, error) {
	file, err := s.open()
	if err != nil {
		return nil, err
	}
	defer file.Close() // the header is read
	reader, err := table.Open(file, o)
	if err != nil {
		return nil, err
	}
	if header := reader.Header(); !slices.ContainsFunc(header, isName) {
		return nil, fmt.Errorf("the first line must name the columns, and it holds %s: put a line such as \"score\" or \"score,date\" before it", table.Quoted(header))
	}
	return reader, nil
}

// isName reports whether a cell of the first line can name a column: it is
// neither a number nor a date nor empty.
func isName(cell string) bool {
	return strings.ContainsFunc(cell, func(r rune) bool { return !unicode.IsDigit(r) && !strings.ContainsRune(".,+-/:TZ ", r) })
}

// isTerminal reports whether a person watches what is written.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// look reads the table from its beginning, before it is read for good.
func (s *source) look(o table.Options, see func(*table.Reader) error) error {
	opened, err := s.open()
	if err != nil {
		return err
	}
	defer opened.Close()
	reader, err := table.Open(opened, o)
	if err != nil {
		return err
	}
	return see(reader)
}
