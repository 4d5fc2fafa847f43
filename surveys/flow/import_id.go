package flow

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"io"
	"maps"
	"slices"
	"strconv"

	"github.com/harkhq/hark/surveys/store"
)

// answerIDs gives each answer of a file an id that is made of the survey, of
// what the row says, and of how many rows before it say the same: three people
// who give a 9 on one day without a word are three answers, and are the same
// three when the file is read again. Where the file has ids of its own for its
// answers, those and the time are all that counts, so that a comment that was
// corrected since makes no second answer.
//
// The id is a UUID of version 8 (RFC 9562): 48 bits of time like a version 7,
// so that answers of one time lie together, and 74 bits of SHA-256.
type answerIDs struct {
	survey string
	sum    hash.Hash
	seen   map[uint64]uint32 // rows by the first half of their sum
	buffer []byte
}

func newAnswerIDs(survey string) answerIDs {
	return answerIDs{survey: survey, sum: sha256.New(), seen: make(map[uint64]uint32)}
}

// next returns the id of a row. Earlier reports that a row before had the same
// responseID, if there is one.
func (a *answerIDs) next(in store.Imported, responseID string) (id string, earlier bool) {
	a.sum.Reset()
	a.write(a.survey, strconv.FormatInt(in.Response.AnsweredAt.UnixMicro(), 10))
	if responseID != "" {
		a.write("response", responseID)
	} else {
		r, p := in.Response, in.Person
		a.write("row", strconv.Itoa(r.Score), r.Comment, p.ExternalID, p.Email, r.Locale)
		for _, key := range slices.Sorted(maps.Keys(r.Segments)) {
			if key != "channel" && key != "version" {
				a.write(key, r.Segments[key])
			}
		}
	}
	a.buffer = a.sum.Sum(a.buffer[:0])
	key := binary.BigEndian.Uint64(a.buffer[24:])
	before := a.seen[key]
	a.seen[key] = before + 1
	if before > 0 && responseID != "" {
		return "", true
	}
	return answerID(in.Response.AnsweredAt.UnixMilli(), a.buffer, before), false
}

// write adds texts, each with its length, so that no two lists of texts are
// the same bytes.
func (a *answerIDs) write(texts ...string) {
	for _, text := range texts {
		var length [4]byte
		binary.BigEndian.PutUint32(length[:], uint32(len(text)))
		_, _ = a.sum.Write(length[:]) // a hash takes everything
		_, _ = io.WriteString(a.sum, text)
	}
}

// answerID lays out the UUID.
func answerID(millis int64, sum []byte, before uint32) string {
	var id [16]byte
	binary.BigEndian.PutUint64(id[:8], uint64(max(0, millis))<<16)
	copy(id[6:], sum[:10])
	binary.BigEndian.PutUint32(id[12:], binary.BigEndian.Uint32(id[12:])^before)
	id[6] = id[6]&0x0f | 0x80
	id[8] = id[8]&0x3f | 0x80
	text := make([]byte, 36)
	hex.Encode(text, id[:4])
	hex.Encode(text[9:], id[4:6])
	hex.Encode(text[14:], id[6:8])
	hex.Encode(text[19:], id[8:10])
	hex.Encode(text[24:], id[10:])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text)
}
