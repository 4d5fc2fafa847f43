package themes

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// modelMagic begins a stored model; the last byte is the version of what follows.
// A version changes with the layout, and with anything that makes other terms of
// the same text: an old model would then judge by words that are never found.
const modelMagic = "hark themes\x01"

// maxStored bounds a stored model, unpacked.
const maxStored = 8 << 20

// storedHead is the part of a stored model that is small and read by people who
// look for trouble.
type storedHead struct {
	Metric      surveys.Metric     `json:"metric"`
	Quality     []Quality          `json:"quality"`
	Refused     []Refused          `json:"refused"`
	Classifiers []storedClassifier `json:"classifiers"`
}

type storedClassifier struct {
	Language Language  `json:"language"`
	Classes  []class   `json:"classes"`
	Terms    int       `json:"terms"`
	Lexicon  []float64 `json:"lexicon"`
	Bias     []float64 `json:"bias"`
	Scale    float64   `json:"scale"`
}

// MarshalBinary stores the model: the magic, then deflated: the length of a head in
// JSON, the head, and of each classifier in its order the terms, sorted, each with
// its length, idf and the weights of the classes. Equal models give equal bytes.
func (m *Model) MarshalBinary() ([]byte, error) {
	head := storedHead{Metric: m.metric, Quality: m.quality, Refused: m.refused}
	var body []byte
	for _, q := range m.quality {
		c := m.classifiers[q.Language]
		head.Classifiers = append(head.Classifiers, storedClassifier{q.Language, c.classes, len(c.idf), c.lexicon, c.bias, c.scale})
		names := make([]string, 0, len(c.column))
		for name := range c.column {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			column := c.column[name]
			body = binary.AppendUvarint(body, uint64(len(name)))
			body = append(body, name...)
			body = binary.LittleEndian.AppendUint32(body, math.Float32bits(c.idf[column]))
			for _, w := range c.weight[int(column)*len(c.classes):][:len(c.classes)] {
				body = binary.LittleEndian.AppendUint32(body, math.Float32bits(w))
			}
		}
	}
	front, err := json.Marshal(head)
	if err != nil {
		return nil, fmt.Errorf("store a model's head: %w", err)
	}
	packed := bytes.NewBufferString(modelMagic)
	w, err := flate.NewWriter(packed, flate.DefaultCompression)
	if err != nil {
		return nil, fmt.Errorf("pack a model: %w", err)
	}
	for _, part := range [][]byte{binary.AppendUvarint(nil, uint64(len(front))), front, body} {
		if _, err := w.Write(part); err != nil {
			return nil, fmt.Errorf("pack a model: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("pack a model: %w", err)
	}
	return packed.Bytes(), nil
}

// UnmarshalBinary reads what [Model.MarshalBinary] stored. Anything else, another
// version included, is refused as an [analysis.InputError]; train anew then.
func (m *Model) UnmarshalBinary(data []byte) error {
	packed, known := bytes.CutPrefix(data, []byte(modelMagic))
	if !known {
		return analysis.Refuse("model", "these bytes are not a model of this version")
	}
	plain, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxStored+1))
	if err != nil || len(plain) > maxStored {
		return analysis.Refuse("model", "it cannot be unpacked")
	}
	size, n := binary.Uvarint(plain)
	if n <= 0 || size > uint64(len(plain)-n) {
		return analysis.Refuse("model", "its head is cut off")
	}
	var head storedHead
	if err := json.Unmarshal(plain[n:n+int(size)], &head); err != nil || !head.Metric.Valid() || len(head.Classifiers) != len(head.Quality) {
		return analysis.Refuse("model", "its head cannot be read")
	}
	read := Model{metric: head.Metric, quality: head.Quality, refused: head.Refused, classifiers: map[Language]*classifier{}}
	body := plain[n+int(size):]
	for _, stored := range head.Classifiers {
		c, rest, ok := stored.read(body)
		if !ok {
			return analysis.Refuse("model", "the terms of %q are damaged", stored.Language)
		}
		read.classifiers[stored.Language], body = c, rest
	}
	if len(body) > 0 {
		return analysis.Refuse("model", "%d bytes are left over", len(body))
	}
	*m = read
	return nil
}

// read takes a classifier's terms from the front of the body.
func (s storedClassifier) read(body []byte) (*classifier, []byte, bool) {
	k := len(s.Classes)
	if !s.whole() || s.Terms < 0 || s.Terms > len(body)/(6+4*k) { // a term has a length, a letter, an idf and k weights
		return nil, nil, false
	}
	c := &classifier{
		classes: s.Classes, column: make(map[string]int32, s.Terms), idf: make([]float32, s.Terms), weight: make([]float32, s.Terms*k),
		lexicon: s.Lexicon, bias: s.Bias, scale: s.Scale,
	}
	numbers := 4 * (1 + k)
	for i := range s.Terms {
		size, n := binary.Uvarint(body)
		if n <= 0 || size == 0 || size > uint64(len(body)) || uint64(len(body)) < uint64(n)+size+uint64(numbers) {
			return nil, nil, false
		}
		c.column[string(body[n:n+int(size)])] = int32(i)
		body = body[n+int(size):]
		c.idf[i] = math.Float32frombits(binary.LittleEndian.Uint32(body))
		sum := float64(c.idf[i])
		for j := range k {
			c.weight[i*k+j] = math.Float32frombits(binary.LittleEndian.Uint32(body[4+4*j:]))
			sum += math.Abs(float64(c.weight[i*k+j]))
		}
		body = body[numbers:]
		if math.IsNaN(sum) || math.IsInf(sum, 0) || c.idf[i] <= 0 {
			return nil, nil, false
		}
	}
	return c, body, len(c.column) == s.Terms
}

// whole reports whether the head of a classifier fits together.
func (s storedClassifier) whole() bool {
	k := len(s.Classes)
	return (slices.Equal(s.Classes, []class{isBad, isGood}) || slices.Equal(s.Classes, []class{isBad, isMiddle, isGood})) &&
		len(s.Lexicon) == k && len(s.Bias) == k && s.Scale > 0
}
