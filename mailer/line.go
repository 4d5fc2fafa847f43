package mailer

import (
	"slices"

	"github.com/harkhq/hark/surveys"
)

// groups is how many groups of receivers there are.
const groups = 4

// groupOf is the number of the group of receivers that a letter goes to.
func groupOf(l ready) int {
	return slices.Index(surveys.Receivers(), surveys.ReceiverOf(l.invitation.Email))
}

// line is what waits of a workspace, by the groups of receivers, which take turns:
// one that takes letters slowly holds up no other.
type line struct {
	lists [groups][]ready
	last  int // the group that had its turn
	n     int
}

// len is how many letters wait; nil is an empty line.
func (l *line) len() int {
	if l == nil {
		return 0
	}
	return l.n
}

func (l *line) put(group int, next ready) {
	l.lists[group] = append(l.lists[group], next)
	l.n++
}

// next is the group whose turn it is among those that have letters and are not
// full; -1 when there is none.
func (l *line) next(full func(group int) bool) int {
	for step := range groups {
		if group := (l.last + 1 + step) % groups; len(l.lists[group]) > 0 && !full(group) {
			return group
		}
	}
	return -1
}

// pull takes the next letter to a group.
func (l *line) pull(group int) ready {
	list := l.lists[group]
	next := list[0]
	list[0] = ready{} // so that its bytes can go
	l.lists[group], l.last = list[1:], group
	l.n--
	return next
}

// all is what waits.
func (l *line) all() []ready { return slices.Concat(l.lists[:]...) }
