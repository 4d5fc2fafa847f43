package components

import (
	"testing"

	"github.com/harkhq/hark/surveys"
)

func TestSegmentsShareOneAxis(t *testing.T) {
	t.Parallel()
	v := Segments{L: english(t), ID: "s", Metric: surveys.CSAT, Overall: 80, Rows: []SegmentRow{
		{Name: "wide", N: 9, Score: value(70), Low: value(40), High: value(104)},
		{Name: "narrow", N: 900, Score: value(85), Low: value(82), High: value(88)},
		{Name: "half", N: 4, Score: value(85)},
	}}
	wide, _ := v.whisker(v.Rows[0])
	narrow, _ := v.whisker(v.Rows[1])
	if wide.All != narrow.All {
		t.Errorf("everybody lies at %s and at %s", wide.All, narrow.All)
	}
	if coordinate(t, wide.From) >= coordinate(t, narrow.From) || coordinate(t, wide.To) > 100 {
		t.Errorf("the rows lie at %+v and %+v", wide, narrow)
	}
	if _, ok := v.whisker(v.Rows[2]); ok {
		t.Error("a row without an interval is drawn")
	}
	expect(t, "an interval ends with the scale", v.interval(v.Rows[0]), "40% to 100%")
	for _, tick := range v.ticks() {
		if x := coordinate(t, tick.X); x < 0 || x > 100 {
			t.Errorf("the tick %s lies at %s", tick.Text, tick.X)
		}
	}
}

// TestSegmentsEndWithThoseWithoutAValue: greyed, with numbers, but no link and no
// standing.
func TestSegmentsEndWithThoseWithoutAValue(t *testing.T) {
	t.Parallel()
	v := Segments{L: english(t), ID: "s", Metric: surveys.NPS, Overall: 34, Rows: []SegmentRow{
		{Name: "retail", Address: "/r", N: 1398, Score: value(47), Low: value(43), High: value(50), Standing: Above, Verdict: "higher than the rest"},
		{Name: "no plan", N: 590, Score: value(50), Low: value(44), High: value(56), Evidence: Faint, Verdict: "not compared"},
	}}
	row := render(t, SegmentTable(v)).Find(".area tbody tr").Last()
	expect(t, "class", row.AttrOr("class", ""), "few")
	expect(t, "verdict", text(row.Find(".says")), "not compared")
	if row.Find("a").Length() != 0 || row.Find(".above, .below").Length() != 0 || row.Find(".whisker").Length() != 1 {
		t.Error("the row is linked, judged, or not drawn")
	}
}

func TestHiddenSegmentsKeepTheirAnswersAndTheirReason(t *testing.T) {
	t.Parallel()
	reasons := []string{"hidden: too few answers", "hidden: it would give a smaller group away"}
	for _, l := range localizers(t) {
		v := Segments{L: l, ID: "s", Metric: surveys.NPS, Overall: 34}
		for _, reason := range reasons {
			v.Rows = append(v.Rows, SegmentRow{Name: "g", Address: "/g", N: 1234, Evidence: Hidden, Verdict: reason})
		}
		rows := render(t, SegmentTable(v)).Find(".area tbody tr")
		for i, reason := range reasons {
			row := rows.Eq(i)
			expect(t, "score", text(row.Find("td.num").First()), "–")
			expect(t, "answers", text(row.Find("td.num").Last()), "1,234")
			expect(t, "reason", text(row.Find(".says")), reason)
			if row.Find("svg").Length() != 0 {
				t.Error("a hidden group is drawn")
			}
		}
	}
}

func TestRowsAreGreyedByWhatIsKnownOfThem(t *testing.T) {
	t.Parallel()
	for evidence, want := range map[Evidence]string{Firm: "", Faint: "few", Hidden: "few"} {
		expect(t, "class of "+string(evidence), SegmentRow{Evidence: evidence}.rowClass(), want)
	}
}
