package store

import (
	"context"
	"slices"
	"strings"

	"github.com/harkhq/hark/analysis/search"
	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys"
)

// FeedLanguages are those of some languages in which indexed comments on a survey
// are written. It looks for a comment in any of them, then for one in any of the
// others, until there is none: asked for each by itself, PostgreSQL would go
// through the whole survey for every language that nobody wrote.
func (r reads) FeedLanguages(ctx context.Context, ws surveys.WorkspaceID, surveyID string, languages []themes.Language) ([]themes.Language, error) {
	of := scope(ws, surveyID)
	left := slices.Clone(languages)
	for len(left) > 0 {
		var wanted alternatives
		for _, language := range left {
			wanted = append(wanted, search.Phrase{Terms: []string{of + kindLanguage + short(string(language))}})
		}
		words, err := r.wordsOfOne(ctx, ws, surveyID, condition{all: []alternatives{wanted}})
		if err != nil {
			return nil, err
		}
		others := slices.DeleteFunc(slices.Clone(left), func(l themes.Language) bool { return strings.Contains(words, of+kindLanguage+short(string(l))) })
		if len(others) == len(left) {
			break
		}
		left = others
	}
	return slices.DeleteFunc(slices.Clone(languages), func(l themes.Language) bool { return slices.Contains(left, l) }), nil
}

// wordsOfOne are the words of a comment that meets a condition, "" when none
// does. PostgreSQL looks at the latest ones, where what is common is found, and
// then by the words' index: what it does not know when it plans, and what it must
// plan to find all of, it looks for by no other way.
func (r reads) wordsOfOne(ctx context.Context, ws surveys.WorkspaceID, surveyID string, c condition) (string, error) {
	const of = "workspace_id = @ws AND survey_id = @survey"
	args := map[string]any{"ws": string(ws), "survey": surveyID, "words": c.fts5()}
	query := "SELECT comment_index.words FROM comment_words CROSS JOIN comment_index ON " + of + " AND place = comment_words.rowid WHERE comment_words MATCH @words LIMIT 1"
	if r.dialect == Postgres {
		args["words"] = c.tsquery()
		const meets = "words @@ (SELECT CAST(@words AS tsquery))"
		query = "WITH anywhere AS MATERIALIZED (SELECT words FROM comment_index WHERE " + of + " AND " + meets + ")" +
			" SELECT CAST(words AS text) FROM (SELECT words FROM comment_index WHERE " + of + " ORDER BY place DESC LIMIT 200) AS latest WHERE " + meets +
			" UNION ALL SELECT CAST(words AS text) FROM anywhere LIMIT 1"
	}
	var found []string
	err := r.db.WithContext(ctx).Raw(query, args).Scan(&found).Error
	return strings.Join(found, ""), known("look for a comment by its words", err)
}
