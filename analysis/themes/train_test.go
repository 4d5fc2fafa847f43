package themes

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

// What is learned from a thousand comments is far better on held-out ones than
// the more frequent class, and than the word list.
func TestTrainIsWorthIt(t *testing.T) {
	t.Parallel()
	both := append(comments(t, newRand(1), "en", 1200), comments(t, newRand(2), "zh-Hans", 1000)...)
	m := golden.Must(Train(surveys.NPS, both))
	if len(m.Quality()) != 2 || m.Quality()[0].Language != English || m.Quality()[1].Language != Chinese || m.Metric() != surveys.NPS {
		t.Fatalf("learned %+v", m.Quality())
	}
	for _, q := range m.Quality() {
		if q.Accuracy < q.Base+0.25 || q.MacroF1 < 0.85 || q.AUC < 0.9 || q.Right < 0.9 {
			t.Errorf("%s: %+v", q.Language, q)
		}
		if !(q.AUCLow < q.AUC && q.AUC < q.AUCHigh && q.AUCHigh <= 1) || q.Folds != folds || q.N < 900 || q.Bad < 300 || q.Middle < 150 || q.Sides < 0.85 {
			t.Errorf("%s: %+v", q.Language, q)
		}
	}
	cold := m.Quality()[0].Cold
	if cold == nil || m.Quality()[0].AUC < cold.AUC+0.1 || cold.AUC < 0.65 || m.Quality()[0].Sides < cold.Sides+0.15 {
		t.Errorf("English %+v against VADER's %+v", m.Quality()[0], cold)
	}
	if m.Quality()[1].Cold != nil {
		t.Error("VADER judged Chinese")
	}
}

// Sentences of which no variant was learned are the hardest case. The demo has
// some forty a language to learn from; it still beats chance, and the word list.
func TestTrainOnUnseenSentences(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"en", "zh-Hans"} {
		var base, accuracy, area, coldArea, tones float64
		const splits = 6
		for seed := range uint64(splits) {
			r := newRand(seed)
			seen, unseen := halves(patterns(t, locale), r)
			reader := golden.Must(NewReader(golden.Must(NewMatcher(nil)), golden.Must(Train(surveys.NPS, draw(r, seen, locale, 1500)))))
			var learned, listed []judged
			var table [3][3]float64 // score × tone
			for _, e := range draw(r, unseen, locale, 500) {
				truth := classOf(surveys.NPS.Scale(), surveys.NPS.Scale().Band(e.Score))
				s := reader.Read(e.Text, e.Locale).Sentiment
				said := isMiddle // or unknown
				switch s.Tone {
				case Negative:
					said = isBad
				case Positive:
					said = isGood
				}
				table[truth][said]++
				if truth != isMiddle {
					learned = append(learned, judged{truth, float64(s.Value)})
					listed = append(listed, judged{truth, reader.cold.compound(e.Text)})
				}
			}
			for c := range table {
				missed, alarms := table[c][(c+1)%3]+table[c][(c+2)%3], table[(c+1)%3][c]+table[(c+2)%3][c]
				tones += f1(table[c][c], missed, alarms) / 3 / splits
			}
			bad := 0.0
			for _, one := range learned {
				if one.class == isBad {
					bad++
				}
			}
			bad /= float64(len(learned))
			base, accuracy, area, coldArea = base+max(bad, 1-bad)/splits, accuracy+rightSide(learned)/splits, area+auc(learned)/splits, coldArea+auc(listed)/splits
		}
		t.Logf("%s: base %.3f, accuracy %.3f, AUC %.3f, VADER's AUC %.3f, F1 of the tones %.3f", locale, base, accuracy, area, coldArea, tones)
		if accuracy < base+0.08 || area < 0.75 || area < coldArea+0.02 || tones < 0.58 {
			t.Errorf("%s: base %.3f, accuracy %.3f, AUC %.3f, VADER's AUC %.3f, F1 of the tones %.3f", locale, base, accuracy, area, coldArea, tones)
		}
	}
}

func TestTrainRefuses(t *testing.T) {
	t.Parallel()
	repeat := func(n int, score func(int) int) []Example {
		all := make([]Example, n)
		for i := range all {
			all[i] = Example{Text: fmt.Sprintf("the words %d and %d were said", i%40, i%37), Score: score(i)}
		}
		return all
	}
	scores := newRand(5)
	for _, c := range []struct {
		name     string
		examples []Example
		reason   analysis.Reason
		have     float64
	}{
		{"nothing", nil, TooFewComments, 0},
		{"too few", repeat(199, func(i int) int { return i % 11 }), TooFewComments, 163},
		{"passives do not count", repeat(400, func(int) int { return 7 }), TooFewComments, 0},
		{"hardly anybody unhappy", repeat(400, func(i int) int { return 3 + 7*min(i/49, 1) }), TooFewOfClass, 49},
		{"letters that tell nothing", []Example{{Text: "???", Score: 1}}, TooFewComments, 0},
		{"words that have nothing to do with scores", repeat(1000, func(int) int { return 10 * scores.IntN(2) }), NothingLearned, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			var refusal *analysis.Refusal
			if _, err := Train(surveys.NPS, c.examples); !errors.As(err, &refusal) || refusal.Reason != c.reason {
				t.Fatalf("got %v, want %s", err, c.reason)
			}
			if c.have >= 0 && refusal.Have != c.have {
				t.Errorf("have %g, want %g", refusal.Have, c.have)
			}
			if refusal.Need <= refusal.Have {
				t.Errorf("needs %g and has %g", refusal.Need, refusal.Have)
			}
		})
	}
	var input *analysis.InputError
	if _, err := Train("x", nil); !errors.As(err, &input) || input.Field != "metric" {
		t.Errorf("unknown metric: %v", err)
	}
	if _, err := Train(surveys.CSAT, []Example{{Text: "good", Score: 9}}); !errors.As(err, &input) || input.Field != "score" {
		t.Errorf("score outside the scale: %v", err)
	}
}

// One language is learned, the other says why not.
func TestTrainListsWhatItLeftOut(t *testing.T) {
	t.Parallel()
	m := golden.Must(Train(surveys.NPS, append(comments(t, newRand(1), "en", 600), comments(t, newRand(2), "zh-Hans", 100)...)))
	if len(m.Quality()) != 1 || len(m.Refused()) != 1 {
		t.Fatalf("%+v %+v", m.Quality(), m.Refused())
	}
	r := m.Refused()[0]
	if r.Language != Chinese || r.Refusal.Reason != TooFewComments || r.Refusal.Name != "zh" {
		t.Errorf("%+v %v", r, r.Refusal)
	}
	reader := golden.Must(NewReader(golden.Must(NewMatcher(nil)), m))
	if got := reader.Read("物流很慢", "zh").Sentiment; got != (Sentiment{}) {
		t.Errorf("a language that was not learned is judged %+v", got)
	}
}

// The same words mean the opposite under the opposite question.
func TestTrainLearnsTheQuestion(t *testing.T) {
	t.Parallel()
	r := newRand(3)
	ask := func(nothing, something int) *Reader {
		var all []Example
		for range 400 {
			if r.IntN(2) == 0 {
				all = append(all, Example{Text: "Nothing" + strings.Repeat(" at all", r.IntN(2)), Locale: "en", Score: nothing})
			} else {
				all = append(all, Example{Text: []string{"The slow app", "Better coffee", "The long wait", "Your prices"}[r.IntN(4)] + strings.Repeat(" please", r.IntN(2)), Locale: "en", Score: something})
			}
		}
		m, err := Train(surveys.CSAT, all)
		if err != nil {
			t.Fatal(err)
		}
		return golden.Must(NewReader(golden.Must(NewMatcher(nil)), m))
	}
	improve, liked := ask(5, 1), ask(1, 5)
	if got := improve.Read("Nothing", "en").Sentiment; got.Tone != Positive || got.Source != ByModel {
		t.Errorf("what could we improve? Nothing: %+v", got)
	}
	if got := liked.Read("Nothing", "en").Sentiment; got.Tone != Negative {
		t.Errorf("what did you like? Nothing: %+v", got)
	}
}

// Lower is better on the classic effort scale.
func TestTrainKnowsTheDirection(t *testing.T) {
	t.Parallel()
	examples := comments(t, newRand(4), "en", 600)
	for i, e := range examples {
		examples[i].Score = 5 - e.Score*4/10
	}
	reader := golden.Must(NewReader(golden.Must(NewMatcher(nil)), golden.Must(Train(surveys.CES5, examples))))
	if got := reader.Read("Best coffee I have had in years. Bravo.", "en").Sentiment; got.Tone != Positive {
		t.Errorf("praise is %+v", got)
	}
}

func TestTrainIsDeterministic(t *testing.T) {
	t.Parallel()
	examples := comments(t, newRand(6), "en", 500)
	a, b := golden.Must(Train(surveys.NPS, examples)), golden.Must(Train(surveys.NPS, examples))
	if !slices.Equal(golden.Must(a.MarshalBinary()), golden.Must(b.MarshalBinary())) {
		t.Error("the same comments gave two models")
	}
}

// Repeating the same few comments is not evidence: they share a fold.
func TestTrainSeesThroughRepetition(t *testing.T) {
	t.Parallel()
	r := newRand(8)
	var all []Example
	for i := range 8 {
		e := Example{Text: fmt.Sprintf("a%d sentence%d of%d its%d own%d", i, i, i, i, i), Locale: "en", Score: 10 * r.IntN(2)}
		if i < 2 {
			e.Score = 10 * i
		}
		for range 100 {
			all = append(all, e)
		}
	}
	var refusal *analysis.Refusal
	if m, err := Train(surveys.NPS, all); !errors.As(err, &refusal) || refusal.Reason != NothingLearned {
		t.Errorf("%v %v", m, err)
	}
}

// The slope is the value's, by differences.
func TestLogisticSlope(t *testing.T) {
	t.Parallel()
	x := rows{from: []int{0, 2, 3, 5}, columns: []int32{0, 1, 1, 0, 2}, values: []float64{0.6, 0.8, 1, 0.5, -0.3}}
	l := newLogistic(x, []int{2, 0, 1}, 3, 3)
	p := []float64{0.3, -0.7, 1.1, 0.2, 0, 0.4, -2, 0.1, 0.9, 0.8, -0.7, 0.6}
	grad := make([]float64, len(p))
	l.slope(grad, p)
	for j := range p {
		const h = 1e-6
		up, down := slices.Clone(p), slices.Clone(p)
		up[j], down[j] = up[j]+h, down[j]-h
		golden.Near(t, fmt.Sprint("slope ", j), grad[j], (l.value(up)-l.value(down))/(2*h), 1e-8)
	}
	l.slope(grad, l.fit().w)
	for j, g := range grad {
		if math.Abs(g) > 1e-4 {
			t.Errorf("at the minimum the slope %d is %g", j, g)
		}
	}
}

// With hardly a middle score the middle is no class, and the tone goes by the
// distance from zero.
func TestTrainWithoutAMiddle(t *testing.T) {
	t.Parallel()
	scale := surveys.NPS.Scale()
	var examples []Example
	for _, e := range comments(t, newRand(7), "en", 800) {
		if scale.Band(e.Score) != scale.Middle {
			examples = append(examples, e)
		}
	}
	examples = append(examples, Example{Text: "so so", Locale: "en", Score: 7})
	m := golden.Must(Train(surveys.NPS, examples))
	q := m.Quality()[0]
	if q.Middle != 0 || q.N != len(examples)-1 || q.Accuracy < q.Base+0.25 || q.Accuracy != q.Sides {
		t.Errorf("%+v", q)
	}
	reader := golden.Must(NewReader(golden.Must(NewMatcher(nil)), m))
	for _, e := range examples {
		s := reader.Read(e.Text, e.Locale).Sentiment
		if s.Source == ByModel && s.Tone != toneOf(s.Value) {
			t.Fatalf("%q: %+v", e.Text, s)
		}
	}
}

// What praises and blames in one breath is neither.
func TestTrainLearnsTheMiddle(t *testing.T) {
	t.Parallel()
	reader := golden.Must(NewReader(golden.Must(NewMatcher(nil)), golden.Must(Train(surveys.NPS, append(comments(t, newRand(1), "en", 1500), comments(t, newRand(2), "zh-Hans", 1500)...)))))
	for text, declared := range map[string]string{
		"Good coffee, though delivery could be faster. Still fine.": "en",
		"咖啡不错，就是物流慢了一点，还能接受。":                                       "zh",
	} {
		if got := reader.Read(text, declared).Sentiment; got.Tone != Neutral {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

// A comment is judged when read as it was when learned from: the stored weights
// give the scores that the fit gave, repeated words included.
func TestReadingAgreesWithLearning(t *testing.T) {
	t.Parallel()
	examples := comments(t, newRand(9), "en", 400)
	for i := range examples {
		if i%3 == 0 {
			examples[i].Text += " " + examples[i].Text
		}
	}
	sets := golden.Must(split(surveys.NPS, examples))
	s := sets[0]
	s.corpus.lexicon = newColdStart().compounds(s.texts)
	members := make([]int, len(s.texts))
	for i := range members {
		members[i] = i
	}
	v, p := s.fit(members, s.kinds(), 500)
	c := s.classifier(v, p)
	c.classes = s.kinds()
	fitted := p.scores(s.corpus.weigh(v, members))
	for i, text := range s.texts {
		scores, _ := c.scores(scan(text))
		for k, score := range scores {
			golden.Near(t, text, score+c.lexicon[k]*s.corpus.lexicon[i], fitted[i*p.k+k], 1e-4)
		}
	}
}

// Each class weighs n/(k·n_class), so that all weigh alike together.
func TestLogisticWeighsClassesAlike(t *testing.T) {
	t.Parallel()
	l := newLogistic(rows{}, []int{0, 0, 0, 1, 2, 2}, 3, 0)
	for k, n := range []float64{3, 1, 2} {
		golden.Near(t, "the class's weight", n*l.weight[k], 2, 1e-12)
	}
}
