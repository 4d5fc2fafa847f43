package mailer

import (
	"fmt"

	"github.com/harkhq/hark/surveys"
)

// unwrittenError says that an invitation cannot become a letter, now or later.
type unwrittenError struct{ err error }

// Error is the reason, which the invitation keeps as its problem.
func (e *unwrittenError) Error() string { return e.err.Error() }

// Unwrap gives the reason to errors.As.
func (e *unwrittenError) Unwrap() error { return e.err }

// look asks whether an invitation should still be sent, right before it is. It
// returns its survey, or the outcome that stands against it.
func (b *batch) look(i surveys.Invitation) (surveys.Survey, Outcome, error) {
	now := b.Store.Now()
	if i.Open(now) != nil {
		return surveys.Survey{}, Expired, nil
	}
	suppression, err := b.Store.Suppression(b.work, b.workspace, i.Email)
	if err != nil {
		return surveys.Survey{}, "", fmt.Errorf("look for a suppression: %w", err)
	}
	if suppression != "" {
		return surveys.Survey{}, Suppressed, nil
	}
	survey, err := b.survey(i.SurveyID)
	switch {
	case surveys.KindOf(err) == surveys.NotFound:
		return surveys.Survey{}, Cancelled, nil
	case err != nil:
		return surveys.Survey{}, "", err
	case survey.Open(now) == nil:
		return survey, "", nil
	case survey.Status == surveys.SurveyPaused && (survey.ClosesAt == nil || now.Before(*survey.ClosesAt)):
		return survey, Postponed, nil
	}
	return survey, Cancelled, nil
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
	person, err := b.Store.Person(b.work, b.workspace.ID, i.PersonID)
	if err != nil {
		return Composed{}, fmt.Errorf("find whom to write to: %w", err)
	}
	asking := Asking{Invitation: i, Workspace: b.workspace, Survey: survey, Person: person, CapDays: b.capDays}
	event, err := b.Store.Event(b.work, b.workspace.ID, i.EventID)
	switch {
	case err == nil:
		asking.EventType = event.Type
	case surveys.KindOf(err) != surveys.NotFound:
		return Composed{}, fmt.Errorf("find why they are asked: %w", err)
	}
	composed, err := b.Composer.Compose(b.work, asking)
	if err != nil && b.work.Err() == nil {
		return Composed{}, &unwrittenError{err}
	}
	return composed, err
}

// smallestCap is how often a workspace asks somebody at most, in days: the
// smallest cap of its active rules, since each promise is only as good as the
// next rule. 0 means that there is none.
func (p *pass) smallestCap(ws surveys.WorkspaceID) (int, error) {
	rules, err := p.Store.Rules(p.ctx, ws)
	if err != nil {
		return 0, err
	}
	smallest := -1
	for _, rule := range rules {
		if rule.Status == surveys.RuleActive && (smallest < 0 || rule.CapDays < smallest) {
			smallest = rule.CapDays
		}
	}
	return max(smallest, 0), nil
}
