package mailer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"
	gomail "github.com/wneessen/go-mail"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/letters"
)

// Most of a letter is the same for everybody who gets it. It is rendered once,
// with marks in the place of what is personal, and cut at the marks into a form.
// A letter is its form with the person's values, and nothing else: there is no
// second way to write one. The values are the words, line by line, as the page
// and the catalogue make them for the person, and what the headers and the links
// have of their own.

// Edition remembers the forms of letters that differ in nothing but the person:
// of one survey, one letter of a rule, one sender and one state of all of them.
// The zero value is ready to use, from several goroutines.
type Edition struct {
	mu    sync.Mutex
	views map[viewKey]rendered
	forms map[formKey]*form
}

// viewKey is what of a person decides about what is the same.
type viewKey struct {
	locale, reason string
	score          int // that a thank-you thanks for; -1 for none
}

// formKey is what decides about the form beside that.
type formKey struct {
	viewKey
	shape    [5]int // of the words
	stopMail bool
}

// maxForms bounds what an edition remembers: strangers choose their locale.
const maxForms = 500

// Places of a form's values; the words follow.
const (
	fillSignature = iota
	fillTo
	fillID
	fillDate
	fillSubject
	fillAnswer
	fillStop
	fillStopMail
	fillWords // each line twice: in the HTML part, then in the text part
)

// form is what letters share.
type form struct {
	stored *store.SharedForm
	who    Identity
	fields envelope // without what is personal
}

// view is the letter of an asking without its links.
func (e *Edition) view(c *Composer, a Asking) (viewKey, rendered) {
	key := viewKey{locale: a.Person.Locale, reason: reasonKey(a.EventType), score: -1}
	if a.Answer != nil {
		key.score = a.Answer.Score
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	view, known := e.views[key]
	if !known {
		view = c.letter(a, links{})
		if e.views == nil || len(e.views) >= maxForms {
			e.views = make(map[viewKey]rendered)
		}
		e.views[key] = view
	}
	return key, view
}

// form is the one of a letter's view.
func (e *Edition) form(ctx context.Context, c *Composer, a Asking, key formKey, view rendered) (*form, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if f, known := e.forms[key]; known {
		return f, nil
	}
	f, err := c.form(ctx, a, view)
	if err != nil {
		return nil, err
	}
	if e.forms == nil || len(e.forms) >= maxForms {
		e.forms = make(map[formKey]*form)
	}
	e.forms[key] = f
	return f, nil
}

// marks stand for a letter's values, at their places.
type marks []string

// newMarks draws marks, so that no text can hold them by chance or on purpose.
func (c *Composer) newMarks(a Asking, lines int) (marks, error) {
	list := make(marks, fillWords+2*lines)
	for n := range list {
		var mark string
		var err error
		if n == fillAnswer || n == fillStop {
			var token surveys.Token
			token, err = c.token(Asking{Workspace: a.Workspace})
			mark = string(token)
		} else {
			mark, err = surveys.NewKey(c.random, 18)
			mark = "m" + mark + "m"
		}
		if err != nil {
			return nil, err
		}
		list[n] = mark
	}
	return list, nil
}

// dateMark stands for the date, among the headers only.
var dateMark = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)

// form renders a letter with marks and cuts it.
func (c *Composer) form(ctx context.Context, a Asking, view rendered) (*form, error) {
	words := view.Words()
	lines := words.Lines()
	m, err := c.newMarks(a, len(lines))
	if err != nil {
		return nil, err
	}
	to := links{page: c.link("r", surveys.Token(m[fillAnswer])), unsubscribe: c.link("u", surveys.Token(m[fillStop])), trap: c.link("h", surveys.Token(m[fillStop]))}
	marked := make([]string, len(lines))
	for n := range lines {
		marked[n] = m[fillWords+2*n]
	}
	view = personal(view, "", words.Replaced(marked), to)
	html, err := htmlOf(ctx, view)
	if err != nil {
		return nil, err
	}
	f := &form{who: c.who(a), fields: c.envelope(a, view)}
	fields := f.fields
	fields.to, fields.id, fields.subject, fields.date = m[fillTo]+"@mark.example", m[fillID], m[fillSubject], dateMark
	if fields.stopMail != "" {
		fields.stopMail = m[fillStopMail]
	}
	head, body, err := fields.skeleton()
	if err != nil {
		return nil, err
	}
	pieces := cutHead(head, m)
	parts := bytes.Split(body, []byte(bodyMark))
	if len(parts) != 3 {
		return nil, errors.New("the message has not the two parts of a letter")
	}
	pieces = append(pieces, store.Piece{Bytes: parts[0], Fill: -1})
	pieces = append(pieces, cutBody(view.Text(), m, 1)...)
	pieces = append(pieces, store.Piece{Bytes: parts[1], Fill: -1})
	pieces = append(pieces, cutBody(html, m, 0)...)
	f.stored, err = store.NewForm(append(pieces, store.Piece{Bytes: parts[2], Fill: -1}))
	return f, err
}

// bodyMark stands for a part's body in a message of the mail library.
const bodyMark = "hark-part"

// skeleton is the message of a letter without its parts, its headers apart.
func (e envelope) skeleton() (head, body []byte, err error) {
	message, err := e.message()
	if err != nil {
		return nil, nil, err
	}
	message.SetBodyString(gomail.TypeTextPlain, bodyMark)
	message.AddAlternativeString(gomail.TypeTextHTML, bodyMark)
	raw, err := encoded(message, nil)
	if err != nil {
		return nil, nil, err
	}
	at := bytes.Index(raw, []byte("\r\n\r\n"))
	if at < 0 {
		return nil, nil, errors.New("the message has no body")
	}
	return raw[:at], raw[at:], nil
}

// cutHead cuts the headers at their marks.
func cutHead(head []byte, m marks) []store.Piece {
	at := map[string]int{
		"<" + m[fillTo] + "@mark.example>": fillTo, m[fillID]: fillID, m[fillSubject]: fillSubject, m[fillStop]: fillStop, m[fillStopMail]: fillStopMail,
		dateMark.Format(time.RFC1123Z): fillDate,
	}
	pieces := []store.Piece{{Fill: fillSignature}}
	for rest := string(head); ; {
		before, fill, after := cutFirst(rest, at)
		pieces = append(pieces, store.Piece{Bytes: []byte(before), Fill: fill})
		if fill < 0 {
			return pieces
		}
		rest = after
	}
}

// cutBody encodes a part and cuts it at its marks. A token has always the same
// length and no character to encode; a line of words begins after a soft break
// and ends in one. Which is the place among the two that each line has.
func cutBody(text string, m marks, which int) []store.Piece {
	at := map[string]int{m[fillAnswer]: fillAnswer, m[fillStop]: fillStop}
	for n := fillWords; n < len(m); n += 2 {
		at[m[n]] = n + which
	}
	var pieces []store.Piece
	var p printable
	for rest := text; ; {
		before, fill, after := cutFirst(rest, at)
		p.text(before)
		switch {
		case fill == fillAnswer || fill == fillStop:
			p.room(surveys.LetterTokenLength)
		case fill >= 0 && p.column > 0:
			p.softBreak()
		}
		pieces = append(pieces, store.Piece{Bytes: p.out, Fill: fill})
		if fill < 0 {
			return pieces
		}
		p.out, rest = nil, after
	}
}

// cutFirst cuts a text around the first mark in it; without one, before is all
// of it, and fill negative.
func cutFirst(text string, at map[string]int) (before string, fill int, after string) {
	first, fill, width := len(text), -1, 0
	for mark, place := range at {
		if found := strings.Index(text, mark); found >= 0 && found < first {
			first, fill, width = found, place, len(mark)
		}
	}
	return text[:first], fill, text[first+width:]
}

// values are what a letter fills into its form.
func (f *form) values(fields envelope, tokens [2]surveys.Token, words letters.Texts) [][]byte {
	lines := words.Lines()
	values := make([][]byte, fillWords, fillWords+2*len(lines))
	values[fillTo] = []byte((&mail.Address{Address: fields.to}).String())
	values[fillID] = []byte(fields.id)
	values[fillDate] = []byte(fields.date.Format(time.RFC1123Z))
	values[fillSubject] = []byte(subjectField(fields.subject))
	values[fillAnswer], values[fillStop] = []byte(tokens[0]), []byte(tokens[1])
	values[fillStopMail] = []byte(fields.stopMail)
	for _, line := range lines {
		values = append(values, encodedLine(templ.EscapeString(line)), encodedLine(line))
	}
	return values
}

// fill is what makes a letter of the form: its values and its signature. What its
// headers share was checked when the form was made.
func (f *form) fill(fields envelope, tokens [2]surveys.Token, words letters.Texts) (values [][]byte, err error) {
	if err := fields.checkOwn(); err != nil {
		return nil, err
	}
	values = f.values(fields, tokens, words)
	if fields.signer == nil {
		return values, nil
	}
	if values[fillSignature], err = fields.signer.signatures(f.stored.Form.Fill(values)); err != nil {
		return nil, fmt.Errorf("sign the letter: %w", err)
	}
	return values, nil
}
