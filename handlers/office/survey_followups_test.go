package office

import (
	"net/http"
	"net/url"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/chromedp/chromedp"

	"github.com/harkhq/hark/handlers/browsertest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// askedOf is what a survey asks, as it is stored.
func (x *team) askedOf(id string) surveys.Survey {
	x.t.Helper()
	survey, err := x.store.Survey(x.t.Context(), x.w.ID, id)
	if err != nil {
		x.t.Fatal(err)
	}
	return survey
}

// sends is everything of a page's form that a browser would send.
func (p *page) sends() url.Values {
	form := url.Values{}
	p.Find("#survey-form").Find("input, select, textarea").Each(func(_ int, field *goquery.Selection) {
		name, typ := field.AttrOr("name", ""), field.AttrOr("type", "")
		_, checked := field.Attr("checked")
		switch {
		case name == "" || (typ == "radio" || typ == "checkbox") && !checked:
		case field.Is("textarea"):
			form.Add(name, field.Text())
		case field.Is("select"):
			chosen := field.Find("option[selected]")
			if chosen.Length() == 0 {
				chosen = field.Find("option").First()
			}
			form.Add(name, chosen.AttrOr("value", ""))
		default:
			form.Add(name, field.AttrOr("value", ""))
		}
	})
	return form
}

// TestFollowUpsAreWrittenWithoutScript: cards are added, filled in, moved,
// removed and brought back, and nothing is stored before it is saved.
func TestFollowUpsAreWrittenWithoutScript(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		survey := storetest.Survey(t, s, x.w.ID, surveys.CSAT)
		m := x.as(surveys.Manager)
		at := "/surveys/" + survey.ID
		p := m.get(at + "/edit").want(http.StatusOK)
		p.has(".asks>li", 1)
		form := p.sends()
		do := func(what string) {
			t.Helper()
			form.Set("do", what)
			p = m.post(at+"/draft", form).want(http.StatusOK)
			form = p.sends()
		}
		do("add:one")
		p.has(".asks>li", 2)
		p.has(`input[name="follow_ups.1.texts.en.ask"][autofocus]`, 1)
		id := form.Get("follow_ups.1.id")
		form.Set("follow_ups.1.texts.en.ask", "What was it?")
		form.Set("follow_ups.1.choices.0.texts.en", "Late")
		form.Set("follow_ups.1.choices.1.texts.en", "Cold")
		form.Set("follow_ups.1.show", "bands")
		form.Set("follow_ups.1.show.bands", "dissatisfied")
		do("up:1")
		if form.Get("follow_ups.0.id") != id || form.Get("follow_ups.0.choices.1.texts.en") != "Cold" || form.Get("follow_ups.0.choices.0.id") == "" {
			t.Fatalf("after moving up: %v", form)
		}
		p.has(`input[name="follow_ups.0.show.bands"][value="dissatisfied"][checked]`, 1)
		late := form.Get("follow_ups.0.choices.0.id")
		do("remove:0")
		p.has(".asks>li", 1)
		p.says(".undo", "What was it?")
		do("undo")
		p.has(".asks>li", 2)
		do("add:comment")
		form.Set("follow_ups.2.texts.en.ask", "How late?")
		form.Set("follow_ups.2.show", "after")
		form.Set("follow_ups.2.show.after", id)
		form.Set("follow_ups.2.show.choices", id+":"+late)
		form.Set("style", "smileys3")
		form.Set("fields", "order_id\r\nplan")
		form.Set("thanks.satisfied.link", "https://reviews.example")
		form.Set("thanks.satisfied.texts.en.text", "Lovely!")
		form.Set("texts.en.follow_up_bad", "What went wrong?")
		if stored := x.askedOf(survey.ID); stored.Question.FollowUps != nil || stored.Question.Version != 1 {
			t.Errorf("a draft was stored: %+v", stored)
		}
		m.post(at, form).seesOther(at)
		got := x.askedOf(survey.ID)
		list := got.Question.FollowUps
		if len(list) != 3 || list[0].ID != id || list[1].ID != surveys.MainComment || list[2].Show.After != id || !reflect.DeepEqual(list[2].Show.Choices, []string{late}) ||
			!reflect.DeepEqual(list[0].Show.Bands, []surveys.Band{surveys.Dissatisfied}) || list[0].Choices[0].ID != late {
			t.Errorf("stored %+v", list)
		}
		if got.Question.Style != surveys.StyleThreeFaces || !reflect.DeepEqual(got.Fields, []string{"order_id", "plan"}) || got.Thanks[surveys.Satisfied].Texts["en"].Text != "Lovely!" || got.Question.Texts["en"].FollowUpBad != "What went wrong?" {
			t.Errorf("stored %+v", got)
		}
		// Saving the same once more makes no version, and a form without the cards takes none away.
		form = m.get(at + "/edit").sends()
		m.post(at, form).seesOther(at)
		m.post(at, url.Values{"name": {"Other"}, "texts.en.follow_up_bad": {"What went wrong?"}}).seesOther(at)
		if again := x.askedOf(survey.ID); again.Question.Version != 2 || len(again.Question.FollowUps) != 3 || again.Question.Style != surveys.StyleThreeFaces {
			t.Errorf("stored again: %+v", again)
		}
		// A choice keeps its id when its words are changed, and goes when they are cleared.
		form.Set("follow_ups.0.choices.0.texts.en", "Too late")
		form.Set("follow_ups.0.choices.1.texts.en", "")
		form.Set("follow_ups.0.choices.2.texts.en", "Spilled")
		m.post(at, form).seesOther(at)
		if choices := x.askedOf(survey.ID).Question.FollowUps[0].Choices; len(choices) != 2 || choices[0].ID != late || choices[0].Text("en") != "Too late" || choices[1].Text("en") != "Spilled" {
			t.Errorf("the choices are %+v", choices)
		}
	})
}

// TestFollowUpsKeepTheirRules: a rule that was begun, or that lost the question that it
// follows from, is no rule for everybody: the survey is not saved before somebody says what
// is meant.
func TestFollowUpsKeepTheirRules(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.CSAT)
	m, at := x.as(surveys.Manager), "/surveys/"+survey.ID
	draft := func(form url.Values, what string) url.Values {
		t.Helper()
		form.Set("do", what)
		return m.post(at+"/draft", form).want(http.StatusOK).sends()
	}
	form := draft(draft(m.get(at+"/edit").want(http.StatusOK).sends(), "add:one"), "add:comment")
	form.Set("follow_ups.1.texts.en.ask", "Parent?")
	form.Set("follow_ups.1.choices.0.texts.en", "P")
	form.Set("follow_ups.1.choices.1.texts.en", "Q")
	form.Set("follow_ups.2.texts.en.ask", "Child?")
	form.Del("do")
	for name, change := range map[string]func(form url.Values){
		"by score, no band":  func(form url.Values) { form.Set("follow_ups.2.show", "bands") },
		"after, no question": func(form url.Values) { form.Set("follow_ups.2.show", "after") },
		"after a question, no more": func(form url.Values) {
			form.Set("follow_ups.2.show", "after")
			form.Set("follow_ups.2.show.after", form.Get("follow_ups.1.id"))
		},
	} {
		begun := url.Values{}
		for key, values := range form {
			begun[key] = values
		}
		change(begun)
		if p := m.post(at, begun); p.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, p.status)
		}
	}
	form = draft(form, "add:comment") // which names the choices
	form.Set("follow_ups.3.texts.en.ask", "Another?")
	form.Set("follow_ups.2.show", "after")
	form.Set("follow_ups.2.show.after", form.Get("follow_ups.1.id"))
	form.Set("follow_ups.2.show.choices", form.Get("follow_ups.1.id")+":"+form.Get("follow_ups.1.choices.0.id"))
	form.Del("do")
	m.post(at, form).seesOther(at)
	if stored := x.askedOf(survey.ID).Question.FollowUps; len(stored) != 4 || stored[2].Show.After == "" {
		t.Fatalf("stored %+v", stored)
	}
	for _, what := range []string{"remove:1", "down:1"} {
		orphaned := draft(m.get(at+"/edit").want(http.StatusOK).sends(), what)
		orphaned.Del("do")
		if p := m.post(at, orphaned); p.status != http.StatusUnprocessableEntity {
			t.Errorf("after %s: %d", what, p.status)
		}
		if stored := x.askedOf(survey.ID).Question.FollowUps; len(stored) != 4 || stored[2].Show.After == "" {
			t.Fatalf("after %s the rule is gone: %+v", what, stored)
		}
	}
}

// TestFollowUpsSayWhatIsWrong at their fields, and keep what was written.
func TestFollowUpsSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.CSAT)
	m := x.as(surveys.Manager)
	at := "/surveys/" + survey.ID
	draft := m.get(at + "/edit").sends()
	draft.Set("do", "add:many")
	draft = m.post(at+"/draft", draft).sends()
	draft.Set("follow_ups.1.texts.en.ask", "Which?")
	for _, c := range []struct {
		name, field, value string
		says               string // of the first error
	}{
		{"too few choices", "follow_ups.1.choices.0.texts.en", "One", "2 to 20"},
		{"no link", "thanks.satisfied.link", "reviews.example", "https://"},
		{"a field of spaces and capitals", "fields", "Order", "small letters"},
		{"no question", "follow_ups.1.texts.en.ask", "", "missing"},
		{"no style", "style", "hearts", "Only CSAT"},
	} {
		t.Run(c.name, func(t *testing.T) {
			form := url.Values{}
			for name, values := range draft {
				form[name] = values
			}
			if c.field != "follow_ups.1.choices.0.texts.en" {
				form.Set("follow_ups.1.choices.0.texts.en", "One")
				form.Set("follow_ups.1.choices.1.texts.en", "Two")
			}
			form.Set(c.field, c.value)
			p := m.post(at, form).want(http.StatusUnprocessableEntity)
			p.t = t
			p.says(".error", c.says)
			if c.value != "hearts" && p.value(c.field) != c.value {
				t.Errorf("%s holds %q", c.field, p.value(c.field))
			}
			if p.Find(".error").Closest("details").Length() > 0 && p.Find(".error").Closest("details:not([open])").Length() > 0 {
				t.Error("the error is folded away")
			}
		})
	}
	if got := x.askedOf(survey.ID); got.Question.Version != 1 {
		t.Errorf("stored %+v", got)
	}
}

// TestLanguagesOfASurvey: the form shows those that are used, says what is
// missing in them, and adds one.
func TestLanguagesOfASurvey(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	m := x.as(surveys.Manager)
	at := "/surveys/" + survey.ID
	p := m.get(at + "/edit")
	p.has(`input[name="texts.zh-Hans.ask"]`, 0)
	form := p.sends()
	form.Set("texts.en.ask", "Would you?")
	form.Set("language", "zh-Hans")
	form.Set("do", "language")
	p = m.post(at+"/draft", form)
	p.has(`input[name="texts.zh-Hans.ask"]`, 1)
	p.says("#languages", "1 of 1 texts missing")
	form = p.sends()
	form.Set("texts.zh-Hans.ask", "您愿意吗？")
	m.post(at, form).seesOther(at)
	p = m.get(at + "/edit")
	p.has(`input[name="texts.zh-Hans.ask"]`, 1)
	p.says("#languages", "Every text is there")
	form = p.sends()
	form.Set("locale", "fi")
	m.post(at, form).seesOther(at)
	p = m.get(at + "/edit")
	p.has(`select[name=locale] option[value=fi][selected]`, 1)
	p.has(`input[name="texts.fi.ask"]`, 1)
	form.Set("locale", "tlh")
	m.post(at, form).want(http.StatusUnprocessableEntity)
}

// TestFollowUpsInABrowser walks the list with script and the keyboard, and with
// nothing but forms; axe finds nothing, and nothing runs over at 320 px.
func TestFollowUpsInABrowser(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := beside(x, "")
	survey.Metric = surveys.NPS
	b := x.open("en")
	edit := "/surveys/" + survey.ID + "/edit"
	b.visit(edit)
	b.eventually(`document.querySelectorAll(".asks>li").length === 2`)
	b.do(chromedp.Focus(chromedp.CSS(`[name=subject]`)), chromedp.KeyEvent("tea"))
	b.do(chromedp.Click(chromedp.CSS(`.add-ask summary`)), chromedp.Focus(chromedp.CSS(`[id="do-add:one"]`)), chromedp.KeyEvent("\r"))
	b.eventually(`document.activeElement.name === "follow_ups.2.texts.en.ask" && location.pathname.endsWith("/edit") && document.querySelector("[name=subject]").value === "tea"`)
	b.do(chromedp.KeyEvent("Where?"), chromedp.Focus(chromedp.CSS(`[id="do-up:2"]`)), chromedp.KeyEvent("\r"))
	b.eventually(`document.activeElement.id === "do-up:1" && document.querySelector("[name='follow_ups.1.texts.en.ask']").value === "Where?"`)
	b.do(chromedp.Focus(chromedp.CSS(`[id="do-remove:1"]`)), chromedp.KeyEvent("\r"))
	b.eventually(`document.activeElement.id === "do-undo" && document.querySelectorAll(".asks>li").length === 2`)
	b.do(chromedp.KeyEvent("\r"))
	b.eventually(`document.querySelectorAll(".asks>li").length === 3 && document.querySelector("[name='follow_ups.1.texts.en.ask']").value === "Where?"`)

	plain := x.open("en")
	plain.do(chromedp.Func(withoutScript))
	plain.visit(edit)
	plain.do(chromedp.Click(chromedp.CSS(`.add-ask summary`)), chromedp.Click(chromedp.CSS(`[id="do-add:scale"]`)))
	plain.eventually(`location.pathname.endsWith("/draft") && document.querySelectorAll(".asks>li").length === 3`)
}

func TestAxeFindsNothingOnFollowUps(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := beside(x, "")
	faces := storetest.Survey(t, x.store, x.w.ID, surveys.CSAT)
	for _, c := range []struct {
		lang   string
		scheme browsertest.Scheme
		width  int64
	}{{"en", browsertest.Light, 1280}, {"zh-Hans", browsertest.Dark, 320}, {"en", browsertest.Light, 320}, {"en", browsertest.Dark, 1280}} {
		b := x.open(c.lang)
		b.do(chromedp.EmulateViewport(c.width, 900), browsertest.Prefer(c.scheme))
		for name, id := range map[string]string{"nps": survey.ID, "csat": faces.ID} {
			b.visit("/surveys/" + id + "/edit")
			b.runs(`document.querySelectorAll("main details").forEach(d => d.open = true); document.querySelectorAll("input[value=bands]").forEach(r => r.checked = true); document.querySelectorAll(".asks>li:last-child input[value=after]").forEach(r => r.checked = true)`)
			found, err := browsertest.Axe(b.ctx)
			if err != nil {
				t.Fatal(err)
			}
			faults, err := browsertest.Faults(b.ctx)
			if err != nil {
				t.Fatal(err)
			}
			for _, one := range append(found, faults...) {
				t.Errorf("%s %s %d: %s", name, c.scheme, c.width, one)
			}
			if dir := browsertest.Wanted(); dir != "" {
				if err := browsertest.Screenshot(b.ctx, filepath.Join(dir, "followups-"+name+"-"+c.lang+"-"+string(c.scheme)+".png"), int(c.width), 0, c.scheme); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
