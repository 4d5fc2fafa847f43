package flow

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys"
)

// suggested is how many words are suggested for a new theme.
const suggested = 10

// Suggest names words that are often in the latest comments beside bad scores,
// seldom in those beside good ones, and in none of the workspace's themes: what
// a new theme could be about. Surveys of one metric are taken together, the
// clearest words come first.
func (m *Themes) Suggest(ctx context.Context, ws surveys.WorkspaceID) ([]string, error) {
	list, err := m.store.Themes(ctx, ws)
	if err != nil {
		return nil, err
	}
	known, err := themes.NewMatcher(list)
	if err != nil {
		return nil, fmt.Errorf("compile the themes: %w", err)
	}
	examples, err := m.examples(ctx, ws)
	if err != nil {
		return nil, err
	}
	var found []themes.Suggestion
	for _, metric := range surveys.Metrics() {
		some, err := themes.Suggest(metric, examples[metric], known)
		if err != nil {
			return nil, fmt.Errorf("suggest words from the answers by %s: %w", metric, err)
		}
		found = append(found, some...)
	}
	slices.SortStableFunc(found, func(a, b themes.Suggestion) int { return cmp.Compare(b.Z, a.Z) })
	var words []string
	for _, one := range found {
		if one.Tone == themes.Negative && len(words) < suggested && !slices.Contains(words, one.Keyword) {
			words = append(words, one.Keyword)
		}
	}
	return words, nil
}

// examples are the latest comments with their scores, by the metric of their
// surveys.
func (m *Themes) examples(ctx context.Context, ws surveys.WorkspaceID) (map[surveys.Metric][]themes.Example, error) {
	asked, err := m.store.Surveys(ctx, ws)
	if err != nil {
		return nil, err
	}
	metric := make(map[string]surveys.Metric, len(asked))
	for _, survey := range asked {
		metric[survey.ID] = survey.Metric
	}
	list, err := m.latest(ctx, ws)
	if err != nil {
		return nil, err
	}
	examples := make(map[surveys.Metric][]themes.Example)
	for _, r := range list {
		of := metric[r.SurveyID]
		examples[of] = append(examples[of], themes.Example{Text: r.Comment, Locale: r.Locale, Score: r.Score})
	}
	return examples, nil
}
