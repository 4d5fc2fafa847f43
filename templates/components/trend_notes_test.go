package components

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestNotesStandAtTheirStep(t *testing.T) {
	t.Parallel()
	trend := full(t)
	p := trend.plot()
	if len(p.Flags) != 2 {
		t.Fatalf("%d flags, want one for each step with notes", len(p.Flags))
	}
	expect(t, "two notes share a flag", p.Flags[0].Text, "1–2")
	expect(t, "one has its own", p.Flags[1].Text, "3")
	expect(t, "the flag stands under the dot of its step", p.Flags[0].X, p.Dots[2].X) // the second step has no dot
	plain := weeks(t, 8).plot()
	if p.height() <= plain.height() || p.labels() <= plain.labels() {
		t.Error("no room was made for the flags")
	}
	page := render(t, TrendChart(trend))
	items := page.Find("ol.timeline-notes li")
	expect(t, "how many", page.Find("ol.timeline-notes").AttrOr("aria-label", ""), "3 notes on the timeline")
	expect(t, "the first", text(items.First()), "1 24 December 2025 new prices")
	expect(t, "its address", items.First().Find("a").AttrOr("href", ""), "/notes/1")
	if items.Length() != 3 || items.Eq(1).Find("a").Length() != 0 {
		t.Errorf("%d notes, or a link that leads nowhere", items.Length())
	}
}

func TestFlagsGiveWay(t *testing.T) {
	t.Parallel()
	trend := weeks(t, 52)
	for i := range 5 {
		trend.Notes = append(trend.Notes, TrendNote{At: trend.Points[20+i].Start, N: i + 1, Text: "x"})
	}
	trend.Notes = append(trend.Notes,
		TrendNote{At: trend.Points[0].Start.AddDate(0, 0, -1), N: 6, Text: "before the picture"},
		TrendNote{At: trend.Points[51].Start.AddDate(2, 0, 0), N: 7, Text: "long after it"})
	flags := trend.plot().Flags
	if len(flags) != 5 {
		t.Fatalf("%d flags", len(flags))
	}
	if flags[0].Y == flags[1].Y || flags[1].Y == flags[2].Y || flags[0].Y == flags[2].Y {
		t.Errorf("neighbours lie in one row: %+v", flags[:3])
	}
	rows := map[string]bool{}
	for _, flag := range flags {
		rows[flag.Y] = true
	}
	if len(rows) > maxFlags {
		t.Errorf("%d rows", len(rows))
	}
}

func TestEarlierSeriesIsDrawnApart(t *testing.T) {
	t.Parallel()
	trend := full(t)
	trend.Earlier[4] = TrendPoint{Start: time.Date(2024, 12, 30, 0, 0, 0, 0, time.UTC), N: 2}
	p := trend.plot()
	if len(p.Earlier) != 2 {
		t.Errorf("%d lines, want 2 around what is not known", len(p.Earlier))
	}
	if p.axis.low > 30 {
		t.Errorf("the axis begins at %v, over the earlier series", p.axis.low)
	}
	page := render(t, TrendChart(trend))
	if page.Find("path.earlier").Length() != 2 {
		t.Error("it is not drawn")
	}
	if legend := text(page.Find(".legend")); legend != "dot = one week, sized by answers · line = smoothed · band = 95% interval · dashed = a year before" {
		t.Errorf("the legend is %q", legend)
	}
	row := page.Find("table[data-points] tbody tr").First()
	expect(t, "in the table", text(row.Find("td").Eq(4)), "30.0 Week of 2 December 2024, 50 answers")
	expect(t, "not known", text(page.Find("table[data-points] tbody tr").Eq(4).Find("td").Eq(4)), "– Week of 30 December 2024, 2 answers")
	trend.Earlier = trend.Earlier[:3]
	if rows := trend.Sheet().Rows; rows[5].Cells[5].Text != "–" {
		t.Errorf("beyond the earlier series stands %q", rows[5].Cells[5].Text)
	}
}

func TestEarlierSeriesEndsWithItsAnswers(t *testing.T) {
	t.Parallel()
	trend := full(t)
	for _, i := range []int{0, 1, 7} {
		trend.Earlier[i] = TrendPoint{Start: trend.Earlier[i].Start, Smooth: value(-90)}
	}
	if p := trend.plot(); p.axis.low < -80 || len(p.Earlier) != 1 {
		t.Errorf("a level is drawn where nobody answered: from %v, %d lines", p.axis.low, len(p.Earlier))
	}
	sheet := trend.Sheet()
	smooth := slices.Index(sheet.Keys(), "earlier_smooth")
	for _, i := range []int{0, 1, 7} {
		if got := sheet.Values()[i][smooth]; got != (*float64)(nil) && got != nil {
			t.Errorf("the file has a level in step %d, in which nobody answered", i)
		}
	}
	if got, ok := sheet.Values()[3][smooth].(*float64); !ok || got == nil {
		t.Error("the file has no level where somebody answered")
	}
	for i := range trend.Earlier {
		if i != 3 {
			trend.Earlier[i].N = 0
		}
	}
	page := render(t, TrendChart(trend))
	if page.Find("path.earlier").Length() != 0 || strings.Contains(page.Find(".legend").Text(), "dashed") {
		t.Error("a single step is drawn as a course, or the legend speaks of one")
	}
}
