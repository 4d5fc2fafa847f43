package words

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// ninety is a period of 90 days.
func ninety(v analysis.Verdict, changes ...analysis.Change) analysis.Report {
	r := analysis.Report{Metric: surveys.NPS, From: 1000, To: 1090, N: 318, Verdict: v, Changes: changes}
	for i := range changes {
		if r.Last == nil || !changes[i].ByMix {
			r.Last = &changes[i]
		}
	}
	return r
}

// aYear compares a report with the year before.
func aYear(r analysis.Report) analysis.Report {
	r.Against = analysis.YearBefore
	return r
}

// thin is a report of which one period has too few answers.
func thin(side analysis.Side, d *analysis.Difference, changes ...analysis.Change) analysis.Report {
	r := ninety(analysis.Verdict{Kind: analysis.TooFew, Thin: side, Difference: d, Needed: &analysis.Needed{Points: 10, N: 1040}}, changes...)
	r.Previous = &analysis.Previous{N: 67}
	return r
}

func TestVerdictInWords(t *testing.T) {
	t.Parallel()
	day := analysis.DateDay(2026, 7, 6)
	by := func(points float64) *analysis.Difference { return &analysis.Difference{Difference: points} }
	subscribers := &analysis.Source{Key: "plan", Value: "{pro} *", Before: 50, After: 20,
		Then: analysis.Stretch{N: 1120, Low: 44, High: 56}, Now: analysis.Stretch{N: 118, Low: 11, High: 28}}
	passed := analysis.Gates{Size: analysis.Passed, Interval: analysis.Passed, Mix: analysis.Passed}
	cases := []struct {
		name             string
		report           analysis.Report
		english, chinese string
	}{
		{"nothing", analysis.Report{Metric: surveys.NPS, From: 0, To: 30, Verdict: analysis.Verdict{Kind: analysis.None}},
			"Nobody answered in this period.", "这段时间没有人回答。"},
		{"nothing before", ninety(analysis.Verdict{Kind: analysis.None}),
			"There are no answers in the 90 days before to compare with.", "此前 90 天没有回答可供比较。"},
		{"normal rise", ninety(analysis.Verdict{Kind: analysis.Normal, Difference: by(3.2)}),
			"Up 3 points on the 90 days before: within normal variation.", "比此前 90 天上升 3 分：属于正常波动。"},
		{"normal fall of one", ninety(analysis.Verdict{Kind: analysis.Normal, Difference: by(-1.1)}),
			"Down 1 point on the 90 days before: within normal variation.", "比此前 90 天下降 1 分：属于正常波动。"},
		{"the same", ninety(analysis.Verdict{Kind: analysis.Normal, Difference: by(-0.4)}),
			"Unchanged on the 90 days before: within normal variation.", "与此前 90 天持平：属于正常波动。"},
		{"certain and small", ninety(analysis.Verdict{Kind: analysis.Normal, Difference: by(2), Gates: analysis.Gates{Size: analysis.Failed, Interval: analysis.Passed}}),
			"Up 2 points on the 90 days before: more than chance, but too little to matter.", "比此前 90 天上升 2 分：超出了随机波动，但幅度很小，不必在意。"},
		{"certain and usual", ninety(analysis.Verdict{Kind: analysis.Normal, Difference: by(-7), Gates: analysis.Gates{Size: analysis.Passed, Interval: analysis.Passed, Alarm: analysis.Failed}}),
			"Down 7 points on the 90 days before: more than chance, but no more than it usually moves.", "比此前 90 天下降 7 分：超出了随机波动，但没有超出平时的起伏。"},
		{"certain and over", ninety(analysis.Verdict{Kind: analysis.Normal, Difference: by(-19), Over: &day, Gates: analysis.Gates{Size: analysis.Passed, Interval: analysis.Passed, Alarm: analysis.Failed}}, analysis.Change{At: day, Difference: 34}),
			"Down 19 points on the 90 days before, but that is over: up 34 points in the week of 6 July 2026.", "比此前 90 天下降 19 分，但已成过去：2026年7月6日当周又回升了 34 分。"},
		{"a real fall", ninety(analysis.Verdict{Kind: analysis.Fall, Difference: by(-9), Since: &day, Where: subscribers, Gates: passed}),
			"Down 9 points on the 90 days before: a real fall. It began in the week of 6 July 2026. It comes from {pro} * (plan): 50 ± 6 before (1,120 answers), 20 ± 9 now (118). It is not explained by who answered.",
			"比此前 90 天下降 9 分：确实下降了。 变化始于 2026年7月6日当周。 主要来自 {pro} *（套餐）：此前 50 ± 6（1,120 份回答），现在 20 ± 9（118 份）。 这不是回答者构成的变化造成的。"},
		{"a real rise, its source known from the change", ninety(analysis.Verdict{Kind: analysis.Rise, Difference: by(9), Since: &day}, analysis.Change{At: day, Difference: 9, Where: subscribers}),
			"Up 9 points on the 90 days before: a real rise. It began in the week of 6 July 2026. It comes from {pro} * (plan): 50 ± 6 before (1,120 answers), 20 ± 9 now (118).",
			"比此前 90 天上升 9 分：确实上升了。 变化始于 2026年7月6日当周。 主要来自 {pro} *（套餐）：此前 50 ± 6（1,120 份回答），现在 20 ± 9（118 份）。"},
		{"mix", ninety(analysis.Verdict{Kind: analysis.Mixed, Difference: by(-6), Mix: &analysis.MixCheck{Key: "channel", Difference: 0.6, Low: -4, High: 5, Mix: -6.6}}),
			"Down 6 points on the 90 days before, but only because of who answered: at the same mix of channel the difference would be +1 (−4 to +5).",
			"比此前 90 天下降 6 分，但只是回答者的构成变了：如果渠道的构成不变，差值为 +1（−4 至 +5）。"},
		{"mostly mix", ninety(analysis.Verdict{Kind: analysis.Mixed, Difference: by(-8), Mix: &analysis.MixCheck{Key: "plan", Difference: -3, Low: -6, High: -0.4, Mix: -5}}),
			"Down 8 points on the 90 days before, but mostly because of who answered: another mix of plan accounts for 5 points of it. At the same mix it fell by 3 points (−6.0 to −0.4).",
			"比此前 90 天下降 8 分，但主要是回答者的构成变了：其中 5 分来自套餐构成的变化。 如果构成不变，下降 3 分（−6.0 至 −0.4）。"},
		{"half mix", ninety(analysis.Verdict{Kind: analysis.Mixed, Difference: by(-8), Mix: &analysis.MixCheck{Key: "plan", Difference: -3.6, Low: -6.1, High: -1, Mix: -4.4}}),
			"Down 8 points on the 90 days before, about half of it because of who answered: another mix of plan accounts for 4 points. At the same mix it fell by 4 points (−6 to −1).",
			"比此前 90 天下降 8 分，约一半是回答者的构成变了：其中 4 分来自套餐构成的变化。 如果构成不变，下降 4 分（−6 至 −1）。"},
		{"a change that was half mix", ninety(analysis.Verdict{Kind: analysis.Normal, Difference: by(1)}, analysis.Change{At: day, Difference: 8, ByMix: true, Mix: &analysis.MixCheck{Key: "plan", Difference: 3.6, Mix: 4.4}}),
			"Up 1 point on the 90 days before: within normal variation. About half of the last change, a rise of 8 points in the week of 6 July 2026, reflects who answered: another mix of plan.",
			"比此前 90 天上升 1 分：属于正常波动。 最近一次变化是 2026年7月6日当周上升 8 分，约一半反映了回答者中套餐构成的变化。"},
		{"mix, and a real change before", ninety(analysis.Verdict{Kind: analysis.Mixed, Difference: by(7), Mix: &analysis.MixCheck{Key: "channel", Difference: 2, Low: -1, High: 5, Mix: 5}},
			analysis.Change{At: day, Difference: -9}, analysis.Change{At: day + 28, Difference: 7, ByMix: true, Mix: &analysis.MixCheck{Key: "channel", Mix: 7}}),
			"Up 7 points on the 90 days before, but mostly because of who answered: another mix of channel accounts for 5 points of it. At the same mix it rose by 2 points (−1 to +5). The last real change was a fall of 9 points in the week of 6 July 2026.",
			"比此前 90 天上升 7 分，但主要是回答者的构成变了：其中 5 分来自渠道构成的变化。 如果构成不变，上升 2 分（−1 至 +5）。 最近一次真实变化是 2026年7月6日当周下降了 9 分。"},
		{"a real fall that is in part of mix", ninety(analysis.Verdict{Kind: analysis.Fall, Difference: by(-10), Gates: passed, Mix: &analysis.MixCheck{Key: "plan", Difference: -6, Mix: -4, P: .001}}),
			"Down 10 points on the 90 days before: a real fall. Another mix of plan accounts for 4 points of it; the rest is not explained by who answered.",
			"比此前 90 天下降 10 分：确实下降了。 其中 4 分来自回答者中套餐构成的变化，其余部分与构成无关。"},
		{"a fall that nobody asked about", ninety(analysis.Verdict{Kind: analysis.Unread, Difference: by(-9), Gates: analysis.Gates{Mix: analysis.Unasked}}),
			"Down 9 points on the 90 days before: more than chance, but not yet checked. Perhaps only other people answered than before. To tell, every answer has to be counted.",
			"比此前 90 天下降 9 分：超出了随机波动，但原因尚未核对。 也可能只是回答者的构成变了。要弄清这一点，需要逐条统计回答。"},
		{"changes that nobody asked about", ninety(analysis.Verdict{Kind: analysis.Normal, Difference: by(1), Gates: analysis.Gates{Mix: analysis.Unasked}}),
			"Up 1 point on the 90 days before: within normal variation. When it last really changed is not told under this filter. For that, every answer has to be counted.",
			"比此前 90 天上升 1 分：属于正常波动。 此筛选下不显示最近一次真实变化。要得出它，需要逐条统计回答。"},
		{"few before, and a real change since", thin(analysis.ThinBefore, by(-8), analysis.Change{At: day, Difference: -9, Where: subscribers}),
			"Down 8 points on the 90 days before, but too few answers to tell whether that is real. There were only 67 answers then. The last real change was a fall of 9 points in the week of 6 July 2026, when answers from {pro} * (plan) dropped.",
			"比此前 90 天下降 8 分，但回答太少，还无法判断是否真实。 此前只有 67 份回答。 最近一次真实变化是 2026年7月6日当周下降了 9 分，当时 {pro} *（套餐）的评分走低。"},
		{"few now", thin(analysis.ThinNow, nil),
			"Too few answers to compare with the 90 days before. This period has only 318 answers.", "回答太少，无法与此前 90 天比较。 本时段只有 318 份回答。"},
		{"a real fall that the picture dates", ninety(analysis.Verdict{Kind: analysis.Fall, Difference: by(-9), Since: &day, Gates: passed}, analysis.Change{At: day, Difference: -9}),
			"Down 9 points on the 90 days before: a real fall. It began in the week of 6 July 2026. It is not explained by who answered.",
			"比此前 90 天下降 9 分：确实下降了。 变化始于 2026年7月6日当周。 这不是回答者构成的变化造成的。"},
		{"too few", ninety(analysis.Verdict{Kind: analysis.TooFew, Difference: by(12), Needed: &analysis.Needed{Points: 12, N: 1340}}),
			"Up 12 points on the 90 days before, but too few answers to tell whether that is real. It takes about 1,340 answers in each period to confirm a change of 12 points.",
			"比此前 90 天上升 12 分，但回答太少，还无法判断是否真实。 要确认 12 分的变化，每个时段大约需要 1,340 份回答。"},
		{"too few to say a number", ninety(analysis.Verdict{Kind: analysis.TooFew}),
			"Too few answers to compare with the 90 days before.", "回答太少，无法与此前 90 天比较。"},
		{"a year before", aYear(ninety(analysis.Verdict{Kind: analysis.Normal, Difference: by(3.2)})),
			"Up 3 points on the same days a year before: within normal variation.", "比去年同期上升 3 分：属于正常波动。"},
		{"a real fall on the year before", aYear(ninety(analysis.Verdict{Kind: analysis.Fall, Difference: by(-9), Since: &day})),
			"Down 9 points on the same days a year before: a real fall. It began in the week of 6 July 2026.", "比去年同期下降 9 分：确实下降了。 变化始于 2026年7月6日当周。"},
		{"nothing a year before", aYear(ninety(analysis.Verdict{Kind: analysis.None})),
			"There are no answers in the same days a year before to compare with.", "去年同期没有回答可供比较。"},
		{"few a year before", aYear(ninety(analysis.Verdict{Kind: analysis.TooFew})),
			"Too few answers to compare with the same days a year before.", "回答太少，无法与去年同期比较。"},
		{"over a year before", aYear(ninety(analysis.Verdict{Kind: analysis.Normal, Difference: by(-19), Over: &day, Gates: analysis.Gates{Size: analysis.Passed, Interval: analysis.Passed, Alarm: analysis.Failed}}, analysis.Change{At: day, Difference: 34})),
			"Down 19 points on the same days a year before, but that is over: up 34 points in the week of 6 July 2026.", "比去年同期下降 19 分，但已成过去：2026年7月6日当周又回升了 34 分。"},
		{"a change that was only mix", ninety(analysis.Verdict{Kind: analysis.Normal, Difference: by(1)}, analysis.Change{At: day, Difference: -8, ByMix: true, Mix: &analysis.MixCheck{Key: "plan", Mix: -8}}),
			"Up 1 point on the 90 days before: within normal variation. The last change, a fall of 8 points in the week of 6 July 2026, only reflects who answered: another mix of plan.",
			"比此前 90 天上升 1 分：属于正常波动。 最近一次变化是 2026年7月6日当周下降 8 分，只反映了回答者中套餐构成的变化。"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for tag, want := range map[string]string{"en": c.english, "zh-Hans": c.chinese} {
				if got := inWords(t, tag, c.report); got != want {
					t.Errorf("%s:\n got %s\nwant %s", tag, got, want)
				}
			}
		})
	}
}

// inWords is the report's paragraph in a language.
func inWords(t *testing.T, tag string, report analysis.Report) string {
	t.Helper()
	var sentences []string
	for _, sentence := range (Report{L: speaking(t, tag), Of: report}).All() {
		sentences = append(sentences, sentence.String())
	}
	return strings.Join(sentences, " ")
}

// TestNumbersLeadToTheirAnswers: the words that stand for answers carry their
// address, in each language, and none where there is nobody to follow it.
func TestNumbersLeadToTheirAnswers(t *testing.T) {
	t.Parallel()
	day := analysis.Day(1050)
	where := &analysis.Source{Key: "plan", Value: "pro", Then: analysis.Stretch{Span: analysis.Span{From: 910, To: 1000}}, Now: analysis.Stretch{Span: analysis.Span{From: 1000, To: 1090}}}
	span := func(s analysis.Span) string { return fmt.Sprintf("/%d-%d", s.From, s.To) }
	link := func(s surveys.Segment, days analysis.Span) string {
		return fmt.Sprintf("/%s=%s@%d-%d", s.Key, s.Value, days.From, days.To)
	}
	fall := analysis.Verdict{Kind: analysis.Fall, Difference: &analysis.Difference{Difference: -9}, Since: &day, Where: where}
	earlier := *where // of a change that the period does not hold
	earlier.Then.Span, earlier.Now.Span = analysis.Span{From: 700, To: 800}, analysis.Span{From: 800, To: 950}
	few := thin(analysis.ThinBefore, nil, analysis.Change{At: 800, Difference: -9, Where: &earlier})
	fewNow := thin(analysis.ThinNow, nil)
	byMix := analysis.Verdict{Kind: analysis.Mixed, Difference: &analysis.Difference{Difference: -8}, Mix: &analysis.MixCheck{Key: "plan", Difference: -3, Low: -6, High: -0.6, Mix: -5}}
	over := ninety(analysis.Verdict{Kind: analysis.Normal, Difference: &analysis.Difference{Difference: -9}, Over: &day,
		Gates: analysis.Gates{Size: analysis.Passed, Interval: analysis.Passed, Alarm: analysis.Failed}}, analysis.Change{At: day, Difference: 9})
	for name, c := range map[string]struct {
		report analysis.Report
		want   []string
	}{
		"a fall":        {ninety(fall), []string{"/910-1090", "/910-1000", "/1050-1057", "/plan=pro@1000-1090", "/plan=pro@910-1000", "/plan=pro@1000-1090"}},
		"a year before": {aYear(ninety(fall)), []string{"/634-724", "/1050-1057", "/plan=pro@1000-1090", "/plan=pro@910-1000", "/plan=pro@1000-1090"}},
		"few before":    {few, []string{"/910-1000", "/910-1000", "/800-807", "/plan=pro@800-950"}},
		"few now":       {fewNow, []string{"/910-1000", "/1000-1090"}},
		"over":          {over, []string{"/910-1090", "/910-1000", "/1050-1057", "/1050-1057"}},
		"mix":           {ninety(byMix), []string{"/910-1090", "/910-1000", "/910-1090", "/910-1090"}},
		"none before":   {ninety(analysis.Verdict{Kind: analysis.None}), []string{"/910-1000"}},
	} {
		for _, tag := range []string{"en", "zh-Hans"} {
			var got, silent []string
			for _, part := range Join("en", (Report{L: speaking(t, tag), Of: c.report, Span: span, Link: link}).All()) {
				if part.Address != "" {
					got = append(got, part.Address)
				}
			}
			for _, part := range Join("en", (Report{L: speaking(t, tag), Of: c.report}).All()) {
				silent = append(silent, part.Address)
			}
			slices.Sort(got) // each language has its own order
			slices.Sort(c.want)
			if !slices.Equal(got, c.want) || strings.Join(silent, "") != "" {
				t.Errorf("%s, %s: leads to %v, want %v; without links to %v", name, tag, got, c.want, silent)
			}
		}
	}
}

func TestPercentagesMoveByPercentagePoints(t *testing.T) {
	t.Parallel()
	report := ninety(analysis.Verdict{Kind: analysis.Normal, Difference: &analysis.Difference{Difference: 2}})
	report.Metric = surveys.CSAT
	if got := inWords(t, "en", report); !strings.HasPrefix(got, "Up 2 percentage points on") {
		t.Error(got)
	}
	if got := inWords(t, "zh-Hans", report); !strings.Contains(got, "上升 2 个百分点") {
		t.Error(got)
	}
}
