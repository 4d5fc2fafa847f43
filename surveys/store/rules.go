package store

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
)

type ruleRow struct {
	WorkspaceID  string `gorm:"primaryKey"`
	ID           string `gorm:"primaryKey"`
	Name         string
	EventType    string
	Condition    string
	DelaySeconds int64
	SurveyID     string
	CapDays      int
	SetOff       string
	EveryMonths  int
	DelayFrom    string
	SendWindow   surveys.Window `gorm:"serializer:json"`
	Sample       int
	HoldOut      int
	WhenCapped   string
	ExpiryDays   int
	Reminders    []surveys.Reminder `gorm:"serializer:json"`
	Withdraw     surveys.Withdrawal `gorm:"serializer:json"`
	Thanks       surveys.Thanks     `gorm:"serializer:json"`
	TurnedTo     *string            // see turns.go
	Status       string
	CreatedAt    time.Time `gorm:"autoCreateTime:false"`
	UpdatedAt    time.Time `gorm:"autoUpdateTime:false"`
}

func (ruleRow) TableName() string { return "rules" }

func (r ruleRow) domain() surveys.Rule {
	return surveys.Rule{
		WorkspaceID: surveys.WorkspaceID(r.WorkspaceID), ID: r.ID, Name: r.Name, EventType: r.EventType, Condition: r.Condition,
		Delay: time.Duration(r.DelaySeconds) * time.Second, SurveyID: r.SurveyID, CapDays: r.CapDays, Status: surveys.RuleStatus(r.Status),
		Trigger: surveys.Trigger(r.SetOff), Every: r.EveryMonths, DelayFrom: r.DelayFrom, Window: r.SendWindow, Sample: r.Sample, HoldOut: r.HoldOut,
		WhenCapped: surveys.CapPolicy(r.WhenCapped), ExpiryDays: r.ExpiryDays, Reminders: orNone(r.Reminders), Withdraw: r.Withdraw, Thanks: r.Thanks,
		CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(),
	}.Filled() // reminders that were stored without keys have them by their places
}

func ruleRowOf(r surveys.Rule) ruleRow {
	r = r.Filled()
	if r.Reminders == nil {
		r.Reminders = []surveys.Reminder{}
	}
	return ruleRow{
		WorkspaceID: string(r.WorkspaceID), ID: r.ID, Name: r.Name, EventType: r.EventType, Condition: r.Condition,
		DelaySeconds: int64(r.Delay / time.Second), SurveyID: r.SurveyID, CapDays: r.CapDays, Status: string(r.Status),
		SetOff: string(r.Trigger), EveryMonths: r.Every, DelayFrom: r.DelayFrom, SendWindow: r.Window, Sample: r.Sample, HoldOut: r.HoldOut,
		WhenCapped: string(r.WhenCapped), ExpiryDays: r.ExpiryDays, Reminders: r.Reminders, Withdraw: r.Withdraw, Thanks: r.Thanks,
		CreatedAt: utc(r.CreatedAt), UpdatedAt: utc(r.UpdatedAt),
	}
}

// Rule returns a rule.
func (r reads) Rule(ctx context.Context, ws surveys.WorkspaceID, id string) (surveys.Rule, error) {
	return one(r.of(ctx, ws).Where("id = ?", id), "the rule", ruleRow.domain)
}

// Rules lists the workspace's rules, the oldest first.
func (r reads) Rules(ctx context.Context, ws surveys.WorkspaceID) ([]surveys.Rule, error) {
	return all(r.of(ctx, ws).Order("created_at, id"), "rules", ruleRow.domain)
}

// LockRule keeps other transactions from changing a rule until this one ends.
func (tx *Tx) LockRule(ctx context.Context, ws surveys.WorkspaceID, id string) error {
	_, err := one(tx.keeping(tx.of(ctx, ws)).Where("id = ?", id), "the rule", ruleRow.domain)
	return err
}

// CreateRule stores a rule.
func (tx *Tx) CreateRule(ctx context.Context, r surveys.Rule) error {
	row := ruleRowOf(r)
	return tx.create(ctx, "the rule", &row)
}

// UpdateRule stores what the team may change of a rule: all but its id.
func (tx *Tx) UpdateRule(ctx context.Context, r surveys.Rule) error {
	row := ruleRowOf(r)
	return changed("the rule", tx.of(ctx, r.WorkspaceID).Model(&ruleRow{}).Where("id = ?", r.ID).
		Select("name", "event_type", "condition", "delay_seconds", "survey_id", "cap_days", "set_off", "every_months", "delay_from", "send_window",
			"sample", "hold_out", "when_capped", "expiry_days", "reminders", "withdraw", "thanks", "status", "updated_at").Updates(&row))
}
