package flow

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"io"
	"strconv"
	"time"

	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/table"
)

// answerIDs gives each answer of a file an id that is made of what cannot
// change between two exports of it: the survey, the time, who answered and with
// which score, and how many rows before it say the same. Three people who give
// a 9 on one day without a word are three answers, and are the same three when
// the file is read again. The comment, the segments and the language are left
// out, so that a comment that was corrected since, or a --segment more, makes
// no second answer. Where the file has ids of its own for its answers, those
// and the time are all that counts.
//
// One case needs the comment: rows without a person, and with no more than a
// day (or one time for the whole file). By their number alone, the newest of
// two answers in an export that begins with the newest would get the id of
// the older one: its comment would be lost, and the older one's stored twice.
// So there the comment is part of the id, at the price that such an answer is
// another one when its comment was edited: nothing else says which it was.
//
// The id is a UUID of version 8 (RFC 9562): 48 bits of time like a version 7,
// so that answers of one time lie together, and 74 bits of SHA-256.
type answerIDs struct {
	survey string
	zone   *time.Location // in which a day without a time of day begins
	fixed  time.Time      // the time of every row, where no column holds a date
	sum    hash.Hash
	seen   map[uint64]uint32 // rows by the first half of their sum
	buffer []byte
}

func newAnswerIDs(plan ImportPlan, dates table.Dates) answerIDs {
	return answerIDs{
		survey: plan.Survey.ID, zone: cmp.Or(dates.Zone, plan.Workspace.Location()), fixed: plan.AnsweredAt,
		sum: sha256.New(), seen: make(map[uint64]uint32),
	}
}

// next returns the id of a row. Earlier reports that a row before had the same
// responseID, if there is one.
func (a *answerIDs) next(in store.Imported, responseID string) (id string, earlier bool) {
	r := in.Response
	a.sum.Reset()
	a.write(a.survey, strconv.FormatInt(r.AnsweredAt.UnixMicro(), 10))
	switch who := cmp.Or(in.Person.ExternalID, in.Person.Email); {
	case responseID != "":
		a.write("response", responseID)
	case who != "":
		a.write("person", who, strconv.Itoa(r.Score))
	case a.vague(r.AnsweredAt):
		a.write("day", strconv.Itoa(r.Score), r.Comment)
	default:
		a.write("time", strconv.Itoa(r.Score))
	}
	a.buffer = a.sum.Sum(a.buffer[:0])
	key := binary.BigEndian.Uint64(a.buffer[24:])
	before := a.seen[key]
	a.seen[key] = before + 1
	if before > 0 && responseID != "" {
		return "", true
	}
	return answerID(r.AnsweredAt.UnixMilli(), a.buffer, before), false
}

// vague reports that a time is the first moment of a day, as dates without a
// time of day are read, or that of every row.
func (a *answerIDs) vague(at time.Time) bool {
	year, month, day := at.In(a.zone).Date()
	return at.Equal(a.fixed) || at.Equal(time.Date(year, month, day, 0, 0, 0, 0, a.zone))
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
