package simulate

import (
	"math/rand/v2"

	"github.com/harkhq/hark/surveys"
)

// population is a truth: the shares with which people answer NPS.
type population struct{ promoters, detractors float64 }

// usual is the population of every simulated year: an NPS of 30 with half the
// people promoters, whose single answer has a variance of 0.61.
func usual() population { return population{promoters: 0.5, detractors: 0.2} }

// nps is the true score in points.
func (p population) nps() float64 { return 100 * (p.promoters - p.detractors) }

// moved is the population after a change of the score by some points: half of
// it are promoters gained or lost, half detractors. It stops at the end of the
// scale.
func (p population) moved(points float64) population {
	half := points / 200
	half = max(half, -p.promoters, -(1 - p.detractors))
	half = min(half, 1-p.promoters, p.detractors)
	return population{promoters: p.promoters + half, detractors: p.detractors - half}
}

// typical are populations as surveys know them: 20–70 % promoters, 5–45 %
// detractors, at least a tenth of passives.
func typical() []population {
	var list []population
	for good := 20; good <= 70; good += 5 {
		for bad := 5; bad <= 45 && good+bad <= 90; bad += 5 {
			list = append(list, population{float64(good) / 100, float64(bad) / 100})
		}
	}
	return list
}

// extreme are populations of at least 80 % promoters, on which plain methods
// fail first.
func extreme() []population {
	return []population{{0.80, 0.05}, {0.85, 0.05}, {0.90, 0.05}, {0.95, 0.02}}
}

// answers draws n answers. Each band has one score: nothing here looks deeper.
func (p population) answers(r *rand.Rand, n int) surveys.Counts {
	var c surveys.Counts
	for range n {
		switch u := r.Float64(); {
		case u < p.promoters:
			c[9]++
		case u < p.promoters+p.detractors:
			c[3]++
		default:
			c[7]++
		}
	}
	return c
}
