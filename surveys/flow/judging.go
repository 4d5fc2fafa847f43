package flow

import (
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

// visitors notes who followed the links, once no later touch can change it.
func (j *judgement) visitors(ctx context.Context) error {
	person, machine := j.evidence.Visitors(j.now.Add(-j.survey.Quarantine))
	if j.asked.Clicked == (person || j.asked.Clicked) && j.asked.Machines == (machine || j.asked.Machines) {
		return nil
	}
	return j.tx.NoteVisitors(ctx, j.w.ID, j.asked.ID, person, machine)
}
