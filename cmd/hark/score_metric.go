package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/table"
)

// settle finds the metric, where no flag says it: the one whose scale has all of
// the file's scores and that the column's name does not speak against. Where that
// leaves more than one, or none, a person must say it.
func (t *tally) settle() error {
	if t.metric != "" || t.counts.N() == 0 {
		return nil
	}
	name := t.columns.header[t.columns.score]
	named := metricsNamed(name)
	var fitting []surveys.Metric
	for _, metric := range surveys.Metrics() {
		if t.fits(metric) && (len(named) == 0 || slices.Contains(named, metric)) {
			fitting = append(fitting, metric)
		}
	}
	low, high := t.extremes()
	switch len(fitting) {
	case 1:
		t.metric, t.taken = fitting[0], "by their values"
		if len(named) > 0 {
			t.taken = "by that name"
		}
		return nil
	case 0:
		return fmt.Errorf("the column %q is named like %s, and has scores from %d (line %d) to %d (line %d): say what they are with --metric",
			table.Short(name), described(named), low, t.first[low], high, t.first[high])
	}
	return fmt.Errorf("the scores are from %d to %d, which several scales have: say --metric %s", low, high, described(fitting))
}

// fits reports whether a metric's scale has all of the file's scores.
func (t *tally) fits(m surveys.Metric) bool {
	low, high := t.extremes()
	return m.Scale().Contains(low) && m.Scale().Contains(high)
}

// extremes are the lowest and the highest score of a file that has one.
func (t *tally) extremes() (low, high int) {
	for t.counts[low] == 0 {
		low++
	}
	for high = len(t.counts) - 1; t.counts[high] == 0; high-- {
	}
	return low, high
}

// metricsNamed are the metrics that a column's name can stand for; none when it
// does not tell.
func metricsNamed(header string) []surveys.Metric {
	name := table.Key(header)
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(name, word) })
	}
	switch {
	case has("nps", "recommend", "推荐"):
		return []surveys.Metric{surveys.NPS}
	case has("csat", "satisf", "满意"):
		return []surveys.Metric{surveys.CSAT}
	case name == "ces", name == "cesscore", has("effort", "madeiteasy", "费力"):
		return []surveys.Metric{surveys.CES, surveys.CES5}
	}
	return nil
}

// described lists metrics with their scales, for a message.
func described(metrics []surveys.Metric) string {
	list := make([]string, 0, len(metrics))
	for _, metric := range metrics {
		scale := metric.Scale()
		note := ""
		if metric == surveys.CES5 {
			note = ", effort, lower is better"
		}
		list = append(list, fmt.Sprintf("%s (%d–%d%s)", metric, scale.Min, scale.Max, note))
	}
	if last := len(list) - 1; last > 0 {
		return strings.Join(list[:last], ", ") + " or " + list[last]
	}
	return strings.Join(list, "")
}
