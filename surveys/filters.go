package surveys

import (
	"slices"
	"strings"
)

// MaxFilters is how many segments answers can be narrowed to at once.
const MaxFilters = 20

// Segment names one value of a segment key: plan pro.
type Segment struct{ Key, Value string }

// String is the segment as addresses have it: plan:pro.
func (s Segment) String() string { return s.Key + ":" + s.Value }

// ParseSegment reads what String writes. It reports false for a text that
// lacks a key or a value; whether the key is declared is not asked.
func ParseSegment(text string) (Segment, bool) {
	key, value, found := strings.Cut(text, ":")
	return Segment{Key: key, Value: value}, found && key != "" && value != ""
}

// Filters narrow answers to segments: an answer must have one of the values
// under each key that is named. Without any, everybody's answers count.
type Filters []Segment

// Keys are the keys that are named, each once, in the order in which they first
// come.
func (f Filters) Keys() []string {
	var keys []string
	for _, s := range f {
		if !slices.Contains(keys, s.Key) {
			keys = append(keys, s.Key)
		}
	}
	return keys
}

// Values are those that are named under a key.
func (f Filters) Values(key string) []string {
	var values []string
	for _, s := range f {
		if s.Key == key {
			values = append(values, s.Value)
		}
	}
	return values
}

// Has reports whether a segment is one of the filters.
func (f Filters) Has(s Segment) bool { return slices.Contains(f, s) }

// With is the filters and one more, if it is not among them.
func (f Filters) With(s Segment) Filters {
	if f.Has(s) {
		return f
	}
	return append(slices.Clone(f), s)
}

// Without is the filters but one.
func (f Filters) Without(s Segment) Filters {
	return slices.DeleteFunc(slices.Clone(f), func(other Segment) bool { return other == s })
}

// Only is the filters, but of one key no more than one value: what the answers
// of that segment are among those that pass the filters.
func (f Filters) Only(s Segment) Filters {
	return slices.DeleteFunc(slices.Clone(f), func(other Segment) bool { return other.Key == s.Key }).With(s)
}

// Of are the filters of one key.
func (f Filters) Of(key string) Filters {
	return slices.DeleteFunc(slices.Clone(f), func(s Segment) bool { return s.Key != key })
}
