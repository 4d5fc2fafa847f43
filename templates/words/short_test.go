package words

import (
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// TestVerdictInAFewWords: short enough for one line of a list, and at odds with the
// sentence behind it in nothing.
func TestVerdictInAFewWords(t *testing.T) {
	t.Parallel()
	day := analysis.DateDay(2026, 7, 6)
	by := func(points float64) *analysis.Difference { return &analysis.Difference{Difference: points} }
	passed := analysis.Gates{Interval: analysis.Passed}
	mixed := func(mix, rest float64) analysis.Report {
		return ninety(analysis.Verdict{Kind: analysis.Mixed, Difference: by(mix + rest), Mix: &analysis.MixCheck{Key: "plan", Mix: mix, Difference: rest, Low: rest - 1, High: rest + 1}})
	}
	recent := ninety(analysis.Verdict{Kind: analysis.Normal, Difference: by(3)}, analysis.Change{At: day, Difference: -9})
	recent.From = day - 10
	for _, c := range []struct {
		name             string
		report           analysis.Report
		english, chinese string
	}{
		{"nobody", analysis.Report{Metric: surveys.NPS, Verdict: analysis.Verdict{Kind: analysis.None}}, "no answers", "暂无回答"},
		{"few", analysis.Report{Metric: surveys.NPS, N: 4, Hidden: true, Verdict: analysis.Verdict{Kind: analysis.None}}, "too few to show", "回答太少，不显示"},
		{"nothing before", ninety(analysis.Verdict{Kind: analysis.None}), "nothing to compare with", "暂无可比时段"},
		{"too few", ninety(analysis.Verdict{Kind: analysis.TooFew, Difference: by(9)}), "too few to tell", "回答太少，无法判断"},
		{"too few to say a number", ninety(analysis.Verdict{Kind: analysis.TooFew}), "too few to tell", "回答太少，无法判断"},
		{"a rise", ninety(analysis.Verdict{Kind: analysis.Rise, Difference: by(9.2)}), "real rise of 9", "确实上升 9"},
		{"a fall", ninety(analysis.Verdict{Kind: analysis.Fall, Difference: by(-9.2)}), "real fall of 9", "确实下降 9"},
		{"normal", ninety(analysis.Verdict{Kind: analysis.Normal, Difference: by(3)}), "+3, normal variation", "+3，正常波动"},
		{"the same", ninety(analysis.Verdict{Kind: analysis.Normal, Difference: by(-0.4)}), "unchanged", "持平"},
		{"small", ninety(analysis.Verdict{Kind: analysis.Normal, Difference: by(-2), Gates: analysis.Gates{Interval: analysis.Passed, Size: analysis.Failed}}), "−2, too little to matter", "−2，幅度很小"},
		{"usual", ninety(analysis.Verdict{Kind: analysis.Normal, Difference: by(-7), Gates: passed}), "−7, as it usually moves", "−7，不超出平时"},
		{"not learned yet", ninety(analysis.Verdict{Kind: analysis.Normal, Difference: &analysis.Difference{Difference: 7, Low: 1, High: 13}, Gates: analysis.Gates{Size: analysis.Passed, Interval: analysis.Failed, Alarm: analysis.Unknown}}), "+7, not surely real", "+7，还不能确定"},
		{"over", ninety(analysis.Verdict{Kind: analysis.Normal, Difference: by(-19), Gates: passed, Over: &day}), "−19, but that is over", "−19，但已过去"},
		{"mix", mixed(-8, -.1), "−8, only who answered", "−8，只因回答者不同"},
		{"mostly mix", mixed(-5, -3), "−8, mostly who answered", "−8，主要因回答者不同"},
		{"half mix", mixed(-4.2, -3.8), "−8, half who answered", "−8，约一半因回答者不同"},
		{"mix beside a doubt", doubtedMix(), "+10, only who answered", "+10，只因回答者不同"},
		{"unread", ninety(analysis.Verdict{Kind: analysis.Unread, Difference: by(-9)}), "−9, not yet checked", "−9，尚未核对"},
		{"a change within the period", recent, "real fall of 9, 6 Jul", "确实下降 9（7月6日）"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for tag, want := range map[string]string{"en": c.english, "zh-Hans": c.chinese} {
				got := (Report{L: speaking(t, tag), Of: c.report}).Short()
				if got != want || utf8.RuneCountInString(got) > 30 {
					t.Errorf("%s: %q, want %q", tag, got, want)
				}
			}
		})
	}
}

// doubtedMix is a move by mix that nobody could call real anyway.
func doubtedMix() analysis.Report {
	r := doubted(analysis.Difference{Difference: 10, Low: 2, High: 18}, 1.5, analysis.Gates{Size: analysis.Passed, Interval: analysis.Failed, Alarm: analysis.Unknown, Mix: analysis.Failed})
	r.Verdict.Mix = &analysis.MixCheck{Key: "plan", Mix: 9.6, Difference: 0.4}
	return r
}

// The difference of the two periods leads to the answers of both.
func TestDifferenceLeadsToBothPeriods(t *testing.T) {
	t.Parallel()
	report := ninety(analysis.Verdict{Kind: analysis.Normal, Difference: &analysis.Difference{Difference: -8, Low: -10, High: -6}})
	for _, tag := range []string{"en", "zh-Hans"} {
		said := (Report{L: speaking(t, tag), Of: report, Span: func(s analysis.Span) string { return s.From.String() + "/" + s.To.String() }}).Difference(0.95)
		want := report.Against.Span(report.From, report.To).From.String() + "/" + report.To.String()
		at := slices.IndexFunc(said, func(p Part) bool { return p.Text == "−8" })
		if at < 0 || said[at].Address != want {
			t.Errorf("%s: it does not lead to %s: %v", tag, want, said)
		}
	}
}
