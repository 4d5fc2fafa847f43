package store_test

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// touch is a visit to a link of the world's letter.
func (a world) touch() surveys.Touch {
	score := 9
	return surveys.Touch{
		WorkspaceID: a.w.ID, InvitationID: a.invitation.ID, At: a.w.CreatedAt, Kind: surveys.TouchScore, Score: &score, Method: "GET",
		Agent: surveys.AgentBrowser, Client: []byte("client"), Receiver: []byte("receiver"), Delay: time.Second,
	}
}

// held is an answer that waits. Its id is the answer's own.
func (a world) held() surveys.HeldAnswer {
	r := a.answer
	r.InvitationID = a.invitation.ID
	return surveys.HeldAnswer{
		ID: a.answer.ID, Response: r, Client: []byte("client"), State: surveys.HeldWaiting, Source: surveys.HeldSent,
		Signals: []surveys.Signal{surveys.SignalHead}, DueAt: &a.w.CreatedAt, CreatedAt: a.w.CreatedAt, UpdatedAt: a.w.CreatedAt,
	}
}

// move is a line of the log about it.
func (a world) move() surveys.LoggedMove {
	return surveys.LoggedMove{
		SurveyID: a.survey.ID, InvitationID: a.invitation.ID, AnswerID: a.answer.ID, Move: surveys.MoveHeld, Client: []byte("client"), ByUser: a.user.ID, At: a.w.CreatedAt,
	}
}

// machineAttempts are the attempts on touches and on answers that are held.
func machineAttempts() map[string]attempt {
	type (
		c  = context.Context
		tx = store.Tx
		w  = surveys.Workspace
	)
	never := time.Date(2090, 1, 1, 0, 0, 0, 0, time.UTC)
	return map[string]attempt{
		"RefuseSite": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.RefuseSite(c, b.ID, a.survey.ID, "https://shop.example"))
		},
		"RefusedSites": func(c c, x *tx, b w, a world) (any, error) { return x.RefusedSites(c, b.ID, a.survey.ID) },
		"Touches":      func(c c, x *tx, b w, a world) (any, error) { return x.Touches(c, b.ID, a.invitation.ID) },
		"Delivered":    func(c c, x *tx, b w, a world) (any, error) { return x.Delivered(c, b.ID, a.invitation.ID) },
		"ReceiverHabit": func(c c, x *tx, b w, a world) (any, error) {
			h, err := x.ReceiverHabit(c, b.ID, a.touch().Receiver, time.Time{})
			return h.Letters + len(h.Soon), err
		},
		"ToJudge": func(c c, x *tx, b w, _ world) (any, error) { return x.ToJudge(c, b.ID, never, 9) },
		"SettleTouches": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.SettleTouches(c, b.ID, a.invitation.ID, 0))
		},
		"NoteVisitors": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.NoteVisitors(c, b.ID, a.invitation.ID, true, true))
		},
		"PurgeTouches": func(c c, x *tx, b w, _ world) (any, error) { return nothing2(x.PurgeTouches(c, b.ID, never)) },
		"AnswerMoves":  func(c c, x *tx, b w, a world) (any, error) { return x.AnswerMoves(c, b.ID, a.invitation.ID) },
		"HeldAnswers":  func(c c, x *tx, b w, a world) (any, error) { return x.HeldAnswers(c, b.ID, a.invitation.ID) },
		"HeldAnswer":   func(c c, x *tx, b w, a world) (any, error) { return x.HeldAnswer(c, b.ID, a.held().ID) },
		"SurveyHeld": func(c c, x *tx, b w, a world) (any, error) {
			return x.SurveyHeld(c, b.ID, store.HeldFilter{SurveyID: a.survey.ID, Limit: 9})
		},
		"CountHeld": func(c c, x *tx, b w, a world) (any, error) {
			return x.CountHeld(c, b.ID, a.survey.ID, time.Time{}, never)
		},
		"Hold": func(c c, x *tx, b w, a world) (any, error) {
			h := a.held()
			h.Response.WorkspaceID, h.Response.SurveyID = b.ID, a.survey.ID
			return nothing(x.Hold(c, h))
		},
		"DropHeld": func(c c, x *tx, b w, a world) (any, error) { return nothing(x.DropHeld(c, b.ID, a.held().ID)) },
		"Uncount":  func(c c, x *tx, b w, a world) (any, error) { return x.Uncount(c, b.ID, a.invitation.ID) },
		"LogMove":  func(c c, x *tx, b w, a world) (any, error) { return nothing(x.LogMove(c, b.ID, a.move())) },
	}
}
