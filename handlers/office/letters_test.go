package office

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/mailer"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// lettered is a team with a rule of reminders and thanks.
func lettered(t *testing.T, s *store.Store) (*team, surveys.Rule) {
	t.Helper()
	x := newTeam(t, s)
	rule := storetest.Rule(t, s, storetest.Survey(t, s, x.w.ID, surveys.NPS))
	rule.Reminders = []surveys.Reminder{{After: 72 * time.Hour, Key: 1}, {After: 96 * time.Hour, Key: 2}}
	rule.Thanks = surveys.Thanks{On: true, Links: map[surveys.Band]string{surveys.Detractor: "https://help.example"}}
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateRule(ctx, rule) })
	return x, rule
}

// letterTexts are what is stored of a letter.
func (m *member) letterTexts(key surveys.LetterKey) map[string]surveys.LetterTexts {
	m.t.Helper()
	texts, err := m.store.LetterTexts(context.Background(), m.w.ID, key)
	if err != nil {
		m.t.Fatal(err)
	}
	return texts
}

func TestLetterIsWrittenOnItsPage(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x, rule := lettered(t, s)
		m := x.as(surveys.Manager)
		p := m.get(pathLetters(rule.ID)).want(http.StatusOK)
		p.has(".tabs a", 4)
		p.has(".letter-languages .seg a", 1) // nothing is written in another language yet
		p.has(".letter-languages option", len(surveys.RespondentLocales())-1)
		p.has(`.letter-languages form input[name="letter"]`, 1)
		if got := p.Find("[name=subject]").AttrOr("placeholder", ""); got != "Ana, one question from "+x.w.Name {
			t.Errorf("the usual subject is %q", got)
		}
		p.has("button[formaction$='/reset']", 0)
		key := surveys.LetterKey{RuleID: rule.ID, Letter: surveys.LetterReminder, Number: 2}
		form := url.Values{"letter": {"reminder"}, "number": {"2"}, "lang": {"ar"}, "subject": {" مرحبًا {{name|عميلنا}}\n"}, "intro": {"a\r\n\r\nb"}, "preheader": {""}, "greeting": {""}, "closing": {""}}
		at := pathLetters(rule.ID) + "?lang=ar&letter=reminder&number=2"
		m.post(pathLetters(rule.ID), form).seesOther(at)
		want := surveys.LetterTexts{Subject: "مرحبًا {{name|عميلنا}}", Intro: "a\n\nb"}
		if got := m.letterTexts(key); len(got) != 1 || got["ar"] != want {
			t.Fatalf("stored as %+v", got)
		}
		p = m.get(at).want(http.StatusOK)
		p.has("[name=subject][lang=ar][dir=rtl]", 1)
		if got := p.value("intro"); got != "a\n\nb" {
			t.Errorf("the introduction is %q", got)
		}
		p.says(".tabs [aria-current]", "Reminder 2 · own words")
		p.says(".seg [aria-current]", "العربية · own words")
		p.has("button[formaction$='/reset']", 1)
		m.post(pathLetters(rule.ID)+"/reset", form).seesOther(at)
		if got := m.letterTexts(key); len(got) != 0 {
			t.Errorf("after the reset there is %+v", got)
		}
	})
}

// TestRemindersKeepTheirWords takes the first of two reminders out, by the button
// or by emptying its row, and adds another one.
func TestRemindersKeepTheirWords(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x, rule := lettered(t, s)
		m := x.as(surveys.Manager)
		key := func(n int) surveys.LetterKey {
			return surveys.LetterKey{RuleID: rule.ID, Letter: surveys.LetterReminder, Number: n}
		}
		for n, subject := range map[int]string{1: "After three days", 2: "After a week"} {
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
				return tx.SaveLetterTexts(ctx, x.w.ID, key(n), "en", surveys.LetterTexts{Subject: subject})
			})
		}
		form := m.get(rulePath(rule) + "/edit").want(http.StatusOK).form(".rule-editor")
		press := func(name, value string) {
			form.Set(name, value)
			p := m.post(rulePath(rule)+"/form", form).want(http.StatusOK)
			form = p.form(".rule-editor")
		}
		expect := func(what string, keys ...int) {
			t.Helper()
			m.post(rulePath(rule), form).seesOther(rulePath(rule))
			stored, err := s.Rule(t.Context(), x.w.ID, rule.ID)
			if err != nil {
				t.Fatal(err)
			}
			var got []int
			for _, r := range stored.Reminders {
				got = append(got, r.Key)
			}
			if !slices.Equal(got, keys) {
				t.Errorf("%s: the reminders are %v, want %v", what, got, keys)
			}
		}
		press("remove_reminder", "0")
		expect("the first is taken out", 2)
		if gone, kept := m.letterTexts(key(1)), m.letterTexts(key(2)); len(gone) != 0 || kept["en"].Subject != "After a week" {
			t.Errorf("the words are %v and %v", gone, kept)
		}
		m.get(pathLetters(rule.ID)+"?letter=reminder&number=2").want(http.StatusOK).says(".tabs [aria-current]", "Reminder · own words")
		press("remove_reminder", "0")
		press("add_reminder", "1")
		expect("another in its place", 3)
		if old, fresh := m.letterTexts(key(2)), m.letterTexts(key(3)); len(old)+len(fresh) != 0 {
			t.Errorf("a new reminder has words: %v, %v", old, fresh)
		}
	})
}

func TestWhatIsWrongInALetterIsNotLost(t *testing.T) {
	t.Parallel()
	x, rule := lettered(t, storetest.Open(t, store.SQLite))
	m := x.as(surveys.Manager)
	for name, c := range map[string]struct{ field, text, says string }{
		"environment":  {"greeting", `Hi {{env "HOME"}}`, "is not known"},
		"call":         {"subject", "{{call .}}", "is not known"},
		"template":     {"closing", `{{template "x"}}`, "is not known"},
		"not closed":   {"intro", "Hi {{name|there", "is not closed"},
		"nested":       {"intro", "{{name|{{company}}}}", "braces inside braces"},
		"single":       {"preheader", "for {product}", "two of them: {{name|there}}"},
		"no fallback":  {"greeting", "Hi {{name}}", "{{name|there}}, or {{name|}} for nothing"},
		"far too long": {"subject", strings.Repeat("x", 151), "150"},
	} {
		for _, path := range []string{"", "/test"} {
			p := m.post(pathLetters(rule.ID)+path, url.Values{c.field: {c.text}, "letter": {"invitation"}, "lang": {"en"}}).want(http.StatusUnprocessableEntity)
			p.says("#field-"+c.field+"-error", c.says)
			if got := p.value(c.field); got != c.text {
				t.Errorf("%s: %q became %q", name, c.text, got)
			}
		}
	}
	if got := m.letterTexts(surveys.LetterKey{RuleID: rule.ID, Letter: surveys.LetterInvitation}); len(got) != 0 {
		t.Errorf("something wrong was stored: %+v", got)
	}
}

func TestPreviewOfALetter(t *testing.T) {
	t.Parallel()
	x, rule := lettered(t, storetest.Open(t, store.SQLite))
	m := x.as(surveys.Manager)
	form := url.Values{"letter": {"thanks"}, "lang": {"de"}, "subject": {"Danke {{name|}}"}, "intro": {`<script>alert(1)</script>`}}
	for view, want := range map[string]string{
		"desktop": "@media not all", "phone": "inline-size:375px", "small": "inline-size:320px", "dark": "@media all", "no such": "@media not all",
	} {
		p := m.post(pathLetters(rule.ID)+"/preview?view="+url.QueryEscape(view), form).want(http.StatusOK)
		html, err := p.Html()
		if err != nil || !strings.Contains(html, want) || strings.Contains(html, "prefers-color-scheme") {
			t.Errorf("%s: it lacks %q", view, want)
		}
		p.says("body b", "Danke Anna")
		p.says("h1", "Vielen Dank, Anna")
		p.has("script", 0)
		p.has("a[href='https://help.example']", 1)
		p.has("a[href='https://feedback.example/surveys/"+rule.SurveyID+"/preview']", 2)
		policy := p.header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "form-action 'none'", "frame-ancestors 'self'", "sandbox allow-same-origin"} {
			if !strings.Contains(policy, part) {
				t.Errorf("the policy %q lacks %s", policy, part)
			}
		}
		if strings.Contains(policy, "script") {
			t.Errorf("the policy %q lets scripts run", policy)
		}
	}
	m.post(pathLetters(rule.ID)+"/preview?view=text", form).want(http.StatusOK).says("pre", "Vielen Dank, Anna")
	wrong := maps.Clone(form)
	wrong["intro"] = []string{"{{bad"}
	m.post(pathLetters(rule.ID)+"/preview", wrong).want(http.StatusOK).says("body > p", "Introduction is not shown yet")
	m.post(pathLetters(rule.ID)+"/preview", form).want(http.StatusOK).has("body > p", 0)
	m.get(pathLetters(rule.ID)+"/preview?letter=reminder&number=1&lang=zh-Hans").want(http.StatusOK).says("html[lang=zh-Hans] h1", "推荐")
}

func TestTestGoesToWhoeverLooks(t *testing.T) {
	t.Parallel()
	x, box := inDemo(t)
	trials, err := mailer.NewTrials(mailer.TrialsOptions{URL: x.site.URL, From: "feedback@northwind.example", Catalogue: x.site.Catalogue, Transport: box, Random: x.store.Random(), Now: x.store.Now})
	if err != nil {
		t.Fatal(err)
	}
	x.site.Trials = trials
	rule := storetest.Rule(t, x.store, storetest.Survey(t, x.store, x.w.ID, surveys.CSAT))
	m := x.as(surveys.Manager)
	p := m.post(pathLetters(rule.ID)+"/test", url.Values{"letter": {"invitation"}, "lang": {"en"}, "subject": {"Unsaved"}, "to": {"victim@example.org"}}).want(http.StatusOK)
	p.says(".note", m.user.Email)
	if got := p.value("subject"); got != "Unsaved" {
		t.Errorf("what was written became %q", got)
	}
	heads, err := box.List(9)
	if err != nil || len(heads) != 1 || heads[0].Subject != "Test: Unsaved" || !strings.Contains(heads[0].To, m.user.Email) {
		t.Errorf("the mailbox has %+v, %v", heads, err)
	}
	if got := m.letterTexts(surveys.LetterKey{RuleID: rule.ID, Letter: surveys.LetterInvitation}); len(got) != 0 {
		t.Errorf("the test was stored: %+v", got)
	}
}

func TestNoTestWithoutAMailServer(t *testing.T) {
	t.Parallel()
	x, rule := lettered(t, storetest.Open(t, store.SQLite))
	p := x.as(surveys.Manager).post(pathLetters(rule.ID)+"/test", url.Values{"letter": {"invitation"}, "lang": {"en"}, "subject": {"Kept"}}).want(http.StatusOK)
	p.has(".note[role=alert]", 1)
	if got := p.value("subject"); got != "Kept" {
		t.Errorf("what was written became %q", got)
	}
}

func TestLettersThatARuleDoesNotSend(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	rule := storetest.Rule(t, x.store, storetest.Survey(t, x.store, x.w.ID, surveys.NPS))
	m := x.as(surveys.Manager)
	m.get(pathLetters(rule.ID)).want(http.StatusOK).says(".letter-languages p", "no reminders and no thank-you")
	for _, query := range []string{"?letter=reminder&number=1", "?letter=reminder", "?letter=thanks", "?letter=../x", "?letter=invitation&number=1", "?lang=sw", "?letter=invitation&lang=de-AT"} {
		m.get(pathLetters(rule.ID) + query).want(http.StatusNotFound)
		m.get(pathLetters(rule.ID) + "/preview" + query).want(http.StatusNotFound)
	}
	stranger := x.in(storetest.Workspace(t, x.store), surveys.Owner)
	stranger.get(pathLetters(rule.ID)).want(http.StatusNotFound)
	stranger.post(pathLetters(rule.ID), url.Values{"subject": {"stolen"}}).want(http.StatusNotFound)
	x.as(surveys.Agent).get(pathLetters(rule.ID)).want(http.StatusForbidden)
}

// TestLettersAskForWhatIsMissing checks the notes of the editor: no postal
// address, and no further letters.
func TestLettersAskForWhatIsMissing(t *testing.T) {
	t.Parallel()
	x, rule := lettered(t, storetest.Open(t, store.SQLite))
	m := x.as(surveys.Manager)
	m.get(pathLetters(rule.ID)).has(`.preview a[href="/settings"]`, 0)
	storetest.Write(t, x.store, func(ctx context.Context, tx *store.Tx) error {
		w, err := x.store.Workspace(ctx, x.w.ID)
		if err != nil {
			return err
		}
		w.Address = ""
		return tx.UpdateWorkspace(ctx, w)
	})
	m.get(pathLetters(rule.ID)).says(".preview .note", "no postal address")
	m.get(pathLetters(rule.ID)).has(`.preview a[href="/settings"]`, 1)
	m.get(pathLetters(rule.ID)).has(`.preview a[href="/surveys/`+rule.SurveyID+`/edit"]`, 1)
	plain := storetest.Rule(t, x.store, storetest.Survey(t, x.store, x.w.ID, surveys.CSAT))
	m.get(pathLetters(plain.ID)).has(`.letter-languages a[href="/asking/`+plain.ID+`/edit"]`, 1)
}
