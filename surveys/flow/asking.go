package flow

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// Asking is what the team sets up: surveys and rules.
type Asking struct{ store *store.Store }

// NewAsking makes the moves on surveys and rules.
func NewAsking(s *store.Store) *Asking { return &Asking{store: s} }

// CreateSurvey checks and stores a new survey, and returns it with its id and
// key.
func (a *Asking) CreateSurvey(ctx context.Context, ws surveys.WorkspaceID, s surveys.Survey) (surveys.Survey, error) {
	now := a.store.Now()
	s.WorkspaceID, s.CreatedAt, s.UpdatedAt, s.Question.Version = ws, now, now, 1
	if s.Status == "" {
		s.Status = surveys.SurveyActive
	}
	var err error
	if s.Question, err = s.Question.Named(a.store.Random()); err != nil {
		return s, err
	}
	if s, err = s.Check(); err != nil {
		return s, err
	}
	if s.ID, err = a.store.NewID(); err != nil {
		return s, err
	}
	if s.Key, err = surveys.NewKey(a.store.Random(), 6); err != nil {
		return s, err
	}
	return s, a.store.InTx(ctx, func(tx *store.Tx) error { return tx.CreateSurvey(ctx, s) })
}

// UpdateSurvey changes a survey's name, subject, end and what it asks. Another
// question, style or follow-up, or other ends of the scale, become a new
// version; the metric never changes.
//
// It leaves the status to [Asking.SetSurveyStatus]: who edits a survey for an
// hour must not undo that somebody paused it meanwhile.
func (a *Asking) UpdateSurvey(ctx context.Context, s surveys.Survey) (surveys.Survey, error) {
	return a.update(ctx, s, func(*surveys.Survey) {})
}

// UpdateSurveyAndStatus is UpdateSurvey for who means the status, too.
func (a *Asking) UpdateSurveyAndStatus(ctx context.Context, s surveys.Survey) (surveys.Survey, error) {
	return a.update(ctx, s, func(stored *surveys.Survey) { stored.Status = s.Status })
}

func (a *Asking) update(ctx context.Context, s surveys.Survey, also func(stored *surveys.Survey)) (surveys.Survey, error) {
	var stored surveys.Survey
	var err error
	if s.Question, err = s.Question.Named(a.store.Random()); err != nil {
		return s, err
	}
	err = a.store.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.LockSurvey(ctx, s.WorkspaceID, s.ID); err != nil {
			return err
		}
		current, err := tx.Survey(ctx, s.WorkspaceID, s.ID)
		if err != nil {
			return err
		}
		stored = current
		stored.Name, stored.Subject, stored.ClosesAt, stored.UpdatedAt = s.Name, s.Subject, s.ClosesAt, a.store.Now()
		stored.Question, stored.Drivers = s.Question, s.Drivers
		stored.Question.Version = current.Question.Version
		stored.Fields, stored.Thanks, stored.Machines, stored.Quarantine, stored.Locale, stored.Origins, stored.Identified = s.Fields, s.Thanks, s.Machines, s.Quarantine, s.Locale, s.Origins, s.Identified
		also(&stored)
		stored.Kind, stored.Topic, stored.CapDays = cmp.Or(s.Kind, current.Kind), s.Topic, s.CapDays
		if stored, err = stored.Check(); err != nil {
			return err
		}
		if err := keepsScales(current, stored); err != nil {
			return err
		}
		if err := keepsKinds(ctx, tx, stored); err != nil {
			return err
		}
		if !stored.Question.SameQuestion(current.Question) || !stored.Question.SameFollowUps(current.Question) || stored.Subject != current.Subject {
			stored.Question.Version++
		}
		if err := tx.UpdateSurvey(ctx, stored); err != nil || slices.Equal(stored.DriverKeys(), current.DriverKeys()) {
			return err
		}
		if err := tx.OutdateDriverDays(ctx, s.WorkspaceID, s.ID); err != nil {
			return err
		}
		return tx.Enqueue(ctx, DriversArgs{Workspace: s.WorkspaceID})
	})
	return stored, err
}

// keepsScales refuses another scale for a driver that is declared already:
// ratings on two scales must not be added up.
func keepsScales(current, stored surveys.Survey) error {
	var wrong []surveys.FieldError
	for i, d := range stored.Drivers {
		for _, before := range current.Drivers {
			if before.Key == d.Key && before.Scale != d.Scale {
				wrong = append(wrong, surveys.FieldError{Path: fmt.Sprintf("drivers.%d.scale", i), Code: "driver_scale_fixed", Args: map[string]any{"key": d.Key}})
			}
		}
	}
	return surveys.Wrong(wrong...)
}

// keepsKinds refuses a follow-up under the id of one that took other answers.
func keepsKinds(ctx context.Context, tx *store.Tx, s surveys.Survey) error {
	if len(s.Question.FollowUps) == 0 {
		return nil
	}
	before, err := tx.Wordings(ctx, s.WorkspaceID, s.ID)
	if err != nil {
		return err
	}
	return surveys.Wrong(surveys.Wordings(before).CheckIDs(s.Question)...)
}

// SetSurveyStatus activates, pauses or archives a survey.
func (a *Asking) SetSurveyStatus(ctx context.Context, ws surveys.WorkspaceID, id string, status surveys.SurveyStatus) error {
	return a.store.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.LockSurvey(ctx, ws, id); err != nil {
			return err
		}
		s, err := tx.Survey(ctx, ws, id)
		if err != nil {
			return err
		}
		s.Status, s.UpdatedAt = status, a.store.Now()
		if s, err = s.Check(); err != nil {
			return err
		}
		return tx.UpdateSurvey(ctx, s)
	})
}

// SaveRule checks and stores a rule, a new one when its id is "", and returns
// it.
func (a *Asking) SaveRule(ctx context.Context, ws surveys.WorkspaceID, r surveys.Rule) (surveys.Rule, error) {
	now := a.store.Now()
	r.WorkspaceID, r.UpdatedAt = ws, now
	if r.Status == "" {
		r.Status = surveys.RuleActive
	}
	r, wrong := r.Check()
	if err := surveys.Wrong(append(wrong, CheckCondition(r.Condition)...)...); err != nil {
		return r, err
	}
	create := r.ID == ""
	if create {
		id, err := a.store.NewID()
		if err != nil {
			return r, err
		}
		r.ID, r.CreatedAt = id, now
	}
	return r, a.store.InTx(ctx, func(tx *store.Tx) error {
		if _, err := tx.Survey(ctx, ws, r.SurveyID); err != nil {
			if surveys.KindOf(err) == surveys.NotFound {
				return surveys.Wrong(surveys.FieldError{Path: "survey_id", Code: "survey_unknown"})
			}
			return err
		}
		if create {
			return tx.CreateRule(ctx, r)
		}
		return updateRule(ctx, tx, r)
	})
}

// updateRule stores a rule over the one that is there, with what follows for its
// turns.
func updateRule(ctx context.Context, tx *store.Tx, r surveys.Rule) error {
	if err := tx.LockRule(ctx, r.WorkspaceID, r.ID); err != nil {
		return err
	}
	before, err := tx.Rule(ctx, r.WorkspaceID, r.ID)
	if err != nil {
		return err
	}
	w, err := tx.Workspace(ctx, r.WorkspaceID)
	if err != nil {
		return err
	}
	if before.Archived() {
		return surveys.Fail(surveys.Conflict, "rule_is_archived")
	}
	if err := settleTurns(ctx, tx, w, before, r); err != nil {
		return err
	}
	if err := tx.DropReminderTexts(ctx, r); err != nil {
		return err
	}
	return tx.UpdateRule(ctx, r)
}

// SetRuleStatus activates or pauses a rule that is not archived. What it has
// scheduled stays.
func (a *Asking) SetRuleStatus(ctx context.Context, ws surveys.WorkspaceID, id string, status surveys.RuleStatus) error {
	return a.store.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.LockRule(ctx, ws, id); err != nil {
			return err
		}
		r, err := tx.Rule(ctx, ws, id)
		if err != nil {
			return err
		}
		if r.Archived() {
			return surveys.Fail(surveys.Conflict, "rule_is_archived")
		}
		r.Status, r.UpdatedAt = status, a.store.Now()
		r, wrong := r.Check()
		if err := surveys.Wrong(wrong...); err != nil {
			return err
		}
		return tx.UpdateRule(ctx, r)
	})
}
