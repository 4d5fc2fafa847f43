// Package letters writes what Hark mails: each letter in HTML for mail
// programs and in plain text with the same content. In the data's way it stands
// between the invitation that is due and the mailer that sends it: the mailer
// fills a view struct and takes the bytes.
package letters

import (
	"cmp"
	"strings"

	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/i18n"
)

// Frame is what every letter to a customer has around its middle.
//
// Brand, Name, Reason and the like are shown as they are and must be safe to
// show: mail programs turn "://" and "www." in a name into links, so the caller
// neutralises them in whatever strangers may have written. They must hold no
// line breaks; the team's own introduction and closing words may.
type Frame struct {
	L           *i18n.Localizer
	Brand       string // the workspace's name
	Colour      string // "#rrggbb", drawn as a line over the letter; anything else: none
	Name        string // the person's first name; empty: greeted without
	Own         Texts  // the team's own words
	Reason      string // "You get this because you ordered from Northwind Coffee."
	CapDays     int    // never asked more often than once in this many days; 0: not said
	Unsubscribe string // address of "stop asking me"
	Honeypot    string // address that no person sees or follows; empty: none
	Postal      string // the sender's postal address, one line
}

// Texts are the words of a letter that a team may write itself; an empty one
// stands for the usual words.
type Texts struct {
	Subject   string
	Preheader string // what a list of mails shows beside the subject
	Greeting  string
	Intro     string // above what is asked
	Closing   string // below it
}

// Choice is one place on the scale and the address that selects it.
type Choice struct {
	Score   int
	Address string
}

// usual are the words of a letter as the catalogue has them. Its keys begin
// with the given text.
func (f Frame) usual(keys string) Texts {
	return Texts{
		Subject: f.named(keys + "subject"), Preheader: f.L.T(keys + "preheader"), Greeting: f.named(keys + "greeting"),
	}
}

// named is a text in the form for somebody whose name is known, or in the other.
func (f Frame) named(key string) string {
	if f.Name != "" {
		key += "_name"
	}
	return Spaced(f.L.T(key, "company", f.Brand, "name", f.Name))
}

// or takes the other's words where these are empty.
func (t Texts) or(other Texts) Texts {
	return Texts{
		Subject: cmp.Or(t.Subject, other.Subject), Preheader: cmp.Or(t.Preheader, other.Preheader), Greeting: cmp.Or(t.Greeting, other.Greeting),
		Intro: cmp.Or(t.Intro, other.Intro), Closing: cmp.Or(t.Closing, other.Closing),
	}
}

// Lines are the words line by line, without empty ones.
func (t Texts) Lines() []string {
	var lines []string
	for _, text := range t.fields() {
		lines = append(lines, paragraphs(*text)...)
	}
	return lines
}

// Shape is how many lines each of the words has.
func (t Texts) Shape() (shape [5]int) {
	for n, text := range t.fields() {
		shape[n] = len(paragraphs(*text))
	}
	return shape
}

// Replaced has other lines in the place of its own, as many as [Texts.Lines].
func (t Texts) Replaced(lines []string) Texts {
	for _, text := range t.fields() {
		n := len(paragraphs(*text))
		*text, lines = strings.Join(lines[:n], "\n"), lines[n:]
	}
	return t
}

func (t *Texts) fields() []*string {
	return []*string{&t.Subject, &t.Preheader, &t.Greeting, &t.Intro, &t.Closing}
}

// cap says how often somebody is asked at most.
func (f Frame) cap() string {
	if f.CapDays <= 0 {
		return ""
	}
	return f.L.N("letters.invitation.cap", int64(f.CapDays))
}

// why is the reason of the letter, and how often it comes at most, as sentences
// follow each other in the language.
func (f Frame) why() string {
	if strings.HasPrefix(f.L.Lang(), "zh") {
		return f.Reason + f.cap()
	}
	return strings.TrimSpace(f.Reason + " " + f.cap())
}

// line is the colour of the line over the letter.
func (f Frame) line() (string, bool) {
	colour, err := components.ParseColour(f.Colour)
	if err != nil {
		return "", false
	}
	return colour.String(), true
}

// WayOut is the address at which the person stops all this.
func (f Frame) WayOut() string { return f.Unsubscribe }

// Around is the frame itself.
func (f Frame) Around() Frame { return f }

// Language is the tag of the letter's language.
func (f Frame) Language() string { return f.L.Lang() }

// foot ends the plain-text part.
func (f Frame) foot(out *plain) {
	out.WriteString("-- \n")
	out.paragraph(f.Reason, f.cap())
	out.paragraph(f.L.T("letters.invitation.text_stop"), f.Unsubscribe)
	out.paragraph(f.Postal)
}

// paragraphs cuts a text of several lines, without the empty ones.
func paragraphs(text string) []string {
	var list []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// tag is a language, or else the letter's own.
func (f Frame) tag(lang string) string { return cmp.Or(lang, f.L.Lang()) }

// direction is that of what is written in a language, or else in the letter's.
func (f Frame) direction(lang string) string { return i18n.Direction(f.tag(lang)) }

// start is the side on which lines begin. Outlook for Windows does not inherit a
// direction into the cells of a table: each says it again, and its side.
func (f Frame) start() string {
	if f.L.Dir() == "rtl" {
		return "right"
	}
	return "left"
}

// sheetOpen begins the sheet for Word, the engine of Outlook for Windows, which
// knows no max-width.
func (f Frame) sheetOpen() string {
	return strings.Replace(sheetOpen, "<table ", "<table dir=\""+f.L.Dir()+"\" ", 1)
}

const (
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
.h-ink3{color:#979ea8!important}
.h-rule{border-color:#2a2d31!important}
.h-box{background-color:#17191c!important;color:#eceef0!important;border-color:#8a9099!important}
}
[data-ogsc] .h-box{color:#eceef0!important;border-color:#8a9099!important}
@media (hover:hover){.h-box:hover{background-color:#1c1e21!important;color:#ffffff!important;border-color:#1c1e21!important}}
</style>`
