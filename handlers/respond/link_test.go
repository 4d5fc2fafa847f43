package respond_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestLinkAsksEveryMetric(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	for _, c := range []struct {
		metric             surveys.Metric
		choices            int
		question, low, end string
	}{
		{surveys.NPS, 11, "How likely are you to recommend Northwind Coffee to a friend or colleague?", "0 · not at all likely", "10 · extremely likely"},
		{surveys.CES, 7, "Northwind Coffee made it easy for me to handle my issue.", "1 · strongly disagree", "7 · strongly agree"},
		{surveys.CES5, 5, "How much effort did you personally have to put forth to handle your request?", "1 · very low effort", "5 · very high effort"},
		{surveys.CSAT, 5, "How satisfied were you with Northwind Coffee?", "1 · very dissatisfied", "5 · very satisfied"},
	} {
		_, path := b.survey(c.metric)
		p := b.browser().get(path)
		p.want(t, 200, c.question)
		if n := p.Find("input[name=score]").Length(); n != c.choices {
			t.Errorf("%s has %d choices, want %d", c.metric, n, c.choices)
		}
		if ends := p.Find(".ends").Text(); !strings.Contains(ends, c.low) || !strings.Contains(ends, c.end) {
			t.Errorf("%s: the ends say %q", c.metric, ends)
		}
		if p.Find("script").Length() > 2 || p.Find("link[rel=stylesheet]").Length() > 0 {
			t.Errorf("%s: the page loads more than its scripts", c.metric)
		}
	}
}

func TestLinkStoresAnAnswer(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		survey, path := b.survey(surveys.NPS)
		visitor := b.browser()
		sent := visitor.send(visitor.get(path), url.Values{"score": {"9"}, "comment": {"Good\r\nbeans."}})
		thanks := visitor.follow(sent)
		thanks.want(t, 200, "Thank you. Your answer has arrived.")
		if !strings.Contains(thanks.Text(), "Your answer: 9 out of 10.") {
			t.Errorf("the thank-you does not say what was answered: %s", thanks.Text())
		}
		list := b.answers(survey)
		if len(list) != 1 || list[0].Score != 9 || list[0].Comment != "Good\nbeans." || list[0].Channel != surveys.ChannelLink || list[0].Locale != "en" {
			t.Errorf("stored %+v", list)
		}
		b.wantRollups(survey, 1)
	})
}

// TestLinkOnceHoweverOften: a double click, a reload, the way back and the
// change are one answer, and so is a later visit on the same day.
func TestLinkOnceHoweverOften(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		survey, path := b.survey(surveys.NPS)
		visitor := b.browser()
		asked := visitor.get(path)
		if got := asked.header.Get("Cache-Control"); got != "private, no-cache" {
			t.Errorf("going back would not find the form again: Cache-Control is %q", got)
		}
		visitor.send(asked, url.Values{"score": {"9"}})
		sent := visitor.send(asked, url.Values{"score": {"9"}})                            // a double click
		visitor.get(sent.header.Get("Location"))                                           // a reload of the thank-you
		visitor.send(asked, url.Values{"score": {"8"}, "comment": {"On second thought."}}) // back, and again
		thanks := visitor.follow(sent)
		change := visitor.get(thanks.Find("a.tap").AttrOr("href", ""))
		if change.chosen() != "8" || change.Find("textarea").Text() != "On second thought." {
			t.Errorf("the change begins with %q and %q", change.chosen(), change.Find("textarea").Text())
		}
		visitor.send(change, url.Values{"score": {"3"}})
		list := b.answers(survey)
		if len(list) != 1 || list[0].Score != 3 || list[0].Comment != "On second thought." {
			t.Fatalf("stored %+v", list)
		}
		b.wantRollups(survey, 1)
		again := visitor.get(path)
		if again.chosen() != "3" || !strings.Contains(again.Text(), "You answered 3 on") {
			t.Errorf("a later visit shows %q, want the answer given", again.Text())
		}
		first, second := visitor.get(path), visitor.get(path)
		visitor.send(first, url.Values{"score": {"4"}})
		visitor.send(second, url.Values{"score": {"10"}})
		if list := b.answers(survey); len(list) != 1 || list[0].Score != 10 {
			t.Errorf("a later visit in two tabs made %+v", list)
		}
		stranger := b.browser()
		stranger.send(stranger.get(path), url.Values{"score": {"1"}})
		if list := b.answers(survey); len(list) != 2 {
			t.Errorf("another browser changed the answer: %+v", list)
		}
	})
}

// TestLinkChangeIsThisBrowsers: the address of the change, sent to a friend,
// shows and changes nothing of the first answer.
func TestLinkChangeIsThisBrowsers(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	survey, path := b.survey(surveys.NPS)
	visitor, friend := b.browser(), b.browser()
	visitor.send(visitor.get(path), url.Values{"score": {"9"}, "comment": {"Mine."}})
	asked := friend.get(path + "?change")
	if asked.chosen() != "" || asked.Find("textarea").Text() != "" {
		t.Errorf("a friend sees %q", asked.Text())
	}
	friend.send(asked, url.Values{"score": {"1"}})
	if list := b.answers(survey); len(list) != 2 {
		t.Errorf("a friend changed the answer: %+v", list)
	}
	if thanks := b.browser().get(path + "/thanks"); thanks.status != 200 || thanks.Find("a.tap").Length() > 0 || strings.Contains(thanks.Text(), "out of") {
		t.Errorf("a stranger's thank-you: %s", thanks.Text())
	}
}

func TestLinkKeepsWhatWasFilledIn(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	survey, path := b.survey(surveys.NPS)
	long := strings.Repeat("好", 4001)
	for name, c := range map[string]struct {
		fill   url.Values
		says   string
		target string
	}{
		"no score":              {url.Values{"comment": {"Words."}}, "Choose an answer.", "#score-0"},
		"an empty score":        {url.Values{"score": {""}, "comment": {"Words."}}, "Choose an answer.", "#score-0"},
		"−1":                    {url.Values{"score": {"-1"}, "comment": {"Words."}}, "from 0 to 10", "#score-0"},
		"11":                    {url.Values{"score": {"11"}, "comment": {"Words."}}, "from 0 to 10", "#score-0"},
		"6.5":                   {url.Values{"score": {"6.5"}, "comment": {"Words."}}, "from 0 to 10", "#score-0"},
		"2^63":                  {url.Values{"score": {"9223372036854775808"}, "comment": {"Words."}}, "from 0 to 10", "#score-0"},
		"NaN":                   {url.Values{"score": {"NaN"}, "comment": {"Words."}}, "from 0 to 10", "#score-0"},
		"a comment without end": {url.Values{"score": {"7"}, "comment": {long}}, "4,000", "#comment"},
	} {
		visitor := b.browser()
		asked := visitor.get(path)
		p := visitor.send(asked, c.fill)
		if p.status != 422 || p.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %s", name, p.status, p.header)
		}
		if wrong := p.Find(".wrong"); !strings.Contains(wrong.Text(), c.says) || wrong.Find("a").AttrOr("href", "") != c.target {
			t.Errorf("%s: the page says %q", name, wrong.Text())
		}
		if p.Find("textarea").Text() != c.fill.Get("comment") {
			t.Errorf("%s: the comment is lost", name)
		}
		if before, after := asked.Find("input[name=form]").AttrOr("value", "-"), p.Find("input[name=form]").AttrOr("value", ""); before != after {
			t.Errorf("%s: another form came back", name)
		}
		if c.fill.Get("score") == "7" && p.chosen() != "7" {
			t.Errorf("%s: the score is lost", name)
		}
	}
	if list := b.answers(survey); len(list) != 0 {
		t.Errorf("stored %+v", list)
	}
}

func TestLongCommentKeepsTheScore(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	survey, path := b.survey(surveys.NPS)
	_, mail, _ := b.invite(survey)
	for _, address := range []string{path, mail} {
		visitor := b.browser("Content-Type", "application/x-www-form-urlencoded")
		p := visitor.do(http.MethodPost, address, strings.NewReader("form=abcdefgh&score=7&comment="+strings.Repeat("x", 70<<10)))
		p.want(t, 422, npsQuestion)
		if got := p.Find("#error-comment").Text(); !strings.Contains(got, "4,000 characters") {
			t.Errorf("%s says %q", address, got)
		}
		if p.chosen() != "7" {
			t.Errorf("%s: the score is lost", address)
		}
	}
	if list := b.answers(survey); len(list) != 0 {
		t.Errorf("stored %+v", list)
	}
}

func TestLinkRefusesDamage(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		survey, path := b.survey(surveys.NPS)
		for name, c := range map[string]struct {
			body   string
			status int
		}{
			"half an escape": {"score=9&comment=%f", 422},
		} {
			visitor := b.browser("Content-Type", "application/x-www-form-urlencoded")
			p := visitor.do(http.MethodPost, path, strings.NewReader(c.body))
			p.want(t, c.status, "We could not read your answer")
			if t.Failed() {
				t.Logf("with %s", name)
			}
		}
		if list := b.answers(survey); len(list) != 0 {
			t.Errorf("stored %+v", list)
		}
	})
}

func TestLinkSpeaksTheVisitorsLanguage(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	b := newBundle(t, s)
	survey, path := b.survey(surveys.CSAT)
	survey.Subject, survey.Question.Texts = "our <beans>", map[string]surveys.Text{
		"en": {Ask: "Did {subject} from {company} please you?", ThankYou: "Thanks from {company}!"},
	}
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
	chinese := b.browser("Accept-Language", "zh-CN,zh;q=0.9")
	asked := chinese.get(path)
	asked.want(t, 200, "Did our <beans> from Northwind Coffee please you?") // and not another question than others
	if button := asked.Find("button[name=send]").Text(); asked.Find("html").AttrOr("lang", "") != "zh-Hans" || button != "提交" {
		t.Errorf("the rest is in %s: %s", asked.Find("html").AttrOr("lang", ""), button)
	}
	p := chinese.get(path + "?lang=en&score=4")
	p.want(t, 200, "Did our <beans> from Northwind Coffee please you?")
	if p.chosen() != "4" || p.Find("html").AttrOr("lang", "") != "en" {
		t.Errorf("the chosen language lost the rest: %q %q", p.chosen(), p.Find("html").AttrOr("lang", ""))
	}
	if back := p.Find("nav.langs a[lang=zh-Hans]").AttrOr("href", ""); back != path+"?lang=zh-Hans&score=4" {
		t.Errorf("the way to Chinese is %q", back)
	}
	chinese.follow(chinese.send(p, url.Values{})).want(t, 200, "Thanks from Northwind Coffee!")
	if list := b.answers(survey); len(list) != 1 || list[0].Locale != "en" {
		t.Errorf("stored %+v", list)
	}
	b.browser("Accept-Language", "tlh").get(path+"?lang=../../x").want(t, 200, "Did our <beans> from Northwind Coffee please you?")
}

func TestLinkNeverStoresOnGet(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	survey, path := b.survey(surveys.NPS)
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		if p := b.browser().do(method, path+"?score=9&comment=x&form=y", nil); p.status != 200 {
			t.Errorf("%s: %d", method, p.status)
		}
	}
	if list := b.answers(survey); len(list) != 0 {
		t.Errorf("stored %+v", list)
	}
	if p := b.browser().get(path + "?score=11"); p.chosen() != "" {
		t.Errorf("a score off the scale is preselected: %q", p.chosen())
	}
}

func TestLinkRefusesOtherSitesForms(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	survey, path := b.survey(surveys.NPS)
	p := b.browser("Sec-Fetch-Site", "cross-site").post(path, url.Values{"score": {"0"}})
	if p.status != 403 || len(b.answers(survey)) != 0 {
		t.Errorf("%d: %s", p.status, p.Text())
	}
}

func TestPagesWeighLittle(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	b := newBundle(t, s)
	const logo = 3 << 10 // at most; the office redraws larger ones
	b.workspace.Logo, b.workspace.LogoType = make([]byte, logo), "image/png"
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateWorkspace(ctx, b.workspace) })
	survey, path := b.survey(surveys.NPS)
	_, mail, leave := b.invite(survey)
	for _, address := range []string{path, path + "/thanks", mail, leave} {
		p := b.browser().get(address)
		head := 0
		for name, values := range p.header {
			head += len(name) + len(strings.Join(values, ",")) + 4
		}
		if p.status != 200 || p.wire+head+logo > 14<<10 || p.header.Get("Content-Encoding") != "gzip" {
			t.Errorf("%s: %d, %d bytes on the wire", address, p.status, p.wire+head)
		}
		t.Logf("%s: %d bytes in gzip, %d of headers", address[:3], p.wire, head)
		p.Find("[src],[href]").Each(func(_ int, e *goquery.Selection) {
			if target := e.AttrOr("src", e.AttrOr("href", "")); strings.Contains(target, "//") && !strings.HasPrefix(target, "data:") {
				t.Errorf("%s reaches another server: %s", address, target)
			}
		})
	}
}

// TestSurveySpeaksItsUsualLanguage: to those of whom no language is known that Hark
// speaks, and in its own words where the author wrote in that language alone.
func TestSurveySpeaksItsUsualLanguage(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		survey, path := b.survey(surveys.NPS)
		survey.Locale = "fi"
		survey.Question.Texts = map[string]surveys.Text{"fi": {Ask: "Suosittelisitko meitä?"}}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
		_, mail, _ := b.invite(survey)
		for accept, want := range map[string][2]string{"tlh": {"fi", "Suosittelisitko meitä?"}, "fr": {"fr", "Suosittelisitko meitä?"}} {
			for _, address := range []string{path, mail} {
				p := b.browser("Accept-Language", accept).get(address)
				if lang, asked := p.Find("html").AttrOr("lang", ""), strings.TrimSpace(p.Find("legend h1").Text()); address == path && lang != want[0] || address == path && asked != want[1] {
					t.Errorf("%s in %s: %s %q, want %v", address, accept, lang, asked, want)
				}
			}
		}
	})
}

// TestLinkCountsWhatWasGivenInTime: an answer that waited for the line counts though the
// survey has ended since.
func TestLinkCountsWhatWasGivenInTime(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		b := newBundle(t, s)
		survey, path := b.survey(surveys.NPS)
		ends := s.Now().Add(time.Hour)
		b.edit(survey, func(s *surveys.Survey) { s.ClosesAt = &ends })
		visitor, late := b.browser(), b.browser()
		p, lateForm := visitor.get(path), late.get(path)
		clock.Advance(2 * time.Hour)
		if got := visitor.send(p, url.Values{"score": {"6"}, "save": {"1"}, "ago": {"7200"}}); got.status != http.StatusOK {
			t.Errorf("given in time: %d", got.status)
		}
		if got := late.send(lateForm, url.Values{"score": {"3"}, "save": {"1"}, "ago": {"60"}}); got.status != http.StatusGone {
			t.Errorf("given too late: %d", got.status)
		}
		if list := b.answers(survey); len(list) != 1 || list[0].Score != 6 {
			t.Errorf("stored %+v", list)
		}
	})
}

// TestWordsThatAreNotTakenComeBack: a survey may be paused while somebody writes, who has
// their words nowhere else.
func TestWordsThatAreNotTakenComeBack(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	b := newBundle(t, storetest.OpenAt(t, store.SQLite, clock.Now))
	survey, path := b.asking(surveys.NPS, surveys.StyleNumbers)
	visitor := b.browser()
	p := visitor.get(path)
	survey.Status = surveys.SurveyPaused
	storetest.Write(t, b.site.Store, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
	clock.Advance(time.Minute)
	got := visitor.send(p, url.Values{
		"score": {"2"}, "comment": {"Late,\r\nand cold."}, "a.what": {"beans", "price"}, "a.wish": {"Be on time"}, "a.taste": {"3"}, "a.contact": {"yes"}, "a.contact.email": {"ada@example.org"},
	})
	got.want(t, http.StatusGone, "This survey is taking a break")
	if said := got.Find("#words").Text(); said != "What you wrote was not sent. You can copy it here." {
		t.Errorf("it says %q", said)
	}
	var words []string
	for _, field := range got.Find("textarea[readonly][aria-labelledby=words]").EachIter() {
		words = append(words, field.Text())
	}
	if !slices.Equal(words, []string{"Be on time", "Late,\nand cold."}) {
		t.Errorf("it shows %q", words)
	}
	if shown := visitor.get(path); shown.Find("textarea").Length() > 0 {
		t.Error("who has written nothing is shown words")
	}
}
