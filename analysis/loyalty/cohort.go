package loyalty

import "github.com/harkhq/hark/analysis"

// Cohort is everybody who became a customer in one step, and how many of them
// were customers in each step since.
type Cohort struct {
	Start   analysis.Day `json:"start"`
	Partial bool         `json:"partial,omitempty"` // more may still come: the step was not over
	Size    int64        `json:"size"`
	Cells   []CohortCell `json:"cells"` // by steps since, from 0; none for steps that have not begun
}

// CohortCell is a cohort some steps on.
type CohortCell struct {
	Offset  int  `json:"offset"`
	Partial bool `json:"partial,omitempty"` // the step was not over: it can only rise
	Ratio
}

// Cohorts returns a cohort for each step of the frame. A cell counts distinct
// people: a customer twice in a step counts once. By contract even offset 0 may
// be under 100 %, for a contract may end in the step in which it started.
func (t *Tally) Cohorts() []Cohort {
	cohorts := make([]Cohort, 0, len(t.steps))
	for b := 1; b < len(t.steps); b++ {
		c := Cohort{Start: t.steps[b].Start, Partial: t.steps[b].Partial, Size: t.sizes[b]}
		for k, n := range t.cohorts[b] {
			c.Cells = append(c.Cells, CohortCell{
				Offset: k, Partial: t.steps[b+k].Partial, Ratio: t.frame.share(n, t.sizes[b]),
			})
		}
		cohorts = append(cohorts, c)
	}
	return cohorts
}
