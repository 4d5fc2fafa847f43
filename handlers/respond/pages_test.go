package respond_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/harkhq/hark/handlers/browsertest"
	"github.com/harkhq/hark/handlers/web/webtest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
	"github.com/harkhq/hark/templates/i18n"
)

// publicPages are the addresses of the pages that nobody has answered yet, by
// name: each metric and style with the score of its worst band chosen, so that all
// follow-ups are shown, and the pages that ask nothing.
func (b *bundle) publicPages() map[string]string {
	list := map[string]string{"nowhere": "/s/nowhere?"}
	for _, metric := range surveys.Metrics() {
		worst := "?score=1"
		if metric == surveys.CES5 {
			worst = "?score=5"
		}
		for _, style := range metric.Styles() {
			_, path := b.asking(metric, style)
			list[string(metric)+string(style)] = path + worst
		}
	}
	survey, path := b.asking(surveys.CSAT, surveys.StyleSmileys)
	const host = "https://shop.example"
	survey.Origins = []string{host}
	storetest.Write(b.t, b.site.Store, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
	list["embed"] = strings.Replace(path, "/s/", "/e/", 1) + "?score=1&hark-host=" + url.QueryEscape(host)
	_, cancel := b.leaving(func(f *surveys.CancelFlow) { f.Origins = []string{host} })
	list["cancel"], list["cancelframed"] = cancel+"?", cancel+"?hark-host="+url.QueryEscape(host)
	_, mail, leave := b.invite(survey)
	list["letter"], list["stop"], list["thanks"], list["kiosk"], list["kioskthanks"] = mail+"?score=1", leave+"?", path+"/thanks?", kioskOf(path)+"?", kioskOf(path)+"/thanks?"
	return list
}

// rawKey is a key of the catalogue, or a placeholder that nothing filled.
var rawKey = regexp.MustCompile(`\b(metric|respond|cancel|letters|format|components)\.[a-z_]+|\{[a-z_]+\}`)

// TestPagesSpeakEveryLanguage: no page shows a key in the place of words, and each
// says which language it is in and how that runs.
func TestPagesSpeakEveryLanguage(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	for _, language := range i18n.RespondentLanguages() {
		for name, path := range b.publicPages() {
			p := b.browser().get(path + "&lang=" + language.Tag)
			p.Find("style, script").Remove()
			if raw := rawKey.FindString(p.Text()); raw != "" {
				t.Errorf("%s in %s shows %s", name, language.Tag, raw)
			}
			if root := p.Find("html"); root.AttrOr("lang", "") != language.Tag || root.AttrOr("dir", "") != i18n.Direction(language.Tag) {
				t.Errorf("%s in %s says it is %s, %s", name, language.Tag, root.AttrOr("lang", ""), root.AttrOr("dir", ""))
			}
			// What the author wrote in other languages only says so, and runs its own way.
			written := "en"
			if language.Tag == "zh-Hans" {
				written = language.Tag
			}
			if own := p.Find("fieldset.field").First(); own.Length() > 0 && (own.AttrOr("lang", "") != written || own.AttrOr("dir", "") != "ltr") {
				t.Errorf("%s in %s has a follow-up in %s, %s", name, language.Tag, own.AttrOr("lang", ""), own.AttrOr("dir", ""))
			}
		}
	}
}

// weigh adds what a page loads from the server itself.
func (b *bundle) weigh(address string) int {
	b.t.Helper()
	request := httptest.NewRequest(http.MethodGet, "https://feedback.example"+address, nil)
	request.Header.Set("Accept-Encoding", "gzip")
	answer := httptest.NewRecorder()
	b.handler.ServeHTTP(answer, request)
	if answer.Code != http.StatusOK {
		b.t.Errorf("%s: %d", address, answer.Code)
	}
	return answer.Body.Len()
}

// TestWeight: a page with its scripts and the company's logo takes one round trip, and
// sets no cookie.
func TestWeight(t *testing.T) {
	t.Parallel()
	const budget = 14 << 10
	b := newBundle(t, storetest.Open(t, store.SQLite))
	b.workspace.Logo, b.workspace.LogoType = make([]byte, 3<<10), "image/png" // as large as the office keeps
	storetest.Write(t, b.site.Store, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateWorkspace(ctx, b.workspace) })
	list := b.publicPages()
	list["ten"] = b.askingTen()
	for _, s := range b.states() {
		if s.do == nil {
			list[s.name] = s.path
		}
	}
	for _, language := range i18n.RespondentLanguages() {
		for name, path := range list {
			p := b.browser().get(path + "&lang=" + language.Tag)
			weight, logo := p.wire, 0
			for _, script := range p.Find("script[src]").EachIter() { // all at once
				src := script.AttrOr("src", "")
				bytes := b.weigh(src)
				if !strings.HasPrefix(src, "/static/") || bytes > 5<<10 {
					t.Errorf("%s: the script %s: %d bytes", name, src, bytes)
				}
				weight += bytes
			}
			if worker := p.Find("form").AttrOr("data-worker", ""); worker != "" {
				weight += b.weigh(worker)
			}
			if src := p.Find("img").AttrOr("src", ""); src != "" {
				logo = b.weigh(src)
			}
			if weight+logo > budget || p.Find("img").Length() > 1 || p.Find("link[rel=stylesheet]").Length() > 0 {
				t.Errorf("%s in %s weighs %d bytes and a logo of %d", name, language.Tag, weight, logo)
			}
			if len(p.header.Values("Set-Cookie")) > 0 {
				t.Errorf("%s sets a cookie before an answer", name)
			}
			t.Logf("%s in %s: %d bytes", name, language.Tag, weight)
		}
	}
}

// TestEveryPageInABrowser has axe judge every page, at 320 px and in the dark
// too, and keeps pictures of them where they are wanted.
func TestEveryPageInABrowser(t *testing.T) {
	t.Parallel()
	tab, b := browsertest.New(t), newBundle(t, storetest.Open(t, store.SQLite))
	address := webtest.Serve(t, b.handler)
	b.site.URL, _ = url.Parse(address)
	list := b.publicPages()
	for _, spoken := range i18n.RespondentLanguages() {
		language := spoken.Tag
		if !slices.Contains([]string{"en", "zh-Hans", "ar", "de"}, language) { // a sample is enough
			continue
		}
		for name, path := range list {
			if language != "en" && name != "letter" && name != "nps" && name != "stop" {
				continue
			}
			if err := chromedp.Do(tab, chromedp.Navigate(address+path+sign(path)+"lang="+language)); err != nil {
				t.Fatal(err)
			}
			for _, l := range []look{{320, browsertest.Light}, {1280, browsertest.Dark}} {
				l.take(t, tab, strings.Join([]string{"answer", name, language, string(l.scheme)}, "-"))
				judged(t, tab, fmt.Sprintf("%s in %s at %d px", name, language, l.width))
			}
		}
	}
}

func sign(path string) string {
	if strings.Contains(path, "?") {
		return "&"
	}
	return "?"
}
