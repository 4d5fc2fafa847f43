package main

import (
	"fmt"
	"testing"

	"github.com/harkhq/hark/surveys"
)

// TestNobodyKnownIsAPersonEach: answers without a person weigh as those of people
// who answered once, on every scale.
func TestNobodyKnownIsAPersonEach(t *testing.T) {
	t.Parallel()
	for _, metric := range surveys.Metrics() {
		named, blank := newPeople(), newPeople()
		for i := range 200 {
			scale := metric.Scale()
			score := scale.Min + (i*i/3+i)%(scale.Max-scale.Min+1)
			if i%10 == 0 { // the same two people, in both
				name := fmt.Sprint("regular ", i%20)
				named.add(name, 0, score)
				blank.add(name, 0, score)
				continue
			}
			named.add(fmt.Sprint("person ", i), 0, score)
			blank.add(" ", 0, score)
		}
		want, err := named.report(metric, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		got, err := blank.report(metric, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		if got.People != want.People || got.Unknown != 180 || *got.interval != *want.interval || *got.DesignEffect != *want.DesignEffect {
			t.Errorf("%s: %+v, want %+v", metric, got, want)
		}
	}
}
