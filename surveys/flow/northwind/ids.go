package northwind

import (
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"time"
)

// drawID is a UUIDv7 of a moment, so that ids sort as their rows happened. Its
// chance is the year's own: two fills at one moment give the same ids.
func drawID(r *rand.Rand, at time.Time) string { return makeID(at, r.Uint64(), r.Uint64()) }

// fixedID is the id of one of the few rows that every fill has.
func fixedID(at time.Time, n byte) string { return makeID(at, 0, uint64(n)) }

// makeID follows RFC 9562, section 5.7: 48 bits of milliseconds, the version,
// 12 bits, the variant, 62 bits.
func makeID(at time.Time, a, b uint64) string {
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:8], uint64(at.UnixMilli())<<16|0x7000|a&0x0fff)
	binary.BigEndian.PutUint64(raw[8:], 1<<63|b&(1<<62-1))
	var text [36]byte
	hex.Encode(text[:8], raw[:4])
	hex.Encode(text[9:13], raw[4:6])
	hex.Encode(text[14:18], raw[6:8])
	hex.Encode(text[19:23], raw[8:10])
	hex.Encode(text[24:], raw[10:])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text[:])
}
