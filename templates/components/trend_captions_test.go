package components

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// changesAt marks changes at the given steps, with captions as long as real ones.
func changesAt(trend *Trend, steps ...int) {
	for i, step := range steps {
		change := TrendChange{At: trend.Points[step].Start, Direction: Fell, Text: fmt.Sprintf("fell by %d, week of 29 Jun", i+1)}
		if i%2 == 1 {
			change.Direction, change.Text = Rose, fmt.Sprintf("rose by %d, mostly by mix of country", i+1)
		}
		trend.Changes = append(trend.Changes, change)
	}
}

// collisions says which captions touch each other's text or line at a width.
func collisions(captions []caption, width float64) []string {
	var found []string
	for i, one := range captions {
		if !one.within(width) {
			found = append(found, fmt.Sprintf("%d leaves the picture", i))
		}
		for j, other := range captions {
			from, to := one.box(width)
			otherFrom, otherTo := other.box(width)
			if i < j && one.row == other.row && from < otherTo && otherFrom < to {
				found = append(found, fmt.Sprintf("%d is written over %d", i, j))
			}
			if line := other.x * width; i != j && other.passes(one.row) && line > from && line < to {
				found = append(found, fmt.Sprintf("the line of %d crosses %d", j, i))
			}
		}
	}
	return found
}

func TestCaptionsLeaveEachOtherAlone(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		places []float64
		rows   int
	}{
		{"none", nil, 0},
		{"one", []float64{0.3}, 1},
		{"far apart", []float64{0.1, 0.9}, 1},
		{"neighbours look away from each other", []float64{0.48, 0.53}, 1},
		{"neighbours at the left edge", []float64{0.05, 0.1}, 2},
		{"neighbours at the right edge", []float64{0.9, 0.95}, 2},
		{"three together", []float64{0.45, 0.5, 0.55}, 2},
		{"five over the year", []float64{0.1, 0.3, 0.5, 0.7, 0.9}, 3},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var captions []caption
			for _, x := range c.places {
				captions = append(captions, caption{x: x, width: 180})
			}
			if rows, ok := arrange(captions); !ok || rows != c.rows {
				t.Errorf("%d rows, %v, want %d", rows, ok, c.rows)
			}
			for _, width := range []float64{narrowest, 800, 1200} {
				if found := collisions(captions, width); len(found) > 0 {
					t.Errorf("at %v px: %s: %+v", width, strings.Join(found, ", "), captions)
				}
			}
		})
	}
}

// TestCaptionsOfAnyYear: up to five changes anywhere never touch, or are not
// written at all.
func TestCaptionsOfAnyYear(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var captions []caption
		x := 0.0
		for range rapid.IntRange(0, 5).Draw(t, "changes") {
			x += rapid.Float64Range(0.02, 0.3).Draw(t, "step")
			if x < 0.99 {
				captions = append(captions, caption{x: x, width: rapid.Float64Range(100, 250).Draw(t, "width")})
			}
		}
		if _, ok := arrange(captions); !ok {
			return // they are told in a list
		}
		if found := collisions(captions, narrowest); len(found) > 0 {
			t.Fatalf("%s: %+v", strings.Join(found, ", "), captions)
		}
	})
}

func TestChangesWithoutPlaceAreListed(t *testing.T) {
	t.Parallel()
	start := time.Now()
	for _, count := range []int{maxCaptions, 40} {
		captions := make([]caption, count)
		for i := range captions {
			captions[i] = caption{x: 0.4 + float64(i)/200, width: 250}
		}
		if _, ok := arrange(captions); ok {
			t.Errorf("%d long captions within a few weeks found a place: %+v", count, captions)
		}
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("the search took %v", took)
	}
	trend := weeks(t, 52)
	changesAt(&trend, 10, 11, 12, 13, 14, 15, 16)
	page := render(t, TrendChart(trend))
	if page.Find("figure.listed").Length() != 1 || page.Find(".change text").Length() != 0 || page.Find(".change line").Length() != 7 {
		t.Error("seven changes in a row are not told in a list only")
	}
}

func TestPictureMakesRoomForItsCaptions(t *testing.T) {
	t.Parallel()
	bare, one, crowded := weeks(t, 52), weeks(t, 52), weeks(t, 52)
	changesAt(&one, 20)
	changesAt(&crowded, 4, 6, 8)
	flat := bare.plot()
	if flat.drop != 0 || flat.height() != trendHeight {
		t.Errorf("a picture without captions is lowered by %v", flat.drop)
	}
	if p := one.plot(); p.drop != 0 {
		t.Errorf("a single caption lowers the picture by %v", p.drop)
	}
	p := crowded.plot()
	if p.drop <= 0 || p.foot() != trendFoot+p.drop || p.labels() != trendLabels+p.drop {
		t.Errorf("the captions lower the picture by %v to %v", p.drop, p.foot())
	}
	highest := p.y(p.axis.high)
	for _, mark := range p.Changes {
		if y := coordinate(t, mark.TextY); y >= highest {
			t.Errorf("the caption at %v lies within the picture that begins at %v", y, highest)
		}
		if line, text := coordinate(t, mark.Y), coordinate(t, mark.TextY); line > text || line < text-captionRow {
			t.Errorf("the line begins at %v, its caption stands at %v", line, text)
		}
	}
}

func TestTrendShadesWhatTheHeadlineIsAbout(t *testing.T) {
	t.Parallel()
	trend := weeks(t, 52)
	end := trend.Points[51].Start.AddDate(0, 0, 7)
	cases := []struct {
		name     string
		from, to time.Time
		shaded   bool
		anchor   string
	}{
		{"the last quarter", end.AddDate(0, 0, -90), end, true, "end"},
		{"an early month", trend.Points[8].Start, trend.Points[12].Start, true, "start"},
		{"all of it", trend.Points[0].Start, end, false, ""},
		{"more than all", trend.Points[0].Start.AddDate(0, 0, -7), end, false, ""},
		{"what is not drawn", end.AddDate(2, 0, 0), end.AddDate(3, 0, 0), false, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := trend
			v.Span = &TrendSpan{From: c.from, To: c.to, Text: "these days"}
			p := v.plot()
			if (p.Span != nil) != c.shaded {
				t.Fatalf("shaded %+v, want %v", p.Span, c.shaded)
			}
			if said := strings.HasSuffix(v.legend(), "shaded = these days"); said != c.shaded {
				t.Errorf("the legend is %q", v.legend())
			}
			if !c.shaded {
				return
			}
			from, width := coordinate(t, p.Span.X), coordinate(t, p.Span.Width)
			if from <= 0 || width <= 0 || from+width > 100.01 || p.Span.Anchor != c.anchor {
				t.Errorf("shaded %+v", p.Span)
			}
			for i, point := range v.Points {
				x := 100 * p.x(float64(i))
				in := !point.Start.AddDate(0, 0, 6).Before(c.from) && point.Start.Before(c.to)
				if in != (x > from && x < from+width) {
					t.Errorf("week %d at %v%% is shaded wrongly: %v to %v", i, x, from, from+width)
				}
			}
		})
	}
}

// TestSpanHasARowOfItsOwn: its caption is crossed by no line of a change.
func TestSpanHasARowOfItsOwn(t *testing.T) {
	t.Parallel()
	trend := weeks(t, 52)
	changesAt(&trend, 40, 45)
	trend.Span = &TrendSpan{From: trend.Points[39].Start, To: trend.Points[51].Start.AddDate(0, 0, 7), Text: "these 90 days"}
	p := trend.plot()
	for _, mark := range p.Changes {
		if coordinate(t, mark.Y) < coordinate(t, p.Span.TextY) {
			t.Errorf("the line of %q begins at %v, above the span's caption at %v", mark.Text, mark.Y, p.Span.TextY)
		}
	}
	if got := coordinate(t, p.Span.Height); got != p.foot() {
		t.Errorf("the ground ends at %v, the picture at %v", got, p.foot())
	}
	page := render(t, TrendChart(trend))
	expect(t, "ground", page.Find("rect").AttrOr("fill", "")+" "+page.Find("rect").AttrOr("fill-opacity", ""), "currentColor 0.055")
	expect(t, "caption", text(page.Find(".span text")), "these 90 days")
	expect(t, "halo", page.Find(".change text").First().AttrOr("paint-order", ""), "stroke")
}

func TestTextWidth(t *testing.T) {
	t.Parallel()
	if english, chinese := textWidth("fell by 9"), textWidth("下降 9 分，因 plan 构成变化"); english <= 50 || chinese <= english {
		t.Errorf("%v and %v px", english, chinese)
	}
}
