package themes

import (
	"cmp"
	"math"
	"slices"
)

// maxNumber is how many digits a number may have to be a term: 10/10 says
// something, an order's number only who wrote.
const maxNumber = 3

// eachTerm hands out what a comment is judged by: its words and pairs of
// neighbouring words, and of scripts without spaces its characters and pairs of
// characters. The key is only valid during the call.
func eachTerm(tokens []token, yield func(key []byte)) {
	var key []byte
	for i, t := range tokens {
		if t.number && len(t.text) > maxNumber {
			continue
		}
		key = append(key[:0], t.text...)
		yield(key)
		if i+1 == len(tokens) || tokens[i+1].opens || tokens[i+1].char != t.char {
			continue
		}
		next := tokens[i+1]
		if next.number && len(next.text) > maxNumber {
			continue
		}
		if !t.char {
			key = append(key, ' ')
		}
		key = append(key, next.text...)
		yield(key)
	}
}

// bag is a comment as the terms in it, in order, and how often each is.
type bag struct {
	terms  []int32
	counts []int32
}

// corpus is many comments with their terms numbered once.
type corpus struct {
	numbers map[string]int32
	names   []string
	bags    []bag
	lexicon []float64 // VADER's compound of each comment; nil but for English
}

// add takes a comment's terms in.
func (c *corpus) add(tokens []token) {
	if c.numbers == nil {
		c.numbers = map[string]int32{}
	}
	var all []int32
	eachTerm(tokens, func(key []byte) {
		number, known := c.numbers[string(key)]
		if !known {
			number = int32(len(c.names))
			c.names = append(c.names, string(key))
			c.numbers[c.names[number]] = number
		}
		all = append(all, number)
	})
	c.bags = append(c.bags, bagOf(all))
}

// bagOf counts numbers; it sorts them in place.
func bagOf(all []int32) bag {
	slices.Sort(all)
	var b bag
	for i, n := range all {
		if i > 0 && all[i-1] == n {
			b.counts[len(b.counts)-1]++
			continue
		}
		b.terms = append(b.terms, n)
		b.counts = append(b.counts, 1)
	}
	return b
}

// vocabulary is the terms that a classifier knows.
type vocabulary struct {
	column []int32   // by the corpus's number; −1 where the term was left out
	kept   []int32   // the corpus's number by column
	idf    []float64 // ln((1+N)/(1+df)) + 1, by column
}

// vocabulary chooses the terms of some of the comments: those in at least `least`
// comments and, of these, the most frequent ones.
func (c *corpus) vocabulary(members []int, least, most int) vocabulary {
	frequency := make([]int32, len(c.names))
	for _, i := range members {
		for _, n := range c.bags[i].terms {
			frequency[n]++
		}
	}
	v := vocabulary{column: make([]int32, len(c.names))}
	for n, df := range frequency {
		v.column[n] = -1
		if int(df) >= least {
			v.kept = append(v.kept, int32(n))
		}
	}
	if len(v.kept) > most {
		slices.SortFunc(v.kept, func(a, b int32) int {
			return cmp.Or(cmp.Compare(frequency[b], frequency[a]), cmp.Compare(a, b))
		})
		v.kept = v.kept[:most]
		slices.Sort(v.kept)
	}
	v.idf = make([]float64, len(v.kept))
	for column, n := range v.kept {
		v.column[n] = int32(column)
		v.idf[column] = math.Log(float64(1+len(members))/float64(1+frequency[n])) + 1
	}
	return v
}

// rows is a sparse matrix: of comment i, columns and values from[i]…from[i+1]−1.
type rows struct {
	from    []int
	columns []int32
	values  []float64
}

// weigh makes each comment a row of TF-IDF, (1 + ln tf)·idf, of length one. What
// the lexicon says of it is one more column, the last.
func (c *corpus) weigh(v vocabulary, members []int) rows {
	m := rows{from: make([]int, 1, len(members)+1)}
	for _, i := range members {
		start := len(m.values)
		for k, n := range c.bags[i].terms {
			if column := v.column[n]; column >= 0 {
				m.columns = append(m.columns, column)
				m.values = append(m.values, (1+math.Log(float64(c.bags[i].counts[k])))*v.idf[column])
			}
		}
		normalise(m.values[start:])
		if c.lexicon != nil {
			m.columns = append(m.columns, int32(len(v.kept)))
			m.values = append(m.values, c.lexicon[i])
		}
		m.from = append(m.from, len(m.values))
	}
	return m
}

// normalise scales values to length one; all zero stays so.
func normalise(values []float64) {
	var squares float64
	for _, v := range values {
		squares += v * v
	}
	if squares == 0 {
		return
	}
	length := math.Sqrt(squares)
	for i := range values {
		values[i] /= length
	}
}
