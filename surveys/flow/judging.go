package flow

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/riverqueue/river"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// JudgeArgs is the job that judges who followed the links of letters.
type JudgeArgs struct{}

// Kind names the job.
func (JudgeArgs) Kind() string { return "judge_touches" }

// InsertOpts lets one such job wait or run at a time.
func (JudgeArgs) InsertOpts() river.InsertOpts { return oneAtATime(countingQueue) }

// judgedAtOnce is how many invitations are looked up at a time.
const judgedAtOnce = 500

// Judge looks at what was done with the links of letters since it last did: it
// sets answers aside that machines gave, counts those that have waited long
// enough, and notes whose links were followed by people and by machines. Two
// processes may run it at once, and twice is as once.
func Judge(ctx context.Context, s *store.Store) error {
	if err := s.FlushTouches(ctx); err != nil {
		return err
	}
	workspaces, err := s.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, w := range workspaces {
		if one := judgeWorkspace(ctx, s, w); one != nil { // the others are judged all the same
			err = errors.Join(err, fmt.Errorf("judge the touches of workspace %s: %w", w.ID, one))
		}
	}
	return err
}

func judgeWorkspace(ctx context.Context, s *store.Store, w surveys.Workspace) error {
	b := bench{store: s, w: w, surveys: make(map[string]surveys.Survey), habits: make(map[string][][]byte)}
	var failed error
	done, writing := make(map[string]bool), newSteps(s)
	for {
		list, err := s.ToJudge(ctx, w.ID, s.Now(), judgedAtOnce)
		if err != nil {
			return err
		}
		list = slices.DeleteFunc(list, func(id string) bool { return done[id] })
		if len(list) == 0 {
			return failed
		}
		slices.Sort(list) // the one order of all processes
		for _, id := range list {
			done[id] = true
		}
		if err := inSteps(ctx, writing, list, func(tx *store.Tx, part []string) error { return b.judge(ctx, tx, part) }); err != nil {
			failed = errors.Join(failed, b.alone(ctx, list))
		}
	}
}

// bench is where a workspace's invitations are judged, with what many of them
// share.
type bench struct {
	store   *store.Store
	w       surveys.Workspace
	surveys map[string]surveys.Survey
	habits  map[string][][]byte // clients that touch all letters to a domain, by its key
}

func (b bench) judge(ctx context.Context, tx *store.Tx, ids []string) error {
	for _, id := range ids {
		if err := b.judgeOne(ctx, tx, id); err != nil {
			return fmt.Errorf("invitation %s: %w", id, err)
		}
	}
	return nil
}

// alone judges each of some invitations by itself, so that one that cannot be
// judged stops no other.
func (b bench) alone(ctx context.Context, ids []string) (failed error) {
	for _, id := range ids {
		if err := b.store.InTx(ctx, func(tx *store.Tx) error { return b.judge(ctx, tx, []string{id}) }); err != nil {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// survey and habit look up what invitations share, once.
func (b bench) survey(ctx context.Context, tx *store.Tx, id string) (surveys.Survey, error) {
	if known, ok := b.surveys[id]; ok {
		return known, nil
	}
	survey, err := tx.Survey(ctx, b.w.ID, id)
	if err == nil {
		b.surveys[id] = survey
	}
	return survey, err
}

func (b bench) habit(ctx context.Context, tx *store.Tx, email string) ([][]byte, error) {
	key := surveys.ReceiverKey(b.w.Secret, email)
	if known, ok := b.habits[string(key)]; ok {
		return known, nil
	}
	habit, err := tx.ReceiverHabit(ctx, b.w.ID, key, tx.Now().Add(-surveys.HabitMemory))
	if err != nil {
		return nil, err
	}
	b.habits[string(key)] = habit.Clients()
	return b.habits[string(key)], nil
}

// judgement is the judging of one invitation.
type judgement struct {
	tx       *store.Tx
	w        surveys.Workspace
	survey   surveys.Survey
	asked    surveys.Invitation
	evidence surveys.Evidence
	waiting  []surveys.HeldAnswer // and those that were set aside
	moves    []surveys.LoggedMove // of its answers so far
	now      time.Time
}

func (b bench) judgeOne(ctx context.Context, tx *store.Tx, id string) error {
	j := judgement{tx: tx, w: b.w, now: tx.Now()}
	var err error
	j.asked, err = tx.LockInvitation(ctx, b.w.ID, id)
	if surveys.KindOf(err) == surveys.NotFound { // its person was erased
		return tx.SettleTouches(ctx, b.w.ID, id, 0)
	}
	if err != nil {
		return err
	}
	if j.survey, err = b.survey(ctx, tx, j.asked.SurveyID); err != nil {
		return err
	}
	if j.evidence, err = gather(ctx, tx, j.survey, j.asked); err != nil {
		return err
	}
	if j.evidence.Habitual, err = b.habit(ctx, tx, j.asked.Email); err != nil {
		return err
	}
	if j.waiting, err = tx.HeldAnswers(ctx, b.w.ID, id); err != nil {
		return err
	}
	// Visitors first: an answer is counted from the invitation's row as it is when
	// the transaction ends.
	if err := j.visitors(ctx); err != nil {
		return err
	}
	if err := j.answers(ctx); err != nil {
		return err
	}
	return tx.SettleTouches(ctx, b.w.ID, id, j.survey.Quarantine)
}

// answers judges what was answered, if anything was.
func (j *judgement) answers(ctx context.Context) error {
	if j.asked.ResponseID == "" && len(j.waiting) == 0 {
		return nil
	}
	var err error
	if j.moves, err = j.tx.AnswerMoves(ctx, j.w.ID, j.asked.ID); err != nil {
		return err
	}
	if err := j.counted(ctx); err != nil {
		return err
	}
	return j.held(ctx)
}

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

// held looks at the answers that wait.
func (j *judgement) held(ctx context.Context) error {
	for _, h := range j.waiting {
		if h.State != surveys.HeldWaiting || j.decidedByHand(h.Response.ID) {
			continue
		}
		if err := j.heldOne(ctx, h); err != nil {
			return err
		}
	}
	return nil
}

func (j *judgement) heldOne(ctx context.Context, h surveys.HeldAnswer) error {
	kind := surveys.TouchSent
	if h.Source == surveys.HeldSeen {
		kind = surveys.TouchSeen
	}
	signals := j.evidence.With(surveys.Touch{Kind: kind, Client: h.Client, At: h.UpdatedAt}).Signals(h.Client, h.UpdatedAt)
	switch j.survey.Judge(false, signals, j.now.Sub(h.UpdatedAt)) {
	case surveys.SetAside:
		h.State, h.Signals, h.DueAt = surveys.HeldAside, signals, nil
		if err := j.tx.Hold(ctx, h); err != nil {
			return err
		}
		m := moved(h.Response, surveys.MoveSetAside, j.now)
		m.Signals, m.Client = signals, h.Client
		return j.tx.LogMove(ctx, j.w.ID, m)
	case surveys.Count:
		return j.count(ctx, h)
	}
	return j.goOnWaiting(ctx, h)
}

// goOnWaiting keeps an answer for as long as the survey has it wait by now: one that
// has become strict until somebody decides.
func (j *judgement) goOnWaiting(ctx context.Context, h surveys.HeldAnswer) error {
	if h.DueAt == nil || h.DueAt.After(j.now) {
		return nil
	}
	due := h.UpdatedAt.Add(j.survey.Quarantine)
	if h.DueAt = &due; j.survey.Machines == surveys.Strict {
		h.DueAt = nil
	}
	return j.tx.Hold(ctx, h)
}

// count counts an answer that has waited. What was sent changes what is older, and what
// was only seen what was not sent either: of two clicks in a mail the later one stands.
func (j *judgement) count(ctx context.Context, h surveys.HeldAnswer) error {
	if j.asked.ResponseID != "" {
		counted, err := j.tx.Response(ctx, j.w.ID, j.asked.ResponseID)
		if ignoreNotFound(err) != nil {
			return err
		}
		older := counted.UpdatedAt.After(h.UpdatedAt)
		if h.Source == surveys.HeldSeen {
			older = j.decidedByHand(counted.ID) || slices.ContainsFunc(j.makers(), func(m maker) bool { return m.confirmed })
		}
		if err != nil || older {
			return dropWaiting(ctx, j.tx, []surveys.HeldAnswer{h})
		}
	}
	receipt, err := countHeld(ctx, j.tx, h, "")
	if err == nil {
		j.asked.ResponseID = receipt.ResponseID
	}
	return err
}

// countHeld counts a held answer, as if it came in now; user is who wants it, ""
// for Hark itself.
func countHeld(ctx context.Context, tx *store.Tx, h surveys.HeldAnswer, user string) (store.Receipt, error) {
	ws := h.Response.WorkspaceID
	invitation, err := tx.LockInvitation(ctx, ws, h.Response.InvitationID)
	if err != nil {
		return store.Receipt{}, err
	}
	if err := tx.DropHeld(ctx, ws, h.ID); err != nil {
		return store.Receipt{}, err
	}
	var before *surveys.Response
	if invitation.ResponseID != "" {
		earlier, err := tx.Response(ctx, ws, invitation.ResponseID)
		if err != nil {
			return store.Receipt{}, err
		}
		before = &earlier
	}
	h.Response.UpdatedAt = tx.Now()
	receipt, err := tx.Take(ctx, store.Submission{Response: h.Response})
	if err != nil {
		return receipt, err
	}
	m := moved(h.Response, surveys.MoveCounted, tx.Now())
	m.AnswerID, m.Client, m.Signals, m.Before, m.ByUser = receipt.ResponseID, h.Client, h.Signals, before, user
	return receipt, tx.LogMove(ctx, ws, m)
}

// visitors notes who followed the links, once no later touch can change it.
func (j *judgement) visitors(ctx context.Context) error {
	person, machine := j.evidence.Visitors(j.now.Add(-j.survey.Quarantine))
	if j.asked.Clicked == (person || j.asked.Clicked) && j.asked.Machines == (machine || j.asked.Machines) {
		return nil
	}
	return j.tx.NoteVisitors(ctx, j.w.ID, j.asked.ID, person, machine)
}
