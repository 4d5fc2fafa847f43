package flow

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// ReadArgs is the job that reads comments: those that are new or changed, and
// all of them after the themes or a survey's model changed.
type ReadArgs struct {
	Workspace surveys.WorkspaceID `json:"workspace"` // "" for all
	// Reader names what the comments shall be read with, so that a job for new
	// themes is not taken for one that still reads with the old ones, and dropped.
	Reader string `json:"reader,omitempty"`
}

// Kind names the job.
func (ReadArgs) Kind() string { return "read_comments" }

// InsertOpts lets one such job wait or run at a time: a second one would only
// read the same.
func (ReadArgs) InsertOpts() river.InsertOpts {
	o := oneAtATime(readingQueue)
	o.Priority = 2 // after training: to read with a model that is about to be replaced is to read twice
	return o
}

// The queues of work that takes long, and of which a process does one thing at a
// time: all of it at once, such as after the start, would leave neither the
// processors nor SQLite's writer to those who wait for a page.
const (
	readingQueue  = "reading"  // training models, reading comments
	countingQueue = "counting" // whatever can be computed from answers, events and invitations
)

// oneAtATime drops a job while another one with the same arguments waits or
// runs.
func oneAtATime(queue string) river.InsertOpts {
	return river.InsertOpts{Queue: queue, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateRetryable, rivertype.JobStateScheduled,
	}}}
}

// readAtOnce is how many comments are read before they are stored, in [steps].
const readAtOnce = 250

// readerVersion is part of what comments were read with: raise it when package
// themes reads the same comment in another way.
const readerVersion = "1"

// ReaderOf names what comments are read with: the themes' keywords and the
// model. A theme's name and the order do not matter to it.
func ReaderOf(list []themes.Theme, modelVersion string) string {
	hash := sha256.New()
	keywords := make(map[string][]string, len(list))
	for _, t := range list {
		keywords[t.ID] = t.Keywords
	}
	// A map of lists of texts can always be written, in the order of its keys.
	_ = json.NewEncoder(hash).Encode(keywords)
	return readerVersion + ":" + hex.EncodeToString(hash.Sum(nil)[:8]) + ":" + modelVersion
}

// errOutdated says that the themes or the model changed while comments were
// being read: the next job goes on with the new ones.
var errOutdated = errors.New("the themes or the model changed meanwhile")

// readComments reads the comments of one workspace, or of all.
func readComments(ctx context.Context, s *store.Store, only surveys.WorkspaceID) error {
	workspaces, err := s.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, w := range workspaces {
		if only != "" && w.ID != only {
			continue
		}
		if one := readWorkspace(ctx, s, w.ID); one != nil { // the others are read all the same
			err = errors.Join(err, fmt.Errorf("read the comments of workspace %s: %w", w.ID, one))
		}
	}
	return err
}

// readWorkspace reads the comments of every survey, if anybody wants themes, and
// indexes what that left out.
func readWorkspace(ctx context.Context, s *store.Store, ws surveys.WorkspaceID) error {
	list, err := s.Themes(ctx, ws)
	if err != nil {
		return err
	}
	asked, err := s.Surveys(ctx, ws)
	if err != nil {
		return err
	}
	for _, survey := range asked {
		if len(list) > 0 {
			one := readSurvey(ctx, s, survey, list)
			if one != nil && !errors.Is(one, errOutdated) {
				err = errors.Join(err, fmt.Errorf("read the comments of %s: %w", survey, one))
			}
			if errors.Is(one, errOutdated) || surveys.KindOf(one) == surveys.Unavailable {
				continue // the next job goes on: to index now what it will read is to index twice
			}
		}
		if one := indexSurvey(ctx, s, survey); one != nil {
			err = errors.Join(err, fmt.Errorf("index the comments of %s: %w", survey, one))
		}
	}
	return err
}

// readSurvey reads what is unread of a survey, and then again what another
// reader has read.
func readSurvey(ctx context.Context, s *store.Store, survey surveys.Survey, list []themes.Theme) error {
	unread, err := s.UnreadDays(ctx, survey.WorkspaceID, survey.ID)
	if err != nil {
		return err
	}
	kept, err := s.CommentReader(ctx, survey.WorkspaceID, survey.ID)
	if err != nil {
		return err
	}
	name := ReaderOf(list, kept.ModelVersion)
	if len(unread) == 0 && kept.Reader == name {
		return nil
	}
	r, err := newCommentReading(s, survey, list, kept)
	if err != nil {
		return err
	}
	if err := r.unread(ctx, unread); err != nil {
		return err
	}
	if kept.Reader == name {
		return nil
	}
	if err := r.stale(ctx); err != nil {
		return err
	}
	return r.finish(ctx)
}

// commentReading is one run over the comments of a survey.
type commentReading struct {
	store  *store.Store
	steps  *steps
	survey surveys.Survey
	themes []themes.Theme
	reader *themes.Reader
	model  string
	name   string
}

func newCommentReading(s *store.Store, survey surveys.Survey, list []themes.Theme, kept store.CommentReader) (commentReading, error) {
	matcher, err := themes.NewMatcher(list)
	if err != nil {
		return commentReading{}, fmt.Errorf("compile the themes: %w", err)
	}
	var model *themes.Model
	if len(kept.Model) > 0 {
		model = new(themes.Model)
		if err := model.UnmarshalBinary(kept.Model); err != nil {
			return commentReading{}, fmt.Errorf("load the model: %w", err)
		}
	}
	reader, err := themes.NewReader(matcher, model)
	return commentReading{store: s, steps: newSteps(s), survey: survey, themes: list, reader: reader, model: kept.ModelVersion, name: ReaderOf(list, kept.ModelVersion)}, err
}

// unread reads comments of days on which some were not read yet.
func (r commentReading) unread(ctx context.Context, days []store.UnreadDay) error {
	for len(days) > 0 {
		f := store.CommentFilter{SurveyID: r.survey.ID, Limit: readAtOnce}
		var n int64
		for len(days) > 0 && n < readAtOnce { // as many days as fill a part
			f.Days, n, days = append(f.Days, days[0].Day), n+days[0].N, days[1:]
		}
		if err := r.through(ctx, f, r.store.UnreadComments); err != nil {
			return err
		}
	}
	return nil
}

// stale reads again what another reader has read.
func (r commentReading) stale(ctx context.Context) error {
	return r.through(ctx, store.CommentFilter{SurveyID: r.survey.ID, Reader: r.name, Limit: readAtOnce}, r.store.StaleComments)
}

// through goes through a part of the comments, one transaction after the other.
func (r commentReading) through(ctx context.Context, f store.CommentFilter, list func(context.Context, surveys.WorkspaceID, store.CommentFilter) ([]surveys.Response, error)) error {
	for {
		part, err := list(ctx, r.survey.WorkspaceID, f)
		if err != nil || len(part) == 0 {
			return err
		}
		last := part[len(part)-1]
		f.After = store.Cursor{AnsweredAt: last.AnsweredAt, ID: last.ID}
		if err := r.read(ctx, part); err != nil {
			return err
		}
	}
}

// read reads some comments, before the transactions that store what was read.
func (r commentReading) read(ctx context.Context, part []surveys.Response) error {
	list := make([]store.CommentReading, len(part))
	for i, response := range part {
		list[i] = store.CommentReading{Response: response, Reading: r.reader.Read(response.Comment, response.Locale)}
	}
	return inSteps(ctx, r.steps, list, func(tx *store.Tx, part []store.CommentReading) error {
		batch := store.ReadingBatch{SurveyID: r.survey.ID, Reader: r.name, ModelVersion: r.model, List: part}
		stored, err := tx.StoreReadings(ctx, r.survey.WorkspaceID, batch)
		if err != nil {
			return err
		}
		if !stored {
			return errOutdated
		}
		return r.current(ctx, tx)
	})
}

// current reports themes that changed since the run began. Whoever changes them
// needs the lock that storing a reading holds, so that no reading of the old
// ones is stored behind their back.
func (r commentReading) current(ctx context.Context, tx *store.Tx) error {
	list, err := tx.Themes(ctx, r.survey.WorkspaceID)
	if err == nil && ReaderOf(list, r.model) != r.name {
		return errOutdated
	}
	return err
}

// finish notes that every comment was read with the same themes and model.
func (r commentReading) finish(ctx context.Context) error {
	return r.store.InTx(ctx, func(tx *store.Tx) error {
		kept, err := tx.LockCommentReader(ctx, r.survey.WorkspaceID, r.survey.ID)
		if err != nil {
			return err
		}
		if kept.ModelVersion != r.model {
			return errOutdated
		}
		if err := r.current(ctx, tx); err != nil {
			return err
		}
		// What another run stored with themes that changed under its hands is left
		// for the next one.
		left, err := tx.StaleComments(ctx, r.survey.WorkspaceID, store.CommentFilter{SurveyID: r.survey.ID, Reader: r.name, Limit: 1})
		if err != nil || len(left) > 0 {
			return err
		}
		kept.Reader = r.name
		return tx.SaveCommentReader(ctx, r.survey.WorkspaceID, kept)
	})
}

// patiently makes a worker of a function that may take longer than the minute
// that other jobs get: it stores what it has in small steps.
func patiently[T river.JobArgs](finished Finished, do func(context.Context, T) error) river.Worker[T] {
	return patient[T]{Worker: work(finished, do)}
}

type patient[T river.JobArgs] struct{ river.Worker[T] }

// patience is how long such a job may take.
const patience = time.Hour

// Timeout leaves the end to Work: the queue would take a job whose process died for
// one that runs until then.
func (patient[T]) Timeout(*river.Job[T]) time.Duration { return -1 }

// Work lets the job take an hour.
func (p patient[T]) Work(ctx context.Context, job *river.Job[T]) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return p.Worker.Work(ctx, job)
}
