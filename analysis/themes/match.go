package themes

import (
	"slices"

	"github.com/harkhq/hark/analysis"
	"github.com/kljensen/snowball/english"
	"github.com/kljensen/snowball/french"
	"github.com/kljensen/snowball/hungarian"
	"github.com/kljensen/snowball/norwegian"
	"github.com/kljensen/snowball/russian"
	"github.com/kljensen/snowball/spanish"
	"github.com/kljensen/snowball/swedish"
)

// Matcher finds a workspace's themes in comments. It is a trie of words per
// language with inflected forms, and one for all others; the time to match grows
// with the comment, not with the number of keywords. It is safe for concurrent
// use.
type Matcher struct {
	ids   []string
	tries map[Language]*node // by language with a stemmer; Unknown for the words as they stand
}

// NewMatcher compiles themes. They must be in order: see [CheckSet].
func NewMatcher(themes []Theme) (*Matcher, error) {
	if _, wrong := CheckSet(themes); len(wrong) > 0 {
		return nil, analysis.Refuse("themes", "%s: %s", wrong[0].Path, wrong[0].Code)
	}
	m := &Matcher{ids: make([]string, len(themes)), tries: map[Language]*node{Unknown: {}}}
	for _, l := range stemmed() {
		m.tries[l] = &node{}
	}
	for i, t := range themes {
		m.ids[i] = t.ID
		for _, text := range t.Keywords {
			k, _, _ := parseKeyword(text)
			for l, root := range m.tries {
				root.insert(k, i, stemmer(l))
			}
		}
	}
	return m, nil
}

// IDs are the themes' ids in the order of the themes.
func (m *Matcher) IDs() []string { return slices.Clone(m.ids) }

// Match returns the ids of the themes that a comment is about, in the order of
// the themes; nil where none is found.
func (m *Matcher) Match(text string, l Language) []string { return m.match(scan(text), l) }

func (m *Matcher) match(tokens []token, l Language) []string {
	root := m.tries[l]
	if root == nil {
		l, root = Unknown, m.tries[Unknown]
	}
	if root == nil { // not made by NewMatcher: it knows no theme
		return nil
	}
	s := search{tokens: tokens, words: stems(tokens, stemmer(l))}
	for i := range tokens {
		s.from = i
		s.walk(root, i)
	}
	var ids []string
	for _, theme := range s.themes() {
		ids = append(ids, m.ids[theme])
	}
	return ids
}

// search is one pass over a comment.
type search struct {
	tokens []token
	words  []string // the tokens' stems
	from   int
	hits   []span
	nots   []span
}

// span is where a keyword of a theme was found: tokens from…to−1.
type span struct{ theme, from, to int }

// walk follows every way through the trie from n on that the tokens from place i
// on spell.
func (s *search) walk(n *node, i int) {
	for _, theme := range n.themes {
		s.hits = append(s.hits, span{theme, s.from, i})
	}
	for _, theme := range n.nots {
		s.nots = append(s.nots, span{theme, s.from, i})
	}
	if i == len(s.tokens) || i > s.from && s.tokens[i].opens {
		return
	}
	if next := n.next[s.words[i]]; next != nil {
		s.walk(next, i+1)
	}
	word := s.tokens[i].text
	if next := n.exact[word]; next != nil {
		s.walk(next, i+1)
	}
	for length := n.shortest; length > 0 && length <= min(n.longest, len(word)); length++ {
		if next := n.prefixes[word[:length]]; next != nil {
			s.walk(next, i+1)
		}
	}
}

// themes are those with a hit that none of their exclusions covers, in order.
func (s *search) themes() []int {
	nots := map[int][]span{}
	for _, not := range s.nots {
		nots[not.theme] = append(nots[not.theme], not)
	}
	var themes []int
	for _, hit := range s.hits {
		covered := slices.ContainsFunc(nots[hit.theme], func(not span) bool {
			return not.from <= hit.from && not.to >= hit.to
		})
		if !covered && !slices.Contains(themes, hit.theme) {
			themes = append(themes, hit.theme)
		}
	}
	slices.Sort(themes)
	return themes
}

// node is a place in the trie, reached by the words of a keyword so far.
type node struct {
	next              map[string]*node // by stem
	exact             map[string]*node // by the word as it stands
	prefixes          map[string]*node // by the beginning of a word
	shortest, longest int              // bytes of the keys of prefixes
	themes            []int            // whose keyword ends here
	nots              []int            // whose exclusion ends here
}

func (n *node) insert(k keyword, theme int, stem func(string) string) {
	for _, p := range k.words {
		if p.prefix {
			n = n.prefix(p.text)
			continue
		}
		switch {
		case p.exact:
			n = follow(&n.exact, p.text)
		case p.char:
			n = follow(&n.next, p.text)
		default:
			n = follow(&n.next, stem(p.text))
		}
	}
	if k.not {
		n.nots = append(n.nots, theme)
	} else {
		n.themes = append(n.themes, theme)
	}
}

func (n *node) prefix(text string) *node {
	if n.prefixes == nil {
		n.shortest = len(text)
	}
	n.shortest, n.longest = min(n.shortest, len(text)), max(n.longest, len(text))
	return follow(&n.prefixes, text)
}

// follow goes one step on, and makes it where there is none yet.
func follow(edges *map[string]*node, key string) *node {
	if *edges == nil {
		*edges = map[string]*node{}
	}
	if (*edges)[key] == nil {
		(*edges)[key] = &node{}
	}
	return (*edges)[key]
}

// stemmed are the languages whose inflected forms are known.
func stemmed() []Language { return []Language{English, "fr", "es", "ru", "sv", "no", "nb", "nn", "hu"} }

// stemmer cuts a word of the language to its stem, by Porter's Snowball rules; of
// other languages it leaves it as it is.
func stemmer(l Language) func(string) string {
	var stem func(string, bool) string
	switch l {
	case English:
		stem = english.Stem
	case "fr":
		stem = french.Stem
	case "es":
		stem = spanish.Stem
	case "ru":
		stem = russian.Stem
	case "sv":
		stem = swedish.Stem
	case "no", "nb", "nn":
		stem = norwegian.Stem
	case "hu":
		stem = hungarian.Stem
	default:
		return func(word string) string { return word }
	}
	return func(word string) string { return stem(word, false) }
}

func stems(tokens []token, stem func(string) string) []string {
	words := make([]string, len(tokens))
	for i, t := range tokens {
		words[i] = t.text
		if !t.char && !t.number {
			words[i] = stem(t.text)
		}
	}
	return words
}
