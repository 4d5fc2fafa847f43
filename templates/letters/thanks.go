package letters

// Thanks is a letter that thanks for an answer, and lets it be changed.
type Thanks struct {
	Frame
	Lang     string // BCP 47 language of Question; empty: that of L
	Question string
	Score    int
	Max      int    // the highest choice; 0: the answer is not known any more
	Page     string // where the answer can be changed
	Link     string // where this answer leads, such as to a review site; empty: nowhere
	LinkKind LinkKind
}

// LinkKind is what is said about where an answer leads.
type LinkKind string

// The kinds, by what was answered.
const (
	LinkGood   LinkKind = "good"
	LinkMiddle LinkKind = "middle"
	LinkBad    LinkKind = "bad"
)

// Usual are the words of the letter where a team wrote none of its own.
func (v Thanks) Usual() Texts {
	words := v.usual("letters.thanks.")
	words.Intro = v.L.T("letters.thanks.intro")
	return words
}

// Words are those of the letter: the team's own, and the usual ones for what it
// left empty.
func (v Thanks) Words() Texts { return v.Own.or(v.Usual()) }

// Subject is the letter's subject line, in the language of v.L.
func (v Thanks) Subject() string { return v.Words().Subject }

// answer is what the person answered: "Your answer: 9 out of 10".
func (v Thanks) answer() string {
	if v.Max == 0 {
		return ""
	}
	return v.L.T("letters.thanks.answer", "answer", v.L.T("letters.score_of", "score", v.Score, "max", v.Max))
}

// linkText is the link's text; empty where there is none.
func (v Thanks) linkText() string {
	if v.Link == "" {
		return ""
	}
	return Spaced(v.L.T("letters.thanks.link."+string(v.LinkKind), "company", v.Brand))
}

// Text is the plain-text part: the same content as the HTML part. Lines end in
// "\n".
func (v Thanks) Text() string {
	var out plain
	words := v.Words()
	out.paragraph(v.Brand)
	out.paragraph(words.Greeting)
	out.paragraphs(words.Intro)
	if v.answer() != "" {
		out.paragraph(v.Question, v.answer())
	}
	out.paragraph(v.L.T("letters.thanks.text_change"), v.Page)
	if v.Link != "" {
		out.paragraph(v.linkText()+":", v.Link)
	}
	out.paragraphs(words.Closing)
	v.foot(&out)
	return out.text()
}
