package themes

import (
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

// keywords are those of one language and tone, with bars between.
func keywords(all []Suggestion, l Language, tone Tone) string {
	var found []string
	for _, s := range all {
		if s.Language == l && s.Tone == tone {
			found = append(found, s.Keyword)
		}
	}
	return strings.Join(found, "|")
}

// What the unhappy talk about is named, in each language, and can be put into a
// theme as it is.
func TestSuggestNamesTheCourier(t *testing.T) {
	t.Parallel()
	both := append(comments(t, newRand(1), "en", 3000), comments(t, newRand(2), "zh-Hans", 3000)...)
	all := golden.Must(Suggest(surveys.NPS, both, nil))
	for _, c := range []struct {
		language Language
		tone     Tone
		want     []string
	}{
		{English, Negative, []string{"courier", "late"}},
		{English, Positive, []string{"easy", "roasted|quick"}},
		{Chinese, Negative, []string{"快递", "邮费"}},
		{Chinese, Positive, []string{"准时", "方便|清楚"}},
	} {
		got := keywords(all, c.language, c.tone)
		for _, want := range c.want {
			found := false
			for alternative := range strings.SplitSeq(want, "|") {
				found = found || strings.Contains(got, alternative)
			}
			if !found {
				t.Errorf("%s %s: %q is not in %s", c.language, c.tone, want, got)
			}
		}
	}
	for _, s := range all {
		theme := Theme{"a", "A", []string{s.Keyword}}
		if _, wrong := theme.Check(); len(wrong) > 0 {
			t.Errorf("%q is no keyword: %v", s.Keyword, wrong)
		}
		if (s.Z > 0) != (s.Tone == Negative) || math.Abs(s.Z) < suggestZ || s.Bad+s.Good < suggestInAll || s.Bad > s.BadOf || s.Good > s.GoodOf {
			t.Errorf("%+v", s)
		}
	}
	again := golden.Must(Suggest(surveys.NPS, both, nil))
	if !reflect.DeepEqual(all, again) {
		t.Error("the same comments gave other suggestions")
	}
}

// What a theme finds already is not suggested again.
func TestSuggestLeavesOutWhatIsKnown(t *testing.T) {
	t.Parallel()
	examples := comments(t, newRand(1), "en", 3000)
	known := golden.Must(NewMatcher([]Theme{{"a", "A", []string{"courier", "late"}}}))
	for _, s := range golden.Must(Suggest(surveys.NPS, examples, known)) {
		if known.Match(s.Keyword, English) != nil {
			t.Errorf("%q is found already", s.Keyword)
		}
	}
}

func TestSuggestSmall(t *testing.T) {
	t.Parallel()
	if got := golden.Must(Suggest(surveys.NPS, comments(t, newRand(1), "en", 20), nil)); got != nil {
		t.Errorf("twenty comments suggest %v", got)
	}
	if got := golden.Must(Suggest(surveys.NPS, nil, nil)); got != nil {
		t.Errorf("no comments suggest %v", got)
	}
	var input *analysis.InputError
	if _, err := Suggest("x", nil, nil); !errors.As(err, &input) {
		t.Errorf("unknown metric: %v", err)
	}
	if _, err := Suggest(surveys.CSAT, []Example{{Score: 0}}, nil); !errors.As(err, &input) {
		t.Errorf("score off the scale: %v", err)
	}
}

// The log-odds of a word in 30 of 100 bad and 10 of 100 good comments, by hand:
// α = 50·40/200 = 10.
func TestLogOdds(t *testing.T) {
	t.Parallel()
	got := logOdds(&phrase{side: [2]int64{30, 10}}, 100, 100)
	golden.Near(t, "z", got, (math.Log(40.0/110)-math.Log(20.0/130))/math.Sqrt(1.0/40+1.0/20), 1e-12)
	golden.Near(t, "the other way round", logOdds(&phrase{side: [2]int64{10, 30}}, 100, 100), -got, 1e-12)
	golden.Near(t, "no difference", logOdds(&phrase{side: [2]int64{30, 15}}, 100, 50), 0, 1e-12)
}
