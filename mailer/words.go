package mailer

import (
	"cmp"
	"strconv"
	"strings"
	"unicode"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/i18n"
	"github.com/harkhq/hark/templates/letters"
)

// view is what the letter says, in the person's language or else the
// workspace's.
func (c *Composer) view(a Asking, answer, unsubscribe surveys.Token) letters.Invitation {
	l := c.catalogue.Match("", a.Person.Locale, a.Workspace.Locale)
	brand := cmp.Or(surveys.PlainName(a.Workspace.Name), c.domain)
	page := c.link("r", answer)
	view := letters.Invitation{
		L: l, Brand: brand, Colour: a.Workspace.Color,
		Name:        firstName(a.Person.Name),
		Reason:      letters.Spaced(reason(l, a.EventType, brand)),
		CapDays:     a.CapDays,
		Page:        page,
		Unsubscribe: c.link("u", unsubscribe),
		Postal:      oneLine(a.Workspace.Address),
	}
	if a.Invitation.Letter == surveys.LetterReminder {
		view.Reminder = letters.Reminder
	}
	survey := a.Survey
	survey.Subject = surveys.PlainName(survey.Subject)
	texts := l.Asked(survey, brand)
	view.Question, view.Low, view.High = letters.Spaced(oneLine(texts.Question)), oneLine(texts.Low), oneLine(texts.High)
	for _, score := range a.Survey.Metric.Scale().Choices() {
		view.Choices = append(view.Choices, letters.Choice{Score: score, Address: page + "?score=" + strconv.Itoa(score)})
	}
	return view
}

// reason says why the person gets the letter: after which event.
func reason(l *i18n.Localizer, eventType, brand string) string {
	switch eventType {
	case "order_completed", "ticket_solved", "subscription_cancelled", "signed_up", "renewed":
		return l.T("mail.reason."+eventType, "company", brand)
	}
	return l.T("mail.reason.other", "company", brand)
}

// maxFirstName is the longest name that a letter greets by, in characters.
const maxFirstName = 40

// firstName is what to call somebody by, and "" where it is not known: a title,
// an initial, or something that is no name. A Chinese name has no spaces and is
// used whole.
func firstName(name string) string {
	name = surveys.PlainName(name)
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
	han := strings.IndexFunc(first, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0
	if letters > maxFirstName || letters == 0 || (letters == 1 && !han) {
		return ""
	}
	return first
}

// oneLine writes a text in one line, without control characters.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, ""), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
}
