package flow_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// shop is a workspace whose customers write about their parcels.
type shop struct {
	s      *store.Store
	w      surveys.Workspace
	survey surveys.Survey
	moves  *flow.Themes
	r      *rand.Rand
}

func newShop(t *testing.T, s *store.Store) *shop {
	t.Helper()
	w := storetest.Workspace(t, s)
	return &shop{s: s, w: w, survey: storetest.Survey(t, s, w.ID, surveys.NPS), moves: flow.NewThemes(s), r: rand.New(rand.NewPCG(1, 2))}
}

func (x *shop) office() flow.Office {
	return flow.Office{Workspace: x.w, Zone: x.w.Location()}
}

// write stores n answers with comments, of which the unhappy speak of late
// parcels and the happy of the taste.
func (x *shop) write(t *testing.T, n int) []surveys.Response {
	t.Helper()
	list := make([]surveys.Response, n)
	pick := func(words ...string) string { return words[x.r.IntN(len(words))] }
	for i := range list {
		score, text := 9+x.r.IntN(2), pick("Lovely", "Great", "Wonderful", "Really good")+" "+pick("coffee", "beans", "roast", "taste")+", "+pick("thank you", "will order again", "my favourite", "always fresh")
		if x.r.IntN(3) == 0 {
			score, text = x.r.IntN(5), pick("The parcel", "My delivery", "The courier", "Shipping")+" "+pick("was late", "came broken", "never arrived", "took two weeks")+", "+pick("annoying", "very disappointing", "not again", "awful")
		}
		list[i] = storetest.Response(t, x.s, x.survey, score)
		list[i].AnsweredAt = list[i].AnsweredAt.Add(-time.Duration(i) * time.Hour)
		list[i].Day, list[i].Comment = surveys.Day(list[i].AnsweredAt, x.w.Location()), fmt.Sprintf("%s %d", text, i%7)
	}
	storetest.Write(t, x.s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, list) })
	return list
}

// again does what the clock does by the minute: it adds a job, which is dropped
// while one like it waits or runs.
func (x *shop) again(t *testing.T, job river.JobArgs) {
	t.Helper()
	storetest.Write(t, x.s, func(ctx context.Context, tx *store.Tx) error { return tx.Enqueue(ctx, job) })
}

// until waits until a condition holds.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(3 * time.Minute); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func (x *shop) report(t *testing.T) flow.ThemesReport {
	t.Helper()
	report, err := x.moves.Report(context.Background(), x.office(), x.survey, flow.ReportQuery{})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// agree checks that the counts are what was read.
func (x *shop) agree(t *testing.T) {
	t.Helper()
	if differ, err := x.s.RecountThemes(context.Background(), x.w.ID); err != nil || len(differ) > 0 {
		t.Errorf("the counts differ: %v, %v", differ, err)
	}
}

func finding(report flow.ThemesReport, theme string) themes.Finding {
	for _, f := range report.Findings.Themes {
		if f.Theme == theme {
			return f
		}
	}
	return themes.Finding{}
}

// TestCommentsAreReadAndLearnedFrom goes the whole way: nothing is read before
// somebody wants themes; then all is, a model is trained on the scores, all is
// read again with it, and what comes or changes later, too.
func TestCommentsAreReadAndLearnedFrom(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newShop(t, s)
		list := x.write(t, 700)
		sh := work(t, s)
		sh.wait(t, flow.ReadArgs{}.Kind(), 1)
		if report := x.report(t); report.Read != 0 || report.Comments != 700 || len(report.Themes) != 0 {
			t.Errorf("before any theme: %d of %d read", report.Read, report.Comments)
		}
		if err := x.moves.Begin(ctx, x.office(), themes.Commerce); err != nil {
			t.Fatal(err)
		}
		until(t, "all comments to be read", func() bool { return !x.report(t).Progress() })
		report := x.report(t)
		delivery := finding(report, "delivery")
		if delivery.N < 150 || delivery.Effect == nil || delivery.Effect.High > -50 || report.Findings.Comments != 700 || report.Findings.Answers != 700 {
			t.Fatalf("the findings are %+v", report.Findings)
		}
		x.agree(t)

		until(t, "a model", func() bool {
			x.again(t, flow.TrainArgs{})
			r := x.report(t)
			return r.Reader.ModelVersion != "" && !r.Progress()
		})
		report = x.report(t)
		if q := report.Reader.Quality; len(q) != 1 || q[0].AUC < 0.95 || report.Reader.TrainedFrom != 700 {
			t.Errorf("the model is %+v, from %d", q, report.Reader.TrainedFrom)
		}
		read, err := s.Readings(ctx, x.w.ID, x.survey.ID, []string{list[0].ID})
		if err != nil || read[list[0].ID].Sentiment.Source != themes.ByModel {
			t.Errorf("the model read nothing: %+v, %v", read, err)
		}

		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.EraseResponses(ctx, x.w.ID, []string{list[0].ID, list[1].ID})
		})
		x.write(t, 1)
		until(t, "the new one to be read", func() bool {
			x.again(t, flow.ReadArgs{})
			r := x.report(t)
			return !r.Progress() && r.Findings.Comments == 699
		})
		x.agree(t)
	})
}

// TestAnotherThemeReadsAllAgain: what is found follows the rules, whatever was
// read before.
func TestAnotherThemeReadsAllAgain(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newShop(t, s)
		x.write(t, 300)
		theme, err := x.moves.Save(ctx, x.w.ID, themes.Theme{Name: "Parcels", Keywords: []string{"parcel"}})
		if err != nil {
			t.Fatal(err)
		}
		work(t, s)
		until(t, "the first reading", func() bool { return !x.report(t).Progress() })
		few := finding(x.report(t), theme.ID).N
		theme.Keywords = append(theme.Keywords, "delivery", "courier", "shipping")
		if _, err := x.moves.Save(ctx, x.w.ID, theme); err != nil {
			t.Fatal(err)
		}
		until(t, "the second reading", func() bool { return !x.report(t).Progress() })
		if many := finding(x.report(t), theme.ID).N; few == 0 || many < 2*few {
			t.Errorf("%d comments first, %d with more keywords", few, many)
		}
		theme.Name = "Post"
		if _, err := x.moves.Save(ctx, x.w.ID, theme); err != nil {
			t.Fatal(err)
		}
		if report := x.report(t); report.Names()[theme.ID] != "Post" || finding(report, theme.ID).N == 0 {
			t.Errorf("after another name: %+v", report.Themes)
		}
		if err := x.moves.Remove(ctx, x.w.ID, theme.ID); err != nil {
			t.Fatal(err)
		}
		if report := x.report(t); len(report.Findings.Themes) != 0 {
			t.Errorf("a theme that was taken away is still found: %+v", report.Findings.Themes)
		}
		x.agree(t)
	})
}

// TestTwoProcessesReadOnce: while answers come, change and go, two processes
// read every comment, and the counts are exact.
func TestTwoProcessesReadOnce(t *testing.T) {
	t.Parallel()
	stores := servers(t, store.Postgres, 2)
	ctx, x := context.Background(), newShop(t, stores[0])
	list := x.write(t, 900)
	if err := x.moves.Begin(ctx, x.office(), themes.Commerce); err != nil {
		t.Fatal(err)
	}
	work(t, stores...)
	var wg sync.WaitGroup
	for i, s := range stores {
		wg.Go(func() {
			for n := range 40 {
				one := list[(n*2+i)%len(list)]
				err := s.InTx(ctx, func(tx *store.Tx) error {
					if err := tx.EraseResponses(ctx, x.w.ID, []string{one.ID}); err != nil {
						return err
					}
					return tx.Enqueue(ctx, flow.ReadArgs{Workspace: []surveys.WorkspaceID{"", x.w.ID}[n%2]})
				})
				if err != nil && surveys.KindOf(err) != surveys.Unavailable {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	until(t, "all to be read", func() bool {
		x.again(t, flow.ReadArgs{})
		return !x.report(t).Progress()
	})
	if report := x.report(t); report.Findings.Comments != 820 {
		t.Errorf("%d comments are counted, want 820", report.Findings.Comments)
	}
	x.agree(t)
}

func TestEditThemes(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newShop(t, s)
		names := func() []string {
			list, err := s.Themes(ctx, x.w.ID)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, theme := range list {
				names = append(names, theme.Name)
			}
			return names
		}
		wantFields(t, x.moves.Begin(ctx, x.office(), "zoo"), map[string]string{"kind": "choice_unknown"})
		post, err := x.moves.Save(ctx, x.w.ID, themes.Theme{Name: " Post ", Keywords: []string{"parcel", " "}})
		if err != nil || post.Name != "Post" || len(post.Keywords) != 1 {
			t.Fatalf("%+v, %v", post, err)
		}
		_, err = x.moves.Save(ctx, x.w.ID, themes.Theme{Name: "Post", Keywords: []string{"letter"}})
		wantFields(t, err, map[string]string{"name": "exists"})
		_, err = x.moves.Save(ctx, x.w.ID, themes.Theme{Name: "Nothing"})
		wantFields(t, err, map[string]string{"keywords": "theme_keywords_none"})
		_, err = x.moves.Save(ctx, x.w.ID, themes.Theme{ID: "unknown", Name: "Nobody", Keywords: []string{"x y"}})
		wantKind(t, err, surveys.NotFound, "not_found")
		for range 2 { // the second time adds nothing
			if err := x.moves.Begin(ctx, x.office(), themes.Support); err != nil {
				t.Fatal(err)
			}
		}
		set, err := themes.StarterSet(themes.Support, "en")
		if err != nil || len(names()) != 1+len(set) || names()[0] != "Post" {
			t.Errorf("the themes are %v, %v", names(), err)
		}
		if err := x.moves.Remove(ctx, x.w.ID, post.ID); err != nil {
			t.Fatal(err)
		}
		wantKind(t, x.moves.Remove(ctx, x.w.ID, post.ID), surveys.NotFound, "not_found")
		if slices.Contains(names(), "Post") {
			t.Errorf("it is still there: %v", names())
		}
		if err := x.moves.Restore(ctx, x.w.ID, post.ID); err != nil || names()[len(names())-1] != "Post" {
			t.Errorf("restored: %v, %v", names(), err)
		}
		wantKind(t, x.moves.Restore(ctx, x.w.ID, post.ID), surveys.NotFound, "not_found")
		whole, err := x.moves.Replace(ctx, x.w.ID, []themes.Theme{{Name: "New", Keywords: []string{"new"}}, post})
		if err != nil || !reflect.DeepEqual(names(), []string{"New", "Post"}) || whole[0].ID == "" || whole[1].ID != post.ID {
			t.Errorf("replaced by %v, %+v, %v", names(), whole, err)
		}
		_, err = x.moves.Replace(ctx, x.w.ID, []themes.Theme{{Name: "New", Keywords: []string{"new"}}, {Name: "New", Keywords: []string{"old"}}})
		wantFields(t, err, map[string]string{"1.name": "exists"})
	})
}

// TestTryATheme counts among the latest comments, of all surveys, and stores
// nothing.
func TestTryATheme(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newShop(t, s)
		x.write(t, 400)
		other := *x
		other.survey = storetest.Survey(t, s, x.w.ID, surveys.CSAT)
		trial, err := x.moves.Try(ctx, x.w.ID, themes.Theme{Name: "Couriers", Keywords: []string{"courier"}})
		if err != nil || trial.Of != 400 || len(trial.Found) < 10 || len(trial.Found) > 60 {
			t.Fatalf("%d of %d, %v", len(trial.Found), trial.Of, err)
		}
		for _, r := range trial.Found {
			if !strings.Contains(r.Comment, "courier") {
				t.Errorf("found in %q", r.Comment)
			}
		}
		r := storetest.Response(t, s, other.survey, 1)
		r.Comment = "Two couriers, no parcel"
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, []surveys.Response{r}) })
		again, err := x.moves.Try(ctx, x.w.ID, themes.Theme{Name: "Couriers", Keywords: []string{"courier"}})
		if err != nil || again.Of != 401 || len(again.Found) != len(trial.Found)+1 || again.Found[0].ID != r.ID {
			t.Errorf("%d of %d, %v", len(again.Found), again.Of, err)
		}
		_, err = x.moves.Try(ctx, x.w.ID, themes.Theme{Name: "Nothing"})
		wantFields(t, err, map[string]string{"keywords": "theme_keywords_none"})
		if list, err := s.Themes(ctx, x.w.ID); err != nil || len(list) != 0 {
			t.Errorf("stored %v, %v", list, err)
		}
	})
}

func TestThemesReportRefusesNonsense(t *testing.T) {
	t.Parallel()
	x := newShop(t, storetest.Open(t, store.SQLite))
	_, err := x.moves.Report(context.Background(), x.office(), x.survey, flow.ReportQuery{From: 20, To: 10})
	wantFields(t, err, map[string]string{"to": "period_empty"})
	report := x.report(t)
	if report.Progress() || report.Findings.Comments != 0 || report.Findings.To-report.Findings.From != analysis.Day(90) {
		t.Errorf("of nothing: %+v", report)
	}
}

func TestExamplesAreOfTheirTheme(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newShop(t, s)
		x.write(t, 300)
		if err := x.moves.Begin(ctx, x.office(), themes.Commerce); err != nil {
			t.Fatal(err)
		}
		work(t, s)
		until(t, "all to be read", func() bool { return !x.report(t).Progress() })
		examples, err := x.moves.Examples(ctx, x.survey, store.ResponseFilter{})
		if err != nil || len(examples["delivery"]) == 0 {
			t.Fatalf("%v, %v", examples, err)
		}
		for _, r := range examples["delivery"] {
			if r.Score > 6 {
				t.Errorf("%q stands for delivery", r.Comment)
			}
		}
	})
}
