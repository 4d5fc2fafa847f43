package office

import (
	"slices"

	"github.com/harkhq/hark/surveys/store"
)

// chooseOffered keeps of each key's values those that the period's answers have: what
// only other surveys' answers have would lead to an empty page. Of a key with very many
// values all are offered.
func (r *reading) chooseOffered() error {
	r.offered = make(map[string][]string, len(r.keys))
	for _, key := range r.keys {
		given, whole, err := r.site.Store.GivenValues(r.ctx(), r.w.ID, store.RollupFilter{
			SurveyID: r.survey.ID, Key: key, From: int(r.view.period.From), To: int(r.view.period.To),
		})
		if err != nil {
			return err
		}
		r.offered[key] = slices.DeleteFunc(slices.Clone(r.valuesOf(key)), func(value string) bool { return whole && !slices.Contains(given, value) })
	}
	return nil
}
