package components

import (
	"strconv"
	"time"
)

// Flags of notes stand in rows under the picture, with the number that the list
// below has for the note. Those of one step share a flag.
const (
	flagRow   = 19.0  // height of a row, in px
	flagSize  = 16.0  // of a flag, in px
	flagDigit = 7.0   // added for each further character
	flagTop   = 5.0   // between the picture and the first row
	maxFlags  = 3     // rows; flags beyond them cover each other
	flagSpace = 230.0 // the least width of the picture, in px: a phone's
)

// flag is the notes of one step laid out.
type flag struct {
	X, Shift, Y, Width, TextY, Text string
	Foot                            string // where its line to the picture ends
}

// notesAt are the notes of the step at index i, in the order of their dates.
func (v Trend) notesAt(i int) []TrendNote {
	var notes []TrendNote
	for _, note := range v.Notes {
		if step, ok := v.step(note.At); ok && step == i {
			notes = append(notes, note)
		}
	}
	return notes
}

// step is the number of the step that a day lies in.
func (v Trend) step(at time.Time) (int, bool) {
	place, ok := v.place(at)
	return int(place), ok
}

// flags lays the notes out, and makes room for them.
func (v Trend) flags(p *trendPlot) {
	var ends [maxFlags]float64 // where each row's last flag ends, in px of a phone
	rows := 0
	for i := range v.Points {
		notes := v.notesAt(i)
		if len(notes) == 0 {
			continue
		}
		text := strconv.Itoa(notes[0].N)
		if last := notes[len(notes)-1].N; len(notes) > 1 {
			text += "–" + strconv.Itoa(last)
		}
		width := flagSize + flagDigit*float64(len([]rune(text))-1)
		x, row := p.x(float64(i)), 0
		for row < maxFlags-1 && rows > 0 && ends[row] > x*flagSpace-width/2 {
			row++
		}
		ends[row] = x*flagSpace + width/2 + 2
		rows = max(rows, row+1)
		y := p.foot() + flagTop + flagRow*float64(row)
		p.Flags = append(p.Flags, flag{
			X: p.across(x), Shift: "translate(" + number(-width/2) + " 0)", Width: number(width), Text: text,
			Y: number(y), TextY: number(y + flagSize - 4), Foot: number(p.foot()),
		})
	}
	if rows > 0 {
		p.under = flagRow * float64(rows)
	}
}

// noted counts the notes, for those who do not see the flags.
func (v Trend) noted() string { return v.L.N("components.trend.notes", int64(len(v.Notes))) }

// anchor is the place of a note in the list.
func (v Trend) anchor(note TrendNote) string { return v.ID + "-note-" + strconv.Itoa(note.N) }
