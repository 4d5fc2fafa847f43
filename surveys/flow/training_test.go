package flow

import (
	"testing"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys/store"
)

func TestDue(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	trained := func(ago time.Duration, from int64) store.CommentReader {
		at := now.Add(-ago)
		return store.CommentReader{TrainedAt: &at, TrainedFrom: from, TriedFrom: from}
	}
	for name, c := range map[string]struct {
		kept store.CommentReader
		n    int64
		want bool
	}{
		"too few":                      {store.CommentReader{}, themes.LeastComments - 1, false},
		"enough for the first time":    {store.CommentReader{}, themes.LeastComments, true},
		"refused, and hardly more":     {store.CommentReader{TriedFrom: 210}, 240, false},
		"refused, and a good few more": {store.CommentReader{TriedFrom: 210}, 260, true},
		"some more of many":            {trained(time.Hour, 10000), 11000, false},
		"a fifth more":                 {trained(time.Hour, 10000), 12000, true},
		"old, and some were erased":    {trained(31*24*time.Hour, 10000), 9990, true},
		"old, and nothing changed":     {trained(31*24*time.Hour, 10000), 10000, false},
		"young, and some were erased":  {trained(24*time.Hour, 10000), 9990, false},
	} {
		if got := due(c.kept, c.n, now); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestWorse(t *testing.T) {
	t.Parallel()
	before := []themes.Quality{{Language: themes.English, AUC: 0.9, AUCLow: 0.87}, {Language: themes.Chinese, AUC: 0.8, AUCLow: 0.7}}
	for name, c := range map[string]struct {
		news, before []themes.Quality
		want         bool
	}{
		"the first":                     {before, nil, false},
		"the same":                      {before, before, false},
		"within what chance does":       {[]themes.Quality{{Language: themes.English, AUC: 0.88}}, before, false},
		"clearly worse":                 {[]themes.Quality{{Language: themes.English, AUC: 0.8}}, before, true},
		"without the language of most":  {[]themes.Quality{{Language: themes.Chinese, AUC: 0.99}}, before, true},
		"better in the language of few": {[]themes.Quality{{Language: themes.Chinese, AUC: 0.99}, {Language: themes.English, AUC: 0.86}}, before, true},
	} {
		if got := worse(c.news, c.before); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestARefusalKeepsTheModel: what cannot be learned now takes nothing away.
func TestARefusalKeepsTheModel(t *testing.T) {
	t.Parallel()
	refused := trained{refusal: &analysis.Refusal{Reason: themes.TooFewComments, Have: 150, Need: 200}, tried: 220}
	first, err := refused.over(store.CommentReader{})
	if err != nil || first.TriedFrom != 220 || len(first.Refused) != 1 || first.ModelVersion != "" {
		t.Errorf("%+v, %v", first, err)
	}
	with := store.CommentReader{Model: []byte{1}, ModelVersion: "m", Reader: "r", Quality: []themes.Quality{{Language: themes.English}}}
	kept, err := refused.over(with)
	if err != nil || kept.ModelVersion != "m" || kept.Reader != "r" || len(kept.Refused) != 0 || kept.TriedFrom != 220 {
		t.Errorf("%+v, %v", kept, err)
	}
}

// TestReaderOf: keywords and the model make another reader; names and the order
// do not.
func TestReaderOf(t *testing.T) {
	t.Parallel()
	a, b := themes.Theme{ID: "a", Name: "A", Keywords: []string{"x"}}, themes.Theme{ID: "b", Name: "B", Keywords: []string{"y"}}
	one := ReaderOf([]themes.Theme{a, b}, "m")
	renamed, more := a, a
	renamed.Name, more.Keywords = "AA", []string{"x", "z"}
	if ReaderOf([]themes.Theme{b, renamed}, "m") != one {
		t.Error("a name or the order made another reader")
	}
	for name, other := range map[string]string{
		"another keyword": ReaderOf([]themes.Theme{more, b}, "m"), "another model": ReaderOf([]themes.Theme{a, b}, "n"), "a theme less": ReaderOf([]themes.Theme{a}, "m"),
	} {
		if other == one {
			t.Errorf("%s is the same reader", name)
		}
	}
}
