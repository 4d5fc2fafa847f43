package office

import (
	"slices"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// chooseOffered keeps of each key's values those that the period's answers have: what
// only other surveys' answers have would lead to an empty page. Of a key with very many
// values all are offered.
func (r *reading) chooseOffered() (err error) {
	r.offered, err = r.given(r.survey, r.keys, r.view.period, r.values)
	return err
}

// chooseOffered keeps of each key's values those that the answers of one survey have;
// of several surveys all are offered.
func (l *listing) chooseOffered() (err error) {
	if l.survey.ID != "" {
		from, to := l.days()
		l.offered, err = l.given(l.survey, l.w.SegmentKeys(), period{analysis.Day(from), analysis.Day(to)}, l.values)
		return err
	}
	l.offered = make(map[string][]string)
	for _, key := range l.w.SegmentKeys() {
		l.offered[key] = segmentValues(l.survey, l.values, key)
	}
	return nil
}

// given are of some keys' known values those that a survey's answers of a period have.
func (v visit) given(survey surveys.Survey, keys []string, p period, known map[string][]string) (map[string][]string, error) {
	values := make(map[string][]string, len(keys))
	for _, key := range keys {
		given, whole, err := v.site.Store.GivenValues(v.ctx(), v.w.ID, store.RollupFilter{SurveyID: survey.ID, Key: key, From: int(p.From), To: int(p.To)})
		if err != nil {
			return nil, err
		}
		values[key] = slices.DeleteFunc(slices.Clone(segmentValues(survey, known, key)), func(value string) bool { return whole && !slices.Contains(given, value) })
	}
	return values, nil
}
