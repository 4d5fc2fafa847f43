package office

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/handlers/web/webtest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// read does what the job does, for comments that are about a theme when their
// score is bad.
func (x *team) read(survey surveys.Survey, theme themes.Theme) {
	x.t.Helper()
	x.readIf(survey, theme, func(r surveys.Response) bool {
		return survey.Metric.Scale().Band(r.Score) == survey.Metric.Scale().Bad
	})
}

// readIf does what the job does, for comments of which some are about a theme,
// and unhappy.
func (x *team) readIf(survey surveys.Survey, theme themes.Theme, about func(surveys.Response) bool) {
	x.t.Helper()
	list, err := x.store.Responses(context.Background(), x.w.ID, store.ResponseFilter{SurveyID: survey.ID, WithComment: true, Limit: 500})
	if err != nil {
		x.t.Fatal(err)
	}
	batch := store.ReadingBatch{SurveyID: survey.ID, Reader: flow.ReaderOf([]themes.Theme{theme}, "")}
	for _, r := range list {
		one := store.CommentReading{Response: r, Reading: themes.Reading{Language: themes.English, Sentiment: themes.Sentiment{Tone: themes.Positive, Value: 500, Source: themes.ByVADER}}}
		if about(r) {
			one.Reading.Themes, one.Reading.Sentiment.Tone, one.Reading.Sentiment.Value = []string{theme.ID}, themes.Negative, -500
		}
		batch.List = append(batch.List, one)
	}
	storetest.Write(x.t, x.store, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.StoreReadings(ctx, x.w.ID, batch)
		return err
	})
}

// comments stores n answers with comments, one of three of them bad.
func (x *team) comments(survey surveys.Survey, n int) {
	x.t.Helper()
	var list []answer
	for i := range n {
		one := answer{score: 9, daysAgo: i % 20, comment: fmt.Sprintf("Lovely coffee, batch number %s", strings.Repeat("x", i%9))}
		if i%3 == 0 {
			one.score, one.comment = 2, fmt.Sprintf("My parcel was late again, %d weeks this time", i%5+2)
		}
		list = append(list, one)
	}
	x.answers(survey, list...)
}

// TestThemesPageTeaches: without themes, without comments, before they are
// read, and in a time without any, the page says what will be here and what to
// do.
func TestThemesPageTeaches(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m, viewer := x.as(surveys.Manager), x.as(surveys.Viewer)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	at := "/surveys/" + survey.ID + "/themes"
	m.get("/surveys/"+survey.ID).want(http.StatusOK).has(`.card a[href="`+at+`"]`, 0) // nobody has answered
	p := m.get(at).want(http.StatusOK)
	p.says(".empty h2", "Choose what to look for")
	p.has(".empty ~ .starter button[name=kind]", 3)
	viewer.get(at).says(".empty p", "A manager or an owner can begin")
	viewer.get(at).has("main form button[name=kind], .tools .button.second", 0)

	theme := storetest.Theme(t, x.store, x.w.ID)
	m.get(at).says(".empty h2", "No comments yet")
	x.comments(survey, 30)
	p = m.get(at)
	p.says(".empty h2", "The comments are being read")
	p.says("#themes [role=status]", "0 of 30 are done")
	p.has(`#themes [hx-get="`+at+`"]`, 1)
	x.read(survey, theme)
	p = m.get(at)
	p.has("#themes [role=status]", 0)
	p.has(".themes .area details", 1)
	m.get(at+"?from=2020-01-01&to=2020-02-01").says(".empty h2", "Nobody wrote a comment in these days")
	m.get(at+"?from=2020-03-01&to=2020-02-01").want(http.StatusUnprocessableEntity).says(".dates .error", "The last day lies before")
	m.get("/surveys/"+survey.ID).has(`.card a[href="`+at+`"]`, 1)
}

// TestThemesPageSaysTheEffect: the share, how these people score against the
// others, drawn and in words, with examples and the way to the answers.
func TestThemesPageSaysTheEffect(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		m := x.as(surveys.Viewer)
		survey, theme := storetest.Survey(t, s, x.w.ID, surveys.NPS), storetest.Theme(t, s, x.w.ID)
		x.comments(survey, 60)
		x.answers(survey, many(40, 1, "pro", 10)...)
		x.read(survey, theme)
		p := m.get("/surveys/" + survey.ID + "/themes").want(http.StatusOK)
		p.says(".head p", "60 of 100 answers in these days have a comment; 33% of the 60 whose tone could be told sound unhappy.")
		row := "#theme-" + theme.ID
		p.says(row+" summary", "Delivery 33% 20 comments")
		p.says(row+" .verdict.below", "200 points lower")
		p.has(row+" svg.effect[aria-label] circle.below", 1)
		p.says(row+" .theme-more", "Those who write about it score 200 points lower than other commenters (95% interval")
		p.says(row+" .theme-more", "If they scored like the others, the whole score would be about 40 points higher. 100% of 20 such comments sound unhappy.")
		p.says(row+" .comments", "My parcel was late again")
		p.has(row+` a[href^="/surveys/`+survey.ID+`/comments?"][href*="theme=`+theme.ID+`"]`, 2)
		unhappy := p.Find(row + ` .theme-more p a[href*="feeling=negative"]`)
		m.get(unhappy.AttrOr("href", "")).want(http.StatusOK).says("h1", "20 comments")
		p.says(".themes .note-under", "40 comments (67%) are about none of your themes.")
		p.has(row+` .theme-more [data-chart="theme-courses"][data-of="`+theme.ID+`"]`, 1)
		p.says("#theme-courses", "33.3%")
		p.says(".read-how", "There are 60 comments so far; about 200")
		p.says(".read-how", "general word list (VADER)")

		report := m.get("/surveys/" + survey.ID).want(http.StatusOK)
		report.says("#said li", "Delivery 33% of comments · 20 comments My parcel was late again")
		report.says("#said li .verdict.below", "200 points lower than other commenters (−200 to −")
		report.has(`#said .area a[href="/surveys/`+survey.ID+`/comments?theme=`+theme.ID+`"]`, 2) // the name and the count
		m.get("/surveys/"+survey.ID+"?segment=plan:pro").has("#said", 0)                          // nobody of these wrote anything
		m.get("/surveys/"+survey.ID+"/chart/said.csv?segment=plan:pro").want(http.StatusNotFound).says("main", "This chart has nothing to show")
		m.get("/surveys/"+survey.ID+"?segment=channel:link&segment=version:1").says("#said li", "Delivery 33% of comments")

		link, _ := p.Find(row + " .theme-more > p > a").Attr("href")
		list := m.get(link).want(http.StatusOK)
		list.says("h1", "20 comments")
		list.has(".feed > li", 20)
		if list.value("theme") != theme.ID {
			t.Errorf("the filter holds %q", list.value("theme"))
		}
		m.get("/responses?theme=nothing").want(http.StatusUnprocessableEntity).says(".filters .error", "There is no such choice")
	})
}

// TestThemesPageSaysWhatCannotBeTold: of few comments the page does not say that
// these people score like the others.
func TestThemesPageSaysWhatCannotBeTold(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey, theme := storetest.Survey(t, x.store, x.w.ID, surveys.NPS), storetest.Theme(t, x.store, x.w.ID)
	var list []answer
	for i := range 24 {
		one := answer{score: 2 + 7*(i%2), daysAgo: i % 20, comment: "Coffee"}
		if i%3 == 0 {
			one.comment = "Parcel"
		}
		list = append(list, one)
	}
	x.answers(survey, list...)
	x.readIf(survey, theme, func(r surveys.Response) bool { return r.Comment == "Parcel" })
	m := x.as(surveys.Viewer)
	row := "#theme-" + theme.ID
	p := m.get("/surveys/" + survey.ID + "/themes").want(http.StatusOK)
	p.says(row+" .verdict", "cannot tell")
	p.says(".print-view", " – 2 March 2026.")
	p.says(row+" .theme-more", "These comments do not tell whether those who write about it score differently from other commenters (95% interval")
	m.cookies = append(m.cookies, &http.Cookie{Name: "hark_language", Value: "zh-Hans"})
	m.get("/surveys/"+survey.ID+"/themes").says(row+" .verdict", "无法判断")
}

// TestThemesAgreeWithTheirIntervals: what many themes made doubtful is not called
// untold beside an interval that excludes zero, without saying why.
func TestThemesAgreeWithTheirIntervals(t *testing.T) {
	t.Parallel()
	catalogue := webtest.Catalogue(t)
	for name, c := range map[string]struct {
		low, high float64
		en, zh    string
	}{
		"excludes zero": {-28, -1, "would be more than chance (95% interval −28 to −1). Among several themes one easily differs as much by chance", "（95% 区间 −28 至 −1）；但同时比较多个主题时"},
		"holds zero":    {-28, 1, "do not tell whether those who write about it score differently", "看不出提到它的客户与其他评论者得分是否不同"},
	} {
		effect := themes.Effect{Difference: analysis.Difference{Difference: -14, Low: c.low, High: c.high}, PAdjusted: 0.08, Verdict: themes.Untold}
		for tag, want := range map[string]string{"en": c.en, "zh-Hans": c.zh} {
			says := themed{visit: visit{l: catalogue.Match("", tag)}, survey: surveys.Survey{Metric: surveys.NPS}}.says(themes.Finding{Effect: &effect})
			if len(says) != 1 || !strings.Contains(says[0].String(), want) {
				t.Errorf("%s: %v lacks %q", name, says, want)
			}
		}
	}
}

func TestThemesPageSaysHowItWasRead(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m := x.as(surveys.Viewer)
	survey, theme := storetest.Survey(t, x.store, x.w.ID, surveys.CSAT), storetest.Theme(t, x.store, x.w.ID)
	x.answers(survey, answer{score: 5, comment: "Great"})
	x.read(survey, theme)
	at := x.store.Now()
	storetest.Write(t, x.store, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.LockCommentReader(ctx, x.w.ID, survey.ID); err != nil {
			return err
		}
		return tx.SaveCommentReader(ctx, x.w.ID, store.CommentReader{
			SurveyID: survey.ID, Reader: flow.ReaderOf([]themes.Theme{theme}, ""), TrainedAt: &at, TrainedFrom: 1204,
			Quality: []themes.Quality{{Language: themes.English, N: 1204, Bad: 300, Middle: 204, Sides: 0.8776, Cold: &themes.Cold{Sides: 1}}},
			Refused: []themes.Refused{
				{Language: themes.Chinese, Refusal: &analysis.Refusal{Reason: themes.TooFewComments, Have: 43, Need: 200}},
				{Language: "de", Refusal: &analysis.Refusal{Reason: themes.TooFewOfClass, Have: 20, Need: 50}},
				{Language: "sv", Refusal: &analysis.Refusal{Reason: themes.NothingLearned, Have: 0.55, Need: 0.6}},
			},
		})
	})
	p := m.get("/surveys/" + survey.ID + "/themes").want(http.StatusOK)
	for _, want := range []string{
		"trained on 1,204 of your own comments", "In cross-validation, on comments that it had not learned from, it tells “Satisfied” from “Dissatisfied” correctly in 87% of cases; always naming the more frequent of the two would be correct in 70% of cases.",
		"A general word list would be correct in nearly all cases.", "Chinese: 43 comments with a good or a bad score so far; it takes 200", "German: only 20 comments on one of the two sides",
		"sv: the words in the comments do not tell", "Last trained on",
	} {
		p.says(".read-how", want)
	}
	if text := p.text(".read-how"); strings.Contains(text, "VADER") {
		t.Errorf("with a model, the page says %q", text)
	}
	m.cookies = append(m.cookies, &http.Cookie{Name: "hark_language", Value: "zh-Hans"})
	m.get("/surveys/"+survey.ID+"/themes").says(".read-how", "区分“满意”与“不满意”的正确率为 87%；一律猜较多的一方，正确率为 70%。")
}

// TestThemeRules begins with a set for shops, and reads it in both languages.
func TestThemeRules(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		m := x.as(surveys.Manager)
		survey := storetest.Survey(t, s, x.w.ID, surveys.NPS)
		x.comments(survey, 30)
		m.get("/settings").has(`main a[href="/settings/themes"]`, 1)
		m.get("/settings/themes").want(http.StatusOK).has(".starter button[name=kind]", 3)
		m.post("/settings/themes/starter", url.Values{"kind": {"commerce"}}).seesOther("/settings/themes")
		p := m.get("/settings/themes")
		set, err := themes.StarterSet(themes.Commerce, "en")
		if err != nil {
			t.Fatal(err)
		}
		p.has(".rules > li", len(set))
		p.has("button[aria-label='Remove “Delivery”']", 1)
		p.says(".rules > li:first-child .rule-says", "delivery, deliver*")
		kept := m.cookies
		m.cookies = append(slices.Clone(kept), &http.Cookie{Name: "hark_language", Value: "zh-Hans"})
		m.get("/settings/themes").says(".rules > li:first-child .rule-says", "物流、快递")
		m.cookies = kept
		p.has("button[name=kind]", 2) // what is left to add
		m.post("/settings/themes/starter", url.Values{"kind": {"zoo"}}).want(http.StatusUnprocessableEntity)
	})
}

// TestThemeIsTriedBeforeItIsKept: what a theme would find is shown, what is wrong
// with it said beside the field, and neither keeps anything.
func TestThemeIsTriedBeforeItIsKept(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m := x.as(surveys.Manager)
	x.comments(storetest.Survey(t, x.store, x.w.ID, surveys.NPS), 30)
	tried := m.post("/settings/themes", url.Values{"keywords": {"parcel, courier\r\n快递"}, "try": {"yes"}}).want(http.StatusOK)
	tried.says("#trial [role=status]", "This theme finds 10 of the last 30 comments.")
	tried.has("#trial [role=status][autofocus][tabindex='-1']", 1)
	tried.has("#trial .comments > li", 5)
	if tried.value("keywords") != "parcel, courier\r\n快递" && tried.value("keywords") != "parcel, courier\n快递" {
		t.Errorf("the form holds %q", tried.value("keywords"))
	}
	wrong := m.post("/settings/themes", url.Values{"name": {"Post"}, "keywords": {"-parcel"}}).want(http.StatusUnprocessableEntity)
	wrong.says("#field-keywords-error", "All of these keywords only say what not to count")
	wrong.has("textarea[name=keywords][autofocus]", 1)
	wrong = m.post("/settings/themes", url.Values{"keywords": {"-parcel"}}).want(http.StatusUnprocessableEntity)
	wrong.has("input[name=name][autofocus]", 1)
	wrong.has("[autofocus]", 1)
	wrong = m.post("/settings/themes", url.Values{"name": {"Post"}, "keywords": {"parcel\nParcel"}}).want(http.StatusUnprocessableEntity)
	wrong.says("#field-keywords-error", "“Parcel”: ")
	if list, err := x.store.Themes(context.Background(), x.w.ID); err != nil || len(list) > 0 {
		t.Errorf("kept %v, %v", list, err)
	}
}

// TestThemeIsChangedAndPutAway: a theme is changed, put away and taken back, and who
// only looks may do nothing of it.
func TestThemeIsChangedAndPutAway(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		m := x.as(surveys.Manager)
		storetest.Theme(t, s, x.w.ID)
		m.post("/settings/themes", url.Values{"name": {"Post"}, "keywords": {"parcel\ncourier"}}).seesOther("/settings/themes")

		list, err := s.Themes(context.Background(), x.w.ID)
		if err != nil || len(list) != 2 {
			t.Fatalf("%v, %v", list, err)
		}
		at := "/settings/themes/" + list[1].ID
		p := m.get(at).want(http.StatusOK)
		if p.value("name") != "Post" || p.value("keywords") != "parcel\ncourier" {
			t.Errorf("the form holds %q and %q", p.value("name"), p.value("keywords"))
		}
		m.post(at, url.Values{"name": {"Parcels"}, "keywords": {"parcel"}}).seesOther("/settings/themes")
		m.post(at+"/delete", nil).seesOther("/settings/themes")
		p = m.get("/settings/themes")
		p.says("details.archived li", "Parcels")
		p.has("details.archived button[aria-label='Restore “Parcels”']", 1)
		p.has(".note[role=status][autofocus]", 1)
		p.has(".stack > .rules > li", 1)
		m.get(at).want(http.StatusNotFound)
		m.post(at+"/restore", nil).seesOther("/settings/themes")
		m.get("/settings/themes").has("details.archived", 0)
		x.as(surveys.Viewer).get("/settings/themes").want(http.StatusOK).has("main form, .rules a, .head .button", 0)
	})
}

// TestNewThemeIsSuggested: the form of a new theme names what unhappy people
// write about and nothing looks for; of nothing told, nothing.
func TestNewThemeIsSuggested(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m := x.as(surveys.Manager)
	m.get("/settings/themes/new").want(http.StatusOK).has("#suggested", 0)
	x.comments(storetest.Survey(t, x.store, x.w.ID, surveys.NPS), 120)
	m.get("/settings/themes/new").says("#suggested p", "parcel")
	storetest.Theme(t, x.store, x.w.ID) // Delivery, which finds parcels
	p := m.get("/settings/themes/new")
	if text := p.text("#suggested"); strings.Contains(text, "parcel") {
		t.Errorf("a known theme's word is suggested: %s", text)
	}
}

// TestThemesObeyFilters, several at once; and say which could not be followed.
func TestThemesObeyFilters(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		survey, theme := storetest.Survey(t, s, x.w.ID, surveys.NPS), storetest.Theme(t, s, x.w.ID)
		var list []answer
		for i := range 80 {
			list = append(list, answer{score: 2 + 7*(i%2), daysAgo: i % 20, plan: []string{"pro", "basic"}[i%4/2], comment: "The parcel was late"})
		}
		x.answers(survey, list...)
		x.read(survey, theme)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.AdmitSegmentValue(ctx, x.w.ID, "plan", "basic")
			return err
		})
		at := "/surveys/" + survey.ID + "/themes"
		m := x.as(surveys.Viewer)
		m.get(at).want(http.StatusOK).says("#theme-"+theme.ID+" summary", "40 comments")
		p := m.get(at + "?segment=plan:pro&segment=channel:link").want(http.StatusOK)
		p.has(".tools a.chip", 2)
		p.has(`.tools select option[value="plan:basic"]`, 1)
		p.says(".head p", "40 of 40 answers")
		p.says("#theme-"+theme.ID+" summary", "20 comments")
		all := m.get(p.Find("#theme-"+theme.ID+" .theme-more > p > a").AttrOr("href", "")).want(http.StatusOK)
		all.says("h1", "20 comments")
		if text := m.download("/surveys/" + survey.ID + "/chart/themes.csv?segment=plan:pro&segment=channel:link").Body.String(); !strings.Contains(text, ",20,") {
			t.Errorf("the file says %q", text)
		}
		x.answers(survey, many(3, 2, "gold", 2)...)
		m.get(at+"?segment=plan:pro&segment=plan:basic").want(http.StatusOK).says("#themes", "Not shown under this filter")
		m.get(at+"?segment=shoes:red").want(http.StatusOK).says(".note", "shoes:red")
	})
}

// TestReportSaysWhyItNamesNoTheme: where no theme goes with the score, the comments
// are too few to tell, or what passes the filters would give a few away.
func TestReportSaysWhyItNamesNoTheme(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m := x.as(surveys.Viewer)
	theme := storetest.Theme(t, x.store, x.w.ID)
	even, few := storetest.Survey(t, x.store, x.w.ID, surveys.NPS), storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.comments(even, 60)
	n := 0
	x.readIf(even, theme, func(surveys.Response) bool { n++; return n%2 == 0 })
	x.answers(even, many(40, 1, "pro", 10)...)
	x.answers(even, many(3, 1, "gold", 10)...)
	x.comments(few, 9)
	x.read(few, theme)
	at := "/surveys/" + even.ID
	p := m.get(at)
	p.says("#said", "No theme goes with a higher or lower score by more than chance explains.")
	p.has(`#said a[href="`+at+`/themes"]`, 1)
	m.get("/surveys/"+few.ID).says("#said", "Too few comments to tell")
	p = m.get(at + "?segment=plan:pro&segment=channel:link")
	p.has(`#said a[href^="`+at+`/themes?segment="], #comments a[href^="`+at+`/themes?segment="]`, 1)
}
