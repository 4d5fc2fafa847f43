package letters

import (
	"strings"
)

// Invitation is a letter that asks one person one question, for the first time
// or again.
type Invitation struct {
	Frame
	Lang     string // BCP 47 language of Question, Low and High; empty: that of L
	Question string
	Low      string // meaning of the lowest choice
	High     string
	Choices  []Choice // lowest first
	Page     string   // address of the question's page
	Reminder ReminderKind
}

// ReminderKind tells a first letter from a reminder.
type ReminderKind string

// The kinds of an invitation.
const (
	First    ReminderKind = ""
	Reminder ReminderKind = "reminder"
)

// Usual are the words of the letter where a team wrote none of its own.
func (v Invitation) Usual() Texts {
	if v.Reminder == Reminder {
		return v.usual("letters.reminder.")
	}
	return v.usual("letters.invitation.")
}

// Words are those of the letter: the team's own, and the usual ones for what it
// left empty.
func (v Invitation) Words() Texts { return v.Own.or(v.Usual()) }

// Subject is the letter's subject line, in the language of v.L. The usual one
// names the brand and the person, never the question's answer.
func (v Invitation) Subject() string { return v.Words().Subject }

// Text is the plain-text part: the same content as the HTML part, with one
// link for each score. Lines end in "\n".
func (v Invitation) Text() string {
	var out plain
	words := v.Words()
	out.paragraph(v.Brand)
	out.paragraph(words.Greeting)
	out.paragraphs(words.Intro)
	out.paragraph(v.Question, v.ends())
	for _, choice := range v.Choices {
		out.WriteString(v.pad(choice) + "  " + choice.Address + "\n")
	}
	out.WriteString("\n")
	out.paragraph(v.L.T("letters.invitation.text_page"), v.Page)
	out.paragraphs(words.Closing)
	v.foot(&out)
	return out.text()
}

// pad aligns one and two digits.
func (v Invitation) pad(c Choice) string {
	if c.Score < 10 {
		return " " + v.number(c)
	}
	return v.number(c)
}

// number is a score in the letter's language.
func (v Invitation) number(c Choice) string { return v.L.Number(int64(c.Score)) }

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
	return v.L.T("letters.score_of", "score", choice.Score, "max", v.Choices[len(v.Choices)-1].Score)
}

// ghostOpen begins the row for Word: it knows no inline-block and gets a table
// of fixed cells that nobody else sees, in the direction of the language.
func (v Invitation) ghostOpen() string {
	return strings.Replace(ghostOpen, "<table ", "<table dir=\""+v.L.Dir()+"\" ", 1)
}

const (
	ghostOpen  = `<!--[if mso]><table role="presentation" align="center" cellpadding="0" cellspacing="4" border="0"><tr>` + ghostCell + `<![endif]-->`
	ghostNext  = `<!--[if mso]></td>` + ghostCell + `<![endif]-->`
	ghostClose = `<!--[if mso]></td></tr></table><![endif]-->`

	// The cell has the border, for Word draws none around a link.
	ghostCell = `<td width="42" height="42" align="center" valign="middle" bgcolor="#ffffff" style="border:2px solid #6b7178">`

	// The groups of boxes are for everybody but Word, in whose table they would
	// cross the borders of cells.
	groupOpen  = `<!--[if !mso]><!--><span style="display:inline-block"><!--<![endif]-->`
	groupClose = `<!--[if !mso]><!--></span><!--<![endif]-->`
)
