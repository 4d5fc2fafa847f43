package search

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// Piece is a part of a comment: what was looked for, or what stands around it.
type Piece struct {
	Text   string
	Marked bool
}

// span is a range of a text's bytes.
type span struct{ from, to int }

// mostMarks bounds how often one phrase is marked.
const mostMarks = 200

// spans are where what is looked for stands, in order, none touching another.
func (q Query) spans(text string) []span {
	if len(q.Wants) == 0 {
		return nil
	}
	tokens := scan(text)
	stream, _ := terms(tokens)
	var found []span
	for _, p := range q.Wants {
		for _, i := range p.places(stream, mostMarks) {
			last := stream[i+len(p.Terms)-1]
			end := last.to
			if want := p.Terms[len(p.Terms)-1]; p.Prefix && utf8.RuneCountInString(want) == 1 {
				end = last.head
			}
			found = append(found, span{stream[i].from, end})
		}
		if p.Prefix && len(p.Terms) == 1 { // a single character at the end of a run
			for _, t := range tokens {
				if t.char && t.text == p.Terms[0] {
					found = append(found, span{t.from, t.to})
				}
			}
		}
	}
	slices.SortFunc(found, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	return joined(found)
}

// joined are ordered spans, those that touch or overlap as one.
func joined(list []span) []span {
	var all []span
	for _, s := range list {
		if n := len(all); n > 0 && s.from <= all[n-1].to {
			all[n-1].to = max(all[n-1].to, s.to)
			continue
		}
		all = append(all, s)
	}
	return all
}

// Mark cuts a comment into what was looked for and the rest.
func (q Query) Mark(text string) []Piece { return pieces(text, span{0, len(text)}, q.spans(text)) }

func pieces(text string, of span, marks []span) []Piece {
	var list []Piece
	add := func(from, to int, marked bool) {
		if from < to {
			list = append(list, Piece{text[from:to], marked})
		}
	}
	at := of.from
	for _, m := range marks {
		from, to := max(m.from, of.from), min(m.to, of.to)
		if from >= to {
			continue
		}
		add(at, from, false)
		add(from, to, true)
		at = to
	}
	add(at, of.to, false)
	return list
}

// Excerpt is the part of a long comment that shows the first thing that was
// looked for, about so many runes long, and whether something is left out before
// and behind. A comment that is hardly longer is whole.
func (q Query) Excerpt(text string, runes int) (list []Piece, before, behind bool) {
	if utf8.RuneCountInString(text) <= runes+runes/4 {
		return q.Mark(text), false, false
	}
	marks := q.spans(text)
	start := 0
	if len(marks) > 0 {
		start = back(text, marks[0].from, runes/3)
	}
	end := ahead(text, start, runes)
	if end == len(text) {
		start = back(text, end, runes)
	}
	start, end = wordStart(text, start), wordEnd(text, end)
	return pieces(text, span{start, end}, marks), start > 0, end < len(text)
}

// back is so many runes before a place.
func back(text string, at, runes int) int {
	for ; runes > 0 && at > 0; runes-- {
		_, size := utf8.DecodeLastRuneInString(text[:at])
		at -= size
	}
	return at
}

// ahead is so many runes behind a place.
func ahead(text string, at, runes int) int {
	for ; runes > 0 && at < len(text); runes-- {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at
}

// nearby is how far away the edge of a word is looked for, in bytes.
const nearby = 24

// wordStart moves a place to behind the next space, if one is near.
func wordStart(text string, at int) int {
	if at == 0 || text[at-1] == ' ' {
		return at
	}
	for i := at; i < min(len(text), at+nearby); i++ {
		if text[i] == ' ' || text[i] == '\n' {
			return i + 1
		}
	}
	return at
}

// wordEnd moves a place to before the last space, if one is near.
func wordEnd(text string, at int) int {
	if at == len(text) {
		return at
	}
	for i := at; i > max(0, at-nearby); i-- {
		if text[i] == ' ' || text[i] == '\n' {
			return i
		}
	}
	return at
}
