package themes

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
	"pgregory.net/rapid"
)

func TestModelIsReadBack(t *testing.T) {
	t.Parallel()
	examples := append(comments(t, newRand(1), "en", 600), comments(t, newRand(2), "zh-Hans", 600)...)
	examples = append(examples, Example{Text: "und das ist nicht gut", Locale: "de", Score: 3})
	m := golden.Must(Train(surveys.NPS, examples))
	data := golden.Must(m.MarshalBinary())
	if len(data) > 1<<20 {
		t.Errorf("the model has %d bytes", len(data))
	}
	var back Model
	if err := back.UnmarshalBinary(data); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(back.Quality(), m.Quality()) || !reflect.DeepEqual(back.Refused(), m.Refused()) || back.Metric() != m.Metric() {
		t.Errorf("%+v came back as %+v", m.Quality(), back.Quality())
	}
	if !slices.Equal(golden.Must(back.MarshalBinary()), data) {
		t.Error("stored again it has other bytes")
	}
	none := golden.Must(NewMatcher(nil))
	before, after := golden.Must(NewReader(none, m)), golden.Must(NewReader(none, &back))
	for _, e := range append(comments(t, newRand(3), "en", 200), comments(t, newRand(4), "zh-Hans", 200)...) {
		if a, b := before.Read(e.Text, e.Locale), after.Read(e.Text, e.Locale); !reflect.DeepEqual(a, b) {
			t.Fatalf("%q: %+v, and read back %+v", e.Text, a, b)
		}
	}
}

// Damage is refused; what can still be read is a whole model.
func TestDamagedModelsAreRefused(t *testing.T) {
	t.Parallel()
	data := golden.Must(golden.Must(Train(surveys.NPS, comments(t, newRand(1), "en", 400))).MarshalBinary())
	for name, damaged := range map[string][]byte{
		"nothing": nil, "cut off": data[:len(data)/2], "only the magic": data[:len(modelMagic)],
		"another version": append([]byte("hark themes\x02"), data[len(modelMagic):]...),
	} {
		var m Model
		var input *analysis.InputError
		if err := m.UnmarshalBinary(damaged); !errors.As(err, &input) || m.classifiers != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		damaged := slices.Clone(data)
		for range rapid.IntRange(1, 4).Draw(t, "bytes") {
			damaged[rapid.IntRange(0, len(damaged)-1).Draw(t, "place")] = rapid.Byte().Draw(t, "byte")
		}
		var m Model
		var input *analysis.InputError
		if err := m.UnmarshalBinary(damaged); err != nil && !errors.As(err, &input) {
			t.Fatalf("%v", err)
		}
		if c := m.classifiers[English]; c != nil {
			c.read(scan("The delivery was late"), 0.5)
		}
	})
}

// The largest model there can be fits a megabyte.
func TestLargestModel(t *testing.T) {
	t.Parallel()
	r := newRand(1)
	m := &Model{metric: surveys.NPS, classifiers: map[Language]*classifier{}}
	for _, l := range []Language{English, "de", "fr"} {
		c := &classifier{classes: []class{isBad, isMiddle, isGood}, column: map[string]int32{}, scale: 1, lexicon: make([]float64, 3), bias: make([]float64, 3)}
		for len(c.idf) < allTerms/3 {
			name := make([]byte, 5+r.IntN(14))
			for i := range name {
				name[i] = "etaoinshrdlu cm"[r.IntN(15)]
			}
			if _, known := c.column[string(name)]; known {
				continue
			}
			c.column[string(name)] = int32(len(c.idf))
			c.idf = append(c.idf, 1+10*r.Float32())
			c.weight = append(c.weight, r.Float32(), -r.Float32(), r.Float32())
		}
		m.classifiers[l] = c
		m.quality = append(m.quality, Quality{Language: l})
	}
	if data := golden.Must(m.MarshalBinary()); len(data) > 1<<20 {
		t.Errorf("it takes %d bytes", len(data))
	} else {
		t.Logf("it takes %d bytes", len(data))
	}
}
