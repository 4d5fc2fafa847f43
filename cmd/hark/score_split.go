package main

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/harkhq/hark/surveys"
)

// maxSplit is how many values of --by are kept while a file is read. When one
// more comes, the smallest are counted as other until half are left: a value that
// is often given is kept wherever in the file it begins, and memory stays flat.
const maxSplit = 2 * surveys.MaxSegmentValues

// split is the counts of each value of --by.
type split map[string]days

// of is where a value is counted.
func (s split) of(value string) days {
	if found := s[value]; found != nil {
		return found
	}
	if len(s) >= maxSplit {
		s.fold(maxSplit / 2)
	}
	made := make(days)
	s[strings.Clone(value)] = made
	return made
}

// fold keeps the largest values, so many that they are at most `most` with the
// one that counts all the others.
func (s split) fold(most int) {
	if len(s) <= most {
		return
	}
	sizes := make(map[string]int64, len(s))
	for value, counted := range s {
		for _, counts := range counted {
			sizes[value] += counts.N()
		}
	}
	values := slices.SortedFunc(maps.Keys(sizes), func(a, b string) int {
		return cmp.Or(cmp.Compare(sizes[b], sizes[a]), cmp.Compare(a, b))
	})
	values = slices.DeleteFunc(values, func(value string) bool { return value == surveys.OtherValue })
	for _, value := range values[most-1:] {
		s.merge(value)
	}
}

// merge counts a value as other.
func (s split) merge(value string) {
	other := s[surveys.OtherValue]
	if other == nil {
		other = make(days)
		s[surveys.OtherValue] = other
	}
	for day, counts := range s[value] {
		if other[day] == nil {
			other[day] = new(surveys.Counts)
		}
		other[day].Add(*counts)
	}
	delete(s, value)
}
