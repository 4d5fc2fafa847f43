package simulate

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"

	"github.com/harkhq/hark/analysis"
)

// Size is how much is enumerated and simulated.
type Size struct {
	Samples []int    // numbers of answers whose intervals are enumerated
	Pairs   [][2]int // sizes of two groups whose comparison is enumerated
	Weekly  []int    // answers a week of the simulated surveys
	Series  int      // simulated series for each cell of the rules' and the dates' tables
	Years   int      // simulated years for each cell of the verdict's, the mix's and the young surveys', whose every Monday has a report
	Pasts   int      // simulated pairs of years for each cell of the tables that compare with the year before
}

// Full is the size of the tables in docs/methods.md: some minutes of two cores.
func Full() Size {
	return Size{Samples: []int{10, 20, 50, 100, 200}, Pairs: [][2]int{{10, 10}, {20, 200}, {100, 100}},
		Weekly: []int{20, 50, 100, 200}, Series: 4000, Years: 300, Pasts: 200}
}

// Tables makes all tables: "coverage" and "difference" by exact enumeration;
// "rules", "verdict", "dates", "mix", "segments", "year", "yearfalls", "young" and
// "youngfalls" by simulation. An empty Size leaves the rows or columns out that it would fill. A
// size that cannot be is refused; any other error is that of a function under
// test, and a bug in it.
func Tables(r *rand.Rand, s Size) ([]Table, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	parts := []part{s.coverage(), s.difference(), s.rules(), s.verdict(), s.dates(), s.mix(), s.segments(), s.yearBefore(), s.yearFalls(), s.youth(), s.youngFalls()}
	var jobs []job
	for _, p := range parts {
		jobs = append(jobs, p.jobs...)
	}
	if err := run(r, jobs); err != nil {
		return nil, err
	}
	tables := make([]Table, len(parts))
	for i, p := range parts {
		tables[i] = p.table()
	}
	return tables, nil
}

// maxEnumerated is the most answers whose outcomes are enumerated: 125,751.
const maxEnumerated = 500

func (s Size) check() error {
	enumerated := slices.Clone(s.Samples)
	for _, pair := range s.Pairs {
		enumerated = append(enumerated, pair[:]...)
	}
	for _, n := range enumerated {
		if n < 1 || n > maxEnumerated {
			return analysis.Refuse("size", "%d answers are not between 1 and %d", n, maxEnumerated)
		}
	}
	for _, n := range s.Weekly {
		if n < 1 {
			return analysis.Refuse("weekly", "%d answers a week", n)
		}
	}
	if len(s.Weekly) > 0 && min(s.Series, s.Years, s.Pasts) < 1 {
		return analysis.Refuse("series", "%d series, %d years and %d pairs of years of surveys that are to be simulated", s.Series, s.Years, s.Pasts)
	}
	return nil
}

// part is the work behind one table, which is written when the work is done.
type part struct {
	jobs  []job
	table func() Table
}

// job finds some numbers of a table; no two jobs the same ones.
type job func(r *rand.Rand) error

// run does the jobs, as many at once as there are processors. Each has a
// generator of its own, so that their results do not depend on one another.
func run(r *rand.Rand, jobs []job) error {
	type seeded struct {
		do   job
		r    *rand.Rand
		fail *error
	}
	failures := make([]error, len(jobs))
	queue := make(chan seeded, len(jobs))
	for i, do := range jobs {
		queue <- seeded{do, rand.New(rand.NewPCG(r.Uint64(), r.Uint64())), &failures[i]}
	}
	close(queue)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for next := range queue {
				*next.fail = next.do(next.r)
			}
		})
	}
	workers.Wait()
	for _, err := range failures {
		if err != nil {
			return fmt.Errorf("simulate: %w", err)
		}
	}
	return nil
}
