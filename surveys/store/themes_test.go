package store_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestThemesAreSetAsAWhole(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		delivery := themes.Theme{ID: "delivery", Name: "Delivery", Keywords: []string{"parcel", "快递"}}
		price := themes.Theme{ID: "price", Name: "Price", Keywords: []string{"price"}}
		set := func(list ...themes.Theme) {
			clock.Advance(time.Second)
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SetThemes(ctx, w.ID, list) })
		}
		set(delivery, price)
		same(t, "as set", []themes.Theme{delivery, price})(s.Themes(ctx, w.ID))
		price.Name = "Prices"
		set(price, delivery)
		same(t, "another order and name", []themes.Theme{price, delivery})(s.Themes(ctx, w.ID))
		set(price)
		same(t, "what is left", []themes.Theme{price})(s.Themes(ctx, w.ID))
		same(t, "what was taken away", []themes.Theme{delivery})(s.DeletedThemes(ctx, w.ID))
		set()
		same(t, "all gone, the latest first", []themes.Theme{price, delivery})(s.DeletedThemes(ctx, w.ID))
		set(delivery)
		same(t, "brought back", []themes.Theme{delivery})(s.Themes(ctx, w.ID))
		same(t, "the other one", []themes.Theme{price})(s.DeletedThemes(ctx, w.ID))
	})
}

// TestCommentReader: a new set of themes takes back that all was read.
func TestCommentReader(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		survey, at := storetest.Survey(t, s, w.ID, surveys.NPS), s.Now()
		same(t, "nothing yet", store.CommentReader{SurveyID: survey.ID})(s.CommentReader(ctx, w.ID, survey.ID))
		kept := store.CommentReader{
			SurveyID: survey.ID, Reader: "r1", Model: []byte{1, 2}, ModelVersion: "m1", TrainedAt: &at, TrainedFrom: 300, TriedFrom: 400,
			Quality: []themes.Quality{{Language: themes.English, N: 300, AUC: 0.9, AUCLow: 0.8}}, Refused: []themes.Refused{{Language: themes.Chinese, Refusal: &analysis.Refusal{Reason: themes.TooFewComments, Have: 3, Need: 200}}},
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			if _, err := tx.LockCommentReader(ctx, w.ID, survey.ID); err != nil {
				return err
			}
			return tx.SaveCommentReader(ctx, w.ID, kept)
		})
		same(t, "kept", kept)(s.CommentReader(ctx, w.ID, survey.ID))
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SetThemes(ctx, w.ID, nil) })
		kept.Reader = ""
		same(t, "after the themes changed", kept)(s.CommentReader(ctx, w.ID, survey.ID))
	})
}

// said makes an answer with a comment on a day.
func said(t *testing.T, s *store.Store, survey surveys.Survey, daysAgo, score int) surveys.Response {
	t.Helper()
	r := storetest.Response(t, s, survey, score)
	r.AnsweredAt = r.AnsweredAt.AddDate(0, 0, -daysAgo)
	r.Day = surveys.Day(r.AnsweredAt, time.UTC)
	r.Comment = "late"
	return r
}

// readAs stores a reading of each response.
func readAs(t *testing.T, s *store.Store, survey surveys.Survey, reader string, reading themes.Reading, list ...surveys.Response) {
	t.Helper()
	batch := store.ReadingBatch{SurveyID: survey.ID, Reader: reader}
	for _, r := range list {
		batch.List = append(batch.List, store.CommentReading{Response: r, Reading: reading})
	}
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
		stored, err := tx.StoreReadings(ctx, survey.WorkspaceID, batch)
		if !stored {
			t.Error("the readings were not stored")
		}
		return err
	})
}

func lateReading() themes.Reading {
	return themes.Reading{Language: themes.English, Themes: []string{"delivery", "speed"}, Sentiment: themes.Sentiment{Tone: themes.Negative, Value: -700, Source: themes.ByVADER}}
}

// TestReadingsAreCounted: what was read is counted by day, theme, score and
// tone, and goes out again with the answer.
func TestReadingsAreCounted(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		today := surveys.Day(s.Now(), time.UTC)
		list := []surveys.Response{said(t, s, survey, 0, 3), said(t, s, survey, 0, 9), said(t, s, survey, 2, 0)}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, list) })
		storetest.Answer(t, s, survey, 10) // without a comment
		same(t, "unread at first", []store.UnreadDay{{Day: today, N: 2}, {Day: today - 2, N: 1}})(s.UnreadDays(ctx, w.ID, survey.ID))
		unread, err := s.UnreadComments(ctx, w.ID, store.CommentFilter{SurveyID: survey.ID, Days: []int{today, today - 2}, Limit: 2})
		if err != nil || len(unread) != 2 {
			t.Fatalf("%v, %v", unread, err)
		}
		readAs(t, s, survey, "r1", lateReading(), unread...)
		last := store.Cursor{AnsweredAt: unread[1].AnsweredAt, ID: unread[1].ID}
		rest, err := s.UnreadComments(ctx, w.ID, store.CommentFilter{SurveyID: survey.ID, Days: []int{today, today - 2}, After: last, Limit: 9})
		if err != nil || len(rest) != 1 || rest[0].ID != list[2].ID {
			t.Fatalf("%v, %v", rest, err)
		}
		readAs(t, s, survey, "r1", themes.Reading{}, rest...)
		same(t, "unread then", []store.UnreadDay(nil))(s.UnreadDays(ctx, w.ID, survey.ID))
		cell := themes.Cell{Counts: surveys.Counts{3: 1, 9: 1}, Negative: 2, Sum: -1400, Squares: 980000}
		none := themes.Cell{Counts: surveys.Counts{0: 1}}
		counted := []themes.Row{
			{Day: analysis.Day(today - 2), Cell: none}, {Day: analysis.Day(today), Cell: cell}, {Day: analysis.Day(today - 2), Theme: themes.NoTheme, Cell: none},
			{Day: analysis.Day(today), Theme: "delivery", Cell: cell}, {Day: analysis.Day(today), Theme: "speed", Cell: cell},
		}
		counts := func() ([]themes.Row, error) {
			return s.ThemeCounts(ctx, w.ID, store.RollupFilter{SurveyID: survey.ID, To: today + 1})
		}
		same(t, "the counts", counted)(counts())
		same(t, "a recount", []store.Difference(nil))(s.RecountThemes(ctx, w.ID))
		days, link := store.RollupFilter{SurveyID: survey.ID, To: today + 1}, surveys.Segment{Key: surveys.SegmentChannel, Value: string(surveys.ChannelLink)}
		version := surveys.Segment{Key: surveys.SegmentVersion, Value: "1"}
		same(t, "the counts of all who pass two filters", counted)(s.ThemeTally(ctx, w.ID, days, surveys.Filters{link, version}))
		same(t, "the counts of nobody", []themes.Row{})(s.ThemeTally(ctx, w.ID, days, surveys.Filters{{Key: "plan", Value: "gold"}}))
		days.From = today
		same(t, "the counts of a day", []themes.Row{counted[1], counted[3], counted[4]})(s.ThemeTally(ctx, w.ID, days, surveys.Filters{link}))
		about, err := s.Responses(ctx, w.ID, store.ResponseFilter{SurveyID: survey.ID, Theme: "speed"})
		if err != nil || len(about) != 2 {
			t.Errorf("about speed are %v, %v", about, err)
		}
		found, err := s.Readings(ctx, w.ID, survey.ID, []string{about[0].ID, list[2].ID})
		if err != nil || !slices.Equal(found[about[0].ID].Themes, lateReading().Themes) || found[list[2].ID].Themes != nil {
			t.Errorf("the readings are %v, %v", found, err)
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.EraseResponses(ctx, w.ID, []string{list[0].ID, list[1].ID, list[2].ID})
		})
		same(t, "after they went", []themes.Row{})(counts())
		same(t, "a recount", []store.Difference(nil))(s.RecountThemes(ctx, w.ID))
	})
}

// TestStaleReadings: another reader reads again, in the order of ids, in the
// place of what was read before; a response that changed meanwhile is left out.
func TestStaleReadings(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		list := []surveys.Response{said(t, s, survey, 0, 3), said(t, s, survey, 0, 9), said(t, s, survey, 0, 0)}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, list) })
		readAs(t, s, survey, "r1", lateReading(), list...)
		first, err := s.StaleComments(ctx, w.ID, store.CommentFilter{SurveyID: survey.ID, Reader: "r2", Limit: 2})
		if err != nil || len(first) != 2 || first[0].ID != list[0].ID {
			t.Fatalf("%v, %v", first, err)
		}
		readAs(t, s, survey, "r2", themes.Reading{}, first...)
		second, err := s.StaleComments(ctx, w.ID, store.CommentFilter{SurveyID: survey.ID, Reader: "r2", After: store.Cursor{ID: first[1].ID}, Limit: 2})
		if err != nil || len(second) != 1 || second[0].ID != list[2].ID {
			t.Fatalf("%v, %v", second, err)
		}
		clock.Advance(time.Second)
		once := onceOf("a form", 1, store.Change, s.Now().Add(time.Hour))
		changed := list[2]
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, _, err := tx.Claim(ctx, w.ID, *once, changed.ID)
			return err
		})
		changed.Comment, changed.UpdatedAt = "fine after all", s.Now()
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Take(ctx, store.Submission{Response: changed, Once: once})
			return err
		})
		readAs(t, s, survey, "r2", lateReading(), second...)
		if n, err := s.CountReadings(ctx, w.ID, survey.ID, "r2"); err != nil || n != 2 {
			t.Errorf("%d are read by the second reader, %v, want 2: what changed was stored as it had been", n, err)
		}
		same(t, "unread", []store.UnreadDay{{Day: changed.Day, N: 1}})(s.UnreadDays(ctx, w.ID, survey.ID))
		same(t, "a recount", []store.Difference(nil))(s.RecountThemes(ctx, w.ID))
	})
}

// TestReadingsOfAnOldModelAreRefused: whoever loaded a model before another
// process trained a new one stores nothing.
func TestReadingsOfAnOldModelAreRefused(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		r := said(t, s, survey, 0, 3)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.AddResponses(ctx, []surveys.Response{r}); err != nil {
				return err
			}
			if _, err := tx.LockCommentReader(ctx, w.ID, survey.ID); err != nil {
				return err
			}
			return tx.SaveCommentReader(ctx, w.ID, store.CommentReader{SurveyID: survey.ID, ModelVersion: "m2"})
		})
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			stored, err := tx.StoreReadings(ctx, w.ID, store.ReadingBatch{SurveyID: survey.ID, Reader: "r1:m1", ModelVersion: "m1", List: []store.CommentReading{{Response: r}}})
			if stored {
				t.Error("a reading of the old model was stored")
			}
			return err
		})
	})
}

// TestThemeCountsStayExact does what happens to answers in a random order:
// after each step the counts agree with the readings, and what is unread is
// what the readings lack.
func TestThemeCountsStayExact(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, r := context.Background(), rand.New(rand.NewPCG(7, 7))
		w := storetest.Workspace(t, s)
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		alive := map[string]surveys.Response{}
		for range 40 {
			switch r.IntN(4) {
			case 0, 1:
				add := said(t, s, survey, r.IntN(3), r.IntN(11))
				alive[add.ID] = add
				storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, []surveys.Response{add}) })
			case 2:
				for id := range alive {
					storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.EraseResponses(ctx, w.ID, []string{id}) })
					delete(alive, id)
					break
				}
			default:
				reading := lateReading()
				reading.Themes = reading.Themes[:r.IntN(3)]
				for _, one := range alive {
					readAs(t, s, survey, "r", reading, one)
					break
				}
			}
			same(t, "a recount", []store.Difference(nil))(s.RecountThemes(ctx, w.ID))
		}
		days, err := s.UnreadDays(ctx, w.ID, survey.ID)
		if err != nil {
			t.Fatal(err)
		}
		var unread int64
		for _, day := range days {
			unread += day.N
		}
		read, err := s.CountReadings(ctx, w.ID, survey.ID, "r")
		if err != nil || unread+read != int64(len(alive)) || read == 0 || unread == 0 {
			t.Errorf("%d unread and %d read of %d, %v", unread, read, len(alive), err)
		}
	})
}

// TestRebuildThemes follows the responses to other days, and mends counts that
// somebody changed by hand.
func TestRebuildThemes(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		list := []surveys.Response{said(t, s, survey, 0, 3), said(t, s, survey, 1, 9)}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, list) })
		readAs(t, s, survey, "r1", lateReading(), list...)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.Exec(ctx, "UPDATE theme_counts SET n = n + 1 WHERE theme = 'speed'")
		})
		if differ, err := s.RecountThemes(ctx, w.ID); err != nil || len(differ) != 2 || differ[0].Value != "speed" || differ[0].Stored != 2 || differ[0].Counted != 1 {
			t.Errorf("the recount finds %v, %v", differ, err)
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.MoveDays(ctx, w.ID, func(at time.Time) int { return surveys.Day(at, time.UTC) + 100 }); err != nil {
				return err
			}
			if err := tx.RebuildRollups(ctx, w.ID); err != nil {
				return err
			}
			return tx.RebuildThemes(ctx, w.ID)
		})
		same(t, "a recount", []store.Difference(nil))(s.RecountThemes(ctx, w.ID))
		same(t, "unread", []store.UnreadDay(nil))(s.UnreadDays(ctx, w.ID, survey.ID))
		counts, err := s.ThemeCounts(ctx, w.ID, store.RollupFilter{SurveyID: survey.ID, From: list[0].Day + 50, To: list[0].Day + 200})
		if err != nil || len(counts) != 6 {
			t.Errorf("the counts of the new days are %v, %v", counts, err)
		}
	})
}
