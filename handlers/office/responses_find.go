package office

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
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

// find lists a page of answers and counts all. Where words are looked for, both
// come from the index, as on the page of comments.
func (l *listing) find() error {
	if l.text != "" {
		return l.searched()
	}
	l.filter.After, l.lost = readCursor(l.query.Get("after"))
	for _, survey := range l.asked() {
		f, any, err := l.filterOf(survey)
		if err != nil {
			return err
		}
		if !any {
			continue
		}
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
	return l.count()
}

// searched finds and counts the answers whose comments say what is looked for.
func (l *listing) searched() error {
	f := store.FeedFilter{
		Scores: l.filter.Scores, Segments: l.filter.Segments, Theme: l.filter.Theme, Rated: l.filter.Rated,
		From: l.filter.From, To: l.filter.To, Search: l.search, Limit: responsesPage,
	}
	if key := l.filter.Without; key != "" {
		f.Lacking = valuesOfKey(key, l.values)
	}
	var after flow.AcrossPlace
	place, surveyID, _ := strings.Cut(l.query.Get("after"), "~")
	after.SurveyID = surveyID
	after.At, l.lost = readPlace(place)
	var ids []string
	for _, survey := range l.asked() {
		ids = append(ids, survey.ID)
	}
	found, err := flow.NewFeeds(l.site.Store).Across(l.ctx(), l.w.ID, ids, f, after)
	if err != nil {
		return err
	}
	for _, c := range found.List {
		l.list = append(l.list, c.Response)
	}
	l.found, l.total, l.more, l.older, l.left = found.List, found.N, found.More, found.Further, found.Left
	return nil
}

// last is the place of the page's last answer, for an address.
func (l *listing) last() string {
	if n := len(l.found); n > 0 {
		return writePlace(l.found[n-1].At) + "~" + l.found[n-1].Response.SurveyID
	}
	return writeCursor(l.list[len(l.list)-1])
}

// count counts the answers that pass the filters, from the rollups where they
// know: they do unless comments of some scores only are asked for, segments of
// more than one key, ratings, the mails of some days, or a theme, of which the
// counts may be behind.
func (l *listing) count() (err error) {
	keys := l.filter.Segments.Keys()
	if len(keys) > 1 || len(keys) == 1 && l.filter.Without != "" || l.filter.Invited != (store.Invited{}) || l.filter.Theme != "" || l.filter.Rated || (l.filter.WithComment && len(l.filter.Scores) > 0) {
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
		if l.filter.Without != "" {
			l.total += l.lacked[survey.ID]
			continue
		}
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
