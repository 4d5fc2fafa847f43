package themes

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
