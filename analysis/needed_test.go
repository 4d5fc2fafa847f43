package analysis

import (
	"math/rand/v2"
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

// spread puts n answers of a period on its weeks, by weeks of as many.
func spread(r *rand.Rand, from, to Day, n int64, good, bad float64) []DayCounts {
	var days []DayCounts
	weeks := int64(to-from) / 7
	for week := range weeks {
		var c surveys.Counts
		for range n*(week+1)/weeks - n*week/weeks {
			switch u := r.Float64(); {
			case u < good:
				c[10]++
			case u < good+bad:
				c[3]++
			default:
				c[8]++
			}
		}
		days = append(days, DayCounts{from + 7*Day(week), c})
	}
	return days
}

// TestNeededAnswersAreEnough: with as many answers as the verdict asks for, a true
// change of that size is called real in about four of five cases, in a young survey
// as in one whose weeks are known.
func TestNeededAnswersAreEnough(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		period, history Day
		fall            float64
	}{
		"young, 20 points": {91, 0, 20}, "young, 40 points": {91, 0, 40}, "young, 28 days": {28, 0, 20},
		"known, 20 points": {91, 273, 20}, "known, 28 days": {28, 210, 20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(4, uint64(c.period)))
			const surveysSeen = 300
			called := 0
			n := neededFor(r, c.period, c.history, c.fall)
			for range surveysSeen {
				days := spread(r, today-2*c.period, today-c.period, n, 0.5, 0.2)
				if c.history > 0 {
					days = append(days, spread(r, today-2*c.period-c.history, today-2*c.period, n*int64(c.history)/int64(c.period), 0.5, 0.2)...)
				}
				days = append(days, spread(r, today-c.period, today, n, 0.5-c.fall/200, 0.2+c.fall/200)...)
				if v := golden.Must(Build(Input{Metric: surveys.NPS, From: today - c.period, To: today, Days: days})).Verdict; v.Kind == Fall {
					called++
				}
			}
			if t.Logf("%s: %d answers: called in %d of %d", name, n, called, surveysSeen); called < surveysSeen*72/100 || called > surveysSeen*93/100 {
				t.Errorf("with %d answers a period, a fall of %v is called in %d of %d", n, c.fall, called, surveysSeen)
			}
		})
	}
}

// neededFor is what the verdict of a survey of few answers asks for to confirm a
// fall, as what remains of noise is taken out by asking a hundred.
func neededFor(r *rand.Rand, period, history Day, fall float64) int64 {
	var sum, asked int64
	for range 100 {
		days := append(spread(r, today-2*period-history, today-period, 12*int64(period+history)/int64(period), 0.5, 0.2), spread(r, today-period, today, 12, 0.5-fall/200, 0.2+fall/200)...)
		in, err := Input{Metric: surveys.NPS, From: today - period, To: today, Days: days}.normalised()
		if err != nil {
			panic(err)
		}
		b := newBuild(in)
		heard := b.alarm(-fall, nil)
		if n := b.confirming(fall, heard); n != nil {
			sum, asked = sum+n.N, asked+1
		}
	}
	return sum / asked
}

// TestNeededKnowsTheStretch: the same difference takes more answers where its
// interval is stretched, and where a chart that forgets must ring.
func TestNeededKnowsTheStretch(t *testing.T) {
	t.Parallel()
	b := newBuild(golden.Must(Input{Metric: surveys.NPS, From: today - 91, To: today, Days: []DayCounts{
		{today - 120, npsCounts(20, 30, 50)}, {today - 20, npsCounts(20, 30, 50)}}}.normalised()))
	ask := func(a alarm) int64 { return b.confirming(20, a).N }
	once, half, known := ask(unasked()), ask(alarm{gate: Unknown, unrest: 1, stretch: 1.5}), ask(alarm{gate: Failed, unrest: 1, stretch: 1})
	if ratio := float64(half) / float64(once); ratio < 1.8 || ratio > 2.4 {
		t.Errorf("stretched %d, not %d", half, once)
	}
	if known <= once {
		t.Errorf("where the chart must ring %d, elsewhere %d", known, once)
	}
	if restless := ask(alarm{gate: Unknown, unrest: 2, stretch: 3}); restless < 3*half {
		t.Errorf("in restless weeks %d, else %d", restless, half)
	}
	if b.confirming(0, unasked()) != nil {
		t.Error("no change at all takes answers")
	}
}
