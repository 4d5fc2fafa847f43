package surveys

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
)

// SurveyStatus says whether a survey takes answers.
type SurveyStatus string

// The statuses of a survey.
const (
	SurveyActive   SurveyStatus = "active"
	SurveyPaused   SurveyStatus = "paused"   // the page says so; mails wait
	SurveyArchived SurveyStatus = "archived" // out of sight; its answers stay
)

// Survey asks one question on one metric.
type Survey struct {
	WorkspaceID WorkspaceID
	ID          string
	Key         string // eight characters, the survey's part of its public link
	Name        string // seen by the team only
	Metric      Metric
	Subject     string // what the default question asks about; "" for the workspace's name
	Status      SurveyStatus
	ClosesAt    *time.Time // no answers from this time on; nil for never
	Question    Question
	Drivers     []Driver // what answers may rate beside the score
	Kind        SurveyKind
	Topic       string            // what a transactional survey asks about, to share a cap with others of it; "" for itself alone
	CapDays     int               // no person is asked this survey twice in so many days; 0 for the workspace's caps alone
	Fields      []string          // hidden fields that a page's address may carry; others are dropped
	Thanks      map[Band]ThankYou // after the answer, by what it was; a band that is missing gets the usual words
	Machines    Machines          // how much proof an answer to a mail needs that a person gave it
	Quarantine  time.Duration     // how long an answer waits that was only looked at, in whole minutes; 0 for [UsualQuarantine]
	Locale      string            // the language for people of whom none is known; "" for the workspace's
	Origins     []string          // the sites that may show it within their pages, see [ParseOrigin]; none: no site
	Identified  bool              // within pages only people are asked of whom a company's server has signed who they are, see [Identity]
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Question is one version of what a survey asks. A response keeps the version
// that it answered, so that editing a live survey hides and mixes nothing.
type Question struct {
	Version   int // from 1
	Texts     map[string]Text
	Style     Style
	FollowUps []FollowUp // nil for the main comment alone, see [Question.Asked]
}

// Text is a question in one language. An empty field stands for the default of
// the survey's metric in that language.
type Text struct {
	Ask      string `json:"ask,omitempty"`       // the question
	Low      string `json:"low,omitempty"`       // what the lowest choice means
	High     string `json:"high,omitempty"`      // what the highest choice means
	FollowUp string `json:"follow_up,omitempty"` // the question above the comment
	ThankYou string `json:"thank_you,omitempty"` // shown after the answer

	// The question above the comment for those whose score is in the good, the
	// middle or the bad band; empty for FollowUp.
	FollowUpGood   string `json:"follow_up_good,omitempty"`
	FollowUpMiddle string `json:"follow_up_middle,omitempty"`
	FollowUpBad    string `json:"follow_up_bad,omitempty"`
}

// ThankYou is said after an answer of one band.
type ThankYou struct {
	Link  string                  `json:"link,omitempty"` // an https address to lead on to, such as a review site; "" for none
	Texts map[string]ThankYouText `json:"texts,omitempty"`
}

// ThankYouText is a thank-you in one language. An empty field stands for the
// survey's common words, and for the link's the catalogue's.
type ThankYouText struct {
	Text string `json:"text,omitempty"`
	Link string `json:"link,omitempty"` // what the link is called
}

// SameQuestion reports whether q and o ask for the score in the same way: the
// same words above the scale and at its ends, in each language, and the same
// style. Scores from before and after a change may differ for that alone.
func (q Question) SameQuestion(o Question) bool {
	if q.Style != o.Style {
		return false
	}
	for _, locale := range append(slices.Collect(maps.Keys(q.Texts)), slices.Collect(maps.Keys(o.Texts))...) {
		a, b := q.Texts[locale], o.Texts[locale]
		if a.Ask != b.Ask || a.Low != b.Low || a.High != b.High {
			return false
		}
	}
	return true
}

// SameFollowUps reports whether q and o ask the same beside the score.
func (q Question) SameFollowUps(o Question) bool {
	if (q.FollowUps == nil) != (o.FollowUps == nil) || !reflect.DeepEqual(append([]FollowUp{}, q.FollowUps...), append([]FollowUp{}, o.FollowUps...)) {
		return false
	}
	for _, locale := range append(slices.Collect(maps.Keys(q.Texts)), slices.Collect(maps.Keys(o.Texts))...) {
		a, b := q.Texts[locale], o.Texts[locale]
		if a.FollowUp != b.FollowUp || a.FollowUpGood != b.FollowUpGood || a.FollowUpMiddle != b.FollowUpMiddle || a.FollowUpBad != b.FollowUpBad {
			return false
		}
	}
	return true
}

// Check returns the survey with its texts trimmed, or what is wrong with it.
func (s Survey) Check() (Survey, error) {
	s.Name, s.Subject = strings.TrimSpace(s.Name), strings.TrimSpace(s.Subject)
	var wrong []FieldError
	wrong = append(wrong, checkLength("name", s.Name, 1, 80)...)
	wrong = append(wrong, checkLength("subject", s.Subject, 0, 80)...)
	if !s.Metric.Valid() {
		wrong = append(wrong, FieldError{Path: "metric", Code: "metric"})
	}
	if !slices.Contains([]SurveyStatus{SurveyActive, SurveyPaused, SurveyArchived}, s.Status) {
		wrong = append(wrong, FieldError{Path: "status", Code: "status"})
	}
	texts := make(map[string]Text, len(s.Question.Texts))
	for _, locale := range slices.Sorted(maps.Keys(s.Question.Texts)) {
		text := s.Question.Texts[locale]
		path := "texts." + locale
		if !slices.Contains(RespondentLocales(), locale) {
			wrong = append(wrong, foreign(path, RespondentLocales()))
			continue
		}
		text, fields := text.check(path)
		wrong = append(wrong, fields...)
		if text != (Text{}) {
			texts[locale] = text
		}
	}
	s.Question.Texts = texts
	var fields []FieldError
	s.Drivers, fields = checkDrivers(s.Drivers)
	wrong = append(wrong, fields...)
	wrong = append(append(wrong, s.checkStyle()...), s.checkFields()...)
	s.Question.FollowUps, fields = s.checkFollowUps()
	wrong = append(wrong, fields...)
	s.Thanks, fields = s.checkThanks()
	wrong = append(wrong, fields...)
	s, fields = s.checkAsking()
	wrong = append(wrong, fields...)
	s, fields = s.checkMachines()
	wrong = append(wrong, fields...)
	s, fields = s.checkOrigins()
	wrong = append(wrong, fields...)
	if s.Locale != "" && !slices.Contains(RespondentLocales(), s.Locale) {
		wrong = append(wrong, foreign("locale", RespondentLocales()))
	}
	return s, Wrong(wrong...)
}

// UsualLocale is the language of the survey's pages and letters for people of whom
// none is known: its own, or else the workspace's.
func (s Survey) UsualLocale(w Workspace) string { return cmp.Or(s.Locale, w.Locale) }

// checkAsking looks at how often the survey may be asked. A survey of no kind
// is relational when it asks for NPS, and transactional otherwise.
func (s Survey) checkAsking() (Survey, []FieldError) {
	s.Topic = strings.TrimSpace(s.Topic)
	if s.Kind == "" {
		s.Kind = Transactional
		if s.Metric == NPS {
			s.Kind = Relational
		}
	}
	wrong := append(checkLength("topic", s.Topic, 0, 80), checkCap("cap_days", s.CapDays)...)
	if s.Kind != Relational && s.Kind != Transactional {
		wrong = append(wrong, FieldError{Path: "kind", Code: "survey_kind"})
	}
	return s, wrong
}

func (t Text) check(path string) (Text, []FieldError) {
	var wrong []FieldError
	for _, field := range []struct {
		name string
		text *string
		max  int
	}{
		{"ask", &t.Ask, 300}, {"low", &t.Low, 60}, {"high", &t.High, 60},
		{"follow_up", &t.FollowUp, 200}, {"thank_you", &t.ThankYou, 1000},
		{"follow_up_good", &t.FollowUpGood, 200}, {"follow_up_middle", &t.FollowUpMiddle, 200}, {"follow_up_bad", &t.FollowUpBad, 200},
	} {
		*field.text = strings.TrimSpace(*field.text)
		wrong = append(wrong, checkLength(path+"."+field.name, *field.text, 0, field.max)...)
	}
	return t, wrong
}

// Open returns nil when the survey takes answers at now, and else an error of
// kind Gone that says why not.
func (s Survey) Open(now time.Time) error {
	switch {
	case s.Status == SurveyArchived:
		return Fail(Gone, "survey_archived")
	case s.Status == SurveyPaused:
		return Fail(Gone, "survey_paused")
	case s.ClosesAt != nil && !now.Before(*s.ClosesAt):
		return Fail(Gone, "survey_closed")
	}
	return nil
}

// CheckScore reports a score that is not one of the metric's choices.
func (m Metric) CheckScore(score int) []FieldError {
	scale := m.Scale()
	if scale.Contains(score) {
		return nil
	}
	return []FieldError{{Path: "score", Code: "score", Args: map[string]any{"min": scale.Min, "max": scale.Max}}}
}

// PublicID is the survey's part of its public links: the workspace's key and
// the survey's.
func (s Survey) PublicID(workspaceKey string) string { return workspaceKey + s.Key }

// String names the survey in a log.
func (s Survey) String() string { return fmt.Sprintf("survey %s (%s)", s.ID, s.Metric) }
