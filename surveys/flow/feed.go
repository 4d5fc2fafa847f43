package flow

import (
	"cmp"
	"context"
	"slices"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// indexSurvey brings the comments of a survey that are not in the index into it,
// the latest first, in small transactions: those of workspaces that want no
// themes, and those that were there before there was an index. What is read is
// indexed with its reading, see [store.Tx.StoreReadings].
func indexSurvey(ctx context.Context, s *store.Store, survey surveys.Survey) error {
	days, err := s.UnindexedDays(ctx, survey.WorkspaceID, survey.ID)
	if err != nil {
		return err
	}
	writing := newSteps(s)
	for len(days) > 0 {
		f := store.CommentFilter{SurveyID: survey.ID, Limit: readAtOnce}
		var n int64
		for len(days) > 0 && n < readAtOnce {
			f.Days, n, days = append(f.Days, days[0].Day), n+days[0].N, days[1:]
		}
		if err := indexDays(ctx, writing, survey, f); err != nil {
			return err
		}
	}
	return nil
}

// indexDays goes through the comments of some days.
func indexDays(ctx context.Context, writing *steps, survey surveys.Survey, f store.CommentFilter) error {
	for {
		part, err := writing.store.UnindexedComments(ctx, survey.WorkspaceID, f)
		if err != nil || len(part) == 0 {
			return err
		}
		last := part[len(part)-1]
		f.After = store.Cursor{AnsweredAt: last.AnsweredAt, ID: last.ID}
		if err := inSteps(ctx, writing, part, func(tx *store.Tx, part []surveys.Response) error {
			return tx.IndexComments(ctx, survey.WorkspaceID, survey.ID, part)
		}); err != nil {
			return err
		}
	}
}

// freshest is how many comments that are not indexed yet a feed looks through:
// more than come in a minute, and few enough to be looked through at once.
const freshest = 2000

// Feed is a page of comments.
type Feed struct {
	List    []store.FeedComment
	Further bool  // the feed goes on behind the page
	N       int64 // comments that pass, or so many at least
	More    bool  // there are more than N
	Left    int64 // comments that are not searched yet: an import's, for a while
}

// Feeds shows comments.
type Feeds struct{ store *store.Store }

// NewFeeds makes the look-ups of comments.
func NewFeeds(s *store.Store) *Feeds { return &Feeds{store: s} }

// Page looks up a page of comments that pass a filter, and counts all of them.
// What came in the last minute is looked through itself; the rest is found by
// the index. In this order no comment that is being indexed falls in between.
func (f *Feeds) Page(ctx context.Context, ws surveys.WorkspaceID, filter store.FeedFilter) (Feed, error) {
	page, err := f.part(ctx, ws, filter)
	if err != nil {
		return Feed{}, err
	}
	if filter.After.IsZero() && filter.Before.IsZero() && !page.Further {
		page.N = int64(len(page.List)) // these are all
		return page, nil
	}
	everything := filter
	everything.After, everything.Before = store.FeedPlace{}, store.FeedPlace{}
	page.N, page.More, err = f.count(ctx, ws, everything)
	return page, err
}

// Across is [Feeds.Page] of several surveys, as one list that goes on behind a
// comment of one of them. Within a second it goes survey by survey: the comments of
// each keep their own order, whichever of them are in the index.
func (f *Feeds) Across(ctx context.Context, ws surveys.WorkspaceID, surveyIDs []string, filter store.FeedFilter, after AcrossPlace) (Feed, error) {
	var all Feed
	for _, id := range surveyIDs {
		filter.SurveyID, filter.After = id, after.in(id)
		page, err := f.Page(ctx, ws, filter)
		if err != nil {
			return Feed{}, err
		}
		all.List = append(all.List, page.List...)
		all.N, all.Left = all.N+page.N, all.Left+page.Left
		all.More, all.Further = all.More || page.More, all.Further || page.Further
	}
	slices.SortStableFunc(all.List, func(a, b store.FeedComment) int {
		first, _ := a.At.Second()
		second, _ := b.At.Second()
		return cmp.Or(cmp.Compare(second.Place, first.Place), cmp.Compare(a.Response.SurveyID, b.Response.SurveyID))
	})
	if len(all.List) > filter.Limit {
		all.List, all.Further = all.List[:filter.Limit], true
	}
	return all, nil
}

// AcrossPlace is a place in the list of several surveys' comments. Its zero value
// is the beginning.
type AcrossPlace struct {
	SurveyID string
	At       store.FeedPlace
}

// in is the place in one of the surveys.
func (p AcrossPlace) in(surveyID string) store.FeedPlace {
	begin, end := p.At.Second()
	switch {
	case p.At.IsZero() || surveyID == p.SurveyID:
		return p.At
	case surveyID < p.SurveyID:
		return begin // those of the second were there before
	}
	return end
}

// part lists one page.
func (f *Feeds) part(ctx context.Context, ws surveys.WorkspaceID, filter store.FeedFilter) (Feed, error) {
	fresh, left, err := f.store.FeedTail(ctx, ws, filter, freshest)
	if err != nil {
		return Feed{}, err
	}
	page := Feed{Left: left}
	asked := filter
	asked.Limit = filter.Limit + 2 // one to know of more, and one that may be left out
	indexed, err := f.store.Feed(ctx, ws, asked)
	if err != nil {
		return Feed{}, err
	}
	page.List = merge(fresh, indexed)
	// The last comment of the page before may have moved within its second.
	page.List = slices.DeleteFunc(page.List, func(c store.FeedComment) bool { return c.Response.ID == filter.After.ID })
	if page.Further = len(page.List) > filter.Limit; page.Further {
		page.List = page.List[:filter.Limit]
	}
	return page, nil
}

// merge puts two lists of comments into the order of a feed, each comment once.
func merge(fresh, indexed []store.FeedComment) []store.FeedComment {
	list := slices.Clone(fresh)
	for _, c := range indexed {
		if !slices.ContainsFunc(fresh, func(other store.FeedComment) bool { return other.Response.ID == c.Response.ID }) {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b store.FeedComment) int {
		return cmp.Or(cmp.Compare(b.At.Place, a.At.Place), cmp.Compare(b.At.ID, a.At.ID))
	})
	return list
}

// count counts the comments that pass a filter.
func (f *Feeds) count(ctx context.Context, ws surveys.WorkspaceID, filter store.FeedFilter) (n int64, more bool, err error) {
	fresh, _, err := f.store.FeedTail(ctx, ws, filter, freshest)
	if err != nil {
		return 0, false, err
	}
	if n, err = f.store.CountFeed(ctx, ws, filter); err != nil {
		return 0, false, err
	}
	n += int64(len(fresh))
	most := filter.MostCounted()
	return min(n, most), n > most, nil
}

// News counts the comments that pass a filter and came after a place.
func (f *Feeds) News(ctx context.Context, ws surveys.WorkspaceID, filter store.FeedFilter) (int64, error) {
	n, _, err := f.count(ctx, ws, filter)
	return n, err
}

// Each calls visit with every comment that passes a filter, the latest first,
// page by page: it holds few at a time, and no transaction.
func (f *Feeds) Each(ctx context.Context, ws surveys.WorkspaceID, filter store.FeedFilter, visit func(store.FeedComment) error) error {
	filter.Limit = 500
	for {
		page, err := f.part(ctx, ws, filter)
		if err != nil {
			return err
		}
		for _, c := range page.List {
			if err := visit(c); err != nil {
				return err
			}
		}
		if !page.Further {
			return nil
		}
		filter.After = page.List[len(page.List)-1].At
	}
}
