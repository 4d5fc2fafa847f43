package flow

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// counted looks at the answer that is counted: one that a machine gave is set
// aside, and what a person had said before stands again.
func (j *judgement) counted(ctx context.Context) error {
	if j.asked.ResponseID == "" || j.decidedByHand(j.asked.ResponseID) {
		return nil
	}
	makers := j.makers()
	if len(makers) == 0 {
		return nil
	}
	last := makers[len(makers)-1]
	signals := j.guilt(last)
	if len(signals) == 0 {
		return nil
	}
	if before := j.beforeMachines(makers); before != nil {
		return j.revert(ctx, *before, signals, last.client)
	}
	r, err := j.tx.Uncount(ctx, j.w.ID, j.asked.ID)
	if surveys.KindOf(err) == surveys.NotFound {
		return nil // the answer was erased; its mark stays
	}
	if err != nil {
		return err
	}
	j.asked.ResponseID = ""
	return j.setAside(ctx, r, signals, last.client)
}

// decidedByHand reports whether somebody decided about an answer.
func (j *judgement) decidedByHand(answerID string) bool {
	return slices.ContainsFunc(j.moves, func(m surveys.LoggedMove) bool { return m.ByUser != "" && m.AnswerID == answerID })
}

// maker is who gave an answer that was counted, and when.
type maker struct {
	client    []byte
	at        time.Time
	confirmed bool
}

// makers lists who gave answers that were counted, in their order, without those
// that were set aside since.
func (j *judgement) makers() []maker {
	var list []maker
	for _, t := range j.evidence.Touches {
		if t.Acted {
			list = append(list, maker{t.Client, t.At, true})
		}
	}
	for _, m := range j.moves {
		if m.Move == surveys.MoveCounted {
			list = append(list, maker{m.Client, m.At, false})
		}
	}
	slices.SortStableFunc(list, func(a, b maker) int { return a.at.Compare(b.at) })
	return slices.DeleteFunc(list, func(by maker) bool {
		return slices.ContainsFunc(j.moves, func(m surveys.LoggedMove) bool {
			taken := m.Move == surveys.MoveSetAside || m.Move == surveys.MoveReverted
			return taken && m.AnswerID == j.asked.ResponseID && bytes.Equal(m.Client, by.client) && !m.At.Before(by.at)
		})
	})
}

// guilt is what outweighs the way in which an answer was given.
func (j *judgement) guilt(by maker) []surveys.Signal {
	signals := j.evidence.Signals(by.client, by.at)
	if by.confirmed && !surveys.Strong(signals) {
		return nil
	}
	return signals
}

// beforeMachines is the last answer that a person gave, before machines changed
// it; nil when there is none.
func (j *judgement) beforeMachines(makers []maker) *surveys.Response {
	for k := len(makers) - 2; k >= 0; k-- {
		if len(j.guilt(makers[k])) == 0 {
			return j.laidOver(makers[k+1])
		}
	}
	return nil
}

// laidOver is what an answer was laid over; nil when that is not known.
func (j *judgement) laidOver(by maker) *surveys.Response {
	var found *surveys.Response
	nearest := time.Minute
	for _, m := range j.moves {
		if away := m.At.Sub(by.at).Abs(); m.Before != nil && bytes.Equal(m.Client, by.client) && away <= nearest {
			found, nearest = m.Before, away
		}
	}
	return found
}

// revert lays an earlier answer over a machine's, which is kept aside.
func (j *judgement) revert(ctx context.Context, before surveys.Response, signals []surveys.Signal, client []byte) error {
	machines, err := j.tx.Response(ctx, j.w.ID, j.asked.ResponseID)
	if err != nil {
		return ignoreNotFound(err)
	}
	before.UpdatedAt = j.now
	if _, err := j.tx.Take(ctx, store.Submission{Response: before}); err != nil {
		return err
	}
	m := moved(machines, surveys.MoveReverted, j.now)
	m.Signals, m.Client, m.Before = signals, client, &machines
	if err := j.tx.LogMove(ctx, j.w.ID, m); err != nil {
		return err
	}
	if machines.ID, err = j.tx.NewID(); err != nil {
		return err
	}
	return j.setAside(ctx, machines, signals, client)
}

// setAside keeps an answer that was counted.
func (j *judgement) setAside(ctx context.Context, r surveys.Response, signals []surveys.Signal, client []byte) error {
	id, err := j.tx.NewID()
	if err != nil {
		return err
	}
	h := surveys.HeldAnswer{ID: id, Response: r, Client: client, State: surveys.HeldAside, Source: surveys.HeldCounted, Signals: signals, CreatedAt: r.AnsweredAt, UpdatedAt: j.now}
	if err := j.tx.Hold(ctx, h); err != nil {
		return err
	}
	m := moved(r, surveys.MoveSetAside, j.now)
	m.Signals, m.Client = signals, client
	return j.tx.LogMove(ctx, j.w.ID, m)
}
