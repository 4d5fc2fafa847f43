package office

import (
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/loyalty"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
)

// TestChangeAgreesWithTheSharesBesideIt: of 93.55% and 91.95%, rounded, the
// difference is that of the rounded shares.
func TestChangeAgreesWithTheSharesBesideIt(t *testing.T) {
	t.Parallel()
	r := loyal{visit: speaking(t, "en"), by: loyalty.Quarterly}
	for _, c := range []struct {
		now, difference float64
		real            bool
		want            string
	}{
		{92.94, -0.88, true, "Down 0.9 points on Q2 2026 (93.8%): more than chance would explain."},
		{92.96, -1.68, false, "Down 1.6 points on Q2 2026 (94.6%): no more than chance would explain."},
		{92.96, 0.02, true, "Up 0.1 points on Q2 2026 (92.9%): more than chance would explain."},
		{92.94, 0.02, true, "The same share as in Q2 2026 (92.9%)."},
	} {
		r.report.Periods = map[loyalty.Period]flow.LoyaltyPeriod{loyalty.Quarterly: {Change: &flow.StepChange{Difference: analysis.Difference{Difference: c.difference}, Real: c.real}}}
		text := ""
		for _, part := range r.change(loyalty.Point{Start: analysis.DateDay(2026, time.July, 1), Ratio: loyalty.Ratio{Value: &c.now}}) {
			text += part.Text
		}
		if text != c.want {
			t.Errorf("%q\nwant %q", text, c.want)
		}
	}
}

// TestUnfinishedWeekInWords: a sentence begins with a large letter.
func TestUnfinishedWeekInWords(t *testing.T) {
	t.Parallel()
	r := loyal{visit: speaking(t, "en"), by: loyalty.Weekly, report: flow.LoyaltyReport{Basis: surveys.LoyaltyByContract}}
	share, start := 90.0, analysis.DateDay(2026, time.March, 9)
	r.report.Periods = map[loyalty.Period]flow.LoyaltyPeriod{loyalty.Weekly: {
		Steps: []loyalty.Step{{Start: start - 7, Customers: 50}, {Start: start, Customers: 50, Partial: true}},
		Rates: map[loyalty.Rate][]loyalty.Point{loyalty.RetentionRate: {
			{Start: start - 7, Ratio: loyalty.Ratio{Value: &share, Of: 50}}, {Start: start, Partial: true, Ratio: loyalty.Ratio{Value: &share, Of: 50}}}},
	}}
	text := ""
	for _, sentence := range r.says() {
		for _, part := range sentence {
			text += part.Text
		}
	}
	if want := "Week of 9 March 2026 is not over: so far 90.0% of 50 customers are still there."; text != want {
		t.Errorf("%q, want %q", text, want)
	}
}

// TestRiskReasons turns the logarithms of the model into days.
func TestRiskReasons(t *testing.T) {
	t.Parallel()
	r := loyal{visit: speaking(t, "en")}
	for _, c := range []struct {
		feature      string
		value, usual float64
		want         string
	}{
		{"silence", 3.713572066704308, 2, "silent for 40 days"}, {"silence", 0.6931471805599453, 2, ""},
		{"activity", 0, 1, "not active once in the last quarter"}, {"activity", 1.0986122886681098, 2, "active on only 2 days of the last quarter"},
		{"activity", 3, 2, ""}, {"tenure", 2, 5, "a customer for only 6 days"}, {"tenure", 6, 5, "a customer for 402 days already"},
		{"score", 3, 8, "last score 3"}, {"no_answer", 1, 0.2, "has given no score for a year"}, {"no_answer", 0, 0.2, ""}, {"shoe_size", 44, 42, ""},
	} {
		if got := r.reason(surveys.RiskReason{Feature: c.feature, Value: c.value, Usual: c.usual}); got != c.want {
			t.Errorf("%s %v: %q, want %q", c.feature, c.value, got, c.want)
		}
	}
	if got := r.reasons(nil); got != "no single thing stands out" {
		t.Errorf("no reasons: %q", got)
	}
}

// TestLoyaltyRefusals: every reason of the analysis has its words.
func TestLoyaltyRefusals(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"en", "zh-Hans"} {
		r := loyal{visit: speaking(t, lang)}
		for _, reason := range []string{"too_few_events", "constant_feature", "collinear", "separated", "not_validated", "too_weak", "slanted", "off_level", "no_better",
			"too_few_repeat", "no_convergence", "dependent", "no_mean", "too_few_people"} {
			got := r.refused(flow.Refused{Reason: "x", Have: 1, Need: 2})
			if got[0].Text != "loyalty.refused.x" {
				t.Fatalf("an unknown reason says %q", got[0].Text)
			}
			words := r.l.T("loyalty.refused." + reason)
			if strings.HasPrefix(words, "loyalty.") {
				t.Errorf("%s: %s has no words", lang, reason)
			}
		}
		for _, caveat := range []loyalty.Caveat{loyalty.Association, loyalty.SelfSelection, loyalty.Unanswered, loyalty.FewEvents, loyalty.Silence} {
			if words := r.caveats([]loyalty.Caveat{caveat}); strings.HasPrefix(words[0], "loyalty.") {
				t.Errorf("%s: %s has no words", lang, caveat)
			}
		}
		for _, kind := range surveys.LoyaltyKinds() {
			if strings.HasPrefix(r.l.T("loyalty.kind."+string(kind)), "loyalty.") || strings.HasPrefix(r.l.T("loyalty.kind_help."+string(kind)), "loyalty.") {
				t.Errorf("%s: %s has no words", lang, kind)
			}
		}
	}
}

func TestNetChurnInWords(t *testing.T) {
	t.Parallel()
	r := loyal{visit: speaking(t, "en"), report: flow.LoyaltyReport{Currency: "GBP"}}
	for _, c := range []struct {
		step loyalty.Step
		want string
	}{
		{loyalty.Step{Amount: 100000, Lost: 1000, Expanded: 2200}, "Net churn −1.2%: those who stayed took £22 more, while those who left had brought £10 of £1,000."},
		{loyalty.Step{Amount: 100000, Lost: 5000, Expanded: 1050}, "Net churn 4.0%: those who left had brought £50 of £1,000, and those who stayed bring £10.50 more."},
		{loyalty.Step{Amount: 100000, Lost: 5000}, "Net churn 5.0%: those who left had brought £50 of £1,000."},
		{loyalty.Step{Amount: 100000, Lost: 5000, Contracted: 1000}, "Net churn 6.0%: those who left had brought £50 of £1,000, and those who stayed bring £10 less."},
	} {
		text := ""
		for _, part := range r.netChurn(c.step) {
			text += part.Text
		}
		if text != c.want {
			t.Errorf("%q\nwant %q", text, c.want)
		}
	}
	if got := r.money(-45800); got != "−£458" {
		t.Errorf("an amount below zero is %q", got)
	}
	r.report.Currency = "SEK"
	if got := r.money(123456); got != "1,235 SEK" {
		t.Errorf("an amount of an unknown currency is %q", got)
	}
}
