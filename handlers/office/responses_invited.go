package office

import (
	"maps"
	"strings"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/office"
)

// invitedParameter names the days on which mails were sent, first and last, of
// which the answers are listed: the report leads here from those who were asked.
const invitedParameter = "invited"

// daysBetween stands between the two days.
const daysBetween = ".."

// mailedIn is the parameter for the mails of a period.
func mailedIn(p period) string { return p.From.String() + daysBetween + p.last().String() }

// readInvited reads the days; those are of the list's, not of words that are
// looked for.
func (l *listing) readInvited() store.Invited {
	text := l.query.Get(invitedParameter)
	if text == "" || l.text != "" {
		return store.Invited{}
	}
	first, last, _ := strings.Cut(text, daysBetween)
	from, err := analysis.ParseDay(first)
	to, wrong := analysis.ParseDay(last)
	if err != nil || wrong != nil || to < from {
		l.mark(surveys.FieldError{Path: "to", Code: "date"})
		return store.Invited{}
	}
	return store.Invited{From: int(from), To: int(to) + 1}
}

// chosenMails go along unseen when the form is sent.
func (l *listing) chosenMails() []office.Hidden {
	if l.filter.Invited == (store.Invited{}) {
		return nil
	}
	return []office.Hidden{{Name: invitedParameter, Value: l.query.Get(invitedParameter)}}
}

// mailsChip says that only answers to some mails are listed, with the way to be
// rid of that.
func (l *listing) mailsChip() []office.FeedChip {
	days := l.filter.Invited
	if days == (store.Invited{}) {
		return nil
	}
	everything := *l
	everything.query = maps.Clone(l.query)
	everything.query.Del(invitedParameter)
	text := l.l.T("office.filters.invited", "from", analysis.Day(days.From).Time(), "to", analysis.Day(days.To-1).Time())
	return []office.FeedChip{{Text: text, Remove: everything.narrowed(l.filter.Segments, "")}}
}
