package analysis

import (
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

func TestEnglishText(t *testing.T) {
	t.Parallel()
	since := golden.Must(ParseDay("2026-07-06"))
	report := func(v Verdict, changes ...Change) Report {
		return Report{Metric: surveys.NPS, From: today - 90, To: today, N: 486, Verdict: v, Changes: changes}
	}
	few := func(v Verdict, changes ...Change) Report {
		r := report(v, changes...)
		r.Previous = &Previous{N: 67}
		return r
	}
	by := func(points float64) *Difference { return &Difference{Difference: points} }
	where := &Source{Key: "plan", Value: "subscription", Before: 51.6, After: 11.2, Then: Stretch{N: 112, Low: 42.4, High: 60}, Now: Stretch{N: 118, Low: 3.4, High: 19.2}}
	cases := []struct {
		name   string
		report Report
		want   string
	}{
		{"normal", report(Verdict{Kind: Normal, Difference: by(3.2)}),
			"Up 3 on the 90 days before: within normal variation."},
		{"certain and small", report(Verdict{Kind: Normal, Difference: by(2), Gates: Gates{Size: Failed, Interval: Passed}}),
			"Up 2 on the 90 days before: more than chance, but too little to matter."},
		{"certain and usual", report(Verdict{Kind: Normal, Difference: by(-7), Gates: Gates{Size: Passed, Interval: Passed, Alarm: Failed}}),
			"Down 7 on the 90 days before: more than chance, but no more than it usually moves."},
		{"certain and over", report(Verdict{Kind: Normal, Difference: by(-19), Over: &since, Gates: Gates{Size: Passed, Interval: Passed, Alarm: Failed}}, Change{At: since, Difference: 34}),
			"Down 19 on the 90 days before, but that is over: up 34 in the week of 6 July 2026."},
		{"normal, after a change", report(Verdict{Kind: Normal, Difference: by(0.4)}, Change{At: since, Difference: -9, Where: where}),
			"Unchanged on the 90 days before: within normal variation. The last real change was a fall of 9 in the week of 6 July 2026, which came from subscription (plan)."},
		{"normal, after a change of mix", report(Verdict{Kind: Normal, Difference: by(-1)}, Change{At: since, Difference: 7, ByMix: true, Mix: &MixCheck{Key: "country", Difference: 2, Mix: 5}}),
			"Down 1 on the 90 days before: within normal variation. The last change, a rise of 7 in the week of 6 July 2026, mostly reflects who answered (country)."},
		{"normal, after a real change and a newer one of mix", report(Verdict{Kind: Normal, Difference: by(-1)},
			Change{At: since - 70, Difference: -6}, Change{At: since, Difference: 7, ByMix: true, Mix: &MixCheck{Key: "country", Mix: 7}}),
			"Down 1 on the 90 days before: within normal variation. The last real change was a fall of 6 in the week of 27 April 2026."},
		{"a fall", report(Verdict{Kind: Fall, Difference: by(-9.4), Since: &since, Where: where, Gates: Gates{Mix: Passed}}, Change{At: since, Difference: -9}),
			"Down 9 on the 90 days before: a real change, since the week of 6 July 2026. It comes from subscription (plan): 52 ± 10 before (112 answers), 11 ± 8 now (118). It is not explained by who answered."},
		{"a rise", report(Verdict{Kind: Rise, Difference: by(12)}),
			"Up 12 on the 90 days before: a real change."},
		{"mix", report(Verdict{Kind: Mixed, Difference: by(-11), Mix: &MixCheck{Key: "plan", Difference: -1, Low: -6, High: 4, Mix: -10}}),
			"Down 11 on the 90 days before, but only because of who answered: with the same mix of plan as then, down 1 (-6 to +4)."},
		{"mostly mix", report(Verdict{Kind: Mixed, Difference: by(-8), Mix: &MixCheck{Key: "plan", Difference: -3, Low: -6.2, High: 0.3, Mix: -5}}),
			"Down 8 on the 90 days before, but mostly because of who answered: 5 of the 8 points come from another mix of plan, and with the same mix as then it is down 3 (-6 to 0)."},
		{"half mix", report(Verdict{Kind: Mixed, Difference: by(8), Mix: &MixCheck{Key: "plan", Difference: 3.6, Low: 1, High: 6.4, Mix: 4.4}}),
			"Up 8 on the 90 days before, about half of it because of who answered: 4 of the 8 points come from another mix of plan, and with the same mix as then it is up 4 (+1 to +6)."},
		{"normal, after a change half of mix", report(Verdict{Kind: Normal, Difference: by(-1)}, Change{At: since, Difference: 7, ByMix: true, Mix: &MixCheck{Key: "country", Difference: 3, Mix: 4}}),
			"Down 1 on the 90 days before: within normal variation. About half of the last change, a rise of 7 in the week of 6 July 2026, reflects who answered (country)."},
		{"mix, after a real change", report(Verdict{Kind: Mixed, Difference: by(-11), Mix: &MixCheck{Key: "plan", Mix: -11}},
			Change{At: since - 70, Difference: -6}, Change{At: since, Difference: -11, ByMix: true, Mix: &MixCheck{Key: "plan", Mix: -11}}),
			"Down 11 on the 90 days before, but only because of who answered: with the same mix of plan as then, unchanged (0 to 0). The last real change was a fall of 6 in the week of 27 April 2026."},
		{"too few before, with a change since", few(Verdict{Kind: TooFew, Thin: ThinBefore, Difference: by(-8), Needed: &Needed{Points: 10, N: 1040}}, Change{At: since, Difference: -9}),
			"Down 8 on the 90 days before: too few answers to tell, only 67 before. The last real change was a fall of 9 in the week of 6 July 2026."},
		{"too few now", report(Verdict{Kind: TooFew, Thin: ThinNow, Needed: &Needed{Points: 10, N: 1040}}),
			"Too few answers to compare with the 90 days before, only 486 now. To confirm a change of 10 points it takes about 1040 answers in each period."},
		{"too few", report(Verdict{Kind: TooFew, Difference: by(-8), Needed: &Needed{Points: 10, N: 1040}}),
			"Down 8 on the 90 days before: too few answers to tell. To confirm a change of 10 points it takes about 1040 answers in each period."},
		{"one answer", Report{From: 0, To: 1, N: 1, Hidden: true, Verdict: Verdict{Kind: None}},
			"Only 1 answer: too few to show a score."},
		{"nobody", Report{From: 0, To: 1, Verdict: Verdict{Kind: None}},
			"No answers in this period."},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.report.Last = lastChange(c.report.Changes)
			if got := englishText(c.report); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}
