package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What of a query is read: more than anybody types, and little enough that no
// database stumbles over it.
const (
	MaxQueryRunes = 200
	maxPhrases    = 16
)

// Phrase is terms that stand one behind the other.
type Phrase struct {
	Terms  []string
	Prefix bool // of the last term, the beginning is enough
}

// Query is what somebody looks for: all of Wants, and none of Not. Its zero value
// is passed by every comment.
type Query struct {
	Wants, Not []Phrase
	asked      bool
}

// Blank reports that nothing was asked for.
func (q Query) Blank() bool { return !q.asked }

// Hopeless reports that something was asked for that no comment is searched
// for, such as a percent sign alone: nothing is found.
func (q Query) Hopeless() bool { return q.asked && len(q.Wants)+len(q.Not) == 0 }

// Parse reads a query. Words must all be in the comment, in any order; of the
// last one the beginning is enough. What stands in quotes stands so in the
// comment, and what begins with a minus does not. Everything else is a letter or
// is passed over: there are no operators to know or to run into.
func Parse(text string) Query {
	text = cut(strings.TrimSpace(strings.ToValidUTF8(text, "")))
	q := Query{asked: text != ""}
	loose := false // the last part was neither quoted nor excluded
	for len(q.Wants)+len(q.Not) < maxPhrases {
		text = strings.TrimLeftFunc(text, blank)
		if text == "" {
			break
		}
		var one part
		one, text = next(text)
		phrases := phrasesOf(one.text)
		if len(phrases) == 0 {
			continue
		}
		if loose = !one.quoted && !one.excluded; one.excluded {
			q.Not = append(q.Not, phrases...)
		} else {
			q.Wants = append(q.Wants, phrases...)
		}
	}
	if loose {
		q.Wants[len(q.Wants)-1].open()
	}
	return q
}

// shortestBeginning is how many letters begin few enough words.
const shortestBeginning = 3

// open lets the beginning of the last word be enough.
func (p *Phrase) open() {
	if utf8.RuneCountInString(p.Terms[len(p.Terms)-1]) >= shortestBeginning {
		p.Prefix = true
	}
}

func cut(text string) string {
	n := 0
	for i := range text {
		if n++; n > MaxQueryRunes {
			return text[:i]
		}
	}
	return text
}

func blank(r rune) bool { return unicode.IsSpace(r) || r == 0 }

// part is what of a query belongs together.
type part struct {
	text             string
	quoted, excluded bool
}

const (
	opening = "\"“„«「『＂"
	closing = "\"”“»」』＂"
)

// next takes the first part off a query.
func next(text string) (one part, rest string) {
	if rest, one.excluded = strings.CutPrefix(text, "-"); !one.excluded {
		rest, one.excluded = strings.CutPrefix(text, "－")
	}
	r, size := utf8.DecodeRuneInString(rest)
	if strings.ContainsRune(opening, r) {
		one.quoted, rest = true, rest[size:]
		end := strings.IndexAny(rest, closing)
		if end < 0 {
			one.text = rest
			return one, ""
		}
		one.text, rest = rest[:end], rest[end:]
		_, size = utf8.DecodeRuneInString(rest)
		return one, rest[size:]
	}
	end := strings.IndexFunc(rest, blank)
	if end < 0 {
		end = len(rest)
	}
	one.text = rest[:end]
	return one, rest[end:]
}

// phrasesOf are the phrases that a part of a query stands for: one, unless a
// single character of a script without spaces stands in it, which is a term of
// no comment where it has neighbours.
func phrasesOf(text string) []Phrase {
	var phrases []Phrase
	var current []string
	end := func() {
		if len(current) > 0 {
			phrases = append(phrases, Phrase{Terms: current})
		}
		current = nil
	}
	tokens := scan(text)
	for i, t := range tokens {
		last := i+1 == len(tokens) || !tokens[i+1].glued
		switch {
		case !t.char:
			current = append(current, t.text)
		case last && !t.glued:
			end()
			phrases = append(phrases, Phrase{Terms: []string{t.text}, Prefix: true})
		case !last:
			current = append(current, t.text+tokens[i+1].text)
		}
	}
	end()
	return phrases
}

// Matches reports whether a comment is what somebody looks for.
func (q Query) Matches(text string) bool {
	if q.Blank() {
		return true
	}
	if q.Hopeless() {
		return false
	}
	stream, ends := terms(scan(text))
	in := func(p Phrase) bool { return len(p.places(stream, 1)) > 0 || p.ends(ends) }
	return !slices.ContainsFunc(q.Wants, func(p Phrase) bool { return !in(p) }) && !slices.ContainsFunc(q.Not, in)
}

// ends reports whether the phrase is a single character that ends a run.
func (p Phrase) ends(ends []string) bool {
	return len(p.Terms) == 1 && p.Prefix && slices.Contains(ends, p.Terms[0])
}

// places are where the phrase begins in a stream, up to a number of them.
func (p Phrase) places(stream []term, most int) []int {
	var found []int
	for i := 0; i+len(p.Terms) <= len(stream) && len(found) < most; i++ {
		if p.at(stream[i:]) {
			found = append(found, i)
		}
	}
	return found
}

// at reports whether a stream begins with the phrase.
func (p Phrase) at(stream []term) bool {
	for i, want := range p.Terms {
		got := stream[i].text
		if got != want && !(p.Prefix && i == len(p.Terms)-1 && strings.HasPrefix(got, want)) {
			return false
		}
	}
	return true
}
