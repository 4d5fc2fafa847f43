package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/harkhq/hark/analysis/search"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// BenchmarkFeed measures pages of a feed of HARK_FEED_COMMENTS comments (10,000
// unless told) and their counts, and reports how many times longer it takes to
// read all comments and look for the same.
func BenchmarkFeed(b *testing.B) {
	n := 10000
	if asked, err := strconv.Atoi(os.Getenv("HARK_FEED_COMMENTS")); err == nil {
		n = asked
	}
	for _, dialect := range storetest.Dialects() {
		b.Run(string(dialect), func(b *testing.B) {
			s := durableStore(b, dialect)
			survey := storetest.Survey(b, s, storetest.Workspace(b, s).ID, surveys.NPS)
			fillFeed(b, s, survey, n)
			whole := readAll(b, s, survey)
			for _, c := range []struct {
				name string
				f    store.FeedFilter
			}{
				{"newest", store.FeedFilter{}},
				{"common-word", store.FeedFilter{Search: search.Parse("coffee")}},
				{"rare-word", store.FeedFilter{Search: search.Parse("needle")}},
				{"prefix", store.FeedFilter{Search: search.Parse("cof")}},
				{"chinese", store.FeedFilter{Search: search.Parse("快递晚")}},
				{"one-character", store.FeedFilter{Search: search.Parse("快")}},
				{"phrase", store.FeedFilter{Search: search.Parse(`"coffee was late"`)}},
				{"excluded", store.FeedFilter{Search: search.Parse("-coffee")}},
				{"word-band-segment", store.FeedFilter{Search: search.Parse("late"), Scores: []int{9, 10}, Segments: surveys.Filters{{Key: "plan", Value: "pro"}}}},
				{"rare-segment", store.FeedFilter{Segments: surveys.Filters{{Key: "agent", Value: "agent 77"}}, Scores: []int{3}}},
				{"nothing", store.FeedFilter{Search: search.Parse("needle coffee -needle")}},
			} {
				b.Run(c.name, func(b *testing.B) {
					c.f.SurveyID, c.f.Limit = survey.ID, 31
					for b.Loop() {
						if _, err := s.Feed(context.Background(), survey.WorkspaceID, c.f); err != nil {
							b.Fatal(err)
						}
						if _, err := s.CountFeed(context.Background(), survey.WorkspaceID, c.f); err != nil {
							b.Fatal(err)
						}
					}
					b.ReportMetric(float64(whole)/float64(b.Elapsed()/time.Duration(b.N)), "times-reading-all")
				})
			}
		})
	}
}

// fillFeed stores and indexes comments of a year.
func fillFeed(b *testing.B, s *store.Store, survey surveys.Survey, n int) {
	b.Helper()
	r := rand.New(rand.NewPCG(1, 1))
	start := time.Now()
	var indexing time.Duration
	for done := 0; done < n; done += 1000 {
		list := make([]surveys.Response, min(1000, n-done))
		for i := range list {
			one := storetest.Response(b, s, survey, r.IntN(11))
			one.AnsweredAt = s.Now().Add(-time.Duration(r.Int64N(int64(365 * 24 * time.Hour))))
			one.Day = surveys.Day(one.AnsweredAt, time.UTC)
			one.Comment = sentence(r, done+i)
			one.Segments["plan"], one.Segments["agent"] = []string{"pro", "basic", "free"}[r.IntN(3)], fmt.Sprintf("agent %d", r.IntN(100))
			list[i] = one
		}
		storetest.Write(b, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, list) })
		began := time.Now()
		for part := range slices.Chunk(list, 250) {
			storetest.Write(b, s, func(ctx context.Context, tx *store.Tx) error {
				return tx.IndexComments(ctx, survey.WorkspaceID, survey.ID, part)
			})
		}
		indexing += time.Since(began)
	}
	b.Logf("%d comments, stored and indexed in %s, of which the index took %.0f comments a second", n, time.Since(start).Round(time.Second), float64(n)/indexing.Seconds())
}

// sentence is a comment of about fifteen words, every third one in Chinese.
func sentence(r *rand.Rand, i int) string {
	text := ""
	for range 8 + r.IntN(8) {
		text += fmt.Sprintf("w%d ", int(50/(r.Float64()+0.005))) // few words often, many seldom
	}
	switch {
	case i%5000 == 4999:
		text += "needle"
	case i%3 == 0:
		text = "我的快递" + []string{"晚了", "很快", "坏了"}[r.IntN(3)] + "，客服" + string(rune(0x4E00+r.IntN(3000))) + string(rune(0x4E00+r.IntN(3000))) + "好 " + text
	case i%2 == 0:
		text += "the coffee was " + []string{"late", "cold", "good"}[r.IntN(3)]
	}
	return text
}

// readAll is how long it takes to read every comment and look for a word.
func readAll(b *testing.B, s *store.Store, survey surveys.Survey) time.Duration {
	b.Helper()
	began, q, found := time.Now(), search.Parse("coffee"), 0
	err := s.EachResponse(context.Background(), survey.WorkspaceID, store.ResponseFilter{SurveyID: survey.ID, WithComment: true}, func(r surveys.Response) error {
		if q.Matches(r.Comment) {
			found++
		}
		return nil
	})
	if err != nil || found == 0 {
		b.Fatalf("%d found, %v", found, err)
	}
	return time.Since(began)
}
