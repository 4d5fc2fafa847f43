package store_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// tallied stores answers of two plans and countries on some days, and some that
// must never be counted with them.
func tallied(t *testing.T, s *store.Store) (surveys.Survey, int) {
	t.Helper()
	w := storetest.Workspace(t, s)
	survey, other := storetest.Survey(t, s, w.ID, surveys.NPS), storetest.Survey(t, s, w.ID, surveys.NPS)
	stranger := storetest.Survey(t, s, storetest.Workspace(t, s).ID, surveys.NPS)
	var list []surveys.Response
	day := 0
	add := func(to surveys.Survey, daysAgo, score int, plan, country string) {
		r := storetest.Response(t, s, to, score)
		r.AnsweredAt = s.Now().AddDate(0, 0, -daysAgo)
		day = r.Day
		r.Day -= daysAgo
		for key, value := range map[string]string{"plan": plan, "country": country} {
			if value != "" {
				r.Segments[key] = value
			}
		}
		list = append(list, r)
	}
	add(survey, 1, 10, "pro", "DE")
	add(survey, 1, 10, "pro", "DE")
	add(survey, 1, 3, "pro", "FR")
	add(survey, 2, 7, "pro", "DE")
	add(survey, 2, 8, `o'brien"; --`, "DE")
	add(survey, 2, 9, "free", "DE")
	add(survey, 2, 1, "", "DE")
	add(survey, 40, 0, "pro", "DE")
	add(other, 1, 5, "pro", "DE")
	add(stranger, 1, 6, "pro", "DE")
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, list) })
	return survey, day
}

func TestTally(t *testing.T) {
	t.Parallel()
	pro, free, german := surveys.Segment{Key: "plan", Value: "pro"}, surveys.Segment{Key: "plan", Value: "free"}, surveys.Segment{Key: "country", Value: "DE"}
	cases := []struct {
		name    string
		filters surveys.Filters
		keys    []string
		want    string // key/value@days ago: score×n
	}{
		{"two keys", surveys.Filters{pro, german}, []string{""}, "/@2:7x1 /@1:10x2"},
		{"two values of one key", surveys.Filters{pro, free}, []string{""}, "/@2:7x1,9x1 /@1:3x1,10x2"},
		{"either of a key, and another", surveys.Filters{pro, german, free}, []string{""}, "/@2:7x1,9x1 /@1:10x2"},
		{"by a key", surveys.Filters{pro}, []string{"", "country"}, "/@2:7x1 /@1:3x1,10x2 country/DE@2:7x1 country/DE@1:10x2 country/FR@1:3x1"},
		{"by the filter's own key", surveys.Filters{german}, []string{"plan"}, `plan/free@2:9x1 plan/o'brien"; --@2:8x1 plan/pro@2:7x1 plan/pro@1:10x2`},
		{"a value with quotes", surveys.Filters{{Key: "plan", Value: `o'brien"; --`}}, []string{""}, "/@2:8x1"},
		{"nobody", surveys.Filters{{Key: "plan", Value: "gold"}, german}, []string{"", "country"}, ""},
		{"a key that is none", surveys.Filters{{Key: `a"') OR 1=1 --`, Value: "pro"}}, []string{""}, ""},
		{"everybody", nil, []string{"", "channel"}, "/@2:1x1,7x1,8x1,9x1 /@1:3x1,10x2 channel/link@2:1x1,7x1,8x1,9x1 channel/link@1:3x1,10x2"},
	}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		survey, today := tallied(t, s)
		for _, c := range cases {
			lists, err := s.Tally(context.Background(), survey.WorkspaceID, store.TallyFilter{
				SurveyID: survey.ID, Segments: c.filters, Keys: c.keys, From: today - 30, To: today + 1,
			})
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
				continue
			}
			var got []string
			for _, key := range c.keys {
				for _, row := range lists[key] {
					got = append(got, fmt.Sprintf("%s/%s@%d:%s", key, row.Value, today-row.Day, given(row.Counts)))
				}
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("%s:\n got %s\nwant %s", c.name, strings.Join(got, " "), c.want)
			}
		}
	})
}

// given writes counts as score×n.
func given(counts surveys.Counts) string {
	var parts []string
	for score, n := range counts {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%dx%d", score, n))
		}
	}
	return strings.Join(parts, ",")
}

// TestTallyAgreesWithTheRollups: what both can count, they count the same.
func TestTallyAgreesWithTheRollups(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		survey, today := tallied(t, s)
		for _, key := range []string{"", "plan", "country", "channel", "version"} {
			rollups, err := s.Rollups(context.Background(), survey.WorkspaceID, store.RollupFilter{SurveyID: survey.ID, Key: key, From: today - 60, To: today + 1})
			if err != nil {
				t.Fatal(err)
			}
			lists, err := s.Tally(context.Background(), survey.WorkspaceID, store.TallyFilter{SurveyID: survey.ID, Keys: []string{key}, From: today - 60, To: today + 1})
			if err != nil {
				t.Fatal(err)
			}
			want, got := map[string]surveys.Counts{}, map[string]surveys.Counts{}
			for _, row := range rollups {
				want[fmt.Sprint(row.Day, row.Value)] = row.Counts
			}
			for _, row := range lists[key] {
				got[fmt.Sprint(row.Day, row.Value)] = row.Counts
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("by %q: %v, the rollups say %v", key, got, want)
			}
		}
	})
}

func TestCombinations(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		survey, today := tallied(t, s)
		for name, c := range map[string]struct {
			keys, rated []string
			want        []string // values@days ago×n
		}{
			"no key":                {nil, nil, []string{"@1×3", "@2×4"}},
			"a key":                 {[]string{"plan"}, nil, []string{"@2×1", "free@2×1", `o'brien"; --@2×1`, "pro@1×3", "pro@2×1"}},
			"two keys":              {[]string{"plan", "country"}, nil, []string{"free+DE@2×1", `o'brien"; --+DE@2×1`, "pro+DE@1×2", "pro+DE@2×1", "pro+FR@1×1", "+DE@2×1"}},
			"a key that is none":    {[]string{`a"') OR 1=1 --`}, nil, []string{"@1×3", "@2×4"}},
			"rated, and none is so": {[]string{"plan"}, []string{"price"}, nil},
		} {
			list, err := s.Combinations(context.Background(), survey.WorkspaceID, store.CombinationFilter{SurveyID: survey.ID, Keys: c.keys, Rated: c.rated, From: today - 30, To: today + 1})
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			var got []string
			for i, one := range list {
				got = append(got, fmt.Sprintf("%s@%d×%d", strings.Join(one.Values, "+"), today-one.Day, one.N))
				if i > 0 && one.Day < list[i-1].Day {
					t.Errorf("%s: the days are not in order", name)
				}
			}
			slices.Sort(got)
			if want := slices.Sorted(slices.Values(c.want)); !slices.Equal(got, want) {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
	})
}
