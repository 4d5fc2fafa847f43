package respond

import (
	"github.com/harkhq/hark/surveys"
)

// The mouths of five faces, from the corners down to the corners up.
var mouths = [...]string{"M8 17q4-4 8 0", "M8.5 16.2q3.5-2 7 0", "M8.5 15.5h7", "M8.5 14.8q3.5 2.4 7 0", "M8 14q4 5 8 0"}

// The thumbs are two paths, and not one that is turned: who wants no motion gets
// no transformations, and would see both up.
const (
	thumbUp   = "M7 10v10H4V10zm0 0 4-7c1.6 0 2.6 1 2.3 2.6L12.8 9H19c1.3 0 2.2 1.1 2 2.4l-1.3 6.8c-.2 1-1 1.8-2 1.8H7"
	thumbDown = "M7 14V4H4v10zm0 0 4 7c1.6 0 2.6-1 2.3-2.6L12.8 15H19c1.3 0 2.2-1.1 2-2.4l-1.3-6.8c-.2-1-1-1.8-2-1.8H7"
)

// drawing is the picture of a choice, in the colour of the text around it. No
// picture is friendlier than another but by what it says, and none is a heart.
func drawing(style surveys.Style, score int) string {
	const open = `<svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round">`
	switch style {
	case surveys.StyleStars:
		return open + `<path class="star" d="m12 3 2.7 5.8 6.3.8-4.6 4.4 1.2 6.3L12 17.2l-5.6 3.1 1.2-6.3L3 9.6l6.3-.8z"/></svg>`
	case surveys.StyleSmileys, surveys.StyleThreeFaces:
		return open + `<circle cx="12" cy="12" r="9.5"/><path d="M9 9.2v.6M15 9.2v.6` + mouths[min(max(score, 1), len(mouths))-1] + `"/></svg>`
	case surveys.StyleThumbs:
		if score < 3 {
			return open + `<path d="` + thumbDown + `"/></svg>`
		}
		return open + `<path d="` + thumbUp + `"/></svg>`
	}
	return ""
}
