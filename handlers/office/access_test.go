package office

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/harkhq/hark/surveys"
)

// TestPagesCanBeReadAloud looks on every page for what a screen reader and the
// keyboard need.
func TestPagesCanBeReadAloud(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m := x.as(surveys.Owner)
	for _, path := range x.pages() {
		p := m.get(path)
		p.has("h1", 1)
		p.has("main#content", 1)
		p.has(`a.skip[href="#content"]`, 1)
		for _, wrong := range unreadable(p.Document) {
			t.Errorf("%s: %s", path, wrong)
		}
	}
}

// unreadable lists what nobody could tell by ear or reach by key.
func unreadable(page *goquery.Document) []string {
	var wrong []string
	seen := map[string]bool{}
	page.Find("[id]").Each(func(_ int, e *goquery.Selection) {
		id := e.AttrOr("id", "")
		if seen[id] {
			wrong = append(wrong, "the id "+id+" is there twice")
		}
		seen[id] = true
	})
	page.Find("input:not([type=hidden]), select, textarea").Each(func(_ int, e *goquery.Selection) {
		labelled := e.AttrOr("aria-label", "") != "" || e.Closest("label").Length() > 0 || page.Find(`label[for="`+e.AttrOr("id", "-")+`"]`).Length() > 0
		if !labelled {
			wrong = append(wrong, "the field "+e.AttrOr("name", "")+" has no label")
		}
	})
	page.Find("a, button, summary").Each(func(_ int, e *goquery.Selection) {
		if strings.TrimSpace(e.Text()) == "" && e.AttrOr("aria-label", "") == "" {
			html, _ := goquery.OuterHtml(e)
			wrong = append(wrong, "nothing names "+html)
		}
	})
	for attribute, target := range map[string]string{"aria-describedby": "#", "aria-labelledby": "#", "for": "#"} {
		page.Find("[" + attribute + "]").Each(func(_ int, e *goquery.Selection) {
			for _, id := range strings.Fields(e.AttrOr(attribute, "")) {
				if !seen[id] {
					wrong = append(wrong, attribute+" names "+target+id+", which is not there")
				}
			}
		})
	}
	page.Find("table").Each(func(_ int, e *goquery.Selection) {
		if e.Find("th[scope]").Length() == 0 {
			wrong = append(wrong, "a table has no heads")
		}
	})
	page.Find("img:not([alt]), iframe:not([title]), svg:not([aria-label]):not([aria-hidden])").Each(func(_ int, e *goquery.Selection) {
		if e.ParentsFiltered("svg, [aria-hidden=true]").Length() == 0 {
			wrong = append(wrong, "a picture says nothing: "+goquery.NodeName(e)+"."+e.AttrOr("class", ""))
		}
	})
	page.Find("[style], [onclick]").Each(func(_ int, e *goquery.Selection) {
		wrong = append(wrong, "the security policy refuses the inline style or script of "+goquery.NodeName(e))
	})
	return wrong
}

// TestNoTextIsMissing looks for keys of the catalogue, and for places that
// nothing was put into, in what a page shows.
func TestNoTextIsMissing(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "zh-Hans"} {
		x := onSQLite(t)
		m := x.as(surveys.Owner)
		m.user.Locale, m.lang = language, language
		if _, err := x.site.Team.ChangeUser(t.Context(), m.user); err != nil {
			t.Fatal(err)
		}
		for _, path := range x.pages() {
			p := m.get(path)
			if got := p.Find("html").AttrOr("lang", ""); got != language {
				t.Fatalf("%s is in %s", path, got)
			}
			p.Find("pre, code, [placeholder], .help, textarea.lines").Remove()
			text := p.Find("body").Text()
			for _, key := range []string{"office.", "report.", "components.", "layouts.", "metric.", "error.", "decision.", "flash.", "leaving.", "visitors.", "embed.", "cancel."} {
				for _, word := range strings.Fields(text) {
					if strings.HasPrefix(word, key) && len(word) > len(key) {
						t.Errorf("%s in %s shows %s", path, language, word)
					}
				}
			}
			if at := strings.IndexAny(text, "{}*"); at >= 0 {
				t.Errorf("%s in %s shows a sign: …%s…", path, language, text[max(0, at-40):min(len(text), at+40)])
			}
		}
	}
}
