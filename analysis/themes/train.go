package themes

import (
	"cmp"
	"hash/fnv"
	"slices"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// The least that a model is trained on, per language.
const (
	LeastComments = 200  // with a good or a bad score
	LeastPerClass = 50   // of each of the two
	LeastAUC      = 0.60 // the lower bound of its AUC on comments that it had not seen
)

// MaxComments is how many comments of a language are learned from; more make a
// model hardly better.
const MaxComments = 40000

// The reasons of [Train] to learn nothing of a language.
const (
	TooFewComments analysis.Reason = "few_comments" // Have of Need comments with a good or a bad score
	TooFewOfClass  analysis.Reason = "few_of_class" // Have of Need comments of the rarer of the two
	NothingLearned analysis.Reason = "no_signal"    // Have of Need: the lower bound of the AUC
)

const (
	folds      = 5
	strength   = 4.0   // C: how much the comments count against the penalty
	maxTerms   = 15000 // of one language
	allTerms   = 36000 // of all languages of a model
	rareTerm   = 2     // comments that a term must be in, …
	manyTexts  = 1000  // … one more of so many comments
	maxLearned = 6     // languages
	shortText  = 4     // tokens of what people say in the same words by themselves
)

// Train learns how comments on one question of one survey feel, from the scores
// beside them: bad (detractors, dissatisfied, hard), middle and good. The middle
// is a class of its own where there is enough of it: in trials with comments that
// praise and blame in one breath it raised the F1 of the three tones from 0.48 to
// 0.68 on sentences unlike all that were learned, and cost 0.02 where the middle
// was written like the rest; the ranking of good above bad did not suffer. The
// features are TF-IDF of words and pairs of
// words, or of characters and pairs of them, and in English VADER's sum as one
// more: it helps with sentences unlike all that were learned from, and how much
// it is worth under this question is learned like the rest. The classifier is a
// multinomial logistic regression with an L2 penalty, in which all classes count
// alike. Give the
// newest comments first: at most [MaxComments] of a language are used.
//
// Each language is learned by itself. A language with too little, or whose model
// does not tell good from bad where it has not looked before, is left out and
// listed in [Model.Refused]. When no language is learned, the error is the
// [analysis.Refusal] of the one with most comments. Equal input gives equal
// models.
func Train(m surveys.Metric, examples []Example) (*Model, error) {
	if !m.Valid() {
		return nil, analysis.Refuse("metric", "%q is not one of %v", string(m), surveys.Metrics())
	}
	sets, err := split(m, examples)
	if err != nil {
		return nil, err
	}
	model := &Model{metric: m, classifiers: map[Language]*classifier{}}
	limit := min(maxTerms, allTerms/max(1, learnable(sets)))
	for _, s := range sets {
		if refusal := s.tooFew(); refusal != nil {
			model.refused = append(model.refused, Refused{s.language, refusal})
			continue
		}
		c, q := s.train(limit)
		if q.AUCLow < LeastAUC {
			refusal := &analysis.Refusal{Reason: NothingLearned, Have: q.AUCLow, Need: LeastAUC, Name: string(s.language)}
			model.refused = append(model.refused, Refused{s.language, refusal})
			continue
		}
		model.quality = append(model.quality, q)
		model.classifiers[s.language] = c
	}
	if len(model.quality) > 0 {
		return model, nil
	}
	if len(model.refused) > 0 {
		return nil, model.refused[0].Refusal
	}
	return nil, &analysis.Refusal{Reason: TooFewComments, Need: LeastComments}
}

// trainingSet is the comments of one language.
type trainingSet struct {
	language Language
	corpus   corpus
	texts    []string
	classes  []class
	fold     []int
}

// split sorts comments by language, the most frequent first.
func split(m surveys.Metric, examples []Example) ([]*trainingSet, error) {
	scale := m.Scale()
	byLanguage := map[Language]*trainingSet{}
	for i, e := range examples {
		if !scale.Contains(e.Score) {
			return nil, analysis.Refuse("score", "%d of comment %d is outside the scale %d–%d of %s", e.Score, i, scale.Min, scale.Max, m)
		}
		band := scale.Band(e.Score)
		l := judgeOf(LanguageOf(e.Text, e.Locale), e.Locale)
		if l == Unknown {
			continue
		}
		s := byLanguage[l]
		if s == nil {
			s = &trainingSet{language: l}
			byLanguage[l] = s
		}
		if len(s.texts) < MaxComments {
			s.add(e.Text, classOf(scale, band))
		}
	}
	sets := make([]*trainingSet, 0, len(byLanguage))
	for _, s := range byLanguage {
		sets = append(sets, s)
	}
	slices.SortFunc(sets, func(a, b *trainingSet) int {
		return cmp.Or(cmp.Compare(len(b.texts), len(a.texts)), cmp.Compare(a.language, b.language))
	})
	return sets[:min(len(sets), maxLearned)], nil
}

// add takes a comment in.
func (s *trainingSet) add(text string, c class) {
	tokens := scan(text)
	s.fold = append(s.fold, foldOf(tokens, len(s.texts)))
	s.texts = append(s.texts, text)
	s.classes = append(s.classes, c)
	s.corpus.add(tokens)
}

func classOf(scale surveys.Scale, band surveys.Band) class {
	switch band {
	case scale.Good:
		return isGood
	case scale.Bad:
		return isBad
	}
	return isMiddle
}

// foldOf says with which part of the comments one is held out. Equal ones go
// together: a sentence that came twice must not be learned from its copy. Short
// ones do not: many people say "Nothing.", and more will.
func foldOf(tokens []token, place int) int {
	hash := fnv.New32a()
	for _, t := range tokens {
		_, _ = hash.Write([]byte(t.text)) // a hash takes everything
	}
	part := hash.Sum32()
	if len(tokens) <= shortText {
		part += uint32(place)
	}
	return int(part % folds)
}

// learnable is how many sets are large enough to try.
func learnable(sets []*trainingSet) int {
	n := 0
	for _, s := range sets {
		if s.tooFew() == nil {
			n++
		}
	}
	return n
}

// tooFew says why a set is too small to learn from; nil when it is not.
func (s *trainingSet) tooFew() *analysis.Refusal {
	var count [3]int
	for _, c := range s.classes {
		count[c]++
	}
	if n := count[isBad] + count[isGood]; n < LeastComments {
		return &analysis.Refusal{Reason: TooFewComments, Have: float64(n), Need: LeastComments, Name: string(s.language)}
	}
	if rarer := min(count[isBad], count[isGood]); rarer < LeastPerClass {
		return &analysis.Refusal{Reason: TooFewOfClass, Have: float64(rarer), Need: LeastPerClass, Name: string(s.language)}
	}
	return nil
}

// kinds are the classes to learn: the middle is one of them where there is enough of it.
func (s *trainingSet) kinds() []class {
	var middle int
	for _, c := range s.classes {
		if c == isMiddle {
			middle++
		}
	}
	if middle < LeastPerClass {
		return []class{isBad, isGood}
	}
	return []class{isBad, isMiddle, isGood}
}

// train learns from all comments, after measuring on held-out ones what such
// learning is worth.
func (s *trainingSet) train(limit int) (*classifier, Quality) {
	if s.language == English {
		s.corpus.lexicon = newColdStart().compounds(s.texts)
	}
	kinds := s.kinds()
	k := len(kinds)
	var members []int
	var truth []class
	var y []int
	for i, c := range s.classes {
		if at := slices.Index(kinds, c); at >= 0 {
			members, truth, y = append(members, i), append(truth, c), append(y, at)
		}
	}
	held := make([]float64, len(members)*k)
	for fold := range folds {
		var seen, unseen, places []int
		for at, i := range members {
			if s.fold[i] == fold {
				unseen, places = append(unseen, i), append(places, at)
			} else {
				seen = append(seen, i)
			}
		}
		v, p := s.fit(seen, kinds, limit)
		for j, score := range p.scores(s.corpus.weigh(v, unseen)) {
			held[places[j/k]*k+j%k] = score
		}
	}
	v, p := s.fit(members, kinds, limit)
	c := s.classifier(v, p)
	c.classes, c.scale = kinds, calibrate(y, held, k)
	q := Quality{Language: s.language, Folds: folds}
	q.measure(c, truth, held)
	if s.language == English {
		q.Cold = coldQuality(s.corpus.lexicon, s.classes)
	}
	return c, q
}

// fit learns from some of the comments.
func (s *trainingSet) fit(members []int, kinds []class, limit int) (vocabulary, plane) {
	least := rareTerm
	if len(members) >= manyTexts {
		least++
	}
	v := s.corpus.vocabulary(members, least, limit)
	y := make([]int, len(members))
	for at, i := range members {
		y[at] = slices.Index(kinds, s.classes[i])
	}
	return v, newLogistic(s.corpus.weigh(v, members), y, len(kinds), len(v.kept)+1).fit()
}

// classifier puts names to what was learned. Its terms are in the order of their
// names, which is that of a stored model: sums of floats come out the same after
// it was read back.
func (s *trainingSet) classifier(v vocabulary, p plane) *classifier {
	c := &classifier{column: make(map[string]int32, len(v.kept))}
	order := make([]int, len(v.kept))
	for i := range order {
		order[i] = i
	}
	name := func(i int) string { return s.corpus.names[v.kept[i]] }
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(name(a), name(b)) })
	of := func(class, column int) float64 { return p.w[class*(p.columns+1)+column] }
	for column, i := range order {
		c.column[name(i)] = int32(column)
		c.idf = append(c.idf, float32(v.idf[i]))
		for class := range p.k {
			c.weight = append(c.weight, float32(of(class, i)))
		}
	}
	for class := range p.k {
		c.lexicon = append(c.lexicon, of(class, len(v.kept)))
		c.bias = append(c.bias, of(class, p.columns))
	}
	return c
}
