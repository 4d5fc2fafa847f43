package flow

import (
	"context"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/harkhq/hark/analysis/loyalty"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// Loyalty says who stays and who leaves, from a workspace's events. What it
// takes to say so is every event of years, so that a job computes it: each
// night, and when the plan changes.
type Loyalty struct{ store *store.Store }

// NewLoyalty makes the moves on loyalty.
func NewLoyalty(s *store.Store) *Loyalty { return &Loyalty{store: s} }

// Plan returns how the workspace's events are read.
func (l *Loyalty) Plan(ctx context.Context, ws surveys.WorkspaceID) (surveys.LoyaltyPlan, error) {
	return l.store.LoyaltyPlan(ctx, ws)
}

// ChangePlan checks and stores how the events are read, and computes anew.
func (l *Loyalty) ChangePlan(ctx context.Context, p surveys.LoyaltyPlan) (surveys.LoyaltyPlan, error) {
	p, err := p.Check()
	if err != nil {
		return p, err
	}
	w, err := l.store.Workspace(ctx, p.WorkspaceID)
	if err != nil {
		return p, err
	}
	if s := p.CompleteSince; s != nil && *s > surveys.Day(l.store.Now(), w.Location()) {
		return p, surveys.Wrong(surveys.FieldError{Path: "complete_since", Code: "loyalty_since_future"})
	}
	p.UpdatedAt = l.store.Now()
	return p, l.store.InTx(ctx, func(tx *store.Tx) error {
		if p.SurveyID != "" {
			survey, err := tx.Survey(ctx, p.WorkspaceID, p.SurveyID)
			if surveys.KindOf(err) == surveys.NotFound {
				return surveys.Wrong(surveys.FieldError{Path: "survey_id", Code: "survey_unknown"})
			}
			if err != nil {
				return err
			}
			p.SurveyID = survey.ID
		}
		if err := tx.SaveLoyaltyPlan(ctx, p); err != nil {
			return err
		}
		return tx.Enqueue(ctx, LoyaltyArgs{Workspace: p.WorkspaceID})
	})
}

// Later computes the report anew, as a job.
func (l *Loyalty) Later(ctx context.Context, ws surveys.WorkspaceID) error {
	return l.store.InTx(ctx, func(tx *store.Tx) error { return tx.Enqueue(ctx, LoyaltyArgs{Workspace: ws}) })
}

// Report returns what the last computation found, and when that was; NotFound
// before the first.
func (l *Loyalty) Report(ctx context.Context, ws surveys.WorkspaceID) (LoyaltyReport, time.Time, error) {
	var report LoyaltyReport
	at, err := l.store.LoyaltyReport(ctx, ws, &report)
	return report, at, err
}

// Compute reads every event and stores what they say.
func (l *Loyalty) Compute(ctx context.Context, ws surveys.WorkspaceID) error {
	plan, err := l.store.LoyaltyPlan(ctx, ws)
	if err != nil {
		return err
	}
	w, err := l.store.Workspace(ctx, ws)
	if err != nil {
		return err
	}
	c, err := newLoyaltyCount(plan, w.Location(), l.store.Now())
	if err != nil {
		return err
	}
	if plan.SurveyID != "" {
		survey, scores, err := l.scores(ctx, plan)
		if err != nil {
			return err
		}
		if err := c.against(survey, scores); err != nil {
			return err
		}
	}
	if err := l.store.EachEventOf(ctx, ws, plan.Types(), c.event); err != nil {
		return err
	}
	report, risks, err := c.finish()
	if err != nil {
		return err
	}
	return l.store.InTx(ctx, func(tx *store.Tx) error { return tx.SaveLoyaltyReport(ctx, ws, report, risks) })
}

// scored is an answer, as loyalty remembers it: few bytes for each, since all of
// them are held.
type scored struct {
	day   int32
	score int8
}

// scores are the plan's survey and its answers by person, the oldest first.
func (l *Loyalty) scores(ctx context.Context, plan surveys.LoyaltyPlan) (surveys.Survey, map[string][]scored, error) {
	survey, err := l.store.Survey(ctx, plan.WorkspaceID, plan.SurveyID)
	if err != nil {
		return survey, nil, err
	}
	byPerson := make(map[string][]scored)
	err = l.store.EachResponse(ctx, plan.WorkspaceID, store.ResponseFilter{SurveyID: plan.SurveyID}, func(r surveys.Response) error {
		if r.PersonID != "" {
			byPerson[r.PersonID] = append(byPerson[r.PersonID], scored{int32(r.Day), int8(r.Score)})
		}
		return nil
	})
	return survey, byPerson, err
}

// meanings maps each event type to what it means.
func meanings(plan surveys.LoyaltyPlan) map[string][]surveys.EventMeaning {
	byType := make(map[string][]surveys.EventMeaning)
	for _, m := range plan.Meanings {
		byType[m.EventType] = append(byType[m.EventType], m)
	}
	return byType
}

// minor is what an event's property says as whole minor units (cents), or as
// points; false when it is missing or no amount.
func minor(m surveys.EventMeaning, properties map[string]any) (int64, bool) {
	points := m.Kind == surveys.LoyaltyIssued || m.Kind == surveys.LoyaltyRedeemed
	if m.Amount == "" {
		if points {
			return 1, true
		}
		return 0, true
	}
	var value float64
	switch p := properties[m.Amount].(type) {
	case float64:
		value = p
	case string:
		var err error
		if value, err = strconv.ParseFloat(p, 64); err != nil {
			return 0, false
		}
	default:
		return 0, false
	}
	if !points {
		value *= 100
	}
	if !(value >= 0 && value <= loyalty.MaxAmount) {
		return 0, false
	}
	return int64(math.Round(value)), true
}

// lastBefore is a person's last score before a day; false when there is none.
func lastBefore(scores []scored, day int) (scored, bool) {
	at, _ := slices.BinarySearchFunc(scores, day, func(s scored, day int) int { return int(s.day) - day })
	if at == 0 {
		return scored{}, false
	}
	return scores[at-1], true
}
