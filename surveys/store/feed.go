package store

import (
	"context"
	"time"

	"github.com/harkhq/hark/analysis/search"
	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys"
)

// Up to where comments are counted: those that are found by their places alone, and
// those of which each must be looked up by its words.
const (
	mostCounted = 10000
	mostFound   = 1000
)

// MostCounted is up to where comments that pass the filter are counted.
func (f FeedFilter) MostCounted() int64 {
	if c := f.condition(""); len(c.all) == 0 && !f.Rated {
		return mostCounted
	}
	return mostFound
}

// FeedFilter says which comments of one survey are wanted. Zero fields do not
// filter.
type FeedFilter struct {
	SurveyID string
	Scores   []int // any of them
	Segments surveys.Filters
	Lacking  surveys.Filters // the answer has none of these: all known values of a key mean those without one
	Theme    string          // that the comment is about
	Tone     themes.Tone
	Language themes.Language
	Rated    bool      // with ratings of the survey's drivers
	From, To time.Time // answered from the second of From, to before that of To
	Search   search.Query

	After  FeedPlace // further back than this
	Before FeedPlace // and newer than this
	Limit  int
}

// FeedPlace is a place in a feed, which runs from the latest comment to the
// oldest. Its zero value is no place.
type FeedPlace struct {
	Place int64
	ID    string // of the response
}

// Comments that are not indexed stand behind the places of their second, in the
// order of their moments: indexed, they will stand in the same order among them.
const (
	freshSlots = 1 << (slotBits - 1)
	microBits  = 8 // to the left of the slot's end; a million microseconds fit
)

// freshPlace is where a comment stands before it is indexed.
func freshPlace(r surveys.Response) FeedPlace {
	return FeedPlace{placeOf(r.AnsweredAt) | freshSlots | int64(r.AnsweredAt.Nanosecond()/1000)<<microBits, r.ID}
}

// fresh reports the place of a comment that was not indexed.
func (p FeedPlace) fresh() bool { return p.Place&freshSlots != 0 }

// before is the last place at which something behind this one may stand. On
// PostgreSQL each survey gives its places away by itself, so that another's comment
// may have the same; and of a comment that was not indexed it may be any of its
// second. See [FeedPlace.passes].
func (p FeedPlace) before() int64 {
	if p.fresh() {
		return p.Place | (1<<slotBits - 1)
	}
	return p.Place
}

// Second is where the second of this place begins and ends: all of it stands behind
// its end, and nothing behind its beginning.
func (p FeedPlace) Second() (begin, end FeedPlace) {
	first := p.Place &^ (1<<slotBits - 1)
	return FeedPlace{Place: first}, FeedPlace{Place: first + 1<<slotBits}
}

// passes reports whether an indexed comment stands behind this place.
func (p FeedPlace) passes(c FeedComment) bool {
	at := c.At
	if p.fresh() {
		at = freshPlace(c.Response)
	}
	return p.IsZero() || at.Place < p.Place || at.Place == p.Place && at.ID < p.ID
}

// sameSecond is how many comments are looked through at the place of one that
// was not indexed when it was shown, and may be now.
const sameSecond = 1000

// IsZero reports no place.
func (p FeedPlace) IsZero() bool { return p == FeedPlace{} }

// FeedComment is a comment in a feed, with what was read of it.
type FeedComment struct {
	Response surveys.Response
	Reading  themes.Reading // zero as long as nothing was read
	At       FeedPlace
}

// bounds are the places that a filter leaves, both included.
func (f FeedFilter) bounds() (from, to int64) {
	from, to = 0, lastSecond<<slotBits|(1<<slotBits-1)
	if !f.From.IsZero() {
		from = placeOf(f.From)
	}
	if !f.To.IsZero() {
		to = placeOf(f.To) - 1
	}
	if !f.After.IsZero() {
		to = min(to, f.After.before())
	}
	if !f.Before.IsZero() {
		from = max(from, f.Before.Place+1)
	}
	return from, to
}

// Feed lists indexed comments that pass a filter, the latest first.
func (r reads) Feed(ctx context.Context, ws surveys.WorkspaceID, f FeedFilter) ([]FeedComment, error) {
	if f.Search.Hopeless() {
		return nil, nil
	}
	limit := f.Limit
	switch {
	case f.After.fresh():
		f.Limit += sameSecond
	case !f.After.IsZero():
		f.Limit++ // the one at the place itself
	}
	found, err := r.feedRows(ctx, ws, f)
	if err != nil {
		return nil, known("list comments", err)
	}
	ids := make([]string, len(found))
	for i, row := range found {
		ids[i] = row.ResponseID
	}
	responses, err := r.responsesByID(ctx, ws, ids)
	if err != nil {
		return nil, err
	}
	read, err := r.Readings(ctx, ws, f.SurveyID, ids)
	if err != nil {
		return nil, err
	}
	var list []FeedComment
	for _, row := range found {
		response, there := responses[row.ResponseID] // else it was erased between two queries
		c := FeedComment{Response: response, Reading: read[row.ResponseID], At: FeedPlace{row.Place, row.ResponseID}}
		if there && f.After.passes(c) && len(list) < limit {
			list = append(list, c)
		}
	}
	return list, nil
}

// CountFeed counts indexed comments that pass a filter, up to one more than
// [FeedFilter.MostCounted].
func (r reads) CountFeed(ctx context.Context, ws surveys.WorkspaceID, f FeedFilter) (int64, error) {
	if f.Search.Hopeless() {
		return 0, nil
	}
	f.Limit = int(f.MostCounted()) + 1
	queries, args := r.feedQueries(ws, f, latestCounted)
	var n int64
	for _, query := range queries {
		if err := r.planned(ctx, "SELECT count(*) FROM (SELECT 1 "+query+" LIMIT @limit) AS found", args).Scan(&n).Error; err != nil {
			return 0, known("count comments", err)
		}
		if n == int64(f.Limit) {
			break
		}
	}
	return n, nil
}

// responsesByID returns responses keyed by their ids; unknown ids are left out.
func (r reads) responsesByID(ctx context.Context, ws surveys.WorkspaceID, ids []string) (map[string]surveys.Response, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := all(r.of(ctx, ws).Where("id IN ?", ids), "responses", responseRow.domain)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]surveys.Response, len(list))
	for _, response := range list {
		byID[response.ID] = response
	}
	return byID, nil
}

// FeedTail lists comments that pass a filter and are not in the index yet, in no
// order: those that came within the last minute, and for a while those of an
// import. It looks through the latest days that have some, at up to most
// comments, and reports how many it left out.
func (r reads) FeedTail(ctx context.Context, ws surveys.WorkspaceID, f FeedFilter, most int) (list []FeedComment, left int64, err error) {
	days, err := r.UnindexedDays(ctx, ws, f.SurveyID)
	if err != nil || len(days) == 0 {
		return nil, 0, err
	}
	part := CommentFilter{SurveyID: f.SurveyID, Limit: most}
	for _, day := range days {
		if left += day.N; left-day.N < int64(most) {
			part.Days = append(part.Days, day.Day)
		}
	}
	fresh, err := r.UnindexedComments(ctx, ws, part)
	if err != nil {
		return nil, 0, err
	}
	ids := make([]string, len(fresh))
	for i, response := range fresh {
		ids[i] = response.ID
	}
	read, err := r.Readings(ctx, ws, f.SurveyID, ids)
	if err != nil {
		return nil, 0, err
	}
	for _, response := range fresh {
		at := freshPlace(response)
		if f.passes(response, read[response.ID]) && f.between(at) {
			list = append(list, FeedComment{Response: response, Reading: read[response.ID], At: at})
		}
	}
	return list, max(0, left-int64(len(fresh))), nil
}

// between reports whether a place is within the part of the feed that is wanted.
func (f FeedFilter) between(at FeedPlace) bool {
	behind := f.After.IsZero() || at.Place < f.After.Place || at.Place == f.After.Place && at.ID < f.After.ID
	return behind && (f.Before.IsZero() || at.Place > f.Before.Place)
}
