package office

import (
	"cmp"
	"math"
	"slices"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// asked are the surveys whose answers are listed: the chosen one, or all. Each
// is looked up by itself, because answers are kept in order by survey; the few
// lists are then merged. So the newest of a million answers are found at once.
func (l *listing) asked() []surveys.Survey {
	if l.survey.ID != "" {
		return []surveys.Survey{l.survey}
	}
	return l.all
}

// find lists one answer more than a page has.
func (l *listing) find() error {
	for _, survey := range l.asked() {
		f := l.filter
		f.SurveyID = survey.ID
		list, err := l.site.Store.Responses(l.ctx(), l.w.ID, f)
		if err != nil {
			return err
		}
		l.list = append(l.list, list...)
	}
	slices.SortFunc(l.list, func(a, b surveys.Response) int {
		return cmp.Or(b.AnsweredAt.Compare(a.AnsweredAt), cmp.Compare(b.ID, a.ID))
	})
	if l.older = len(l.list) > responsesPage; l.older {
		l.list = l.list[:responsesPage]
	}
	return nil
}

// count counts the answers that pass the filters, from the rollups where they
// know: they do unless words are searched, comments of some scores only, segments
// of more than one key, ratings, or a theme, of which the counts may be behind.
func (l *listing) count() (err error) {
	keys := l.filter.Segments.Keys()
	if len(keys) > 1 || l.filter.Search != "" || l.filter.Theme != "" || l.filter.Rated || (l.filter.WithComment && len(l.filter.Scores) > 0) {
		everything := l.filter
		everything.After = store.Cursor{}
		l.total, err = l.site.Store.CountResponses(l.ctx(), l.w.ID, everything)
		return err
	}
	key, values := "", []string(nil)
	if len(keys) == 1 {
		key, values = keys[0], l.filter.Segments.Values(keys[0])
	}
	from, to := l.days()
	for _, survey := range l.asked() {
		rollups, err := l.site.Store.Rollups(l.ctx(), l.w.ID, store.RollupFilter{SurveyID: survey.ID, Key: key, From: from, To: to})
		if err != nil {
			return err
		}
		for _, row := range rollups {
			if key == "" || slices.Contains(values, row.Value) {
				l.total += l.counted(row)
			}
		}
	}
	return nil
}

// counted are the answers of one row of the rollups that pass the filters.
func (l *listing) counted(row store.Rollup) int64 {
	switch {
	case l.filter.WithComment:
		return row.Comments
	case len(l.filter.Scores) == 0:
		return row.Counts.N()
	}
	var n int64
	for _, score := range l.filter.Scores {
		n += row.Counts[score]
	}
	return n
}

// days are the filter's days, From inclusive, To exclusive.
func (l *listing) days() (from, to int) {
	from, to = 0, math.MaxInt32
	if !l.filter.From.IsZero() {
		from = int(analysis.DayOf(l.filter.From, l.w.Zone))
	}
	if !l.filter.To.IsZero() {
		to = int(analysis.DayOf(l.filter.To, l.w.Zone))
	}
	return from, to
}
