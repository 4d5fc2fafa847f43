package components

import (
	"strconv"
	"strings"
)

// The places of a picture of segments, in px from its left edge.
const (
	segNames = 230.0 // the names' width
	segScore = 300.0
	segCount = 390.0
	segFrom  = 430.0 // of the intervals
	segTo    = 830.0
	segSays  = 860.0
	segHead  = 22.0
	segRow   = 36.0
)

// pictureRow is a group laid out in a picture.
type pictureRow struct {
	whisker
	Drawn                                           bool
	Y, Name, Score, Count, Class, Standing, Verdict string
}

// framed adds what the signs are, the notes, and the method.
func (v Trend) framed(frame Picture) Picture {
	foot := []string{v.legend()}
	for _, note := range v.Notes {
		foot = append(foot, v.L.T("components.picture.note", "n", strconv.Itoa(note.N), "date", v.L.Date(note.At), "text", note.Text))
	}
	frame.Foot = append(append(foot, v.method().name()), frame.Foot...)
	return frame
}

// framed adds the bands with their shares.
func (v Distribution) framed(frame Picture) Picture {
	var bands []string
	for _, k := range v.keys() {
		bands = append(bands, v.L.T("components.picture.key", "band", k.Text, "share", k.Share, "n", k.Count))
	}
	frame.Under = append(frame.Under, strings.Join(bands, " · "))
	return frame
}

// framed adds what the lines are, and the method.
func (v Segments) framed(frame Picture) Picture {
	frame.Foot = append([]string{v.legend(), v.method().name()}, frame.Foot...)
	return frame
}

// unlinked is the chart for a file: addresses lead nowhere from there.
func (v Distribution) unlinked() Distribution {
	v.Answers = ""
	return v
}

func (v Segments) pictureHeight() float64 { return segHead + segRow*float64(len(v.Rows)) }

// pictureHeads are the words above the columns, and the axis.
func (v Segments) pictureHeads() []tick {
	heads := []tick{
		{X: "0", Text: v.Head, Anchor: "start"},
		{X: number(segScore), Text: v.L.Metric(v.Metric), Anchor: "end"},
		{X: number(segCount), Text: v.L.T("components.column.answers"), Anchor: "end"},
	}
	a := v.axis()
	for _, value := range a.ticks {
		heads = append(heads, tick{X: across(a.share(value)), Text: v.L.Score(v.Metric, value, 0), Anchor: "middle"})
	}
	return heads
}

// across is a place on the intervals' axis.
func across(share float64) string { return number(segFrom + (segTo-segFrom)*share) }

func (v Segments) pictureRows() []pictureRow {
	a, rows := v.axis(), make([]pictureRow, 0, len(v.Rows))
	for i, row := range v.Rows {
		laid := pictureRow{
			Y: number(segHead + segRow*float64(i)), Name: short(row.Name, segNames, 14), Score: v.score(row), Count: v.L.Number(row.N),
			Class: row.rowClass(), Standing: string(row.Standing), Verdict: short(row.Verdict, inner-segSays, 14),
		}
		if row.Score != nil && row.Low != nil && row.High != nil {
			laid.Drawn = true
			laid.whisker = whisker{From: across(a.share(*row.Low)), To: across(a.share(*row.High)), At: across(a.share(*row.Score)), All: across(a.share(v.Overall))}
		}
		rows = append(rows, laid)
	}
	return rows
}
