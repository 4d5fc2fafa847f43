package components

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/harkhq/hark/templates/i18n"
)

// Picture is what stands around a chart that is saved as a file by itself: an
// SVG that needs no page, no style sheet and no script.
type Picture struct {
	L     *i18n.Localizer
	Title string   // "Relationship NPS · by week"
	Lead  string   // "NPS 42 ± 6 from 318 answers."
	Under []string // the period, the filters
	Foot  []string // what the signs are, how it was computed, when it was saved
}

// The measures of a picture, in px.
const (
	pictureWidth = 1200.0
	pictureEdge  = 36.0
	pictureAxis  = 44.0 // for the words left of a plot
	pictureTitle = 30.0 // line height of the title
	pictureLine  = 22.0 // of the lines under it
	pictureFoot  = 19.0 // of those at the foot
	pictureGap   = 24.0 // above and below the chart
)

// inner is the width within the edges.
const inner = pictureWidth - 2*pictureEdge

// pictureStyle is the light look of chart.css, for files that know no variables.
const pictureStyle = `<style>
svg{font-family:system-ui,"Segoe UI",Roboto,"Helvetica Neue","PingFang SC","Microsoft YaHei","Noto Sans","Noto Sans CJK SC",Arial,sans-serif}
text{font-size:12px;fill:#676d75}
.title{font-size:22px;font-weight:bold;fill:#1c1e21}.lead{font-size:16px;fill:#1c1e21}.under{font-size:14px;fill:#565b63}.foot{font-size:12.5px;fill:#676d75}
.grid{stroke:#e4e5e1}.zero{stroke:#8a8f98}
.band{fill:#3949ab;fill-opacity:.13}.line{fill:none;stroke:#3949ab;stroke-width:2.5;stroke-linejoin:round;stroke-linecap:round}
.earlier{fill:none;stroke:#676d75;stroke-width:1.75;stroke-dasharray:6 4;stroke-linejoin:round}
.dot{fill:#676d75;fill-opacity:.42}.beyond{fill:none;stroke:#676d75;stroke-opacity:.7}
.span{color:#565b63}.change line{stroke:#565b63;stroke-width:1.5;stroke-dasharray:3 3}.change text{fill:#1c1e21;font-weight:bold;stroke:#fff;stroke-width:4px;stroke-linejoin:round}
.change.fell line{stroke:#c8452d}.change.fell text{fill:#b23a23}.change.rose line{stroke:#0b7a75}.change.rose text{fill:#0a6a66}
.flag line{stroke:#676d75}.flag rect{fill:#1c1e21}.flag text{fill:#fff;font-size:11px;font-weight:bold}
.bar.good{fill:#0b7a75}.bar.middle{fill:#8b919a}.bar.bad{fill:#c8452d}.choice{fill:#1c1e21;font-weight:bold}
.length{fill:#3949ab;fill-opacity:.82}.whisker{stroke:#565b63;stroke-width:2;stroke-linecap:round}.at{fill:#3949ab}.all{stroke:#3949ab;stroke-opacity:.55;stroke-dasharray:2 3}
.name{font-size:14px;fill:#1c1e21;font-weight:bold}.figure{font-size:14px;fill:#1c1e21}.few .name,.few .figure{fill:#676d75;font-weight:normal}
.says{font-size:14px}.says.above{fill:#0a6a66;font-weight:bold}.says.below{fill:#b23a23;font-weight:bold}.rule{stroke:#e4e5e1}
.says.fix{fill:#b23a23;font-weight:bold}.says.keep{fill:#0a6a66;font-weight:bold}
.cut{stroke:#8a8f98;stroke-dasharray:4 4}.corner{font-weight:bold}.corner.fix{fill:#b23a23}.corner.keep{fill:#0a6a66}
.box{fill:#676d75;fill-opacity:.12;stroke:#676d75;stroke-opacity:.55}.box.fix{fill:#c8452d;stroke:#c8452d}.box.keep{fill:#0b7a75;stroke:#0b7a75}.box.unclear{fill-opacity:.05;stroke-dasharray:3 3}
.place{fill:#676d75}.place.fix{fill:#c8452d}.place.keep{fill:#0b7a75}.box.place{fill-opacity:.12}.place-name{fill:#1c1e21;font-weight:bold;stroke:#fff;stroke-width:4px;stroke-linejoin:round;paint-order:stroke}
.rate .whisker{stroke:#3949ab;stroke-opacity:.4}.step{fill:#3949ab}.step.partial{fill:#fff;stroke:#3949ab;stroke-width:2}
.stays .band{fill-opacity:.11}.curve{fill:none;stroke-width:2.25;stroke-linejoin:round;stroke:#3949ab}.good .curve{stroke:#0b7a75}.middle .curve{stroke:#8b919a;stroke-dasharray:7 4}.bad .curve{stroke:#c8452d;stroke-dasharray:2 3}.silent .curve{stroke:#1c1e21;stroke-width:1.5;stroke-dasharray:9 3 2 3}
.band.good{fill:#0b7a75}.band.middle{fill:#8b919a}.band.bad{fill:#c8452d}.band.silent{fill:#1c1e21;fill-opacity:.05}
.cell{fill:#3949ab}
.at.above{fill:#0b7a75}.at.below{fill:#c8452d}
</style>`

// describe says what a picture shows to those who do not see it.
func (v Picture) describe() string {
	return strings.Join(append([]string{v.Lead}, v.Under...), " · ")
}

// line is a line of text in a picture.
type line struct{ Text, Class, Y string }

// frame is a picture laid out around a chart of a height: the lines above and
// below, and where the chart begins.
func (v Picture) frame(chart float64) (lines []line, top, height float64) {
	y := pictureEdge - 4
	put := func(text, class string, size, step float64) {
		for _, part := range wrap(text, inner, size) {
			y += step
			lines = append(lines, line{Text: part, Class: class, Y: number(y)})
		}
	}
	put(v.Title, "title", 22, pictureTitle)
	put(v.Lead, "lead", 16, pictureLine+4)
	for _, text := range v.Under {
		put(text, "under", 14, pictureLine)
	}
	top = y + pictureGap
	y = top + chart + pictureGap/2
	for _, text := range v.Foot {
		put(text, "foot", 12.5, pictureFoot)
	}
	return lines, top, y + pictureEdge - 8
}

// wrap breaks a text into lines of at most a width in px: between words, and
// anywhere in Chinese.
func wrap(text string, width, size float64) []string {
	var lines []string
	current := ""
	for _, word := range words(text) {
		if current != "" && typeWidth(strings.TrimRight(current+word, " "), size) > width {
			lines = append(lines, strings.TrimRight(current, " "))
			current = ""
		}
		current += word
	}
	if current = strings.TrimRight(current, " "); current != "" {
		lines = append(lines, current)
	}
	return lines
}

// words cuts a text where a line may end: after spaces, and after each
// character of Chinese unless a sign follows that no line begins with.
func words(text string) []string {
	var all []string
	start := 0
	for i, r := range text {
		end := i + utf8.RuneLen(r)
		next, _ := utf8.DecodeRuneInString(text[end:])
		if r == ' ' || unicode.Is(unicode.Han, r) && !unicode.IsPunct(next) {
			all = append(all, text[start:end])
			start = end
		}
	}
	return append(all, text[start:])
}

// typeWidth is about how wide a text is in px, in type of a size.
func typeWidth(text string, size float64) float64 { return textWidth(text) * size / 12 }

// short cuts a text to a width, with an ellipsis.
func short(text string, width, size float64) string {
	if typeWidth(text, size) <= width {
		return text
	}
	runes := []rune(text)
	for len(runes) > 1 && typeWidth(string(runes)+"…", size) > width {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "…"
}
