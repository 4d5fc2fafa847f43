package store

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/harkhq/hark/analysis/search"
	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys"
)

// Everything by which comments are filtered is a word of one index, the terms of
// the comment as well as its score, segments, language, feeling and themes: any
// combination is the intersection of a few ordered lists, which FTS5 and GIN are
// made for. A word is the scope, a letter for its kind, and the term. Only
// letters, digits, marks and emoji are in it, so that it can be quoted for both
// databases without anything to escape.

// The kinds of words.
const (
	kindTerm     = "w"
	kindEnd      = "e" // the last character of a run, see [search.Terms]
	kindAll      = "a" // every comment has it
	kindGap      = "x" // stands for nothing, see [search.Terms]
	kindScore    = "s"
	kindSegment  = "g"
	kindLanguage = "l"
	kindTone     = "f"
	kindTheme    = "t"
)

// scope is what the words of one survey begin with: 50 bits, so that no other
// survey of any workspace has the same. Even then no row of another would be
// found, only more slowly.
func scope(ws surveys.WorkspaceID, surveyID string) string {
	sum := sha256.Sum256([]byte(string(ws) + "/" + surveyID))
	return strings.ToLower(base32.HexEncoding.EncodeToString(sum[:]))[:10]
}

// short is a value as a word has it, whatever is in it.
func short(value string) string {
	sum := sha256.Sum256([]byte(value))
	return hex.EncodeToString(sum[:6])
}

// wordsOf are the words of a comment: first the terms in their order, so that
// phrases are found by their places, then the rest.
func wordsOf(r surveys.Response, reading themes.Reading) []string {
	of := scope(r.WorkspaceID, r.SurveyID)
	terms := search.TermsOf(r.Comment)
	words := make([]string, 0, len(terms.Stream)+len(terms.Ends)+8)
	for _, term := range terms.Stream {
		if term == "" {
			words = append(words, of+kindGap)
			continue
		}
		words = append(words, of+kindTerm+term)
	}
	for _, end := range terms.Ends {
		words = append(words, of+kindEnd+end)
	}
	words = append(words, of+kindAll, of+kindScore+strconv.Itoa(r.Score), of+kindLanguage+short(string(languageOf(r, reading))))
	for _, key := range slices.Sorted(maps.Keys(r.Segments)) { // the same words again, see [Tx.index]
		words = append(words, of+kindSegment+short(key+":"+r.Segments[key]))
	}
	if reading.Sentiment.Tone != "" {
		words = append(words, of+kindTone+short(string(reading.Sentiment.Tone)))
	}
	for _, theme := range reading.Themes {
		words = append(words, of+kindTheme+short(theme))
	}
	return words
}

// languageOf is what a comment is written in, also where nobody wants themes and
// so nothing was read.
func languageOf(r surveys.Response, reading themes.Reading) themes.Language {
	if reading.Language != "" {
		return reading.Language
	}
	return themes.LanguageOf(r.Comment, r.Locale)
}

// LanguageOf is what a comment of a feed is written in.
func LanguageOf(c FeedComment) themes.Language { return languageOf(c.Response, c.Reading) }

// lastPlace is the last place that PostgreSQL keeps of a word.
const lastPlace = 16383

// vector is a list of words as PostgreSQL reads a tsvector.
func vector(words []string) string {
	var b strings.Builder
	for i, word := range words {
		fmt.Fprintf(&b, "'%s':%d ", word, min(i+1, lastPlace))
	}
	return b.String()
}

// condition is what the words of a comment must be, in no database's language.
type condition struct {
	all  []alternatives
	none []alternatives
}

// alternatives are phrases of which a comment has one.
type alternatives []search.Phrase

// condition is the part of the filter that the index's words answer.
func (f FeedFilter) condition(ws surveys.WorkspaceID) condition {
	of := scope(ws, f.SurveyID)
	word := func(kind, text string) search.Phrase { return search.Phrase{Terms: []string{of + kind + text}} }
	var c condition
	add := func(words alternatives) {
		if len(words) > 0 {
			c.all = append(c.all, words)
		}
	}
	var scores alternatives
	for _, score := range f.Scores {
		scores = append(scores, word(kindScore, strconv.Itoa(score)))
	}
	for _, phrase := range f.Search.Wants {
		add(spelt(of, phrase))
	}
	if f.Theme != "" {
		add(alternatives{word(kindTheme, short(f.Theme))})
	}
	for _, key := range f.Segments.Keys() {
		var values alternatives
		for _, value := range f.Segments.Values(key) {
			values = append(values, word(kindSegment, short(key+":"+value)))
		}
		add(values)
	}
	if f.Language != "" {
		add(alternatives{word(kindLanguage, short(string(f.Language)))})
	}
	if f.Tone != "" {
		add(alternatives{word(kindTone, short(string(f.Tone)))})
	}
	add(scores)
	for _, phrase := range f.Search.Not {
		c.none = append(c.none, spelt(of, phrase))
	}
	var lacking alternatives
	for _, segment := range f.Lacking {
		lacking = append(lacking, word(kindSegment, short(segment.String())))
	}
	if len(lacking) > 0 {
		c.none = append(c.none, lacking)
	}
	if len(c.all) == 0 && len(c.none) > 0 {
		add(alternatives{word(kindAll, "")})
	}
	return c
}

// spelt is a phrase of a query in the words of the index. A single character of
// a script without spaces begins a term or ends a run.
func spelt(of string, p search.Phrase) alternatives {
	words := search.Phrase{Prefix: p.Prefix}
	for _, term := range p.Terms {
		words.Terms = append(words.Terms, of+kindTerm+term)
	}
	if p.Prefix && len(p.Terms) == 1 {
		return alternatives{words, {Terms: []string{of + kindEnd + p.Terms[0]}}}
	}
	return alternatives{words}
}

// fts5 is the condition as SQLite's MATCH reads it.
func (c condition) fts5() string {
	return c.text(func(p search.Phrase) string {
		return `"` + strings.Join(p.Terms, " ") + `"` + star(p, " *")
	}, " OR ", " AND ", " NOT ")
}

// tsquery is the condition as PostgreSQL's tsquery reads it.
func (c condition) tsquery() string {
	return c.text(func(p search.Phrase) string {
		return "('" + strings.Join(p.Terms, "' <-> '") + "'" + star(p, ":*") + ")"
	}, " | ", " & ", " & !")
}

func (c condition) text(phrase func(search.Phrase) string, or, and, not string) string {
	either := func(list alternatives) string {
		var parts []string
		for _, p := range list {
			parts = append(parts, phrase(p))
		}
		return "(" + strings.Join(parts, or) + ")"
	}
	var parts []string
	for _, list := range c.all {
		parts = append(parts, either(list))
	}
	text := strings.Join(parts, and)
	for _, list := range c.none {
		text = "(" + text + ")" + not + either(list)
	}
	return text
}

func star(p search.Phrase, sign string) string {
	if p.Prefix {
		return sign
	}
	return ""
}

// passes reports whether a comment that is not indexed yet passes the filter:
// what the index would say.
func (f FeedFilter) passes(r surveys.Response, reading themes.Reading) bool {
	for _, key := range f.Segments.Keys() {
		if !slices.Contains(f.Segments.Values(key), r.Segments[key]) {
			return false
		}
	}
	for _, segment := range f.Lacking {
		if r.Segments[segment.Key] == segment.Value {
			return false
		}
	}
	at := placeOf(r.AnsweredAt)
	switch {
	case len(f.Scores) > 0 && !slices.Contains(f.Scores, r.Score),
		f.Theme != "" && !slices.Contains(reading.Themes, f.Theme),
		f.Tone != "" && reading.Sentiment.Tone != f.Tone,
		f.Language != "" && languageOf(r, reading) != f.Language,
		f.Rated && len(r.Ratings) == 0,
		!f.From.IsZero() && at < placeOf(f.From), !f.To.IsZero() && at >= placeOf(f.To):
		return false
	}
	return f.Search.Matches(r.Comment)
}
