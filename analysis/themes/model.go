package themes

import (
	"math"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// Example is a comment with the score given beside it, for [Train] and [Suggest].
type Example struct {
	Text   string
	Locale string // as declared by the person or the page: "en", "zh-Hans", "" where unknown
	Score  int
}

// Quality says how well a model tells good from bad on comments that it was not
// trained on: k-fold cross-validation, with equal sentences kept in one fold, so
// that one learned by heart earns nothing.
type Quality struct {
	Language Language `json:"language"`
	N        int      `json:"n"`   // comments judged, each by a model that had not seen it
	Bad      int      `json:"bad"` // of them with a bad score
	Folds    int      `json:"folds"`
	Base     float64  `json:"base"`     // accuracy of always saying the more frequent class
	Accuracy float64  `json:"accuracy"` // share of comments put on the right side
	MacroF1  float64  `json:"macro_f1"` // mean of both classes' F1
	AUC      float64  `json:"auc"`      // P(a good one is ranked above a bad one); 0.5 is chance
	AUCLow   float64  `json:"auc_low"`  // 95 % interval of Hanley & McNeil (1982)
	AUCHigh  float64  `json:"auc_high"`
	Decided  float64  `json:"decided"` // share that got a tone other than neutral …
	Right    float64  `json:"right"`   // … and of these, share that got the right one
	Cold     *Cold    `json:"cold"`    // VADER on the same comments; nil but for English
}

// Cold is what the general word list makes of the same comments.
type Cold struct {
	Accuracy float64 `json:"accuracy"` // a comment without any feeling counts half
	AUC      float64 `json:"auc"`
}

// Refused is a language that [Train] learned nothing for, and why.
type Refused struct {
	Language Language          `json:"language"`
	Refusal  *analysis.Refusal `json:"refusal"`
}

// Model tells how comments on one question feel, in each language of which there
// was enough to learn. [Train] makes it; as bytes it can be stored, about 300 KB
// a language and never over a megabyte. It is safe for concurrent use.
type Model struct {
	metric      surveys.Metric
	quality     []Quality
	refused     []Refused
	classifiers map[Language]*classifier
}

// Metric is that of the survey whose answers it learned from.
func (m *Model) Metric() surveys.Metric { return m.metric }

// Quality is how good it is in each language it learned, most comments first.
func (m *Model) Quality() []Quality { return m.quality }

// Refused are the languages it did not learn, most comments first.
func (m *Model) Refused() []Refused { return m.refused }

// classifier is what was learned of one language.
type classifier struct {
	column  map[string]int32
	idf     []float32
	weight  []float32
	lexicon float64 // weight of VADER's compound; 0 but for English
	bias    float64
	scale   float64 // the probability of good is σ(scale·margin + shift)
	shift   float64
}

// neutralZone is the value, in thousandths, under which a feeling is called
// neutral: where one of two comments so judged is on the other side nearly as
// often as on this.
const neutralZone = 300

// read judges a comment, given VADER's compound of it. What has no known term in
// it is left unknown.
func (c *classifier) read(tokens []token, compound float64) Sentiment {
	margin, known := c.margin(tokens)
	margin += c.lexicon * compound
	if !known && c.lexicon*compound == 0 {
		return Sentiment{}
	}
	s := Sentiment{Value: int(math.Round(1000 * (2*sigmoid(c.scale*margin+c.shift) - 1))), Source: ByModel}
	s.Tone = toneOf(s.Value)
	return s
}

// toneOf is the tone of a value of a model.
func toneOf(value int) Tone {
	switch {
	case value <= -neutralZone:
		return Negative
	case value >= neutralZone:
		return Positive
	}
	return Neutral
}

// margin is w·x + b of a comment's terms; false when none is known.
func (c *classifier) margin(tokens []token) (float64, bool) {
	columns := make([]int32, 0, 2*len(tokens))
	eachTerm(tokens, func(key []byte) {
		if column, known := c.column[string(key)]; known {
			columns = append(columns, column)
		}
	})
	if len(columns) == 0 {
		return c.bias, false
	}
	b := bagOf(columns)
	var dot, squares float64
	for i, column := range b.terms {
		v := float64(c.idf[column])
		if n := b.counts[i]; n > 1 {
			v *= 1 + math.Log(float64(n))
		}
		dot += v * float64(c.weight[column])
		squares += v * v
	}
	return dot/math.Sqrt(squares) + c.bias, true
}
