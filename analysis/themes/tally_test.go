package themes

import (
	"reflect"
	"testing"

	"github.com/harkhq/hark/analysis"
	"pgregory.net/rapid"
)

func TestTallyCounts(t *testing.T) {
	t.Parallel()
	var tally Tally
	for _, c := range []struct {
		day   analysis.Day
		score int
		r     Reading
	}{
		{7, 2, Reading{Themes: []string{"delivery", "price"}, Sentiment: Sentiment{Negative, -800, ByModel}}},
		{7, 9, Reading{Themes: []string{"delivery"}, Sentiment: Sentiment{Positive, 500, ByModel}}},
		{8, 7, Reading{}},
	} {
		if err := tally.Add(c.day, c.score, c.r); err != nil {
			t.Fatal(err)
		}
	}
	got := tally.Rows()
	want := []Row{
		{7, "", Cell{Negative: 1, Positive: 1, Sum: -300, Squares: 890000}},
		{7, "delivery", Cell{Negative: 1, Positive: 1, Sum: -300, Squares: 890000}},
		{7, "price", Cell{Negative: 1, Sum: -800, Squares: 640000}},
		{8, "", Cell{}},
		{8, NoTheme, Cell{}},
	}
	want[0].Counts[2], want[0].Counts[9] = 1, 1
	want[1].Counts[2], want[1].Counts[9] = 1, 1
	want[2].Counts[2] = 1
	want[3].Counts[7], want[4].Counts[7] = 1, 1
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
}

func TestTallyRefuses(t *testing.T) {
	t.Parallel()
	var tally Tally
	if tally.Add(1, 11, Reading{}) == nil || tally.Add(1, -1, Reading{}) == nil || tally.Remove(1, 11, Reading{}) == nil {
		t.Error("a score outside every scale is counted")
	}
	if tally.Add(1, 5, Reading{Sentiment: Sentiment{Value: 1001}}) == nil {
		t.Error("a feeling beyond the scale is counted")
	}
	if len(tally.Rows()) != 0 {
		t.Error("what was refused left a trace")
	}
}

// What was added and taken away again leaves nothing; the order does not matter,
// and neither does counting in parts.
func TestTallyAddsUp(t *testing.T) {
	t.Parallel()
	type counted struct {
		day   analysis.Day
		score int
		r     Reading
	}
	tones := map[Tone][2]int{Negative: {-1000, -300}, Neutral: {-299, 299}, Positive: {300, 1000}, ToneUnknown: {0, 0}}
	comment := rapid.Custom(func(t *rapid.T) counted {
		tone := rapid.SampledFrom([]Tone{Negative, Neutral, Positive, ToneUnknown}).Draw(t, "tone")
		value := rapid.IntRange(tones[tone][0], tones[tone][1]).Draw(t, "value")
		ids := rapid.SampledFrom([][]string{nil, {"a"}, {"b"}, {"a", "b"}}).Draw(t, "themes")
		return counted{analysis.Day(rapid.IntRange(1, 3).Draw(t, "day")), rapid.IntRange(0, 10).Draw(t, "score"), Reading{Themes: ids, Sentiment: Sentiment{Tone: tone, Value: value}}}
	})
	rapid.Check(t, func(t *rapid.T) {
		kept := rapid.SliceOf(comment).Draw(t, "kept")
		gone := rapid.SliceOf(comment).Draw(t, "gone")
		var straight, devious, delta Tally
		for _, c := range kept {
			_ = straight.Add(c.day, c.score, c.r)
		}
		for _, c := range gone {
			_ = devious.Add(c.day, c.score, c.r)
			_ = delta.Remove(c.day, c.score, c.r)
		}
		for i := range kept {
			c := kept[len(kept)-1-i]
			_ = devious.Add(c.day, c.score, c.r)
		}
		parts := map[cellKey]Cell{}
		for _, row := range append(devious.Rows(), delta.Rows()...) {
			cell := parts[cellKey{row.Day, row.Theme}]
			cell.Add(row.Cell)
			parts[cellKey{row.Day, row.Theme}] = cell
		}
		for _, row := range straight.Rows() {
			if parts[cellKey{row.Day, row.Theme}] != row.Cell {
				t.Fatalf("%d %q: %+v, want %+v", row.Day, row.Theme, parts[cellKey{row.Day, row.Theme}], row.Cell)
			}
			delete(parts, cellKey{row.Day, row.Theme})
		}
		for key, cell := range parts {
			if cell != (Cell{}) {
				t.Fatalf("%+v left over at %+v", cell, key)
			}
		}
	})
}
