package themes

import "github.com/harkhq/hark/analysis"

// Tone is a feeling in one word. Its zero value is [ToneUnknown].
type Tone string

// The tones.
const (
	ToneUnknown Tone = "" // nothing here could tell
	Negative    Tone = "negative"
	Neutral     Tone = "neutral"
	Positive    Tone = "positive"
)

// Source says who judged a feeling. It belongs beside every number made of it.
type Source string

// The sources.
const (
	ByNobody Source = ""      // nothing here could tell
	ByModel  Source = "model" // trained on the answers to this very question
	ByVADER  Source = "vader" // a general English word list, until there is a model
)

// Sentiment is how a comment feels.
type Sentiment struct {
	Tone   Tone
	Value  int    // in thousandths, −1000 (unhappy) … 1000 (happy); 0 where unknown
	Source Source // who said so
}

// Reading is everything that was read out of one comment. It is small, and meant
// to be stored beside the answer: with it, changing or erasing the answer is one
// [Tally.Remove].
type Reading struct {
	Language  Language
	Themes    []string // ids in the order of the matcher's themes; nil where none
	Sentiment Sentiment
}

// Reader reads comments on one question. It is safe for concurrent use.
type Reader struct {
	matcher *Matcher
	model   *Model
	cold    *coldStart
}

// NewReader makes a reader of the workspace's themes and the question's model;
// model is nil as long as there is none. English that the model did not learn is
// then judged by VADER, other languages are not judged.
func NewReader(themes *Matcher, model *Model) (*Reader, error) {
	if themes == nil {
		return nil, analysis.Refuse("themes", "a reader needs a matcher, though it may be one of no themes")
	}
	if model == nil {
		model = &Model{}
	}
	return &Reader{matcher: themes, model: model, cold: newColdStart()}, nil
}

// Read reads one comment. The declared locale is the person's or page's, or else
// the survey's: see [LanguageOf]. A comment without a letter or emoji has a zero
// [Reading].
func (r *Reader) Read(text, declared string) Reading {
	tokens := scan(text)
	if len(tokens) == 0 || r.matcher == nil { // not made by NewReader: it knows nothing
		return Reading{}
	}
	l := LanguageOf(text, declared)
	reading := Reading{Language: l, Themes: r.matcher.match(tokens, l)}
	judge := judgeOf(l, declared)
	learned := r.model.classifiers[judge]
	switch {
	case learned != nil && judge == English:
		reading.Sentiment = learned.read(tokens, r.cold.compound(text))
	case learned != nil:
		reading.Sentiment = learned.read(tokens, 0)
	case judge == English:
		reading.Sentiment = r.cold.read(text)
	}
	return reading
}

// judgeOf is the language whose classifier judges a comment. Emoji alone are in
// no language, but people of one use them alike.
func judgeOf(l Language, declared string) Language {
	if l == Unknown {
		return baseOf(declared)
	}
	return l
}
