package themes

import (
	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// Example is a comment with the score given beside it, for [Train] and [Suggest].
type Example struct {
	Text   string
	Locale string // as declared by the person or the page: "en", "zh-Hans", "" where unknown
	Score  int
}

// The least that a model is trained on, per language.
const (
	LeastComments = 200 // with a good or a bad score
	LeastPerClass = 50  // of each of the two
)

// The reasons of [Train] to refuse a language.
const (
	TooFewComments analysis.Reason = "few_comments" // Have of Need comments with a good or a bad score
	TooFewOfClass  analysis.Reason = "few_of_class" // Have of Need of the rarer of good and bad
	NothingLearned analysis.Reason = "no_signal"    // held-out AUC's lower bound is Have, not Need
)

// Quality says how well a model tells good from bad on comments that it was not
// trained on: k-fold cross-validation, with equal texts kept in one fold, so
// that a phrase learned by heart earns nothing.
type Quality struct {
	Language     Language `json:"language"`
	N            int      `json:"n"`   // comments judged, each by a model that had not seen it
	Bad          int      `json:"bad"` // of them with a bad score
	Folds        int      `json:"folds"`
	Base         float64  `json:"base"`     // accuracy of always saying the more frequent class
	Accuracy     float64  `json:"accuracy"` // share of comments put on the right side
	MacroF1      float64  `json:"macro_f1"` // mean of both classes' F1
	AUC          float64  `json:"auc"`      // P(a good one is ranked above a bad one); 0.5 is chance
	AUCLow       float64  `json:"auc_low"`  // 95 % interval of Hanley & McNeil (1982)
	AUCHigh      float64  `json:"auc_high"`
	ColdAccuracy *float64 `json:"cold_accuracy"` // VADER's on the same comments; English only
	ColdAUC      *float64 `json:"cold_auc"`
}

// Refused is a language that [Train] learned nothing for, and why.
type Refused struct {
	Language Language
	Refusal  *analysis.Refusal
}

// Model tells how comments on one question feel, in each language of which there
// was enough to learn. It is safe for concurrent use.
type Model struct {
	Metric  surveys.Metric
	Quality []Quality // by language, most comments first
	Refused []Refused // the languages that were not learned
}
