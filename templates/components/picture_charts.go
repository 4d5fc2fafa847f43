package components

import (
	"strconv"
	"strings"
)

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
	var averages []string
	for _, t := range v.averageTexts() {
		averages = append(averages, t.String())
	}
	if len(averages) > 0 {
		frame.Under = append(frame.Under, strings.Join(averages, " · "))
	}
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
