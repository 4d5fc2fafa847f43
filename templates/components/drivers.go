package components

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/harkhq/hark/templates/i18n"
)

// Drivers say what moves with a score: a row for each driver, and a map that
// sets its share of what is explained against how it is rated.
type Drivers struct {
	L       *i18n.Localizer
	ID      string // of the chart, once on a page
	Title   string
	Rows    []DriverRow
	Map     *DriverMap // nil: a single driver has nothing to be set against
	Says    string     // "Explains 41% of the score (R²), 486 answers. Association, not proof."
	Answers string     // address of the answers; empty: no link
	Link    string     // the text of the link
	Notes   []string   // what to mind: answers left out, ratings that wait
	N       int64      // the answers that count
	Save    *Save
}

// DriverRow is one driver. Shares are fractions, 0…1.
type DriverRow struct {
	Name         string
	Share        float64 // of what is explained
	Low, High    float64 // its interval
	Happy        *float64
	HappyLow     float64
	HappyHigh    float64
	Standing     DriverStanding
	Word         string // what to do: "fix first"
	Doubt        string // why it is not clear, or what else to mind; empty: nothing
	ShareText    string // "38%"
	IntervalText string // "31–46%"
	HappyText    string // "62% happy"
	HappyRange   string // "58–66%"
}

// DriverStanding is how a driver's word and box are drawn.
type DriverStanding string

// The standings.
const (
	DriverFix     DriverStanding = "fix"
	DriverKeep    DriverStanding = "keep"
	DriverWatch   DriverStanding = "watch"
	DriverFine    DriverStanding = "fine"
	DriverUnclear DriverStanding = "unclear"
)

// DriverMap is the picture of [Drivers]: happiness from left to right, share
// upwards, each driver a point in the box of its intervals.
type DriverMap struct {
	Summary string // what the picture shows, for those who do not see it
	Across  string // what the horizontal axis is
	Up      string // what the vertical one is
	// The corners' words, and where the two means are drawn.
	Fix, Keep, Watch, Fine string
	ImpactCut, HappyCut    float64
}

// The map's plot, in px down; across it is as wide as the page lets it be.
const (
	mapTop  = 14.0
	mapFoot = 264.0
	mapEnd  = 304.0 // with the axis's ticks and its name
)

// driverPlot is the map laid out.
type driverPlot struct {
	across, up   axis
	width        float64 // in px, of a picture that is saved; 0: as wide as the page
	Columns      []tick
	Grid         []gridLine
	CutX, CutY   string
	Places       []driverPlace
	Corners      []driverCorner
	Foot, Labels string
	Name, Height string
}

type driverPlace struct {
	Class               string
	X, Y                string
	BoxX, BoxY          string
	BoxWidth, BoxHeight string
	Text                string
	Dx, Anchor          string
	Point               string  // its row in the sheet
	down                float64 // of the name's middle, in px
}

type driverCorner struct{ Text, Class, X, Y, Anchor, Dx string }

// mind joins the notes into a paragraph; Chinese needs no space between them.
func (v Drivers) mind() string {
	if strings.HasPrefix(v.L.Lang(), "zh") {
		return strings.Join(v.Notes, "")
	}
	return strings.Join(v.Notes, " ")
}

// longest is the end of the scale on which the rows' bars are drawn.
func (v Drivers) longest() float64 {
	longest := 0.1
	for _, row := range v.Rows {
		longest = max(longest, row.High, row.Share)
	}
	return min(1, longest)
}

func (v Drivers) bar(x float64) string { return percent(min(1, x/v.longest())) }

func (v Drivers) method() Method {
	return Method{L: v.L, ID: "method-" + v.ID, Topic: DriversMethod}
}

// plot lays the map out.
func (v Drivers) plot() driverPlot { return v.plotAt(0) }

// plotAt lays the map out for a width in px; 0: in percent.
func (v Drivers) plotAt(width float64) driverPlot {
	across, up := v.axes()
	p := driverPlot{across: across, up: up, width: width, Foot: number(mapFoot), Labels: number(mapFoot + 17), Name: number(mapEnd - 4), Height: number(mapEnd)}
	for i, t := range across.ticks {
		p.Columns = append(p.Columns, tick{X: p.at(across.share(t)), Text: v.L.Percent(t, 0), Anchor: ends(across.share(t)), Class: minor(i)})
	}
	for _, t := range up.ticks {
		p.Grid = append(p.Grid, gridLine{Y: number(p.y(t / 100)), Text: v.L.Percent(t, 0), Class: "grid"})
	}
	p.CutX, p.CutY = p.at(across.share(100*v.Map.HappyCut)), number(p.y(v.Map.ImpactCut))
	p.Corners = []driverCorner{
		{Text: v.Map.Fix, Class: "corner fix", X: p.at(0), Dx: "6", Y: number(mapTop + 8), Anchor: "start"},
		{Text: v.Map.Keep, Class: "corner keep", X: p.at(1), Dx: "-6", Y: number(mapTop + 8), Anchor: "end"},
		{Text: v.Map.Watch, Class: "corner watch", X: p.at(0), Dx: "6", Y: number(mapFoot - 8), Anchor: "start"},
		{Text: v.Map.Fine, Class: "corner fine", X: p.at(1), Dx: "-6", Y: number(mapFoot - 8), Anchor: "end"},
	}
	for i, row := range v.Rows {
		if row.Happy != nil {
			place := p.place(row)
			place.Point = strconv.Itoa(i)
			p.Places = append(p.Places, place)
		}
	}
	p.spread()
	return p
}

// axes cover the boxes and both means, with room for the corners' words.
func (v Drivers) axes() (across, up axis) {
	low, high, top := v.Map.HappyCut, v.Map.HappyCut, v.Map.ImpactCut
	for _, row := range v.Rows {
		if row.Happy != nil {
			low, high, top = min(low, row.HappyLow), max(high, row.HappyHigh), max(top, row.High)
		}
	}
	return openAxis(100*low-3, 100*high+3, 0, 100), openAxis(0, 108*top, 0, 100)
}

// at is a place across as an SVG length.
func (p driverPlot) at(share float64) string {
	if p.width > 0 {
		return number(share * p.width)
	}
	return percent(share)
}

func (p driverPlot) y(share float64) float64 {
	return mapFoot - (mapFoot-mapTop)*p.up.share(100*share)
}

// place puts a driver's point, box and name. The name stands on the side that
// has room, above the box.
func (p driverPlot) place(row DriverRow) driverPlace {
	left, right := p.across.share(100*row.HappyLow), p.across.share(100*row.HappyHigh)
	x := p.across.share(100 * *row.Happy)
	top, foot := p.y(row.High), p.y(row.Low)
	d := driverPlace{
		Class: "place " + string(row.Standing), X: p.at(x), Y: number(p.y(row.Share)),
		BoxX: p.at(left), BoxY: number(top), BoxWidth: p.at(max(0, right-left)), BoxHeight: number(max(1, foot-top)),
		Text: row.Name, down: p.y(row.Share), Dx: "9", Anchor: "start",
	}
	if x > 0.55 {
		d.Dx, d.Anchor = "-9", "end"
	}
	return d
}

// nameHeight is how far apart two names are that might lie over each other.
const nameHeight = 15.0

// spread moves names down that would lie over one another, wherever they stand
// across: on a phone they may be as long as half of the map.
func (p driverPlot) spread() {
	slices.SortStableFunc(p.Places, func(a, b driverPlace) int { return cmp.Compare(a.down, b.down) })
	for i := range p.Places {
		for _, above := range p.Places[:i] {
			if d := &p.Places[i]; above.Anchor == d.Anchor {
				d.down = max(d.down, above.down+nameHeight)
			}
		}
	}
}

// textY is where the name stands.
func (d driverPlace) textY() string { return number(d.down) }

// ends anchors a tick's text so that it stays within the plot.
func ends(share float64) string {
	switch {
	case share < 0.03:
		return "start"
	case share > 0.97:
		return "end"
	}
	return "middle"
}
