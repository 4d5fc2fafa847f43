package themes

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/golden"
	"pgregory.net/rapid"
)

func TestMatch(t *testing.T) {
	t.Parallel()
	m := golden.Must(NewMatcher([]Theme{
		{"delivery", "Delivery", []string{"delivery", "arrived late", "ship*", "物流", "快递员", "-delivery note"}},
		{"price", "Price", []string{"price", "too expensive", "价格", "太贵", "-不谈价格", "-price tag"}},
		{"app", "App", []string{"app", "wifi 信号", "👎", "24h", "배송", "entrega", "retard", "\"package\"", "“lost box”"}},
	}))
	for _, c := range []struct {
		name, text string
		language   Language
		want       string
	}{
		{"a word", "The delivery was fine", English, "delivery"},
		{"in capitals and full width", "ＤＥＬＩＶＥＲＹ!", English, "delivery"},
		{"inflected", "Two deliveries, both prices wrong", English, "delivery price"},
		{"not within a word", "appetite and happy", English, ""},
		{"a beginning", "Shipping took ages", English, "delivery"},
		{"a beginning is a whole word too", "the ship", English, "delivery"},
		{"a phrase", "It arrived late.", English, "delivery"},
		{"a phrase, inflected", "It arrives late", English, "delivery"},
		{"a phrase with a word between", "It arrived too late", English, ""},
		{"a phrase across a full stop", "It arrived. Late reply though", English, ""},
		{"an exclusion covers", "The delivery note was missing", English, ""},
		{"an exclusion covers only itself", "Delivery note missing, delivery late", English, "delivery"},
		{"an exclusion of another theme", "The price tag of delivery", English, "delivery"},
		{"Chinese within a sentence", "物流很慢", Chinese, "delivery"},
		{"Chinese across spaces", "价 格", Chinese, "price"},
		{"Chinese across a comma", "价，格", Chinese, ""},
		{"traditional Chinese", "價格太貴", Chinese, "price"},
		{"Chinese exclusion", "我们不谈价格", Chinese, ""},
		{"mixed phrase", "WiFi信号差", Chinese, "app"},
		{"a word beside Chinese", "这个app很好", Chinese, "app"},
		{"emoji", "bad 👎🏽", English, "app"},
		{"digits and letters", "24h support", English, "app"},
		{"Korean with an ending", "배송이 늦어요", "ko", "app"},
		{"Spanish, inflected", "las entregas", "es", "app"},
		{"German has no known inflections", "die Entregas", "de", ""},
		{"French, inflected", "trop de retards", "fr", "app"},
		{"quoted, as it stands", "The package", English, "app"},
		{"quoted, not inflected", "packaging, packages", English, ""},
		{"quoted phrase", "one lost box", English, "app"},
		{"quoted phrase, not inflected", "two lost boxes", English, ""},
		{"no language", "delivery", Unknown, "delivery"},
		{"nothing", "", English, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := strings.Join(m.Match(c.text, c.language), " "); got != c.want {
				t.Errorf("Match(%q, %q) = %q, want %q", c.text, c.language, got, c.want)
			}
		})
	}
}

func TestNewMatcherRefuses(t *testing.T) {
	t.Parallel()
	var input *analysis.InputError
	if _, err := NewMatcher([]Theme{{ID: "a"}}); !errors.As(err, &input) {
		t.Errorf("a theme without a name: %v", err)
	}
}

// What stands in a text is found wherever it stands, and nothing else is.
func TestMatchFindsWhatIsThere(t *testing.T) {
	t.Parallel()
	words := []string{"alpha", "bravo", "charlie", "delta", "物", "流", "慢"}
	rapid.Check(t, func(t *rapid.T) {
		draw := rapid.SliceOfN(rapid.SampledFrom(words), 1, 3)
		keyword := draw.Draw(t, "keyword")
		text := rapid.SliceOfN(rapid.SampledFrom(words), 0, 12).Draw(t, "text")
		m := golden.Must(NewMatcher([]Theme{{"a", "A", []string{strings.Join(keyword, " ")}}}))
		want := false
		for i := range text {
			want = want || i+len(keyword) <= len(text) && slices.Equal(text[i:i+len(keyword)], keyword)
		}
		if got := m.Match(strings.Join(text, " "), "de"); (got != nil) != want {
			t.Fatalf("%v in %v: %v, want %v", keyword, text, got, want)
		}
	})
}

// A matcher of many themes finds each by its own words, in their order.
func TestMatchManyThemes(t *testing.T) {
	t.Parallel()
	var all []Theme
	for i := range MaxThemes {
		id := fmt.Sprintf("t%d", i)
		all = append(all, Theme{id, "Theme " + id, []string{fmt.Sprintf("word%d", i), "everything"}})
	}
	m := golden.Must(NewMatcher(all))
	if got := m.Match("word7 and word42 and word7", English); strings.Join(got, " ") != "t7 t42" {
		t.Errorf("found %v", got)
	}
	if got := m.Match("everything", English); !slices.Equal(got, m.IDs()) {
		t.Errorf("%d themes of %d are found", len(got), len(all))
	}
	m.IDs()[0] = "changed"
	if m.IDs()[0] != "t0" {
		t.Error("the matcher's ids can be changed from outside")
	}
}
