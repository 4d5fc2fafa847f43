package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/harkhq/hark/surveys"
)

// heldRow is an answer that is not counted. The answer is a document: it is never
// looked into before it counts, and then it is written as all answers are.
type heldRow struct {
	WorkspaceID  string `gorm:"primaryKey"`
	ID           string `gorm:"primaryKey"`
	SurveyID     string
	InvitationID string
	Client       []byte
	State        string
	Source       string
	Signals      []surveys.Signal `gorm:"serializer:json"`
	Answer       surveys.Response `gorm:"serializer:json"`
	DueAt        *time.Time
	CreatedAt    time.Time `gorm:"autoCreateTime:false"`
	UpdatedAt    time.Time `gorm:"autoUpdateTime:false"`
}

func (heldRow) TableName() string { return "held_answers" }

func (r heldRow) domain() surveys.HeldAnswer {
	return surveys.HeldAnswer{
		ID: r.ID, Response: r.Answer, Client: r.Client, State: surveys.HeldState(r.State), Source: surveys.HeldSource(r.Source), Signals: orNone(r.Signals),
		DueAt: utcPtr(r.DueAt), CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(),
	}
}

func heldRowOf(h surveys.HeldAnswer) heldRow {
	return heldRow{
		WorkspaceID: string(h.Response.WorkspaceID), ID: h.ID, SurveyID: h.Response.SurveyID, InvitationID: h.Response.InvitationID, Client: notNil(h.Client),
		State: string(h.State), Source: string(h.Source), Signals: append([]surveys.Signal{}, h.Signals...), Answer: h.Response,
		DueAt: utcPtr(h.DueAt), CreatedAt: utc(h.CreatedAt), UpdatedAt: utc(h.UpdatedAt),
	}
}

// moveRow is a line of the log of moves.
type moveRow struct {
	WorkspaceID  string `gorm:"primaryKey"`
	ID           string `gorm:"primaryKey"`
	SurveyID     string
	InvitationID string
	AnswerID     string
	Move         string
	Signals      []surveys.Signal `gorm:"serializer:json"`
	Client       []byte
	Before       *string
	ByUser       *string
	At           time.Time
}

func (moveRow) TableName() string { return "answer_moves" }

func (r moveRow) domain() surveys.LoggedMove {
	m := surveys.LoggedMove{
		SurveyID: r.SurveyID, InvitationID: r.InvitationID, AnswerID: r.AnswerID, Move: surveys.AnswerMove(r.Move), Signals: orNone(r.Signals), Client: r.Client,
		ByUser: idText(r.ByUser), At: r.At.UTC(),
	}
	if r.Before != nil {
		before := new(surveys.Response)
		if json.Unmarshal([]byte(*r.Before), before) == nil { // a line that cannot be read is still a line
			m.Before = before
		}
	}
	return m
}

// LogMove appends a line to the log of answers' moves.
func (tx *Tx) LogMove(ctx context.Context, ws surveys.WorkspaceID, m surveys.LoggedMove) error {
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	row := moveRow{
		WorkspaceID: string(ws), ID: id, SurveyID: m.SurveyID, InvitationID: m.InvitationID, AnswerID: m.AnswerID, Move: string(m.Move),
		Signals: append([]surveys.Signal{}, m.Signals...), Client: notNil(m.Client), ByUser: idPtr(m.ByUser), At: utc(m.At),
	}
	if m.Before != nil {
		text, err := json.Marshal(m.Before)
		if err != nil {
			return fmt.Errorf("write what was there before: %w", err)
		}
		before := string(text)
		row.Before = &before
	}
	return tx.create(ctx, "the move of an answer", &row)
}

// AnswerMoves lists what was done with the answers to an invitation, the first
// first.
func (r reads) AnswerMoves(ctx context.Context, ws surveys.WorkspaceID, invitationID string) ([]surveys.LoggedMove, error) {
	return all(r.of(ctx, ws).Where("invitation_id = ?", invitationID).Order("at, id"), "moves of answers", moveRow.domain)
}

// HeldAnswers lists the held answers to an invitation, the first first.
func (r reads) HeldAnswers(ctx context.Context, ws surveys.WorkspaceID, invitationID string) ([]surveys.HeldAnswer, error) {
	return all(r.of(ctx, ws).Where("invitation_id = ?", invitationID).Order("created_at, id"), "held answers", heldRow.domain)
}

// HeldAnswer returns a held answer.
func (r reads) HeldAnswer(ctx context.Context, ws surveys.WorkspaceID, id string) (surveys.HeldAnswer, error) {
	return one(r.of(ctx, ws).Where("id = ?", id), "the held answer", heldRow.domain)
}

// HeldFilter says which held answers of a survey are listed.
type HeldFilter struct {
	SurveyID string
	State    surveys.HeldState // "": all
	Offset   int
	Limit    int
}

func (f HeldFilter) apply(q *gorm.DB) *gorm.DB {
	q = q.Where("survey_id = ?", f.SurveyID)
	if f.State != "" {
		q = q.Where("state = ?", string(f.State))
	}
	return q
}

// SurveyHeld lists held answers of a survey, the latest first.
func (r reads) SurveyHeld(ctx context.Context, ws surveys.WorkspaceID, f HeldFilter) ([]surveys.HeldAnswer, error) {
	return all(f.apply(r.of(ctx, ws)).Order("created_at DESC, id DESC").Offset(f.Offset).Limit(f.Limit), "held answers", heldRow.domain)
}

// CountHeld counts the held answers of a survey by their state, of those that
// came in from from to before to.
func (r reads) CountHeld(ctx context.Context, ws surveys.WorkspaceID, surveyID string, from, to time.Time) (map[surveys.HeldState]int64, error) {
	var rows []struct {
		State string
		N     int64
	}
	err := r.of(ctx, ws).Model(&heldRow{}).Select("state, count(*) AS n").Where("survey_id = ? AND created_at >= ? AND created_at < ?", surveyID, utc(from), utc(to)).
		Group("state").Find(&rows).Error
	counts := make(map[surveys.HeldState]int64)
	for _, row := range rows {
		counts[surveys.HeldState(row.State)] = row.N
	}
	return counts, known("count held answers", err)
}

// Hold stores an answer that is not counted, or what is new about one that is
// held already.
func (tx *Tx) Hold(ctx context.Context, h surveys.HeldAnswer) error {
	row := heldRowOf(h)
	result := tx.of(ctx, h.Response.WorkspaceID).Model(&heldRow{}).Where("id = ?", h.ID).
		Select("state", "source", "signals", "answer", "due_at", "updated_at").Updates(&row)
	if result.Error != nil {
		return known("change the held answer", result.Error)
	}
	if result.RowsAffected == 1 {
		return nil
	}
	return tx.create(ctx, "the held answer", &row)
}

// DropHeld forgets a held answer, once: the second caller gets NotFound.
func (tx *Tx) DropHeld(ctx context.Context, ws surveys.WorkspaceID, id string) error {
	return changed("the held answer", tx.of(ctx, ws).Where("id = ?", id).Delete(&heldRow{}))
}

// Uncount takes a counted answer to an invitation out of the answers, the
// rollups and the invitation's mark, and returns it. Its link asks again, and
// what follows an answer does not follow.
func (tx *Tx) Uncount(ctx context.Context, ws surveys.WorkspaceID, invitationID string) (surveys.Response, error) {
	var row invitationRow
	if err := tx.locked(ctx, ws).Where("id = ?", invitationID).Take(&row).Error; err != nil {
		return surveys.Response{}, known("find the answered invitation", err)
	}
	response, err := one(tx.locked(ctx, ws).Where("id = ?", idText(row.ResponseID)), "the answer", responseRow.domain)
	if err != nil {
		return response, err
	}
	if err := tx.EraseResponses(ctx, ws, []string{response.ID}); err != nil {
		return response, err
	}
	tx.asked.add(row, -1)
	row.ResponseID, row.AnsweredAt = nil, nil
	tx.asked.add(row, 1)
	return response, changed("the invitation", tx.of(ctx, ws).Model(&invitationRow{}).Where("id = ?", invitationID).
		Updates(map[string]any{"response_id": nil, "answered_at": nil}))
}
