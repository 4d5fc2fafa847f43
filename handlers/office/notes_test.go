package office

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// dayAgo is a day before the store's today, as forms have it.
func (x *team) dayAgo(n int) string {
	return (analysis.DayOf(x.store.Now(), x.w.Location()) - analysis.Day(n)).String()
}

// write posts the form of a note on a report, with the report's parameters.
func (m *member) write(survey surveys.Survey, query string, form url.Values) *page {
	m.t.Helper()
	return m.post("/surveys/"+survey.ID+"/notes"+query, form)
}

// follow goes where an answer leads.
func (m *member) follow(p *page) *page {
	m.t.Helper()
	p.want(http.StatusSeeOther)
	address, _, _ := strings.Cut(p.header.Get("Location"), "#")
	return m.get(address).want(http.StatusOK)
}

func TestNotesOnTheReport(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		m := x.as(surveys.Agent)
		survey, other := storetest.Survey(t, s, x.w.ID, surveys.NPS), storetest.Survey(t, s, x.w.ID, surveys.CSAT)
		x.answers(survey, many(60, 0, "pro", 9, 10, 3)...)
		x.answers(survey, many(60, 80, "pro", 9, 10, 3)...)
		x.answers(other, many(60, 0, "pro", 5, 4, 1)...)
		x.answers(other, many(60, 80, "pro", 5, 4, 1)...)

		p := m.follow(m.write(survey, "?range=365", url.Values{"note_day": {x.dayAgo(10)}, "note_text": {" New\tcourier "}}))
		p.says("#notes .note", "on the timeline")
		p.has(".timeline-notes li", 1)
		p.says(".timeline-notes li", "New courier")
		p.says(".timeline-notes li", "Grace Hopper")
		p.has("#trend .flag", 1)
		if !strings.Contains(p.Find(`.seg a[aria-current]`).AttrOr("href", ""), "range=365") {
			t.Error("the range is lost")
		}
		m.follow(m.write(other, "", url.Values{"note_day": {x.dayAgo(40)}, "note_text": {"Prices up"}, "note_all": {"on"}}))
		p = m.get("/surveys/" + survey.ID)
		p.has(".timeline-notes li", 2)
		p.says(".timeline-notes li:first-child", "1 ")
		p.says(".timeline-notes li:first-child", "Prices up")
		p.says(".timeline-notes li:first-child", "on all surveys")
		p.has(`#notes .note`, 0)
		if p := m.get("/surveys/" + other.ID); p.Find(".timeline-notes li").Length() != 1 {
			t.Errorf("the other survey has %s", p.text(".timeline-notes"))
		}
		// Outside of what is drawn nothing is shown, and it is said.
		p = m.follow(m.write(survey, "?from="+x.dayAgo(5)+"&to="+x.dayAgo(0), url.Values{"note_day": {x.dayAgo(-3)}, "note_text": {"Planned"}}))
		p.says("#notes .note", "outside of the dates")
		if strings.Contains(p.text(".timeline-notes"), "Planned") {
			t.Error("a note is drawn outside of the dates")
		}
	})
}

func TestNotesAreChangedAndComeBack(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m := x.as(surveys.Agent)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(survey, many(60, 0, "pro", 9, 10, 3)...)
	m.follow(m.write(survey, "?range=30", url.Values{"note_day": {x.dayAgo(2)}, "note_text": {"New courier"}}))
	edit := m.get("/surveys/"+survey.ID+"?range=30").Find(".timeline-notes a").AttrOr("href", "")
	p := m.get(edit).want(http.StatusOK)
	p.says("main", "Written by Grace Hopper on")
	if p.value("note_text") != "New courier" || p.value("note_day") != x.dayAgo(2) {
		t.Errorf("the form has %s, %s", p.value("note_text"), p.value("note_day"))
	}
	save := p.Find("main form").First().AttrOr("action", "")
	p = m.follow(m.post(save, url.Values{"note_day": {x.dayAgo(3)}, "note_text": {"Old courier"}, "note_all": {"on"}}))
	p.says("#notes .note", "saved")
	p.says(".timeline-notes li", "Old courier")
	p.says(".timeline-notes li", "on all surveys")
	p = m.follow(m.post(save, url.Values{"note_day": {x.dayAgo(3)}, "note_text": {"Old courier"}})) // back to this survey
	if strings.Contains(p.text(".timeline-notes"), "on all surveys") {
		t.Error("the note stays on all surveys")
	}
	p = m.post(save, url.Values{"note_day": {"soon"}, "note_text": {""}}).want(http.StatusUnprocessableEntity)
	p.says("#field-note_text-error", "missing")
	p.says("#field-note_day-error", "Choose a day")

	remove := m.get(edit).Find(`form[action*="/delete"]`).AttrOr("action", "")
	p = m.follow(m.post(remove, nil))
	p.has(".timeline-notes", 0)
	p.says("#notes .note", "Deleted: “Old courier”.")
	m.get(edit).want(http.StatusNotFound)
	m.post(save, url.Values{"note_day": {x.dayAgo(3)}, "note_text": {"x"}}).want(http.StatusNotFound)
	m.post(remove, nil).want(http.StatusNotFound)
	restore := p.Find("#notes .note form").AttrOr("action", "")
	p = m.follow(m.post(restore, nil))
	p.says("#notes .note", "back")
	p.says(".timeline-notes li", "Old courier")
	if got := p.Find(`.seg a[aria-current]`).First().AttrOr("href", ""); !strings.Contains(got, "range=30") {
		t.Errorf("the range is lost: %s", got)
	}
	m.post(restore, nil).want(http.StatusNotFound)
}

func TestBadNotesAreToldOnTheReport(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m := x.as(surveys.Agent)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(survey, many(60, 0, "pro", 9, 10, 3)...)
	for _, c := range []struct{ name, day, text, field, says string }{
		{"no text", x.dayAgo(0), " ", "text", "missing"},
		{"a long text", x.dayAgo(0), strings.Repeat("x", 201), "text", "200"},
		{"a null character", x.dayAgo(0), "a\x00b", "text", "null character"},
		{"no day", "", "x", "day", "Choose a day"},
		{"a day that is none", "2026-02-30", "x", "day", "Choose a day"},
		{"a day before 1970", "1960-01-01", "x", "day", "1970"},
		{"a day in two years", x.dayAgo(-800), "x", "day", "year ahead"},
	} {
		p := m.write(survey, "?range=30", url.Values{"note_day": {c.day}, "note_text": {c.text}}).want(http.StatusUnprocessableEntity)
		if got := p.text("#field-note_" + c.field + "-error"); !strings.Contains(got, c.says) {
			t.Errorf("%s: %q, want %q", c.name, got, c.says)
		}
		p.has(".note-form[open]", 1)
		p.has("#trend", 1)
		if p.value("note_day") != c.day && c.day != "" {
			t.Errorf("%s: the day %q is lost", c.name, c.day)
		}
	}
	if list, err := x.store.Notes(t.Context(), x.w.ID, store.NoteFilter{}); err != nil || len(list) != 0 {
		t.Errorf("stored %+v, %v", list, err)
	}
}

// TestViewersReadNotes: they see what was written, and no form.
func TestViewersReadNotes(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(survey, many(60, 0, "pro", 9, 10, 3)...)
	n := storetest.Note(t, x.store, survey)
	m := x.as(surveys.Viewer)
	p := m.get("/surveys/" + survey.ID)
	p.says(".timeline-notes li", n.Text)
	p.has(".timeline-notes a", 0)
	p.has(".note-form", 0)
	m.get("/surveys/"+survey.ID+"?noted=deleted&note="+n.ID).has("#notes", 0)
	if p := m.write(survey, "", url.Values{"note_day": {x.dayAgo(0)}, "note_text": {"x"}}); p.status != http.StatusForbidden {
		t.Errorf("a viewer writes: %d", p.status)
	}
}

// TestNoteLeadsNowhereElse: an address that was tampered with leads back to
// this site, and an old message is not believed.
func TestNoteLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m := x.as(surveys.Agent)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(survey, many(60, 0, "pro", 9, 10, 3)...)
	n := storetest.Note(t, x.store, survey)
	for _, back := range []string{"https://evil.example/", "//evil.example/", "/surveys/../../evil", "/settings", "/surveys/\\evil", ""} {
		p := m.post(pathNotes+"/"+n.ID+"?back="+url.QueryEscape(back), url.Values{"note_day": {x.dayAgo(0)}, "note_text": {"x"}}).want(http.StatusSeeOther)
		if got := p.header.Get("Location"); !strings.HasPrefix(got, "/surveys/") || strings.Contains(got, "\\") {
			t.Errorf("back=%q leads to %s", back, got)
		}
	}
	for _, query := range []string{"?noted=deleted&note=" + n.ID, "?noted=deleted&note=nope", "?noted=deleted", "?noted=%3Cscript%3E"} {
		m.get("/surveys/"+survey.ID+query).want(http.StatusOK).has("#notes .note", 0)
	}
}
