package themes

import (
	"reflect"
	"strings"
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
	"pgregory.net/rapid"
)

func TestReadWithoutAModel(t *testing.T) {
	t.Parallel()
	r := golden.Must(NewReader(golden.Must(NewMatcher(golden.Must(StarterSet(Commerce, "en")))), nil))
	for _, c := range []struct {
		name, text, declared string
		language             Language
		themes               string
		tone                 Tone
		source               Source
	}{
		{"English praise", "The delivery was fast and the coffee is great!", "en", English, "delivery", Positive, ByVADER},
		{"English complaint", "Terrible packaging, everything was damaged.", "en", English, "packaging quality", Negative, ByVADER},
		{"English without a feeling", "The box is brown.", "en", English, "packaging", Neutral, ByVADER},
		{"Chinese is not judged", "物流太慢，客服态度也不好", "zh-Hans", Chinese, "delivery service", ToneUnknown, ByNobody},
		{"traditional Chinese", "物流太慢，客服態度也不好", "zh-Hant", Chinese, "delivery service", ToneUnknown, ByNobody},
		{"German is not judged", "Alles gut", "de", "de", "", ToneUnknown, ByNobody},
		{"an English keyword in Chinese", "app 登录不上", "zh-Hans", Chinese, "shop", ToneUnknown, ByNobody},
		{"emoji from an English page", "👍👍", "en", Unknown, "", Neutral, ByVADER},
		{"empty", "", "en", Unknown, "", ToneUnknown, ByNobody},
		{"punctuation", "?!…", "en", Unknown, "", ToneUnknown, ByNobody},
		{"an address alone", "https://example.com/late-delivery", "en", Unknown, "", ToneUnknown, ByNobody},
		{"full-width", "ｄｅｌｉｖｅｒｙ ｗａｓ ｌａｔｅ", "en", English, "delivery", Neutral, ByVADER},
		{"invalid UTF-8", "great\xff delivery\xfe", "en", English, "delivery", Positive, ByVADER},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := r.Read(c.text, c.declared)
			if got.Language != c.language || strings.Join(got.Themes, " ") != c.themes || got.Sentiment.Tone != c.tone || got.Sentiment.Source != c.source {
				t.Errorf("%q is read %+v", c.text, got)
			}
		})
	}
}

// What was learned judges in the tone that the words have, without words that it
// knows it says nothing, and length does not matter.
func TestReadWithAModel(t *testing.T) {
	t.Parallel()
	examples := append(comments(t, newRand(1), "en", 800), comments(t, newRand(2), "zh-Hans", 800)...)
	r := golden.Must(NewReader(golden.Must(NewMatcher(nil)), golden.Must(Train(surveys.NPS, examples))))
	for _, c := range []struct {
		text, declared string
		tone           Tone
	}{
		{"Never a missing parcel, thank you, wonderful coffee", "en", Positive},
		{"Nearly a week late and nobody told me why", "en", Negative},
		{strings.Repeat("Late again. Not good enough. ", 350), "en", Negative},
		{"味道一如既往地好，强烈推荐", "zh", Positive},
		{"晚了一个多星期才到，太失望了", "zh", Negative},
		{"晚了一個多星期才到，太失望了", "zh-Hant", Negative},
		{strings.Repeat("晚了一个多星期才到，太失望了。", 660), "zh", Negative},
		{"Xyzzy plugh", "en", ToneUnknown},
		{"龘靐", "zh", ToneUnknown},
		{"Alles gut", "de", ToneUnknown},
	} {
		got := r.Read(c.text, c.declared).Sentiment
		if got.Tone != c.tone || (got.Tone == ToneUnknown) != (got == Sentiment{}) {
			t.Errorf("%.40q is judged %+v, want %q", c.text, got, c.tone)
		}
	}
}

// Whatever people type, a reading can be counted, and comes out the same again.
func TestReadTakesAnything(t *testing.T) {
	t.Parallel()
	r := golden.Must(NewReader(golden.Must(NewMatcher(golden.Must(StarterSet(Support, "zh")))), golden.Must(Train(surveys.NPS, comments(t, newRand(1), "en", 400)))))
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "text")
		declared := rapid.SampledFrom([]string{"", "en", "zh-Hans", "de", "\xff"}).Draw(t, "declared")
		got := r.Read(text, declared)
		var tally Tally
		if err := tally.Add(1, 5, got); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, r.Read(text, declared)) {
			t.Fatalf("%q is read in two ways", text)
		}
		if (got.Sentiment.Tone == ToneUnknown) != (got.Sentiment.Source == ByNobody) {
			t.Fatalf("%q: %+v", text, got)
		}
	})
}

func TestNewReaderNeedsAMatcher(t *testing.T) {
	t.Parallel()
	if _, err := NewReader(nil, nil); err == nil {
		t.Error("a reader without a matcher")
	}
}

// TestZeroReaderKnowsNothing: what no constructor made finds nothing.
func TestZeroReaderKnowsNothing(t *testing.T) {
	t.Parallel()
	if got := new(Reader).Read("The delivery was late.", "en"); !reflect.DeepEqual(got, Reading{}) {
		t.Errorf("read %+v", got)
	}
	if ids := new(Matcher).Match("The delivery was late.", English); ids != nil {
		t.Errorf("found %v", ids)
	}
}
