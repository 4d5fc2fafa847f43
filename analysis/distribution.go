package analysis

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// ScoreCount is how often one choice was given.
type ScoreCount struct {
	Score int
	N     int64
}

// Distribution lists every choice of the scale, lowest first. As JSON it is an
// object {"0": 3, "1": 0, …} in that order; a map would put 10 before 2.
type Distribution []ScoreCount

// MarshalJSON writes the object.
func (d Distribution) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, c := range d {
		if i > 0 {
			out.WriteByte(',')
		}
		fmt.Fprintf(&out, `"%d":%d`, c.Score, c.N)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// UnmarshalJSON reads the object back.
func (d *Distribution) UnmarshalJSON(data []byte) error {
	var counts map[string]int64
	if err := json.Unmarshal(data, &counts); err != nil {
		return Refuse("distribution", "%v", err)
	}
	*d = (*d)[:0]
	for key, n := range counts {
		score, err := strconv.Atoi(key)
		if err != nil {
			return Refuse("distribution", "%q is not a score", key)
		}
		*d = append(*d, ScoreCount{Score: score, N: n})
	}
	slices.SortFunc(*d, func(a, b ScoreCount) int { return a.Score - b.Score })
	return nil
}
