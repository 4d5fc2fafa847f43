package components

import (
	"strings"
	"testing"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

func TestEveryMethodIsExplained(t *testing.T) {
	t.Parallel()
	topics := []Topic{MarginMethod, TrendMethod, VerdictMethod, SharesMethod, SegmentsMethod, ThemesMethod, DriversMethod, RateMethod, BenchmarkMethod,
		VerdictYearMethod, VerdictUnheardMethod, VerdictYearUnheardMethod, OverviewMethod, CompareMethod, LoyaltyMethod, StaysMethod, CohortsMethod, RiskMethod, ValueMethod, MembersMethod, CostMethod}
	for _, l := range localizers(t) {
		for _, topic := range topics {
			m := Method{L: l, ID: "m", Topic: topic, Words: []any{"confidence", "95%"}}
			if topic == MarginMethod {
				m = *MarginNote(l, surveys.NPS, analysis.Figure{Score: 42, Low: 36, High: 48, Margin: 6}, analysis.Interval{Confidence: 0.95, Method: analysis.AdjustedWald})
			}
			page := render(t, MethodNote(m))
			note := page.Find("[popover]")
			if says := note.Text(); strings.Contains(says, "{") || strings.Contains(says, "method.") || len([]rune(says)) < 40 {
				t.Errorf("%s, %s: %q", l.Lang(), topic, says)
			}
			button := page.Find("button[type=button]")
			expect(t, "what it opens", button.AttrOr("popovertarget", ""), note.AttrOr("id", "none"))
			if button.AttrOr("aria-label", "") == "" {
				t.Error("the button has no name")
			}
		}
	}
}

func TestMethodsHaveTheNamesOfAnalysis(t *testing.T) {
	t.Parallel()
	for _, l := range localizers(t) {
		for _, metric := range surveys.Metrics() {
			for _, method := range analysis.Methods(metric) {
				if name := MethodName(l, method); strings.HasPrefix(name, "method.") {
					t.Errorf("%s has no name in %s", method, l.Lang())
				}
			}
		}
	}
}

func TestHeadlineExplainsItsMargin(t *testing.T) {
	t.Parallel()
	h := Headline{L: english(t), Metric: surveys.CSAT, Score: 81, Margin: 3, N: 400}
	figure, interval := analysis.Figure{Score: 81, Low: 78, High: 84, Margin: 3}, analysis.Interval{Low: 78.2, High: 84.1, Confidence: 0.95, Method: analysis.Wilson}
	h.Why = MarginNote(h.L, h.Metric, figure, interval)
	page := render(t, ScoreHeadline(h))
	expect(t, "the sentence", strings.ReplaceAll(text(page.Find("h1")), "\u00a0", " "), "CSAT 81% ± 3 from 400 answers.")
	if page.Find("h1 button.why-value").Length() != 1 || page.Find("h1 [popover]").Length() != 0 {
		t.Error("the margin is no button, or its note stands in the heading")
	}
	note := text(page.Find(".method"))
	for _, want := range []string{"between 78% and 84%", "95% certainty", "Method: Wilson, 95%"} {
		if !strings.Contains(note, want) {
			t.Errorf("the note %q does not say %q", note, want)
		}
	}
	expect(t, "in one line", strings.ReplaceAll(h.Text(), "\u00a0", " "), "CSAT 81% ± 3 from 400 answers.")
	h.Why = nil
	if page := render(t, ScoreHeadline(h)); page.Find("button").Length() != 0 || page.Find("span.margin").Length() != 1 {
		t.Error("without a method the margin is not plain")
	}
}

func TestSaveMenu(t *testing.T) {
	t.Parallel()
	trend := weeks(t, 3)
	if page := render(t, TrendChart(trend)); page.Find(".save").Length() != 0 {
		t.Error("there is a menu where nobody may save")
	}
	trend.Save = &Save{L: trend.L, Chart: "By week", SVG: "/c/trend.svg?by=plan", CSV: "/c/trend.csv?by=plan", File: "nps-trend"}
	menu := render(t, TrendChart(trend)).Find("details.save")
	expect(t, "name", menu.Find("summary").AttrOr("aria-label", ""), "Save the chart: By week")
	expect(t, "picture", menu.Find("a").First().AttrOr("href", ""), "/c/trend.svg?by=plan")
	expect(t, "numbers", menu.Find("a").Last().AttrOr("href", ""), "/c/trend.csv?by=plan")
	png := menu.Find("button[data-png]")
	expect(t, "file", png.AttrOr("data-file", ""), "nps-trend.png")
	if _, hidden := png.Attr("hidden"); !hidden {
		t.Error("the PNG is offered without the script that makes it")
	}
	trend.Save.SVG = ""
	if menu := render(t, TrendChart(trend)).Find("details.save"); menu.Find("a").Length() != 1 || menu.Find("button").Length() != 0 {
		t.Error("a picture is offered that there is not")
	}
}
