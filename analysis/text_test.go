package analysis

import "testing"

func TestEnglishText(t *testing.T) {
	t.Parallel()
	since := must(ParseDay("2026-07-06"))
	report := func(v Verdict, changes ...Change) Report {
		return Report{From: today - 90, To: today, N: 486, Verdict: v, Changes: changes}
	}
	by := func(points float64) *Difference { return &Difference{Difference: points} }
	where := &Source{Key: "plan", Value: "subscription", Before: 51.6, After: 11.2}
	cases := []struct {
		name   string
		report Report
		want   string
	}{
		{"normal", report(Verdict{Kind: Normal, Difference: by(3.2)}),
			"Up 3 on the 90 days before: within normal variation."},
		{"normal, after a change", report(Verdict{Kind: Normal, Difference: by(0.4)}, Change{At: since, Difference: -9, Where: where}),
			"Unchanged on the 90 days before: within normal variation. The last change was a fall of 9 in the week of 6 July 2026, which came from subscription (plan)."},
		{"normal, after a change of mix", report(Verdict{Kind: Normal, Difference: by(-1)}, Change{At: since, Difference: 7, ByMix: true, Mix: &MixCheck{Key: "country"}}),
			"Down 1 on the 90 days before: within normal variation. The last change was a rise of 7 in the week of 6 July 2026, explained by the mix of who answered (country)."},
		{"a fall", report(Verdict{Kind: Fall, Difference: by(-9.4), Since: &since, Where: where, Gates: Gates{Mix: Passed}}),
			"Down 9 on the 90 days before: a real change, since the week of 6 July 2026. It comes from subscription (plan): 52 before, 11 now. It is not explained by who answered."},
		{"a rise", report(Verdict{Kind: Rise, Difference: by(12)}),
			"Up 12 on the 90 days before: a real change."},
		{"mix", report(Verdict{Kind: Mixed, Difference: by(-11), Mix: &MixCheck{Key: "plan", Difference: -1.2}}),
			"Down 11 on the 90 days before, but only because of who answered: with the same mix of plan as then, down 1."},
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
			if got := englishText(c.report); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}
