package flow_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// sameCourse reports whether two trends draw the same line. Steps whose scores are
// hidden, since others would tell of them, are known to whole reports alone.
func sameCourse(a, b []analysis.TrendPoint) bool {
	return slices.EqualFunc(a, b, func(a, b analysis.TrendPoint) bool {
		return a.Start == b.Start && a.N == b.N && reflect.DeepEqual(a.Smooth, b.Smooth) && reflect.DeepEqual(a.SmoothLow, b.SmoothLow)
	})
}

// town is a survey whose answers lie unevenly over three keys, with many groups
// that are too small to be shown.
func town(t *testing.T, s *store.Store, seed uint64) (flow.Office, surveys.Survey, []surveys.Response) {
	t.Helper()
	w := storetest.Workspace(t, s)
	w.Segments = []string{"plan", "country", "role"}
	survey := storetest.Survey(t, s, w.ID, surveys.NPS)
	draw := rand.New(rand.NewPCG(seed, 9))
	seldom := func(values ...string) string { return values[int(float64(len(values))*draw.Float64()*draw.Float64())] }
	list := make([]surveys.Response, 150)
	for i := range list {
		r := storetest.Response(t, s, survey, draw.IntN(11))
		r.Day -= 1 + int(60*draw.Float64()*draw.Float64())
		r.AnsweredAt = surveys.DayStart(r.Day).Add(12 * time.Hour)
		for key, value := range map[string]string{
			"plan": seldom("pro", "free", "trial", "gold"), "country": seldom("DE", "FR", "CH", ""), "role": seldom("user", "admin", "owner"),
		} {
			if value != "" {
				r.Segments[key] = value
			}
		}
		list[i] = r
	}
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, list) })
	return flow.Office{Workspace: w, Zone: w.Location()}, survey, list
}

// anyFilters draws some of the values of some of the keys.
func anyFilters(draw *rand.Rand) (f surveys.Filters) {
	for key, values := range map[string][]string{"plan": {"pro", "free", "trial", "gold"}, "country": {"DE", "FR", "CH"}, "role": {"user", "admin", "owner"}} {
		if draw.IntN(2) == 0 {
			for _, value := range values {
				if draw.IntN(2) == 0 {
					f = f.With(surveys.Segment{Key: key, Value: value})
				}
			}
		}
	}
	return f
}

// shown are figures that a view tells: of which answers they are.
type shown struct {
	view string
	of   map[string]bool
}

// figures are those of a report and of its split.
func figures(t *testing.T, reports *flow.Reports, w flow.Office, survey surveys.Survey, q flow.ReportQuery, list []surveys.Response) []shown {
	t.Helper()
	got, err := reports.Read(context.Background(), w, survey, q)
	if err != nil {
		t.Fatal(err)
	}
	of := func(f surveys.Filters, from, to analysis.Day) map[string]bool {
		ids := make(map[string]bool)
		for _, r := range list {
			passes := analysis.Day(r.Day) >= from && analysis.Day(r.Day) < to
			for _, key := range f.Keys() {
				passes = passes && slices.Contains(f.Values(key), r.Segments[key])
			}
			if passes {
				ids[r.ID] = true
			}
		}
		return ids
	}
	name := fmt.Sprint(q.Filters)
	var all []shown
	if got.Score != nil {
		all = append(all, shown{name, of(q.Filters, got.From, got.To)})
	}
	for _, segment := range got.Segments {
		if segment.Score != nil && segment.Value != "" {
			one := surveys.Segment{Key: q.By, Value: segment.Value}
			all = append(all, shown{name + " split: " + one.String(), of(q.Filters.Only(one), got.From, got.To)})
		}
	}
	return all
}

// TestNoTwoViewsTellOfFewerThanFive is the attacker: of ten thousand pairs of
// figures, from pages under any filters and split by any key, none differ by fewer
// than five answers, where one is a part of the other.
func TestNoTwoViewsTellOfFewerThanFive(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	for seed := range uint64(3) {
		w, survey, list := town(t, s, seed)
		reports, draw := flow.NewReports(s), rand.New(rand.NewPCG(seed, 1))
		var seen []shown
		for range 150 {
			q := flow.ReportQuery{Filters: anyFilters(draw), By: []string{"", "plan", "country", "role"}[draw.IntN(4)]}
			seen = append(seen, figures(t, reports, w, survey, q, list)...)
		}
		pairs := 0
		for i, a := range seen {
			if n := len(a.of); n < 5 {
				t.Errorf("%s is of %d answers", a.view, n)
			}
			for _, b := range seen[:i] {
				pairs++
				if rest := beyond(a.of, b.of); rest > 0 && rest < 5 {
					t.Fatalf("town %d: %q and %q differ by %d answers", seed, a.view, b.view, rest)
				}
			}
		}
		if pairs < 10_000 {
			t.Errorf("town %d: only %d pairs of %d figures", seed, pairs, len(seen))
		}
	}
}

// beyond is by how many answers one set goes beyond another that it holds; 0 where
// neither holds the other.
func beyond(a, b map[string]bool) int {
	if len(a) < len(b) {
		a, b = b, a
	}
	for id := range b {
		if !a[id] {
			return 0
		}
	}
	return len(a) - len(b)
}

// tied are counts of answers that the scores of a guest's pages tie together, for
// the whole of a survey's pages.
type tied struct {
	at    map[analysis.Day]int64 // answers before a day
	sums  map[int64][]int64
	steps int
}

// see learns from every score of a page.
func (k *tied) see(got flow.SurveyReport) {
	tie := func(score *float64, from, to analysis.Day) {
		if a, b := k.at[from], k.at[to]; score != nil && a != b {
			k.sums[a], k.sums[b] = append(k.sums[a], b), append(k.sums[b], a)
			k.steps++
		}
	}
	tie(got.Score, got.From, got.To)
	if p := got.Previous; p != nil {
		tie(p.Score, p.From, p.To)
	}
	for _, p := range append(got.Trend[:len(got.Trend):len(got.Trend)], got.Earlier...) {
		tie(p.Score, p.Start, min(got.Bucketing.Next(p.Start), got.To))
	}
}

// few are how many answers there are whose score can be worked out, if too few.
func (k *tied) few() int64 {
	for from := range k.sums {
		for _, to := range reached(k.sums, from) {
			if n := to - from; n > 0 && n < 5 {
				return n
			}
		}
	}
	return 0
}

// TestNoStepsTellOfFewerThanFive: whoever looks at the trend by day, week, month and
// quarter, and at the period and the one before, cannot work out the score of fewer
// than five answers: not of any days between two whose sums are tied together.
func TestNoStepsTellOfFewerThanFive(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	for seed := range uint64(6) {
		w, survey, list := town(t, s, seed)
		var filters surveys.Filters
		if seed%2 == 1 {
			filters = surveys.Filters{{Key: "plan", Value: "pro"}, {Key: "role", Value: "user"}}
		}
		k := tied{at: make(map[analysis.Day]int64), sums: make(map[int64][]int64)}
		for _, r := range list {
			if len(filters) > 0 && (r.Segments["plan"] != "pro" || r.Segments["role"] != "user") {
				continue
			}
			for day := r.Day + 1; day < r.Day+400; day++ {
				k.at[analysis.Day(day)]++
			}
		}
		for _, by := range analysis.Bucketings() {
			today := analysis.DayOf(s.Now(), w.Zone)
			got, err := flow.NewReports(s).Read(context.Background(), w, survey, flow.ReportQuery{From: today - 29, To: today + 1, TrendFrom: by.Start(today - 89), Interval: by, Filters: filters, Guest: true})
			if err != nil {
				t.Fatal(err)
			}
			k.see(got)
		}
		if k.steps < 5 {
			t.Errorf("town %d: only %d scores are shown", seed, k.steps)
		}
		if n := k.few(); n > 0 {
			t.Errorf("town %d: the score of %d answers can be worked out", seed, n)
		}
	}
}

// TestNoYearBeforeTellsOfFewerThanFive is the same attacker with a link that compares
// with the year before: the steps of both trends tie counts together.
func TestNoYearBeforeTellsOfFewerThanFive(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		for seed, weekly := range [][2]int{{6, 9}, {5, 8}, {5, 12}, {3, 9}, {1, 9}, {4, 7}} {
			draw := rand.New(rand.NewPCG(uint64(seed), 7))
			w := storetest.Workspace(t, s)
			w.Segments = []string{"plan"}
			k := tied{at: make(map[analysis.Day]int64), sums: make(map[int64][]int64)}
			today := analysis.DayOf(s.Now(), w.Location())
			var answers []said
			for week := range 150 {
				for range weekly[0] + draw.IntN(weekly[1]-weekly[0]+1) {
					ago := 7*week + draw.IntN(7)
					answers = append(answers, said{ago, draw.IntN(11), "pro"})
					for day := today - analysis.Day(ago) + 1; day < today+32; day++ {
						k.at[day]++
					}
				}
			}
			o := flow.Office{Workspace: w, Zone: w.Location()}
			for _, got := range ladder(t, s, o, hamlet(t, s, w, answers), flow.ReportQuery{Guest: true, Against: analysis.YearBefore}) {
				k.see(got)
			}
			if k.steps < 120 {
				t.Errorf("survey %d: only %d scores are shown", seed, k.steps)
			}
			if n := k.few(); n > 0 {
				t.Errorf("survey %d: the score of %d answers can be worked out", seed, n)
			}
		}
	})
}

// reached are the sums that follow from one.
func reached(sums map[int64][]int64, from int64) []int64 {
	seen, next := map[int64]bool{from: true}, []int64{from}
	for i := 0; i < len(next); i++ {
		for _, to := range sums[next[i]] {
			if !seen[to] {
				seen[to], next = true, append(next, to)
			}
		}
	}
	return next
}
