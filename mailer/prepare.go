package mailer

import (
	"fmt"
	"slices"
	"time"

	"github.com/harkhq/hark/surveys"
)

// unwrittenError says that an invitation cannot become a letter, now or later.
type unwrittenError struct{ err error }

// Error is the reason, which the invitation keeps as its problem.
func (e *unwrittenError) Error() string { return e.err.Error() }

// Unwrap gives the reason to errors.As.
func (e *unwrittenError) Unwrap() error { return e.err }

// outlook is what stands against a letter right before it would be sent.
type outlook struct {
	survey  surveys.Survey
	against Outcome   // "" when nothing does
	until   time.Time // when to look again; with Postponed
	why     string    // what the invitation keeps as its problem
}

// look asks whether a letter should still be sent, right before it is.
func (b *batch) look(i surveys.Invitation) (outlook, error) {
	now := b.Store.Now()
	if i.Open(now) != nil {
		return outlook{against: Expired}, nil
	}
	unwanted, err := b.unwanted(i)
	if err != nil || unwanted {
		return outlook{against: Suppressed}, err
	}
	survey, err := b.survey(i.SurveyID)
	switch {
	case surveys.KindOf(err) == surveys.NotFound:
		return outlook{against: Cancelled}, nil
	case err != nil:
		return outlook{}, err
	case survey.Status == surveys.SurveyPaused && (survey.ClosesAt == nil || now.Before(*survey.ClosesAt)):
		return outlook{against: Postponed, until: now.Add(pausedDelay)}, nil
	case survey.Open(now) != nil:
		return outlook{against: Cancelled}, nil
	}
	if i.Letter == surveys.LetterReminder {
		about, err := b.Store.Invitation(b.work, b.workspace.ID, i.AboutID)
		if err != nil || about.AnsweredAt != nil {
			return outlook{against: Cancelled, why: surveys.Problem{Code: "reminder_answered"}.String()}, err
		}
	}
	until, err := b.opens(i, now)
	if err != nil || until.After(now) {
		return outlook{against: Postponed, until: until}, err
	}
	return outlook{survey: survey}, nil
}

// unwanted reports whether the address wants no mail, or none of this survey.
func (b *batch) unwanted(i surveys.Invitation) (bool, error) {
	suppression, err := b.Store.Suppression(b.work, b.workspace, i.Email)
	if err != nil || suppression != "" {
		return suppression != "", err
	}
	stopped, err := b.Store.StoppedSurveys(b.work, b.workspace, i.Email)
	return slices.Contains(stopped, i.SurveyID), err
}

// opens is when the person's window is open for a letter that was put off: by
// an outage, a paused survey, or a mail server that refused it for now.
func (b *batch) opens(i surveys.Invitation, now time.Time) (time.Time, error) {
	rule, known := b.rules[i.RuleID]
	if !known || rule.Window == surveys.AnyTime() && len(b.workspace.Holidays) == 0 || i.Letter == surveys.LetterThanks {
		return now, nil
	}
	person, err := b.Store.Person(b.work, b.workspace.ID, i.PersonID)
	if err != nil {
		return now, err
	}
	if next, open := rule.Window.Next(now, surveys.ZoneOf(person, b.workspace), b.workspace.Holidays); open {
		return next, nil
	}
	return now, nil
}

// survey returns a survey as it was when the batch first needed it.
func (b *batch) survey(id string) (surveys.Survey, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if survey, known := b.surveys[id]; known {
		return survey, nil
	}
	survey, err := b.Store.Survey(b.work, b.workspace.ID, id)
	if err == nil {
		b.surveys[id] = survey
	}
	return survey, err
}

// words returns the team's own words of a letter as they were when the batch
// first needed them.
func (b *batch) words(key surveys.LetterKey) (map[string]surveys.LetterTexts, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if texts, known := b.texts[key]; known {
		return texts, nil
	}
	texts, err := b.Store.LetterTexts(b.work, b.workspace.ID, key)
	if err == nil {
		b.texts[key] = texts
	}
	return texts, err
}

// letter returns the bytes of an earlier try, without grants, or composes them.
func (b *batch) letter(i surveys.Invitation, survey surveys.Survey) (Composed, error) {
	if i.Attempts > 0 || i.Problem != "" {
		stored, err := b.Store.Letter(b.work, b.workspace.ID, i.ID)
		if err == nil {
			return Composed{Letter: stored}, nil
		}
		if surveys.KindOf(err) != surveys.NotFound {
			return Composed{}, err
		}
	}
	asking, err := b.asking(i, survey)
	if err != nil {
		return Composed{}, err
	}
	composed, err := b.Composer.Compose(b.work, asking)
	if err != nil && b.work.Err() == nil {
		return Composed{}, &unwrittenError{err}
	}
	return composed, err
}

// asking gathers what a letter speaks of.
func (b *batch) asking(i surveys.Invitation, survey surveys.Survey) (Asking, error) {
	person, err := b.Store.Person(b.work, b.workspace.ID, i.PersonID)
	if err != nil {
		return Asking{}, fmt.Errorf("find whom to write to: %w", err)
	}
	asking := Asking{Invitation: i, Workspace: b.workspace, Survey: survey, Person: person, CapDays: b.capDays}
	event, err := b.Store.Event(b.work, b.workspace.ID, i.EventID)
	switch {
	case err == nil:
		asking.EventType, asking.Properties = event.Type, event.Properties
	case surveys.KindOf(err) != surveys.NotFound:
		return Asking{}, fmt.Errorf("find why they are asked: %w", err)
	}
	if asking.Texts, err = b.words(surveys.LetterOf(i)); err != nil {
		return Asking{}, fmt.Errorf("find the team's own words: %w", err)
	}
	if i.Letter == surveys.LetterThanks {
		err = b.answered(&asking)
	}
	return asking, err
}

// answered adds what a thank-you thanks for. An answer that is gone since is
// thanked for without a word about it.
func (b *batch) answered(a *Asking) error {
	about, err := b.Store.Invitation(b.work, b.workspace.ID, a.Invitation.AboutID)
	if err != nil {
		return fmt.Errorf("find what was answered: %w", err)
	}
	answer, err := b.Store.Response(b.work, b.workspace.ID, about.ResponseID)
	switch {
	case err == nil:
		a.Answer, a.Links = &answer, b.rules[a.Invitation.RuleID].Thanks.Links
	case surveys.KindOf(err) != surveys.NotFound:
		return fmt.Errorf("find the answer: %w", err)
	}
	return nil
}

// readRules looks up the workspace's rules and what they promise.
func (b *batch) readRules() error {
	rules, err := b.Store.Rules(b.ctx, b.workspace.ID)
	if err != nil {
		return err
	}
	b.rules = make(map[string]surveys.Rule, len(rules))
	for _, rule := range rules {
		b.rules[rule.ID] = rule
	}
	b.capDays = Promise(rules, b.workspace.Caps)
	return nil
}

// Promise is how often letters say that somebody is asked at most, in days: the
// workspace's cap or the smallest one of its active rules, since each promise is
// only as good as the next rule; 0 when there is none.
func Promise(rules []surveys.Rule, caps surveys.Caps) int {
	smallest := -1
	for _, rule := range rules {
		if rule.Status == surveys.RuleActive && (smallest < 0 || rule.CapDays < smallest) {
			smallest = rule.CapDays
		}
	}
	return max(smallest, caps.AllDays, 0)
}
