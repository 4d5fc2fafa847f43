package components

import (
	"strings"
	"testing"
)

func TestSparklineBandsGround(t *testing.T) {
	t.Parallel()
	at := func(values ...float64) []*float64 {
		var list []*float64
		for _, x := range values {
			list = append(list, value(x))
		}
		return list
	}
	line := Sparkline{Values: at(40, 42, 44, 46), Low: at(38, 40, 42, 30), High: at(42, 44, 46, 99)}
	gap := line
	gap.Values = at(40, 42, 44, 46)
	gap.Values[1] = nil
	short := line
	short.Low = short.Low[:2]
	stretched := line
	stretched.Stretch = 60
	for _, c := range []struct {
		name  string
		line  Sparkline
		since int
		bands int
		x     string
	}{
		{"all known", line, 0, 1, ""}, {"a step without a value", gap, 2, 1, "60"}, {"two intervals", short, 1, 1, "22.67"},
		{"to a common scale", stretched, 3, 1, "97.33"}, {"beyond its end", line, 9, 1, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.line.Since = c.since
			p, ok := c.line.plot()
			if !ok || len(p.Bands) != c.bands || p.SinceX != c.x {
				t.Errorf("%v, %d bands %q, the ground from %q, want %q", ok, len(p.Bands), p.Bands, p.SinceX, c.x)
			}
		})
	}
	p, _ := line.plot()
	if got := p.marks[3]; got.High != "0" || got.Low != "28" {
		t.Errorf("an interval beyond the picture is drawn from %s to %s", got.High, got.Low)
	}
	if q, _ := stretched.plot(); strings.Contains(q.Path, " 20") || p.Path == q.Path {
		t.Errorf("a common scale leaves the line as it was: %s", q.Path)
	}
}
