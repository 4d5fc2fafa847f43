package respond_test

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// says is a text in English and Chinese.
func says(ask string) map[string]surveys.FollowUpText {
	return map[string]surveys.FollowUpText{"en": {Ask: ask, Low: "bad", High: "good"}, "zh-Hans": {Ask: ask + "？", Low: "差", High: "好"}}
}

func picks(ids ...string) []surveys.Choice {
	list := make([]surveys.Choice, len(ids))
	for i, id := range ids {
		list[i] = surveys.Choice{ID: id, Texts: map[string]string{"en": "The " + id}}
	}
	return list
}

// asking is a survey with a follow-up of every kind, by band and by an earlier
// answer.
func (b *bundle) asking(metric surveys.Metric, style surveys.Style) (surveys.Survey, string) {
	b.t.Helper()
	scale := metric.Scale()
	s := b.site.Store
	survey := storetest.Survey(b.t, s, b.workspace.ID, metric)
	survey.Fields = []string{"order", "shop"}
	survey.Thanks = map[surveys.Band]surveys.ThankYou{
		scale.Good: {Link: "https://reviews.example/northwind", Texts: map[string]surveys.ThankYouText{"en": {Text: "Tell others about {company}?", Link: "Write a review"}}},
		scale.Bad:  {Texts: map[string]surveys.ThankYouText{"en": {Text: "We are sorry."}}},
	}
	survey.Question.Style = style
	survey.Question.FollowUps = []surveys.FollowUp{
		{ID: "what", Kind: surveys.FollowUpMany, Choices: picks("beans", "price", "delivery"), Texts: says("What was it about?")},
		{ID: "late", Kind: surveys.FollowUpOne, Choices: picks("day", "week"), Texts: says("How late was it?"), Show: surveys.Show{After: "what", Choices: []string{"delivery"}}},
		{ID: "wish", Kind: surveys.FollowUpComment, Texts: says("What should we do better?"), Show: surveys.Show{Bands: []surveys.Band{scale.Bad}}},
		{ID: "taste", Kind: surveys.FollowUpScale, Scale: surveys.RatingSeven, Texts: says("How was the taste?")},
		{ID: surveys.MainComment, Kind: surveys.FollowUpComment},
		{ID: "contact", Kind: surveys.FollowUpContact},
	}
	survey, err := survey.Check()
	if err != nil {
		b.t.Fatal(err)
	}
	storetest.Write(b.t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
	return survey, "/s/" + survey.PublicID(b.workspace.Key)
}

// askingTen is the page of a survey with as many follow-ups as there may be, each with
// twenty choices.
func (b *bundle) askingTen() string {
	b.t.Helper()
	survey := storetest.Survey(b.t, b.site.Store, b.workspace.ID, surveys.NPS)
	for n := range surveys.MaxFollowUps {
		ids := make([]string, 20)
		for i := range ids {
			ids[i] = fmt.Sprintf("choice_%d_%d", n, i)
		}
		survey.Question.FollowUps = append(survey.Question.FollowUps, surveys.FollowUp{
			ID: fmt.Sprintf("ask_%d", n), Kind: surveys.FollowUpMany, Choices: picks(ids...), Texts: says("Which of these have you come across lately, and where?"),
		})
	}
	survey, err := survey.Check()
	if err != nil {
		b.t.Fatal(err)
	}
	storetest.Write(b.t, b.site.Store, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
	return "/s/" + survey.PublicID(b.workspace.Key) + "?score=1"
}

// shown lists the names of the questions on a page.
func (p page) shown() []string {
	var names []string
	p.Find("main form").Find("fieldset input, textarea, .field > .picks input").Each(func(_ int, s *goquery.Selection) {
		if name := s.AttrOr("name", ""); !slices.Contains(names, name) {
			names = append(names, name)
		}
	})
	return names
}

func TestFollowUpsStepByStep(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		survey, path := b.asking(surveys.NPS, surveys.StyleNumbers)
		_, mail, _ := b.invite(survey)
		for _, start := range []string{path + "?order=A-17&shop=&secret=no", mail + "?order=A-17"} {
			visitor := b.browser()
			asked := visitor.get(start)
			if got := asked.shown(); !slices.Equal(got, []string{"score", "a.what", "a.taste", "comment", "a.contact"}) {
				t.Fatalf("%s asks %v", start, got)
			}
			if email := asked.Find("input[type=email]").Length(); (email == 1) != strings.HasPrefix(start, path) {
				t.Errorf("%s asks for an address %d times", start, email)
			}
			sent := visitor.send(asked, url.Values{"score": {"2"}, "a.what": {"delivery", "price"}, "a.taste": {"7"}, "comment": {"Late."}, "a.contact": {"yes"}})
			more := visitor.follow(sent)
			if got := more.shown(); !slices.Equal(got, []string{"a.late", "a.wish"}) {
				t.Fatalf("%s: the next page asks %v", start, got)
			}
			thanks := visitor.follow(visitor.send(more, url.Values{"a.late": {"week"}, "a.wish": {"Be quicker."}}))
			thanks.want(t, 200, "We are sorry.")
			stored := b.answers(survey)[0]
			if stored.Score != 2 || stored.Comment != "Late." || !slices.Equal(stored.Answers["what"].Choices, []string{"price", "delivery"}) ||
				stored.Answers["late"].Choices[0] != "week" || stored.Answers["wish"].Text != "Be quicker." || *stored.Answers["taste"].Value != 7 || !stored.Answers["contact"].Allowed {
				t.Errorf("%s: stored %+v", start, stored)
			}
			if !maps.Equal(stored.Fields, map[string]string{"order": "A-17"}) {
				t.Errorf("%s: the hidden fields are %v", start, stored.Fields)
			}
			change := visitor.get(thanks.Find("a.tap").AttrOr("href", ""))
			if change.chosen() != "2" || change.Find("#q-a\\.late-1[checked]").Length() != 1 || change.Find("input[name='a.what'][checked]").Length() != 2 {
				t.Errorf("%s: the change does not begin with the answer: %s", start, change.Text())
			}
			good := visitor.follow(visitor.send(change, url.Values{"score": {"10"}, "a.what": {"beans"}, "a.late": nil, "a.wish": nil}))
			good.want(t, 200, "Tell others about Northwind Coffee?")
			if link := good.Find("a.button"); link.AttrOr("href", "") != "https://reviews.example/northwind" || link.Text() != "Write a review" {
				t.Errorf("%s: the way on is %q", start, link.Text())
			}
			if stored = b.answers(survey)[0]; stored.Score != 10 || stored.Answers["late"].Choices != nil || stored.Answers["wish"].Text != "" {
				t.Errorf("%s: after the change %+v", start, stored)
			}
		}
		if list := b.answers(survey); len(list) != 2 {
			t.Errorf("%d answers are stored, want 2", len(list))
		}
		b.wantRollups(survey, 2)
	})
}

// TestBadFollowUps: what a form cannot have sent is answered at its field, in the
// person's language, and what else was written is kept.
func TestBadFollowUps(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	survey, path := b.asking(surveys.CSAT, surveys.StyleThumbs)
	_, mail, _ := b.invite(survey)
	long := strings.Repeat("x", 4001)
	for name, c := range map[string]struct {
		fill   url.Values
		target string
		says   map[string]string
	}{
		"no score":                    {url.Values{"score": nil}, "#score-1", map[string]string{"en": "Choose", "zh-CN": "请"}},
		"two scores":                  {url.Values{"score": {"1", "5"}}, "#score-1", map[string]string{"en": "Choose", "zh-CN": "请"}},
		"a score without a picture":   {url.Values{"score": {"3"}}, "#score-1", map[string]string{"en": "Choose", "zh-CN": "请"}},
		"a score of words":            {url.Values{"score": {"five"}}, "#score-1", map[string]string{"en": "Choose", "zh-CN": "请"}},
		"a choice of another version": {url.Values{"a.what": {"beans", "gone"}}, "#q-a.what", map[string]string{"en": "no longer offered", "zh-CN": "选"}},
		"words in place of a choice":  {url.Values{"a.what": {strings.Repeat("x", 300)}}, "#q-a.what", map[string]string{"en": "no longer offered", "zh-CN": "选"}},
		"two of one":                  {url.Values{"a.what": {"delivery"}, "a.late": {"day", "week"}, "asked": {"what,late,taste,comment,contact"}}, "#q-a.late", map[string]string{"en": "only one", "zh-CN": "一"}},
		"a number off the scale":      {url.Values{"a.taste": {"8"}}, "#q-a.taste", map[string]string{"en": "from 1 to 7", "zh-CN": "7"}},
		"half a number":               {url.Values{"a.taste": {"6.5"}}, "#q-a.taste", map[string]string{"en": "from 1 to 7", "zh-CN": "7"}},
		"two numbers":                 {url.Values{"a.taste": {"6", "7"}}, "#q-a.taste", map[string]string{"en": "from 1 to 7", "zh-CN": "7"}},
		"no address":                  {url.Values{"a.contact": {"yes"}, "a.contact.email": {"me at home"}}, "#q-a.contact-mail", map[string]string{"en": "e-mail address", "zh-CN": "邮"}},
		"an endless comment":          {url.Values{"comment": {strings.Repeat("好", 4001)}}, "#comment", map[string]string{"en": "4,000", "zh-CN": "4,000"}},
		"an endless wish":             {url.Values{"score": {"1"}, "a.wish": {long}, "asked": {"what,taste,wish,comment,contact"}}, "#q-a.wish", map[string]string{"en": "4,000", "zh-CN": "4,000"}},
	} {
		for language, want := range c.says {
			for _, address := range []string{path, mail} {
				target := c.target
				if address == mail { // whose person reads English, and whose address is known
					want, target = c.says["en"], strings.TrimSuffix(target, "-mail")
				}
				visitor := b.browser("Accept-Language", language)
				fill := url.Values{"score": {"5"}, "comment": {"Kept words."}}
				maps.Copy(fill, c.fill)
				p := visitor.send(visitor.get(address), fill)
				wrong := p.Find(".wrong")
				if p.status != 422 || !strings.Contains(wrong.Text(), want) || wrong.Find("a").AttrOr("href", "") != target || p.Find("[id='"+target[1:]+"']").Length() != 1 {
					t.Errorf("%s in %s: %d, says %q, leads to %q", name, language, p.status, wrong.Text(), wrong.Find("a").AttrOr("href", ""))
				}
				if p.Find("textarea[name=comment]").Text() != fill.Get("comment") || len(fill["score"]) == 1 && slices.Contains([]string{"1", "5"}, fill.Get("score")) && p.chosen() != fill.Get("score") {
					t.Errorf("%s in %s: what was filled in is lost", name, language)
				}
			}
		}
	}
	if list := b.answers(survey); len(list) != 0 {
		t.Errorf("stored %+v", list)
	}
}

// TestForeignFieldsAreDropped: fields of other surveys, of other versions and of
// nobody change nothing, and stop nobody.
// TestWhatIsWrittenIsKept: a text with a field that comes twice, or with bytes that no
// database stores, is kept as far as it is text.
func TestWhatIsWrittenIsKept(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		survey, path := b.asking(surveys.NPS, surveys.StyleNumbers)
		for sent, want := range map[string]string{
			"comment=slow&comment=dear": "slow\ndear",
			"comment=slow&comment=slow": "slow",
			"comment=a%00b":             "ab",
			"comment=caf%e9":            "caf\uFFFD",
			"comment=a%0d%0ab":          "a\nb",
		} {
			b.browser("Content-Type", "application/x-www-form-urlencoded").do("POST", path, strings.NewReader("score=2&asked=wish,comment,taste,what,contact&a.wish=x%00&a.wish=y&"+sent)).want(t, 303, "")
			if list := b.answers(survey); len(list) == 0 || list[0].Comment != want || list[0].Answers["wish"].Text != "x\ny" {
				t.Errorf("%s: stored %+v, want %q", sent, list, want)
			}
		}
	})
}

func TestForeignFieldsAreDropped(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	survey, path := b.asking(surveys.NPS, surveys.StyleNumbers)
	visitor := b.browser()
	visitor.follow(visitor.send(visitor.get(path), url.Values{
		"score": {"9"}, "a.gone": {"x"}, "f.secret": {"x"}, "f.order": {strings.Repeat("o", 500)}, "a.what.email": {"x"}, "a.late": {"week"}, "asked": {"gone,what,,comment,what"}, "done": {"gone"},
	}))
	stored := b.answers(survey)[0]
	if len(stored.Answers) != 0 || len(stored.Fields) != 1 || len(stored.Fields["order"]) != surveys.MaxFieldRunes {
		t.Errorf("stored %+v", stored)
	}
}

// TestStyles: every style is a group of real radio buttons, whose names are said.
func TestStyles(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	for _, c := range []struct {
		style   surveys.Style
		choices []string
		names   []string
		thanks  string
	}{
		{surveys.StyleNumbers, []string{"1", "2", "3", "4", "5"}, []string{"1", "2", "3", "4", "5"}, "5 out of 5"},
		{surveys.StyleStars, []string{"1", "2", "3", "4", "5"}, []string{"1 star", "2 stars", "3 stars", "4 stars", "5 stars"}, "5 stars"},
		{surveys.StyleSmileys, []string{"1", "2", "3", "4", "5"}, []string{"very dissatisfied", "dissatisfied", "neither satisfied nor dissatisfied", "satisfied", "very satisfied"}, "very satisfied"},
		{surveys.StyleThreeFaces, []string{"1", "3", "5"}, []string{"very dissatisfied", "neither satisfied nor dissatisfied", "very satisfied"}, "very satisfied"},
		{surveys.StyleThumbs, []string{"1", "5"}, []string{"very dissatisfied", "very satisfied"}, "very satisfied"},
	} {
		_, path := b.asking(surveys.CSAT, c.style)
		visitor := b.browser()
		asked := visitor.get(path)
		var values, names []string
		asked.Find("fieldset[role=radiogroup][aria-required=true] input[type=radio][name=score]").Each(func(_ int, s *goquery.Selection) {
			values, names = append(values, s.AttrOr("value", "")), append(names, strings.TrimSpace(s.Parent().Text()))
		})
		if !slices.Equal(values, c.choices) || !slices.Equal(names, c.names) {
			t.Errorf("%q offers %v as %q", c.style, values, names)
		}
		drawings := map[string]bool{}
		asked.Find(".scale.drawn svg").Each(func(_ int, s *goquery.Selection) {
			html, _ := s.Html()
			drawings[html] = true
		})
		if n := len(drawings); n != len(c.choices) && c.style != surveys.StyleNumbers && c.style != surveys.StyleStars || asked.Find("svg [transform]").Length() > 0 {
			t.Errorf("%q: %d pictures for %d choices, or one that is only turned", c.style, n, len(c.choices))
		}
		if thanks := visitor.follow(visitor.send(asked, url.Values{"score": {"5"}})); !strings.Contains(thanks.Text(), "Your answer: "+c.thanks) {
			t.Errorf("%q: the thank-you says %q", c.style, thanks.Text())
		}
	}
}

// TestPageThatStaysOpenOverAnEdit: the answer is one to what was asked, with a choice
// that has gone since.
func TestPageThatStaysOpenOverAnEdit(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		survey, path := b.asking(surveys.NPS, surveys.StyleNumbers)
		_, mail, _ := b.invite(survey)
		visitor := b.browser()
		open := []page{visitor.get(path), visitor.get(mail)}
		survey.Question.Version = 2
		survey.Question.FollowUps = slices.Clone(survey.Question.FollowUps)
		survey.Question.FollowUps[0].Choices = picks("price", "delivery")
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
		for _, p := range append(open, b.browser().get(path)) {
			if sent := visitor.send(p, url.Values{"score": {"9"}, "a.what": {"beans"}}); p.Find("input[name='a.what'][value=beans]").Length() == 1 != (sent.status == 303) {
				t.Errorf("status %d: %s", sent.status, sent.Find(".wrong").Text())
			}
		}
		for _, r := range b.answers(survey) {
			if r.Version != 1 || !slices.Equal(r.Answers["what"].Choices, []string{"beans"}) {
				t.Errorf("stored %+v", r)
			}
		}
		if got := len(b.answers(survey)); got != 2 {
			t.Errorf("stored %d answers, want 2", got)
		}
	})
}

// TestStalePageOfFollowUps: a page of follow-ups that stayed open brings no old score
// and no old words back, and adds what it asked.
func TestStalePageOfFollowUps(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		survey, path := b.asking(surveys.NPS, surveys.StyleNumbers)
		visitor := b.browser()
		stale := visitor.follow(visitor.send(visitor.get(path), url.Values{"score": {"2"}, "comment": {"old"}, "a.what": {"delivery"}}))
		visitor.send(visitor.get(path), url.Values{"score": {"3"}, "comment": {"NEW"}, "a.what": {"delivery"}})
		visitor.send(stale, url.Values{"a.late": {"week"}})
		if got := b.answers(survey); len(got) != 1 || got[0].Score != 3 || got[0].Comment != "NEW" || !slices.Equal(got[0].Answers["late"].Choices, []string{"week"}) {
			t.Errorf("stored %+v", got)
		}
	})
}

// TestWrongScoreLosesNoWords: what a score brought up is still there when the score is
// not one.
func TestWrongScoreLosesNoWords(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	_, path := b.asking(surveys.NPS, surveys.StyleNumbers)
	visitor := b.browser()
	for _, score := range [][]string{nil, {"99"}, {"abc"}, {"1", "2"}} {
		p := visitor.send(visitor.get(path+"?score=1"), url.Values{"score": score, "a.wish": {"Words"}})
		if p.status != 422 || p.Find("textarea[name='a.wish']").Text() != "Words" {
			t.Errorf("%v: %d, the words are %q", score, p.status, p.Find("textarea[name='a.wish']").Text())
		}
	}
}
