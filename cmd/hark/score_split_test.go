package main

import (
	"fmt"
	"testing"

	"github.com/harkhq/hark/surveys"
)

// TestSplitKeepsTheLargestValues reads a thousand values of one row each before
// and between two that are often given.
func TestSplitKeepsTheLargestValues(t *testing.T) {
	t.Parallel()
	s := make(split)
	for i := range 1000 {
		s.of(fmt.Sprintf("rare %04d", i)).add(1, 9)
		if i > 500 {
			s.of("late and large").add(2, 3)
			s.of(surveys.OtherValue).add(2, 7) // a value of the file's own that is called so
		}
	}
	s.fold(surveys.MaxSegmentValues)
	if len(s) > surveys.MaxSegmentValues {
		t.Errorf("%d values are kept", len(s))
	}
	if got := s["late and large"][2]; got == nil || got.N() != 499 {
		t.Errorf("the large one has %v", got)
	}
	var n int64
	for _, counted := range s {
		for _, counts := range counted {
			n += counts.N()
		}
	}
	if n != 1000+2*499 {
		t.Errorf("%d of %d answers are counted", n, 1000+2*499)
	}
	few := split{"a": {1: new(surveys.Counts)}, "b": {1: new(surveys.Counts)}}
	few.fold(2)
	if len(few) != 2 {
		t.Errorf("nothing was to be folded: %v", few)
	}
}
