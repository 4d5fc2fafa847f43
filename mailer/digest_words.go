package mailer

import (
	"cmp"
	"maps"
	"math"
	"net/url"
	"strings"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/i18n"
	"github.com/harkhq/hark/templates/letters"
	"github.com/harkhq/hark/templates/words"
)

// What a digest has room for: a mail of more than 102 KB is cut off by Gmail.
const (
	maxDigestLines = 24
	maxDigestQuiet = 12
	maxQuoted      = 280 // characters of a comment
)

// leastShown is how many answers a score needs to be shown at all; it is the
// default of analysis.Limits.
const leastShown = 5

// paper is a digest while it is written.
type paper struct {
	flow.Edition
	l        *i18n.Localizer
	base     *url.URL
	stop     string
	pictures [][]byte
	address  func(n int) string // of a picture
}

func (d *Digests) paper(e flow.Edition, stop string) *paper {
	return &paper{Edition: e, l: d.Catalogue.Match("", e.User.Locale, e.Office.Locale), base: d.URL, stop: stop}
}

// view is what the digest says, in its reader's language.
func (p *paper) view() letters.Digest {
	v := letters.Digest{
		L: p.l, Brand: cmp.Or(surveys.PlainName(p.Office.Name), p.base.Hostname()), Colour: p.Office.Color, Subject: p.subject(),
		Title: p.l.T("digest.mail.title", "date", (p.To - 1).Time()), Lead: p.lead(),
		Period: letters.Spaced(p.l.N("digest.mail.period", int64(p.To-p.From), "from", p.From.Time(), "to", (p.To - 1).Time())),
		Quiet:  p.quiet(), Reason: p.reason(),
		Change: p.link("/account/digest", nil), Stop: p.stop,
	}
	for _, one := range p.News {
		switch {
		case one.Large:
			v.Surveys = append(v.Surveys, p.survey(one))
		case len(v.Lines) < maxDigestLines:
			v.Lines = append(v.Lines, p.line(one))
		}
	}
	if left := len(p.News) - len(v.Surveys) - len(v.Lines); left > 0 {
		v.More = &words.Part{Text: p.l.N("digest.mail.more", int64(left)), Address: p.link("/scores", nil)}
	}
	if len(p.pictures) > 0 {
		v.Reading = p.l.T("digest.mail.reading")
	}
	return v
}

// reason says why the reader gets the mail.
func (p *paper) reason() string {
	if p.Asked {
		return p.l.T("digest.mail.reason.now")
	}
	return p.l.T("digest.mail.reason." + string(p.Digest.Every))
}

// lead says how much is new at all.
func (p *paper) lead() words.Sentence {
	var n int64
	for _, one := range p.News {
		n += one.New
	}
	return spaced(words.Set(p.l.N("digest.mail.new", n, "since", p.Since.Time()), nil))
}

// link is an address on this server.
func (p *paper) link(path string, query map[string]string) string {
	address := p.base.JoinPath(path)
	values := url.Values{}
	for name, value := range query {
		if value != "" {
			values.Set(name, value)
		}
	}
	address.RawQuery = values.Encode()
	return address.String()
}

// report is the address of a survey's report on the digest's days.
func (p *paper) report(s surveys.Survey) string {
	return p.link("/surveys/"+s.ID, map[string]string{"from": p.From.String(), "to": (p.To - 1).String(), "step": string(analysis.ByWeek)})
}

// days are those of every report in the digest.
func (p *paper) days() analysis.Span { return analysis.Span{From: p.From, To: p.To} }

// answers is the address of a survey's answers on some days, narrowed by further
// parameters of the list.
func (p *paper) answers(s surveys.Survey, days analysis.Span, more map[string]string) string {
	query := map[string]string{"survey": s.ID, "from": days.From.String(), "to": (days.To - 1).String()}
	maps.Copy(query, more)
	return p.link("/responses", query)
}

// survey is what one survey says at length.
func (p *paper) survey(one flow.EditionSurvey) letters.DigestSurvey {
	report := p.words(one)
	says := words.Join(p.l.Lang(), report.All())
	s := letters.DigestSurvey{
		Name: plainly(one.Survey.Name), Address: p.report(one.Survey), Headline: p.headline(one), Says: spaced(says), New: p.since(one),
		Picture: p.picture(one), Bands: p.bands(one),
	}
	if len(one.Themes) > 0 {
		s.Themes = letters.Spaced(p.l.T("digest.mail.themes", "themes", strings.Join(one.Themes, p.l.T("digest.mail.comma"))))
	}
	for _, comment := range one.Comments {
		s.Comments = append(s.Comments, letters.DigestComment{
			Score: p.l.T("digest.mail.score", "score", comment.Score, "max", one.Survey.Metric.Scale().Max), Text: plainly(comment.Comment),
		})
	}
	return s
}

// words are the sentences of the report's page.
func (p *paper) words(one flow.EditionSurvey) words.Report {
	return words.Report{
		L: p.l, Of: one.Report, Ask: p.report(one.Survey),
		Link: func(s surveys.Segment, days analysis.Span) string {
			return p.answers(one.Survey, days, map[string]string{"segment": s.String()})
		},
		Span: func(days analysis.Span) string { return p.answers(one.Survey, days, nil) },
	}
}

// headline is the sentence that the report's page opens with.
func (p *paper) headline(one flow.EditionSurvey) words.Sentence {
	r := one.Report
	if r.Score == nil {
		return words.Set(p.l.N("components.headline.hidden", r.N, "metric", p.l.Metric(r.Metric), "least", leastShown), nil)
	}
	figure := analysis.Display(r.Metric, *r.Score, *r.Interval)
	return words.Set(p.l.T("components.headline"), map[string]words.Part{
		"metric":  {Text: p.l.Metric(r.Metric)},
		"score":   {Text: p.l.Score(r.Metric, figure.Score, figure.Decimals), Strong: true},
		"margin":  {Text: "±\u00a0" + p.l.Decimal(figure.Margin, figure.Decimals)},
		"answers": {Text: p.l.N("components.answers", r.N), Address: p.answers(one.Survey, p.days(), nil)},
	})
}

// since says how many answers are new, and leads to them.
func (p *paper) since(one flow.EditionSurvey) words.Sentence {
	text := p.l.N("digest.mail.new", one.New, "since", p.Since.Time())
	if one.New == 0 {
		return spaced(words.Set(text, nil))
	}
	return words.Sentence{{Text: letters.Spaced(text), Address: p.answers(one.Survey, analysis.Span{From: p.Since, To: p.To}, nil)}}
}

// line is a survey in one line.
func (p *paper) line(one flow.EditionSurvey) letters.DigestLine {
	return letters.DigestLine{Name: plainly(one.Survey.Name), Address: p.report(one.Survey), Headline: p.headline(one).String(), New: p.since(one).String()}
}

// quiet names the surveys without news, as far as there is room.
func (p *paper) quiet() words.Sentence {
	if len(p.Quiet) == 0 {
		return nil
	}
	var names []string
	for _, survey := range p.Quiet[:min(len(p.Quiet), maxDigestQuiet)] {
		names = append(names, plainly(survey.Name))
	}
	if len(p.Quiet) > maxDigestQuiet {
		names = append(names, "…")
	}
	list := strings.Join(names, p.l.T("digest.mail.comma"))
	return spaced(words.Set(p.l.N("digest.mail.quiet", int64(len(p.Quiet))), map[string]words.Part{"surveys": {Text: list}}))
}

// bands are the groups of answers, the lowest first. Their widths add up to a
// hundred.
func (p *paper) bands(one flow.EditionSurvey) []letters.DigestBand {
	if one.Report.Hidden {
		return nil
	}
	scale := one.Survey.Metric.Scale()
	var bands []letters.DigestBand
	left := 100
	for i, band := range []surveys.Band{scale.Bad, scale.Middle, scale.Good} {
		share := one.Report.Bands[band].Share * 100
		width := int(math.Round(share))
		if i == 2 {
			width = left
		}
		width = max(0, min(width, left))
		left -= width
		bands = append(bands, letters.DigestBand{
			Name: p.l.Band(band), Share: p.l.Percent(share, 0), Percent: width, Colour: []string{"#c8452d", "#8b919a", "#0b7a75"}[i],
			Address: p.answers(one.Survey, p.days(), map[string]string{"score": string(band)}),
		})
	}
	return bands
}

// picture draws the course of a survey's score; nil when there is none to show.
func (p *paper) picture(one flow.EditionSurvey) *letters.DigestPicture {
	if one.Report.Score == nil {
		return nil
	}
	drawing, ok := newDrawing(one.Report)
	if !ok {
		return nil
	}
	p.pictures = append(p.pictures, drawing.png())
	score := func(x float64) string { return p.l.Score(one.Report.Metric, x, 0) }
	return &letters.DigestPicture{
		Source: p.address(len(p.pictures) - 1), Width: drawingWidth, Height: drawingHeight, High: score(drawing.high), Low: score(drawing.low),
		First: p.l.Date(drawing.first.Time()), Last: p.l.Date((p.To - 1).Time()), Says: letters.Spaced(p.course(drawing)),
	}
}

// course says what a picture shows: the weeks' own scores, each with how many
// answers it is made of, and where the line ends that runs through them.
func (p *paper) course(d drawing) string {
	score := func(x float64) string { return p.l.Score(d.report.Metric, x, 0) }
	level := analysis.Display(d.report.Metric, *d.level.Smooth, analysis.Interval{Low: *d.level.SmoothLow, High: *d.level.SmoothHigh})
	args := []any{
		"metric", p.l.Metric(d.report.Metric), "from", d.first.Time(), "to", (p.To - 1).Time(),
		"level", score(level.Score), "level_low", score(level.Low), "level_high", score(level.High),
	}
	if d.last == nil {
		return p.l.T("digest.mail.picture.level", args...)
	}
	for name, week := range map[string]*analysis.TrendPoint{"last": d.last, "lowest": d.lowest, "highest": d.highest} {
		args = append(args, name, score(*week.Score), name+"_answers", p.l.N("components.answers", week.N))
	}
	return p.l.T("digest.mail.picture.weeks", args...)
}

// spaced is [letters.Spaced] for each part of a sentence.
func spaced(s words.Sentence) words.Sentence {
	for i := range s {
		s[i].Text = letters.Spaced(s[i].Text)
	}
	return s
}

// plainly makes what people wrote fit for a letter: one line, not too long, and
// nothing that mail programs turn into a link.
func plainly(text string) string {
	text = strings.NewReplacer("://", " ", "www.", "www ", "WWW.", "WWW ").Replace(oneLine(text))
	if runes := []rune(text); len(runes) > maxQuoted {
		text = string(runes[:maxQuoted-1]) + "…"
	}
	return text
}

// subject says the most important thing in words.
func (p *paper) subject() string {
	if len(p.News) == 0 {
		return p.l.T("digest.mail.subject.nothing", "company", surveys.PlainName(p.Office.Name))
	}
	first := p.News[0]
	subject := p.told(first)
	if others := len(p.News) - 1; others > 0 {
		subject = p.l.N("digest.mail.subject.and", int64(others), "subject", subject)
	}
	return words.Tighten(letters.Spaced(subject))
}

// told is a survey in a few words.
func (p *paper) told(one flow.EditionSurvey) string {
	v := one.Report.Verdict
	args := []any{"survey", shortly(plainly(one.Survey.Name)), "metric", p.l.Metric(one.Survey.Metric)}
	if one.Report.Score == nil {
		return p.l.N("digest.mail.subject.hidden", one.New, args...)
	}
	figure := analysis.Display(one.Survey.Metric, *one.Report.Score, *one.Report.Interval)
	args = append(args, "score", p.l.Score(one.Survey.Metric, figure.Score, figure.Decimals))
	switch {
	case one.Why == flow.NewsChange:
		return p.changed(one, args)
	case v.Kind == analysis.Rise, v.Kind == analysis.Fall:
		return p.l.T("digest.mail.subject."+string(v.Kind), append(args, "points", p.points(one, v.Difference.Difference))...)
	case v.Kind == analysis.Mixed:
		return p.l.T("digest.mail.subject."+mixture(v), append(args, "points", p.points(one, v.Difference.Difference))...)
	case one.Why == flow.NewsFirst, one.Why == flow.NewsComments:
		return p.l.T("digest.mail.subject."+string(one.Why), args...)
	case one.Report.Within() != nil:
		return p.changed(one, args)
	case v.Kind == analysis.Normal && v.Doubt() == analysis.MixMoved:
		return p.l.T("digest.mail.subject."+mixture(v), append(args, "points", p.points(one, v.Difference.Difference))...)
	case v.Kind == analysis.Normal && v.Doubt() != analysis.ByChance:
		return p.l.T("digest.mail.subject.doubt", args...)
	}
	return p.l.T("digest.mail.subject."+string(v.Kind), args...)
}

// changed is a change with a date in a few words.
func (p *paper) changed(one flow.EditionSurvey, args []any) string {
	c, way := one.Report.Last, "rise"
	if c.Difference < 0 {
		way = "fall"
	}
	return p.l.T("digest.mail.subject.change_"+way, append(args, "points", p.points(one, c.Difference), "date", c.At.Time())...)
}

// mixture is the end of the catalogue's key for a move by mix: how much of it, and
// which way.
func mixture(v analysis.Verdict) string {
	way := "rise"
	if v.Difference.Difference < 0 {
		way = "fall"
	}
	switch {
	case v.Mix.Only():
		return "mix_" + way
	case v.Mix.Mostly():
		return "mostly_" + way
	}
	return "half_" + way
}

// points is the size of a change: "9", or "9 percentage points".
func (p *paper) points(one flow.EditionSurvey, difference float64) string {
	if one.Survey.Metric.Scale().Net {
		return p.l.T("digest.mail.points", "n", int64(math.Round(math.Abs(difference))))
	}
	return words.Report{L: p.l, Of: one.Report}.Points(difference)
}

// shortly cuts a name for a subject line.
func shortly(name string) string {
	if runes := []rune(name); len(runes) > 40 {
		return string(runes[:39]) + "…"
	}
	return name
}
