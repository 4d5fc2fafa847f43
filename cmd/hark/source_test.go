package main

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"
)

// TestThePipeIsReadAgain: what a look has read is there for the next, and only
// what is longer than the head is kept in a file, and removed in the end.
func TestThePipeIsReadAgain(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		length int
		looked int // of it, before it is read
		kept   bool
	}{
		{"nothing", 0, 10, false},
		{"short", 100, 1000, false},
		{"long, its head looked at", headSize + 1000, 1000, false},
		{"as long as the head", headSize, headSize, false},
		{"long, looked at behind the head", headSize + 1000, headSize + 1, true},
		{"long, looked at to its end", 3*headSize + 7, 4 * headSize, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text := strings.Repeat("0123456789", test.length/10+1)[:test.length]
			s, err := openSource("-", iotest.HalfReader(strings.NewReader(text)))
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				look, err := s.open()
				if err != nil {
					t.Fatal(err)
				}
				seen, err := io.ReadAll(io.LimitReader(look, int64(test.looked)))
				if err != nil || string(seen) != text[:min(test.looked, len(text))] {
					t.Fatalf("%v, a look sees %d bytes that are not those of the head", err, len(seen))
				}
				if err := look.Close(); err != nil {
					t.Fatal(err)
				}
			}
			if kept := s.path != ""; kept != test.kept {
				t.Errorf("kept: %v, want %v", kept, test.kept)
			}
			last, err := s.last()
			if err != nil {
				t.Fatal(err)
			}
			if all, err := io.ReadAll(last); err != nil || string(all) != text {
				t.Errorf("%v, the last pass reads %d bytes, want %d", err, len(all), len(text))
			}
			_ = last.Close()
			path := s.path
			s.close()
			if _, err := os.Stat(path); path != "" && err == nil {
				t.Errorf("%s is left", path)
			}
		})
	}
}

func TestThePipeBreaks(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	if _, err := openSource("-", iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("in the head: %v", err)
	}
	s, err := openSource("-", io.MultiReader(strings.NewReader(strings.Repeat("x", headSize)), iotest.ErrReader(broken)))
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	look, err := s.open()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(look); !errors.Is(err, broken) {
		t.Errorf("behind the head: %v", err)
	}
}
