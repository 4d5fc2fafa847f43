package surveys

import (
	"cmp"
	"slices"
)

// FollowUp is a question that a survey's page asks beside the score. All of
// them are optional: a person who has given the score has answered.
type FollowUp struct {
	ID      string                  `json:"id"` // stable: what answers are stored and sent under
	Kind    FollowUpKind            `json:"kind"`
	Show    Show                    `json:"show,omitzero"`
	Choices []Choice                `json:"choices,omitempty"` // of one and many, in their order
	Scale   RatingScale             `json:"scale,omitempty"`   // of scale
	Texts   map[string]FollowUpText `json:"texts"`             // by language
}

// FollowUpKind is what kind of answer a follow-up takes.
type FollowUpKind string

// The kinds.
const (
	FollowUpComment FollowUpKind = "comment" // some words
	FollowUpOne     FollowUpKind = "one"     // one of the choices
	FollowUpMany    FollowUpKind = "many"    // any of the choices
	FollowUpScale   FollowUpKind = "scale"   // a number of the scale
	FollowUpContact FollowUpKind = "contact" // whether, and where, one may be written to about the answer
)

// FollowUpKinds lists the kinds in the order in which pages offer them.
func FollowUpKinds() []FollowUpKind {
	return []FollowUpKind{FollowUpComment, FollowUpOne, FollowUpMany, FollowUpScale, FollowUpContact}
}

// FollowUpText is a follow-up in one language.
type FollowUpText struct {
	Ask  string `json:"ask,omitempty"`
	Low  string `json:"low,omitempty"`  // of scale: what its lowest choice means
	High string `json:"high,omitempty"` // of scale: what its highest choice means
}

// Choice is something that can be chosen. A choice that a later version leaves
// out keeps its words in the versions that had it.
type Choice struct {
	ID    string            `json:"id"`    // stable, and of this follow-up
	Texts map[string]string `json:"texts"` // by language
}

// Show says to whom a follow-up is shown. Its zero value is everybody. Of
// Bands and After only one is set.
type Show struct {
	Bands   []Band   `json:"bands,omitempty"`   // to those whose score is in one of them
	After   string   `json:"after,omitempty"`   // to those who answered this earlier follow-up …
	Choices []string `json:"choices,omitempty"` // … with one of these choices,
	From    *int     `json:"from,omitempty"`    // … or with a number from From
	To      *int     `json:"to,omitempty"`      // to To, both included
}

// Always reports whether the follow-up is shown to everybody.
func (s Show) Always() bool { return len(s.Bands) == 0 && s.After == "" }

// MainComment is the id of the follow-up whose words are the answer's comment:
// what is searched, read for themes, and shown in the feed. The survey's texts
// hold its words, which may differ by band.
const MainComment = "comment"

// Asked lists what the question asks beside the score, in order. A question
// that says nothing about it asks for the main comment.
func (q Question) Asked() []FollowUp {
	if q.FollowUps == nil {
		return []FollowUp{{ID: MainComment, Kind: FollowUpComment}}
	}
	return q.FollowUps
}

// FollowUp is the follow-up with an id, and false when there is none.
func (q Question) FollowUp(id string) (FollowUp, bool) {
	list := q.Asked()
	at := slices.IndexFunc(list, func(f FollowUp) bool { return f.ID == id })
	if at < 0 {
		return FollowUp{}, false
	}
	return list[at], true
}

// Unscored stands in the place of a score that is not known yet.
const Unscored = -1

// Visible lists the follow-ups that somebody is asked who has given this score,
// or [Unscored], and these answers so far.
func (s Survey) Visible(score int, answers map[string]Answer) []FollowUp {
	var list []FollowUp
	for _, f := range s.Question.Asked() {
		if s.shows(f, score, answers) {
			list = append(list, f)
		}
	}
	return list
}

func (s Survey) shows(f FollowUp, score int, answers map[string]Answer) bool {
	if f.Show.Always() {
		return true
	}
	if f.Show.After == "" {
		scale := s.Metric.Scale()
		return scale.Contains(score) && slices.Contains(f.Show.Bands, scale.Band(score))
	}
	before, known := s.Question.FollowUp(f.Show.After)
	given, answered := answers[f.Show.After]
	return known && answered && s.shows(before, score, answers) && f.Show.Met(given)
}

// Met reports whether the answer to the earlier follow-up is one that is meant.
func (s Show) Met(a Answer) bool {
	if a.Value != nil {
		return (s.From == nil || *a.Value >= *s.From) && (s.To == nil || *a.Value <= *s.To)
	}
	return slices.ContainsFunc(a.Choices, func(id string) bool { return slices.Contains(s.Choices, id) })
}

// Ask is the follow-up's question in the language that it [FollowUp.Speaks].
func (f FollowUp) Ask(locale string) FollowUpText { return f.Texts[f.Speaks(locale)] }

// Speaks is the language in which somebody with a language is asked: that one, or
// else the first that has a question; "" when none has.
func (f FollowUp) Speaks(locale string) string {
	for _, other := range append([]string{locale}, RespondentLocales()...) {
		if f.Texts[other].Ask != "" {
			return other
		}
	}
	return ""
}

// Text is the choice in a language, or else in the first language that has it.
func (c Choice) Text(locale string) string {
	if text := c.Texts[locale]; text != "" {
		return text
	}
	for _, other := range RespondentLocales() {
		if text := c.Texts[other]; text != "" {
			return text
		}
	}
	return c.ID
}

// FollowUpFor is the question above the main comment for a band, which is the
// common one where the author wrote none for it.
func (t Text) FollowUpFor(scale Scale, score int) string {
	if !scale.Contains(score) {
		return t.FollowUp
	}
	switch scale.Band(score) {
	case scale.Good:
		return cmp.Or(t.FollowUpGood, t.FollowUp)
	case scale.Bad:
		return cmp.Or(t.FollowUpBad, t.FollowUp)
	}
	return cmp.Or(t.FollowUpMiddle, t.FollowUp)
}
