package surveys

import (
	"bytes"
	"crypto/rand"
	"io"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestSheetGivesEachPlaceOnce(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	sheet, err := NewSheet(rand.Reader, at)
	if err != nil {
		t.Fatal(err)
	}
	const n = 1000
	tokens := make([]Token, n)
	var all sync.WaitGroup
	for worker := range 4 {
		all.Go(func() {
			for i := worker; i < n; i += 4 {
				tokens[i], _ = sheet.Token(rand.Reader, "abcdefgh")
			}
		})
	}
	all.Wait()
	places := make(map[int]bool)
	for _, token := range tokens {
		name, place, ok := token.Place()
		out, outPlace, outOK := token.WayOut().Place()
		if !ok || !outOK || len(token) != LetterTokenLength || token.Workspace() != "abcdefgh" || !bytes.Equal(name, out) || place != outPlace {
			t.Fatalf("%s is at %d of %x, its way out at %d of %x", token, place, name, outPlace, out)
		}
		places[place] = true
	}
	if len(places) != n {
		t.Errorf("%d places for %d tokens", len(places), n)
	}
	later, err := NewSheet(rand.Reader, at.Add(time.Second))
	if err != nil || bytes.Compare(sheet.name[:], later.name[:]) >= 0 {
		t.Errorf("%x is not behind %x, %v", later.name, sheet.name, err)
	}
}

func TestSheetOfTooManyOrWithoutChance(t *testing.T) {
	sheet, err := NewSheet(rand.Reader, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	sheet.taken.Store(1<<16 - 1)
	if _, err := sheet.Token(rand.Reader, "abcdefgh"); err != nil {
		t.Errorf("the last place: %v", err)
	}
	if token, err := sheet.Token(rand.Reader, "abcdefgh"); err == nil {
		t.Errorf("there is a place behind the last: %s", token)
	}
	if _, err := NewSheet(io.LimitReader(rand.Reader, 3), time.Now()); err == nil {
		t.Error("a sheet was named without chance")
	}
	for _, token := range []Token{"", "abcdefgh", Token(strings.Repeat("A", TokenLength)), Token(strings.Repeat("!", LetterTokenLength))} {
		if _, _, ok := token.Place(); ok {
			t.Errorf("%q has a place", token)
		}
	}
}
