package main

import (
	"fmt"
	"math"
	"testing"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// TestNobodyKnownIsAPersonEach: answers without a person weigh as those of people
// who answered once, on every scale; and those of people who answer once only
// weigh as answers.
func TestNobodyKnownIsAPersonEach(t *testing.T) {
	t.Parallel()
	for _, metric := range surveys.Metrics() {
		named, blank := newPeople(), newPeople()
		var all surveys.Counts
		for i := range 200 {
			scale := metric.Scale()
			score := scale.Min + i*7%(scale.Max-scale.Min+1)
			all[score]++
			if i%10 == 0 { // the same two people, in both
				name := fmt.Sprint("regular ", i%20)
				named.add(name, score)
				blank.add(name, score)
				continue
			}
			named.add(fmt.Sprint("person ", i), score)
			blank.add(" ", score)
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
		plain, err := analysis.Score(metric, all, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		if wide := want.interval.High - want.interval.Low; math.Abs(wide/(plain.Interval.High-plain.Interval.Low)-1) > 0.5 {
			t.Errorf("%s: the interval is %v wide, of the plain answers %v", metric, wide, plain.Interval.High-plain.Interval.Low)
		}
	}
}
