package surveys

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"
)

// Where the hash of a letter's token stands is part of the token: on which sheet,
// and at which place of it. The letters of a batch share a sheet, so that thousands
// of links are stored in a few rows, one behind the other, instead of each in a row
// of its own wherever its hash happens to sort.
const (
	SheetSize         = 10 // bytes of a sheet's name: the second, and 48 random bits
	placeSize         = 2
	headLength        = (SheetSize + placeSize) * 4 / 3 // characters
	LetterTokenLength = KeyLength + headLength + SecretLength
)

// Sheet gives out places for the tokens of a batch of letters. It may be used from
// several goroutines.
type Sheet struct {
	name  [SheetSize]byte
	taken atomic.Int32
}

// NewSheet draws the name of a sheet. Names are in the order of time.
func NewSheet(random io.Reader, now time.Time) (*Sheet, error) {
	s := new(Sheet)
	binary.BigEndian.PutUint32(s.name[:], uint32(now.Unix()))
	if _, err := io.ReadFull(random, s.name[4:]); err != nil {
		return nil, fmt.Errorf("draw the name of a sheet: %w", err)
	}
	return s, nil
}

var errSheetFull = errors.New("a sheet has no place for another token")

// Token draws the token of a letter's link to answer, with 128 random bits like any
// other, see [NewToken]. That of its way out stands at the same place.
func (s *Sheet) Token(random io.Reader, workspaceKey string) (Token, error) {
	place := s.taken.Add(1) - 1
	if place >= 1<<(8*placeSize) {
		return "", errSheetFull
	}
	secret, err := NewKey(random, 16)
	if err != nil {
		return "", err
	}
	head := binary.BigEndian.AppendUint16(s.name[:], uint16(place))
	return Token(workspaceKey + base64.RawURLEncoding.EncodeToString(head) + secret), nil
}

// Place returns where the hash of a letter's token stands, and false for a token
// whose hash has a row of its own.
func (t Token) Place() (sheet []byte, place int, ok bool) {
	if len(t) != LetterTokenLength {
		return nil, 0, false
	}
	head, err := base64.RawURLEncoding.DecodeString(string(t[KeyLength : KeyLength+headLength]))
	if err != nil {
		return nil, 0, false
	}
	return head[:SheetSize], int(binary.BigEndian.Uint16(head[SheetSize:])), true
}
