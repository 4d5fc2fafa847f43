package mailer

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"slices"

	"golang.org/x/image/vector"

	"github.com/harkhq/hark/analysis"
)

// The size of a picture in a mail, in px. It is drawn at twice that, for sharp
// screens.
const (
	drawingWidth  = 506
	drawingHeight = 118
	drawingScale  = 2
	drawingInset  = 6
)

// The colours of the light pages; see css/tokens.css.
var (
	drawnPaper = color.RGBA{0xff, 0xff, 0xff, 0xff}
	drawnRule  = color.RGBA{0xe4, 0xe5, 0xe1, 0xff}
	drawnBand  = color.RGBA{0xe0, 0xe3, 0xf5, 0xff}
	drawnDot   = color.RGBA{0xa9, 0xad, 0xb4, 0xff}
	drawnLine  = color.RGBA{0x39, 0x49, 0xab, 0xff}
	drawnFall  = color.RGBA{0xc8, 0x45, 0x2d, 0xff}
	drawnRise  = color.RGBA{0x0b, 0x7a, 0x75, 0xff}
	drawnByMix = color.RGBA{0x8b, 0x91, 0x9a, 0xff}
)

// drawing is a trend laid out as a picture without words: dots for the steps,
// sized by answers, the level with its band, and the dates of changes.
type drawing struct {
	report    analysis.Report
	points    []analysis.TrendPoint // from the first that anybody answered
	low, high float64               // the axis
	first     analysis.Day
	most      int64 // answers in a step

	level                 *analysis.TrendPoint // where the line ends
	last, lowest, highest *analysis.TrendPoint // the steps whose own score is drawn; nil: none is
}

// newDrawing lays a report's trend out; false when its line has fewer than two
// points. No line is drawn through a time of which nobody said anything.
func newDrawing(r analysis.Report) (drawing, bool) {
	first := slices.IndexFunc(r.Trend, answered)
	if first < 0 {
		return drawing{}, false
	}
	d := drawing{report: r, points: r.Trend[first:]}
	known, low, high := 0, math.Inf(1), math.Inf(-1)
	see := func(score float64) { low, high = min(low, score), max(high, score) }
	for i := range d.points {
		p := &d.points[i]
		d.most = max(d.most, p.N)
		if p.Smooth != nil {
			known++
			d.level = p
			see(*p.Smooth)
		}
		if p.Score != nil {
			d.tell(p)
			see(*p.Score)
		}
	}
	if known < 2 {
		return d, false
	}
	d.first = max(d.points[0].Start, r.To-366)
	d.low, d.high = axisOf(r, low, high)
	return d, true
}

// answered reports whether anybody answered in a step.
func answered(p analysis.TrendPoint) bool { return p.N > 0 }

// tell keeps the newest step that has a score, and the ends of them all.
func (d *drawing) tell(p *analysis.TrendPoint) {
	d.last = p
	if d.lowest == nil || *p.Score < *d.lowest.Score {
		d.lowest = p
	}
	if d.highest == nil || *p.Score > *d.highest.Score {
		d.highest = p
	}
}

// axisOf covers the values in whole tens, at least twenty points, within what
// the metric allows.
func axisOf(r analysis.Report, low, high float64) (float64, float64) {
	floor := 0.0
	if r.Metric.Scale().Net {
		floor = -100
	}
	low, high = max(floor, math.Floor(low/10)*10), min(100, math.Ceil(high/10)*10)
	for high-low < 20 {
		low, high = max(floor, low-10), min(100, high+10)
	}
	return low, high
}

// x is where a point of the trend stands, in px of the drawing.
func (d drawing) x(i float64) float32 {
	width := float64(drawingWidth*drawingScale - 2*drawingInset*drawingScale)
	return float32(drawingInset*drawingScale + width*i/float64(len(d.points)-1))
}

// y is where a score stands. What lies beyond the axis stands at its end.
func (d drawing) y(score float64) float32 {
	height := float64(drawingHeight*drawingScale - 2*drawingInset*drawingScale)
	share := max(0, min(1, (score-d.low)/(d.high-d.low)))
	return float32(drawingInset*drawingScale + height*(1-share))
}

// png draws the picture.
func (d drawing) png() []byte {
	c := newCanvas(drawingWidth*drawingScale, drawingHeight*drawingScale)
	right := float32(drawingWidth * drawingScale)
	for _, score := range []float64{d.low, (d.low + d.high) / 2, d.high} {
		c.stroke(drawnRule, 2, spot{0, d.y(score)}, spot{right, d.y(score)})
	}
	d.band(c)
	for _, change := range d.report.Changes {
		d.change(c, change)
	}
	for i, p := range d.points {
		if p.Score != nil {
			radius := 3 + 5*math.Sqrt(float64(p.N)/float64(max(1, d.most)))
			c.disc(drawnDot, spot{d.x(float64(i)), d.y(*p.Score)}, float32(radius))
		}
	}
	d.line(c)
	return c.png()
}

// band draws the level's interval, each unbroken stretch by itself.
func (d drawing) band(c *canvas) {
	var above, below []spot
	flush := func() {
		for i := len(below) - 1; i >= 0; i-- {
			above = append(above, below[i])
		}
		if len(above) > 2 {
			c.fill(drawnBand, above...)
		}
		above, below = nil, nil
	}
	for i, p := range d.points {
		if p.SmoothLow == nil || p.SmoothHigh == nil {
			flush()
			continue
		}
		above = append(above, spot{d.x(float64(i)), d.y(*p.SmoothHigh)})
		below = append(below, spot{d.x(float64(i)), d.y(*p.SmoothLow)})
	}
	flush()
}

// line draws the level, and a dot where it ends.
func (d drawing) line(c *canvas) {
	var before *spot
	for i, p := range d.points {
		if p.Smooth == nil {
			before = nil
			continue
		}
		at := spot{d.x(float64(i)), d.y(*p.Smooth)}
		if before != nil {
			c.stroke(drawnLine, 5, *before, at)
		}
		c.disc(drawnLine, at, 2.5)
		before = &at
	}
	if before != nil {
		c.disc(drawnPaper, *before, 10)
		c.disc(drawnLine, *before, 7)
	}
}

// change draws a dashed line where the score changed.
func (d drawing) change(c *canvas, change analysis.Change) {
	if len(d.points) < 2 || change.At < d.points[0].Start {
		return
	}
	ink := drawnRise
	switch {
	case change.ByMix:
		ink = drawnByMix
	case change.Difference < 0:
		ink = drawnFall
	}
	step := float64(d.points[1].Start - d.points[0].Start)
	x := d.x(min(float64(change.At-d.points[0].Start)/step, float64(len(d.points)-1)))
	for y := float32(drawingInset * drawingScale); y < drawingHeight*drawingScale-drawingInset*drawingScale; y += 12 {
		c.stroke(ink, 3, spot{x, y}, spot{x, y + 7})
	}
}

// canvas is a picture with smooth edges.
type canvas struct{ image *image.RGBA }

// spot is a place on a canvas.
type spot struct{ x, y float32 }

func newCanvas(width, height int) *canvas {
	c := &canvas{image.NewRGBA(image.Rect(0, 0, width, height))}
	for i := range c.image.Pix {
		c.image.Pix[i] = 0xff
	}
	return c
}

// fill paints a polygon.
func (c *canvas) fill(ink color.RGBA, corners ...spot) {
	low, high := corners[0], corners[0]
	for _, at := range corners {
		low, high = spot{min(low.x, at.x), min(low.y, at.y)}, spot{max(high.x, at.x), max(high.y, at.y)}
	}
	// Only what the polygon covers: most are dots.
	box := image.Rect(int(low.x)-1, int(low.y)-1, int(high.x)+2, int(high.y)+2).Intersect(c.image.Bounds())
	if box.Empty() {
		return
	}
	r, left, top := vector.NewRasterizer(box.Dx(), box.Dy()), float32(box.Min.X), float32(box.Min.Y)
	r.MoveTo(corners[0].x-left, corners[0].y-top)
	for _, at := range corners[1:] {
		r.LineTo(at.x-left, at.y-top)
	}
	r.ClosePath()
	r.Draw(c.image, box, image.NewUniform(ink), image.Point{})
}

// stroke paints a straight line.
func (c *canvas) stroke(ink color.RGBA, width float32, from, to spot) {
	dx, dy := float64(to.x-from.x), float64(to.y-from.y)
	length := math.Hypot(dx, dy)
	if length == 0 {
		return
	}
	ax, ay := float32(-dy/length)*width/2, float32(dx/length)*width/2
	c.fill(ink, spot{from.x + ax, from.y + ay}, spot{to.x + ax, to.y + ay}, spot{to.x - ax, to.y - ay}, spot{from.x - ax, from.y - ay})
}

// disc paints a filled circle.
func (c *canvas) disc(ink color.RGBA, at spot, radius float32) {
	const sides = 24
	corners := make([]spot, sides)
	for i := range corners {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / sides)
		corners[i] = spot{at.x + radius*float32(cos), at.y + radius*float32(sin)}
	}
	c.fill(ink, corners...)
}

// png writes the picture with a palette, which makes it a third as large.
func (c *canvas) png() []byte {
	palette, known := shades(), map[color.RGBA]uint8{}
	reduced := image.NewPaletted(c.image.Bounds(), palette)
	for i := range reduced.Pix {
		at := c.image.Pix[4*i : 4*i+4 : 4*i+4]
		ink := color.RGBA{at[0], at[1], at[2], at[3]}
		place, ok := known[ink]
		if !ok {
			place = uint8(palette.Index(ink))
			known[ink] = place
		}
		reduced.Pix[i] = place
	}
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	_ = encoder.Encode(&out, reduced) // a buffer takes everything
	return out.Bytes()
}

// shades are the colours of a drawing, and what its smooth edges make of them on
// paper and on the band.
func shades() color.Palette {
	const steps = 8
	palette := color.Palette{drawnPaper, drawnBand}
	for _, ink := range []color.RGBA{drawnRule, drawnBand, drawnDot, drawnLine, drawnFall, drawnRise, drawnByMix} {
		for _, ground := range []color.RGBA{drawnPaper, drawnBand} {
			for step := 1; step <= steps; step++ {
				palette = append(palette, mixed(ground, ink, step, steps))
			}
		}
	}
	return palette
}

// mixed is a colour on its way from one to another.
func mixed(from, to color.RGBA, step, steps int) color.RGBA {
	part := func(a, b uint8) uint8 { return uint8((int(a)*(steps-step) + int(b)*step) / steps) }
	return color.RGBA{part(from.R, to.R), part(from.G, to.G), part(from.B, to.B), 0xff}
}
