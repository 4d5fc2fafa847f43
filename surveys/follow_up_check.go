package surveys

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// The bounds of a survey's follow-ups.
const (
	MaxFollowUps = 10
	MinChoices   = 2
	MaxChoices   = 20
)

var followUpID = regexp.MustCompile(`^[a-z0-9][a-z0-9_]{0,39}$`)

// IsChoiceID reports whether a value of a form may be the id of a choice, or a number on
// a scale: words of a person's own seldom are.
func IsChoiceID(value string) bool { return followUpID.MatchString(value) }

// checkFollowUps returns the follow-ups with their texts trimmed, or what is
// wrong with them. nil stays nil.
func (s Survey) checkFollowUps() ([]FollowUp, []FieldError) {
	list := s.Question.FollowUps
	if list == nil {
		return nil, nil
	}
	var wrong []FieldError
	if len(list) > MaxFollowUps {
		wrong = append(wrong, FieldError{Path: "follow_ups", Code: "follow_ups_many", Args: map[string]any{"max": MaxFollowUps}})
	}
	checked := make([]FollowUp, len(list))
	for i, f := range list {
		path := fmt.Sprintf("follow_ups.%d", i)
		if slices.ContainsFunc(list[:i], func(earlier FollowUp) bool { return earlier.ID == f.ID }) {
			wrong = append(wrong, FieldError{Path: path + ".id", Code: "follow_up_twice", Args: map[string]any{"id": f.ID}})
		}
		f, fields := f.check(path)
		wrong = append(wrong, fields...)
		wrong = append(wrong, s.checkRates(path, f)...)
		wrong = append(wrong, s.checkShow(path+".show", f, list[:i])...)
		checked[i] = f
	}
	return checked, wrong
}

// check looks at a follow-up by itself.
func (f FollowUp) check(path string) (FollowUp, []FieldError) {
	var wrong []FieldError
	if !followUpID.MatchString(f.ID) {
		wrong = append(wrong, FieldError{Path: path + ".id", Code: "follow_up_id"})
	}
	if !slices.Contains(FollowUpKinds(), f.Kind) {
		return f, append(wrong, FieldError{Path: path + ".kind", Code: "follow_up_kind"})
	}
	if f.ID == MainComment && f.Kind != FollowUpComment {
		wrong = append(wrong, FieldError{Path: path + ".id", Code: "follow_up_comment"})
	}
	f.Show = f.Show.filled()
	texts, fields := f.checkTexts(path + ".texts")
	f.Texts, wrong = texts, append(wrong, fields...)
	f.Choices, fields = f.checkChoices(path + ".choices")
	wrong = append(wrong, fields...)
	if f.Kind != FollowUpScale {
		f.Scale = ""
	} else if _, known := f.Scale.Scale(); !known {
		wrong = append(wrong, FieldError{Path: path + ".scale", Code: "driver_scale"})
	}
	return f, wrong
}

// checkRates wants a follow-up that has a driver's key as its id to rate it: on
// the driver's scale.
func (s Survey) checkRates(path string, f FollowUp) []FieldError {
	for _, d := range s.Drivers {
		if d.Key == f.ID && (f.Kind != FollowUpScale || f.Scale != d.Scale) {
			return []FieldError{{Path: path + ".scale", Code: "follow_up_driver", Args: map[string]any{"key": d.Key, "scale": string(d.Scale)}}}
		}
	}
	return nil
}

// filled has nil in the place of lists that are empty, as the store reads them.
func (s Show) filled() Show {
	if len(s.Bands) == 0 {
		s.Bands = nil
	}
	if len(s.Choices) == 0 {
		s.Choices = nil
	}
	return s
}

// checkTexts trims the words, and wants some in one language at least. The main
// comment and the contact have usual ones.
func (f FollowUp) checkTexts(path string) (map[string]FollowUpText, []FieldError) {
	var wrong []FieldError
	texts := make(map[string]FollowUpText, len(f.Texts))
	for _, locale := range slices.Sorted(maps.Keys(f.Texts)) {
		text := f.Texts[locale]
		if !slices.Contains(RespondentLocales(), locale) {
			wrong = append(wrong, foreign(path+"."+locale, RespondentLocales()))
			continue
		}
		for _, field := range []struct {
			name string
			text *string
			max  int
		}{{"ask", &text.Ask, 300}, {"low", &text.Low, 60}, {"high", &text.High, 60}} {
			*field.text = strings.TrimSpace(*field.text)
			wrong = append(wrong, checkLength(path+"."+locale+"."+field.name, *field.text, 0, field.max)...)
		}
		if text != (FollowUpText{}) {
			texts[locale] = text
		}
	}
	asked := slices.ContainsFunc(slices.Collect(maps.Values(texts)), func(t FollowUpText) bool { return t.Ask != "" })
	if !asked && len(wrong) == 0 && f.ID != MainComment && f.Kind != FollowUpContact {
		wrong = append(wrong, FieldError{Path: path, Code: "required"})
	}
	return texts, wrong
}

func (f FollowUp) checkChoices(path string) ([]Choice, []FieldError) {
	if f.Kind != FollowUpOne && f.Kind != FollowUpMany {
		return nil, nil
	}
	var wrong []FieldError
	if n := len(f.Choices); n < MinChoices || n > MaxChoices {
		wrong = append(wrong, FieldError{Path: path, Code: "choices_number", Args: map[string]any{"min": MinChoices, "max": MaxChoices}})
	}
	checked := make([]Choice, len(f.Choices))
	for i, c := range f.Choices {
		at := fmt.Sprintf("%s.%d", path, i)
		switch {
		case !followUpID.MatchString(c.ID):
			wrong = append(wrong, FieldError{Path: at + ".id", Code: "follow_up_id"})
		case slices.ContainsFunc(f.Choices[:i], func(earlier Choice) bool { return earlier.ID == c.ID }):
			wrong = append(wrong, FieldError{Path: at + ".id", Code: "follow_up_twice", Args: map[string]any{"id": c.ID}})
		}
		texts, fields := c.checkTexts(at + ".texts")
		checked[i], wrong = Choice{ID: c.ID, Texts: texts}, append(wrong, fields...)
	}
	return checked, wrong
}

func (c Choice) checkTexts(path string) (map[string]string, []FieldError) {
	var wrong []FieldError
	texts := make(map[string]string, len(c.Texts))
	for _, locale := range slices.Sorted(maps.Keys(c.Texts)) {
		text := strings.TrimSpace(c.Texts[locale])
		if !slices.Contains(RespondentLocales(), locale) {
			wrong = append(wrong, foreign(path+"."+locale, RespondentLocales()))
			continue
		}
		wrong = append(wrong, checkLength(path+"."+locale, text, 0, 120)...)
		if text != "" {
			texts[locale] = text
		}
	}
	if len(texts) == 0 && len(wrong) == 0 {
		wrong = append(wrong, FieldError{Path: path, Code: "required"})
	}
	return texts, wrong
}

// checkShow wants a rule that can hold for somebody, and that looks back: at
// the score, or at a follow-up that stands before this one and is itself shown
// without looking at another's answer. So no rules run in a circle.
func (s Survey) checkShow(path string, f FollowUp, earlier []FollowUp) []FieldError {
	show := f.Show
	if show.After == "" {
		return s.checkShowBands(path, show)
	}
	if len(show.Bands) > 0 {
		return []FieldError{{Path: path + ".bands", Code: "show_both"}}
	}
	at := slices.IndexFunc(earlier, func(other FollowUp) bool { return other.ID == show.After })
	if at < 0 {
		args := map[string]any{"id": show.After}
		if _, later := s.Question.FollowUp(show.After); later {
			return []FieldError{{Path: path + ".after", Code: "show_later", Args: args}}
		}
		return []FieldError{{Path: path + ".after", Code: "show_unknown", Args: args}}
	}
	if earlier[at].Show.After != "" {
		return []FieldError{{Path: path + ".after", Code: "show_deep", Args: map[string]any{"id": show.After}}}
	}
	return earlier[at].checkCondition(path, show)
}

func (s Survey) checkShowBands(path string, show Show) []FieldError {
	if len(show.Choices) > 0 || show.From != nil || show.To != nil {
		return []FieldError{{Path: path + ".after", Code: "required"}}
	}
	if !s.Metric.Valid() {
		return nil
	}
	var wrong []FieldError
	offered := make(map[Band]bool)
	for _, score := range s.Choices() {
		offered[s.Metric.Scale().Band(score)] = true
	}
	if slices.Contains(show.Bands, "") {
		return []FieldError{{Path: path + ".bands", Code: "required"}}
	}
	for i, band := range show.Bands {
		if !slices.Contains(s.Metric.Scale().Bands(), band) {
			wrong = append(wrong, FieldError{Path: fmt.Sprintf("%s.bands.%d", path, i), Code: "band"})
		}
	}
	if len(show.Bands) > 0 && len(wrong) == 0 && !slices.ContainsFunc(show.Bands, func(b Band) bool { return offered[b] }) {
		wrong = append(wrong, FieldError{Path: path + ".bands", Code: "show_never"})
	}
	return wrong
}

// checkCondition wants a condition that some answer to f fulfils.
func (f FollowUp) checkCondition(path string, show Show) []FieldError {
	switch f.Kind {
	case FollowUpOne, FollowUpMany:
		if show.From != nil || show.To != nil || len(show.Choices) == 0 {
			return []FieldError{{Path: path + ".choices", Code: "required"}}
		}
		var wrong []FieldError
		for i, id := range show.Choices {
			if !slices.ContainsFunc(f.Choices, func(c Choice) bool { return c.ID == id }) {
				wrong = append(wrong, FieldError{Path: fmt.Sprintf("%s.choices.%d", path, i), Code: "show_choice", Args: map[string]any{"id": id}})
			}
		}
		return wrong
	case FollowUpScale:
		scale, known := f.Scale.Scale()
		if known && (show.From == nil && show.To == nil || len(show.Choices) > 0) {
			return []FieldError{{Path: path + ".from", Code: "required"}}
		}
		if low, high := scale.Min, scale.Max; known && (show.From != nil && *show.From > high || show.To != nil && *show.To < low || show.From != nil && show.To != nil && *show.From > *show.To) {
			return []FieldError{{Path: path + ".from", Code: "show_never"}}
		}
		return nil
	}
	return []FieldError{{Path: path + ".after", Code: "show_words", Args: map[string]any{"id": f.ID}}}
}
