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

// Quality says how well a model judges comments that it was not trained on: k-fold
// cross-validation, with equal sentences kept in one fold, so that one learned by
// heart earns nothing. The classes are bad, middle and good scores; the middle is
// left out where there are under [LeastPerClass] of it.
type Quality struct {
	Language Language `json:"language"`
	N        int      `json:"n"`      // comments judged, each by a model that had not seen it
	Bad      int      `json:"bad"`    // of them with a bad score
	Middle   int      `json:"middle"` // with a middle one; 0 where it was left out
	Folds    int      `json:"folds"`
	Base     float64  `json:"base"`     // accuracy of always saying the most frequent class
	Accuracy float64  `json:"accuracy"` // share of comments put into the class of their score
	MacroF1  float64  `json:"macro_f1"` // mean of the classes' F1
	Sides    float64  `json:"sides"`    // of bad and good ones, share put on the right side of zero
	AUC      float64  `json:"auc"`      // P(a good one is ranked above a bad one); 0.5 is chance
	AUCLow   float64  `json:"auc_low"`  // 95 % interval of Hanley & McNeil (1982)
	AUCHigh  float64  `json:"auc_high"`
	Decided  float64  `json:"decided"` // share that got a tone other than neutral …
	Right    float64  `json:"right"`   // … and of these, share whose score is on that side
	Cold     *Cold    `json:"cold"`    // VADER on the same comments; nil but for English
}

// Cold is what the general word list makes of the same comments, to be held
// against Sides and AUC of a [Quality].
type Cold struct {
	Sides float64 `json:"sides"` // a comment without any feeling counts half
	AUC   float64 `json:"auc"`
}

// Refused is a language that [Train] learned nothing for, and why.
type Refused struct {
	Language Language          `json:"language"`
	Refusal  *analysis.Refusal `json:"refusal"`
}

// Model tells how comments on one question feel, in each language of which there
// was enough to learn. [Train] makes it; as bytes it can be stored, under 400 KB
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

// classifier is what was learned of one language: a [plane] over named terms.
type classifier struct {
	classes []class // bad and good, with or without the middle between
	column  map[string]int32
	idf     []float32
	weight  []float32 // of term i for class c: weight[i·k+c]
	lexicon []float64 // of VADER's compound, by class; zeros but for English
	bias    []float64 // by class
	scale   float64   // the chances of the classes are softmax(scale·scores)
}

// neutralZone is the value, in thousandths, under which a feeling is called
// neutral where no middle scores were there to learn it from. In trials with
// sentences unlike all that were learned, those judged closer to zero were right
// hardly more often than wrong.
const neutralZone = 300

// read judges a comment, given VADER's compound of it. What has no known term in
// it is left unknown.
func (c *classifier) read(tokens []token, compound float64) Sentiment {
	scores, known := c.scores(tokens)
	for k, weight := range c.lexicon {
		scores[k] += weight * compound
		known = known || weight*compound != 0
	}
	if !known {
		return Sentiment{}
	}
	tone, value := c.feel(scores)
	return Sentiment{Tone: tone, Value: value, Source: ByModel}
}

// feel makes a tone and a value of scores: P(good) − P(bad), and the likeliest
// class.
func (c *classifier) feel(scores []float64) (Tone, int) {
	k := len(scores)
	scaled := make([]float64, k)
	for i, s := range scores {
		scaled[i] = c.scale * s
	}
	sum := logSum(scaled)
	value := int(math.Round(1000 * (math.Exp(scaled[k-1]-sum) - math.Exp(scaled[0]-sum))))
	switch {
	case k == 2:
		return toneOf(value), value
	case scores[1] >= scores[0] && scores[1] >= scores[2]:
		return Neutral, value
	case scores[0] > scores[2]:
		return Negative, value
	}
	return Positive, value
}

// toneOf is the tone of a value where only two classes were learned.
func toneOf(value int) Tone {
	switch {
	case value <= -neutralZone:
		return Negative
	case value >= neutralZone:
		return Positive
	}
	return Neutral
}

// scores are w·x + b of a comment's terms by class; false when none is known.
func (c *classifier) scores(tokens []token) ([]float64, bool) {
	columns := make([]int32, 0, 2*len(tokens))
	eachTerm(tokens, func(key []byte) {
		if column, known := c.column[string(key)]; known {
			columns = append(columns, column)
		}
	})
	k := len(c.classes)
	dots := make([]float64, k)
	b := bagOf(columns)
	var squares float64
	for i, column := range b.terms {
		v := float64(c.idf[column])
		if n := b.counts[i]; n > 1 {
			v *= 1 + math.Log(float64(n))
		}
		squares += v * v
		for j, w := range c.weight[int(column)*k:][:k] {
			dots[j] += v * float64(w)
		}
	}
	for j := range dots {
		if squares > 0 {
			dots[j] /= math.Sqrt(squares)
		}
		dots[j] += c.bias[j]
	}
	return dots, len(columns) > 0
}
