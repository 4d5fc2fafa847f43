package i18n

import (
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
)

func newCatalogue(t *testing.T) *Catalogue {
	t.Helper()
	catalogue, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return catalogue
}

// both gives the English and the Chinese localizer.
func both(t *testing.T) (english, chinese *Localizer) {
	t.Helper()
	all := newCatalogue(t).All()
	return all[0], all[1]
}

func TestMatch(t *testing.T) {
	t.Parallel()
	catalogue := newCatalogue(t)
	cases := []struct {
		name      string
		accept    string
		preferred []string
		want      string
	}{
		{"nothing is known", "", nil, "en"},
		{"a Chinese browser", "zh-CN,zh;q=0.9,en;q=0.8", nil, "zh-Hans"},
		{"a British browser", "en-GB,en;q=0.9", nil, "en"},
		{"a language that is not there", "tlh", nil, "en"},
		{"a language that is not there, then one that is", "tlh, zh;q=0.5", nil, "zh-Hans"},
		{"weights count", "en;q=0.1, zh;q=0.9", nil, "zh-Hans"},
		{"the person's locale comes first", "en", []string{"zh-CN"}, "zh-Hans"},
		{"underscore, as some systems write it", "", []string{"zh_CN"}, "zh-Hans"},
		{"empty ones are passed over", "zh", []string{"", ""}, "zh-Hans"},
		{"malformed ones are passed over", "", []string{"!!", "zh"}, "zh-Hans"},
		{"one that is not there is passed over", "zh", []string{"tlh"}, "zh-Hans"},
		{"another script of the same language", "", []string{"zh-TW"}, "zh-Hans"},
		{"a German's browser may know Chinese", "zh", []string{"de"}, "zh-Hans"},
		{"the first that fits wins", "zh", []string{"en", "zh"}, "en"},
		{"one malformed tag among others", "x_!, zz-unknown-longer, zh;q=0.9, en;q=0.1", nil, "zh-Hans"},
		{"a malformed header", ";;q=x", nil, "en"},
		{"a hostile header", strings.Repeat("a,", 5000), nil, "en"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := catalogue.Match(c.accept, c.preferred...).Lang(); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestKnows(t *testing.T) {
	t.Parallel()
	catalogue := newCatalogue(t)
	for tag, want := range map[string]bool{"en": true, "zh-Hans": true, "zh": false, "": false, "de": false} {
		if got := catalogue.Knows(tag); got != want {
			t.Errorf("Knows(%q) = %v", tag, got)
		}
	}
}

func TestDirection(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]string{"en": "ltr", "zh-Hans": "ltr", "ar": "rtl", "he": "rtl", "fa-IR": "rtl", "ur": "rtl", "az-Arab": "rtl", "az": "ltr", "": "ltr", "?": "ltr"} {
		if got := Direction(tag); got != want {
			t.Errorf("Direction(%q) = %s, want %s", tag, got, want)
		}
	}
}

func TestTexts(t *testing.T) {
	t.Parallel()
	english, chinese := both(t)
	cases := []struct{ name, got, want string }{
		{"plain", english.T("respond.send"), "Send answer"},
		{"plain, Chinese", chinese.T("respond.send"), "提交"},
		{"filled", english.T("respond.only_us", "company", "A & B"), "Your answer goes to A & B only."},
		{"a number is written the language's way", english.T("respond.error.comment_long", "limit", 4000), "Shorten your comment to 4,000 characters."},
		{"an unknown key is its own text", english.T("respond.nowhere"), "respond.nowhere"},
		{"a placeholder without value stays", english.T("respond.only_us"), "Your answer goes to {company} only."},
		{"a value is not filled again", english.T("respond.only_us", "company", "{company}"), "Your answer goes to {company} only."},
		{"Go's own braces are nothing special", english.T("respond.only_us", "company", "{{.X}}"), "Your answer goes to {{.X}} only."},
		{"an argument without partner is passed over", english.T("respond.send", "x"), "Send answer"},
		{"one", english.N("components.answers", 1), "1 answer"},
		{"many", english.N("components.answers", 1486), "1,486 answers"},
		{"none", english.N("components.answers", 0), "0 answers"},
		{"Chinese has one form", chinese.N("components.answers", 1), "1 份回答"},
		{"a time", english.T("components.trend.week_of", "date", time.Date(2026, 7, 6, 0, 0, 0, 0, time.UTC)), "Week of 6 July 2026"},
	}
	for _, c := range cases {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestFill(t *testing.T) {
	t.Parallel()
	english, _ := both(t)
	cases := []struct{ name, text, want string }{
		{"filled", "Would you recommend {product}?", "Would you recommend Beans?"},
		{"twice", "{product}, {product}", "Beans, Beans"},
		{"unknown names stay", "{other}", "{other}"},
		{"an open brace is a brace", "50 { and {product}", "50 { and Beans"},
		{"no name is no placeholder", "{} {Product} {pro duct} {product}", "{} {Product} {pro duct} Beans"},
		{"braces in braces", "{{product}}", "{Beans}"},
		{"nothing to fill", "plain", "plain"},
		{"never closed", "{product", "{product"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := english.Fill(c.text, "product", "Beans"); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestPartsKeepTheLanguagesOrder(t *testing.T) {
	t.Parallel()
	english, chinese := both(t)
	join := func(parts []Part) string {
		var out strings.Builder
		for _, part := range parts {
			if part.Name != "" {
				out.WriteString("<" + part.Name + ">")
			}
			out.WriteString(part.Text)
		}
		return out.String()
	}
	if got, want := join(english.Parts("components.headline")), "<metric> <score> <margin> from <answers>."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := join(chinese.Parts("components.headline")), "<metric> <score> <margin>，来自 <answers>。"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	english, chinese := both(t)
	cases := []struct{ name, got, want string }{
		{"small", english.Number(999), "999"},
		{"grouped", english.Number(1234567), "1,234,567"},
		{"grouped at the edge", english.Number(123456), "123,456"},
		{"negative", english.Number(-1234), "−1,234"},
		{"the least of all", english.Number(math.MinInt64), "−9,223,372,036,854,775,808"},
		{"decimal", english.Decimal(3.44, 1), "3.4"},
		{"half away from zero", english.Decimal(2.5, 0), "3"},
		{"negative half", english.Decimal(-2.5, 0), "−3"},
		{"nothing has no sign", english.Decimal(-0.2, 0), "0"},
		{"grouped decimal", english.Decimal(-12345.678, 2), "−12,345.68"},
		{"not a number", english.Decimal(math.NaN(), 0), "–"},
		{"infinite", english.Decimal(math.Inf(1), 0), "–"},
		{"places beyond reason", english.Decimal(1, 99), "1.000000"},
		{"up", english.Signed(3, 0), "+3"},
		{"down", english.Signed(-3, 0), "−3"},
		{"rounds to nothing", english.Signed(0.3, 0), "0"},
		{"percent", english.Percent(3.42, 1), "3.4%"},
		{"percent, Chinese", chinese.Percent(3.42, 1), "3.4%"},
		{"compact: short enough", english.Compact(9860), "9,860"},
		{"compact: thousands", english.Compact(12345), "12k"},
		{"compact: millions", english.Compact(3_400_000), "3.4M"},
		{"compact: round", english.Compact(2_000_000), "2M"},
		{"compact, Chinese", chinese.Compact(12345), "1.2万"},
		{"compact, Chinese, many", chinese.Compact(345_000_000), "3.5亿"},
	}
	for _, c := range cases {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}

// TestNumbersOfEachLanguage holds them against Unicode's CLDR 48, as ICU 78 writes them.
func TestNumbersOfEachLanguage(t *testing.T) {
	t.Parallel()
	catalogue, err := New()
	if err != nil {
		t.Fatal(err)
	}
	rows := [][4]string{
		{"ar", "1,234", "1,234,567", "10.5"},
		{"cs", "1\u00a0234", "1\u00a0234\u00a0567", "10,5"},
		{"da", "1.234", "1.234.567", "10,5"},
		{"de", "1.234", "1.234.567", "10,5"},
		{"el", "1.234", "1.234.567", "10,5"},
		{"en", "1,234", "1,234,567", "10.5"},
		{"es", "1234", "1.234.567", "10,5"},
		{"fa", "۱٬۲۳۴", "۱٬۲۳۴٬۵۶۷", "۱۰٫۵"},
		{"fi", "1\u00a0234", "1\u00a0234\u00a0567", "10,5"},
		{"fr", "1\u202f234", "1\u202f234\u202f567", "10,5"},
		{"he", "1,234", "1,234,567", "10.5"},
		{"hi", "1,234", "12,34,567", "10.5"},
		{"hu", "1234", "1\u00a0234\u00a0567", "10,5"},
		{"id", "1.234", "1.234.567", "10,5"},
		{"it", "1234", "1.234.567", "10,5"},
		{"ja", "1,234", "1,234,567", "10.5"},
		{"ko", "1,234", "1,234,567", "10.5"},
		{"nb", "1\u00a0234", "1\u00a0234\u00a0567", "10,5"},
		{"nl", "1.234", "1.234.567", "10,5"},
		{"pl", "1234", "1\u00a0234\u00a0567", "10,5"},
		{"pt-BR", "1.234", "1.234.567", "10,5"},
		{"pt-PT", "1234", "1\u00a0234\u00a0567", "10,5"},
		{"ro", "1.234", "1.234.567", "10,5"},
		{"ru", "1\u00a0234", "1\u00a0234\u00a0567", "10,5"},
		{"sv", "1\u00a0234", "1\u00a0234\u00a0567", "10,5"},
		{"th", "1,234", "1,234,567", "10.5"},
		{"tr", "1.234", "1.234.567", "10,5"},
		{"uk", "1\u00a0234", "1\u00a0234\u00a0567", "10,5"},
		{"ur", "1,234", "1,234,567", "10.5"},
		{"vi", "1.234", "1.234.567", "10,5"},
		{"zh-Hans", "1,234", "1,234,567", "10.5"},
		{"zh-Hant", "1,234", "1,234,567", "10.5"},
	}
	if len(rows) != len(RespondentLanguages()) {
		t.Errorf("%d languages of %d", len(rows), len(RespondentLanguages()))
	}
	for _, want := range rows {
		l := catalogue.Letter(want[0])
		if got := [4]string{l.Lang(), l.Number(1234), l.Number(1234567), l.Decimal(10.5, 1)}; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := catalogue.Letter("fa").DateTime(time.Date(2026, 3, 9, 14, 5, 0, 0, time.UTC)); !strings.Contains(got, "۲۰۲۶") || !strings.Contains(got, "۱۴:۰۵") {
		t.Errorf("a moment in Persian: %s", got)
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	english, chinese := both(t)
	day := time.Date(2026, 7, 6, 9, 3, 0, 0, time.UTC)
	cases := []struct{ name, got, want string }{
		{"day", english.Date(day), "6 July 2026"},
		{"day, Chinese", chinese.Date(day), "2026年7月6日"},
		{"short", english.ShortDate(day), "6 Jul"},
		{"short, Chinese", chinese.ShortDate(day), "7月6日"},
		{"month", english.Month(day), "July 2026"},
		{"month, Chinese", chinese.Month(day), "2026年7月"},
		{"short month", english.ShortMonth(day), "Jul"},
		{"short month, Chinese", chinese.ShortMonth(day), "7月"},
		{"moment", english.DateTime(day), "6 July 2026, 09:03"},
		{"moment, Chinese", chinese.DateTime(day), "2026年7月6日 09:03"},
		{"never", english.Date(time.Time{}), "–"},
		{"in the time's own zone", english.DateTime(day.In(time.FixedZone("east", 8*3600))), "6 July 2026, 17:03"},
	}
	for _, c := range cases {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestSurveyTextsAreThereForEveryMetric(t *testing.T) {
	t.Parallel()
	for _, l := range newCatalogue(t).All() {
		for _, metric := range surveys.Metrics() {
			texts := l.SurveyTexts(metric)
			for name, text := range map[string]string{"question": texts.Question, "low": texts.Low, "high": texts.High, "follow-up": texts.FollowUp, "thanks": texts.Thanks, "name": l.Metric(metric)} {
				if text == "" || strings.HasPrefix(text, "metric.") {
					t.Errorf("%s %s: no %s", l.Lang(), metric, name)
				}
			}
			for _, band := range metric.Scale().Bands() {
				if strings.HasPrefix(l.Band(band), "metric.") {
					t.Errorf("%s: no name for the band %s", l.Lang(), band)
				}
			}
		}
	}
}

func TestScoreAndEnds(t *testing.T) {
	t.Parallel()
	english, chinese := both(t)
	cases := []struct{ name, got, want string }{
		{"points", english.Score(surveys.NPS, -4.4, 0), "−4"},
		{"percent", english.Score(surveys.CSAT, 86.1, 0), "86%"},
		{"percent, Chinese", chinese.Score(surveys.CES, 86.14, 1), "86.1%"},
		{"end", english.End(0, "not at all likely"), "0 · not at all likely"},
	}
	for _, c := range cases {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestLocalizerIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	english, _ := both(t)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for n := range int64(50) {
				if got := english.N("components.answers", n+2, "x", n); !strings.HasSuffix(got, "answers") {
					t.Errorf("got %q", got)
				}
			}
		})
	}
	group.Wait()
}

func BenchmarkT(b *testing.B) {
	catalogue, err := New()
	if err != nil {
		b.Fatal(err)
	}
	english := catalogue.All()[0]
	for b.Loop() {
		english.T("respond.only_us", "company", "Northwind")
	}
}
