package letters

import (
	"strconv"
	"strings"

	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/i18n"
	"github.com/harkhq/hark/templates/words"
)

// Digest is a letter that tells a member of the team what their surveys say.
//
// Names and comments must be safe to show, as in [Invitation], and hold no line
// breaks. Every address is absolute.
type Digest struct {
	L       *i18n.Localizer
	Brand   string // the workspace's name
	Colour  string // "#rrggbb", drawn as a line over the letter; anything else: none
	Subject string
	Title   string         // what it is about: "Your surveys up to 22 November 2026"
	Lead    words.Sentence // how much is new, and since when
	Period  string         // which days the scores are of
	Surveys []DigestSurvey // told at length, what is real first
	Lines   []DigestLine   // told in a line each
	More    *words.Part    // further surveys with news that have no line; nil: none
	Quiet   words.Sentence // "No news from 3 surveys: …"; empty: none
	Reading string         // how the pictures are read; empty: there are none
	Reason  string         // "You get this every Monday because you chose so."
	Change  string         // address of the reader's settings
	Stop    string         // address of the way out
}

// DigestSurvey is what one survey says.
type DigestSurvey struct {
	Name     string
	Address  string         // of its report
	Headline words.Sentence // the one that the report opens with
	Says     words.Sentence // the report's sentences
	New      words.Sentence // "23 new answers since 16 November 2026."
	Picture  *DigestPicture // nil: too few answers
	Bands    []DigestBand   // the lowest first; none: too few answers
	Themes   string         // "Mentioned most: …"; empty: nothing was
	Comments []DigestComment
}

// DigestLine is a survey in one line.
type DigestLine struct {
	Name     string
	Address  string
	Headline string
	New      string
}

// DigestPicture is the course of a score as a picture without words, and what
// stands around it: the ends of its axis and its first and last day.
type DigestPicture struct {
	Source        string // cid:… in a mail, data:… in a page
	Says          string // all that it shows, in words
	High, Low     string // the axis
	First, Last   string // days
	Width, Height int    // px
}

// DigestBand is a group of answers: a coloured stretch, and words for it.
type DigestBand struct {
	Name    string
	Share   string // "17%"
	Percent int    // of the bar's length
	Colour  string // "#rrggbb"
	Address string // of its answers
}

// DigestComment is what somebody said, without their name.
type DigestComment struct {
	Score string // "3 of 10"
	Text  string
}

// Text is the plain-text part: the same content as the HTML part, with the links
// below what they belong to. Lines end in "\n".
func (v Digest) Text() string {
	var out plain
	out.paragraph(v.Brand)
	out.paragraph(v.Title)
	out.paragraph(v.Lead.String(), v.Period)
	for _, s := range v.Surveys {
		out.paragraph(s.lines()...)
	}
	for _, line := range v.Lines {
		out.paragraph(line.Name, line.Headline+v.gap()+line.New, line.Address)
	}
	if v.More != nil {
		out.paragraph(v.More.Text, v.More.Address)
	}
	out.paragraph(v.Quiet.String())
	out.paragraph(v.Reading)
	out.WriteString("-- \n")
	out.paragraph(v.Reason)
	out.paragraph(v.L.T("digest.mail.text_change"), v.Change)
	out.paragraph(v.L.T("digest.mail.text_stop"), v.Stop)
	return out.text()
}

// gap stands between two sentences of the language.
func (v Digest) gap() string {
	if strings.HasPrefix(v.L.Lang(), "zh") {
		return ""
	}
	return " "
}

// lines are a survey in plain text.
func (s DigestSurvey) lines() []string {
	lines := []string{s.Name, s.Headline.String(), s.Says.String(), s.New.String()}
	if s.Picture != nil {
		lines = append(lines, s.Picture.Says)
	}
	var bands []string
	for _, b := range s.Bands {
		bands = append(bands, b.Name+" "+b.Share)
	}
	lines = append(lines, strings.Join(bands, " · "), s.Themes)
	for _, c := range s.Comments {
		lines = append(lines, c.Score+" "+c.Text)
	}
	return append(lines, s.Address)
}

// colour is that of the line over the letter.
func (v Digest) colour() (string, bool) {
	colour, err := components.ParseColour(v.Colour)
	if err != nil {
		return "", false
	}
	return colour.String(), true
}

// preheader is what a list of mails shows beside the subject.
func (v Digest) preheader() string {
	if len(v.Surveys) == 0 {
		return v.Lead.String()
	}
	return v.Surveys[0].Headline.String() + v.gap() + v.Surveys[0].Says.String()
}

func (b DigestBand) width() string { return strconv.Itoa(b.Percent) + "%" }

func (b DigestBand) swatch() string { return "color:" + b.Colour }

// wide marks the picture's size for Outlook, which takes it from attributes.
func (p DigestPicture) wide() string { return strconv.Itoa(p.Width) }

func (p DigestPicture) high() string { return strconv.Itoa(p.Height) }

// digestDarkStyle is [darkStyle] with the links and quotes of a digest.
const digestDarkStyle = darkStyle + `<style>
@media (prefers-color-scheme:dark){
.h-link{color:#9fa8f5!important}
.h-quote{border-color:#2a2d31!important}
}
</style>`
