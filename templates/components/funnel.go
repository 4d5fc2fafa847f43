package components

import (
	"math"

	"github.com/a-h/templ"

	"github.com/harkhq/hark/templates/i18n"
)

// Funnel is the way from an invitation to an answer: a bar for each step that is
// known, and how often each group answers.
type Funnel struct {
	L          *i18n.Localizer
	ID         string // of the card, once on a page
	Title      string // "Asked and answered"
	When       string // of the sending
	Steps      []FunnelStep
	Invited    *int64 // where that is more than were sent
	All        FunnelGroup
	Groups     []FunnelGroup
	Confidence float64 // of the intervals; 0: 0.95
}

// FunnelStep is one bar.
type FunnelStep struct {
	Name    string // "Sent"
	N       int64
	Share   string // of those sent; empty for the whole
	Address string // of what it counts; empty: no link
}

// FunnelGroup is those of one segment, or everybody. Numbers that must not be
// shown are nil; rates are fractions.
type FunnelGroup struct {
	Key, Value      string // as invitations have them
	Name            string // "Plan: pro"
	Sent            int64
	Answered        *int64
	Rate, Low, High *float64
	Evidence        Evidence
	Standing        Standing
	Verdict         string
	Address         string // of its answers; empty: no link
}

// Heading is the card's title.
func (v Funnel) Heading() string { return v.Title }

// longest is the step that all bars are measured by.
func (v Funnel) longest() float64 {
	longest := 1.0
	for _, step := range v.Steps {
		longest = max(longest, float64(step.N))
	}
	return longest
}

// part is a bar's length, 0…1.
func (v Funnel) part(step FunnelStep) float64 { return float64(step.N) / v.longest() }

// Sheet is the numbers behind the card: everybody in the first row, then each
// group.
func (v Funnel) Sheet() Sheet {
	confidence := v.Confidence
	if confidence == 0 {
		confidence = 0.95
	}
	s := Sheet{Columns: []SheetColumn{
		{Text: v.L.T("components.funnel.group"), Keys: []string{"key", "value"}},
		{Text: v.L.T("asked.sent"), Kind: Numbers, Keys: []string{"sent"}},
		{Text: v.L.T("asked.answered"), Kind: Numbers, Keys: []string{"answered"}},
		{Text: v.L.T("asked.rate.column"), Kind: Numbers, Keys: []string{"rate"}},
		{Text: v.L.T("components.trend.interval", "confidence", v.L.Percent(100*confidence, 0)), Kind: Numbers, Keys: []string{"low", "high"}},
		{Text: v.L.T("components.column.verdict"), Keys: []string{"verdict"}},
	}}
	for _, group := range append([]FunnelGroup{v.All}, v.Groups...) {
		s.Rows = append(s.Rows, v.row(group))
	}
	if v.Invited != nil { // a step before the mail, which is not known of groups
		s.Columns = append(s.Columns, SheetColumn{Text: v.L.T("asked.invited"), Kind: Numbers, Keys: []string{"invited"}})
		for i := range s.Rows {
			s.Rows[i].Cells = append(s.Rows[i].Cells, Cell{Text: "–"})
		}
		s.Rows[0].Cells[len(s.Columns)-1] = Cell{Text: v.L.Number(*v.Invited), Values: []any{*v.Invited}}
	}
	return s
}

// row is one group of the table.
func (v Funnel) row(g FunnelGroup) SheetRow {
	row := SheetRow{Cells: []Cell{
		{Text: g.Name, Address: g.Address, Values: []any{g.Key, g.Value}},
		{Text: v.L.Number(g.Sent), Values: []any{g.Sent}},
		{Text: "–"},
		{Text: v.share(g.Rate), Values: []any{hundredfold(g.Rate)}},
		{Text: v.interval(g), Values: []any{hundredfold(g.Low), hundredfold(g.High)}},
		{Text: g.Verdict, Values: []any{g.Verdict}},
	}, Class: group(g.Evidence)}
	if g.Answered != nil {
		row.Cells[2] = Cell{Text: v.L.Number(*g.Answered), Address: g.Address, Values: []any{*g.Answered}}
	}
	row.Says = v.L.T("components.funnel.says", "group", g.Name, "sent", row.Cells[1].Text, "answered", row.Cells[2].Text, "rate", row.Cells[3].Text, "interval", row.Cells[4].Text)
	if g.Answered == nil {
		row.Says = v.L.T("components.funnel.says_hidden", "group", g.Name, "sent", row.Cells[1].Text, "why", g.Verdict)
	}
	return row
}

// group greys what little is known of.
func group(e Evidence) string {
	if e == Firm {
		return ""
	}
	return string(Faint)
}

// hundredfold is a fraction in percent.
func hundredfold(share *float64) *float64 {
	if share == nil {
		return nil
	}
	percent := 100 * *share
	return &percent
}

// share writes a fraction; a dash for none.
func (v Funnel) share(share *float64) string {
	if share == nil {
		return "–"
	}
	return v.L.Percent(100**share, 1)
}

func (v Funnel) interval(g FunnelGroup) string {
	if g.Low == nil || g.High == nil {
		return "–"
	}
	return v.L.T("components.interval", "low", v.share(g.Low), "high", v.share(g.High))
}

// Picture is the card as a file by itself: the bars, and under them the groups
// with their intervals.
func (v Funnel) Picture(frame Picture) templ.Component {
	bars := rowPicture{Head: v.L.T("components.funnel.step"), Numbers: []string{v.L.T("components.funnel.count"), v.L.T("asked.rate.column")}, Wide: 105, Plain: true}
	for _, step := range v.Steps {
		part := v.part(step)
		bars.Rows = append(bars.Rows, pictureRow{Name: step.Name, Numbers: []string{v.L.Number(step.N), step.Share}, Bar: &part})
	}
	lists := []rowPicture{bars}
	if len(v.Groups) > 0 {
		lists = append(lists, v.groupRows())
	}
	frame.Under = append(frame.Under, v.When)
	frame.Foot = append([]string{v.legend(), v.method().name()}, frame.Foot...)
	return rowsPicture(frame, lists)
}

// groupRows are the groups with their rates on one axis.
func (v Funnel) groupRows() rowPicture {
	high := 0.0
	for _, g := range v.Groups {
		if g.High != nil {
			high = max(high, *g.High)
		}
	}
	a := openAxis(0, math.Max(1, 100*high), 0, 100)
	list := rowPicture{Head: v.L.T("components.funnel.group"), Numbers: []string{v.L.T("asked.sent"), v.L.T("asked.answered"), v.L.T("asked.rate.column")}, Wide: 105}
	list = list.ruled(a, func(value float64) string { return v.L.Percent(value, 0) })
	for _, g := range v.Groups {
		cells := v.row(g).Cells
		list.Rows = append(list.Rows, pictureRow{
			Name: g.Name, Class: SegmentRow{Evidence: g.Evidence}.rowClass(), Numbers: []string{cells[1].Text, cells[2].Text, cells[3].Text},
			Low: a.on(hundredfold(g.Low)), High: a.on(hundredfold(g.High)), Spot: a.on(hundredfold(g.Rate)), All: a.on(hundredfold(v.All.Rate)),
			Says: g.Verdict, Standing: string(g.Standing),
		})
	}
	return list
}

// legend says what the lines of the groups are.
func (v Funnel) legend() string {
	return v.L.T("components.segments.legend", "score", v.share(v.All.Rate))
}

func (v Funnel) method() Method {
	return Method{L: v.L, ID: "method-" + v.ID, Topic: RateMethod, Words: []any{"confidence", v.L.Percent(95, 0)}}
}
