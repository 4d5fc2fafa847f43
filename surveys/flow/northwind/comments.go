package northwind

import (
	"embed"
	"math/rand/v2"
	"strings"
	"unicode/utf8"

	"github.com/harkhq/hark/surveys"
)

// comments are what customers write: a section for each theme and feeling,
// "# theme +", "-" for a complaint and "~" for both at once. A line is a
// pattern: of "{this|that|}" one part is drawn, and "$product" is something
// that Northwind roasts.
//
//go:embed comments/*.txt
var comments embed.FS

// The themes of comments.
const (
	themeDelivery  = "delivery"
	themeCourier   = "courier" // the delivery partner that came with the drop
	themeFreshness = "freshness"
	themeTaste     = "taste"
	themePrice     = "price"
	themePause     = "pause"
	themePackaging = "packaging"
	themeWebsite   = "website"
	themeSupport   = "support"
	closing        = "closing" // a last sentence, of no theme
)

// feeling is whether a comment praises, complains, or does both.
type feeling string

const (
	praise    feeling = "+"
	complaint feeling = "-"
	mixed     feeling = "~"
)

// topic is a section of the comments.
type topic struct {
	locale  string
	theme   string
	feeling feeling
}

// grammar holds the patterns of each topic.
type grammar map[topic][]pattern

// pattern is a parsed line: parts in their order, each with its alternatives.
type pattern []part

// part is one text, or alternatives of which one is drawn.
type part struct {
	text  string
	oneOf []pattern
}

func newGrammar() grammar {
	g := make(grammar)
	for _, locale := range surveys.Locales() {
		raw, err := comments.ReadFile("comments/" + locale + ".txt")
		if err != nil {
			continue // a language without a file has no comments, which a test finds
		}
		var at topic
		for line := range strings.Lines(string(raw)) {
			line = strings.TrimSpace(line)
			if name, ok := strings.CutPrefix(line, "# "); ok {
				theme, f, _ := strings.Cut(name, " ")
				at = topic{locale, theme, feeling(f)}
			} else if line != "" {
				p, _ := parsePattern(line)
				g[at] = append(g[at], p)
			}
		}
	}
	return g
}

// parsePattern reads a pattern up to its end, or up to the "|" or "}" that
// ends an alternative, and returns what is left.
func parsePattern(text string) (pattern, string) {
	var p pattern
	for text != "" && text[0] != '|' && text[0] != '}' {
		if text[0] != '{' {
			end := strings.IndexAny(text, "{|}")
			if end < 0 {
				end = len(text)
			}
			p = append(p, part{text: text[:end]})
			text = text[end:]
			continue
		}
		var choice part
		for {
			one, rest := parsePattern(text[1:])
			choice.oneOf = append(choice.oneOf, one)
			text = rest
			if text == "" || text[0] == '}' {
				break
			}
		}
		p = append(p, choice)
		text = strings.TrimPrefix(text, "}")
	}
	return p, text
}

func (p pattern) draw(r *rand.Rand, b *strings.Builder) {
	for _, part := range p {
		if part.oneOf == nil {
			b.WriteString(part.text)
		} else {
			part.oneOf[r.IntN(len(part.oneOf))].draw(r, b)
		}
	}
}

// write draws a comment of a topic; "" when there is none.
func (g grammar) write(r *rand.Rand, t topic) string {
	lines := g[t]
	if len(lines) == 0 {
		return ""
	}
	var b strings.Builder
	lines[r.IntN(len(lines))].draw(r, &b)
	text := strings.ReplaceAll(b.String(), "$product", strings.ReplaceAll(products()[r.IntN(len(products()))], "-", " "))
	if t.locale == "en" {
		return tidy(text)
	}
	return text
}

// tidy ends what a drawn part ended already once, as "Why?." would not.
func tidy(text string) string {
	text = strings.NewReplacer("?.", "?", "..", ".", "  ", " ").Replace(text)
	return strings.TrimSpace(text)
}

// said is when and in which language something is said.
type said struct {
	day    int
	locale string
}

// comment draws what somebody adds to a score; "" for most, who add nothing.
func (y *year) comment(metric surveys.Metric, plan string, score int, at said) string {
	f, talkative := feelingOf(metric, score)
	if y.r.IntN(100) >= talkative {
		return ""
	}
	theme := y.theme(metric, plan, f, at.day)
	text := y.words.write(y.r, topic{at.locale, theme, f})
	if f != mixed && y.r.IntN(6) == 0 {
		if last := y.words.write(y.r, topic{at.locale, closing, f}); last != "" {
			if r, _ := utf8.DecodeLastRuneInString(text); r < 0x80 {
				text += " "
			}
			text += last
		}
	}
	return text
}

// feelingOf is what a score feels like, and how many of a hundred who give it
// say why: the unhappy more often than the happy.
func feelingOf(metric surveys.Metric, score int) (feeling, int) {
	switch scale := metric.Scale(); scale.Band(score) {
	case scale.Good:
		return praise, 23
	case scale.Bad:
		return complaint, 38
	}
	return mixed, 20
}

// theme draws what somebody talks about.
func (y *year) theme(metric surveys.Metric, plan string, f feeling, day int) string {
	n := y.r.IntN(100)
	switch {
	case metric == surveys.NPS && plan == planSubscription && f == complaint && y.c.courierOn(day) == newCourier && n < 68:
		return themeCourier
	case metric == surveys.CES && plan != planSubscription:
		return weigh(n, []themeShare{{themeSupport, 72}, {themeWebsite, 28}})
	case metric == surveys.CES:
		return weigh(n, []themeShare{{themeSupport, 62}, {themeWebsite, 22}, {themePause, 16}})
	case metric == surveys.CSAT:
		return weigh(n, []themeShare{{themeDelivery, 64}, {themePackaging, 26}, {themeFreshness, 10}})
	case plan == planGift:
		return weigh(n, []themeShare{{themePackaging, 46}, {themePrice, 24}, {themeWebsite, 16}, {themeDelivery, 14}})
	case plan == planSubscription:
		return weigh(n, []themeShare{{themeTaste, 28}, {themeFreshness, 22}, {themePause, 22}, {themePrice, 12}, {themeSupport, 8}, {themeDelivery, 8}})
	}
	return weigh(n, []themeShare{{themeTaste, 36}, {themeFreshness, 20}, {themePrice, 18}, {themeDelivery, 12}, {themeWebsite, 8}, {themePackaging, 6}})
}

// themeShare is a theme and how many of a hundred talk about it.
type themeShare struct {
	theme string
	of    int
}

func weigh(n int, shares []themeShare) string {
	for _, s := range shares {
		if n -= s.of; n < 0 {
			return s.theme
		}
	}
	return shares[0].theme
}
