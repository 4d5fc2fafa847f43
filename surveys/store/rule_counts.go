package store

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
)

// What became of a rule's events is counted in two ways. Its decisions are counted
// when it is looked at, by an index that holds all that it takes. Invitations are
// counted as they move (asked.go), by the day of UTC on which they were decided;
// those that are not taken in yet, a minute's worth, are looked at. So a million
// people who were asked cost the page nothing.

// RuleCounts is what became of a rule's events since a time.
type RuleCounts struct {
	Outcomes   map[surveys.Outcome]int64
	Reasons    map[surveys.Outcome][]RuleReason // of those that come in kinds; none of an outcome with too many events
	Asked      surveys.Asked                    // of the invitations that followed
	Complained int64                            // of those whose letters a mail server took: people who called one of them spam
}

// RuleReason is one kind of an outcome: which limit it was, or in what way somebody
// does not want to be asked.
type RuleReason struct {
	Detail string // a stored [surveys.Problem], as in [surveys.Decision]; "" for none
	N      int64
}

// mostReasoned is how many events of an outcome are read for their reasons, which
// the index does not hold: it takes some 20 ms.
const mostReasoned = 20_000

// RuleSince is the beginning of the day of UTC that a time falls on: what became of
// a rule's events is counted by such days.
func RuleSince(at time.Time) time.Time { return at.UTC().Truncate(24 * time.Hour) }

// RuleCounts counts a rule's decisions by their outcome, and the invitations that
// followed by what became of them, from the day of UTC on that a time falls on.
func (r reads) RuleCounts(ctx context.Context, ws surveys.WorkspaceID, ruleID string, since time.Time) (RuleCounts, error) {
	since = RuleSince(since)
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
	var err error
	if counts.Reasons, err = r.ruleReasons(ctx, ws, ruleID, since, counts.Outcomes); err != nil {
		return counts, err
	}
	if counts.Asked, err = r.ruleAsked(ctx, ws, ruleID, since); err != nil {
		return counts, err
	}
	counts.Complained, err = r.complained(ctx, ws, since, "o.rule_id = ? AND o.created_at >= ?", ruleID, utc(since))
	return counts, err
}

// ruleReasons counts the kinds of those outcomes that come in kinds, the most
// frequent first.
func (r reads) ruleReasons(ctx context.Context, ws surveys.WorkspaceID, ruleID string, since time.Time, outcomes map[surveys.Outcome]int64) (map[surveys.Outcome][]RuleReason, error) {
	reasons := make(map[surveys.Outcome][]RuleReason)
	for _, outcome := range []surveys.Outcome{surveys.Capped, surveys.Unsubscribed} {
		if n := outcomes[outcome]; n == 0 || n > mostReasoned {
			continue
		}
		var kinds []RuleReason
		q := r.of(ctx, ws).Model(&decisionRow{}).Select("detail, count(*) AS n").
			Where("rule_id = ? AND created_at >= ? AND outcome = ?", ruleID, utc(since), string(outcome)).Group("detail").Order("n DESC, detail")
		if err := q.Find(&kinds).Error; err != nil {
			return nil, known("count the reasons of decisions", err)
		}
		reasons[outcome] = kinds
	}
	return reasons, nil
}

// mostFresh is how many invitations that are not taken in yet are looked at: while
// more wait, such as those of a list of a million, the page runs behind.
const mostFresh = 20_000

// ruleAsked sums what became of a rule's invitations, with those that are not
// taken into the counts yet.
func (r reads) ruleAsked(ctx context.Context, ws surveys.WorkspaceID, ruleID string, since time.Time) (surveys.Asked, error) {
	var sum invitationCountRow
	in := r.of(ctx, ws).Model(&surveyRow{}).Select("id")
	err := r.of(ctx, ws).Model(&invitationCountRow{}).Select(askedTotals()).
		Where("survey_id IN (?) AND key = ? AND value = ? AND day >= ?", in, byRule, ruleID, decidedDay(since)).Find(&sum).Error
	if err != nil {
		return surveys.Asked{}, known("sum the rule's invitations", err)
	}
	asked := sum.asked()
	var fresh []struct {
		State    string
		Answered bool
		N        int64
	}
	// The limit keeps the planners from going through all of the rule's instead.
	uncounted := r.of(ctx, ws).Model(&invitationRow{}).Where("day = 0").Order("id").Limit(mostFresh)
	err = r.db.WithContext(ctx).Table("(?) AS fresh", uncounted).Select("state, (response_id IS NOT NULL) AS answered, count(*) AS n").
		Where("rule_id = ? AND created_at >= ?", ruleID, utc(since)).Group("state, (response_id IS NOT NULL)").Find(&fresh).Error
	if err != nil {
		return asked, known("count the rule's fresh invitations", err)
	}
	for _, row := range fresh {
		i := surveys.Invitation{State: surveys.InvitationState(row.State)}
		if row.Answered {
			i.ResponseID = "some"
		}
		asked.Add(i.Asked(), row.N)
	}
	return asked, nil
}

// complaintsSQL leads from complaints since a time to the invitations o whose
// letters they are about.
const complaintsSQL = `bounces AS b
JOIN invitations AS i ON i.workspace_id = b.workspace_id AND i.id = b.invitation_id
JOIN invitations AS o ON o.workspace_id = b.workspace_id AND o.id = coalesce(i.about_id, i.id)`

// complained counts the invitations, among those of a condition on o, whose person
// called one of their letters spam since a time. Complaints are few, whatever is
// asked.
func (r reads) complained(ctx context.Context, ws surveys.WorkspaceID, since time.Time, of string, args ...any) (int64, error) {
	var n int64
	err := r.db.WithContext(ctx).Table(complaintsSQL).Where("b.workspace_id = ? AND b.class = ? AND b.created_at >= ?", string(ws), string(surveys.BounceComplaint), utc(since)).
		Where(of, args...).Select("count(DISTINCT o.id)").Scan(&n).Error
	return n, known("count complaints", err)
}

// RuleEventFilter says which of a rule's decisions are listed: those of some
// outcomes, or, where a step is named, of what became of the invitation.
type RuleEventFilter struct {
	RuleID   string
	Since    time.Time
	Outcomes []surveys.Outcome // empty: all
	Detail   string            // "": whatever the reason
	Fate     InvitationFate    // "": whatever became of it
	Offset   int
	Limit    int
}

// InvitationFate is what became of an invitation so far, as [surveys.Asked]
// counts it.
type InvitationFate string

// The fates of invitations.
const (
	FateHanded     InvitationFate = "handed"   // a mail server was given it
	FateAccepted   InvitationFate = "accepted" // and took it
	FateComplained InvitationFate = "complained"
	FateSent       InvitationFate = "sent"     // and it did not come back
	FateClicked    InvitationFate = "clicked"  // a person followed a link, or answered
	FateMachines   InvitationFate = "machines" // a machine followed a link
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
	return []InvitationFate{FateHanded, FateAccepted, FateComplained, FateSent, FateMachines, FateClicked, FateAnswered, FateWaiting, FateFailed, FateReturned, FateSuppressed, FateCancelled, FateExpired}
}

// condition is the fate as SQL over the invitation i, but for complaints.
func (f InvitationFate) condition() string {
	switch f {
	case FateHanded:
		return "(i.response_id IS NOT NULL OR i.state IN ('sent', 'bounced', 'failed'))"
	case FateAccepted:
		return "(i.response_id IS NOT NULL OR i.state IN ('sent', 'bounced'))"
	case FateSent:
		return "(i.response_id IS NOT NULL OR i.state = 'sent')"
	case FateAnswered:
		return "i.response_id IS NOT NULL"
	case FateClicked:
		return "(i.response_id IS NOT NULL OR i.clicked)"
	case FateMachines:
		return "i.machines"
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
	if f.Detail != "" {
		q = q.Where("d.detail = ?", f.Detail)
	}
	switch f.Fate {
	case "":
	case FateComplained:
		q = q.Where("i.id IN (SELECT o.id FROM "+complaintsSQL+" WHERE b.workspace_id = ? AND b.class = ? AND b.created_at >= ?)", string(ws), string(surveys.BounceComplaint), utc(f.Since))
	default:
		q = q.Where(f.Fate.condition())
	}
	return all(q.Order("d.created_at DESC, d.event_id DESC").Offset(f.Offset).Limit(f.Limit), "the rule's events", ruleEventRow.domain)
}
