package analysis

import "github.com/harkhq/hark/surveys"

// Answers are counts that know on which scale they were given.
type Answers struct {
	Metric surveys.Metric
	Counts surveys.Counts
}

// Pool adds the answers of several surveys or files up. It refuses to mix
// metrics: most of all the two forms of customer effort, whose numbers fit into
// each other while their directions are opposite (5 is easy on [surveys.CES] and
// the hardest on [surveys.CES5]). Nothing pooled is refused as well: it would
// have no metric.
func Pool(all ...Answers) (Answers, error) {
	if len(all) == 0 {
		return Answers{}, Refuse("counts", "nothing to pool")
	}
	pooled := Answers{Metric: all[0].Metric}
	for _, a := range all {
		if a.Metric != pooled.Metric {
			return Answers{}, Refuse("metric", "answers of %s and %s make no score together", pooled.Metric, a.Metric)
		}
		if err := checkCounts(a.Metric, a.Counts); err != nil {
			return Answers{}, err
		}
		pooled.Counts.Add(a.Counts)
		if err := checkCounts(pooled.Metric, pooled.Counts); err != nil {
			return Answers{}, err
		}
	}
	return pooled, nil
}
