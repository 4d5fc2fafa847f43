package respond

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/i18n"
)

// styleElement is the page's style with the brand's colour after it: the colour
// itself, the ink that can be read on it, and an edge that can be seen on the
// paper where the colour alone cannot. The colour has been parsed and is
// written anew, so nothing that a workspace stored reaches the style sheet as
// it is.
func (f Frame) styleElement() string {
	var out strings.Builder
	out.WriteString(`<style nonce="` + templ.EscapeString(f.Nonce) + `">`)
	out.WriteString(f.Style)
	out.WriteString(f.Embed.Style)
	if colour, err := components.ParseColour(f.Brand.Colour); err == nil {
		out.WriteString(":root{--brand:" + colour.String() + ";--on-brand:" + colour.Ink().String() + ";--brand-edge:" + colour.OnLight().String() + "}")
		out.WriteString("@media (prefers-color-scheme:dark){:root{--brand:" + colour.String() + ";--on-brand:" + colour.Ink().String() + ";--brand-edge:" + colour.OnDark().String() + "}}")
	}
	out.WriteString(`</style>`)
	return f.Embed.themed(out.String())
}

// themed fixes a style to the colours of the site around the page, which need not be
// those that the person's system prefers.
func (e Embed) themed(style string) string {
	switch e.Theme {
	case "light":
		return strings.NewReplacer("@media (prefers-color-scheme:dark)", "@media not all", "@media(prefers-color-scheme:dark)", "@media not all", "color-scheme:light dark", "color-scheme:light").Replace(style)
	case "dark":
		return strings.NewReplacer("@media (prefers-color-scheme:dark)", "@media all", "@media(prefers-color-scheme:dark)", "@media all", "color-scheme:light dark", "color-scheme:dark").Replace(style)
	}
	return style
}

// elsewhere has a link to another site leave the frame that the page is in: few sites let
// themselves be framed, and the page around allows none but Hark.
func (f Frame) elsewhere() templ.Attributes {
	if f.Embed.Host == "" {
		return nil
	}
	return templ.Attributes{"target": "_blank"}
}

// icon is the page's small picture as a data address, so that the browser does
// not ask for one.
func (f Frame) icon() string {
	fill := "#1c1e21"
	if colour, err := components.ParseColour(f.Brand.Colour); err == nil {
		fill = colour.String()
	}
	svg := `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" rx="2" fill="` + fill + `"/></svg>`
	return "data:image/svg+xml," + url.PathEscape(svg)
}

// initial is the first letter of the brand's name.
func (b Brand) initial() string {
	first, width := utf8.DecodeRuneInString(strings.TrimSpace(b.Name))
	if width == 0 {
		return ""
	}
	return strings.ToUpper(string(first))
}

func (f Frame) currentLanguage() string {
	for _, link := range f.Languages {
		if link.Current {
			return link.Name
		}
	}
	return f.L.T("respond.language")
}

// otherLanguage is the one to change to when there are just two.
func (f Frame) otherLanguage() []LanguageLink {
	var others []LanguageLink
	for _, link := range f.Languages {
		if !link.Current {
			others = append(others, link)
		}
	}
	return others
}

// lang is the language that text is marked with.
func (f Frame) lang(own string) string {
	if own == "" {
		return f.L.Lang()
	}
	return own
}

func (f Frame) dir(own string) string { return i18n.Direction(f.lang(own)) }

// scale is the question with its choices, as the component takes it.
func (q Question) scale() components.Scale {
	scale := components.Scale{Question: q.Words.Question, Rank: components.Heading, Low: q.low(), High: q.high(), Error: q.errorOf("score"), Choices: q.Choices}
	for i, c := range scale.Choices {
		scale.Choices[i].Name = ScoreName(q.Frame.L, q.Style, c.Score)
		scale.Choices[i].Drawing = drawing(q.Style, c.Score)
	}
	if q.Style == surveys.StyleNumbers {
		return scale
	}
	scale.Low, scale.High = q.Words.Low, q.Words.High
	if len(q.Choices) < 5 { // there is room for the name of each
		scale.Low, scale.High = "", ""
	}
	return scale
}

// sendText is what the button says.
func (q Question) sendText() string {
	if q.More {
		return q.Frame.L.T("respond.more.send")
	}
	return q.Frame.L.T("respond.send")
}

// optional says beside a follow-up that it need not be answered, and where several
// may be chosen that they may.
func (q Question) optional(f FollowUp) string {
	if f.Kind == surveys.FollowUpMany {
		return q.Frame.L.T("respond.many")
	}
	return q.Frame.L.T("respond.optional")
}

// low and high are the captions of the scale's two ends.
func (q Question) low() string {
	if len(q.Choices) == 0 || q.Words.Low == "" {
		return ""
	}
	return q.Frame.L.End(q.Choices[0].Score, q.Words.Low)
}

func (q Question) high() string {
	if len(q.Choices) == 0 || q.Words.High == "" {
		return ""
	}
	return q.Frame.L.End(q.Choices[len(q.Choices)-1].Score, q.Words.High)
}

// errorOf is what is wrong with a field, or nothing.
func (q Question) errorOf(field string) string {
	for _, e := range q.Errors {
		if e.Field == field {
			return e.Text
		}
	}
	return ""
}

// target is where an error's link leads: the field that it speaks of.
func (q Question) target(e FieldError) string {
	if e.Field == "score" && len(q.Choices) > 0 {
		return "#" + q.Choices[0].ID()
	}
	for _, f := range q.FollowUps {
		if f.Name == e.Field && f.Kind == surveys.FollowUpContact && f.WantsEmail { // what can be wrong is the address
			return "#" + f.id() + "-mail"
		}
		if f.Name == e.Field {
			return "#" + f.id()
		}
	}
	return ""
}

// note says who reads the answer.
func (q Question) note() string {
	return q.Frame.L.T("respond.only_us", "company", q.Frame.Brand.Name)
}

// title is what the browser's tab says.
func (q Question) title() string {
	if len(q.Errors) > 0 {
		return q.Frame.L.T("respond.title_error", "title", q.Words.Question)
	}
	return q.Words.Question
}
