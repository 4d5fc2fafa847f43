package search_test

import (
	"strings"
	"testing"

	"github.com/harkhq/hark/analysis/search"
)

// long is what customers write where scripts meet.
const long = "iPhone 15 的快递晚了，客服很好。Thank you! 🎉"

// query is what somebody looks for, and whether a comment is that.
type query struct {
	name, query, text string
	want              bool
}

func (c query) check(t *testing.T) {
	t.Helper()
	if got := search.Parse(c.query).Matches(c.text); got != c.want {
		t.Errorf("%s: %q in %q is %v", c.name, c.query, c.text, got)
	}
}

func TestMatchesWords(t *testing.T) {
	t.Parallel()
	for _, c := range []query{
		{"nothing asked", "", "anything", true},
		{"a word", "late", "It came late.", true},
		{"in any case", "LATE", "It came Late.", true},
		{"the beginning of the last word", "deliv", "The delivery was late", true},
		{"the beginning of another word", "deliv late", "The delivery was late", false},
		{"the end of a word", "ivery", "The delivery was late", false},
		{"one letter is a whole word", "a", "at once", false},
		{"two are, too", "on", "once", false},
		{"one letter alone", "a", "a parcel", true},
		{"all words, in any order", "late parcel", "My parcel came late", true},
		{"one of two words", "late parcel", "My parcel came", false},
		{"accents in the comment", "fur mude", "für Müde", true},
		{"accents in the query", "für müde", "fur mude", true},
		{"ß", "strasse", "Große Straße", true},
		{"composed and decomposed", "ca\u0301fe", "c\u00e1fe", true},
		{"full width", "ｃｏｆｆｅｅ", "coffee", true},
	} {
		c.check(t)
	}
}

func TestMatchesQuotesAndMinus(t *testing.T) {
	t.Parallel()
	for _, c := range []query{
		{"quoted", `"came late"`, "It came late.", true},
		{"quoted in another order", `"late came"`, "It came late.", false},
		{"the last quoted word is whole", `"came lat"`, "It came late.", false},
		{"quoted across a sentence's end", `"late sorry"`, "It came late. Sorry!", true},
		{"Chinese quotes", "“快递晚”", long, true},
		{"a quote that does not end", `"came late`, "It came late", true},
		{"excluded", "coffee -late", "coffee, late", false},
		{"excluded and not there", "coffee -late", "coffee", true},
		{"only excluded", "-late", "coffee", true},
		{"an excluded word is whole", "coffee -lat", "coffee, late", true},
		{"an excluded phrase", `coffee -"too late"`, "coffee not late", true},
		{"a minus alone", "- coffee", "coffee", true},
		{"a hyphen", "e-mail", "an e-mail came", true},
		{"a hyphen, apart", "e-mail", "mail e", false},
		{"an apostrophe", "don't", "I don’t know", true},
		{"an operator is a word", "coffee AND tea", "coffee tea", false},
		{"NEAR is a word", "NEAR(coffee tea)", "near coffee tea", true},
		{"a percent sign is passed over", "100%", "100 percent", true},
		{"an emoji", "🎉", long, true},
		{"an emoji with a skin tone", "👍", "👍🏽", true},
		{"NUL", "co\x00ffee", "co ffee", true},
		{"nothing to look for", "% _ * \" -", "100% * _", false},
		{"not UTF-8", "\xff\xfe", "anything", true},
	} {
		c.check(t)
	}
}

func TestMatchesScriptsWithoutSpaces(t *testing.T) {
	t.Parallel()
	for _, c := range []query{
		{"one Chinese character", "递", long, true},
		{"one that ends a run", "了", long, true},
		{"one that stands alone", "好", "A 好 B", true},
		{"one that is not there", "饭", long, false},
		{"two", "快递", long, true},
		{"two across a comma", "了客", long, false},
		{"three", "快递晚", long, true},
		{"three of which only pairs are there", "快递员", "快递晚，递员", false},
		{"four", "客服很好", long, true},
		{"in two parts", "客服 快递", long, true},
		{"traditional for simplified", "快遞", long, true},
		{"mixed", "iphone 快递", long, true},
		{"mixed without a space", "好thank", "很好thank you", true},
		{"Japanese", "配送", "配送が遅い", true},
		{"Kana keep their marks", "か", "が", false},
		{"half-width Kana", "ﾗｰﾒﾝ", "ラーメン", true},
		{"Korean", "배송", "배송이 늦었어요", true},
		{"Thai", "ส่ง", "ส่งช้ามาก", true},
		{"an excluded character", "客服 -递", long, false},
	} {
		c.check(t)
	}
}

func TestParseBoundsWhatItReads(t *testing.T) {
	t.Parallel()
	q := search.Parse(strings.Repeat(`"a b" -c 快 `, 2000))
	if n := len(q.Wants) + len(q.Not); n > 20 {
		t.Errorf("%d phrases", n)
	}
	if q := search.Parse(strings.Repeat("x", 10<<10)); len(q.Wants) != 1 || len(q.Wants[0].Terms[0]) != 40 || !q.Matches(strings.Repeat("x", 300)) {
		t.Errorf("a long word: %+v", q)
	}
	for _, text := range []string{"", " \t\u3000", "\x00"} {
		if q := search.Parse(text); q.Hopeless() && q.Blank() {
			t.Errorf("%q is both", text)
		}
	}
	if !search.Parse(" \t").Blank() || search.Parse("%").Blank() || !search.Parse("%").Hopeless() {
		t.Error("blank and hopeless are told apart")
	}
}

// marked writes pieces with brackets around the marked ones.
func marked(list []search.Piece) string {
	var b strings.Builder
	for _, p := range list {
		if p.Marked {
			p.Text = "[" + p.Text + "]"
		}
		b.WriteString(p.Text)
	}
	return b.String()
}

func TestMark(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ query, text, want string }{
		{"", "as it is", "as it is"},
		{"muller", "Herr Müller, MÜLLER", "Herr [Müller], [MÜLLER]"},
		{"deliv", "Delivery!", "[Delivery]!"},
		{"strasse", "Große Straße.", "Große [Straße]."},
		{"快递", "我的快递，快递！", "我的[快递]，[快递]！"},
		{"快递晚", "快递晚了", "[快递晚]了"},
		{"快", "快递很快", "[快]递很[快]"},
		{"快遞", "快递", "[快递]"},
		{`"came late"`, "came late, late", "[came late], late"},
		{"late -early", "late", "[late]"},
		{"ｃａｆｅ", "Cafe\u0301 ", "[Cafe\u0301] "},
		{"🎉", "ok 🎉", "ok [🎉]"},
		{"late", "<b>late</b>", "<b>[late]</b>"},
		{"not there", "something else", "something else"},
		{"late", "l\xffate late", "l\xffate [late]"},
	} {
		if got := marked(search.Parse(c.query).Mark(c.text)); got != c.want {
			t.Errorf("%q: %q, want %q", c.query, got, c.want)
		}
	}
}

func TestExcerptShowsWhatWasFound(t *testing.T) {
	t.Parallel()
	filler := strings.Repeat("so many words ", 60)
	for _, c := range []struct {
		name, query, text string
		before, behind    bool
	}{
		{"short", "late", "It was late.", false, false},
		{"at the beginning", "late", "late " + filler, false, true},
		{"in the middle", "late", filler + "late " + filler, true, true},
		{"at the end", "late", filler + "late", true, false},
		{"nothing to look for", "", filler, false, true},
		{"Chinese", "快递", strings.Repeat("很好", 200) + "快递" + strings.Repeat("不错", 200), true, true},
	} {
		list, before, behind := search.Parse(c.query).Excerpt(c.text, 120)
		text := marked(list)
		if before != c.before || behind != c.behind {
			t.Errorf("%s: cut before %v, behind %v: %s", c.name, before, behind, text)
		}
		if c.query != "" && !strings.Contains(text, "["+c.query+"]") {
			t.Errorf("%s: what was found is not in %q", c.name, text)
		}
		if n := len([]rune(text)); n > 160 {
			t.Errorf("%s: %d runes", c.name, n)
		}
	}
}

func FuzzMarkKeepsTheText(f *testing.F) {
	f.Add("快递 late", "我的快递 late ß ﬁ 🎉\xff")
	f.Fuzz(func(t *testing.T, query, text string) {
		q := search.Parse(query)
		var whole strings.Builder
		for _, p := range q.Mark(text) {
			whole.WriteString(p.Text)
		}
		if whole.String() != text {
			t.Errorf("%q became %q", text, whole.String())
		}
		q.Excerpt(text, 20)
		for _, term := range search.TermsOf(text).Stream {
			if strings.ContainsAny(term, " '\"\\\x00%*:") {
				t.Errorf("the term %q cannot be quoted", term)
			}
		}
	})
}
