package mailer

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/i18n"
	"github.com/harkhq/hark/templates/letters"
)

// letter chooses the words of an asking's letter, in the person's language or
// else the workspace's.
func (c *Composer) letter(a Asking, links links) rendered {
	if a.Invitation.Letter == surveys.LetterThanks {
		return c.thanks(a, links)
	}
	return c.invitation(a, links)
}

// links are the addresses in a letter.
type links struct{ page, unsubscribe, trap string }

// frame is what the letter has around its middle.
func (c *Composer) frame(a Asking, links links) letters.Frame {
	l := c.catalogue.Letter(a.Person.Locale, a.Survey.UsualLocale(a.Workspace))
	brand := cmp.Or(surveys.PlainName(a.Workspace.Name), c.domain)
	return letters.Frame{
		L: l, Brand: brand, Colour: a.Workspace.Color,
		Name:        firstName(a.Person.Name),
		Own:         own(a, l, brand),
		Reason:      letters.Spaced(reason(l, a.EventType, brand)),
		CapDays:     a.CapDays,
		Unsubscribe: links.unsubscribe, Honeypot: links.trap,
		Postal: oneLine(a.Workspace.Address),
	}
}

// personal is a letter for another person: with their name, the words as the
// team wrote them for this one, and their links.
func personal(view rendered, name string, own letters.Texts, links links) rendered {
	switch v := view.(type) {
	case letters.Thanks:
		v.Name, v.Own, v.Unsubscribe, v.Page, v.Honeypot = name, own, links.unsubscribe, links.page, links.trap
		return v
	case letters.Invitation:
		v.Name, v.Own, v.Unsubscribe, v.Page, v.Honeypot = name, own, links.unsubscribe, links.page, links.trap
		v.Choices = slices.Clone(v.Choices)
		for n := range v.Choices {
			v.Choices[n].Address = choiceAddress(links.page, v.Choices[n].Score)
		}
		return v
	}
	return view
}

// choiceAddress is where a score in the letter leads.
func choiceAddress(page string, score int) string { return page + "?score=" + strconv.Itoa(score) }

// own are the words of the team in a letter for a person.
func (c *Composer) own(a Asking, view rendered) letters.Texts {
	return own(a, view.Around().L, view.Around().Brand)
}

// own are the words that the team wrote for this letter in its language, with
// what stands for their placeholders.
func own(a Asking, l *i18n.Localizer, brand string) letters.Texts {
	wrote := a.Texts[l.Lang()]
	if wrote == (surveys.LetterTexts{}) {
		return letters.Texts{}
	}
	texts := wrote.Fill(surveys.LetterValues{
		Name: firstName(a.Person.Name), FullName: surveys.PlainName(a.Person.Name), Company: brand,
		Subject: cmp.Or(surveys.PlainName(a.Survey.Subject), brand), Traits: a.Person.Traits, Properties: a.Properties,
	})
	return letters.Texts{Subject: texts.Subject, Preheader: texts.Preheader, Greeting: texts.Greeting, Intro: texts.Intro, Closing: texts.Closing}
}

// asked are the texts of the survey as the letter shows them, and their
// language where it is not the letter's: who wrote a question of their own is
// asking that one, in whatever language it is, and not the usual one.
func asked(l *i18n.Localizer, catalogue *i18n.Catalogue, a Asking, brand string) (i18n.SurveyTexts, string) {
	survey, lang := a.Survey, ""
	survey.Subject = surveys.PlainName(survey.Subject)
	if speaking := catalogue.Speaking(l, survey, a.Workspace); speaking != l {
		l, lang = speaking, speaking.Lang()
	}
	texts := l.Asked(survey, brand)
	return i18n.SurveyTexts{Question: letters.Spaced(oneLine(texts.Question)), Low: oneLine(texts.Low), High: oneLine(texts.High)}, lang
}

// invitation is what an invitation or a reminder says.
func (c *Composer) invitation(a Asking, links links) letters.Invitation {
	view := letters.Invitation{Frame: c.frame(a, links), Page: links.page}
	if a.Invitation.Letter == surveys.LetterReminder {
		view.Reminder, view.CapDays = letters.Reminder, 0 // which is not asked a second time, but would seem so
	}
	texts, lang := asked(view.L, c.catalogue, a, view.Brand)
	view.Question, view.Low, view.High, view.Lang = texts.Question, texts.Low, texts.High, lang
	for _, score := range a.Survey.Choices() {
		view.Choices = append(view.Choices, letters.Choice{Score: score, Address: choiceAddress(links.page, score)})
	}
	return view
}

// thanks is what a thank-you says. Why the person gets it is their answer, and
// it makes no promise about further questions.
func (c *Composer) thanks(a Asking, links links) letters.Thanks {
	view := letters.Thanks{Frame: c.frame(a, links), Page: links.page}
	view.Reason, view.CapDays = letters.Spaced(view.L.T("letters.thanks.reason", "company", view.Brand)), 0
	if a.Answer == nil {
		return view
	}
	texts, lang := asked(view.L, c.catalogue, a, view.Brand)
	scale := a.Survey.Metric.Scale()
	view.Question, view.Lang, view.Score, view.Max = texts.Question, lang, a.Answer.Score, scale.Max
	band := scale.Band(a.Answer.Score)
	view.Link, view.LinkKind = a.Links[band], letters.LinkMiddle
	switch band {
	case scale.Good:
		view.LinkKind = letters.LinkGood
	case scale.Bad:
		view.LinkKind = letters.LinkBad
	}
	return view
}

// reason says why the person gets the letter: after which event.
func reason(l *i18n.Localizer, eventType, brand string) string {
	return l.T("mail.reason."+reasonKey(eventType), "company", brand)
}

// reasonKey is the event as the catalogue knows it.
func reasonKey(eventType string) string {
	switch eventType {
	case "order_completed", "ticket_solved", "subscription_cancelled", "signed_up", "renewed":
		return eventType
	}
	return "other"
}

// maxFirstName is the longest name that a letter greets by, in characters.
const maxFirstName = 40

// firstName is what to call somebody by, and "" where it is not known: a title,
// an initial, or something that is no name. A Chinese name is used whole, without
// the space that some write after a surname of one character.
func firstName(name string) string {
	name = surveys.PlainName(name)
	if surname, given, parted := strings.Cut(name, " "); parted && isSurname(surname) && han(given) {
		name = surname + given
	}
	if _, given, inverted := strings.Cut(name, ","); inverted {
		name = given
	}
	first, _, _ := strings.Cut(strings.TrimSpace(name), " ")
	letters := 0
	for _, r := range first {
		switch {
		case unicode.IsLetter(r):
			letters++
		case !unicode.IsMark(r) && !strings.ContainsRune("-'’·", r):
			return ""
		}
	}
	if letters > maxFirstName || letters == 0 || (letters == 1 && !han(first)) {
		return ""
	}
	return first
}

// isSurname reports whether a name is a Chinese surname: of one character, or one of
// those of two that are still borne.
func isSurname(name string) bool {
	double := []string{"欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯", "端木", "南宫", "长孙", "轩辕", "歐陽", "司馬", "諸葛", "東方", "尉遲", "公孫", "長孫", "軒轅"}
	return han(name) && (utf8.RuneCountInString(name) == 1 || slices.Contains(double, name))
}

// han reports whether a name is written in Chinese characters only.
func han(name string) bool {
	return strings.IndexFunc(name, func(r rune) bool { return !unicode.Is(unicode.Han, r) }) < 0
}

// oneLine writes a text in one line, without control characters.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, ""), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
}
