package simulate

import (
	"math/rand/v2"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// called is what a manager was told in one year of Mondays. Weeks count from 1,
// the first week under watch; 0 means never.
type called struct{ fall, rise, mix int }

// walk reads the report of the last so many days on every Monday of the watch.
func (w world) walk(days []analysis.DayCounts, period analysis.Day) (called, error) {
	var told called
	for week := 1; week <= yearWeeks; week++ {
		to := firstDay + analysis.Day(7*(w.before()+week))
		report, err := analysis.Build(analysis.Input{
			Metric: surveys.NPS, From: to - period, To: to, Days: days[:to-firstDay],
		})
		if err != nil {
			return told, err
		}
		if told.note(report.Verdict.Kind, week); w.drop < 0 && told.fall > 0 {
			break // what is said after the drop is found has no place in the tables
		}
	}
	return told, nil
}

// note keeps the first week of each kind of verdict.
func (c *called) note(kind analysis.VerdictKind, week int) {
	for _, k := range []struct {
		kind  analysis.VerdictKind
		first *int
	}{{analysis.Fall, &c.fall}, {analysis.Rise, &c.rise}, {analysis.Mixed, &c.mix}} {
		if k.kind == kind && *k.first == 0 {
			*k.first = week
		}
	}
}

// years walks through n years of the world.
func (w world) years(r *rand.Rand, period analysis.Day, n int) ([]called, error) {
	list := make([]called, n)
	for i := range list {
		told, err := w.walk(w.days(r), period)
		if err != nil {
			return nil, err
		}
		list[i] = told
	}
	return list, nil
}
