package store

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/harkhq/hark/surveys"
)

// Moment is when an event of a person is decided about. What is looked up of
// the person's past, and of those who share the mailbox, is what was there before
// it, without what the event itself led to.
type Moment struct {
	PersonID string
	Event    surveys.Event
	At       time.Time
}

// The past is bounded, so that somebody with very many events, such as an
// account that a whole office shares, costs no more than others.
const (
	// PastDays is how far back earlier events are looked at.
	PastDays = 365
	// pastEvents is how many of a person's latest events are looked at, and
	// lateEvents how many first: most look for what happened lately.
	pastEvents, lateEvents = 1000, 30
	// pastAsks is how many of a person's latest invitations, and answers, are.
	pastAsks = 1000
)

// PastAsk is one time at which a person was asked, or answered.
type PastAsk struct {
	SurveyID  string
	Metric    surveys.Metric
	At        time.Time
	Score     int       // of an answer
	Invited   bool      // an answer to an invitation, which is counted as an ask of its own
	RuleID    string    // the rule that asked; "" for an answer without an invitation
	PlannedAt time.Time // when that rule decided to ask; zero for an answer without an invitation
}

// PastAsks lists the invitations of a person that left or wait, the latest
// first; those of one survey when surveyID is not "".
func (r reads) PastAsks(ctx context.Context, ws surveys.WorkspaceID, m Moment, surveyID string) ([]PastAsk, error) {
	return r.past(ctx, ws, m, surveyID, `SELECT i.survey_id, s.metric, i.send_at AS at, i.rule_id, i.created_at AS planned_at FROM invitations AS i
JOIN surveys AS s ON s.workspace_id = i.workspace_id AND s.id = i.survey_id
WHERE i.workspace_id = @ws AND `+r.toMailbox()+` AND i.letter = 'invitation' AND i.event_id <> @event AND i.created_at <= @at
  AND i.state NOT IN ('cancelled', 'suppressed', 'failed', 'expired', 'bounced') AND (@all OR i.survey_id = @survey)
ORDER BY i.send_at DESC, i.id DESC LIMIT @most`)
}

// PastAnswers lists the answers of a person, the latest first; those of one
// survey when surveyID is not "".
func (r reads) PastAnswers(ctx context.Context, ws surveys.WorkspaceID, m Moment, surveyID string) ([]PastAsk, error) {
	return r.past(ctx, ws, m, surveyID, `SELECT r.survey_id, s.metric, r.answered_at AS at, r.score, r.invitation_id IS NOT NULL AS invited, i.rule_id, i.created_at AS planned_at FROM responses AS r
JOIN surveys AS s ON s.workspace_id = r.workspace_id AND s.id = r.survey_id
LEFT JOIN invitations AS i ON i.workspace_id = r.workspace_id AND i.id = r.invitation_id
WHERE r.workspace_id = @ws AND r.person_id @people AND r.answered_at <= @at AND (@all OR r.survey_id = @survey)
ORDER BY r.answered_at DESC, r.id DESC LIMIT @most`)
}

func (r reads) past(ctx context.Context, ws surveys.WorkspaceID, m Moment, surveyID, query string) ([]PastAsk, error) {
	box, err := r.mailbox(ctx, ws, m.PersonID)
	if err != nil {
		return nil, err
	}
	args := map[string]any{
		"ws": string(ws), "people": r.among(box.people()), "addresses": r.amongTexts(box.addresses()), "event": m.Event.ID, "at": utc(m.At), "survey": surveyID, "all": surveyID == "", "most": pastAsks,
	}
	if surveyID == "" {
		args["survey"] = m.PersonID // an id that PostgreSQL can read, of nothing
	}
	var list []PastAsk
	err = r.db.WithContext(ctx).Raw(query, args).Scan(&list).Error
	for i := range list {
		list[i].At, list[i].PlannedAt = list[i].At.UTC(), list[i].PlannedAt.UTC()
	}
	return list, known("list earlier invitations and answers", err)
}

// latestEvents are the latest events of some people before a moment's own.
func (r reads) latestEvents(ctx context.Context, ws surveys.WorkspaceID, m Moment, people []string, most int) *gorm.DB {
	at := utc(m.Event.OccurredAt)
	return r.of(ctx, ws).Model(&eventRow{}).Select("id", "type", "occurred_at").
		Where("person_id ? AND occurred_at >= ? AND (occurred_at < ? OR occurred_at = ? AND id < ?)", r.among(people), at.AddDate(0, 0, -PastDays), at, at, m.Event.ID).
		Order("occurred_at DESC").Limit(most)
}

// LatestEvent is a person's latest event of a type before a moment's own;
// NotFound when there is none in [PastDays].
func (r reads) LatestEvent(ctx context.Context, ws surveys.WorkspaceID, m Moment, eventType string) (e surveys.Event, err error) {
	box, err := r.mailbox(ctx, ws, m.PersonID)
	if err != nil {
		return e, err
	}
	for _, most := range []int{lateEvents, pastEvents} {
		latest := r.db.WithContext(ctx).Table("(?) AS latest", r.latestEvents(ctx, ws, m, box.people(), most)).Select("id").
			Where("type = ?", eventType).Order("occurred_at DESC, id DESC").Limit(1)
		e, err = one(r.of(ctx, ws).Where("id = (?)", latest), "the latest event", eventRow.domain)
		if surveys.KindOf(err) != surveys.NotFound {
			break
		}
	}
	return e, err
}

// CountEvents counts a person's events by type before a moment's own, in
// [PastDays]; types without one are missing.
func (r reads) CountEvents(ctx context.Context, ws surveys.WorkspaceID, m Moment, types []string) (map[string]int, error) {
	box, err := r.mailbox(ctx, ws, m.PersonID)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Type string
		N    int
	}
	err = r.db.WithContext(ctx).Table("(?) AS latest", r.latestEvents(ctx, ws, m, box.people(), pastEvents)).Select("type, count(*) AS n").
		Where("type IN ?", types).Group("type").Scan(&rows).Error
	counts := make(map[string]int, len(rows))
	for _, row := range rows {
		counts[row.Type] = row.N
	}
	return counts, known("count earlier events", err)
}

// PastCancellation returns the cancellation that a moment's event ended, or else the latest
// of the person's that had begun, of as far back as an end may belong to it. NotFound when
// there is none.
func (r reads) PastCancellation(ctx context.Context, ws surveys.WorkspaceID, m Moment) (surveys.Cancellation, error) {
	q := r.of(ctx, ws).Where("person_id = ? AND started_at >= ? AND started_at <= ?", m.PersonID, utc(m.At.Add(-surveys.CancelMemory)), utc(m.At.Add(surveys.EventLead)))
	ended := clause.OrderBy{Expression: clause.Expr{SQL: "CASE WHEN lost_at = ? THEN 0 ELSE 1 END, started_at DESC, id DESC", Vars: []any{utc(m.Event.OccurredAt)}}}
	return one(q.Order(ended), "the cancellation", cancellationRow.domain)
}
