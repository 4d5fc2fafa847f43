package analysis

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

// datedWeeks puts a series of weeks on Mondays.
func datedWeeks(weeks []surveys.Counts) []DayCounts {
	dated := make([]DayCounts, len(weeks))
	for i, c := range weeks {
		dated[i] = DayCounts{Day: today + Day(7*i), Counts: c}
	}
	return dated
}

// TestChangesAreDated: the planted changes of the reference series, each with its
// date, and the planted date within the range.
func TestChangesAreDated(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		planted []int // weeks before the change, as planted
		at      []int // where the reference's exact search has it
	}{
		{"W1_stable_n20_60", nil, nil},
		// Planted after week 40; chance moved it, in the reference too, and one range in
		// twenty may miss.
		{"W2_drop15_at_wk41_n50_120", []int{43}, []int{43}},
		{"W3_drop25_at_wk31_n20_60", []int{30}, []int{30}},
		{"W4_two_changes_n80_200", []int{26, 52}, []int{26, 52}},
		{"W5_overdispersed_stable", nil, nil},
	}
	series := weeklySeries(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			changes, err := Changes(surveys.NPS, datedWeeks(series[c.name]), ChangeOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if len(changes) != len(c.at) {
				t.Fatalf("changes %+v", changes)
			}
			for i, change := range changes {
				planted := today + Day(7*c.planted[i])
				if change.At != today+Day(7*c.at[i]) || change.Earliest > planted || change.Latest < planted {
					t.Errorf("at %s, %s to %s, planted %s", change.At, change.Earliest, change.Latest, planted)
				}
				if change.BeforeIn.Low > change.Before || change.AfterIn.High < change.After || change.AfterIn.Method != AdjustedWald {
					t.Errorf("intervals %+v, %+v", change.BeforeIn, change.AfterIn)
				}
			}
		})
	}
}

// TestChangesOfAnyBuckets: unsorted buckets, buckets in two rows and empty ones
// between are the same series.
func TestChangesOfAnyBuckets(t *testing.T) {
	t.Parallel()
	days := datedWeeks(weeklySeries(t)["W4_two_changes_n80_200"])
	want := golden.Must(Changes(surveys.NPS, days, ChangeOptions{}))
	var torn []DayCounts
	for i := len(days) - 1; i >= 0; i-- {
		half := days[i]
		for score := range half.Counts {
			half.Counts[score] /= 2
			days[i].Counts[score] -= half.Counts[score]
		}
		torn = append(torn, days[i], DayCounts{Day: days[i].Day + 1}, half)
	}
	got := golden.Must(Changes(surveys.NPS, torn, ChangeOptions{}))
	if len(got) != 2 || len(want) != 2 {
		t.Fatalf("got %+v, want %+v", got, want)
	}
	for i := range got {
		if got[i].At != want[i].At || got[i].Difference != want[i].Difference || got[i].Earliest != want[i].Earliest {
			t.Errorf("got %+v, want %+v", got[i], want[i])
		}
	}
}

func TestChangesEdges(t *testing.T) {
	t.Parallel()
	for name, days := range map[string][]DayCounts{
		"nothing": nil, "nobody": {{today, surveys.Counts{}}}, "one bucket": {{today, npsCounts(1, 2, 3)}},
	} {
		if changes := golden.Must(Changes(surveys.NPS, days, ChangeOptions{})); len(changes) > 0 {
			t.Errorf("%s: %+v", name, changes)
		}
	}
	long := make([]DayCounts, maxSteps+1)
	for i := range long {
		long[i] = DayCounts{Day(i), npsCounts(1, 1, 1)}
	}
	for _, c := range []struct {
		field string
		m     surveys.Metric
		days  []DayCounts
		o     ChangeOptions
	}{
		{"buckets", surveys.NPS, long, ChangeOptions{}},
		{"metric", "joy", nil, ChangeOptions{}},
		{"days", surveys.CSAT, []DayCounts{{today, npsCounts(1, 1, 1)}}, ChangeOptions{}},
		{"confidence", surveys.NPS, nil, ChangeOptions{Confidence: 95}},
		{"penalty", surveys.NPS, nil, ChangeOptions{Penalty: -1}},
		{"limits", surveys.NPS, nil, ChangeOptions{Limits: Limits{Change: math.NaN()}}},
	} {
		_, err := Changes(c.m, c.days, c.o)
		refusedFor(t, err, c.field)
	}
}

// TestDateRangesHold: of planted steps of 20 points, at least 95 % of those found
// have their date in the range, and the range is worth having.
func TestDateRangesHold(t *testing.T) {
	t.Parallel()
	chance := rand.New(rand.NewPCG(3, 4))
	const weeks, step, answers = 60, 35, 60
	found, held, width := 0, 0, 0.0
	for range 300 {
		var series []surveys.Counts
		for week := range weeks {
			good, bad := 0.5, 0.2
			if week >= step {
				good, bad = 0.4, 0.3
			}
			var c surveys.Counts
			for range answers {
				switch u := chance.Float64(); {
				case u < good:
					c[10]++
				case u < good+bad:
					c[3]++
				default:
					c[8]++
				}
			}
			series = append(series, c)
		}
		changes := golden.Must(Changes(surveys.NPS, datedWeeks(series), ChangeOptions{}))
		if len(changes) != 1 {
			continue
		}
		found++
		if c, planted := changes[0], today+7*step; c.Earliest <= planted && planted <= c.Latest {
			held++
		}
		width += float64(changes[0].Latest-changes[0].Earliest)/7 + 1
	}
	t.Logf("%d of 300 found, %d ranges hold their date, %.1f weeks wide on average", found, held, width/float64(found))
	if found < 250 || float64(held) < 0.95*float64(found) || width/float64(found) > 12 {
		t.Errorf("%d found, %d held, %.1f weeks", found, held, width/float64(found))
	}
}

// TestChangesMirror: of the mirrored answers every rise is a fall, on the same date.
func TestChangesMirror(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		weeks, mirrored := drawWeeks(t, 40), []surveys.Counts{}
		for i, c := range weeks {
			if i >= 20 {
				weeks[i][10] += 60
				c = weeks[i]
			}
			b := bandsOf(surveys.NPS.Scale(), c)
			mirrored = append(mirrored, npsCounts(b.good, b.mid, b.bad))
		}
		a := golden.Must(Changes(surveys.NPS, datedWeeks(weeks), ChangeOptions{}))
		b := golden.Must(Changes(surveys.NPS, datedWeeks(mirrored), ChangeOptions{}))
		if len(a) != len(b) {
			t.Fatalf("%d changes, mirrored %d", len(a), len(b))
		}
		for i := range a {
			if a[i].At != b[i].At || math.Abs(a[i].Difference+b[i].Difference) > 1e-9 || math.Abs(a[i].Low+b[i].High) > 1e-9 ||
				a[i].Earliest > a[i].At || a[i].Latest < a[i].At {
				t.Fatalf("%+v is not the mirror of %+v", a[i], b[i])
			}
		}
	})
}
