package simulate

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/harkhq/hark/analysis"
)

// coverage: how often does a 95 % interval hold the truth? Mean and least over
// typical populations, and the least over extreme ones.
func (s Size) coverage() part {
	methods := []analysis.Method{analysis.Wald, students, analysis.AdjustedWald, analysis.ScoreMethod, analysis.Goodman, analysis.Bayes}
	found := make([][2]coverage, len(s.Samples)*len(methods))
	p := part{}
	for i := range found {
		n, method := s.Samples[i/len(methods)], methods[i%len(methods)]
		p.jobs = append(p.jobs, func(*rand.Rand) (err error) {
			if found[i][0], err = covered(method, n, typical()); err != nil {
				return err
			}
			found[i][1], err = covered(method, n, extreme())
			return err
		})
	}
	p.table = func() Table {
		t := Table{Name: "coverage", Header: []string{"answers", "Wald", "t", "**adjusted Wald**", "score", "Goodman", "Bayes"}}
		for i, row := range slices.Collect(slices.Chunk(found, len(methods))) {
			cells := []string{fmt.Sprint(s.Samples[i])}
			for _, c := range row {
				cells = append(cells, fmt.Sprintf("%s, %s; %s", tenths(c[0].mean), tenths(c[0].least), tenths(c[1].least)))
			}
			t.Rows = append(t.Rows, cells)
		}
		return t
	}
	return p
}

// difference: how often are two groups of one population called different? Mean
// and most over typical populations, and the most over extreme ones.
func (s Size) difference() part {
	tests := []test{plain, adjusted}
	found := make([][2]falsehood, len(s.Pairs)*len(tests))
	p := part{}
	for i := range found {
		pair, test := s.Pairs[i/len(tests)], tests[i%len(tests)]
		p.jobs = append(p.jobs, func(*rand.Rand) (err error) {
			found[i], err = falselyDifferent(test, pair[0], pair[1], typical(), extreme())
			return err
		})
	}
	p.table = func() Table {
		t := Table{Name: "difference", Header: []string{"answers in the two groups", "plain z", "**adjusted Wald**"}}
		for i, row := range slices.Collect(slices.Chunk(found, len(tests))) {
			cells := []string{fmt.Sprintf("%d and %d", s.Pairs[i][0], s.Pairs[i][1])}
			for _, f := range row {
				cells = append(cells, fmt.Sprintf("%s, %s; %s", tenths(f[0].mean), tenths(f[0].most), tenths(f[1].most)))
			}
			t.Rows = append(t.Rows, cells)
		}
		return t
	}
	return p
}
