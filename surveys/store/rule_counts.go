package store

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
)

// What became of a rule's events is counted when it is looked at, by the
// indexes decisions_rule and invitations_rule: a month of one rule is little
// beside all that a workspace holds, and every count is then true at once.

// RuleCounts is what became of a rule's events since a time.
type RuleCounts struct {
	Outcomes map[surveys.Outcome]int64
	Asked    surveys.Asked // of the invitations that followed
}

// RuleCounts counts a rule's decisions since a time by their outcome, and the
// invitations since then by what became of them.
func (r reads) RuleCounts(ctx context.Context, ws surveys.WorkspaceID, ruleID string, since time.Time) (RuleCounts, error) {
	counts := RuleCounts{Outcomes: make(map[surveys.Outcome]int64)}
	var outcomes []struct {
		Outcome string
		N       int64
	}
	q := r.of(ctx, ws).Model(&decisionRow{}).Select("outcome, count(*) AS n").Where("rule_id = ? AND created_at >= ?", ruleID, utc(since)).Group("outcome")
	if err := q.Find(&outcomes).Error; err != nil {
		return counts, known("count decisions", err)
	}
	for _, row := range outcomes {
		counts.Outcomes[surveys.Outcome(row.Outcome)] = row.N
	}
	var states []struct {
		State    string
		Answered bool
		N        int64
	}
	q = r.of(ctx, ws).Model(&invitationRow{}).Select("state, (response_id IS NOT NULL) AS answered, count(*) AS n").
		Where("rule_id = ? AND created_at >= ? AND letter = 'invitation'", ruleID, utc(since)).Group("state, (response_id IS NOT NULL)")
	if err := q.Find(&states).Error; err != nil {
		return counts, known("count the rule's invitations", err)
	}
	for _, row := range states {
		i := surveys.Invitation{State: surveys.InvitationState(row.State)}
		if row.Answered {
			i.ResponseID = "some"
		}
		counts.Asked.Add(i.Asked(), row.N)
	}
	return counts, nil
}

// RuleEventFilter says which of a rule's decisions are listed: those of some
// outcomes, or, where a step is named, of what became of the invitation.
type RuleEventFilter struct {
	RuleID   string
	Since    time.Time
	Outcomes []surveys.Outcome // empty: all
	Fate     InvitationFate    // "": whatever became of it
	Offset   int
	Limit    int
}

// InvitationFate is what became of an invitation so far, as [surveys.Asked]
// counts it.
type InvitationFate string

// The fates of invitations.
const (
	FateSent       InvitationFate = "sent"
	FateAnswered   InvitationFate = "answered"
	FateWaiting    InvitationFate = "waiting"
	FateFailed     InvitationFate = "failed"
	FateSuppressed InvitationFate = "suppressed"
	FateCancelled  InvitationFate = "cancelled"
	FateExpired    InvitationFate = "expired"
	FateReturned   InvitationFate = "returned" // it left, and came back
)

// InvitationFates lists them all.
func InvitationFates() []InvitationFate {
	return []InvitationFate{FateSent, FateAnswered, FateWaiting, FateFailed, FateReturned, FateSuppressed, FateCancelled, FateExpired}
}

// condition is the fate as SQL over the invitation i.
func (f InvitationFate) condition() string {
	switch f {
	case FateSent:
		return "(i.response_id IS NOT NULL OR i.state = 'sent')"
	case FateAnswered:
		return "i.response_id IS NOT NULL"
	case FateWaiting:
		return "i.response_id IS NULL AND i.state IN ('scheduled', 'claimed', 'sending', 'unknown')"
	case FateReturned:
		return "i.response_id IS NULL AND i.state = 'bounced'"
	case FateFailed, FateSuppressed, FateCancelled, FateExpired:
		return "i.response_id IS NULL AND i.state = '" + string(f) + "'"
	}
	return "1 = 0"
}

// RuleEvent is one decision of a rule, with what became of its invitation.
type RuleEvent struct {
	surveys.Decision
	EventID   string
	DecidedAt time.Time
	State     surveys.InvitationState // "" without an invitation
	Answered  bool
	Problem   string // of the invitation, stored
}

type ruleEventRow struct {
	Decided    decisionRow `gorm:"embedded"`
	State      *string
	Problem    *string
	ResponseID *string
}

func (r ruleEventRow) domain() RuleEvent {
	e := RuleEvent{Decision: r.Decided.domain(), EventID: r.Decided.EventID, DecidedAt: r.Decided.CreatedAt.UTC(), Answered: r.ResponseID != nil}
	if r.State != nil {
		e.State, e.Problem = surveys.InvitationState(*r.State), *r.Problem
	}
	return e
}

// RuleEvents lists a rule's decisions, the latest first.
func (r reads) RuleEvents(ctx context.Context, ws surveys.WorkspaceID, f RuleEventFilter) ([]RuleEvent, error) {
	q := r.db.WithContext(ctx).Table("decisions AS d").Select("d.*, i.state, i.problem, i.response_id").
		Joins("LEFT JOIN invitations AS i ON i.workspace_id = d.workspace_id AND i.id = d.invitation_id").
		Where("d.workspace_id = ? AND d.rule_id = ? AND d.created_at >= ?", string(ws), f.RuleID, utc(f.Since))
	if len(f.Outcomes) > 0 {
		q = q.Where("d.outcome IN ?", f.Outcomes)
	}
	if f.Fate != "" {
		q = q.Where(f.Fate.condition())
	}
	return all(q.Order("d.created_at DESC, d.event_id DESC").Offset(f.Offset).Limit(f.Limit), "the rule's events", ruleEventRow.domain)
}
