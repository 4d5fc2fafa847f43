package main

import (
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

// source is a file that is read more than once. What comes from the standard
// input is kept in a temporary file for that.
type source struct {
	name      string // for messages
	path      string
	temporary bool
}

// openSource finds the file of a name; - is the standard input.
func openSource(name string, in io.Reader) (*source, error) {
	if name == "-" {
		return spool(in)
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

func spool(in io.Reader) (*source, error) {
	file, err := os.CreateTemp("", "hark-*.csv")
	if err != nil {
		return nil, fmt.Errorf("keep the standard input: %w", err)
	}
	s := &source{name: "the standard input", path: file.Name(), temporary: true}
	_, err = io.Copy(file, in)
	if err := errors.Join(err, file.Close()); err != nil {
		s.close()
		return nil, fmt.Errorf("keep the standard input: %w", err)
	}
	return s, nil
}

// open opens the file at its start.
func (s *source) open() (io.ReadCloser, error) {
	file, err := os.Open(s.path)
	if err != nil {
		return nil, fmt.Errorf("open the file: %w", err)
	}
	return file, nil
}

// close removes what was kept.
func (s *source) close() {
	if s.temporary {
		_ = os.Remove(s.path) // the system clears its temporary files too
	}
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
