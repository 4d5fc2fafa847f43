package words

import (
	"strings"
	"testing"

	"github.com/harkhq/hark/analysis"
)

// doubted is a period of 90 days with a difference that was not called real.
func doubted(d analysis.Difference, stretch float64, gates analysis.Gates, changes ...analysis.Change) analysis.Report {
	return ninety(analysis.Verdict{Kind: analysis.Normal, Difference: &d, Stretch: stretch, Gates: gates}, changes...)
}

// TestNormalAgreesWithItsTable: what is more than chance in the table is not called
// normal variation above it, and a real change within the period is told first.
func TestNormalAgreesWithItsTable(t *testing.T) {
	t.Parallel()
	up := analysis.Difference{Difference: 10, Low: 2, High: 18}
	usual := analysis.Gates{Size: analysis.Passed, Interval: analysis.Failed, Alarm: analysis.Passed}
	unheard := analysis.Gates{Size: analysis.Passed, Interval: analysis.Failed, Alarm: analysis.Unknown}
	inside := analysis.Change{At: 1050, Difference: 23}
	came := inside
	came.Where = &analysis.Source{Key: "plan", Value: "pro"}
	left := doubted(analysis.Difference{Difference: 10, Low: 6, High: 14}, 1, usual)
	left.Verdict.Mix = &analysis.MixCheck{Key: "plan", Difference: 6, Low: -0.4, High: 12}
	mixed := unheard
	mixed.Mix = analysis.Failed
	moved := doubted(up, 1.5, mixed)
	moved.Verdict.Mix = &analysis.MixCheck{Key: "plan", Difference: 2, Low: -5, High: 9, Mix: 8}
	for name, c := range map[string]struct {
		report analysis.Report
		en, zh string
		beside string
	}{
		"chance": {doubted(analysis.Difference{Difference: 10, Low: -2, High: 22}, 1.5, unheard), "Up 10 points on the 90 days before: within normal variation.", "属于正常波动", "between −2 and +22."},
		"usual":  {doubted(up, 1.4, usual), "more than chance, but no more than it usually moves.", "没有超出平时的起伏", "exclude zero 1.4 times as wide, and then it is −1 to +21."},
		"unheard": {doubted(up, 1.5, unheard), "more than chance, but not enough to call it real before it is known how much this survey usually moves.", "不足以算作真正的变化",
			"how much this survey usually moves is not known yet"},
		"a year":  {aYear(doubted(up, 1.6, unheard)), "because the weeks do not stand out from those of the year before.", "逐周来看", "the weeks do not stand out"},
		"mix":     {left, "but at the same mix of plan it would be +6 (0 to +12), not enough to call it real.", "的构成不变，差值为 +6（0 至 +12）", "between +6 and +14."},
		"by mix":  {moved, "Up 10 points on the 90 days before, but mostly because of who answered: another mix of plan accounts for 8 points of it.", "但主要是回答者的构成变了：", "exclude zero 1.5 times as wide"},
		"within":  {doubted(up, 1.4, usual, inside), "Up 10 points on the 90 days before. A real rise lies within this period: 23 points in the week of", "本时段内有一次真实的上升：", ""},
		"came of": {doubted(up, 1.4, usual, came), "when answers from pro (plan) went up.", "的评分走高", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := inWords(t, "en", c.report); !strings.Contains(got, c.en) || strings.Contains(got, "The last real change") {
				t.Errorf("%q lacks %q", got, c.en)
			}
			if got := inWords(t, "zh-Hans", c.report); !strings.Contains(got, c.zh) {
				t.Errorf("%q lacks %q", got, c.zh)
			}
			if got := (Report{L: speaking(t, "en"), Of: c.report}).Difference(0.95).String(); !strings.Contains(got, c.beside) {
				t.Errorf("beside the table %q lacks %q", got, c.beside)
			}
		})
	}
}

// TestBriefTellsWhatLiesWithin: the overview's line says it too, and once.
func TestBriefTellsWhatLiesWithin(t *testing.T) {
	t.Parallel()
	r := doubted(analysis.Difference{Difference: -1, Low: -9, High: 7}, 1, analysis.Gates{Size: analysis.Failed, Interval: analysis.Failed, Alarm: analysis.Failed},
		analysis.Change{At: 1050, Difference: -14})
	got := (Report{L: speaking(t, "en"), Of: r}).Brief().String()
	if strings.Count(got, "real fall") != 1 || strings.Contains(got, "normal variation") {
		t.Errorf("%q", got)
	}
}
