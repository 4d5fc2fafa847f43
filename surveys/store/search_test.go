package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/analysis/search"
	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// feedOf is a survey with comments; every test that needs some begins here.
type feedOf struct {
	s      *store.Store
	w      surveys.Workspace
	survey surveys.Survey
	all    []surveys.Response
}

func newFeedOf(t *testing.T, s *store.Store, comments ...string) *feedOf {
	t.Helper()
	w := storetest.Workspace(t, s)
	x := &feedOf{s: s, w: w, survey: storetest.Survey(t, s, w.ID, surveys.NPS)}
	x.write(t, comments...)
	return x
}

// write stores answers with comments, each a minute before the one before.
func (x *feedOf) write(t *testing.T, comments ...string) []surveys.Response {
	t.Helper()
	list := make([]surveys.Response, len(comments))
	for i, comment := range comments {
		r := storetest.Response(t, x.s, x.survey, i%11)
		r.AnsweredAt = x.s.Now().Add(-time.Duration(len(x.all)+i) * time.Minute)
		r.Comment, r.Day = comment, surveys.Day(r.AnsweredAt, x.w.Location())
		r.Segments = surveys.SegmentsOf(r, x.w.Segments, map[string]any{"plan": []string{"pro", "basic", "free"}[i%3], "country": []string{"DE", "CN"}[i%2]})
		list[i] = r
	}
	storetest.Write(t, x.s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, list) })
	x.all = append(x.all, list...)
	return list
}

func (x *feedOf) index(t *testing.T, list ...surveys.Response) {
	t.Helper()
	storetest.Write(t, x.s, func(ctx context.Context, tx *store.Tx) error { return tx.IndexComments(ctx, x.w.ID, x.survey.ID, list) })
}

// find lists the comments that the index finds, and those that are found by
// looking through what is not indexed.
func (x *feedOf) find(t *testing.T, f store.FeedFilter) (indexed, fresh []string) {
	t.Helper()
	ctx := context.Background()
	if f.SurveyID == "" {
		f.SurveyID = x.survey.ID
	}
	if f.Limit == 0 {
		f.Limit = 1000
	}
	list, err := x.s.Feed(ctx, x.w.ID, f)
	if err != nil {
		t.Fatalf("%+v: %v", f, err)
	}
	for _, c := range list {
		indexed = append(indexed, c.Response.Comment)
	}
	if n, err := x.s.CountFeed(ctx, x.w.ID, f); err != nil || n != int64(len(list)) {
		t.Errorf("%+v: counted %d of %d, %v", f, n, len(list), err)
	}
	tail, _, err := x.s.FeedTail(ctx, x.w.ID, f, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range tail {
		fresh = append(fresh, c.Response.Comment)
	}
	return indexed, fresh
}

// searched are comments as people write them.
func searched() []string {
	return []string{
		"It came late, sorry to say.", "The delivery was LATE and cold", "Große Straße, schöne Lieferung", "grosse strasse", "Wonderful 100% coffee",
		"我的快递晚了，客服很好", "快递员很友好", "配送很慢", "好", "iPhone 的快递 late", "快遞太慢", "配送が遅い。ラーメン", "배송이 늦었어요", "great 🎉 thank you 👍🏽",
		"under_score and st*r", "NEAR the shop AND cheap OR not", "it's O'Brien's \"best\" \\ 'quoted'", "nul\x01byte", "e-mail me at ada@example.com", strings.Repeat("long ", 1800) + "end",
		"ha ha ha ha", "Ünïcödé ﬁne", "I", "--", "% _ *", "ส่งช้ามาก", "late late",
	}
}

// TestSearchFindsTheSameEverywhere: what the index finds is what looking through
// every comment finds, on both databases.
func TestSearchFindsTheSameEverywhere(t *testing.T) {
	t.Parallel()
	cases := []struct {
		query string
		want  int // -1: whatever looking through says
	}{
		{"late", 4}, {"LATE cold", 1}, {"deliv", 1}, {`"came late"`, 1}, {`"late came"`, 0}, {"late -cold", 3}, {"-late", -1}, {`late -"came late"`, 3},
		{"straße", 2}, {"strasse", 2}, {"schone", 1}, {"lieferung große", 1}, {"unicode fine", 1},
		{"递", 4}, {"晚", 1}, {"了", 1}, {"好", 3}, {"快递", 4}, {"快遞", 4}, {"快递员", 1}, {"我的快递晚了", 1}, {"快递晚了客", 0}, {"快递 -late", 3}, {"快递 客服", 1},
		{"配送", 2}, {"遅い", 1}, {"ﾗｰﾒﾝ", 1}, {"배송", 1}, {"ส่ง", 1}, {"iphone 快递", 1}, {"“快递晚”", 1}, {"很", 3}, {"-很 快递", 2},
		{"🎉", 1}, {"👍", 1}, {"100%", 1}, {"%", 0}, {"_", 0}, {"*", 0}, {`"`, 0}, {"-", 0}, {"()", 0}, {"a_b", 0}, {"under_score", 1}, {"st*r", 1}, {"lat*", 4},
		{"NEAR", 1}, {"AND", -1}, {"NOT", 1}, {"a AND", -1}, {"NEAR(late, 2)", 0}, {"late OR cold", 0}, {"late:*", 4}, {"late & cold | !x", 0}, {"words : late", 0},
		{"o'brien's", 1}, {`'quoted'`, 1}, {`\`, 0}, {`"\" OR 1=1 --`, 0}, {"ada@example.com", 1}, {"e-mail", 1}, {"mail-e", 0}, {"i", -1}, {"byte", 1},
		{"long end", 1}, {`"long end"`, 0}, {`"long long"`, 1}, {`"ha ha ha ha"`, 1}, {`"ha ha ha ha ha"`, 0}, {"nul\x00byte", 1}, {"\xff\xfe", -1}, {strings.Repeat("late ", 2000), 4},
		{strings.Repeat("x", 10<<10), 0}, {strings.Repeat("快递", 5000), 0}, {"late late", 4}, {"", -1}, {"\u3000late", 4}, {"l a t e", 0},
		{"^late", 4}, {"late^2", 0}, {"(late)", 4}, {"-(late)", -1}, {"words:late", 0}, {"{words} : late", 0}, {"+late", 4}, {"!late", 4}, {"late NEAR/2 cold", 0}, {"LATE cöld", 1},
		{"ca", -1}, {"to", -1}, {"递 递 递", 4}, {"快递 late", -1}, {strings.Repeat("late 快递 ", 111), -1}, {`"" late`, 4}, {`late"`, 4}, {"--late", -1}, {"late -", 4}, {"'; DROP TABLE comment_index --", 0},
	}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newFeedOf(t, s, searched()...)
		before := make([][]string, len(cases))
		for i, c := range cases {
			indexed, fresh := x.find(t, store.FeedFilter{Search: search.Parse(c.query)})
			if len(indexed) > 0 {
				t.Fatalf("%q: found %d in an empty index", c.query, len(indexed))
			}
			before[i] = fresh
		}
		x.index(t, x.all...)
		for i, c := range cases {
			indexed, fresh := x.find(t, store.FeedFilter{Search: search.Parse(c.query)})
			if len(fresh) > 0 {
				t.Errorf("%q: %d of what is indexed are looked through", c.query, len(fresh))
			}
			if !slices.Equal(slices.Sorted(slices.Values(indexed)), slices.Sorted(slices.Values(before[i]))) {
				t.Errorf("%.40q: the index finds %q, looking through finds %q", c.query, indexed, before[i])
			}
			if c.want >= 0 && len(indexed) != c.want {
				t.Errorf("%.40q: %d comments, want %d: %.200q", c.query, len(indexed), c.want, indexed)
			}
		}
	})
}

// TestSearchOfChanceFindsTheSame searches comments put together by chance for
// parts of them.
func TestSearchOfChanceFindsTheSame(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		r := rand.New(rand.NewPCG(7, 7))
		pieces := strings.Split("late|Lieferung|früh|快|递|晚|了|好|。| |, |-|’|\"|が|か|🎉|ß|ss|A|a|1|100|%|배|송|ส่|ง|É|e", "|")
		draw := func(n int) string {
			var b strings.Builder
			for range n {
				b.WriteString(pieces[r.IntN(len(pieces))])
			}
			return b.String()
		}
		var comments []string
		for range 300 {
			comments = append(comments, "x"+draw(1+r.IntN(12)))
		}
		x := newFeedOf(t, s, comments...)
		x.index(t, x.all...)
		for range 300 {
			query := draw(1 + r.IntN(5))
			q := search.Parse(query)
			indexed, _ := x.find(t, store.FeedFilter{Search: q})
			var want []string
			for _, response := range x.all { // the latest first
				if q.Matches(response.Comment) {
					want = append(want, response.Comment)
				}
			}
			if !slices.Equal(indexed, want) {
				t.Fatalf("%q: the index finds %q, want %q", query, indexed, want)
			}
		}
	})
}

// TestFeedPassesAnyTwoFilters holds every pair of filters against the comments
// themselves, before and after they are indexed.
func TestFeedPassesAnyTwoFilters(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		var comments []string
		for i := range 66 {
			comments = append(comments, fmt.Sprintf("%s %s %d", []string{"late parcel", "晚了的快递", "die Lieferung war nicht gut und zu spät"}[i%3], []string{"good", "bad"}[i%2], i))
		}
		x := newFeedOf(t, s, comments...)
		reading := func(i int) themes.Reading {
			return themes.Reading{Language: []themes.Language{"en", "zh", "de"}[i%3], Themes: [][]string{nil, {"delivery"}, {"delivery", "price"}, {"price"}}[i%4],
				Sentiment: themes.Sentiment{Tone: []themes.Tone{themes.Negative, themes.Neutral, themes.Positive}[i%3]}}
		}
		of := surveys.Segment{Key: "plan", Value: "pro"}
		type parted struct {
			set  func(*store.FeedFilter)
			pass func(i int, r surveys.Response) bool
		}
		filters := map[string]parted{
			"scores":  {func(f *store.FeedFilter) { f.Scores = []int{9, 10} }, func(_ int, r surveys.Response) bool { return r.Score >= 9 }},
			"segment": {func(f *store.FeedFilter) { f.Segments = surveys.Filters{of} }, func(_ int, r surveys.Response) bool { return r.Segments["plan"] == "pro" }},
			"either":  {func(f *store.FeedFilter) { f.Segments = surveys.Filters{of, {Key: "plan", Value: "free"}} }, func(_ int, r surveys.Response) bool { return r.Segments["plan"] != "basic" }},
			"both": {func(f *store.FeedFilter) { f.Segments = surveys.Filters{of, {Key: "country", Value: "CN"}} }, func(_ int, r surveys.Response) bool {
				return r.Segments["plan"] == "pro" && r.Segments["country"] == "CN"
			}},
			"theme":    {func(f *store.FeedFilter) { f.Theme = "price" }, func(i int, _ surveys.Response) bool { return i%4 >= 2 }},
			"tone":     {func(f *store.FeedFilter) { f.Tone = themes.Negative }, func(i int, _ surveys.Response) bool { return i%3 == 0 }},
			"language": {func(f *store.FeedFilter) { f.Language = "de" }, func(i int, _ surveys.Response) bool { return i%3 == 2 }},
			"from":     {func(f *store.FeedFilter) { f.From = x.s.Now().Add(-30 * time.Minute) }, func(i int, _ surveys.Response) bool { return i <= 30 }},
			"to":       {func(f *store.FeedFilter) { f.To = x.s.Now().Add(-20 * time.Minute) }, func(i int, _ surveys.Response) bool { return i > 20 }},
			"words":    {func(f *store.FeedFilter) { f.Search = search.Parse("bad") }, func(i int, _ surveys.Response) bool { return i%2 == 1 }},
			"not":      {func(f *store.FeedFilter) { f.Search = search.Parse("-快递") }, func(i int, _ surveys.Response) bool { return i%3 != 1 }},
		}
		check := func() {
			for one, a := range filters {
				for other, b := range filters {
					var f store.FeedFilter
					a.set(&f)
					b.set(&f)
					if one != other && (f.Segments.Keys() != nil && one != "scores" && (one == "segment" || one == "either" || one == "both") && (other == "segment" || other == "either" || other == "both") || one == "words" && other == "not" || one == "not" && other == "words") {
						continue // the second one replaces the first
					}
					var want []string
					for i, r := range x.all {
						if a.pass(i, r) && b.pass(i, r) {
							want = append(want, r.Comment)
						}
					}
					indexed, fresh := x.find(t, f)
					if got := slices.Concat(indexed, fresh); !slices.Equal(got, want) {
						t.Errorf("%s and %s: %d comments, want %d", one, other, len(got), len(want))
					}
				}
			}
		}
		for i, r := range x.all {
			readAs(t, s, x.survey, "r1", reading(i), r)
		}
		check()
	})
}

// indexed lists everything that the index holds, as both databases keep it.
func indexed(t *testing.T, s *store.Store) []string {
	t.Helper()
	list := texts(t, s.Readers(), "SELECT CAST(words AS text) FROM comment_index ORDER BY 1")
	days := texts(t, s.Readers(), "SELECT CAST(n AS text) FROM comment_index_days WHERE n <> 0 ORDER BY 1")
	list = append(list, days...)
	if s.Dialect() == store.SQLite {
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.Exec(ctx, "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab(main, comment_words, instance)")
		})
		list = append(list, texts(t, s.Writers(), "SELECT term FROM temp.vocabulary ORDER BY 1")...)
	}
	return list
}

// TestIndexForgets: of what is changed, erased or moved, nothing stays.
func TestIndexForgets(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		x := newFeedOf(t, s, "remarkable", "ordinary")
		person := storetest.Person(t, s, x.w.ID)
		r := storetest.Response(t, s, x.survey, 3)
		r.PersonID, r.Comment = person.ID, "secretword 秘密的话"
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, []surveys.Response{r}) })
		x.index(t, append(x.all, r)...)
		if found, _ := x.find(t, store.FeedFilter{Search: search.Parse("secretword")}); len(found) != 1 {
			t.Fatalf("found %q", found)
		}
		once := onceOf("change", 1, store.Change, s.Now().Add(time.Hour))
		first := storetest.Response(t, s, x.survey, 9)
		first.Comment = "beforeword"
		for _, text := range []string{"beforeword", "afterword"} {
			changed := first
			changed.Comment, once.Body = text, []byte(text)
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Take(ctx, store.Submission{Response: changed, Once: once})
				return err
			})
			if indexed, fresh := x.find(t, store.FeedFilter{Search: search.Parse(text)}); len(indexed) != 0 || len(fresh) != 1 {
				t.Errorf("%s, not indexed yet: %q, %q", text, indexed, fresh)
			}
			days, err := s.UnindexedDays(ctx, x.w.ID, x.survey.ID)
			if err != nil || len(days) != 1 {
				t.Fatalf("%s: %v, %v", text, days, err)
			}
			list, err := s.UnindexedComments(ctx, x.w.ID, store.CommentFilter{SurveyID: x.survey.ID, Days: []int{days[0].Day}, Limit: 9})
			if err != nil || len(list) != 1 {
				t.Fatalf("%s: %v, %v", text, list, err)
			}
			x.index(t, list...)
		}
		if found, _ := x.find(t, store.FeedFilter{Search: search.Parse("beforeword")}); len(found) != 0 {
			t.Errorf("the comment before its change is found: %q", found)
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.ErasePerson(ctx, x.w.ID, person.ID) })
		for _, kept := range indexed(t, s) {
			for _, word := range []string{"secretword", "秘密", "beforeword"} {
				if strings.Contains(kept, word) {
					t.Errorf("%s is still in the index: %s", word, kept)
				}
			}
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.EraseResponses(ctx, x.w.ID, []string{x.all[0].ID, x.all[1].ID, first.ID})
		})
		if left := indexed(t, s); len(left) != 0 {
			t.Errorf("of nothing there is left %q", left)
		}
	})
}

// TestIndexKeepsItsPlaces: what is read anew stays where it stood, and what came
// in one second has places of its own.
func TestIndexKeepsItsPlaces(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newFeedOf(t, s)
		other := newFeedOf(t, s, "another workspace")
		var list []surveys.Response
		for i := range 40 {
			r := storetest.Response(t, s, x.survey, 5)
			r.Comment = fmt.Sprintf("number %02d", i)
			list = append(list, r)
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, list) })
		x.index(t, list[:10]...)
		other.index(t, other.all...)
		x.index(t, list[10:]...)
		places := func() []store.FeedPlace {
			all, err := s.Feed(context.Background(), x.w.ID, store.FeedFilter{SurveyID: x.survey.ID, Limit: 100})
			if err != nil || len(all) != 40 {
				t.Fatalf("%d comments, %v", len(all), err)
			}
			var at []store.FeedPlace
			for _, c := range all {
				at = append(at, c.At)
			}
			return at
		}
		before := places()
		readAs(t, s, x.survey, "r1", lateReading(), list[3])
		x.index(t, list...)
		if after := places(); !slices.Equal(before, after) {
			t.Errorf("the places were %v and are %v", before, after)
		}
	})
}

// TestIndexIsWithinItsSurvey searches with the words of another workspace's and
// another survey's comments.
func TestIndexIsWithinItsSurvey(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		a, b := newFeedOf(t, s, "only here", "好的"), newFeedOf(t, s, "something else")
		a.index(t, a.all...)
		b.index(t, b.all...)
		for _, query := range []string{"only", "-nothing", "", "好"} {
			f := store.FeedFilter{SurveyID: a.survey.ID, Search: search.Parse(query)}
			if indexed, fresh := b.find(t, f); len(indexed)+len(fresh) > 0 {
				t.Errorf("%q finds %q, %q of another workspace", query, indexed, fresh)
			}
			f.SurveyID = b.survey.ID
			if indexed, _ := b.find(t, f); slices.Contains(indexed, "only here") {
				t.Errorf("%q finds another survey's comment", query)
			}
		}
	})
}

// TestIndexMovesWithTheDays: after another time zone nothing is looked through
// again.
func TestIndexMovesWithTheDays(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		x := newFeedOf(t, s, "one", "two", "three")
		x.index(t, x.all...)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.MoveDays(ctx, x.w.ID, func(at time.Time) int { return surveys.Day(at, time.UTC) - 1 }); err != nil {
				return err
			}
			if err := tx.RebuildRollups(ctx, x.w.ID); err != nil {
				return err
			}
			return tx.RebuildIndexDays(ctx, x.w.ID)
		})
		if days, err := s.UnindexedDays(ctx, x.w.ID, x.survey.ID); err != nil || len(days) > 0 {
			t.Errorf("not indexed: %v, %v", days, err)
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.EraseResponses(ctx, x.w.ID, []string{x.all[0].ID, x.all[1].ID, x.all[2].ID})
		})
		if left := indexed(t, s); len(left) > 0 {
			t.Errorf("left: %q", left)
		}
	})
}
