package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys"
)

// feeling says who judged how the comments of a language feel: a model trained on
// their scores, for English without one a general word list, or nobody, and why.
type feeling struct {
	Language themes.Language `json:"language"` // "" where nothing tells
	N        int64           `json:"n"`        // comments of the sample
	By       themes.Source   `json:"by"`
	Quality  *themes.Quality `json:"quality"` // of a model
	Refused  *refused        `json:"refused"` // why there is no model, if that is known
}

// quote is a comment that is shown.
type quote struct {
	Text  string `json:"text"`
	Score int    `json:"score"`
}

// felt is what the sample's comments say of feelings.
type felt struct {
	rows   []themes.Row  // tones without counts: those are of all comments
	tones  []themes.Tone // of each comment
	judges []feeling
}

// feel trains a model on the sample and reads the sample with it.
func (t *themeTally) feel(metric surveys.Metric) (felt, error) {
	examples := make([]themes.Example, len(t.sample))
	for i, c := range t.sample {
		examples[i] = themes.Example{Text: c.text, Locale: declared, Score: c.score}
	}
	model, err := themes.Train(metric, examples)
	var refusal *analysis.Refusal
	if err != nil && !errors.As(err, &refusal) {
		return felt{}, fmt.Errorf("learn how comments feel: %w", err)
	}
	reader, err := themes.NewReader(t.matcher, model)
	if err != nil {
		return felt{}, err
	}
	readings := make([]themes.Reading, len(t.sample))
	languages := make(map[themes.Language]int64)
	for i, c := range t.sample {
		readings[i] = reader.Read(c.text, declared)
		readings[i].Themes = c.themes // of the whole comment
		languages[readings[i].Language]++
	}
	blank := withoutBlankVADER(readings)
	f, err := t.tones(readings)
	f.judges = judges(languages, model, refusal)
	if blank != nil {
		blank.apply(f.judges)
	}
	return f, err
}

// tones counts the feelings of the sample's readings.
func (t *themeTally) tones(readings []themes.Reading) (felt, error) {
	var tones themes.Tally
	var f felt
	for i, c := range t.sample {
		f.tones = append(f.tones, readings[i].Sentiment.Tone)
		if err := tones.Add(c.day, c.score, readings[i]); err != nil {
			return felt{}, fmt.Errorf("count a feeling: %w", err)
		}
	}
	for _, row := range tones.Rows() {
		row.Counts = surveys.Counts{}
		f.rows = append(f.rows, row)
	}
	return f, nil
}

// unfelt is the reason of a language whose comments have too few words of
// VADER's. Have is the share in which it finds a feeling, Need the least.
const unfelt analysis.Reason = "unfelt"

// leastFelt is the share of comments that VADER must find a feeling in. Where it
// knows fewer, those that it does not know are not content, but unknown to it.
const leastFelt = 0.5

// blankVADER is the share of the comments of VADER's in which it found a feeling,
// where that is too low.
type blankVADER float64

// withoutBlankVADER takes VADER's feelings back where it finds too few; nil where
// it finds enough, or was not asked.
func withoutBlankVADER(readings []themes.Reading) *blankVADER {
	asked, told := 0, 0
	for _, r := range readings {
		if r.Sentiment.Source == themes.ByVADER {
			asked++
			if r.Sentiment.Tone != themes.Neutral {
				told++
			}
		}
	}
	share := blankVADER(float64(told) / float64(max(asked, 1)))
	if asked == 0 || share >= leastFelt {
		return nil
	}
	for i := range readings {
		if readings[i].Sentiment.Source == themes.ByVADER {
			readings[i].Sentiment = themes.Sentiment{}
		}
	}
	return &share
}

// apply says of VADER's language that nobody judged it, and why.
func (b blankVADER) apply(judges []feeling) {
	for i := range judges {
		if judges[i].By != themes.ByVADER {
			continue
		}
		text := fmt.Sprintf("VADER, a general word list, finds a feeling in only %.0f%% of them", 100*float64(b))
		if why := judges[i].Refused; why != nil {
			text += ", and " + why.Text
		}
		judges[i].By = themes.ByNobody
		judges[i].Refused = &refused{Reason: unfelt, Have: float64(b), Need: leastFelt, Name: string(judges[i].Language), Text: text}
	}
}

// judges tells of each language who judged it.
func judges(languages map[themes.Language]int64, model *themes.Model, refusal *analysis.Refusal) []feeling {
	list := make([]feeling, 0, len(languages))
	for language, n := range languages {
		one := feeling{Language: language, N: n}
		if language == themes.English {
			one.By = themes.ByVADER
		}
		why := refusal
		if model != nil {
			why = nil
			for _, quality := range model.Quality() {
				if quality.Language == language {
					one.By, one.Quality = themes.ByModel, &quality
				}
			}
			for _, left := range model.Refused() {
				if left.Language == language {
					why = left.Refusal
				}
			}
		}
		if why != nil && why.Name == string(language) {
			one.Refused = &refused{Reason: why.Reason, Have: why.Have, Need: why.Need, Name: why.Name, Text: notLearned(why)}
		}
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b feeling) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Language, b.Language)) })
	return list
}

// notLearned says in English why a language has no model.
func notLearned(r *analysis.Refusal) string {
	switch r.Reason {
	case themes.TooFewComments:
		return fmt.Sprintf("a model takes %.0f comments with good or bad scores, and there are %.0f", r.Need, r.Have)
	case themes.TooFewOfClass:
		return fmt.Sprintf("a model takes %.0f comments with good and %.0f with bad scores, and of the rarer there are %.0f", r.Need, r.Need, r.Have)
	case themes.NothingLearned:
		return "a model trained on these scores tells good from bad no better than chance"
	}
	return r.Error()
}

// quoted is how many themes are shown with examples, and how many each has.
const quoted, quotesEach = 3, 2

// quote picks examples for the themes that move the score most, from the sample.
func (t *themeTally) quote(w *writtenAbout, f felt) error {
	for i := range w.Themes[:min(quoted, len(w.Themes))] {
		one := &w.Themes[i]
		if one.Effect == nil || !one.Effect.Real {
			break
		}
		var from []themes.Comment
		for at, c := range t.sample {
			if slices.Contains(c.themes, one.Theme) {
				from = append(from, themes.Comment{ID: strconv.Itoa(at), Text: c.text, Tone: f.tones[at]})
			}
		}
		chosen, err := themes.Choose(from, quotesEach, analysis.Limits{})
		if err != nil {
			return fmt.Errorf("choose examples: %w", err)
		}
		for _, c := range chosen {
			at, err := strconv.Atoi(c.ID)
			if err != nil {
				return fmt.Errorf("choose examples: %w", err)
			}
			one.Examples = append(one.Examples, quote{Text: c.Text, Score: t.sample[at].score})
		}
	}
	return nil
}
