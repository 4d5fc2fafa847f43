package store

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
)

type eventRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"`
	ExternalID  string
	Type        string
	PersonID    string
	OccurredAt  time.Time
	ReceivedAt  time.Time
	Properties  map[string]any `gorm:"serializer:json"`
}

func (eventRow) TableName() string { return "events" }

func (r eventRow) domain() surveys.Event {
	return surveys.Event{
		WorkspaceID: surveys.WorkspaceID(r.WorkspaceID), ID: r.ID, ExternalID: r.ExternalID, Type: r.Type, PersonID: r.PersonID,
		OccurredAt: r.OccurredAt.UTC(), ReceivedAt: r.ReceivedAt.UTC(), Properties: r.Properties,
	}
}

func eventRowOf(e surveys.Event) eventRow {
	if e.Properties == nil {
		e.Properties = map[string]any{}
	}
	return eventRow{
		WorkspaceID: string(e.WorkspaceID), ID: e.ID, ExternalID: e.ExternalID, Type: e.Type, PersonID: e.PersonID,
		OccurredAt: utc(e.OccurredAt), ReceivedAt: utc(e.ReceivedAt), Properties: e.Properties,
	}
}

// Event returns an event.
func (r reads) Event(ctx context.Context, ws surveys.WorkspaceID, id string) (surveys.Event, error) {
	return one(r.of(ctx, ws).Where("id = ?", id), "the event", eventRow.domain)
}

// PersonEvents lists a person's events, the latest first.
func (r reads) PersonEvents(ctx context.Context, ws surveys.WorkspaceID, personID string, limit int) ([]surveys.Event, error) {
	return all(r.of(ctx, ws).Where("person_id = ?", personID).Order("occurred_at DESC, id DESC").Limit(limit), "events", eventRow.domain)
}

// recentEvents is how many of the latest events are looked at for what comes in.
const recentEvents = 20_000

// EventTypes lists the types among the latest events, the most frequent first;
// turns, which are Hark's own, are not among them.
func (r reads) EventTypes(ctx context.Context, ws surveys.WorkspaceID) ([]string, error) {
	recent := r.of(ctx, ws).Model(&eventRow{}).Select("type").Order("id DESC").Limit(recentEvents)
	var types []string
	err := r.db.WithContext(ctx).Table("(?) AS recent", recent).Where("type <> ?", surveys.TurnEvent).Group("type").Order("count(*) DESC, type").Pluck("type", &types).Error
	return types, known("list the types of events", err)
}

// CreateEvent stores an event.
func (tx *Tx) CreateEvent(ctx context.Context, e surveys.Event) error {
	row := eventRowOf(e)
	return tx.create(ctx, "the event", &row)
}

type decisionRow struct {
	WorkspaceID  string `gorm:"primaryKey"`
	EventID      string `gorm:"primaryKey"`
	RuleID       string `gorm:"primaryKey"`
	RuleName     string
	SurveyID     string
	Outcome      string
	SendAt       *time.Time
	Until        *time.Time
	InvitationID *string
	Detail       string
	CreatedAt    time.Time `gorm:"autoCreateTime:false"`
}

func (decisionRow) TableName() string { return "decisions" }

func (r decisionRow) domain() surveys.Decision {
	return surveys.Decision{
		RuleID: r.RuleID, RuleName: r.RuleName, SurveyID: r.SurveyID, Outcome: surveys.Outcome(r.Outcome),
		SendAt: utcPtr(r.SendAt), Until: utcPtr(r.Until), InvitationID: idText(r.InvitationID), Detail: r.Detail,
	}
}

// Decisions lists what the rules made of events, keyed by event, in the order
// of the rules' ids.
func (r reads) Decisions(ctx context.Context, ws surveys.WorkspaceID, eventIDs []string) (map[string][]surveys.Decision, error) {
	if len(eventIDs) == 0 {
		return nil, nil
	}
	var rows []decisionRow
	if err := r.of(ctx, ws).Where("event_id IN ?", eventIDs).Order("event_id, rule_id").Find(&rows).Error; err != nil {
		return nil, known("list decisions", err)
	}
	byEvent := make(map[string][]surveys.Decision)
	for _, row := range rows {
		byEvent[row.EventID] = append(byEvent[row.EventID], row.domain())
	}
	return byEvent, nil
}

// CreateDecisions keeps what the rules made of an event.
func (tx *Tx) CreateDecisions(ctx context.Context, e surveys.Event, decisions []surveys.Decision) error {
	if len(decisions) == 0 {
		return nil
	}
	rows := make([]decisionRow, len(decisions))
	for i, d := range decisions {
		rows[i] = decisionRow{
			WorkspaceID: string(e.WorkspaceID), EventID: e.ID, RuleID: d.RuleID, RuleName: d.RuleName, SurveyID: d.SurveyID, Outcome: string(d.Outcome),
			SendAt: utcPtr(d.SendAt), Until: utcPtr(d.Until), InvitationID: idPtr(d.InvitationID), Detail: d.Detail, CreatedAt: utc(tx.store.Now()),
		}
	}
	return tx.create(ctx, "the decisions", &rows)
}
