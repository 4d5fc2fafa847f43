package sqlite

import (
	"container/list"
	"errors"
)

// A connection keeps this many statements, none of them longer than this many
// bytes: a statement takes some 5 to 40 KB, and one with thousands of parameters
// far more than compiling it again is worth.
const (
	mostKept    = 100
	longestKept = 4 << 10
)

// kept are compiled statements that nobody uses, by their text; the longest unused
// goes when there are too many.
type kept struct {
	byText map[string]*list.Element
	order  *list.List // of keptStatement; the last used in front
}

type keptStatement struct {
	text      string
	statement compiled
}

func newKept() *kept {
	return &kept{byText: make(map[string]*list.Element), order: list.New()}
}

// take takes out the statement of a text; it is nil when there is none. Rows that
// are still read have theirs taken out, so that the same text twice at a time is
// compiled twice.
func (k *kept) take(text string) compiled {
	e, ok := k.byText[text]
	if !ok {
		return nil
	}
	delete(k.byText, text)
	return k.order.Remove(e).(keptStatement).statement
}

// put keeps a statement that nobody uses any more, or ends it.
func (k *kept) put(text string, s compiled) error {
	if _, twice := k.byText[text]; twice || len(text) > longestKept {
		return s.Close()
	}
	k.byText[text] = k.order.PushFront(keptStatement{text, s})
	if k.order.Len() <= mostKept {
		return nil
	}
	oldest := k.order.Remove(k.order.Back()).(keptStatement)
	delete(k.byText, oldest.text)
	return oldest.statement.Close()
}

// close ends all statements.
func (k *kept) close() error {
	var ended []error
	for e := k.order.Front(); e != nil; e = e.Next() {
		ended = append(ended, e.Value.(keptStatement).statement.Close())
	}
	return errors.Join(ended...)
}
