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

func TestCandidate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text     string
		language Language
		want     string
	}{
		{"late delivery", English, "late delivery"},
		{"the delivery", English, ""},
		{"delivery please", English, ""},
		{"roast of date", English, "roast of date"},
		{"my", English, ""},
		{"qr", English, ""},
		{"24", English, ""},
		{"Lieferung", "de", "lieferung"},
		{"und Lieferung", "de", ""},
		{"物流", Chinese, "物流"},
		{"物", Chinese, ""},
		{"的物流", Chinese, ""},
		{"物流了", Chinese, ""},
		{"希望", Chinese, ""},
		{"不新鲜", Chinese, "不新鲜"},
	} {
		if got, ok := candidate(scan(c.text), c.language); ok != (c.want != "") || ok && got != c.want {
			t.Errorf("candidate(%q) = %q, %t, want %q", c.text, got, ok, c.want)
		}
	}
}

// A part that hardly stands alone gives way to the whole.
func TestWhole(t *testing.T) {
	t.Parallel()
	of := func(n int64) *phrase { return &phrase{side: [2]int64{n, 0}} }
	got := whole(map[string]*phrase{
		"customer service": of(80), "customer": of(100), "service": of(300),
		"烘焙日期": of(70), "烘焙日": of(71), "焙日期": of(70), "烘焙": of(90), "日期": of(200), "焙日": of(70),
	})
	for name, want := range map[string]bool{
		"customer service": true, "customer": false, "service": true,
		"烘焙日期": true, "烘焙日": false, "焙日期": false, "烘焙": false, "日期": true, "焙日": false,
	} {
		if (got[name] != nil) != want {
			t.Errorf("%q stays: %t", name, !want)
		}
	}
}

// Of those that share a word the clearest stays, on either side.
func TestClearest(t *testing.T) {
	t.Parallel()
	got := clearest([]Suggestion{
		{Keyword: "late parcel", Tone: Negative, Z: 4}, {Keyword: "courier", Tone: Negative, Z: 5}, {Keyword: "parcel lost", Tone: Negative, Z: 6},
		{Keyword: "easy", Tone: Positive, Z: -7}, {Keyword: "快递员", Tone: Negative, Z: 3.5}, {Keyword: "换快递", Tone: Negative, Z: 3.4}, {Keyword: "a tie", Tone: Negative, Z: 5},
	})
	var names []string
	for _, s := range got {
		names = append(names, s.Keyword)
	}
	if want := "easy|parcel lost|a tie|courier|快递员"; strings.Join(names, "|") != want {
		t.Errorf("%s, want %s", strings.Join(names, "|"), want)
	}
	var many []Suggestion
	for i := range 3 * suggestEach {
		many = append(many, Suggestion{Keyword: strings.Repeat(string(rune('a'+i%26)), 3+i), Tone: Negative, Z: 4})
	}
	if got := clearest(many); len(got) > suggestEach {
		t.Errorf("%d of one side are named", len(got))
	}
}
