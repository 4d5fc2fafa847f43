package office

import (
	"maps"
	"slices"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/office"
	"github.com/harkhq/hark/templates/words"
)

// withoutParameter names a key under which the listed answers have no value: the
// report leads here from its row "no plan". It is a parameter of its own, since any
// text may be a value.
const withoutParameter = "without"

// lacks reports that answers may lack a key: those that the workspace declares.
// Channel and version every answer has.
func (v visit) lacks(key string) bool { return slices.Contains(v.w.Segments, key) }

// withoutName is what a list without values of a key is called: "No plan".
func (v visit) withoutName(key string) string {
	return words.Tighten(v.l.T("office.without", "key", words.KeyWord(v.l, key)))
}

// valuesOfKey are all segments of a key.
func valuesOfKey(key string, values map[string][]string) surveys.Filters {
	var all surveys.Filters
	for _, value := range append(slices.Clone(values[key]), surveys.OtherValue) {
		all = all.With(surveys.Segment{Key: key, Value: value})
	}
	return all
}

// readWithout reads the key that the answers of the list lack.
func (l *listing) readWithout() string {
	key := l.query.Get(withoutParameter)
	if key != "" && !l.lacks(key) {
		l.mark(surveys.FieldError{Path: "segment", Code: "choice_unknown"})
		return ""
	}
	return key
}

// withoutChip says that only answers without a value of a key are listed, with the
// way to be rid of that.
func (l *listing) withoutChip() []office.FeedChip {
	key := l.filter.Without
	if key == "" {
		return nil
	}
	everything := *l
	everything.query = maps.Clone(l.query)
	everything.query.Del(withoutParameter)
	return []office.FeedChip{{Text: l.withoutName(key), Remove: everything.narrowed(l.filter.Segments, "")}}
}

// chosenWithout goes along unseen when the form is sent.
func (l *listing) chosenWithout() []office.Hidden {
	if l.filter.Without == "" {
		return nil
	}
	return []office.Hidden{{Name: withoutParameter, Value: l.filter.Without}}
}

// countWithout counts a survey's answers without a value of a key, from the
// rollups: all but those that are counted under one of its values. It returns the
// first day and the day after the last on which there are any.
func (l *listing) countWithout(survey surveys.Survey) (n int64, first, next int, err error) {
	from, to := l.days()
	left := make(map[int]int64)
	for _, part := range []struct {
		key  string
		sign int64
	}{{"", 1}, {l.filter.Without, -1}} {
		rows, err := l.site.Store.Rollups(l.ctx(), l.w.ID, store.RollupFilter{SurveyID: survey.ID, Key: part.key, From: from, To: to})
		if err != nil {
			return 0, 0, 0, err
		}
		for _, row := range rows {
			left[row.Day] += part.sign * l.counted(row)
		}
	}
	for day, here := range left {
		if here <= 0 {
			continue
		}
		if n == 0 || day < first {
			first = day
		}
		n, next = n+here, max(next, day+1)
	}
	return n, first, next, nil
}

// readWithout reads the key that the comments of the feed lack.
func (f *fed) readWithout(key string) error {
	switch {
	case key == "":
		return nil
	case !f.lacks(key):
		f.view.ignore("segment", key)
		return nil
	}
	values, err := f.site.Store.SegmentValues(f.ctx(), f.w.ID)
	f.without, f.filter.Lacking = key, valuesOfKey(key, values)
	return err
}

// filterOf is the list's filter for one survey. Where a key is lacked, it is
// narrowed to the days that have such answers, which the rollups know: nobody goes
// through a million others for the few that there are, or for none.
func (l *listing) filterOf(survey surveys.Survey) (f store.ResponseFilter, any bool, err error) {
	f = l.filter
	f.SurveyID = survey.ID
	if f.Without == "" {
		return f, true, nil
	}
	n, first, next, err := l.countWithout(survey)
	if l.lacked == nil {
		l.lacked = make(map[string]int64)
	}
	l.lacked[survey.ID] = n
	if err != nil || n == 0 {
		return f, false, err
	}
	if from := midnight(analysis.Day(first), l.w.Zone); f.From.Before(from) {
		f.From = from
	}
	if to := midnight(analysis.Day(next), l.w.Zone); f.To.IsZero() || f.To.After(to) {
		f.To = to
	}
	return f, true, nil
}
