package search

// term is one place of what is looked for in: a word, or two neighbouring
// characters of a script without spaces.
type term struct {
	text     string
	from, to int
	head     int // where its first character ends
}

// terms are those of a text in their order, and the last characters of the runs
// of a script without spaces: a single character is looked for as the beginning
// of a term, and the last one of a run begins none.
func terms(tokens []token) (stream []term, ends []string) {
	for i, t := range tokens {
		last := i+1 == len(tokens) || !tokens[i+1].glued
		switch {
		case !t.char, last && !t.glued:
			stream = append(stream, term{t.text, t.from, t.to, t.to})
		case last:
			ends = append(ends, t.text)
		default:
			stream = append(stream, term{t.text + tokens[i+1].text, t.from, tokens[i+1].to, t.to})
		}
	}
	bound(stream)
	return stream, ends
}

// mostPlaces is how many places of one term are kept in a text: as many as
// PostgreSQL does, so that no database finds another phrase than the other.
const mostPlaces = 255

// bound leaves a gap where a term stands once more than its places are kept.
func bound(stream []term) {
	if len(stream) <= mostPlaces {
		return
	}
	places := make(map[string]int)
	for i, t := range stream {
		if places[t.text]++; places[t.text] > mostPlaces {
			stream[i].text = ""
		}
	}
}

// Terms are what an index keeps of a comment: terms in the order in which they
// stand, with "" for a gap, and such as have no place among them.
type Terms struct{ Stream, Ends []string }

// TermsOf are the terms of a comment.
func TermsOf(text string) Terms {
	stream, ends := terms(scan(text))
	all := Terms{Stream: make([]string, len(stream)), Ends: ends}
	for i, t := range stream {
		all.Stream[i] = t.text
	}
	return all
}
