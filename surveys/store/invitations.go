package store

import (
	"cmp"
	"context"
	"database/sql"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/harkhq/hark/surveys"
)

type invitationRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"`
	SurveyID    string
	RuleID      string
	EventID     string
	PersonID    string
	Email       string
	State       string
	SendAt      time.Time
	DueAt       *time.Time // see dueAt
	LeaseUntil  *time.Time
	Attempts    int
	Problem     string
	SentAt      *time.Time
	AnsweredAt  *time.Time
	ResponseID  *string
	ExpiresAt   time.Time
	CreatedAt   time.Time `gorm:"autoCreateTime:false"`

	// What it is counted under, see asked.go; day 0 is not counted yet, and -1 never.
	Segments map[string]string `gorm:"serializer:json"`
	Day      int

	// Which letter of an ask it is, see [surveys.Invitation].
	Letter  string
	Number  int
	AboutID *string

	WantsThanks bool // answered, it is to be thanked for

	// Who followed its links, see [Tx.NoteVisitors].
	Clicked, Machines bool
}

func (invitationRow) TableName() string { return "invitations" }

func (r invitationRow) domain() surveys.Invitation {
	return surveys.Invitation{
		WorkspaceID: surveys.WorkspaceID(r.WorkspaceID), ID: r.ID, SurveyID: r.SurveyID, RuleID: r.RuleID, EventID: r.EventID,
		PersonID: r.PersonID, Email: r.Email, State: surveys.InvitationState(r.State), SendAt: r.SendAt.UTC(), LeaseUntil: utcPtr(r.LeaseUntil),
		Attempts: r.Attempts, Problem: r.Problem, SentAt: utcPtr(r.SentAt), AnsweredAt: utcPtr(r.AnsweredAt), ResponseID: idText(r.ResponseID),
		ExpiresAt: r.ExpiresAt.UTC(), CreatedAt: r.CreatedAt.UTC(), Letter: surveys.LetterKind(r.Letter), Number: r.Number, AboutID: idText(r.AboutID),
		WantsThanks: r.WantsThanks, Clicked: r.Clicked, Machines: r.Machines,
	}
}

// uncounted is the day of what is never counted as an invitation: reminders and
// thank-yous.
const uncounted = -1

func invitationRowOf(i surveys.Invitation) invitationRow {
	day := 0
	if i.AboutID != "" {
		day = uncounted
	}
	return invitationRow{
		Letter: string(cmp.Or(i.Letter, surveys.LetterInvitation)), Number: i.Number, AboutID: idPtr(i.AboutID), Day: day,
		WantsThanks: i.WantsThanks, Clicked: i.Clicked, Machines: i.Machines,
		WorkspaceID: string(i.WorkspaceID), ID: i.ID, SurveyID: i.SurveyID, RuleID: i.RuleID, EventID: i.EventID,
		PersonID: i.PersonID, Email: i.Email, State: string(i.State), SendAt: utc(i.SendAt), DueAt: dueAt(i), LeaseUntil: utcPtr(i.LeaseUntil),
		Attempts: i.Attempts, Problem: i.Problem, SentAt: utcPtr(i.SentAt), AnsweredAt: utcPtr(i.AnsweredAt), ResponseID: idPtr(i.ResponseID),
		ExpiresAt: utc(i.ExpiresAt), CreatedAt: utc(i.CreatedAt), Segments: map[string]string{},
	}
}

// Invitation returns an invitation.
func (r reads) Invitation(ctx context.Context, ws surveys.WorkspaceID, id string) (surveys.Invitation, error) {
	return one(r.of(ctx, ws).Where("id = ?", id), "the invitation", invitationRow.domain)
}

// PersonInvitations lists a person's invitations, the latest first.
func (r reads) PersonInvitations(ctx context.Context, ws surveys.WorkspaceID, personID string, limit int) ([]surveys.Invitation, error) {
	return all(r.of(ctx, ws).Where("person_id = ?", personID).Order("send_at DESC, id DESC").Limit(limit), "invitations", invitationRow.domain)
}

// LastSent is what left last of an invitation and its reminders.
func (r reads) LastSent(ctx context.Context, ws surveys.WorkspaceID, invitationID string) (surveys.Invitation, error) {
	return one(r.of(ctx, ws).Where("(id = ? OR about_id = ?) AND letter <> ? AND sent_at IS NOT NULL", invitationID, invitationID, string(surveys.LetterThanks)).
		Order("sent_at DESC, id DESC").Limit(1), "the letter that left last", invitationRow.domain)
}

// CreateInvitation schedules an invitation.
func (tx *Tx) CreateInvitation(ctx context.Context, i surveys.Invitation) error {
	row := invitationRowOf(i)
	return tx.create(ctx, "the invitation", &row)
}

// The queue is the index invitations_due: what waits and what is on its way, by when
// it is due. Neither the state nor the lease is in an index, so that a letter that is
// claimed and begins writes to none.

// endOfTime is when letters of unknown fate are due, which stand at the queue's end.
func endOfTime() *time.Time {
	end := time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC)
	return &end
}

// dueAt is where an invitation stands in the queue; nil for nowhere.
func dueAt(i surveys.Invitation) *time.Time {
	switch i.State {
	case surveys.InvitationScheduled, surveys.InvitationClaimed, surveys.InvitationSending:
		return utcPtr(&i.SendAt)
	case surveys.InvitationUnknown:
		return endOfTime()
	}
	return nil
}

// waits selects from the queue what has not begun to leave. It repeats the
// condition of the index, since SQLite takes a partial one only then.
const waits = "due_at IS NOT NULL AND state IN ('scheduled', 'claimed')"

// due selects what may be claimed. What an older server of the same database has
// scheduled stands in front of the queue, whenever its time comes.
func (r reads) due(ctx context.Context, ws surveys.WorkspaceID, now time.Time) *gorm.DB {
	return r.of(ctx, ws).Where("due_at <= ? AND send_at <= ?", utc(now), utc(now)).
		Where("state = 'scheduled' OR (state = 'claimed' AND lease_until < ?)", utc(now)).Order("due_at")
}

// unknown selects letters of unknown fate.
func (r reads) unknown(ctx context.Context, ws surveys.WorkspaceID) *gorm.DB {
	return r.of(ctx, ws).Where("due_at >= ? AND state = 'unknown'", endOfTime())
}

// ClaimDue takes up to limit invitations whose time has come, or whose
// dispatcher died before it committed any bytes, for the lease. Two
// dispatchers never get the same one.
func (tx *Tx) ClaimDue(ctx context.Context, ws surveys.WorkspaceID, now time.Time, lease time.Duration, limit int) ([]surveys.Invitation, error) {
	claimed, err := tx.claim(ctx, tx.due(ctx, ws, now).Limit(limit), surveys.InvitationClaimed, now.Add(lease))
	return claimed, known("claim due invitations", err)
}

// Abandoned reports whether there is anything for [Tx.ClaimAbandoned].
func (r reads) Abandoned(ctx context.Context, ws surveys.WorkspaceID, now time.Time) (bool, error) {
	var found []string
	err := r.abandoned(ctx, ws, now).Model(&invitationRow{}).Limit(1).Pluck("id", &found).Error
	return len(found) > 0, known("look for abandoned invitations", err)
}

// abandoned selects letters whose lease is over. All that may have left have their
// bytes kept, and few others.
func (r reads) abandoned(ctx context.Context, ws surveys.WorkspaceID, now time.Time) *gorm.DB {
	return r.of(ctx, ws).Where("id IN (?)", r.of(ctx, ws).Model(&outboxRow{}).Select("invitation_id")).
		Where("state = 'sending' AND lease_until < ?", utc(now))
}

// ClaimAbandoned takes invitations whose dispatcher died after it had
// committed their bytes: the mail may or may not have left. They come back as
// unknown. Those that the caller knows to be on their way are left alone, whatever
// the clock says.
func (tx *Tx) ClaimAbandoned(ctx context.Context, ws surveys.WorkspaceID, now time.Time, limit int, onTheirWay ...string) ([]surveys.Invitation, error) {
	q := tx.abandoned(ctx, ws, now).Order("lease_until").Limit(limit)
	if len(onTheirWay) > 0 {
		q = q.Where("NOT (id ?)", tx.among(onTheirWay))
	}
	claimed, err := tx.claim(ctx, q, surveys.InvitationUnknown, now)
	return claimed, known("claim abandoned invitations", err)
}

// maxUnknownTries ends an invitation that comes back of unknown fate again and
// again, such as one that kills its dispatcher each time.
const maxUnknownTries = 9

// ClaimUnknown takes invitations of unknown fate to be sent once more, with
// the same bytes, when since has passed from their last lease and nobody
// answered them. One without a lease is not to be sent again.
func (tx *Tx) ClaimUnknown(ctx context.Context, ws surveys.WorkspaceID, now time.Time, lease, since time.Duration) ([]surveys.Invitation, error) {
	q := tx.unknown(ctx, ws).Where("attempts < ? AND answered_at IS NULL AND lease_until < ?", maxUnknownTries, utc(now.Add(-since))).Order("lease_until").Limit(100)
	claimed, err := tx.claim(ctx, q, surveys.InvitationSending, now.Add(lease))
	return claimed, known("claim invitations of unknown fate", err)
}

// claimedColumns are what a dispatcher must know of an invitation, in the order of
// scanClaimed.
const claimedColumns = "workspace_id, id, survey_id, rule_id, event_id, person_id, email, state, send_at, lease_until, attempts, problem, sent_at, " +
	"answered_at, response_id, expires_at, created_at, letter, number, about_id, wants_thanks"

func (r *invitationRow) scanClaimed(rows *sql.Rows) error {
	return rows.Scan(&r.WorkspaceID, &r.ID, &r.SurveyID, &r.RuleID, &r.EventID, &r.PersonID, &r.Email, &r.State, &r.SendAt, &r.LeaseUntil, &r.Attempts, &r.Problem, &r.SentAt,
		&r.AnsweredAt, &r.ResponseID, &r.ExpiresAt, &r.CreatedAt, &r.Letter, &r.Number, &r.AboutID, &r.WantsThanks)
}

func (tx *Tx) claim(ctx context.Context, q *gorm.DB, to surveys.InvitationState, leaseUntil time.Time) ([]surveys.Invitation, error) {
	if tx.dialect == Postgres {
		q = q.Clauses(clause.Locking{Strength: "UPDATE", Options: "SKIP LOCKED"})
	}
	var list []surveys.Invitation
	err := each(q.Model(&invitationRow{}).Select(claimedColumns), func(rows *sql.Rows) error {
		var row invitationRow
		err := row.scanClaimed(rows)
		list = append(list, row.domain())
		return err
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	ids := make([]string, len(list))
	until := utc(leaseUntil)
	for i := range list {
		ids[i], list[i].State, list[i].LeaseUntil = list[i].ID, to, &until
	}
	due := clause.Expr{SQL: "send_at"}
	if to == surveys.InvitationUnknown {
		due = clause.Expr{SQL: "?", Vars: []any{endOfTime()}}
	}
	return list, tx.db.WithContext(ctx).Exec("UPDATE invitations SET state = ?, lease_until = ?, due_at = ? WHERE workspace_id = ? AND id ?",
		string(to), until, due, string(list[0].WorkspaceID), tx.among(ids)).Error
}

// MoveInvitation stores an invitation's new state with its lease, attempts,
// problem and times, if its state is still from: Conflict when another process
// moved it.
func (tx *Tx) MoveInvitation(ctx context.Context, i surveys.Invitation, from surveys.InvitationState) error {
	if !from.CanMove(i.State) {
		return &surveys.Error{Kind: surveys.Conflict, Code: "invitation_move"}
	}
	row := invitationRowOf(i)
	result := tx.of(ctx, i.WorkspaceID).Model(&invitationRow{}).Where("id = ? AND state = ?", i.ID, string(from)).
		Select("state", "send_at", "due_at", "lease_until", "attempts", "problem", "sent_at", "expires_at").Updates(&row)
	if result.Error == nil && result.RowsAffected == 0 {
		return &surveys.Error{Kind: surveys.Conflict, Code: "invitation_move"}
	}
	if result.Error != nil {
		return known("move the invitation", result.Error)
	}
	return tx.countMove(ctx, i, from)
}

// SuppressInvitations withdraws what is still to be sent to an address, up to
// the moment at which a dispatcher begins to send it.
func (tx *Tx) SuppressInvitations(ctx context.Context, ws surveys.WorkspaceID, email string) error {
	return tx.suppress(ctx, ws, tx.locked(ctx, ws).Where("state IN ('scheduled', 'claimed') AND email = ?", surveys.NormalEmail(email)))
}

// SuppressSurvey withdraws what is still to be sent of a survey to an address.
func (tx *Tx) SuppressSurvey(ctx context.Context, ws surveys.WorkspaceID, email, surveyID string) error {
	return tx.suppress(ctx, ws, tx.locked(ctx, ws).Where("state IN ('scheduled', 'claimed') AND email = ? AND survey_id = ?", surveys.NormalEmail(email), surveyID))
}

func (tx *Tx) suppress(ctx context.Context, ws surveys.WorkspaceID, unsent *gorm.DB) error {
	var rows []invitationRow
	// By the text of the ids, which is the same order: by themselves, SQLite would go
	// through all invitations for it.
	if err := unsent.Order("CAST(id AS text)").Find(&rows).Error; err != nil || len(rows) == 0 {
		return known("find invitations to withdraw", err)
	}
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
		tx.asked.add(row, -1)
		row.State = string(surveys.InvitationSuppressed)
		tx.asked.add(row, 1)
	}
	return known("withdraw invitations", tx.of(ctx, ws).Model(&invitationRow{}).Where("id IN ?", ids).
		Updates(map[string]any{"state": string(surveys.InvitationSuppressed), "due_at": nil}).Error)
}

// InvitationCounts counts the workspace's invitations of a survey by state;
// survey "" is all of them.
func (r reads) InvitationCounts(ctx context.Context, ws surveys.WorkspaceID, surveyID string) (map[surveys.InvitationState]int64, error) {
	var rows []struct {
		State string
		N     int64
	}
	q := r.of(ctx, ws).Model(&invitationRow{}).Where("about_id IS NULL").Select("state, count(*) AS n").Group("state")
	if surveyID != "" {
		q = q.Where("survey_id = ?", surveyID)
	}
	if err := q.Find(&rows).Error; err != nil {
		return nil, known("count invitations", err)
	}
	counts := make(map[surveys.InvitationState]int64, len(rows))
	for _, row := range rows {
		counts[surveys.InvitationState(row.State)] = row.N
	}
	return counts, nil
}
