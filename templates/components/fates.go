package components

import (
	"github.com/a-h/templ"

	"github.com/harkhq/hark/templates/i18n"
)

// Fates is the way from a rule's events to answers: a bar for each step, and
// under it those who went no further, by reason.
type Fates struct {
	L     *i18n.Localizer
	ID    string // of the card, once on a page
	Title string
	When  string // of the events
	Steps []FateStep
	Save  *Save // nil: nobody may take it from here
}

// FateStep is how many came as far as a step.
type FateStep struct {
	Key     string // in a file
	Name    string
	N       int64
	Address string       // of those counted; empty: no link
	Lost    []FateReason // and at its end those of note within
}

// FateReason is how many went no further for one reason.
type FateReason struct {
	Key     string // in a file
	Name    string
	N       int64
	Address string
	Within  bool // they may have gone further all the same
}

// reason names those of one reason, apart from the bar that they stand under.
func (v Fates) reason(r FateReason) string {
	if r.Within {
		return v.L.T("rules.funnel.within", "reason", r.Name)
	}
	return v.L.T("rules.funnel.lost", "reason", r.Name)
}

// Heading is the card's title.
func (v Fates) Heading() string { return v.Title }

// part is a bar's length, 0…1.
func (v Fates) part(n int64) float64 {
	longest := int64(1)
	for _, step := range v.Steps {
		longest = max(longest, step.N)
	}
	return float64(n) / float64(longest)
}

// share is a number's share of the first step; a dash where that is nothing.
func (v Fates) share(n int64) string {
	if len(v.Steps) == 0 || v.Steps[0].N == 0 {
		return "–"
	}
	percent, places := 100*float64(n)/float64(v.Steps[0].N), 0
	switch {
	case percent > 0 && percent < 0.095:
		places = 2
	case percent > 0 && percent < 0.95:
		places = 1
	}
	return v.L.Percent(percent, places)
}

// Sheet is the numbers behind the card: each step, followed by the reasons for
// which others went no further.
func (v Fates) Sheet() Sheet {
	s := Sheet{Columns: []SheetColumn{
		{Text: v.L.T("rules.funnel.step"), Keys: []string{"step", "reason"}},
		{Text: v.L.T("rules.funnel.count"), Kind: Numbers, Keys: []string{"n"}},
		{Text: v.L.T("rules.funnel.share"), Kind: Numbers, Keys: []string{"share"}},
	}}
	row := func(name, address string, n int64, keys ...any) SheetRow {
		percent := 100 * v.part(n)
		return SheetRow{
			Says: v.L.T("rules.funnel.says", "step", name, "n", n, "share", v.share(n)),
			Cells: []Cell{{Text: name, Address: address, Values: keys}, {Text: v.L.Number(n), Values: []any{n}},
				{Text: v.share(n), Values: []any{percent}}},
		}
	}
	for _, step := range v.Steps {
		s.Rows = append(s.Rows, row(step.Name, step.Address, step.N, step.Key, ""))
		for _, reason := range step.Lost {
			less := row(v.reason(reason), reason.Address, reason.N, step.Key, reason.Key)
			less.Class = string(Faint)
			s.Rows = append(s.Rows, less)
		}
	}
	return s
}

// place is the row of the sheet that a step or a reason of it stands in; reason
// -1 is the step itself.
func (v Fates) place(step, reason int) int {
	n := 0
	for _, s := range v.Steps[:step] {
		n += 1 + len(s.Lost)
	}
	return n + 1 + reason
}

// Picture is the card as a file by itself.
func (v Fates) Picture(frame Picture) templ.Component {
	bars := rowPicture{Head: v.L.T("rules.funnel.step"), Numbers: []string{v.L.T("rules.funnel.count"), v.L.T("rules.funnel.share")}, Wide: 105, Plain: true}
	for _, step := range v.Steps {
		part := v.part(step.N)
		bars.Rows = append(bars.Rows, pictureRow{Name: step.Name, Numbers: []string{v.L.Number(step.N), v.share(step.N)}, Bar: &part})
		for _, reason := range step.Lost {
			bars.Rows = append(bars.Rows, pictureRow{Name: v.reason(reason), Class: "few", Numbers: []string{v.L.Number(reason.N), v.share(reason.N)}})
		}
	}
	frame.Under = append(frame.Under, v.When)
	return rowsPicture(frame, []rowPicture{bars})
}
