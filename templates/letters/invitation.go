package letters

import (
	"strconv"

	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/i18n"
)

// Subject is the letter's subject line, in the language of v.L. It names the
// brand and the person, never the question's answer.
func (v Invitation) Subject() string {
	key := "letters.invitation.subject"
	if v.Reminder == Reminder {
		key = "letters.reminder.subject"
	}
	if v.Name != "" {
		return Spaced(v.L.T(key+"_name", "company", v.Brand, "name", v.Name))
	}
	return Spaced(v.L.T(key, "company", v.Brand))
}

// Text is the plain-text part: the same content as the HTML part, with one
// link for each score. Lines end in "\n".
func (v Invitation) Text() string {
	var out plain
	out.paragraph(v.Brand)
	out.paragraph(v.greeting())
	out.paragraph(v.Question, v.ends())
	for _, choice := range v.Choices {
		out.WriteString(pad(choice.Score) + "  " + choice.Address + "\n")
	}
	out.WriteString("\n")
	out.paragraph(v.L.T("letters.invitation.text_page"), v.Page)
	out.WriteString("-- \n")
	out.paragraph(v.Reason, v.cap())
	out.paragraph(v.L.T("letters.invitation.text_stop"), v.Unsubscribe)
	out.paragraph(v.Postal)
	return out.text()
}

// pad aligns one and two digits.
func pad(score int) string {
	if score < 10 {
		return " " + strconv.Itoa(score)
	}
	return strconv.Itoa(score)
}

// greeting is the letter's first line.
func (v Invitation) greeting() string {
	key := "letters.invitation.greeting"
	if v.Reminder == Reminder {
		key = "letters.reminder.greeting"
	}
	if v.Name != "" {
		return Spaced(v.L.T(key+"_name", "name", v.Name))
	}
	return v.L.T(key)
}

// ends says in words what the two ends of the scale mean. It stands below the
// numbers as a sentence, because captions at the left and the right lose their
// place when the row wraps.
func (v Invitation) ends() string {
	if len(v.Choices) == 0 || v.Low == "" || v.High == "" {
		return ""
	}
	return v.L.T("letters.invitation.ends",
		"min", v.Choices[0].Score, "low", v.Low,
		"max", v.Choices[len(v.Choices)-1].Score, "high", v.High)
}

// cap says how often somebody is asked at most.
func (v Invitation) cap() string {
	if v.CapDays <= 0 {
		return ""
	}
	return v.L.N("letters.invitation.cap", int64(v.CapDays))
}

// rows cuts the choices into groups that stay together when the row wraps: six
// and five, four and three. Groups are shown side by side where there is room.
func (v Invitation) rows() [][]Choice {
	if len(v.Choices) <= onePhoneRow {
		return [][]Choice{v.Choices}
	}
	half := (len(v.Choices) + 1) / 2
	return [][]Choice{v.Choices[:half], v.Choices[half:]}
}

// onePhoneRow is how many boxes of 46 px stand in one row at 320 px.
const onePhoneRow = 6

// choiceTitle is what a screen reader adds to the number: "9 out of 10".
func (v Invitation) choiceTitle(choice Choice) string {
	return v.L.T("respond.score_of", "score", choice.Score, "max", v.Choices[len(v.Choices)-1].Score)
}

func (c Choice) text() string { return strconv.Itoa(c.Score) }

// line is the colour of the line over the letter.
func (v Invitation) line() (string, bool) {
	colour, err := components.ParseColour(v.Colour)
	if err != nil {
		return "", false
	}
	return colour.String(), true
}

func (v Invitation) lang() string {
	if v.Lang == "" {
		return v.L.Lang()
	}
	return v.Lang
}

func (v Invitation) dir() string { return i18n.Direction(v.lang()) }

// Word, the engine of Outlook for Windows, knows neither inline-block nor
// max-width: it gets a table of fixed cells that nobody else sees.
const (
	ghostOpen  = `<!--[if mso]><table role="presentation" align="center" cellpadding="0" cellspacing="4" border="0"><tr><td width="48" align="center"><![endif]-->`
	ghostNext  = `<!--[if mso]></td><td width="48" align="center"><![endif]-->`
	ghostClose = `<!--[if mso]></td></tr></table><![endif]-->`

	// The groups of boxes are for everybody but Word, in whose table they would
	// cross the borders of cells.
	groupOpen  = `<!--[if !mso]><!--><span style="display:inline-block"><!--<![endif]-->`
	groupClose = `<!--[if !mso]><!--></span><!--<![endif]-->`

	sheetOpen  = `<!--[if mso]><table role="presentation" align="center" width="600" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->`
	sheetClose = `<!--[if mso]></td></tr></table><![endif]-->`
)

// darkStyle turns the letter dark where the mail program asks for it. The rest
// is written on the elements, because many programs drop this.
const darkStyle = `<style>
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
.h-back{background-color:#0f1113!important}
.h-sheet{background-color:#17191c!important}
.h-ink{color:#eceef0!important}
.h-ink2{color:#aab0b8!important}
.h-ink3{color:#8f96a0!important}
.h-rule{border-color:#2a2d31!important}
.h-box{background-color:#17191c!important;color:#eceef0!important;border-color:#8a9099!important}
}
[data-ogsc] .h-box{color:#eceef0!important;border-color:#8a9099!important}
@media (hover:hover){.h-box:hover{background-color:#1c1e21!important;color:#ffffff!important;border-color:#1c1e21!important}}
</style>`
