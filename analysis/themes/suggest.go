package themes

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// Suggestion is a word or phrase that stands in the comments of one side much
// more often than in those of the other, and in no theme yet.
type Suggestion struct {
	Language Language
	Keyword  string  // as it can be put into [Theme.Keywords]
	Tone     Tone    // the side that it sets apart: Negative or Positive
	Bad      int64   // comments with a bad score that have it …
	BadOf    int64   // … of so many
	Good     int64   // the same of those with a good score
	GoodOf   int64   //
	Z        float64 // of the log-odds ratio; positive means bad
}

const (
	suggestLeast  = 20   // comments of each side, or there is no telling apart
	suggestInAll  = 5    // comments that must have a word, so that it gives nobody away
	suggestZ      = 3    // over a thousand words, chance alone reaches it once or twice
	suggestPrior  = 50.0 // comments that the prior weighs as much as
	suggestEach   = 20   // of a language and side
	suggestLonger = 0.7  // of a word's comments in one phrase: then it is the phrase
)

// Suggest names what could become a theme: the words that set the comments beside
// bad scores apart from those beside good ones, and the other way round, per
// language, the clearest first. Words that the known themes find already (nil:
// none) are left out.
//
// The measure is the log-odds ratio with an informative Dirichlet prior (Monroe,
// Colaresi & Quinn 2008, eq. 16, 22) on the number of comments y that have the
// word, of n on each side, with prior α in proportion to all of its comments and
// α₀ = 50:
//
//	δ = ln[(y_b+α)/(n_b+α₀−y_b−α)] − ln[(y_g+α)/(n_g+α₀−y_g−α)],  z = δ/√(1/(y_b+α) + 1/(y_g+α))
//
// Without it, a plain ratio names whatever is rare. Languages with under 20
// comments on either side get no suggestions; that is no error.
func Suggest(m surveys.Metric, examples []Example, known *Matcher) ([]Suggestion, error) {
	if !m.Valid() {
		return nil, analysis.Refuse("metric", "%q is not one of %v", string(m), surveys.Metrics())
	}
	sets, err := split(m, examples)
	if err != nil {
		return nil, err
	}
	var all []Suggestion
	for _, s := range sets {
		bad := int64(0)
		good := int64(0)
		for _, c := range s.classes {
			switch c {
			case isBad:
				bad++
			case isGood:
				good++
			}
		}
		if min(bad, good) < suggestLeast {
			continue
		}
		candidates := whole(phrases(s))
		var suggestions []Suggestion
		for _, text := range slices.Sorted(maps.Keys(candidates)) {
			p := candidates[text]
			z := logOdds(p, bad, good)
			found := Suggestion{s.language, text, Positive, p.side[0], bad, p.side[1], good, z}
			if z > 0 {
				found.Tone = Negative
			}
			if math.Abs(z) >= suggestZ && !known.has(text, s.language) {
				suggestions = append(suggestions, found)
			}
		}
		all = append(all, clearest(suggestions)...)
	}
	return all, nil
}

func (m *Matcher) has(text string, l Language) bool { return m != nil && m.Match(text, l) != nil }

func logOdds(p *phrase, bad, good int64) float64 {
	yb, yg := float64(p.side[0]), float64(p.side[1])
	nb, ng := float64(bad), float64(good)
	alpha := suggestPrior * (yb + yg) / (nb + ng)
	odds := func(y, n float64) float64 { return math.Log((y + alpha) / math.Max(n+suggestPrior-y-alpha, 0.5)) }
	return (odds(yb, nb) - odds(yg, ng)) / math.Sqrt(1/(yb+alpha)+1/(yg+alpha))
}

// clearest keeps the strongest of each side, and of two that share a word the
// stronger one.
func clearest(all []Suggestion) []Suggestion {
	slices.SortStableFunc(all, func(a, b Suggestion) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Z), math.Abs(a.Z)), cmp.Compare(a.Keyword, b.Keyword))
	})
	var kept []Suggestion
	count := map[Tone]int{}
	for _, s := range all {
		again := slices.ContainsFunc(kept, func(k Suggestion) bool {
			return strings.Contains(k.Keyword, s.Keyword) || strings.Contains(s.Keyword, k.Keyword) || sharesWord(k.Keyword, s.Keyword)
		})
		if !again && count[s.Tone] < suggestEach {
			kept = append(kept, s)
			count[s.Tone]++
		}
	}
	return kept
}

// sharesWord reports whether two phrases have a word in common, or two characters
// in a row.
func sharesWord(a, b string) bool {
	if r, _ := utf8.DecodeRuneInString(a); isChar(r) {
		runes := []rune(a)
		for i := 0; i+2 <= len(runes); i++ {
			if strings.Contains(b, string(runes[i:i+2])) {
				return true
			}
		}
		return false
	}
	words := strings.Fields(b)
	return slices.ContainsFunc(strings.Fields(a), func(word string) bool { return slices.Contains(words, word) })
}

// phrase is a candidate: in how many comments of each side it is.
type phrase struct {
	side [2]int64 // bad, good
	last int      // the comment that it was seen in last, from 1
}

func (p *phrase) n() int64 { return p.side[0] + p.side[1] }

// longestPhrase is how many tokens a candidate that begins with it has at most:
// words, or characters.
func (t token) longestPhrase() int {
	if t.char {
		return 4
	}
	return 3
}

// phrases counts the candidates of a set.
func phrases(s *trainingSet) map[string]*phrase {
	found := map[string]*phrase{}
	for i, text := range s.texts {
		if s.classes[i] == isMiddle {
			continue
		}
		tokens := scan(text)
		for from := range tokens {
			for to := from + 1; to <= len(tokens) && to-from <= tokens[from].longestPhrase(); to++ {
				if to-from > 1 && (tokens[to-1].opens || tokens[to-1].char != tokens[from].char) {
					break
				}
				name, good := candidate(tokens[from:to], s.language)
				if !good {
					continue
				}
				p := found[name]
				if p == nil {
					p = &phrase{}
					found[name] = p
				}
				if p.last != i+1 {
					p.last = i + 1
					p.side[s.classes[i]/isGood]++
				}
			}
		}
	}
	for name, p := range found {
		if p.n() < suggestInAll {
			delete(found, name)
		}
	}
	return found
}

// candidate is the name of a run of tokens; false where it could not be a
// keyword: numbers, single characters, and what begins or ends in a word that
// only holds sentences together, or says how it was but not what.
func candidate(tokens []token, l Language) (string, bool) {
	first, last := tokens[0], tokens[len(tokens)-1]
	if first.number || last.number {
		return "", false
	}
	if first.char {
		if len(tokens) < 2 || strings.Contains(edgeCharacters, first.text) || strings.Contains(edgeCharacters, last.text) {
			return "", false
		}
		name := joinTokens(tokens, "")
		return name, !hasFiller(name)
	}
	if isFiller(first.text, l) || isFiller(last.text, l) || utf8.RuneCountInString(first.text) < 3 || utf8.RuneCountInString(last.text) < 3 {
		return "", false
	}
	return joinTokens(tokens, " "), true
}

// edgeCharacters do not begin or end a Chinese or Japanese word that names
// something.
const edgeCharacters = "的了是我你他她它们在也都就和与或又还这那吗吧呢啊呀哦嗯把被给让到得地着过个很太更最再才只但而且因所以于为之其从对向跟会能要想可么什怎一两几次" +
	"はがをにでのともへやかなねよだですまれてたしいう"

func joinTokens(tokens []token, separator string) string {
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 {
			b.WriteString(separator)
		}
		b.WriteString(t.text)
	}
	return b.String()
}

// whole leaves out what is nearly always part of a longer candidate: "态" of
// "态度", "customer" of "customer service".
func whole(all map[string]*phrase) map[string]*phrase {
	part := map[string]bool{}
	for name, p := range all {
		for _, inner := range parts(name) {
			if q := all[inner]; q != nil && float64(p.n()) >= suggestLonger*float64(q.n()) {
				part[inner] = true
			}
		}
	}
	kept := make(map[string]*phrase, len(all))
	for name, p := range all {
		if !part[name] {
			kept[name] = p
		}
	}
	return kept
}

// parts are a candidate's own parts that lack its first or last token.
func parts(name string) []string {
	if words := strings.Fields(name); len(words) > 1 {
		return []string{strings.Join(words[1:], " "), strings.Join(words[:len(words)-1], " "), words[0], words[len(words)-1]}
	}
	first, size := utf8.DecodeRuneInString(name)
	_, lastSize := utf8.DecodeLastRuneInString(name)
	if !isChar(first) || size+lastSize >= len(name) {
		return nil
	}
	shorter := []string{name[size:], name[:len(name)-lastSize]}
	return append(shorter, slices.Concat(parts(shorter[0]), parts(shorter[1]))...)
}
