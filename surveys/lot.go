package surveys

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"
)

// Lot draws a number in [0, 1) for some ids: always the same for the same ones,
// and spread evenly over all others. So it can be said later why somebody was
// left out, and a trial tells what would have happened.
func Lot(purpose string, ids ...string) float64 {
	sum := sha256.Sum256([]byte(purpose + "\x00" + strings.Join(ids, "\x00")))
	return float64(binary.BigEndian.Uint64(sum[:8])>>11) / (1 << 53)
}
