package store

import (
	"context"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"github.com/harkhq/hark/surveys"
)

// How many of the latest comments PostgreSQL looks through itself before it asks
// the words' index: the more are wanted, the more.
const (
	latestListed  = 5000
	latestCounted = 20000
)

// feedRow is where a comment stands.
type feedRow struct {
	Place      int64
	ResponseID string
}

// feedRows are the places of a filter, the latest first.
func (r reads) feedRows(ctx context.Context, ws surveys.WorkspaceID, f FeedFilter) ([]feedRow, error) {
	queries, args := r.feedQueries(ws, f, latestListed)
	var found []feedRow
	for _, query := range queries {
		found = nil
		err := r.planned(ctx, "SELECT place, response_id "+query+" ORDER BY "+r.feedOrder(ws, f)+" DESC LIMIT @limit", args).Scan(&found).Error
		if err != nil || len(found) == f.Limit {
			return found, err
		}
	}
	return found, nil
}

// feedQueries are the parts of queries that find the places of a filter, of which
// the next is asked when one does not find as many as are wanted. Without words to
// look for, comments are found by their places alone. On SQLite the words' table
// gives places in their order, and so only as many as are asked for.
//
// PostgreSQL would guess whether a word is common, and so to be found by going
// back through the survey, or rare, and to be found by the words' index; where it
// guesses wrong, as it does of beginnings, it reads the whole survey for a word
// that nobody wrote. So it is not asked to: what is common is among the latest
// comments, and what is not is gathered by the index, whole, and then ordered.
func (r reads) feedQueries(ws surveys.WorkspaceID, f FeedFilter, latest int) (queries []string, args map[string]any) {
	from, to := f.bounds()
	args = map[string]any{"ws": string(ws), "survey": f.SurveyID, "from": from, "to": to, "limit": f.Limit, "latest": latest}
	const (
		of     = "workspace_id = @ws AND survey_id = @survey"
		within = "FROM comment_index WHERE " + of + " AND place BETWEEN @from AND @to"
	)
	c := f.condition(ws)
	switch {
	case len(c.all) == 0:
		queries = []string{within}
	case r.dialect == SQLite:
		args["words"] = c.fts5()
		queries = []string{"FROM comment_words CROSS JOIN comment_index ON " + of + " AND place = comment_words.rowid" +
			" WHERE comment_words MATCH @words AND comment_words.rowid BETWEEN @from AND @to"}
	default:
		args["words"] = c.tsquery()
		queries = []string{
			"FROM (SELECT place, response_id, words " + within + " ORDER BY place DESC LIMIT @latest) AS latest WHERE words @@ CAST(@words AS tsquery)",
			// What is asked by a subquery is not known to the planner, which then takes it for rare.
			"FROM (WITH met AS MATERIALIZED (SELECT place, response_id " + within + " AND words @@ (SELECT CAST(@words AS tsquery))) SELECT * FROM met) AS met WHERE true",
		}
	}
	if f.Rated {
		for i := range queries {
			queries[i] += " AND EXISTS (SELECT 1 FROM responses AS r WHERE r.workspace_id = @ws AND r.id = response_id AND r.ratings IS NOT NULL)"
		}
	}
	return queries, args
}

func (r reads) feedOrder(ws surveys.WorkspaceID, f FeedFilter) string {
	if r.dialect == SQLite && len(f.condition(ws).all) > 0 {
		return "comment_words.rowid"
	}
	return "place"
}

// planned is a query that PostgreSQL plans for what is asked now: for the part of
// the survey that it is about, instead of once for any.
func (r reads) planned(ctx context.Context, query string, args map[string]any) *gorm.DB {
	q := r.db.WithContext(ctx).Raw(query, args)
	if r.dialect == Postgres {
		// What pgx takes before the arguments is no argument: the places of those
		// are written in the query already.
		q.Statement.Vars = append([]any{pgx.QueryExecModeCacheDescribe}, q.Statement.Vars...)
	}
	return q
}
