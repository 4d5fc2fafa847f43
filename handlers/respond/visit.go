package respond

import (
	"cmp"
	"maps"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/i18n"
	view "github.com/harkhq/hark/templates/respond"
)

// visit is who is asked, by whom, and in which language. It is kept with the
// request, so that an error page wears the same dress.
type visit struct {
	office flow.Office
	l      *i18n.Localizer
	asks   *i18n.Localizer // the survey's own language, see [i18n.Catalogue.Speaking]; nil for l
	embed  view.Embed      // of a page in another site's frame; zero for others
}

// speaking is the visit with the language in which the survey asks.
func (v visit) speaking(site *web.Site, survey surveys.Survey) visit {
	v.asks = site.Catalogue.Speaking(v.l, survey, v.office.Workspace)
	return v
}

// words is the language of the survey's own texts.
func (v visit) words() *i18n.Localizer { return cmp.Or(v.asks, v.l) }

const keyVisit = "hark.respond.visit"

// enter finds the visit's language: what the page's menu chose, else the
// person's own, else the browser's, else the survey's, or the workspace's.
func (p *pages) enter(c echo.Context, w flow.Office, survey surveys.Survey, locale string) visit {
	v := visit{office: w, l: localizer(c, p.Site, survey.UsualLocale(w.Workspace), locale)}
	c.Set(keyVisit, v)
	return v
}

func localizer(c echo.Context, site *web.Site, fallback, locale string) *i18n.Localizer {
	return site.Catalogue.Respondent(c.Request().Header.Get("Accept-Language"), fallback, chosen(c), locale)
}

// chosen is the language that the page's menu asks for.
func chosen(c echo.Context) string { return c.QueryParam("lang") }

// frame is the dress of a page.
func (v visit) frame(c echo.Context, style string) view.Frame {
	return view.Frame{
		L: v.l, Nonce: web.Nonce(c), Style: style, Languages: languages(c, v.l), Embed: v.embed,
		Brand: view.Brand{Name: v.office.Name, Colour: v.office.Color, Logo: LogoPath(v.office.Workspace)},
	}
}

// languages are links to this page in each language.
func languages(c echo.Context, l *i18n.Localizer) []view.LanguageLink {
	const place = "a-language-of-the-menu"
	query := maps.Clone(c.QueryParams())
	query.Del("answer")
	query.Set("lang", place)
	address := (&url.URL{Path: c.Request().URL.Path, RawQuery: query.Encode()}).String()
	var links []view.LanguageLink
	for _, language := range i18n.LanguageMenu() {
		links = append(links, view.LanguageLink{
			Tag: language.Tag, Name: language.Name, Address: strings.Replace(address, place, language.Tag, 1), Current: language.Tag == l.Lang(),
		})
	}
	return links
}

// inLanguage keeps the language that was chosen on the page.
func inLanguage(c echo.Context, path string) string {
	if lang := chosen(c); lang != "" {
		sign := "?"
		if strings.Contains(path, "?") {
			sign = "&"
		}
		return path + sign + "lang=" + url.QueryEscape(lang)
	}
	return path
}

// Words are the texts of a survey's page in the language of l: the survey's
// own, and for what it leaves empty the usual ones of its metric. The office's
// preview shows the same.
func Words(l *i18n.Localizer, w surveys.Workspace, s surveys.Survey) view.Words {
	texts := l.Asked(s, w.Name)
	return view.Words{Lang: l.Lang(), Question: texts.Question, FollowUp: texts.FollowUp, Low: texts.Low, High: texts.High}
}

// ThankYou is the text after an answer, chosen like [Words].
func ThankYou(l *i18n.Localizer, w surveys.Workspace, s surveys.Survey) string {
	return l.Asked(s, w.Name).Thanks
}
